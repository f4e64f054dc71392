# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Rules of API keys: a new one is random, is shown once, and only its digest is kept."""

from __future__ import annotations

import typing as t

from ....module_utils._schema.validation import Document
from ..._core.resource import Nic, Resource
from ..._core.token import digest, hint
from ..session import Session
from .base import Rules


class ApiKeyRules(Rules):
    def created(self, session: Session, document: Document, resource: Resource) -> Resource:
        key = session.keys.token()
        session.once[resource.id] = {"api_key": key}
        return resource.with_status(digest=digest(key), hint=hint(key))

    def returned(self, resource: Resource, names: t.Mapping[str, Resource], nics: t.Sequence[Nic]) -> dict[str, t.Any]:
        return {"hint": resource.status["hint"]}
