# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Answer one request of a guest to http://169.254.169.254/, on the connection that is the standard input.

Started for each connection by systemd or inetd, as root. Who asks is looked up first, by what the kernel and libvirt
know and without a byte of the request. Then all rights are given up, and only then is the request read.
"""

from __future__ import annotations

import os
import pwd
import signal
import socket
import sys
import syslog
import time
from pathlib import Path

import answer
import libvirt
import port
import request
from guest import Guest
from host import Host

# Seconds for all of a connection, and for a guest to go on with it.
WHOLE_LIMIT, SILENCE_LIMIT = 20, 5
UNPRIVILEGED = "nobody"


def main() -> int:
    signal.alarm(WHOLE_LIMIT)  # ends the process, without a word to the guest
    try:
        connection = socket.socket(fileno=os.dup(0))
        address, _port = connection.getpeername()
    except (OSError, ValueError):
        print("cairn-metadata answers a TCP connection over IPv4 on its standard input", file=sys.stderr)
        return 2
    # inetd gives the connection for errors too: none is for the guest.
    with open(os.devnull, "r+") as nothing:
        for stream in (0, 1, 2):
            os.dup2(nothing.fileno(), stream)
    syslog.openlog("cairn-metadata", facility=syslog.LOG_DAEMON)
    trouble, guest = False, None
    try:
        guest, key = find(address), signing_key()
    except Exception as error:
        syslog.syslog(syslog.LOG_ERR, f"cannot tell who asks from {address}: {type(error).__name__}: {error}")
        trouble, key = True, b""
    drop_rights()
    connection.settimeout(SILENCE_LIMIT)
    try:
        serve(connection, guest, key, trouble)
    except OSError:
        return 0  # the guest went away
    except Exception as error:
        syslog.syslog(syslog.LOG_ERR, f"cannot answer {address}: {type(error).__name__}")
        return 1
    return 0


def find(address: str) -> Guest | None:
    """The guest that has the address, when exactly one may have it."""
    libvirt.registerErrorHandler(lambda *_about: None, None)
    connection = libvirt.openReadOnly("qemu:///system")
    try:
        host = Host(connection)
        found = [guest for place in port.places(address) if (guest := host.guest_at(place, address))]
    finally:
        connection.close()
    return found[0] if len(found) == 1 else None


def signing_key() -> bytes:
    """A number that the kernel makes anew at each start of the machine."""
    return Path("/proc/sys/kernel/random/boot_id").read_bytes()


def drop_rights() -> None:
    user = pwd.getpwnam(UNPRIVILEGED)
    if os.getuid() == 0:
        os.setgroups([])
        os.setresgid(user.pw_gid, user.pw_gid, user.pw_gid)
        os.setresuid(user.pw_uid, user.pw_uid, user.pw_uid)


def serve(connection: socket.socket, guest: Guest | None, key: bytes, trouble: bool) -> None:
    now, asked = time.time(), None
    try:
        asked = request.parse(receive(connection))
        reply = answer.refuse(503) if trouble else answer.answer(asked, guest, key, now)
    except request.Refusal as refusal:
        reply = answer.refuse(refusal.status)
    except TimeoutError:
        reply = answer.refuse(408)
    bodiless = asked is not None and asked.method == "HEAD"
    connection.sendall(reply.to_bytes(now, bodiless=bodiless))
    # What is unread when a connection is closed makes the kernel reset it, and the answer may be lost.
    connection.shutdown(socket.SHUT_WR)
    for _turn in range(8):
        if not connection.recv(request.LIMIT):
            break


def receive(connection: socket.socket) -> bytes:
    received = b""
    while not request.is_whole(received):
        more = connection.recv(request.LIMIT)
        if not more:
            break
        received += more
    return received


if __name__ == "__main__":
    raise SystemExit(main())
