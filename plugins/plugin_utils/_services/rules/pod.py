# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Rules of pods: their management subnet must make sense."""

from __future__ import annotations

import typing as t

from ....module_utils._schema.validation import Document
from ..._core.address import check_range, subnet
from ..._core.resource import Resource
from ..session import Session
from .base import Rules

_SUBNET = ("gateway", "netmask", "start_ip")


class PodRules(Rules):
    def complete(
        self, session: Session, document: Document, spec: dict[str, t.Any], before: Resource | None
    ) -> dict[str, t.Any]:
        given = [name for name in (*_SUBNET, "end_ip") if spec.get(name)]
        if not given:
            return spec
        for name in _SUBNET:
            if not spec.get(name):
                raise document.error(name, f"it is missing; {given[0]} makes sense only with {', '.join(_SUBNET)}")
        try:
            net = subnet(None, spec["gateway"], spec["netmask"])
            check_range(net, spec["start_ip"], spec.get("end_ip") or spec["start_ip"])
        except ValueError as error:
            raise document.error("start_ip", str(error)) from None
        return spec
