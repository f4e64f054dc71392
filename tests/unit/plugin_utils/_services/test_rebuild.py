# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""A database that was lost comes back from the hosts as it was."""

from __future__ import annotations

import typing as t

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ansible_collections.cairn.cloud.plugins.module_utils._kinds.registry import KINDS
from ansible_collections.cairn.cloud.plugins.module_utils._schema.errors import CairnError
from support import sample
from support.amounts import stated
from support.audit import audit
from support.clouds import clouds, edits
from support.lab import Lab

NEVER_ATTACHED = "spare"


def stored(lab: Lab) -> dict[str, t.Any]:
    """All that the database has and the hosts can tell of, secrets apart."""
    with lab.store() as store, store.reading() as tx:
        resources = [one for one in tx.select(removing=None) if one.kind != "volume" or one.spec.get("host")]
        secret = {kind.name: [n for n, field in kind.stored.items() if field.secret] for kind in KINDS.values()}
        hosts = [one.id for one in resources if one.kind == "host"]
        return {
            "installation": tx.installation(),
            "resources": {
                one.id: (
                    one.kind,
                    one.name,
                    one.scope,
                    one.owner,
                    one.created,
                    one.applyset,
                    one.parent,
                    {name: value for name, value in one.spec.items() if name not in secret[one.kind]},
                    {k: v for k, v in one.status.items() if k not in ("digests", "quiesced", "hosts")},
                )
                for one in resources
            },
            "nics": tx.nics(),
            "taken": {one.id: tx.addresses(one.id) for one in resources if one.kind == "network"},
            "usage": (tx.usage(hosts), tx.storage_usage(hosts)),
        }


def states(lab: Lab) -> dict[str, t.Any]:
    return {url: host.state() for url, host in lab.hosts.items()}


def rebuilt(lab: Lab, **how: t.Any) -> t.Any:
    """The database is lost and read back; the hosts are as before."""
    before = states(lab)
    lab.forget()
    report = lab.rebuild(**how)
    assert states(lab) == before
    return report


@pytest.fixture
def lab() -> t.Iterator[Lab]:
    with Lab() as made:
        made.must(*sample.cloud())
        yield made


def test_the_sample_cloud_comes_back(lab: Lab) -> None:
    before = stored(lab)
    report = rebuilt(lab)
    assert stored(lab) == before
    assert report.changed
    assert audit(lab) == []
    drift = lab.drift()
    assert (drift.entries, drift.warnings) == ([], [])


def test_the_documents_then_change_nothing(lab: Lab) -> None:
    rebuilt(lab)
    documents = [one for one in sample.cloud() if one.name != NEVER_ATTACHED]
    calls = {url: list(host.calls) for url, host in lab.hosts.items()}
    assert not lab.must(*documents).changed
    assert {url: host.calls for url, host in lab.hosts.items()} == calls


def test_an_empty_database_is_needed(lab: Lab) -> None:
    with pytest.raises(CairnError, match=r"^the database is not empty, it has affinity groups"):
        lab.rebuild()


@given(data=st.data())
@settings(max_examples=stated(300), suppress_health_check=[HealthCheck.too_slow])
def test_random_clouds_come_back(data: st.DataObject) -> None:
    with Lab() as lab:
        wish = data.draw(clouds())
        lab.must(*wish.documents(), applyset="all")
        if data.draw(st.booleans()):
            lab.must(*data.draw(edits(wish)).documents(), removing=True, applyset="all")
        before = stored(lab)
        rebuilt(lab)
        assert stored(lab) == before
        assert audit(lab) == []
        assert not lab.drift().changed
