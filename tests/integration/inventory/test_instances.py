# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""The inventory of instances as Ansible's commands see it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from support.filled import fill, instance
from support.playbook import Ansible

# How ansible-inventory marks text that is no template.
MARK = "__ansible_unsafe"
EVIL = "{{ lookup('pipe', 'touch injected') }}"


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A cloud, which CAIRN_API_URL names."""
    url = fill(
        tmp_path / "cloud.db",
        [
            instance("web1", tags={"role": "web"}, display_name="Shop"),
            instance("db1", zone="vie-2", tags={"role": "db", EVIL: EVIL}, display_name=EVIL),
            instance("old", power="Destroyed"),
        ],
    )
    monkeypatch.setenv("CAIRN_API_URL", url)
    return url


def inventory(ansible: Ansible, *arguments: str, **options: Any) -> Any:
    """What ansible-inventory --list prints for a source with these options."""
    source = ansible.directory / "x.cairn.yml"
    source.write_text(json.dumps({"plugin": "cairn.cloud.instances"} | options))
    result = ansible.run("ansible-inventory", "-i", source, "--list", *arguments)
    assert "WARNING" not in result.stderr
    return json.loads(result.stdout, object_hook=lambda found: found.get(MARK, found))


def names(listing: Any) -> list[str]:
    return sorted(listing["_meta"]["hostvars"])


def test_the_cloud_is_the_one_that_the_environment_names(ansible: Ansible, url: str) -> None:
    listing = inventory(ansible)
    assert names(listing) == ["db1", "web1"]
    assert listing["ungrouped"]["hosts"] == ["db1", "web1"]
    known = listing["_meta"]["hostvars"]["web1"]
    assert (known["ansible_host"], known["ansible_user"], known["cairn_zone"]) == ("10.1.0.1", "debian", "vie-1")


def test_the_source_goes_before_the_environment(ansible: Ansible, url: str, tmp_path: Path) -> None:
    other = fill(tmp_path / "other.db", [instance("elsewhere")])
    assert names(inventory(ansible, api_url=other)) == ["elsewhere"]


def test_the_configuration_file_is_the_last_to_be_asked(
    ansible: Ansible, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CAIRN_API_URL")
    monkeypatch.setenv("CAIRN_CONFIG", str(ansible.directory / "settings.yml"))
    (ansible.directory / "settings.yml").write_text(f"api_url: {url}\n")
    assert names(inventory(ansible)) == ["db1", "web1"]


def test_filters_and_hostnames(ansible: Ansible, url: str) -> None:
    assert names(inventory(ansible, filters={"tags": {"role": "web"}}, hostnames=["display_name"])) == ["Shop"]
    assert names(inventory(ansible, filters={"zone": "vie-2"}, hostnames=["default_ip"])) == ["10.1.0.2"]
    assert names(inventory(ansible, filters={"state": "Destroyed"})) == ["old"]


def test_keyed_groups_by_tag_and_zone(ansible: Ansible, url: str) -> None:
    keyed = [{"prefix": "role", "key": "cairn_tags.role"}, {"prefix": "zone", "key": "cairn_zone"}]
    listing = inventory(ansible, keyed_groups=keyed)
    assert listing["role_web"]["hosts"] == ["web1"]
    assert listing["zone_vie_2"]["hosts"] == ["db1"]


@pytest.mark.parametrize("cache", [False, True])
def test_what_the_cloud_says_is_never_a_template(ansible: Ansible, url: str, cache: bool) -> None:
    cached = {"cache": True, "cache_plugin": "ansible.builtin.jsonfile", "cache_connection": "cached"}
    options: dict[str, Any] = {"compose": {"copied": "cairn_tags"}} | (cached if cache else {})
    for _turn in range(2):
        listing = inventory(ansible, **options)
    known = listing["_meta"]["hostvars"]["db1"]
    assert known["cairn_tags"][EVIL] == known["copied"][EVIL] == known["cairn_display_name"] == EVIL
    play = [{"hosts": "db1", "gather_facts": False, "connection": "local"}]
    play[0]["tasks"] = [{"ansible.builtin.debug": {"msg": "said {{ cairn_tags }} and {{ cairn_display_name }}"}}]
    (ansible.directory / "play.yml").write_text(json.dumps(play))
    ansible.playbook("play.yml", "-i", "x.cairn.yml", "-e", "ansible_python_interpreter=auto_silent")
    assert not (ansible.directory / "injected").exists()


def test_the_cache_answers_without_the_cloud(ansible: Ansible, url: str, tmp_path: Path) -> None:
    options = {"cache": True, "cache_plugin": "ansible.builtin.jsonfile", "cache_connection": "cached"}
    assert names(inventory(ansible, **options)) == ["db1", "web1"]
    (tmp_path / "cloud.db").rename(tmp_path / "moved.db")
    assert names(inventory(ansible, **options)) == ["db1", "web1"]
    (tmp_path / "moved.db").rename(tmp_path / "cloud.db")
    assert names(inventory(ansible, filters={"zone": "vie-2"}, **options)) == ["db1"]
    assert names(inventory(ansible, "--flush-cache", **options)) == ["db1", "web1"]


def test_a_refusal_is_one_sentence(ansible: Ansible, url: str) -> None:
    source = ansible.directory / "x.cairn.yml"
    source.write_text("plugin: cairn.cloud.instances\nfilters: {zoen: vie-1}\n")
    result = ansible.run("ansible-inventory", "-i", source, "--list")
    assert "filters: there is no filter 'zoen'; known are account" in result.stderr
    assert "Traceback" not in result.stderr


def test_the_documentation_can_be_read(ansible: Ansible) -> None:
    result = ansible.run("ansible-doc", "-t", "inventory", "cairn.cloud.instances", "--json")
    options = result.json()["cairn.cloud.instances"]["doc"]["options"]
    assert options["api_url"]["env"] == [{"name": "CAIRN_API_URL"}]
    assert {"cache", "keyed_groups", "filters"} <= set(options)
