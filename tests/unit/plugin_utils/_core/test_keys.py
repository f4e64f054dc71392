# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Keys are told from others as ssh-keygen tells them."""

from __future__ import annotations

import base64
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.cairn.cloud.plugins.plugin_utils._core.keys import fingerprint


@pytest.mark.parametrize("sort", ["ed25519", "ecdsa", "rsa"])
def test_it_is_what_ssh_keygen_prints(sort: str, tmp_path: Path) -> None:
    path = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", sort, "-N", "", "-C", "me@home", "-f", str(path)], check=True)
    shown = subprocess.run(["ssh-keygen", "-l", "-f", str(path)], check=True, capture_output=True, text=True).stdout
    line = path.with_suffix(".pub").read_text()
    assert fingerprint(line) == shown.split()[1]
    assert fingerprint(" ".join(line.split()[:2])) == fingerprint(line)


@pytest.mark.parametrize(
    "line", ["", "# ssh-ed25519 AAAA", "ssh-ed25519", "ssh-ed25519 %%%", 'command="x" ssh-ed25519 AAAA', "ssh-rsa AAAA"]
)
def test_other_lines_are_no_keys(line: str) -> None:
    assert fingerprint(line) == ""


@given(st.binary(min_size=1, max_size=64), st.binary(min_size=1, max_size=64))
def test_other_keys_have_other_fingerprints(one: bytes, other: bytes) -> None:
    blobs = [base64.b64encode(b"\0\0\0\5ssh-x" + key).decode() for key in (one, other)]
    first, second = (fingerprint(f"ssh-x {blob}") for blob in blobs)
    assert (first == second) == (one == other)
