# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""What is done within guests, through QEMU's guest agent.

https://www.qemu.org/docs/master/interop/qemu-ga-ref.html
"""

from __future__ import annotations

import base64
import io
import json
import tarfile
import time
import typing as t
from collections.abc import Mapping, Sequence

import libvirt
import libvirt_qemu

from ..._core.keys import fingerprint
from ..._core.world import Access, Configuration, DomainShape, Ran
from . import domain_xml
from .domains import Domains, carry
from .session import RUN, Session

_POLL = 0.5
# How often it is asked whether a program has ended, in seconds: at first, and at last, for those that take their time.
_EXEC_POLL, _EXEC_POLL_MOST = 0.01, 0.25
_EXEC_TIMEOUT = 60  # seconds that a router takes at most, loaded hosts included
# The program of a router's image that takes a whole configuration; role router_image brings it.
_CONFIGURE = "/usr/sbin/configure"
# Seconds: what a busy guest takes to read some megabytes, or to be read from.
_PATIENCE = 60
# Bytes that a program is given in one call. An agent that gets some hundred thousand hangs; what is longer goes through
# a file, which is gone as soon as the program has it open.
_PIECE = 1 << 16
_APPEND = ("sh", "-c", 'cat >> "$1"', "sh")
_WITH_INPUT = ("sh", "-c", 'exec 3< "$1"; rm -f -- "$1"; shift; exec "$@" <&3 3<&-', "sh")
# What root has when it logs in; the agent itself has less.
_ENVIRONMENT = (
    "HOME=/root",
    "LANG=C.UTF-8",
    "LOGNAME=root",
    "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "USER=root",
)
_UNANSWERED = (
    libvirt.VIR_ERR_AGENT_UNRESPONSIVE,
    libvirt.VIR_ERR_AGENT_UNSYNCED,
)
_LENGTHY = "the command says more than an agent tells, some 3 MB; have it write to a file"
_SILENT = "the guest's agent does not answer; install qemu-guest-agent in it, or start it when it has stopped"


class Guests:
    """The verbs of the port that need the guest's help."""

    def __init__(self, session: Session, domains: Domains) -> None:
        self._session, self._domains = session, domains

    def let_in(self, shape: DomainShape, access: Access, keys: Sequence[str], timeout: int) -> None:
        domain = self._domains.get(shape.id)
        with self._session.about(f"domain '{domain.name()}', user {access.user}"):
            if self._session.can(RUN):
                self._await_agent(domain, timeout)
                _set_keys(domain, access, keys)
                if access.password:
                    domain.setUserPassword(access.user, access.password, 0)
            carry(domain, shape)

    def configure(self, domain_id: str, configuration: Configuration, timeout: int) -> None:
        domain = self._domains.get(domain_id)
        with self._session.about(f"router '{domain.name()}'"):
            if self._session.can(RUN):
                self._await_agent(domain, timeout)
                self._configure(domain, archive(configuration.files))
            note_configured(domain, configuration.digest)

    def command(self, domain_id: str, argv: Sequence[str], given: bytes, timeout: int) -> Ran:
        domain = self._domains.get(domain_id)
        name = f"domain '{domain.name()}'"
        with self._session.about(f"{name}, command"):
            if not self._session.can(RUN):
                raise self._session.error(name, "a simulated host's guests run no commands; use a real host")
            try:
                ran = _run(domain, argv, given, timeout)
            except libvirt.libvirtError as error:
                if error.get_error_code() in _UNANSWERED:
                    raise self._session.error(name, _SILENT) from error
                if error.get_error_code() == libvirt.VIR_ERR_RPC:
                    raise self._session.error(name, _LENGTHY) from error
                raise
        if ran is None:
            raise self._session.error(name, f"the command goes on after {timeout} seconds; give it a longer timeout")
        return ran

    def _configure(self, domain: t.Any, given: bytes) -> None:
        """Raises DriverError where the router does not take it."""
        name = f"router '{domain.name()}'"
        ran = _run(domain, [_CONFIGURE], given, _EXEC_TIMEOUT)
        if ran is None:
            raise self._session.error(name, f"{_CONFIGURE} does not end; restart the router")
        if ran.code:
            said = ran.err.decode(errors="replace").strip() or "without a word"
            raise self._session.error(name, f"it refuses its configuration: {said}; recreate it from a newer image")

    def _await_agent(self, domain: t.Any, timeout: int) -> None:
        deadline = time.monotonic() + timeout
        while not _answers(domain):
            if time.monotonic() >= deadline:
                raise self._session.error(f"domain '{domain.name()}'", _SILENT)
            time.sleep(_POLL)


