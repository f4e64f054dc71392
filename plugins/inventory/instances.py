# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

from __future__ import annotations

DOCUMENTATION = r"""
name: instances
short_description: Instances of the cloud as hosts
version_added: 0.1.0
author:
  - The cairn.cloud developers (@cairn-cloud)
description:
  - Lists the instances of the cloud, with all that is known of them, by one read of its database, or one
    request to its management daemon. No hypervisor and no guest is asked.
  - The file of an inventory source is called C(cairn.yml) or C(cairn.yaml), or ends in C(.cairn.yml) or C(.cairn.yaml).
extends_documentation_fragment:
  - cairn.cloud.api
  - ansible.builtin.constructed
  - ansible.builtin.inventory_cache
notes:
  - Each host has the return values of M(cairn.cloud.instance) as variables, with the prefix C(cairn_), such as
    C(cairn_id), C(cairn_state) and C(cairn_nic). C(cairn_tags) is a mapping.
  - C(ansible_host) is the instance's address on its default network, and C(ansible_user) the O(cairn.cloud.template#module:login_user)
    of its template. Instances without an address are listed without C(ansible_host).
  - Destroyed instances are left out, unless O(filters) asks for a state.
  - An instance whose name is that of a group, of this machine or of another listed instance is listed by its id.
  - Values that come from the cloud are never templates, whatever they hold.
options:
  plugin:
    description:
      - Says that the file is meant for this plugin.
    type: str
    required: true
    choices:
      - cairn.cloud.instances
  api_url:
    env:
      - name: CAIRN_API_URL
  api_key:
    env:
      - name: CAIRN_API_KEY
  ca_path:
    env:
      - name: CAIRN_CA_PATH
  validate_certs:
    env:
      - name: CAIRN_VALIDATE_CERTS
  filters:
    description:
      - Only instances for which all of these hold.
      - The names are those of the options of M(cairn.cloud.instance_info), and C(state) with one of V(Running), V(Stopped) and V(Destroyed).
      - C(tags) is a mapping or a list of dictionaries with C(key) and C(value), and asks for all of the tags.
        Everything else takes one value; case makes no difference.
    type: dict
    default: {}
  isolated:
    description:
      - How instances are reached whose address is one of an isolated network, which the control node cannot reach.
      - V(guest_agent) sets C(ansible_connection) to P(cairn.cloud.guest_agent#connection). V(ssh) is for those who get there
        by a way of their own, such as a forwarded port.
    type: str
    choices:
      - guest_agent
      - ssh
    default: guest_agent
  hostnames:
    description:
      - What an instance is called in the inventory. The first of these that it has is taken.
    type: list
    elements: str
    choices:
      - name
      - display_name
      - id
      - default_ip
    default:
      - name
seealso:
  - module: cairn.cloud.instance_info
  - plugin: cairn.cloud.guest_agent
    plugin_type: connection
"""

EXAMPLES = r"""
# cairn.yml: all instances but the destroyed ones. The cloud is the one that the environment variable CAIRN_API_URL,
# or the configuration file, names.
plugin: cairn.cloud.instances

---
# Groups such as zone_vie_1, state_running, group_shop and tag_role_web.
plugin: cairn.cloud.instances
keyed_groups:
  - prefix: zone
    key: cairn_zone
  - prefix: state
    key: cairn_state | lower
  - prefix: group
    key: cairn_group | default('')
  - prefix: tag
    key: cairn_tags

---
# Running instances of one zone that have the tag role=web, called by their name for people where they have one.
plugin: cairn.cloud.instances
api_url: postgresql://cairn@db.example.com/cairn
filters:
  zone: vie-1
  state: Running
  tags:
    role: web
hostnames:
  - display_name
  - name

---
# Variables and groups of one's own, and a cache for clouds that are asked often.
plugin: cairn.cloud.instances
compose:
  # Connect by the address on the network called management.
  ansible_host: (cairn_nic | selectattr('network', 'eq', 'management') | first).ip_address
  ansible_port: cairn_tags.ssh_port | default(22) | int
groups:
  production: cairn_tags.stage | default('') == 'production'
cache: true
cache_plugin: ansible.builtin.jsonfile
cache_connection: ~/.cache/cairn-inventory
cache_timeout: 300
"""

import collections
import hashlib
import json
import os
import typing as t
from urllib.parse import urlsplit

from ansible import constants as C
from ansible import template
from ansible.errors import AnsibleParserError
from ansible.plugins.inventory import BaseInventoryPlugin, Cacheable, Constructable

from ..module_utils._client.endpoint import CONNECTION as REACHED
from ..module_utils._kinds.instance import INSTANCE
from ..module_utils._schema import filters as _filters
from ..module_utils._schema.errors import CairnError
from ..plugin_utils._run import Run, execute
from ..plugin_utils._settings import Settings, settings

Instance = dict[str, t.Any]
DESTROYED = INSTANCE.states["destroyed"].sets["power"]
STATES = tuple(sorted({state.sets["power"] for state in INSTANCE.states.values() if "power" in state.sets}))
# Before ansible-core 2.19, all text is a template that is not marked as unsafe; since then, only what is marked as trusted.
TEXT_IS_TEMPLATE = not hasattr(template, "trust_as_template")
CONNECTION = {"ansible_host": "default_ip", "ansible_user": "login_user"}


