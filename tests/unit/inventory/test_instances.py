# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""The inventory of instances, in process, on a database that no hypervisor stands behind."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
from ansible.errors import AnsibleError, AnsibleParserError
from ansible.inventory.data import InventoryData
from ansible.parsing.dataloader import DataLoader
from ansible.template import trust_as_template

from ansible_collections.cairn.cloud.plugins.inventory import instances
from ansible_collections.cairn.cloud.plugins.inventory.instances import (
    InventoryModule,
    called,
    checked,
    facts,
    listed,
)
from ansible_collections.cairn.cloud.plugins.module_utils._kinds.instance import INSTANCE
from ansible_collections.cairn.cloud.plugins.module_utils._schema.errors import CairnError
from support.filled import fill, ident, instance

DEFAULTS: dict[str, Any] = {
    "api_url": None,
    "api_key": None,
    "ca_path": None,
    "validate_certs": None,
    "filters": {},
    "hostnames": ["name"],
    "isolated": "guest_agent",
    "cache": False,
    "strict": False,
    "compose": {},
    "groups": {},
    "keyed_groups": [],
    "leading_separator": True,
    "use_extra_vars": False,
}
Instance = dict[str, Any]


class Plugin(InventoryModule):
    """The plugin with options that a test gives, rather than a file."""

    ansible_name = "cairn.cloud.instances"

    def __init__(self, **options: Any) -> None:
        super().__init__()
        self.given = DEFAULTS | options
        self.warnings: list[str] = []
        self.display = self
        self._cache: dict[str, Any] = {}

    def warning(self, message: str) -> None:
        self.warnings.append(message)

    def get_option(self, option: str, *_rest: Any) -> Any:
        return self.given[option]

    def _read_config_data(self, path: str) -> None:
        pass

    def hosts(self, inventory: InventoryData | None = None, cache: bool = True) -> dict[str, dict[str, Any]]:
        inventory = inventory or InventoryData()
        self.parse(inventory, DataLoader(), "cairn.yml", cache)
        return {name: host.vars for name, host in inventory.hosts.items()}


def trusted(expressions: dict[str, str]) -> dict[str, str]:
    """Expressions as the plugin gets them from a source's file."""
    return {key: trust_as_template(text) for key, text in expressions.items()}


def shown(name: str, **fields: Any) -> Instance:
    return {"id": ident(name), "name": name, "state": "Running", "tags": [], "nic": []} | fields


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    return fill(
        tmp_path_factory.mktemp("cloud") / "cairn.db",
        [
            instance("web1", tags={"role": "web", "ssh_port": "2222"}, display_name="Shop", group="shop"),
            instance("web2", zone="vie-2", tags={"role": "web"}, power="Stopped", ip=False),
            instance("old", power="Destroyed"),
            instance("evil", tags={"{{ 1+1 }}": "{{ 1+1 }}"}, display_name="{{ 1+1 }}"),
        ],
    )


def test_all_that_is_known_becomes_variables(url: str) -> None:
    known = Plugin(api_url=url).hosts()["web1"]
    assert known["ansible_host"] == "10.1.0.1"
    assert known["ansible_user"] == "debian"
    assert known["cairn_tags"] == {"role": "web", "ssh_port": "2222"}
    assert known["cairn_zone"] == "vie-1"
    assert known["cairn_host"] == "node-vie-1"
    assert known["cairn_group"] == "shop"
    [card] = known["cairn_nic"]
    assert (card["network"], card["ip_address"]) == ("inside", "10.1.0.1")


def test_an_instance_without_an_address_has_no_ansible_host(url: str) -> None:
    assert "ansible_host" not in Plugin(api_url=url).hosts()["web2"]


def test_destroyed_instances_are_listed_only_when_they_are_asked_for(url: str) -> None:
    assert list(Plugin(api_url=url).hosts()) == ["evil", "web1", "web2"]
    assert list(Plugin(api_url=url, filters={"state": "destroyed"}).hosts()) == ["old"]
    assert list(Plugin(api_url=url, filters={"power": "Destroyed"}).hosts()) == ["old"]
    assert "old" not in Plugin(api_url=url, filters={"state": None}).hosts()


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        ({"zone": "vie-2"}, ["web2"]),
        ({"zone": "VIE-2"}, ["web2"]),
        ({"state": "stopped"}, ["web2"]),
        ({"tags": {"role": "web"}}, ["web1", "web2"]),
        ({"tags": [{"key": "role", "value": "web"}], "zone": "vie-1"}, ["web1"]),
        ({"tags": {"role": "web", "ssh_port": 2222}}, ["web1"]),
        ({"group": "shop"}, ["web1"]),
        ({"id": ident("instance vie-1 web1")}, ["web1"]),
        ({"account": "nobody"}, []),
    ],
)
def test_filters(url: str, filters: dict[str, Any], names: list[str]) -> None:
    assert list(Plugin(api_url=url, filters=filters).hosts()) == names


