# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""The command line on simulated hosts, in process; on a pseudo-terminal where it needs one."""

from __future__ import annotations

import contextlib
import datetime
import json
import re
import subprocess
import typing as t
from pathlib import Path

import click.testing
import pytest
import yaml

from ansible_collections.cairn.cloud.plugins.module_utils._kinds.registry import KINDS
from ansible_collections.cairn.cloud.plugins.plugin_utils import _wiring
from ansible_collections.cairn.cloud.plugins.plugin_utils._cli import change, names
from ansible_collections.cairn.cloud.plugins.plugin_utils._cli.app import cairn
from ansible_collections.cairn.cloud.plugins.plugin_utils._cli.context import shown
from ansible_collections.cairn.cloud.plugins.plugin_utils._drivers.sql.store import open_store

Cairn = t.Callable[..., click.testing.Result]


def test_a_plan_does_nothing_and_an_apply_does_it(run: Cairn, documents: Path) -> None:
    planned = run("plan", str(documents))
    assert "+ zone 'home'" in planned.stdout
    assert planned.stdout.endswith("Would be done: 6 create\n")
    assert run("list", "zone").stdout == "there is no zone\n"
    assert run("apply", "--yes", str(documents)).stdout == "Done: 6 created\n"
    assert run("apply", "--yes", str(documents)).stdout == "Nothing to do.\n"
    assert run("list", "zones").stdout.splitlines()[1].startswith("home  Enabled")


def test_an_apply_shows_the_plan_and_asks(run: Cairn, documents: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refused = run("apply", str(documents), code=2)
    assert "there is nobody to ask; look at 'cairn plan', then add --yes" in refused.stderr
    monkeypatch.setattr(change, "_asks", lambda: True)
    declined = run("apply", str(documents), typed="n\n", code=1)
    assert "+ zone 'home'" in declined.stdout
    assert "Aborted" in declined.stderr
    assert run("list", "zone").stdout == "there is no zone\n"
    run("apply", str(documents), typed="y\n")
    assert "Nothing to do." in run("apply", str(documents)).stdout


def test_an_update_is_shown_field_by_field(run: Cairn, documents: Path) -> None:
    run("apply", "--yes", str(documents))
    documents.write_text(documents.read_text().replace("display_text: S", "display_text: M"))
    planned = run("plan", str(documents)).stdout
    assert "~ service offering 'small'\n    display_text: S > M\nWould be done: 1 update\n" in planned


def test_what_is_no_longer_written_is_pruned_when_asked(run: Cairn, documents: Path, tmp_path: Path) -> None:
    run("apply", "--yes", str(documents))
    less = tmp_path / "less.yml"
    less.write_text(documents.read_text().rpartition("---")[0])
    assert run("plan", str(less)).stdout == "Nothing to do.\n"
    assert "- service offering 'small'" in run("plan", "--prune", str(less)).stdout
    assert run("apply", "--yes", "--prune", str(less)).stdout == "Done: 1 removed\n"


@pytest.mark.parametrize("kind", ["host", "hosts", "HOST", "Hosts"])
def test_kinds_are_taken_as_people_write_them(run: Cairn, documents: Path, kind: str) -> None:
    run("apply", "--yes", str(documents))
    assert run("list", kind).stdout.splitlines()[1].startswith("h1 ")


def test_findings_for_programs(run: Cairn, documents: Path) -> None:
    run("apply", "--yes", str(documents))
    hosts = json.loads(run("-o", "json", "list", "host").stdout)
    assert [host["name"] for host in hosts] == ["h1"]
    assert yaml.safe_load(run("-o", "yaml", "list", "host").stdout) == hosts
    assert json.loads(run("-o", "json", "show", "host", hosts[0]["id"]).stdout) == hosts[0]
    assert json.loads(run("show", "host", hosts[0]["id"], "--output", "json").stdout) == hosts[0]
    assert json.loads(run("-o", "yaml", "show", "host", hosts[0]["id"], "-o", "json").stdout) == hosts[0]
    planned = json.loads(run("-o", "json", "plan", str(documents)).stdout)
    assert planned["changed"] is False
    assert {one["action"] for one in json.loads(run("-o", "json", "events").stdout)} == {"create"}
    assert json.loads(run("-o", "json", "capacity", "--type", "host").stdout)[0]["name"] == "h1"
    assert re.search(r"^\d{4}-\d\d-\d\dT[\d:]+Z  create  zone ", run("events").stdout, re.MULTILINE)
    assert re.search(r"^host +h1 +0 of \d+ +0 of \d+ MiB", run("capacity").stdout, re.MULTILINE)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "configuration"])
def test_all_kinds_are_listed(run: Cairn, kind: str) -> None:
    assert run("list", kind).stdout == f"there is no {KINDS[kind].title}\n"
    assert json.loads(run("-o", "json", "list", kind).stdout) == []


def test_settings_are_listed_set_or_not(run: Cairn) -> None:
    lines = [line.split() for line in run("list", "configuration").stdout.splitlines()]
    assert ["workers", "Default", "32", "32", "int"] in [line[:5] for line in lines]
    assert "Hosts that are worked on at a time." in run("show", "configuration", "workers").stdout


