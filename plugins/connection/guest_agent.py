# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

from __future__ import annotations

DOCUMENTATION = r"""
name: guest_agent
short_description: Instances by their guest agent
version_added: 0.1.0
author:
  - The cairn.cloud developers (@cairn-cloud)
description:
  - Runs tasks in instances of the cloud through QEMU's guest agent. Commands and files go through the instance's host, so
    that the instance needs no address that the control node reaches, and no login.
  - Everything is done as root.
  - Inventory P(cairn.cloud.instances#inventory) sets it for instances on isolated networks.
options:
  instance:
    description:
      - ID of the instance.
    type: str
    required: true
    vars:
      - name: ansible_guest_agent_instance
      - name: cairn_id
  remote_user:
    description:
      - Who tasks are done as; it cannot be another one, so that C(~) is what it is for root. Use C(become) for others.
    type: str
    choices: [root]
    default: root
    vars:
      - name: ansible_guest_agent_user
  pipelining:
    description:
      - Whether modules are handed to the instance's Python directly, without a file and three more commands.
    type: bool
    default: true
    vars:
      - name: ansible_pipelining
      - name: ansible_guest_agent_pipelining
  api_url:
    env:
      - name: CAIRN_API_URL
    vars:
      - name: ansible_guest_agent_api_url
  api_key:
    env:
      - name: CAIRN_API_KEY
    vars:
      - name: ansible_guest_agent_api_key
  ca_path:
    env:
      - name: CAIRN_CA_PATH
    vars:
      - name: ansible_guest_agent_ca_path
  validate_certs:
    env:
      - name: CAIRN_VALIDATE_CERTS
    vars:
      - name: ansible_guest_agent_validate_certs
extends_documentation_fragment:
  - cairn.cloud.api
notes:
  - Every command costs some tens of milliseconds more than by SSH, and files are sent a megabyte at a time.
  - A command that says more than some 3 MB fails, since an agent does not tell more.
seealso:
  - module: cairn.cloud.instance_command
  - plugin: cairn.cloud.instances
    plugin_type: inventory
"""

import base64

from ansible.errors import AnsibleConnectionFailure, AnsibleError, AnsibleFileNotFound
from ansible.module_utils.common.text.converters import to_bytes
from ansible.plugins.connection import ConnectionBase

from ..module_utils._client.endpoint import CONNECTION
from ..plugin_utils._run import Run, execute

# Bytes of a file in one call; calls take at most 4 MiB, and base64 makes a third more of it.
PIECE = 1 << 20
Ended = tuple[int, bytes, bytes]


class Connection(ConnectionBase):
    """One instance; each command is a call of its own."""

    transport = "cairn.cloud.guest_agent"
    has_pipelining = True
    has_tty = False

    def _connect(self) -> Connection:
        self._connected = True
        return self

    def close(self) -> None:
        self._connected = False

    def exec_command(self, cmd: str, in_data: bytes | None = None, sudoable: bool = True) -> Ended:
        super().exec_command(cmd, in_data=in_data, sudoable=sudoable)
        return self._run(["/bin/sh", "-c", cmd], in_data or b"")

    def put_file(self, in_path: str, out_path: str) -> None:
        super().put_file(in_path, out_path)
        try:
            with open(in_path, "rb") as file:
                self._write(file.read(PIECE), out_path, ">")
                while piece := file.read(PIECE):
                    self._write(piece, out_path, ">>")
        except FileNotFoundError:
            raise AnsibleFileNotFound(f"there is no file {in_path}") from None

    def fetch_file(self, in_path: str, out_path: str) -> None:
        super().fetch_file(in_path, out_path)
        with open(out_path, "wb") as file:
            while piece := self._read(in_path, file.tell()):
                file.write(piece)

    def _write(self, piece: bytes, path: str, redirection: str) -> None:
        self._checked(["/bin/sh", "-c", f'cat {redirection} "$1"', "sh", path], path, piece)

    def _read(self, path: str, offset: int) -> bytes:
        return self._checked(["/bin/sh", "-c", f'tail -c +{offset + 1} -- "$1" | head -c {PIECE}', "sh", path], path)

    def _checked(self, argv: list[str], path: str, given: bytes = b"") -> bytes:
        code, out, err = self._run(argv, given)
        if code or err:
            raise AnsibleError(f"{path} in the instance: {err.decode(errors='replace').strip() or code}")
        return out

    def _run(self, argv: list[str], given: bytes) -> Ended:
        where = {name: self.get_option(name) for name in ("api_url", *CONNECTION)}
        command = {
            "id": str(self.get_option("instance")),
            "argv": argv,
            "stdin": base64.b64encode(to_bytes(given)).decode(),
            "encoding": "base64",
        }
        answer = execute("instance_command", where | command, Run())
        if "rc" not in answer:
            raise AnsibleConnectionFailure(answer["msg"])
        return answer["rc"], base64.b64decode(answer["stdout"]), base64.b64decode(answer["stderr"])
