# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""What is learnt of guests when they are kept: after a revert they let in who is described now, and nobody else."""

from __future__ import annotations

import base64
import typing as t

import pytest

from ansible_collections.cairn.cloud.plugins.module_utils._schema.validation import Document
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.keys import fingerprint
from support.audit import audit
from support.lab import Fuse, Interrupted, Lab
from support.lab import document as doc


def public(name: str) -> str:
    """A line that is a key for who looks at its form."""
    kind = b"ssh-ed25519"
    blob = len(kind).to_bytes(4, "big") + kind + (32).to_bytes(4, "big") + name.encode().ljust(32)
    return f"ssh-ed25519 {base64.b64encode(blob).decode()} {name}"


PEOPLE = ("ann", "ben", "cleo")
KEYS = [doc("ssh_key", name, public_key=public(name)) for name in PEOPLE]

SNAPSHOTS: dict[str, tuple[Document, Document]] = {
    "volume": (
        doc("volume_snapshot", "kept", volume="ROOT-web2"),
        doc("volume_snapshot", "kept", state="reverted", force=True),
    ),
    "disks": (
        doc("instance_snapshot", "kept", vm="web2"),
        doc("instance_snapshot", "kept", vm="web2", state="revert"),
    ),
    "memory": (
        doc("instance_snapshot", "kept", vm="web2", snapshot_memory=True),
        doc("instance_snapshot", "kept", vm="web2", state="revert"),
    ),
}


def web2(*people: str, **fields: t.Any) -> Document:
    return doc("instance", "web2", ssh_keys=list(people), **fields)


@pytest.fixture
def lab(cloud: Lab) -> Lab:
    """The sample cloud, whose instance web2 lets ann and ben in."""
    cloud.must(*KEYS, web2("ann", "ben"))
    assert admitted(cloud) == ({"ann", "ben"}, 0)
    return cloud


def admitted(lab: Lab) -> tuple[set[str], int]:
    """Whom the guest of web2 lets in, and the number of its password."""
    web = lab.one("instance", "web2")
    host = lab.host(f"test:///{web['host']}")
    seen = host.domains[web["id"]]
    assert seen.live is not None
    keys, password = host.guests[seen.live.disks[0].volume]
    names = {fingerprint(public(name)): name for name in PEOPLE}
    return {names[key] for key in keys}, password


def told(lab: Lab) -> int:
    """How often guests were told something since."""
    calls = [call for host in lab.hosts.values() for call in host.calls]
    for host in lab.hosts.values():
        host.calls.clear()
    return calls.count("let_in")


@pytest.mark.parametrize("kept", sorted(SNAPSHOTS))
@pytest.mark.parametrize("whole", [True, False])
def test_a_reverted_guest_lets_in_who_is_described_now(lab: Lab, kept: str, whole: bool) -> None:
    take, revert = SNAPSHOTS[kept]
    lab.must(take, whole=whole)
    lab.must(web2("ben", "cleo"))
    assert admitted(lab) == ({"ben", "cleo"}, 0)
    predicted = lab.check(revert, whole=whole).report
    report = lab.must(revert, whole=whole)
    assert [vars(entry) for entry in report.entries] == [vars(entry) for entry in predicted.entries]
    assert admitted(lab) == ({"ben", "cleo"}, 0)
    assert not lab.drift().changed
    assert audit(lab) == []


@pytest.mark.parametrize("kept", sorted(SNAPSHOTS))
def test_a_guest_whose_keys_stayed_is_told_nothing(lab: Lab, kept: str) -> None:
    """It may have no agent that could be told."""
    take, revert = SNAPSHOTS[kept]
    lab.must(take)
    told(lab)
    lab.must(revert)
    assert told(lab) == 0
    assert admitted(lab) == ({"ann", "ben"}, 0)


@pytest.mark.parametrize("kept", ["volume", "disks"])
def test_what_a_guest_was_told_counts_and_not_what_it_was_to_be_told(lab: Lab, kept: str) -> None:
    """Its keys are changed while it does not run, and it is kept so."""
    take, revert = SNAPSHOTS[kept]
    lab.must(doc("instance", "web2", state="stopped"))
    lab.apply(web2("cleo"))
    lab.must(take)
    lab.must(doc("instance", "web2", state="started"))
    assert admitted(lab) == ({"cleo"}, 0)
    lab.must(revert)
    assert admitted(lab) == ({"cleo"}, 0)


@pytest.mark.parametrize("kept", sorted(SNAPSHOTS))
def test_a_password_that_was_set_since_is_told_again(lab: Lab, kept: str) -> None:
    take, revert = SNAPSHOTS[kept]
    lab.must(take)
    lab.must(web2("ann", "ben", password="something-long-1"))
    lab.must(revert)
    assert admitted(lab) == ({"ann", "ben"}, 1)
    lab.must(doc(take.kind.name, "kept", **({"vm": "web2"} if "vm" in take.spec else {}), state="absent"))
    again = doc(take.kind.name, "later", **{name: take.spec[name] for name in take.spec if name in ("vm", "volume")})
    lab.must(again)
    told(lab)
    lab.must(doc(again.kind.name, "later", **revert_of(again)))
    assert (told(lab), admitted(lab)) == (0, ({"ann", "ben"}, 1))


def revert_of(take: Document) -> dict[str, t.Any]:
    if take.kind.name == "volume_snapshot":
        return {"state": "reverted", "force": True}
    return {"state": "revert", "vm": "web2"}


@pytest.mark.parametrize("kept", sorted(SNAPSHOTS))
@pytest.mark.parametrize("cut", ["take", "revert"])
def test_runs_that_are_cut_short_anywhere_leave_no_old_key(lab: Lab, kept: str, cut: str) -> None:
    take, revert = SNAPSHOTS[kept]
    for moment in range(1, 40):
        with lab.copy() as broken:
            broken.watch(Fuse(moment if cut == "take" else 1000))
            try:
                broken.apply(take, whole=False)
                ended = cut == "take"
            except Interrupted:
                ended = False
            broken.watch(lambda call: None)
            broken.must(take)
            broken.must(web2("cleo"))
            broken.watch(Fuse(moment if cut == "revert" else 1000))
            try:
                broken.apply(revert, whole=False)
                ended = ended or cut == "revert"
            except Interrupted:
                pass
            broken.watch(lambda call: None)
            broken.must()
            assert admitted(broken) == ({"cleo"}, 0), moment
            assert audit(broken) == [], moment
        if ended:
            return
    raise AssertionError("it did not end")


@pytest.mark.parametrize("kept", sorted(SNAPSHOTS))
def test_a_rebuilt_database_knows_the_keys_as_well(lab: Lab, kept: str) -> None:
    take, revert = SNAPSHOTS[kept]
    lab.must(take)
    lab.must(web2("cleo"))
    lab.must()
    lab.forget()
    lab.rebuild()
    lab.must(doc("user_data", "hello", user_data="#cloud-config\nhostname: secret-word\n"))
    lab.must(web2("cleo", user_data="#!/bin/sh\necho secret-word\n"))
    lab.must(revert)
    assert admitted(lab) == ({"cleo"}, 0)


def test_a_root_volume_made_anew_of_its_template_has_the_keys_of_its_seed(lab: Lab) -> None:
    take, revert = SNAPSHOTS["volume"]
    lab.must(take)
    lab.must(web2("cleo"))
    lab.must(revert)
    lab.must(doc("instance", "web2", state="restored"))
    assert admitted(lab) == ({"cleo"}, 0)
    assert audit(lab) == []
