#!/usr/bin/env bash
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

# PID 1 of a private libvirt host (see private_libvirt.py), in its own mount, network, PID, IPC and host name namespaces.
# It puts the host's directories over the machine's own, starts the daemons, says "ready", and lives until its standard
# input ends: when the test process closes the pipe or dies, everything in the namespaces ends with it.
set -euo pipefail
workdir=$1

hostname "$(basename "$workdir")"
mount --bind "$workdir/run" /run
mkdir -p /run/lock
mount --bind "$workdir/etc" /etc/libvirt
for part in lib cache log; do
    mount --bind "$workdir/$part" "/var/$part/libvirt"
done
mount -t sysfs sysfs /sys
mount -t tmpfs tmpfs /sys/fs/cgroup
ip link set lo up
cp -r /usr/share/libvirt/nwfilter /etc/libvirt/

virtlogd --daemon
libvirtd --daemon
echo ready

# bash reaps the orphans of the namespace while it waits here, as PID 1 must.
read -r _ || exit 0
