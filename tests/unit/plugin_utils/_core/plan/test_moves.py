# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""What is done about a machine that is on its way, for each state that a run may find it in on both hosts."""

from __future__ import annotations

import dataclasses as dc

import pytest

from ansible_collections.cairn.cloud.plugins.plugin_utils._core.plan.moves import Moves
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.world import (
    Access,
    Configuration,
    Disk,
    DomainSeen,
    DomainShape,
    DomainWanted,
    HostSeen,
    HostWanted,
    NodeFacts,
    PoolSeen,
    PoolShape,
    SeedWanted,
    VolumeSeen,
    VolumeWanted,
)

IDENT, VOLUME = "00000000-0000-0000-0000-000000000001", "00000000-0000-0000-0000-000000000002"
FILE, SEED, BASE = f"volume-{VOLUME}.qcow2", f"seed-{IDENT}-abc.iso", "template-x.qcow2"
OLD, NEW = PoolShape("p1", "pool-1", "/one"), PoolShape("p2", "pool-2", "/two")
FACTS = NodeFacts("host", 4, 4096, "8", "9")


def shape(pool: str) -> DomainShape:
    disks = (Disk("vda", pool, FILE), Disk("hda", pool, SEED, format="raw", device="cdrom"))
    return DomainShape(IDENT, "web", "web", 1, 256, "qemu", "qemu64", disks, ())


def machine(state: str, pool: str) -> dict[str, DomainSeen]:
    """A domain: none, off, on, paused, or foreign."""
    if state == "none":
        return {}
    mine, active = shape(pool), state in ("on", "paused")
    seen = DomainSeen(IDENT, "web", state != "foreign", active, True, mine, mine if active else None)
    return {IDENT: dc.replace(seen, paused=state == "paused")}


def moves(
    old: str, new: str, *, open_: bool = True, lost: bool = False, configuration: Configuration | None = None
) -> Moves:
    files = {FILE: VolumeSeen(FILE, 1 << 30, 1, "qcow2", BASE), SEED: VolumeSeen(SEED, 1, 1, "iso")}
    there = HostSeen(FACTS, {"p1": PoolSeen(OLD, open_, True, volumes=files)}, domains=machine(old, "pool-1"))
    here = HostSeen(FACTS, {"p2": PoolSeen(NEW, True, True)}, domains=machine(new, "pool-2"))
    target = HostWanted(
        "h2",
        pools=(NEW,),
        volumes=(VolumeWanted(VOLUME, "p2", FILE, base=BASE),),
        seeds=(SeedWanted(IDENT, "p2", SEED),),
        domains=(DomainWanted(shape("pool-2"), "Running", Access("root"), configuration=configuration),),
        groups={IDENT: IDENT, VOLUME: IDENT},
        arrivals={IDENT: "h1"},
    )
    source = HostWanted("h1", pools=(OLD,), gone_domains=(IDENT,), groups={IDENT: IDENT, VOLUME: IDENT})
    return Moves({"h1": source, "h2": target}, {"h2": here} if lost else {"h1": there, "h2": here})


def calls(found: Moves) -> list[str]:
    return [f"{step.host} {step.call}" for move in found.moves for step in move.steps]


LIVE = ["h1 autostart_domain", "h2 carry_file", "h2 receive_volume", "h1 migrate_domain"]
COLD = ["h1 autostart_domain", "h2 carry_file", "h2 carry_file", "h2 define_domain"]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("on", "none", LIVE),
        ("paused", "none", ["h1 resume_domain", *LIVE]),
        ("off", "none", COLD),
        ("none", "none", COLD[1:3]),
        ("none", "on", []),
        ("none", "off", []),
        ("off", "off", []),
        ("off", "on", []),
        ("paused", "on", []),
        ("paused", "off", []),
    ],
)
def test_what_is_to_be_done(old: str, new: str, expected: list[str]) -> None:
    found = moves(old, new)
    assert found.refused == {}
    assert calls(found) == expected


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("on", "paused", "it is being moved just now"),
        ("on", "on", "it runs where it came from, though it is here already"),
        ("on", "off", "it runs where it came from, though it is here already"),
        ("foreign", "none", "not its metadata"),
        ("on", "foreign", "not its metadata"),
    ],
)
def test_what_is_in_doubt_is_left_alone_on_both_hosts(old: str, new: str, sentence: str) -> None:
    found = moves(old, new)
    assert found.moves == []
    assert {host: sentence in groups[IDENT][1] for host, groups in found.refused.items()} == {"h1": True, "h2": True}


def test_files_that_cannot_be_seen_are_not_taken_for_none() -> None:
    assert "was not open" in moves("off", "none", open_=False).refused["h2"][IDENT][1]
    assert "does not answer" in moves("off", "none", lost=True).refused["h2"][IDENT][1]


def test_a_router_that_may_still_run_where_it_was_is_not_made_twice() -> None:
    found = moves("on", "none", lost=True, configuration=Configuration.of({}))
    assert "does not answer, and it may run there" in found.refused["h2"][IDENT][1]
    assert found.moves == []


@pytest.mark.parametrize("old", ["on", "off"])
def test_the_rest_is_planned_for_when_it_is_there(old: str) -> None:
    seen = moves(old, "none").seen["h2"]
    assert seen.pools["p2"].volumes.keys() == {FILE, SEED}
    arrived = seen.domains[IDENT]
    assert arrived.shape == shape("pool-2")
    assert (arrived.active, arrived.autostart) == (old == "on", False)
    assert arrived.live == (shape("pool-2") if old == "on" else None)
