# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Check mode predicts exactly what apply does, and changes nothing."""

from __future__ import annotations

import re

from support.playbook import Result
from support.small_cloud import SmallCloud

_HEADER = re.compile(r"^(---|\+\+\+) (?P<what>.*)$", re.MULTILINE)


def diffs(result: Result) -> str:
    """What ``--diff`` printed, without Ansible's own lines."""
    lines = result.stdout.splitlines()
    return "\n".join(line for line in lines if line[:1] in ("-", "+", "@", " ") and not line.startswith("---=")).strip()


def test_check_predicts_what_apply_does(cloud: SmallCloud) -> None:
    web = cloud.instance("web1", root_disk_size=1, disk_size=1, tags={"role": "web"})
    cloud.apply([*cloud.documents, web])
    edited = [
        *cloud.documents,
        {**web, "disk_size": 2, "tags": {"role": "front"}},
        cloud.instance("web2"),
    ]
    before = cloud.fingerprint()

    predicted = cloud.apply(edited, "--check", "--diff")
    assert cloud.fingerprint() == before
    applied = cloud.apply(edited, "--diff")

    assert predicted.changed == applied.changed == 1
    assert diffs(predicted) == diffs(applied)
    assert "web2" in diffs(applied)
    assert "disk_size: 2" in diffs(applied) or '"disk_size": 2' in diffs(applied)
    assert cloud.apply(edited).changed == 0


def test_references_to_what_an_earlier_task_would_make_resolve(cloud: SmallCloud) -> None:
    url = {"api_url": cloud.api_url}
    tasks = [
        {"cairn.cloud.zone": {"name": "z1", **url}},
        {"cairn.cloud.pod": {"name": "p1", "zone": "z1", **url}},
        {"cairn.cloud.cluster": {"name": "c1", "zone": "z1", **url}},
    ]
    predicted = cloud.ansible.play(tasks, "--check")
    assert predicted.changed == 3
    assert not cloud.database.exists()
    assert cloud.ansible.play(tasks).changed == 3
    assert cloud.ansible.play(tasks).changed == 0
    for kind, name in (("cluster", "c1"), ("pod", "p1"), ("zone", "z1")):
        assert cloud.task(kind, name=name, state="absent").changed == 1