def test_filters(run: Cairn, documents: Path) -> None:
    run("apply", "--yes", str(documents))
    offerings = ("list", "service-offering", "-f")
    assert "small" in run(*offerings, "name=small").stdout
    assert run(*offerings, "name=large").stdout == "there is no service offering\n"
    assert "there is no filter 'colour'" in run(*offerings, "colour=red", code=1).stderr
    assert "write it like state=Running" in run(*offerings, "red", code=2).stderr


def test_one_resource_is_shown_field_by_field(run: Cairn, documents: Path) -> None:
    run("apply", "--yes", str(documents))
    lines = dict(line.split(None, 1) for line in run("show", "service_offering", "small").stdout.splitlines())
    assert lines["memory"].strip() == "256"
    assert lines["display_text"].strip() == "S"


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("list", "server"), 2, "there is no kind 'server'; known are"),
        (("show", "zone", "vienna"), 1, "zone 'vienna' not found; there are home"),
        (("plan", "/nowhere"), 2, "'/nowhere' does not exist"),
        (("console", "web1"), 2, "a console needs a terminal"),
        (("--api-url", "mysql://x", "list", "zone"), 1, "mysql"),
        (("list", "zone", "--api-url", "mysql://x"), 1, "mysql"),
        (("api-key", "list", "--api-url", "mysql://x"), 1, "mysql"),
        (("events", "--limit", "0"), 2, "0 is not in the range"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(
    run: Cairn, documents: Path, words: tuple[str, ...], code: int, said: str
) -> None:
    run("apply", "--yes", str(documents))
    assert said in run(*words, code=code).stderr


def test_a_document_that_is_refused(run: Cairn, documents: Path) -> None:
    documents.write_text("kind: zone\nname: a/b\n")
    said = run("plan", str(documents), code=1).stderr
    assert said.startswith("Error: ")
    assert "a name has at most 63 letters" in said


def test_drift_is_told_by_the_exit_code(run: Cairn, documents: Path, tmp_path: Path) -> None:
    run("apply", "--yes", str(documents))
    assert run("drift").stdout == "the hosts are as described\n"
    (tmp_path / "h1.xml").unlink()
    rows = run("drift", code=3).stdout.splitlines()
    assert rows[0].split() == ["KIND", "NAME", "FIELD", "FOUND", "WANTED"]
    assert "disks" in rows[1]


def test_an_export_applies(run: Cairn, documents: Path) -> None:
    run("apply", "--yes", str(documents))
    documents.write_text(run("export").stdout)
    assert run("plan", str(documents)).stdout == "Nothing to do.\n"
    assert [one["kind"] for one in json.loads(run("-o", "json", "export", "--kind", "pod").stdout)] == ["pod"]


def test_a_lost_database_is_read_back_when_asked(
    run: Cairn, documents: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    host = f"test://{tmp_path}/h1.xml"
    run("apply", "--yes", str(documents))
    before = run("-o", "json", "export").stdout
    assert "the database is not empty, it has zones; name a new one" in run("rebuild", "-y", host, code=1).stderr
    for file in tmp_path.glob("cairn.db*"):
        file.unlink()
    assert "there is nobody to ask" in run("rebuild", host, code=2).stderr
    monkeypatch.setattr(change, "_asks", lambda: True)
    declined = run("rebuild", host, typed="n\n", code=1)
    assert "+ zone 'home'" in declined.stdout
    assert run("list", "zone").stdout == "there is no zone\n"
    assert run("rebuild", host, typed="y\n").stdout.endswith("Done: 6 created\n")
    assert run("-o", "json", "export").stdout == before
    assert run("apply", "--yes", str(documents)).stdout == "Nothing to do.\n"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["nowhere"], "hosts: 'nowhere' is not a libvirt URL; write it like"),
        (["test:///default"], "no host has a record of a cloud; name hosts of the cloud"),
    ],
)
def test_what_cannot_be_read_back_is_said(run: Cairn, words: list[str], sentence: str) -> None:
    assert sentence in run("rebuild", "--yes", *words, code=1).stderr


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shells_are_told_how_to_complete(run: Cairn, shell: str) -> None:
    assert "_CAIRN_COMPLETE" in run("completion", shell).stdout


@pytest.mark.parametrize(
    ("words", "completed"),
    [
        ("cairn li", {"list"}),
        ("cairn list service", {"service_offering"}),
        ("cairn show zone ", {"home"}),
        ("cairn show zone v", set()),
        ("cairn show nothing ", set()),
    ],
)
def test_commands_kinds_and_names_are_completed(run: Cairn, documents: Path, words: str, completed: set[str]) -> None:
    run("apply", "--yes", str(documents))
    at = str(len(words.split(" ")) - 1)
    variables = {"_CAIRN_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": at}
    result = click.testing.CliRunner(env=variables).invoke(cairn, [], prog_name="cairn")
    assert {line.partition(",")[2] for line in result.stdout.splitlines() if line} == completed


