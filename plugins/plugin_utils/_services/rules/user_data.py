# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Rules of user data: cloud-init reads 64 KiB at most."""

from __future__ import annotations

import typing as t

from ....module_utils._schema.validation import Document
from ..._core.resource import Resource
from ..session import Session
from .base import Rules

MOST = 64 * 1024


def check_length(document: Document, text: str | None) -> None:
    if text and len(text.encode()) > MOST:
        raise document.error(
            "user_data", f"it has {len(text.encode())} bytes; the most is {MOST}, fetch the rest from within"
        )


class UserDataRules(Rules):
    def complete(
        self, session: Session, document: Document, spec: dict[str, t.Any], before: Resource | None
    ) -> dict[str, t.Any]:
        check_length(document, spec.get("user_data"))
        return spec
