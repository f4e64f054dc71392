# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""What the URL of a host says, and what it may say where others than this machine's own users name hosts.

Whoever opens a host by libvirt lets the URL name files and programs of the machine that opens it
(https://libvirt.org/uri.html, "Extra parameters"): keys, sockets, a program to run instead of ssh; ``name`` is another
URL, which the other side opens; ``no_verify`` trusts anybody who answers.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from ...module_utils._schema.formats import libvirt_parameters

# Parameters that neither name anything of the machine nor weaken how the host is known.
HARMLESS = {"qemu": ("mode", "no_tty", "proxy"), "test": ("cpus", "memory")}
# The places of libvirt that hosts are at; others name files (qemu:///embed?root=/path, test:///path).
_PLACES = {"qemu": "/system", "test": "/default"}


def node_file(url: str) -> str | None:
    """The file that a simulated host is kept in; None for another host: ``test:///default`` is libvirt's own."""
    parts = urlsplit(url)
    kept = parts.scheme == "test" and not parts.netloc and parts.path not in ("", "/", "/default")
    return parts.path if kept else None


def simulated(url: str) -> bool:
    """Whether libvirt itself plays the host, within the process that opens it (https://libvirt.org/drvtest.html)."""
    return url.partition(":")[0] == "test"


def objection(url: str) -> str | None:
    """Why a host may not be opened by this URL for somebody who is not a user of this machine, with the remedy; None
    where it may. The file of a simulated host is not judged."""
    parts = urlsplit(url)
    scheme = parts.scheme.partition("+")[0]
    if scheme not in HARMLESS:
        return "it is no host of the cloud's; write it like qemu+tls://host/system"
    for name, _value in libvirt_parameters(parts.query):
        if name not in HARMLESS[scheme]:
            known = " or ".join(HARMLESS[scheme])
            return f"its parameter '{name:.30}' is not for callers of a daemon; use {known} alone"
    if parts.fragment or (parts.path != _PLACES[scheme] and node_file(url) is None):
        return f"callers of a daemon name hosts that end in {_PLACES[scheme]}; write it like qemu+tls://host/system"
    return None
