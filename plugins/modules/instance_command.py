#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

from __future__ import annotations

DOCUMENTATION = r"""
module: instance_command
short_description: Run a command in an instance through its guest agent
description:
  - Runs a program as root in a running instance that has QEMU's guest agent. It goes through the instance's host, and needs
    neither an address of the instance nor a login.
  - For whole plays in instances that cannot be reached by SSH there is P(cairn.cloud.guest_agent#connection).
version_added: 0.1.0
author:
  - The cairn.cloud developers (@cairn-cloud)
options:
  id:
    description:
      - ID of the instance. This or O(name) is needed.
    type: str
  name:
    description:
      - Name of the instance.
    type: str
  zone:
    description:
      - Zone of the instance.
    type: str
  argv:
    description:
      - The program and its arguments. No shell looks at them.
    type: list
    elements: str
    required: true
  stdin:
    description:
      - What the program reads.
    type: str
  encoding:
    description:
      - How O(stdin), RV(stdout) and RV(stderr) are written. V(base64) is for content that is no text.
    type: str
    choices: [text, base64]
    default: text
  timeout:
    description:
      - How long the command may take, in seconds; V(0) is as long as it wants. One that takes longer goes on, and the task
        fails.
    type: int
    default: 0
extends_documentation_fragment:
  - cairn.cloud.api
attributes:
  check_mode:
    support: partial
    description: Changes nothing, and says that it would.
    details: Finds the instance, and cannot tell what the command would do.
  diff_mode:
    support: none
    description: What a command changes is not known.
  action:
    support: full
    description: Runs on the control node, without a transfer to the task's host.
notes:
  - Nothing of a command is stored, and events do not have it. Whoever may change the cloud may be root in its instances.
  - An agent tells some 3 MB of output; the task fails where a command says more.
seealso:
  - module: cairn.cloud.instance
  - plugin: cairn.cloud.guest_agent
    plugin_type: connection
"""

EXAMPLES = r"""
- name: Have an instance write everything to its disks
  cairn.cloud.instance_command:
    name: tool1
    argv: [sync]
    timeout: 60

- name: Write a file whose content is secret
  cairn.cloud.instance_command:
    name: tool1
    argv: [sh, -c, "umask 077; cat > /run/token"]
    stdin: "{{ token | default('not for everybody') }}"
  no_log: true
"""

RETURN = r"""
rc:
  description: What the command ended with; the task fails where that is not 0.
  returned: unless in check mode
  type: int
stdout:
  description: What it said.
  returned: unless in check mode
  type: str
stderr:
  description: What it said of errors.
  returned: unless in check mode
  type: str
"""

from ansible_collections.cairn.cloud.plugins.module_utils._runner import run_instance_command


def main() -> None:
    run_instance_command()


if __name__ == "__main__":
    main()
