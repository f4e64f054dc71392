# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Secrets and references are found wherever a schema has them."""

from __future__ import annotations

import pytest

from ansible_collections.cairn.cloud.plugins.module_utils._kinds.registry import KINDS
from ansible_collections.cairn.cloud.plugins.module_utils._schema.errors import DriverError
from ansible_collections.cairn.cloud.plugins.module_utils._schema.field import Field
from ansible_collections.cairn.cloud.plugins.module_utils._schema.kind import Kind
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.resource import Resource
from ansible_collections.cairn.cloud.plugins.plugin_utils._drivers.sql.documents import SEALED, Cipher, Documents

KEY = b"MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
SECRET = Field(secret=True, doc="A secret.")
VAULT = Kind(
    name="vault",
    doc="vaults",
    fields={
        "name": Field(format="name", required=True, doc="Name."),
        "plain": Field(doc="Shown."),
        "password": SECRET,
        "tokens": Field(type="list", elements="str", secret=True, doc="Several at once."),
        "login": Field(type="dict", options={"user": Field(ref="user", doc="Shown."), "password": SECRET}, doc="One."),
        "logins": Field(
            type="list",
            elements="dict",
            options={"user": Field(ref="user", doc="Shown."), "password": SECRET},
            doc="Several.",
        ),
    },
)
SPEC = {
    "plain": "in the open",
    "password": "hush1",
    "tokens": ["hush2", "hush3"],
    "login": {"user": "u1", "password": "hush4"},
    "logins": [{"user": "u2", "password": "hush5"}, {"user": None, "password": None}],
}


def vault(spec: dict[str, object]) -> Resource:
    return Resource("id", "vault", "v", spec)


@pytest.fixture
def documents() -> Documents:
    return Documents({"vault": VAULT}, Cipher(KEY))


def test_all_secrets_are_sealed_and_opened(documents: Documents) -> None:
    row = documents.row(vault(SPEC))
    assert "hush" not in str(row["spec"])
    assert row["spec"]["plain"] == "in the open"
    assert row["spec"]["logins"][0]["user"] == "u2"
    assert row["spec"]["logins"][1] == {"user": None, "password": None}
    assert documents.resource(tuple(row.values())) == vault(SPEC)
    assert SPEC["password"] == "hush1"


def test_a_resource_without_secrets_needs_no_key() -> None:
    documents = Documents({"vault": VAULT}, Cipher(None))
    assert not documents.holds_secrets(vault({"plain": "x", "password": None}))
    assert documents.row(vault({"plain": "x", "password": None}))["spec"] == {"plain": "x", "password": None}
    assert documents.holds_secrets(vault({"tokens": ["x"]}))
    with pytest.raises(DriverError, match="set secret_key_file"):
        documents.row(vault({"tokens": ["x"]}))


def test_a_value_from_before_it_was_secret_is_read(documents: Documents) -> None:
    row = documents.row(vault({}))
    row["spec"] = {"password": "in clear", "login": {"user": "u", "password": 5}}
    assert documents.resource(tuple(row.values())).spec == row["spec"]


def test_a_row_of_a_kind_that_is_gone_is_read(documents: Documents) -> None:
    row = documents.row(vault({})) | {"kind": "gone", "spec": {"password": f"{SEALED}x"}}
    assert documents.resource(tuple(row.values())).spec == {"password": f"{SEALED}x"}


def test_references_are_found_in_lists_and_options(documents: Documents) -> None:
    assert documents.references(vault(SPEC)) == {("login.user", "u1"), ("logins.user", "u2")}


def test_every_reference_of_every_kind_is_found() -> None:
    documents = Documents(KINDS, Cipher(None))
    for kind in KINDS.values():
        spec = {name: [f"to-{name}"] if field.many else f"to-{name}" for name, field in kind.references.items()}
        found = documents.references(Resource("id", kind.name, "x", spec))
        assert found == {(name, f"to-{name}") for name in kind.references}
