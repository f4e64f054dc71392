# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""The fast path: tasks of this collection carried out in process, on the control node.

All modules of the collection are redirected here (``plugin_routing.action``). Ansible loads this file
once, before it forks its workers, so that the engine's imports are paid once for a play. Where ``api_url`` is that of
the management daemon, it is asked from here. A task whose host is not the control node is sent there as any module is.
"""

from __future__ import annotations

import datetime
import gc
import os
import typing as t

from ansible import constants as C
from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ..module_utils._schema.errors import CairnError
from ..plugin_utils._documents import named, written
from ..plugin_utils._run import FileJournal, Run, execute, prepare

prepare()
display = Display()


def plain(value: t.Any) -> t.Any:
    """The value without what Ansible attaches to its data (origins, trust): only exact types of Python, dates as text."""
    if isinstance(value, dict):
        return {plain(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [plain(item) for item in value]
    if isinstance(value, (datetime.date, datetime.time)):
        return str(value)
    for kind in (bool, int, float):
        if isinstance(value, kind):
            return kind(value)
    return str.__str__(value) if isinstance(value, str) else value


class ActionModule(ActionBase):
    """Runs a task of ours here, or sends its module to the task's host."""

    TRANSFERS_FILES = False
    _supports_check_mode = True
    _supports_async = False

    def run(self, tmp: t.Any = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        result: dict[str, t.Any] = super().run(tmp, task_vars)
        action = self._task.action.rpartition(".")[2]
        if self._connection.transport != "local":
            sent = self._sent(action, self._task.args)
            result |= self._execute_module(module_name=f"cairn.cloud.{action}", module_args=sent, task_vars=task_vars)
            return result
        # This process was forked for one task, and all that Ansible has in memory came with it. A collection of garbage
        # would walk through that, and copy its pages, for longer than the task takes.
        gc.freeze()
        run = Run(
            check=self._task.check_mode,
            # AWX runs all jobs as one user of the system, and names who started the job.
            actor=plain((task_vars or {}).get("awx_user_name")),
            progress=display.display if action == "apply" else None,
            journal=FileJournal(os.path.join(C.DEFAULT_LOCAL_TMP, "cairn-check.jsonl")),
            locate=self._loader.path_dwim,
            read=self._read,
        )
        return result | execute(action, plain(self._task.args), run)

    def _read(self, path: str) -> str:
        return str(plain(self._loader.get_text_file_contents(path)))

    def _sent(self, action: str, args: dict[str, t.Any]) -> dict[str, t.Any]:
        """The arguments of a module that is sent elsewhere: with the documents of files, which are on this machine."""
        if action != "apply" or not args.get("src"):
            return args
        try:
            documents = named(plain(args["src"]), self._loader.path_dwim, self._read)
        except CairnError as error:
            raise AnsibleActionFail(error.sentence) from None
        read = [{"kind": document.kind.name} | written(document) for document in documents]
        rest = {name: value for name, value in args.items() if name != "src"}
        return rest | {"documents": [*read, *(args.get("documents") or [])]}
