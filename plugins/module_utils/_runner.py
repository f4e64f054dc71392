# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Modules on a machine other than the control node: the one place where exceptions become fail_json.

There a module speaks to the management daemon; a database is opened on the control node alone. The configuration file
is the control node's, too: here, options and environment variables count.
"""

from __future__ import annotations

import os
import typing as t

from ansible.module_utils.basic import AnsibleModule

from ._client.call import call
from ._client.endpoint import CONNECTION, Endpoint, is_remote, truth
from ._schema import arguments
from ._schema.errors import CairnError, DriverError
from ._schema.kind import Kind
from ._schema.validation import validate

APPLY: dict[str, dict[str, t.Any]] = {
    "src": {"type": "list", "elements": "path"},
    "documents": {"type": "list", "elements": "dict"},
    "prune": {"type": "bool", "default": False},
    "set": {"type": "str", "default": "default"},
    "force": {"type": "bool", "default": False},
    "explain": {"type": "bool", "default": False},
}
EXPORT: dict[str, dict[str, t.Any]] = {
    "kinds": {"type": "list", "elements": "str"},
    "dest": {"type": "path"},
}
EVENT_INFO: dict[str, dict[str, t.Any]] = {
    **{name: {"type": "str"} for name in ("kind", "name", "resource_id", "user", "since", "until")},
    "action": {"type": "str", "choices": ["create", "update", "remove", "mend", "fail"]},
    "limit": {"type": "int", "default": 100},
}
CAPACITY_INFO: dict[str, dict[str, t.Any]] = {
    "type": {"type": "str", "choices": ["zone", "pod", "cluster", "host", "primary_storage"]},
    "name": {"type": "str"},
}
REBUILD: dict[str, dict[str, t.Any]] = {
    "hosts": {"type": "list", "elements": "str", "required": True},
    "installation": {"type": "str"},
    "partial": {"type": "bool", "default": False},
}
INSTANCE_COMMAND: dict[str, dict[str, t.Any]] = {
    "id": {"type": "str"},
    "name": {"type": "str"},
    "zone": {"type": "str"},
    "argv": {"type": "list", "elements": "str", "required": True},
    "stdin": {"type": "str"},
    "encoding": {"type": "str", "choices": ["text", "base64"], "default": "text"},
    "timeout": {"type": "int", "default": 0},
}
# The arguments of modules that are about no kind.
ALL: dict[str, dict[str, dict[str, t.Any]]] = {
    "apply": APPLY | arguments.API | arguments.WAIT,
    "capacity_info": CAPACITY_INFO | arguments.API,
    "drift": arguments.API | arguments.WAIT,
    "event_info": EVENT_INFO | arguments.API,
    "export": EXPORT | arguments.API,
    "instance_command": INSTANCE_COMMAND | arguments.API,
    "rebuild": REBUILD | arguments.API | arguments.WAIT,
    "scheduled_snapshots": arguments.API | arguments.WAIT,
}
OTHERS = tuple(ALL)


def run_resource(kind: Kind) -> None:
    """The main of the module that manages ``kind``."""
    module = AnsibleModule(
        argument_spec=arguments.argument_spec(kind),
        required_one_of=arguments.required_one_of(kind),
        supports_check_mode=True,
    )

    def check() -> None:
        given = {key: value for key, value in module.params.items() if key not in arguments.RUN_ARGUMENTS}
        validate(kind, given)

    _run(module, kind.name, check)


def run_info(kind: Kind) -> None:
    """The main of the module that reads resources of ``kind``."""
    spec = arguments.info_argument_spec(kind)
    _run(AnsibleModule(argument_spec=spec, supports_check_mode=True), f"{kind.name}_info")


def run_apply() -> None:
    """The main of module apply."""
    _run_other("apply", required_one_of=[["src", "documents"]])


def run_drift() -> None:
    """The main of module drift."""
    _run_other("drift")


def run_export() -> None:
    """The main of module export."""
    _run_other("export")


def run_instance_command() -> None:
    """The main of module instance_command."""
    _run_other("instance_command", required_one_of=[["id", "name"]])


def run_rebuild() -> None:
    """The main of module rebuild."""
    _run_other("rebuild")


def run_scheduled_snapshots() -> None:
    """The main of module scheduled_snapshots."""
    _run_other("scheduled_snapshots")


def run_event_info() -> None:
    """The main of module event_info."""
    _run_other("event_info")


def run_capacity_info() -> None:
    """The main of module capacity_info."""
    _run_other("capacity_info")


def _run_other(action: str, **more: t.Any) -> None:
    _run(AnsibleModule(argument_spec=ALL[action], supports_check_mode=True, **more), action)


def _run(module: AnsibleModule, action: str, check: t.Callable[[], None] | None = None) -> None:
    try:
        if check:
            check()
        answer = _ask_daemon(module, action)
    except CairnError as error:
        module.fail_json(msg=error.sentence)
    if answer.pop("failed", False):
        module.fail_json(**answer)
    module.exit_json(**answer)


def _ask_daemon(module: AnsibleModule, action: str) -> dict[str, t.Any]:
    given = {name: module.params.get(name) for name in ("api_url", *CONNECTION)}
    found = {name: os.environ.get(f"CAIRN_{name.upper()}") if value is None else value for name, value in given.items()}
    url, certs = found["api_url"] or "", found["validate_certs"]
    if not is_remote(url):
        where = f" ({url})" if url else ""
        raise DriverError(
            f"this task runs on another machine than the control node, and from there the cloud{where} is reached by "
            "its management daemon; let api_url name that, like https://cloud.example.com:8250, or run it on the "
            "control node with 'delegate_to: localhost'"
        )
    endpoint = Endpoint(
        url, found["api_key"], found["ca_path"], truth("validate_certs", True if certs is None else certs)
    )
    args = {key: value for key, value in module.params.items() if value is not None and key not in given}
    answer: dict[str, t.Any] = call(endpoint, action, {"args": args, "check": module.check_mode})["result"]
    return answer
