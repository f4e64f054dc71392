# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""What is done within guests, through QEMU's guest agent.

https://www.qemu.org/docs/master/interop/qemu-ga-ref.html
"""

from __future__ import annotations

import time
import typing as t
from collections.abc import Sequence

import libvirt

from ..._core.keys import fingerprint
from ..._core.world import Access, DomainShape
from .domains import Domains, carry
from .session import RUN, Session

_POLL = 0.5
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

    def _await_agent(self, domain: t.Any, timeout: int) -> None:
        deadline = time.monotonic() + timeout
        while not _answers(domain):
            if time.monotonic() >= deadline:
                raise self._session.error(f"domain '{domain.name()}'", _SILENT)
            time.sleep(_POLL)


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