def _run(domain: t.Any, argv: Sequence[str], given: bytes, timeout: int) -> Ran | None:
    """What came of a program; None where it has not ended after ``timeout`` seconds."""
    if len(given) <= _PIECE:
        return _run_once(domain, argv, given, timeout)
    made = _run_once(domain, ["mktemp"], b"", _EXEC_TIMEOUT)
    path = made.out.decode().strip() if made else ""
    for start in range(0, len(given), _PIECE):
        wrote = made and _run_once(domain, [*_APPEND, path], given[start : start + _PIECE], _EXEC_TIMEOUT)
        if not wrote or wrote.code:
            return wrote
    return _run_once(domain, [*_WITH_INPUT, path, *argv], b"", timeout)


def _run_once(domain: t.Any, argv: Sequence[str], given: bytes, timeout: int) -> Ran | None:
    told = {
        "path": argv[0],
        "arg": [*argv[1:]],
        "env": [*_ENVIRONMENT],
        "input-data": base64.b64encode(given).decode(),
        "capture-output": True,
    }
    number = _ask(domain, "guest-exec", told)["pid"]
    deadline, pause = time.monotonic() + timeout, _EXEC_POLL
    while not (state := _ask(domain, "guest-exec-status", {"pid": number}))["exited"]:
        if timeout and time.monotonic() > deadline:
            return None
        time.sleep(pause)
        pause = min(2 * pause, _EXEC_POLL_MOST)
    # A program that a signal ended has that instead, and is told of as shells do.
    code = state.get("exitcode", 128 + state.get("signal", 0))
    out, err = (base64.b64decode(state.get(name, "")) for name in ("out-data", "err-data"))
    return Ran(code, out, err)


def _ask(domain: t.Any, command: str, arguments: Mapping[str, t.Any]) -> dict[str, t.Any]:
    """https://libvirt.org/html/libvirt-libvirt-qemu.html#virDomainQemuAgentCommand"""
    text = json.dumps({"execute": command, "arguments": arguments})
    answer: dict[str, t.Any] = json.loads(libvirt_qemu.qemuAgentCommand(domain, text, _PATIENCE, 0))["return"]
    return answer


def archive(files: Mapping[str, str]) -> bytes:
    """Files as one archive, in order and without times, so that the same files make the same."""
    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode="w", format=tarfile.USTAR_FORMAT) as made:
        for name, text in sorted(files.items()):
            content = text.encode()
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            made.addfile(entry, io.BytesIO(content))
    return whole.getvalue()


def _answers(domain: t.Any) -> bool:
    """Whether the agent is there; asking for the time is what every agent knows."""
    try:
        domain.getTime()
    except libvirt.libvirtError as error:
        if error.get_error_code() in (libvirt.VIR_ERR_AGENT_UNRESPONSIVE, libvirt.VIR_ERR_AGENT_UNSYNCED):
            return False
        raise
    return True


def _set_keys(domain: t.Any, access: Access, gone: Sequence[str]) -> None:
    there = _keys(domain, access.user)
    known = {fingerprint(line) for line in there}
    old = [line for line in there if fingerprint(line) in gone]
    new = [key for key in access.keys if fingerprint(key) not in known]
    # What lets in goes first, so that a call which is cut short locks nobody out.
    if new:
        domain.authorizedSSHKeysSet(access.user, new, libvirt.VIR_DOMAIN_AUTHORIZED_SSH_KEYS_SET_APPEND)
    if old:
        domain.authorizedSSHKeysSet(access.user, old, libvirt.VIR_DOMAIN_AUTHORIZED_SSH_KEYS_SET_REMOVE)


def _keys(domain: t.Any, user: str) -> list[str]:
    """The lines of the user's file; the agent fails where there is no file yet."""
    try:
        return list(domain.authorizedSSHKeysGet(user))
    except libvirt.libvirtError as error:
        if "authorized_keys" in str(error) or "No such file" in str(error):
            return []
        raise


def note_configured(domain: t.Any, digest: str) -> None:
    """Note on a running domain what it was given, by its digest; its definition says nothing of that."""
    domain.setMetadata(
        libvirt.VIR_DOMAIN_METADATA_ELEMENT,
        domain_xml.configured_by(digest),
        "configured",
        domain_xml.CONFIGURED,
        libvirt.VIR_DOMAIN_AFFECT_LIVE,
    )
