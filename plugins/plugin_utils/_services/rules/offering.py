# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Rules of offerings of machines and of networks."""

from __future__ import annotations

import typing as t

from ....module_utils._schema.validation import Document
from ..._core.resource import Resource
from ..session import Session
from .base import Rules


class ServiceOfferingRules(Rules):
    """Fixed ones name their size, customized ones leave it to the instance."""

    def complete(
        self, session: Session, document: Document, spec: dict[str, t.Any], before: Resource | None
    ) -> dict[str, t.Any]:
        for name in ("cpu_number", "memory"):
            if spec.get("is_customized") and spec.get(name) is not None:
                raise document.error(name, "a customized offering leaves it to its instances; leave it out")
            if not spec.get("is_customized") and spec.get(name) is None:
                raise document.error(name, "it is missing; an offering needs it unless is_customized is true")
        return spec


class NetworkOfferingRules(Rules):
    def complete(
        self, session: Session, document: Document, spec: dict[str, t.Any], before: Resource | None
    ) -> dict[str, t.Any]:
        if spec.get("traffic_type") == "PUBLIC" and spec["guest_ip_type"] != "Shared":
            raise document.error("traffic_type", "only shared networks hand out public addresses; leave it out")
        return spec
