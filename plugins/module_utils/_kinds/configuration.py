# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Configuration: settings of the cloud as a whole. Each has a default and is obeyed by the engine."""

from __future__ import annotations

import typing as t

from .._schema.field import Field
from .._schema.kind import Kind, State

SETTINGS: t.Mapping[str, Field] = {
    "cpu.overprovisioning.factor": Field(
        type="float", default=4.0, minimum=1, maximum=64, doc="Virtual CPUs that a new cluster places per host CPU."
    ),
    "guest.domain.suffix": Field(
        format="domain_name", default="cairn.internal", doc="DNS domain of networks in a new zone."
    ),
    "mem.overprovisioning.factor": Field(
        type="float", default=1.0, minimum=1, maximum=8, doc="Memory that a new cluster places per memory of a host."
    ),
    "secstorage.allowed.schemes": Field(
        type="list",
        elements="str",
        choices=("file", "http", "https"),
        default=["file", "http", "https"],
        doc="How new images may be fetched, by the beginning of their URL.",
    ),
    "secstorage.checksum.required": Field(
        choices=("never", "http", "always"),
        default="never",
        doc="Which new images must have a checksum: none, those that come by plain http, or all.",
    ),
    "storage.max.volume.size": Field(
        type="int",
        default=65536,
        minimum=1,
        maximum=65536,
        unit="GiB",
        doc="Size that no volume is made with, or grows, beyond.",
    ),
    "storage.overprovisioning.factor": Field(
        type="float",
        default=2.0,
        minimum=1,
        maximum=100,
        doc="Sizes of thin volumes that a new primary storage places per capacity.",
    ),
    "vm.max.data.volumes": Field(
        type="int", default=25, minimum=1, maximum=25, doc="Data volumes that an instance can have."
    ),
    "vm.stop.timeout": Field(
        type="int",
        default=3600,
        minimum=0,
        maximum=86400,
        unit="seconds",
        doc="How long a guest gets to shut down before it is switched off, and never longer than the task waits.",
    ),
    "workers": Field(type="int", default=32, minimum=1, maximum=256, doc="Hosts that are worked on at a time."),
}


def as_text(value: t.Any) -> str:
    """A setting's value as it is stored and shown."""
    if isinstance(value, list):
        return ",".join(value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def _described() -> t.Iterator[str]:
    """A line on each setting, for its kind's documentation."""
    for name, setting in SETTINGS.items():
        unit = f" {setting.unit}" if setting.unit else ""
        limits = f"; {', '.join(setting.choices)}" if setting.choices else ""
        limits = f"; from {setting.minimum} to {setting.maximum}" if setting.maximum is not None else limits
        yield f"V({name}) - {setting.docs[0]} By default V({as_text(setting.default)}){unit}{limits}."


CONFIGURATION = Kind(
    name="configuration",
    doc="configuration, the settings of the cloud as a whole",
    states={
        "present": State(doc="The setting has O(value)."),
        "absent": State(doc="The setting has its default.", removes=True),
    },
    notes=(
        "Every setting has a default, so that none has to be set. V(absent) gives it its default back.",
        "A setting that is a default of new resources changes none that are there.",
        "What one zone, cluster or primary storage is to have otherwise is a field of that.",
    ),
    fields={
        "name": Field(
            choices=tuple(SETTINGS),
            required=True,
            immutable=True,
            doc=("Name of the setting.", *_described()),
        ),
        "value": Field(
            format="line", required=True, filterable=True, doc="Value of the setting; several are joined by commas."
        ),
        "default": Field(computed=True, doc="Value that it has when it is not set."),
        "type": Field(computed=True, doc="Type of the value, such as V(int)."),
        "unit": Field(computed=True, doc="Unit of the value."),
        "description": Field(computed=True, doc="What it is for."),
        "is_set": Field(type="bool", computed=True, doc="Whether it was set."),
    },
)
