# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""SSH key pairs and fingerprints, as OpenSSH writes them, key pairs of VPNs, and random API keys."""

from __future__ import annotations

import base64
import hashlib
import secrets
import typing as t


class OpenSshKeys:
    """Implements the port ``Keys``."""

    def generate(self) -> tuple[str, str]:
        return generate()

    def exchange(self) -> tuple[str, str]:
        return exchange()

    def token(self) -> str:
        return token()

    def fingerprint(self, public_key: str) -> str:
        return fingerprint(public_key)


def generate() -> tuple[str, str]:
    """A new Ed25519 key pair: the private key in OpenSSH's format, and the public key as one line."""
    from cryptography.hazmat.primitives import serialization as form
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = Ed25519PrivateKey.generate()
    private = key.private_bytes(form.Encoding.PEM, form.PrivateFormat.OpenSSH, form.NoEncryption())
    public = key.public_key().public_bytes(form.Encoding.OpenSSH, form.PublicFormat.OpenSSH)
    return private.decode("ascii"), public.decode("ascii")


def exchange() -> tuple[str, str]:
    """A new X25519 key pair: the private and the public key, each 32 bytes in base64, as wg(8) writes them."""
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    key = X25519PrivateKey.generate()
    pair = key.private_bytes_raw(), key.public_key().public_bytes_raw()
    private, public = (base64.b64encode(one).decode("ascii") for one in pair)
    return private, public


def token() -> str:
    """A new API key: 256 random bits, as text."""
    return f"cairn_{secrets.token_urlsafe(32)}"


def fingerprint(public_line: str) -> str:
    """``SHA256:...`` of a public key's line, as ``ssh-keygen -l`` prints it. Raises ValueError for a broken key."""
    words = public_line.split()
    if len(words) < 2:
        raise ValueError("it is not an SSH public key; give one line like 'ssh-ed25519 AAAA... comment'")
    algorithm, encoded = words[:2]
    try:
        blob = base64.b64decode(encoded, validate=True)
        strings = list(_strings(blob))
    except ValueError:
        raise ValueError(_broken(algorithm)) from None
    if len(strings) < 2 or strings[0] != algorithm.encode():
        raise ValueError(_broken(algorithm))
    _load(algorithm, encoded)
    digest = base64.b64encode(hashlib.sha256(blob).digest()).decode("ascii")
    return f"SHA256:{digest.rstrip('=')}"


def _broken(algorithm: str) -> str:
    return f"it is not a whole {algorithm} key; copy the line of the .pub file again"


def _strings(blob: bytes) -> t.Iterator[bytes]:
    """The strings that a key consists of (RFC 4251, section 5)."""
    while blob:
        length, rest = int.from_bytes(blob[:4]), blob[4:]
        if length > len(rest):
            raise ValueError("cut off")
        yield rest[:length]
        blob = rest[length:]


def _load(algorithm: str, encoded: str) -> None:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_ssh_public_key

    try:
        load_ssh_public_key(f"{algorithm} {encoded}".encode())
    except UnsupportedAlgorithm:
        # OpenSSH knows sorts of keys (those of hardware tokens) that this library does not.
        return
    except ValueError:
        raise ValueError(_broken(algorithm)) from None
