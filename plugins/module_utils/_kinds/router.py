# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Virtual router: the cloud's own machine that serves an isolated network."""

from __future__ import annotations

import dataclasses as dc

from .._schema.field import Field, Impact
from .._schema.kind import ABSENT, PRESENT, Kind, State

_RUNNING = {"power": "Running"}

ROUTER = Kind(
    name="router",
    doc="virtual routers, which serve isolated networks",
    scope=("zone",),
    owned=True,
    steered=True,
    # It comes with the first instance of its network.
    after=("instance",),
    states={
        "present": dc.replace(
            PRESENT,
            force=(
                "Whether the router is made anew on O(host) though the one that it is on does not answer; what is "
                "there is left behind."
            ),
        ),
        "started": State(doc="The router runs.", sets=_RUNNING),
        "stopped": State(
            doc="The router does not run; its network has no DHCP, DNS and outside.", sets={"power": "Stopped"}
        ),
        "restarted": State(doc="The router is restarted now, each time.", sets=_RUNNING, action="restart"),
        "recreated": State(
            doc="The router is made anew from the newest routing template now, each time.",
            sets=_RUNNING,
            action="restart",
        ),
        "absent": ABSENT,
    },
    notes=(
        "A router is made by the cloud with the first instance of an isolated network, and goes with the network.",
        "It keeps nothing: when it was killed, an apply starts it again with all that it is to do.",
    ),
    fields={
        "name": Field(format="name", required=True, doc="Name of the router, C(r-) and the name of its network."),
        "zone": Field(ref="zone", only_one=True, immutable=True, filterable=True, doc="Zone that it is in."),
        "network": Field(ref="network", param=False, filterable=True, doc="Network that it serves."),
        "public_network": Field(ref="network", param=False, doc="Network by which it reaches the outside."),
        "service_offering": Field(
            ref="service_offering", param=False, doc="Size, where its network offering says one."
        ),
        "template": Field(ref="template", param=False, doc="Routing template that it runs."),
        "host": Field(
            ref="host",
            filterable=True,
            impact=Impact.LIVE,
            doc=(
                "Host that it runs on, that of the first instance by default.",
                "Another one moves it there, live while it runs. Only where its network can be on several hosts.",
            ),
        ),
        "last_host": Field(param=False, ref="host", doc="Host that it is on its way from, until that is rid of it."),
        "last_storage": Field(
            param=False, ref="primary_storage", doc="Primary storage that had the copy of its template there."
        ),
        "storage": Field(ref="primary_storage", param=False, doc="Storage that has the copy of its template."),
        "power": Field(param=False, default="Running", filterable=True, doc="V(Running) or V(Stopped)."),
        "role": Field(computed=True, doc="V(VIRTUAL_ROUTER)."),
    },
)