def checked(filters: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """The filters that are given, which all can match something. Raises CairnError."""
    given = _filters.checked(INSTANCE, filters)
    for key in {"state", "power"} & given.keys():
        if str(given[key]).capitalize() not in STATES:
            raise CairnError(f"filters, {key}: '{given[key]}' is not a state; use one of {', '.join(STATES)}")
    return given


def listed(instances: t.Iterable[Instance], filters: t.Mapping[str, t.Any]) -> list[Instance]:
    """The instances without destroyed ones, unless ``filters`` asks for a state."""
    asked = not {"state", "power"}.isdisjoint(filters)
    return [instance for instance in instances if asked or instance["state"] != DESTROYED]


def called(instances: t.Sequence[Instance], preferences: t.Sequence[str], taken: t.Collection[str]) -> dict[str, str]:
    """What each instance is called, by id: its first preferred name, or its id where that is not its alone."""
    reserved = {*taken, *C.LOCALHOST, *(instance["id"] for instance in instances)}
    names = {}
    for instance in instances:
        preferred = (instance.get(key) for key in preferences)
        names[instance["id"]] = next(filter(None, preferred), instance["id"])
    used = collections.Counter(names.values())
    return {ident: ident if name in reserved or used[name] > 1 else name for ident, name in names.items()}


def facts(instance: Instance, isolated: str) -> dict[str, t.Any]:
    """An instance as the variables of its host; ``isolated`` is how those are reached that no route leads to."""
    known = {f"cairn_{key}": value for key, value in instance.items()}
    known["cairn_tags"] = {tag["key"]: tag["value"] for tag in instance["tags"]}
    known |= {variable: instance[key] for variable, key in CONNECTION.items() if instance.get(key)}
    cards = {card["ip_address"]: card for card in instance["nic"]}
    if isolated != "ssh" and cards.get(instance.get("default_ip"), {}).get("type") == "Isolated":
        known["ansible_connection"] = f"cairn.cloud.{isolated}"
    return known


def untemplated(value: t.Any) -> t.Any:
    """The value, so that nothing in it is taken for a template."""
    if TEXT_IS_TEMPLATE:
        from ansible.utils.unsafe_proxy import wrap_var

        return wrap_var(value)
    return value


class InventoryModule(BaseInventoryPlugin, Constructable, Cacheable):
    """Lists instances; all that it knows, it knows from one read of the cloud."""

    NAME = "cairn.cloud.instances"

    def verify_file(self, path: str) -> bool:
        name = f".{os.path.basename(path)}"
        return super().verify_file(path) and name.endswith((".cairn.yml", ".cairn.yaml"))

    def parse(self, inventory: t.Any, loader: t.Any, path: str, cache: bool = True) -> None:
        super().parse(inventory, loader, path, cache)
        self._read_config_data(path)
        try:
            instances = self._instances(path, cache)
        except CairnError as error:
            raise AnsibleParserError(error.sentence) from None
        self._construct(self._add(instances))

    def _instances(self, path: str, cache: bool) -> list[Instance]:
        """What is to be listed, from the cache where that is wanted and has it."""
        filters, where = checked(self.get_option("filters")), settings(self.get_option("api_url"))
        if not self.get_option("cache"):
            return self._read(where, filters)
        key = self._cache_key(path, where.api_url, filters)
        if not cache or key not in self._cache:
            self._cache[key] = {"instances": self._read(where, filters)}
        return list(self._cache[key]["instances"])

    def _cache_key(self, path: str, api_url: str, filters: t.Mapping[str, t.Any]) -> str:
        """Another one for each cloud and each set of filters; nothing of a password goes into it."""
        url = urlsplit(api_url)
        cloud = url._replace(netloc=url.netloc.rpartition("@")[2]).geturl()
        asked = json.dumps([cloud, filters], sort_keys=True, default=str)
        return f"{self.get_cache_key(path)}_{hashlib.sha256(asked.encode()).hexdigest()[:16]}"

    def _read(self, where: Settings, filters: t.Mapping[str, t.Any]) -> list[Instance]:
        found = execute("instance_info", {"api_url": where.api_url, **self._connection(), **filters}, Run())
        if found.get("failed"):
            raise CairnError(found["msg"])
        file = where.api_url.removeprefix("sqlite:///")
        if file != where.api_url and not os.path.exists(file):
            self.display.warning(f"There is no database {file} yet, so no instance is listed.")
        return listed(found[INSTANCE.many], filters)

    def _connection(self) -> dict[str, t.Any]:
        """What the source says of how a management daemon is reached."""
        return {name: self.get_option(name) for name in REACHED}

    def _add(self, instances: list[Instance]) -> list[str]:
        """Add the hosts with their variables. Returns what they are called.

        Variables are given to the host itself: by name, they would go to a group of that name.
        """
        preferences, isolated = self.get_option("hostnames"), self.get_option("isolated")
        names = called(instances, preferences, self.inventory.groups)
        for instance in instances:
            name = names[instance["id"]]
            if name == instance["id"] and "id" not in preferences:
                self.display.warning(
                    f"Instance '{instance['name']}' is listed by its id, {name}: its name is not its alone, or it has none."
                )
            self.inventory.add_host(name)
            host = self.inventory.hosts[name]
            for variable, value in facts(instance, isolated).items():
                host.set_variable(variable, untemplated(value))
        return list(names.values())

    def _construct(self, names: list[str]) -> None:
        """Variables and groups as the source describes them; all variables come before the first group."""
        compose, groups, keyed = (self.get_option(option) for option in ("compose", "groups", "keyed_groups"))
        strict, hosts = self.get_option("strict"), self.inventory.hosts
        for name in names if compose else ():
            self._set_composite_vars(compose, hosts[name].get_vars(), name, strict)
        for name in names if groups or keyed else ():
            variables = hosts[name].get_vars()
            self._add_host_to_composed_groups(groups, variables, name, strict, fetch_hostvars=False)
            self._add_host_to_keyed_groups(keyed, variables, name, strict, fetch_hostvars=False)
