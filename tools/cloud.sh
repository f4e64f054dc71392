#!/bin/bash
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

# `make cloud`: makes a Debian 12 machine, with or without systemd, a cloud, and says so step by step. Running it again
# does only what is still missing.
set -euo pipefail
# shellcheck source=tools/bootstrap.sh
source "$(dirname "$0")/bootstrap.sh"

steps=6
gib_for_state=5
gib_for_build=1

free_gib() {
    printf '%d' $(($(stat --file-system --format='%a * %S' "$1") / 1024 ** 3))
}

check_room() {
    local free
    free=$(free_gib /var/lib)
    ((free >= gib_for_state)) || die "images and disks want $gib_for_state GiB in /var/lib, and $free are free."
    free=$(free_gib "$top")
    ((free >= gib_for_build)) || die "the Python environment wants $gib_for_build GiB in $top, and $free are free."
}

# Notes, for clean-cloud, a path that this run is going to make.
note_path() {
    [[ -e $1 ]] || note "path $1"
}

# Notes, for clean-cloud, a file into which role node is going to put a block.
note_block() {
    grep --quiet --no-messages "$block" "$1" || note "block $1"
}

# Notes, for clean-cloud, that role management is going to have snapshots taken regularly.
note_snapshots() {
    local file
    for file in /etc/systemd/system/cairn-snapshots.timer /etc/cron.d/cairn-snapshots; do
        [[ ! -e $file ]] || return 0
    done
    note 'snapshots'
}

note() {
    if [[ ! -e /var/lib/cairn ]]; then
        install --directory --mode=0711 /var/lib/cairn
        printf 'path /var/lib/cairn\n' >"$record"
    fi
    grep --quiet --no-messages --line-regexp --fixed-strings "$1" "$record" || printf '%s\n' "$1" >>"$record"
}

check_machine
check_cloud
check_room
# Snapshots by policy are taken by root, with what lies here: only where nobody else can change that.
snapshots=true
[[ $(stat --format=%u "$top" "$top"/* | sort --unique) == 0 ]] || snapshots=false
rm -f "$log"

begin 'Debian packages that the Python environment is built with (half a minute, the first time)'
install_system_packages

begin "Python environment in $venv (a minute, the first time)"
note_path "$venv"
make_venv

begin 'The collection, built and installed into build/collections (seconds)'
install_collection

begin 'This machine: hypervisor, management, a guest image (a few minutes, the first time)'
note_path /var/lib/cairn
note_path /etc/cairn
note_path /usr/local/lib/cairn
note_path /usr/local/bin/cairn
note_path /usr/local/lib/cairn-metadata
note_path /etc/libvirt/hooks/network.d/cairn-metadata
note_path /var/lib/cairn-node
note_path /etc/libvirt/hooks/network.d/cairn-vxlan
note_path /etc/modules-load.d/cairn-node.conf
note_path /etc/sysctl.d/90-cairn-node.conf
[[ $snapshots == false ]] || note_snapshots
note_path "$HOME/.cache/cairn/images"
note_path "$HOME/.ssh/cairn_ed25519"
note_path "$HOME/.ssh/cairn_ed25519.pub"
note_block /etc/libvirt/qemu.conf
note_block /etc/libvirt/libvirtd.conf
play --inventory inventories/single/hosts.yml playbooks/site.yml --extra-vars "{\"management_snapshots\": $snapshots}"

begin 'The cloud that inventories/single/cloud describes (a minute; longer without KVM)'
play_in_cloud playbooks/demo.yml

begin "Done, in $((SECONDS / 60)) min $((SECONDS % 60)) s"
[[ $venv == "$top"/* ]] && venv=${venv#"$top"/}
[[ $snapshots == true ]] ||
    printf 'Snapshots by policy are not taken regularly, since this directory is not only of root.\n'
cat <<END
What you may do next:
  . $venv/bin/activate
  ansible-playbook playbooks/demo.yml --check --diff   # what would change, after you edited inventories/single/cloud
  ansible-playbook playbooks/demo.yml                  # change it
  ansible-inventory --graph                            # the instances, as an inventory
  cairn list instance                                  # or as a table; cairn --help says more
  ssh -i ~/.ssh/cairn_ed25519 debian@ADDRESS           # into an instance, by its address above
  make clean-cloud                                     # remove it all
END
