# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""SSH key: a public key that instances let in."""

from __future__ import annotations

from .._schema.field import Field
from .._schema.kind import Kind

SSH_KEY = Kind(
    name="ssh_key",
    doc="SSH keys that instances let in",
    owned=True,
    once={"private_key": "Private key in OpenSSH's format."},
    notes=(
        "Without O(public_key) a new key pair is made, and the private key is returned this once; it is kept nowhere.",
        "Instances take a key at their first start; a key that was changed is told to guests by the next apply.",
    ),
    fields={
        "name": Field(format="name", required=True, doc="Name of the SSH key."),
        "public_key": Field(format="public_key", doc="Public key in OpenSSH's format, one line."),
        "fingerprint": Field(computed=True, doc="Fingerprint of the key (SHA-256, as C(ssh-keygen -l) prints it)."),
    },
)
