# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Convergence: plans are carried out in order, and what depends on a failure is left for the next run."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.cairn.cloud.plugins.module_utils._schema.errors import DriverError
from ansible_collections.cairn.cloud.plugins.module_utils._schema.validation import Document
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.resource import Resource
from support.audit import audit
from support.lab import Lab
from support.lab import document as doc
from support.sample import foundation, web


def breaking(lab: Lab, call: str, times: int = 1) -> None:
    """From now on the hosts refuse a call, the first ``times`` times."""
    left = [times * 2]

    def watch(made: str) -> None:
        if made == call and left[0] > 0:
            left[0] -= 2
            raise DriverError("the disk is broken")

    lab.sizes = {"test:///h1": {}}
    lab.watch(watch)


@pytest.mark.parametrize(
    ("call", "told", "made"),
    [
        ("define_pool", "primary storage 'ps1': cannot make the storage pool on host h1: the disk is broken", set()),
        ("define_domain", "instance 'one': cannot define the machine on host h1: the disk is broken", {"two"}),
        ("create_volume", "volume 'ROOT-one': cannot make a volume on host h1: the disk is broken", {"two"}),
    ],
)
def test_what_depends_on_a_failed_step_is_left_for_the_next_run(lab: Lab, call: str, told: str, made: set[str]) -> None:
    documents = [*foundation(), web("one"), web("two")]
    breaking(lab, call)
    result = lab.apply(*documents)
    assert [str(error) for error in result.errors] in ([told], [told.replace("one", "two")])
    running = {one.shape.title for one in lab.host().domains.values() if one.active and one.shape}
    assert running in (made, {"one"} if made else made)
    lab.must(*documents)
    assert audit(lab) == []


def test_what_is_shared_stays_while_it_may_be_needed(founded: Lab) -> None:
    founded.must(web("one", networks=["net1"]), applyset="all")
    everything: dict[str, t.Any] = {"removing": True, "applyset": "all"}
    with founded.store() as store, store.transaction(commit=True) as tx:
        for resource in tx.select():
            tx.update(Resource(**vars(resource) | {"applyset": "all"}))
    breaking(founded, "undefine_domain")
    result = founded.apply(**everything)
    assert [str(e) for e in result.errors] == [
        "instance 'one': cannot remove the machine from host h1: the disk is broken"
    ]
    host = founded.host()
    assert (len(host.domains), len(host.networks), len(host.pools)) == (1, 1, 1)
    assert any(name.startswith("template-") for files in host.files.values() for name in files)
    founded.must(**everything)
    assert audit(founded) == []


def test_files_of_what_is_gone_are_found_in_a_pool_that_was_closed(founded: Lab) -> None:
    founded.must(web("one"))
    host = founded.host()
    pools = dict(host.pools)
    host.pools.clear()
    founded.must(doc("instance", "one", state="absent"))
    assert host.pools.keys() == pools.keys()
    assert audit(founded) == []


def test_progress_is_told(founded: Lab) -> None:
    founded.progress.clear()
    founded.must(web("one", networks=[]))
    assert founded.progress == [
        "template 'tiny': copy the image to host h1",
        "volume 'ROOT-one': make a volume on host h1",
        "instance 'one': write the cloud-init seed on host h1",
        "instance 'one': define the machine on host h1",
        "instance 'one': set whether the machine starts with host h1",
        "instance 'one': start the machine on host h1",
    ]


@pytest.mark.parametrize("whole", [True, False])
def test_a_run_that_knows_less_than_the_host_touches_nothing_of_that_instance(cloud: Lab, whole: bool) -> None:
    """As a run whose view is old, or a database that was restored from before a volume was reverted."""
    before = cloud.path.read_bytes()
    cloud.must(doc("volume_snapshot", "before", state="reverted", force=True))
    cloud.path.write_bytes(before)
    states = {url: host.state() for url, host in cloud.hosts.items()}
    told = "volume 'data': another run changed it meanwhile (revision 1 is there, 0 is wanted); apply again"
    documents = () if whole else (doc("instance", "web1", state="restarted"),)
    for run in (cloud.check, cloud.apply):
        result = run(*documents, whole=whole)
        assert [error.sentence for error in result.errors] == [told]
    for url, host in cloud.hosts.items():
        state = host.state()
        files = {n: f for n, f in state["files"].popitem()[1].items() if not n.startswith("record-")}
        assert files == {n: f for n, f in states[url]["files"].popitem()[1].items() if not n.startswith("record-")}
        assert state["domains"] == states[url]["domains"]


REVERT = doc("volume_snapshot", "before", state="reverted", force=True)
# A run, the call in which another one comes in, and what that one stores and does.
OVERTAKEN: dict[str, tuple[Document, str, Document]] = {
    "reverted again": (REVERT, "create_volume", REVERT),
    "stopped": (REVERT, "create_volume", doc("instance", "web1", state="stopped")),
    "stopped at last": (REVERT, "attach_disk", doc("instance", "web1", state="stopped")),
    "attached": (REVERT, "create_volume", doc("volume", "spare", vm="web1")),
    "restored": (REVERT, "detach_disk", doc("instance", "web1", state="restored")),
    "removed": (REVERT, "create_volume", doc("instance", "web1", state="absent")),
    "detached": (doc("instance", "web1", state="restored"), "create_volume", doc("volume", "data", state="detached")),
    "started": (doc("instance", "web1", state="stopped"), "autostart_domain", doc("instance", "web1", state="started")),
}


# What is being done at that moment is done nevertheless, and is mended by the next run that looks.
MOMENTS = [(name, moment) for name in sorted(OVERTAKEN) for moment in (1, 2) if (name, moment) != ("started", 1)]


@pytest.mark.parametrize(("name", "moment"), MOMENTS)
@pytest.mark.parametrize("whole", [True, False])
def test_what_is_stored_last_is_not_undone(cloud: Lab, name: str, whole: bool, moment: int) -> None:
    older, call, newer = OVERTAKEN[name]
    turns, inside = [0], []

    def watch(made: str) -> None:
        """Before or after the call itself; that of the other run is not looked at."""
        turns[0] += made == call and not inside
        if turns[0] == moment and not inside:
            inside.append(True)
            cloud.must(newer, whole=False)

    cloud.watch(watch)
    result = cloud.apply(older, whole=whole)
    assert inside
    cloud.watch(lambda made: None)
    problem = "instance 'web1': another run changed it meanwhile; apply again"
    assert [error.sentence for error in result.errors] == [problem]
    left = [step for entry in cloud.drift().entries for step in entry.steps if "delete a file" not in step]
    assert left == []
    cloud.must()
    assert audit(cloud) == []
    assert not cloud.drift().changed


def test_a_new_machine_that_another_run_stops_is_left_to_it(founded: Lab) -> None:
    def watch(made: str) -> None:
        if made == "create_volume":
            founded.watch(lambda other: None)
            founded.must(web("one", state="stopped"), whole=False)

    founded.watch(watch)
    result = founded.apply(web("one"), web("two"))
    assert [error.sentence for error in result.errors] == [
        "instance 'one': another run changed it meanwhile; apply again"
    ]
    assert not founded.drift().changed
