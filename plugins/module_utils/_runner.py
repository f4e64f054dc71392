# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Modules on a machine other than the control node: the one place where exceptions become fail_json.

There a module speaks to the management daemon. This release has none, and says so.
"""

from __future__ import annotations

import typing as t

from ansible.module_utils.basic import AnsibleModule

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
# Modules that are about no kind.
OTHERS = ("apply", "capacity_info", "drift", "event_info", "export", "rebuild", "scheduled_snapshots")


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

    _run(module, check)


def run_info(kind: Kind) -> None:
    """The main of the module that reads resources of ``kind``."""
    _run(AnsibleModule(argument_spec=arguments.info_argument_spec(kind), supports_check_mode=True))


def run_apply() -> None:
    """The main of module apply."""
    spec = APPLY | arguments.API | arguments.WAIT
    _run(AnsibleModule(argument_spec=spec, required_one_of=[["src", "documents"]], supports_check_mode=True))


def run_drift() -> None:
    """The main of module drift."""
    _run(AnsibleModule(argument_spec=arguments.API | arguments.WAIT, supports_check_mode=True))


def run_export() -> None:
    """The main of module export."""
    _run(AnsibleModule(argument_spec=EXPORT | arguments.API, supports_check_mode=True))


def run_rebuild() -> None:
    """The main of module rebuild."""
    _run(AnsibleModule(argument_spec=REBUILD | arguments.API | arguments.WAIT, supports_check_mode=True))


def run_scheduled_snapshots() -> None:
    """The main of module scheduled_snapshots."""
    _run(AnsibleModule(argument_spec=arguments.API | arguments.WAIT, supports_check_mode=True))


def run_event_info() -> None:
    """The main of module event_info."""
    _run(AnsibleModule(argument_spec=EVENT_INFO | arguments.API, supports_check_mode=True))


def run_capacity_info() -> None:
    """The main of module capacity_info."""
    _run(AnsibleModule(argument_spec=CAPACITY_INFO | arguments.API, supports_check_mode=True))


def _run(module: AnsibleModule, check: t.Callable[[], None] | None = None) -> None:
    try:
        if check:
            check()
        _ask_daemon(module.params.get("api_url"))
    except CairnError as error:
        module.fail_json(msg=error.sentence)


def _ask_daemon(api_url: str | None) -> t.NoReturn:
    where = f" ({api_url})" if api_url else ""
    raise DriverError(
        f"this task runs on another machine than the control node, and from there the cloud{where} is reached by a "
        "management daemon, which this release does not have; run it on the control node with 'delegate_to: localhost'"
    )
