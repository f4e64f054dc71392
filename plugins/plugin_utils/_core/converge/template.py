# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""A template's copies on hosts come with the volumes that need them, and go with the template."""

from __future__ import annotations

from ..desired import Desired, Drafts
from ..resource import Resource


def converge(resource: Resource, desired: Desired, drafts: Drafts) -> None:
    if resource.removing:
        for host in resource.status.get("hosts", []):
            if host in desired.resources:
                drafts[host].gone_owners.add(("", resource.id))