def test_filters_by_tags() -> None:
    written = ("tags.role=web", "state=Running", "tags.size=s")
    assert names.filters(t.cast("t.Any", None), t.cast("t.Any", None), written) == {
        "tags": {"role": "web", "size": "s"},
        "state": "Running",
    }


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "yes"),
        (3, "3"),
        ("a\x1b[31mb", "a\\x1b[31mb"),
        ([{"key": "role", "value": "web"}], "role=web"),
        ({"network": "lan", "address": None}, "network=lan"),
        (["a", "b"], "a, b"),
    ],
)
def test_values_are_shown(value: t.Any, text: str) -> None:
    assert shown(value) == text


def test_a_plan_explains_where_instances_go(run: Cairn, documents: Path, tmp_path: Path) -> None:
    run("apply", "--yes", str(documents))
    image = tmp_path / "tiny.qcow2"
    subprocess.run(["qemu-img", "create", "-q", "-f", "qcow2", str(image), "1M"], check=True)
    more = [
        {"kind": "host", "name": "h2", "url": f"test://{tmp_path}/h2.xml", "state": "maintenance"},
        {"kind": "secondary_storage", "name": "images", "url": f"file://{tmp_path}/images"},
        {"kind": "template", "name": "tiny", "url": f"file://{image}"},
        {"kind": "instance", "name": "web1", "service_offering": "small", "networks": []},
    ]
    path = tmp_path / "more.yml"
    path.write_text(yaml.safe_dump_all(more))
    explained = "? instance 'web1' on h1, not on\n    h2: is in maintenance\n"
    assert explained in run("plan", "--explain", str(path)).stdout
    assert explained not in run("plan", str(path)).stdout
    (told,) = json.loads(run("-o", "json", "plan", "--explain", str(path)).stdout)["placements"]
    assert (told["host"], told["not_chosen"]) == ("h1", {"h2": "is in maintenance"})
    (tmp_path / "h2.xml").unlink(missing_ok=True)
    path.write_text(yaml.safe_dump_all(more[1:]))
    assert "    no other host, for the zone has none\n" in run("plan", "--explain", str(path)).stdout


def test_snapshots_are_taken_when_they_are_due(
    run: Cairn, documents: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    image = tmp_path / "tiny.qcow2"
    subprocess.run(["qemu-img", "create", "-q", "-f", "qcow2", str(image), "1M"], check=True)
    more = [
        {"kind": "secondary_storage", "name": "images", "url": f"file://{tmp_path}/images"},
        {"kind": "template", "name": "tiny", "url": f"file://{image}"},
        {"kind": "network_offering", "name": "shared"},
        {"kind": "network", "name": "lan", "cidr": "10.1.1.0/24"},
        {"kind": "instance", "name": "web1"},
        {"kind": "volume_snapshot_policy", "interval_type": "hourly", "vm": "web1", "schedule": "0", "max_snaps": 1},
    ]
    documents.write_text(f"{documents.read_text()}---\n{yaml.safe_dump_all(more)}")
    run("apply", "--yes", str(documents))
    assert run("snapshots").stdout == "No snapshot is due.\n"
    for hours in (1, 2):
        later = (datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")
        monkeypatch.setattr(_wiring, "now", lambda later=later: later)
        predicted = run("snapshots", "--check").stdout.splitlines()
        told = run("snapshots").stdout.splitlines()
        assert predicted == [f"would be {line}" for line in told]
        assert [line.split(":")[0] for line in told] == ["taken", "removed"][:hours]
        assert run("snapshots").stdout == "No snapshot is due.\n"
    store = open_store(f"sqlite:///{tmp_path}/cairn.db", kinds=KINDS, create=False, clock=_wiring.now)
    with contextlib.closing(store), store.lease("snapshots", 0):
        told = run("snapshots")
    assert (told.stdout, told.stderr.count("is taking the snapshots of policies")) == ("", 1)
    assert json.loads(run("-o", "json", "snapshots").stdout) == {"changed": False, "taken": [], "removed": []}
    assert len(json.loads(run("-o", "json", "list", "volume_snapshot").stdout)) == 1


def test_api_keys_are_made_listed_and_revoked(run: Cairn) -> None:
    key = run("api-key", "create", "awx", "--description", "Jobs").stdout.strip()
    assert re.fullmatch(r"cairn_[A-Za-z0-9_-]{43}", key)
    [listed] = json.loads(run("-o", "json", "api-key", "list").stdout)
    assert (listed["name"], listed["hint"], listed["description"]) == ("awx", key[:12], "Jobs")
    assert key not in run("api-key", "list").stdout
    assert "there is an API key 'awx' already" in run("api-key", "create", "awx", code=1).stderr
    run("api-key", "revoke", "awx")
    assert run("api-key", "list").stdout == "there is no API key\n"
    assert "API key 'awx' not found" in run("api-key", "revoke", "awx", code=1).stderr


def test_a_daemon_hands_over_no_consoles(run: Cairn, monkeypatch: pytest.MonkeyPatch) -> None:
    refused = run("--api-url", "unix:///nowhere", "console", "web1", code=1)
    assert "unix:///nowhere hands over no consoles" in refused.stderr