@pytest.mark.parametrize(
    ("filters", "words"),
    [
        ({"zoen": "vie-1"}, "there is no filter 'zoen'; known are account"),
        ({"zone": ["vie-1"]}, "filters, zone: it is not one value"),
        ({"state": "started"}, "'started' is not a state; use one of Destroyed, Running, Stopped"),
        ({"power": False}, "'False' is not a state"),
        ({"tags": "web"}, "filters, tags: 'web' is neither a mapping nor a list"),
        ({"tags": [{"web": 1}]}, "is not a tag"),
    ],
)
def test_a_filter_that_can_match_nothing_is_refused(filters: dict[str, Any], words: str) -> None:
    with pytest.raises(CairnError, match=words):
        checked(filters)


def test_filters_are_those_that_the_kind_has() -> None:
    assert checked(dict.fromkeys(["id", "state", *INSTANCE.filters])) == {}


def test_errors_are_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(AnsibleParserError, match=r"^there is no directory|cannot be opened, there is no directory"):
        Plugin(api_url=f"sqlite:///{tmp_path}/nowhere/cairn.db").hosts()
    with pytest.raises(AnsibleParserError, match="filters: there is no filter 'x'"):
        Plugin(filters={"x": 1}).hosts()


def test_a_database_that_is_not_there_is_said_and_not_made(tmp_path: Path) -> None:
    plugin = Plugin(api_url=f"sqlite:///{tmp_path}/cairn.db")
    assert plugin.hosts() == {}
    assert plugin.warnings == [f"There is no database {tmp_path}/cairn.db yet, so no instance is listed."]
    assert list(tmp_path.iterdir()) == []


