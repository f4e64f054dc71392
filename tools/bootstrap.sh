# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

# What `make cloud` and `make clean-cloud` have in common: to be sourced, not run. It ends in an environment that Ansible
# and the engine run in, and the collection, built and installed, that they run.
#
# shellcheck shell=bash
# shellcheck disable=SC2034 # variables are for the scripts that source this

cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit
top=$PWD

log=$top/build/cloud.log
artefacts=$top/build/artefacts
collections=$top/build/collections
# What did not exist before `make cloud`, and so may be removed: lines of "path NAME" and "block NAME".
record=/var/lib/cairn/made-by-make-cloud
config=/etc/cairn/cairn.yml
block='cairn.cloud role node'

venv=$(realpath --canonicalize-missing "${VENV:-${VIRTUAL_ENV:-.venv}}")
system_packages=(ca-certificates gcc libvirt-dev pkg-config python3-apt python3-dev python3-venv)
python_minimum=3.11

export ANSIBLE_CONFIG=$top/ansible.cfg
export ANSIBLE_COLLECTIONS_PATH=$collections
export HOME=${HOME:-/root}
# Both commands concern the cloud of this machine only, and not one that the caller otherwise works with.
unset "${!CAIRN_@}"
# Ansible wants UTF-8; a bare machine speaks no language at all.
[[ $(locale charmap 2>/dev/null) == UTF-8 ]] || export LC_ALL=C.UTF-8

die() {
    printf 'make: %s\n' "$*" >&2
    exit 1
}

# The script that sources this says of how many steps it consists.
step=0
begin() {
    step=$((step + 1))
    printf '[%d/%d] %s\n' "$step" "${steps:?}" "$*"
}

# Runs a command that talks too much; what it said is shown when it fails.
quietly() {
    mkdir -p "$(dirname "$log")"
    printf '\n$ %s\n' "$*" >>"$log"
    if ! "$@" >>"$log" 2>&1; then
        printf '\n' >&2
        tail --lines=25 "$log" >&2
        die "this failed: $* (all of it is in $log)"
    fi
}

check_machine() {
    [[ $EUID -eq 0 ]] || die 'become root first (su -, or sudo make ...): packages, libvirt and /var/lib/cairn are at stake.'
    local distribution
    distribution=$(. /etc/os-release && printf '%s %s' "$ID" "${VERSION_ID:-}")
    [[ $distribution == 'debian 12' ]] || die "a Debian 12 machine is needed, and this is $distribution."
    [[ $(uname -m) == x86_64 ]] || die "an x86_64 machine is needed, and this is $(uname -m)."
    # It would be packed into the collection.
    [[ $venv != "$top"/* || $venv == "$top"/.venv || $venv == "$top"/build/* ]] ||
        die "VENV may not be in this directory, unless it is .venv: $venv"
}

# The example cloud is applied with pruning, and clean-cloud prunes all: neither may happen to somebody's own cloud.
check_cloud() {
    [[ ! -e $config ]] || grep --quiet --no-messages --line-regexp "path ${config%/*}" "$record" ||
        die "there is a cloud that \`make cloud\` did not make ($config); use the playbooks for it."
}

install_system_packages() {
    local package missing=()
    for package in "${system_packages[@]}"; do
        [[ $(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null) == installed ]] ||
            missing+=("$package")
    done
    ((${#missing[@]})) || return 0
    quietly apt-get update
    DEBIAN_FRONTEND=noninteractive quietly apt-get install --yes --no-install-recommends "${missing[@]}"
}

check_python() {
    "$1" -c "import sys; sys.exit(sys.version_info < tuple(map(int, '$python_minimum'.split('.'))))" ||
        die "Python $python_minimum or newer is needed, and $1 is $("$1" --version); set BOOTSTRAP_PYTHON or VENV."
}

make_venv() {
    local python=$venv/bin/python wanted stamp=$venv/.requirements.sha256
    if [[ ! -x $python ]]; then
        check_python "${BOOTSTRAP_PYTHON:-python3}"
        quietly "${BOOTSTRAP_PYTHON:-python3}" -m venv "$venv"
    fi
    check_python "$python"
    wanted=$(sha256sum <requirements.txt)
    if [[ ! -e $stamp || $(<"$stamp") != "$wanted" ]]; then
        quietly "$python" -m pip install --disable-pip-version-check --requirement requirements.txt
        printf '%s\n' "$wanted" >"$stamp"
    fi
}

# One hash over the names and contents of what goes into the collection.
hash_sources() {
    find . -mindepth 1 \( -path './.*' -o -path ./build -o -path ./tests -o -path ./molecule -o -name __pycache__ \) -prune \
        -o -type f ! -name '*.tar.gz' -print0 | sort --zero-terminated | xargs --null sha256sum | sha256sum
}

install_collection() {
    local sources stamp=$collections/.sources.sha256 built
    sources=$(hash_sources)
    if [[ -e $stamp && $(<"$stamp") == "$sources" ]]; then
        return
    fi
    rm -rf "$artefacts"
    mkdir -p "$artefacts" "$collections"
    quietly "$venv/bin/ansible-galaxy" collection build --force --output-path "$artefacts" "$top"
    built=("$artefacts"/cairn-cloud-*.tar.gz)
    quietly "$venv/bin/ansible-galaxy" collection install --offline --no-deps --force \
        --collections-path "$collections" "${built[0]}"
    printf '%s\n' "$sources" >"$stamp"
}

play() {
    "$venv/bin/ansible-playbook" "$@"
}

play_in_cloud() {
    CAIRN_CONFIG=$config play --inventory inventories/single "$@"
}
