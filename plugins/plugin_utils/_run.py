# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""A task carried out, whichever way its cloud is reached: arguments in, Ansible's result out.

The scheme of ``api_url`` picks the way: ``https`` and ``unix`` ask the management daemon, anything else is a database
that the engine opens in this process. What a way needs is imported when it is taken.
"""

from __future__ import annotations

import contextlib
import dataclasses as dc
import json
import os
import typing as t

from ..module_utils._client.endpoint import CONNECTION, is_remote
from ..module_utils._schema.errors import CairnError
from ..module_utils._schema.validation import Document
from ._documents import Read, read_file
from ._settings import Settings, settings

if t.TYPE_CHECKING:
    from ._core.job import Standing
    from ._services.cloud import Cloud

Answer = dict[str, t.Any]
Args = t.Mapping[str, t.Any]


class Open(t.Protocol):
    """Opens the cloud for one run; ``standing`` is the job that it is for."""

    def __call__(
        self,
        *,
        check: bool,
        progress: t.Callable[[str], None] | None,
        timeout: int,
        actor: str | None,
        standing: Standing | None = None,
    ) -> contextlib.AbstractContextManager[Cloud]: ...


class Journal(t.Protocol):
    """What the tasks of a check run would have stored, for the tasks that follow them."""

    def earlier(self, where: str) -> list[dict[str, t.Any]]:
        """The entries of the cloud at ``where``, oldest first."""

    def add(self, where: str, entry: dict[str, t.Any]) -> None: ...


@dc.dataclass(frozen=True)
class FileJournal:
    """A journal that the processes of one run share; it is as secret as the documents in it."""

    path: str

    def earlier(self, where: str) -> list[dict[str, t.Any]]:
        if not os.path.exists(self.path):
            return []
        with open(self.path, encoding="utf-8") as file:
            lines = [json.loads(line) for line in file]
        return [line["entry"] for line in lines if line["where"] == where]

    def add(self, where: str, entry: dict[str, t.Any]) -> None:
        descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "a", encoding="utf-8") as file:
            file.write(json.dumps({"where": where, "entry": entry}) + "\n")


@dc.dataclass(frozen=True)
class Run:
    """How a task runs: in check mode or not, who is told of progress, where files and earlier checks are.

    ``summary`` also tells the progress what came of it, in words.
    ``actor`` is who is noted as having made changes, where that is not the user of this process.
    ``where`` are the settings, where they are known already. ``cloud`` opens the cloud, by default the one that they
    name, for this run alone. ``written`` are the documents of the task's files where those were read already.
    """

    check: bool = False
    progress: t.Callable[[str], None] | None = None
    journal: Journal | None = None
    actor: str | None = None
    summary: bool = True
    locate: t.Callable[[str], str] = os.path.abspath
    read: Read = read_file
    where: Settings | None = None
    cloud: Open | None = None
    written: tuple[Document, ...] | None = None


def execute(action: str, args: Args, run: Run) -> Answer:
    """Carry out a module of ours by its short name. Never raises CairnError: it becomes ``failed`` and ``msg``."""
    try:
        where = settings(args.get("api_url"), given={name: args[name] for name in CONNECTION if name in args})
        way = _remote() if is_remote(where.api_url) else _local()
        return way(action, args, dc.replace(run, where=where))
    except CairnError as error:
        return failed(error)


def failed(error: CairnError) -> Answer:
    """The result of a task that cannot be carried out."""
    return {"failed": True, "changed": False, "msg": error.sentence}


def prepare() -> None:
    """Import what tasks will need, before a process is forked for each of them."""
    with contextlib.suppress(CairnError):
        _remote() if is_remote(settings().api_url) else _local()


def _remote() -> t.Callable[[str, Args, Run], Answer]:
    from . import _remote

    return _remote.execute


def _local() -> t.Callable[[str, Args, Run], Answer]:
    try:
        from . import _local
    except ImportError as error:
        if error.name and error.name.startswith("ansible_collections"):
            raise
        raise CairnError(
            f"the Python that runs Ansible has no module '{error.name}'; install the collection's requirements.txt "
            "into it"
        ) from None
    return _local.execute
