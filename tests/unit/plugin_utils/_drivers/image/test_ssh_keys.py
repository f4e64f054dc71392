# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Keys and fingerprints are those of OpenSSH."""

from __future__ import annotations

import base64
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from ansible_collections.cairn.cloud.plugins.module_utils._schema.formats import FORMATS
from ansible_collections.cairn.cloud.plugins.plugin_utils._drivers.image.ssh_keys import (
    OpenSshKeys,
    exchange,
    fingerprint,
    generate,
)


def keygen(*arguments: object) -> str:
    command = ["ssh-keygen", *map(str, arguments)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def test_openssh_takes_a_generated_pair(tmp_path: Path) -> None:
    private, public = OpenSshKeys().generate()
    file = tmp_path / "key"
    file.touch(mode=0o600)
    file.write_text(private)
    assert keygen("-y", "-f", file).split()[:2] == public.split()
    assert public.startswith("ssh-ed25519 ")
    assert generate()[1] != public


def test_a_pair_of_a_vpn_is_as_wireguard_writes_them() -> None:
    private, public = OpenSshKeys().exchange()
    secret = X25519PrivateKey.from_private_bytes(base64.b64decode(private, validate=True))
    assert secret.public_key().public_bytes_raw() == base64.b64decode(public, validate=True)
    assert all(FORMATS["wireguard_key"](key) == key for key in (private, public))
    assert exchange() != (private, public)


@pytest.mark.parametrize("sort", [("ed25519",), ("rsa", "-b", "2048"), ("ecdsa", "-b", "384")])
def test_fingerprints_are_those_of_ssh_keygen(tmp_path: Path, sort: tuple[str, ...]) -> None:
    keygen("-q", "-t", *sort, "-N", "", "-C", "some one", "-f", tmp_path / "key")
    line = (tmp_path / "key.pub").read_text()
    assert OpenSshKeys().fingerprint(line) == keygen("-l", "-f", tmp_path / "key.pub").split()[1]


def test_a_key_of_a_token_has_a_fingerprint() -> None:
    """Sorts that the library does not know are taken by their structure."""
    sort = b"sk-future@openssh.com"
    blob = b"".join(len(part).to_bytes(4) + part for part in (sort, b"point", b"ssh:"))
    assert fingerprint(f"{sort.decode()} {base64.b64encode(blob).decode()}").startswith("SHA256:")


@pytest.mark.parametrize("damage", ["cut", "letters", "sort", "point", "one word", "empty"])
def test_a_broken_key_is_refused(damage: str) -> None:
    sort, encoded = generate()[1].split()
    blob = base64.b64decode(encoded)
    line = {
        "cut": f"{sort} {base64.b64encode(blob[:-3]).decode()}",
        "letters": f"{sort} {encoded[:-1]}*",
        "sort": f"ssh-rsa {encoded}",
        "point": f"{sort} {base64.b64encode(blob[:15] + (16).to_bytes(4) + blob[19:35]).decode()}",
        "one word": encoded,
        "empty": f"{sort} ",
    }[damage]
    with pytest.raises(ValueError, match=r"it is not (a whole \S+|an SSH public) key; "):
        fingerprint(line)
