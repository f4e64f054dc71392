# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""A guest's serial console (https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainOpenConsole).

libvirt's streams are fed by its event loop, which is of a process and must stand before a connection is opened; so
the console has a connection of its own.
"""

from __future__ import annotations

import os
import typing as t

import libvirt

from .session import Session

_PIECE = 4096
_READABLE = libvirt.VIR_EVENT_HANDLE_READABLE
_STREAM = (
    libvirt.VIR_STREAM_EVENT_READABLE
    | libvirt.VIR_STREAM_EVENT_WRITABLE
    | libvirt.VIR_STREAM_EVENT_ERROR
    | libvirt.VIR_STREAM_EVENT_HANGUP
)
_BUSY = -2  # what a stream that does not wait answers instead of waiting


def connect(session: Session, domain_id: str, source: int, sink: int, leave: bytes) -> None:
    """Hand over what is typed into ``source`` to the guest, and what it prints to ``sink``, until ``leave`` is typed,
    the source ends or the guest stops."""
    libvirt.virEventRegisterDefaultImpl()
    connection = libvirt.open(session.url)
    try:
        _Console(connection, domain_id, source, sink, leave).run()
    finally:
        connection.close()


class _Console:
    def __init__(self, connection: t.Any, domain_id: str, source: int, sink: int, leave: bytes) -> None:
        self._source, self._sink, self._leave = source, sink, leave
        self._typed, self._open = b"", True
        self._stream = connection.newStream(libvirt.VIR_STREAM_NONBLOCK)
        connection.lookupByUUIDString(domain_id).openConsole(None, self._stream, libvirt.VIR_DOMAIN_CONSOLE_SAFE)

    def run(self) -> None:
        keyboard = libvirt.virEventAddHandle(self._source, _READABLE, self._read, None)
        # Without it, a loop that nothing happens in would not end.
        pulse = libvirt.virEventAddTimeout(200, lambda _timer, _opaque: None, None)
        self._stream.eventAddCallback(_STREAM & ~libvirt.VIR_STREAM_EVENT_WRITABLE, self._moved, None)
        try:
            while self._open:
                libvirt.virEventRunDefaultImpl()
        finally:
            libvirt.virEventRemoveHandle(keyboard)
            libvirt.virEventRemoveTimeout(pulse)
            self._stream.eventRemoveCallback()
            self._stream.abort()

    def _read(self, _watch: int, _file: int, _events: int, _opaque: None) -> None:
        piece = os.read(self._source, _PIECE)
        before, left, _rest = piece.partition(self._leave)
        self._typed += before
        if left or not piece:
            self._open = False
        self._send()

    def _moved(self, _stream: t.Any, events: int, _opaque: None) -> None:
        if events & libvirt.VIR_STREAM_EVENT_READABLE:
            self._receive()
        if events & libvirt.VIR_STREAM_EVENT_WRITABLE:
            self._send()
        if events & (libvirt.VIR_STREAM_EVENT_ERROR | libvirt.VIR_STREAM_EVENT_HANGUP):
            self._open = False

    def _receive(self) -> None:
        try:
            piece = self._stream.recv(_PIECE)
        except libvirt.libvirtError:
            piece = b""
        if piece == _BUSY:
            return
        if not piece:
            self._open = False
        while piece:
            piece = piece[os.write(self._sink, piece) :]

    def _send(self) -> None:
        """Send what was typed; what does not go through now is sent when the stream takes it."""
        try:
            while self._typed:
                sent = self._stream.send(self._typed)
                if sent < 0:
                    break
                self._typed = self._typed[sent:]
        except libvirt.libvirtError:
            self._open = False
            return
        writable = libvirt.VIR_STREAM_EVENT_WRITABLE if self._typed else 0
        self._stream.eventUpdateCallback(_STREAM & ~libvirt.VIR_STREAM_EVENT_WRITABLE | writable)
