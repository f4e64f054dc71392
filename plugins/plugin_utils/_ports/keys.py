# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""What the cloud asks of cryptography: SSH keys, keys of VPNs, and keys of its own API."""

from __future__ import annotations

import typing as t


class Keys(t.Protocol):
    def generate(self) -> tuple[str, str]:
        """A new key pair: the private key in OpenSSH's format, and the public key as one line."""

    def exchange(self) -> tuple[str, str]:
        """A new key pair of a VPN: the private and the public key, as WireGuard writes them."""

    def token(self) -> str:
        """A new API key: 256 random bits, as text."""

    def fingerprint(self, public_key: str) -> str:
        """``SHA256:...`` of a public key's line. Raises ValueError when it is not a key."""
