# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Resources as rows and back: secrets encrypted, references found."""

from __future__ import annotations

import functools
import hashlib
import json
import typing as t

from ....module_utils._schema.errors import DriverError
from ....module_utils._schema.field import Field
from ....module_utils._schema.kind import Kind
from ..._core.resource import Owner, Resource

if t.TYPE_CHECKING:
    from cryptography.fernet import Fernet

# How the text of an encrypted value begins. A value without it is from before its field was a secret.
SEALED = "fernet:"

_Fields = t.Mapping[str, Field]


class Cipher:
    """Encrypts single values with the installation's key (Fernet: AES-128-CBC with HMAC-SHA256).

    Raises DriverError when there is no key, or the key is not the one.
    """

    def __init__(self, key: bytes | None) -> None:
        self._key = key

    @functools.cached_property
    def _fernet(self) -> Fernet:
        from cryptography.fernet import Fernet

        if self._key is None:
            raise DriverError("the database keeps secrets encrypted and no key was given; set secret_key_file")
        try:
            return Fernet(self._key)
        except ValueError:
            raise DriverError("the key in secret_key_file is not 32 bytes in URL-safe base64; restore it") from None

    @property
    def digest(self) -> str:
        """By which a key is told from another one; it says nothing about the key, which is random."""
        assert self._fernet
        assert self._key
        return hashlib.sha256(self._key.strip()).hexdigest()

    def seal(self, value: t.Any) -> str:
        return SEALED + self._fernet.encrypt(json.dumps(value).encode()).decode()

    def unseal(self, value: t.Any) -> t.Any:
        if not isinstance(value, str) or not value.startswith(SEALED):
            return value
        fernet = self._fernet
        from cryptography.fernet import InvalidToken

        try:
            return json.loads(fernet.decrypt(value.removeprefix(SEALED)))
        except InvalidToken:
            raise wrong_key() from None


def wrong_key() -> DriverError:
    return DriverError(
        "the database's secrets were encrypted with another key; let secret_key_file name this installation's key"
    )


class Documents:
    """What the kinds' schemas say about documents: which values are secret, and which are ids of others."""

    def __init__(self, kinds: t.Mapping[str, Kind], cipher: Cipher) -> None:
        self.cipher = cipher
        self._secret = {name: _secret(kind.stored) for name, kind in kinds.items()}
        self._refer = {name: _refer(kind.stored) for name, kind in kinds.items()}

    def holds_secrets(self, resource: Resource) -> bool:
        return any(resource.spec.get(name) is not None for name in self._secret[resource.kind])

    def row(self, resource: Resource) -> dict[str, t.Any]:
        """The columns of table ``resource``."""
        return {
            "id": resource.id,
            "kind": resource.kind,
            "scope": resource.scope,
            "name": resource.name,
            "slot": resource.id if resource.removing else "",
            "spec": _mapped(self._secret[resource.kind], resource.spec, self.cipher.seal),
            "status": resource.status,
            "domain": resource.owner.domain,
            "account": resource.owner.account,
            "project": resource.owner.project,
            "created": resource.created,
            "applyset": resource.applyset,
            "parent": resource.parent,
        }

    def resource(self, row: t.Sequence[t.Any]) -> Resource:
        """A row of table ``resource``, its columns in their order."""
        ident, kind, scope, name, slot, spec, status, domain, account, project, created, applyset, parent = row
        secret = self._secret.get(kind)
        return Resource(
            id=ident,
            kind=kind,
            name=name,
            spec=_mapped(secret, spec, self.cipher.unseal) if secret else spec,
            status=status,
            owner=_owner(domain, account, project),
            scope=scope,
            created=created,
            applyset=applyset,
            parent=parent,
            removing=slot != "",
        )

    def references(self, resource: Resource) -> set[tuple[str, str]]:
        """(field, id) of all that the spec refers to; a field within a list is ``ip_to_networks.network``."""
        return set(_found(self._refer[resource.kind], resource.spec, ""))


@functools.lru_cache(maxsize=1024)
def _owner(domain: str, account: str, project: str) -> Owner:
    return Owner(domain, account, project)


def _secret(fields: _Fields) -> dict[str, Field]:
    """The fields that are secret or have secret options."""
    return {name: field for name, field in fields.items() if field.secret or _secret(field.options or {})}


def _refer(fields: _Fields) -> dict[str, Field]:
    """The fields that refer, or have options that do."""
    return {name: field for name, field in fields.items() if field.ref or _refer(field.options or {})}


def _mapped(fields: _Fields, document: dict[str, t.Any], change: t.Callable[[t.Any], t.Any]) -> dict[str, t.Any]:
    """The document with ``change`` made to its secrets."""
    changed = {}
    for name, field in fields.items():
        value = document.get(name)
        if value is None:
            continue
        if field.secret:
            changed[name] = change(value)
        elif isinstance(value, list):
            changed[name] = [_mapped(_secret(field.options or {}), item, change) for item in value]
        else:
            changed[name] = _mapped(_secret(field.options or {}), value, change)
    return document | changed


def _found(fields: _Fields, document: t.Mapping[str, t.Any], prefix: str) -> t.Iterator[tuple[str, str]]:
    for name, field in fields.items():
        value = document.get(name)
        for item in value if isinstance(value, list) else (value,):
            if field.ref and item is not None:
                yield f"{prefix}{name}", item
            elif isinstance(item, dict):
                yield from _found(field.options or {}, item, f"{prefix}{name}.")