def test_a_missing_package_is_named(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    package = "ansible_collections.cairn.cloud.plugins.plugin_utils"
    engine = tuple(f"{package}.{part}" for part in ("_local", "_wiring", "_drivers"))
    for name in [name for name in sys.modules if name.startswith(engine)]:
        monkeypatch.delitem(sys.modules, name)
    for part in ("_local", "_wiring"):
        monkeypatch.delattr(f"{package}.{part}", raising=False)
    monkeypatch.setitem(sys.modules, "sqlalchemy", None)
    with pytest.raises(AnsibleParserError, match="has no module 'sqlalchemy'; install the collection's requirements"):
        Plugin(api_url=url).hosts()


def test_the_first_hostname_that_there_is_is_taken() -> None:
    named, bare = shown("a", display_name="Shop"), shown("b")
    names = called([named, bare], ["default_ip", "display_name", "name"], ())
    assert list(names.values()) == ["Shop", "b"]
    assert called([bare], ["display_name"], ()) == {ident("b"): ident("b")}


def test_a_name_that_is_not_its_alone_is_nobodys() -> None:
    first, second = shown("web"), shown("web", id=ident("web in vie-2"))
    assert called([first, second], ["name"], ()) == {one["id"]: one["id"] for one in (first, second)}
    for name in ("all", "localhost", "127.0.0.1", ident("web")):
        one = shown(name, id=ident("another"))
        assert called([one, first], ["name"], ("all", "ungrouped"))[one["id"]] == one["id"]


def test_an_instance_cannot_speak_for_a_group_or_for_this_machine(tmp_path: Path) -> None:
    url = fill(tmp_path / "cairn.db", [instance("all"), instance("localhost"), instance("prod"), instance("web")])
    inventory = InventoryData()
    inventory.add_group("prod")
    plugin = Plugin(
        api_url=url, compose=trusted({"mine": "cairn_name"}), groups=trusted({"web": "cairn_name == 'all'"})
    )
    hosts = plugin.hosts(inventory)
    assert set(hosts) == {"web", *(ident(f"instance vie-1 {name}") for name in ("all", "localhost", "prod"))}
    assert hosts["web"]["mine"] == "web"
    assert [group.vars for group in inventory.groups.values()] == [{}] * len(inventory.groups)
    assert len(plugin.warnings) == 3
    assert "Instance 'all' is listed by its id" in plugin.warnings[0]


def test_compose_goes_before_what_the_cloud_says(url: str) -> None:
    known = Plugin(
        api_url=url, compose=trusted({"ansible_user": "'ops'", "ansible_port": "cairn_tags.ssh_port | int"})
    ).hosts()
    assert (known["web1"]["ansible_user"], known["web1"]["ansible_port"]) == ("ops", 2222)
    assert "ansible_port" not in known["web2"]
    with pytest.raises(AnsibleError, match="Could not set ansible_port for host evil"):
        Plugin(api_url=url, strict=True, compose=trusted({"ansible_port": "cairn_tags.ssh_port | int"})).hosts()


def test_groups(url: str) -> None:
    inventory = InventoryData()
    keyed = [
        trusted({"key": "cairn_zone", "prefix": "zone"}),
        trusted({"key": "cairn_tags", "prefix": "tag"}),
        trusted({"key": "site", "prefix": "site"}),
    ]
    Plugin(
        api_url=url,
        compose=trusted({"site": "cairn_zone[:3]"}),
        groups=trusted({"off": "cairn_state == 'Stopped'"}),
        keyed_groups=keyed,
    ).hosts(inventory)
    groups = inventory.get_groups_dict()
    assert groups["zone_vie_1"] == ["evil", "web1"]
    assert groups["tag_role_web"] == ["web1", "web2"]
    assert groups["site_vie"] == ["evil", "web1", "web2"]
    assert groups["off"] == ["web2"]


def test_values_are_never_templates(url: str) -> None:
    plugin = Plugin(api_url=url, compose=trusted({"copied": "cairn_tags", "joined": "cairn_display_name ~ '!'"}))
    known = plugin.hosts()["evil"]
    assert known["cairn_tags"] == known["copied"] == {"{{ 1+1 }}": "{{ 1+1 }}"}
    assert known["joined"] == "{{ 1+1 }}!"
    plugin.templar.available_variables = known
    assert plugin.templar.template(trust_as_template("{{ cairn_display_name }}")) == "{{ 1+1 }}"


def test_older_releases_are_told_what_is_no_template(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not instances.TEXT_IS_TEMPLATE
    monkeypatch.setattr(instances, "TEXT_IS_TEMPLATE", True)
    monkeypatch.setattr("ansible.utils.unsafe_proxy.wrap_var", lambda value: ("unsafe", value))
    assert instances.untemplated("{{ 1 }}") == ("unsafe", "{{ 1 }}")


def test_facts_of_an_instance_with_nothing_but_a_name() -> None:
    assert facts(shown("a", default_ip=None), "guest_agent") == {
        "cairn_id": ident("a"),
        "cairn_name": "a",
        "cairn_state": "Running",
        "cairn_tags": {},
        "cairn_nic": [],
        "cairn_default_ip": None,
    }
    assert listed([shown("a", state="Destroyed")], {}) == []


@pytest.mark.parametrize(
    ("types", "isolated", "connection"),
    [
        (["Isolated"], "guest_agent", "cairn.cloud.guest_agent"),
        (["Isolated", "Shared"], "guest_agent", "cairn.cloud.guest_agent"),
        (["Shared", "Isolated"], "guest_agent", None),
        (["Shared"], "guest_agent", None),
        (["Isolated"], "ssh", None),
        ([], "guest_agent", None),
    ],
)
def test_isolated_instances_are_reached_by_their_agent(types: list[str], isolated: str, connection: str | None) -> None:
    nic = [{"network": f"n{n}", "type": sort, "ip_address": f"10.0.{n}.2"} for n, sort in enumerate(types)]
    made = shown("a", nic=nic, default_ip=nic[0]["ip_address"] if nic else None)
    assert facts(made, isolated).get("ansible_connection") == connection


def test_the_cache_is_kept_apart_by_cloud_and_filters(url: str) -> None:
    plugin = Plugin(api_url=url, cache=True)
    assert len(plugin.hosts()) == 3
    [key] = plugin._cache
    plugin._cache[key]["instances"].pop()
    assert len(plugin.hosts()) == 2
    assert len(plugin.hosts(cache=False)) == 3
    plugin.given["filters"] = {"zone": "vie-2"}
    assert list(plugin.hosts()) == ["web2"]
    assert len(plugin._cache) == 2


def test_no_password_goes_into_the_key_of_the_cache() -> None:
    plugin = Plugin()
    first, second = (plugin._cache_key("cairn.yml", f"postgresql://a:{word}@db/c", {}) for word in ("one", "two"))
    assert first == second != plugin._cache_key("cairn.yml", "postgresql://a:one@db/d", {})


@pytest.mark.parametrize(
    ("name", "ours"),
    [
        ("cairn.yml", True),
        ("cairn.yaml", True),
        ("instances.cairn.yml", True),
        ("x.cairn.yaml", True),
        ("my_cairn.yml", False),
        ("cairn.json", False),
        ("hosts.yml", False),
    ],
)
def test_which_files_are_ours(tmp_path: Path, name: str, ours: bool) -> None:
    (tmp_path / name).write_text("plugin: cairn.cloud.instances\n")
    assert InventoryModule().verify_file(str(tmp_path / name)) is ours
    assert not InventoryModule().verify_file(str(tmp_path / "missing" / name))
