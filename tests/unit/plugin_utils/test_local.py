# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Tasks that are about no kind, in process and with a database of their own."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest

from ansible_collections.cairn.cloud.plugins.plugin_utils._local import execute
from ansible_collections.cairn.cloud.plugins.plugin_utils._run import Run
from support.lab import Lab
from support.routed import routed


@pytest.fixture
def task(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> t.Callable[..., dict[str, t.Any]]:
    """Runs a module; relative paths start from an empty folder."""
    (tmp_path / "cairn.yml").write_text(f"state_dir: {tmp_path}\n")
    monkeypatch.setenv("CAIRN_CONFIG", str(tmp_path / "cairn.yml"))

    def run(module: str, *, check: bool = False, **args: t.Any) -> dict[str, t.Any]:
        where = {"api_url": f"sqlite:///{tmp_path}/cairn.db"}
        return execute(module, where | args, Run(check=check, locate=lambda path: str(tmp_path / path)))

    return run


def test_an_export_is_written_once_and_applies_without_a_change(task: t.Any, tmp_path: Path) -> None:
    task("apply", documents=[{"kind": "zone", "name": "z1"}, {"kind": "pod", "name": "p1"}])
    wanted = [{"kind": "zone", "name": "z1"}, {"kind": "pod", "name": "p1", "zone": "z1"}]
    predicted = task("export", dest="cloud.yml", check=True)
    assert not (tmp_path / "cloud.yml").exists()
    written = task("export", dest="cloud.yml")
    assert predicted == written
    assert written["changed"]
    assert written["documents"] == wanted
    assert written["diff"]["after"] == (tmp_path / "cloud.yml").read_text()
    assert not task("export", dest="cloud.yml")["changed"]
    assert not task("apply", src=["cloud.yml"])["changed"]


def test_an_export_of_some_kinds(task: t.Any) -> None:
    task("apply", documents=[{"kind": "zone", "name": "z1"}, {"kind": "pod", "name": "p1"}])
    assert task("export", kinds=["pod"])["documents"] == [{"kind": "pod", "name": "p1", "zone": "z1"}]
    assert not task("export", kinds="zone")["changed"]
    refused = task("export", kinds=["pods"])
    assert refused["failed"]
    assert refused["msg"].startswith("kinds: there is no kind 'pods'; known are ")


def test_a_task_about_several_resources_returns_what_they_have_in_common_and_all_of_their_list() -> None:
    with Lab() as lab:
        lab.must(*routed())

        def members(**more: t.Any) -> dict[str, t.Any]:
            args = {"api_url": "sqlite:////none", "name": "https"}
            return execute("loadbalancer_rule_member", args | more, Run(cloud=lambda **_how: lab.cloud()))

        several = members(vms=["web", "app"])
        assert (several["name"], several["vms"], several["state"]) == ("https", ["web", "app"], "Present")
        assert several["changed"]
        assert not {"id", "vm"} & several.keys()
        one = members(vms="app")
        assert (one["name"], one["vms"], one["vm"], one["changed"]) == ("https", ["app"], "app", False)
        gone = members(vms=["web", "app"], state="absent")
        assert (gone["vms"], gone["state"]) == (["web", "app"], "Absent")
        assert not members(vms=["web", "app"], state="absent")["changed"]
