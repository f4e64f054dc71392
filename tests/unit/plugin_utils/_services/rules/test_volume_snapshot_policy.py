# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Policies on the engine: which volume is meant, what is refused, and what goes with what."""

from __future__ import annotations

import pytest

from ansible_collections.cairn.cloud.plugins.module_utils._schema.validation import Document
from support.audit import audit
from support.lab import Lab
from support.lab import document as doc


def policy(interval: str = "daily", **fields: object) -> Document:
    return doc("volume_snapshot_policy", interval, **fields)


REFUSED: list[tuple[Document, str]] = [
    (policy(volume="none", schedule="0:1"), "field volume: volume 'none' not found; make it first, or mend the name"),
    (policy(volume="data"), "field schedule: it is missing; a new volume snapshot policy needs it"),
    (policy(volume="data", schedule="1"), "field schedule: it is not MM:HH; write it like 30:2"),
    (policy("weekly", volume="data", schedule="0:1:8"), "it is not MM:HH:D, the day being 1 (Sunday) to 7; write it"),
    (policy("monthly", volume="data", schedule="0:1:31"), "it is not MM:HH:DD, the day being 1 to 28; write it like"),
    (
        policy(volume="data", schedule="0:1", time_zone="Mars/Base"),
        "field time_zone: there is no time zone 'Mars/Base'",
    ),
    (policy(volume="data", schedule="0:1", time_zone="../etc/passwd"), "there is no time zone '../etc/passwd'; write"),
    (policy(volume="data", vm="web1", schedule="0:1"), "field vm: it is given together with volume; give one of them"),
    (policy(vm="web1", device_id=9, schedule="0:1"), "field device_id: instance 'web1' has no volume 9; name one"),
    (policy(volume="data", device_id=1, schedule="0:1"), "field device_id: it goes with vm; give the instance as well"),
]


@pytest.mark.parametrize(("document", "sentence"), REFUSED, ids=[sentence[:50] for _document, sentence in REFUSED])
def test_refusals(cloud: Lab, document: Document, sentence: str) -> None:
    cloud.must_refuse(document, sentence)


@pytest.mark.parametrize(("device", "volume"), [(None, "ROOT-web1"), (0, "ROOT-web1"), (1, "DATA-web1"), (2, "data")])
def test_a_volume_is_meant_by_its_instance(cloud: Lab, device: int | None, volume: str) -> None:
    meant = {"vm": "web1", "device_id": device, "schedule": "0:1"}
    cloud.must(policy(**meant))
    assert {one["volume"] for one in cloud.read("volume_snapshot_policy")} == {volume, "spare"}
    assert not cloud.must(policy(**meant)).changed
    assert not cloud.must(policy(volume=volume, schedule="0:1"), whole=False).changed
    cloud.must(policy(vm="web1", device_id=device, state="absent"))
    assert [one["volume"] for one in cloud.read("volume_snapshot_policy")] == ["spare"]


def test_a_volume_has_one_of_each_interval(cloud: Lab) -> None:
    intervals = {"hourly": "5", "daily": "5:1", "weekly": "5:1:1", "monthly": "5:1:1"}
    cloud.must(*(policy(name, volume="data", schedule=text) for name, text in intervals.items()))
    cloud.must(policy(volume="data", schedule="6:1"))
    assert len(cloud.read("volume_snapshot_policy", volume="data")) == 4


def test_a_policy_goes_with_its_volume(cloud: Lab) -> None:
    cloud.must(
        policy(volume="data", schedule="0:1"), policy(vm="web1", schedule="0:1"), policy(vm="web2", schedule="0:1")
    )
    cloud.must(doc("instance", "web1", state="expunged"), doc("volume", "data", state="absent"))
    assert sorted(one["volume"] for one in cloud.read("volume_snapshot_policy")) == ["ROOT-web2", "spare"]
    assert audit(cloud) == []


def test_what_a_policy_made_outlives_it(cloud: Lab) -> None:
    cloud.must(policy(volume="data", schedule="0:1"))
    cloud.now = "2026-01-01T01:00:00Z"
    with cloud.cloud() as engine:
        assert engine.snapshots().report.changed
    cloud.must(policy(volume="data", state="absent"))
    assert [one.get("policy") for one in cloud.read("volume_snapshot", volume="data")] == [None, None]
    assert audit(cloud) == []
