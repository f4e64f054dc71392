#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers
#
# Derived from plugins/module_utils/_kinds/configuration.py by tests/tools/generate.py; only EXAMPLES is edited here.

from __future__ import annotations

DOCUMENTATION = r"""
module: configuration
short_description: Manage configuration, the settings of the cloud as a whole
description:
  - Creates, changes and removes configuration, the settings of the cloud as a whole.
  - What is wanted is stored first and then made so; what is as it should be is left alone.
version_added: 0.1.0
author:
  - The cairn.cloud developers (@cairn-cloud)
options:
  id:
    description:
      - Id of the configuration, instead of its name.
    type: str
  name:
    description:
      - Name of the setting.
      - V(cpu.overprovisioning.factor) - Virtual CPUs that a new cluster places per host CPU. By default V(4); from
        1 to 64.
      - V(guest.domain.suffix) - DNS domain of networks in a new zone. By default V(cairn.internal).
      - V(mem.overprovisioning.factor) - Memory that a new cluster places per memory of a host. By default V(1);
        from 1 to 8.
      - V(secstorage.allowed.schemes) - How new images may be fetched, by the beginning of their URL. By default
        V(file,http,https); file, http, https.
      - 'V(secstorage.checksum.required) - Which new images must have a checksum: none, those that come by plain
        http, or all. By default V(never); never, http, always.'
      - V(storage.max.volume.size) - Size that no volume is made with, or grows, beyond. By default V(65536) GiB;
        from 1 to 65536.
      - V(storage.overprovisioning.factor) - Sizes of thin volumes that a new primary storage places per capacity.
        By default V(2); from 1 to 100.
      - V(vm.max.data.volumes) - Data volumes that an instance can have. By default V(25); from 1 to 25.
      - V(vm.stop.timeout) - How long a guest gets to shut down before it is switched off, and never longer than
        the task waits. By default V(3600) seconds; from 0 to 86400.
      - V(workers) - Hosts that are worked on at a time. By default V(32); from 1 to 256.
      - A new configuration needs it.
      - It cannot change afterwards.
    type: str
    choices:
      - cpu.overprovisioning.factor
      - guest.domain.suffix
      - mem.overprovisioning.factor
      - secstorage.allowed.schemes
      - secstorage.checksum.required
      - storage.max.volume.size
      - storage.overprovisioning.factor
      - vm.max.data.volumes
      - vm.stop.timeout
      - workers
  state:
    description:
      - What is to be.
      - V(present) - the setting has O(value).
      - V(absent) - the setting has its default.
    type: str
    default: present
    choices:
      - present
      - absent
  value:
    description:
      - Value of the setting; several are joined by commas.
      - A new configuration needs it.
    type: str
notes:
  - Every setting has a default, so that none has to be set. V(absent) gives it its default back.
  - A setting that is a default of new resources changes none that are there.
  - What one zone, cluster or primary storage is to have otherwise is a field of that.
extends_documentation_fragment:
  - cairn.cloud.api
  - cairn.cloud.api.wait
  - cairn.cloud.api.attributes
seealso:
  - module: cairn.cloud.configuration_info
  - module: cairn.cloud.apply
"""

EXAMPLES = r"""
- name: Have new clusters place more virtual CPUs per CPU
  cairn.cloud.configuration:
    name: cpu.overprovisioning.factor
    value: "8"

- name: Have images only from servers, and only such that nobody can change on their way
  cairn.cloud.configuration:
    name: secstorage.allowed.schemes
    value: https

- name: Give settings their defaults back
  cairn.cloud.configuration:
    name: "{{ item }}"
    state: absent
  loop: [cpu.overprovisioning.factor, secstorage.allowed.schemes]
"""

RETURN = r"""
id:
  description: Id of the configuration.
  returned: when it has a value
  type: str
state:
  description: State of the configuration.
  returned: when it has a value
  type: str
created:
  description: When it was made, in UTC.
  returned: when it has a value
  type: str
name:
  description: Name of the setting.
  returned: when it has a value
  type: str
value:
  description: Value of the setting; several are joined by commas.
  returned: when it has a value
  type: str
default:
  description: Value that it has when it is not set.
  returned: when it has a value
  type: str
type:
  description: Type of the value, such as V(int).
  returned: when it has a value
  type: str
unit:
  description: Unit of the value.
  returned: when it has a value
  type: str
description:
  description: What it is for.
  returned: when it has a value
  type: str
is_set:
  description: Whether it was set.
  returned: when it has a value
  type: bool
"""

from ansible_collections.cairn.cloud.plugins.module_utils._kinds.configuration import CONFIGURATION
from ansible_collections.cairn.cloud.plugins.module_utils._runner import run_resource


def main() -> None:
    run_resource(CONFIGURATION)


if __name__ == "__main__":
    main()
