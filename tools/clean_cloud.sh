#!/bin/bash
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

# `make clean-cloud`: removes what `make cloud` made, and nothing else. First the cloud's resources, through the engine,
# which touches only libvirt objects that carry its mark; then what `make cloud` noted that it was going to make.
set -euo pipefail
# shellcheck source=tools/bootstrap.sh
source "$(dirname "$0")/bootstrap.sh"

steps=3
started_libvirtd=/run/cairn-node-started-libvirtd
bridges_before=/var/lib/cairn-node/bridges-before.conf

# Ends a daemon that role node started, if the process is still that daemon.
stop_daemon() {
    local name=$1 pid_file=/run/$1.pid pid
    [[ -e $pid_file ]] || return 0
    pid=$(<"$pid_file")
    if [[ $(cat "/proc/$pid/comm" 2>/dev/null) == "$name" ]]; then
        kill "$pid"
    fi
}

stop_libvirt() {
    local running
    [[ -e $started_libvirtd ]] || return 0
    running=$(virsh --connect qemu:///system list --name) || return 0
    if [[ -n ${running//[[:space:]]/} ]]; then
        printf '      libvirtd stays, since instances run on it that are not of this cloud: %s\n' "${running//$'\n'/ }"
        return
    fi
    stop_daemon libvirtd
    stop_daemon virtlogd
    rm -f "$started_libvirtd"
}

noted() {
    grep --quiet --no-messages --line-regexp --fixed-strings "$1" "$record"
}

# Has the roles take away what they have started, if `make cloud` had them start it.
stop_services() {
    if noted 'snapshots'; then
        play_quietly --tags snapshots --skip-tags probe --extra-vars '{"management_snapshots": false}'
    fi
    if noted 'path /usr/local/lib/cairn-metadata'; then
        play_quietly --tags metadata --skip-tags probe,management,guest_image --extra-vars node_metadata=disabled
    fi
    if noted 'path /etc/libvirt/hooks/network.d/cairn-metadata'; then
        play_quietly --tags forward --skip-tags probe,management,guest_image \
            --extra-vars '{"node_block_foreign_metadata": false}'
    fi
}

play_quietly() {
    quietly play --inventory inventories/single/hosts.yml playbooks/site.yml "$@"
}

# Puts back how bridges showed their packets to filters before role node changed that, if it did.
restore_bridges() {
    if noted "path ${bridges_before%/*}" && [[ -e $bridges_before ]]; then
        sysctl --quiet --load "$bridges_before" || printf '      what %s says could not be put back\n' "$bridges_before"
    fi
}

remove_block() {
    [[ -e $1 ]] || return 0
    sed --in-place "/^# BEGIN $block\$/,/^# END $block\$/d" "$1"
}

remove_noted() {
    local line what name noted=()
    if [[ ! -e $record ]]; then
        printf '      make cloud noted nothing in %s, so nothing is removed there\n' "$record"
        return
    fi
    mapfile -t noted <"$record"
    for line in "${noted[@]}"; do
        read -r what name <<<"$line"
        case $what in
        path)
            # The record is in there; what is cut short is to be taken up again.
            [[ $name != "${record%/*}" ]] || continue
            rm -rf --one-file-system "$name"
            printf '      removed %s\n' "$name"
            ;;
        block) remove_block "$name" ;;
        snapshots) ;;
        *) die "this line of $record is not understood: $line" ;;
        esac
    done
    rm "$record"
    if [[ " ${noted[*]} " == *" path ${record%/*} "* ]]; then
        rm -rf --one-file-system "${record%/*}"
        printf '      removed %s\n' "${record%/*}"
    fi
    rmdir --ignore-fail-on-non-empty "$HOME/.cache/cairn" /etc/libvirt/hooks/network.d 2>/dev/null || true
}

check_machine
check_cloud
begin 'The instances, disks, networks and everything else of the cloud'
if [[ -e $record ]]; then
    install_system_packages
    make_venv
    install_collection
    stop_services
fi
if [[ -e $config ]]; then
    play_in_cloud playbooks/clean.yml ||
        die 'the cloud could not be removed, so all else stays too; see above, and run this again.'
else
    printf '      there is no cloud: no %s\n' "$config"
fi

begin 'libvirtd, if role node started it'
stop_libvirt

begin 'Files of the cloud, the Python environment, and what was built'
restore_bridges
remove_noted
rm -rf "$artefacts" "$collections" "$log"
rmdir --ignore-fail-on-non-empty "$top/build" 2>/dev/null || true
printf 'What stays: the Debian packages, and all that libvirt has of others.\n'
