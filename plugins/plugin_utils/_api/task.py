# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""A task as a client sends it, and its carrying out in the daemon."""

from __future__ import annotations

import dataclasses as dc
import typing as t
import uuid

from ...module_utils._client.endpoint import CONNECTION
from ...module_utils._kinds.registry import KINDS, SYNONYMS
from ...module_utils._runner import OTHERS
from ...module_utils._schema.errors import CairnError
from ...module_utils._schema.formats import line
from ...module_utils._schema.validation import validate
from .._local import execute
from .._run import Open, Run, failed
from .._settings import Settings

# Every module of the collection that the engine carries out, by its short name.
ACTIONS = frozenset({*OTHERS, *(f"{name}{end}" for name in (*KINDS, *SYNONYMS) for end in ("", "_info"))})
# What a body may have, and its type.
_MEMBERS: dict[str, type] = {
    "args": dict,
    "check": bool,
    "summary": bool,
    "actor": str,
    "documents": list,
    "earlier": list,
    "job": str,
}
# Arguments that name files of the machine where the task was started, which this one does not have.
_ELSEWHERE = {("apply", "src"): "documents", ("export", "dest"): "answer"}


class BadRequest(CairnError):
    """What was sent is no task."""


@dc.dataclass(frozen=True)
class Task:
    """``documents`` are those of the files that the task names: kind, content, origin. ``earlier`` are the entries of
    the journal of a check run."""

    action: str
    args: t.Mapping[str, t.Any]
    check: bool = False
    summary: bool = False
    documents: list[t.Any] | None = None
    earlier: t.Sequence[t.Any] = ()

    def stored(self) -> dict[str, t.Any]:
        return {"args": dict(self.args), "summary": self.summary, "documents": self.documents}


def parse(action: str, body: t.Any) -> tuple[Task, str, str]:
    """The task that a body is, who is said to have started it ("" where nobody is), and the id of its job.

    Raises BadRequest.
    """
    if not isinstance(body, dict):
        raise BadRequest("the body is not a JSON object; send one with args")
    for name, value in body.items():
        if name not in _MEMBERS:
            raise BadRequest(f"the body has {name!r:.60}; known are {', '.join(_MEMBERS)}")
        if value is not None and not isinstance(value, _MEMBERS[name]):
            raise BadRequest(f"{name} is not of its type, {_MEMBERS[name].__name__}")
    given = {name: value for name, value in body.items() if value is not None}
    ident = given.pop("job", None) or str(uuid.uuid4())
    actor = _checked_actor(given.pop("actor", ""))
    args = {key: value for key, value in given.pop("args", {}).items() if key not in ("api_url", *CONNECTION)}
    _check_id(ident)
    _check_files(action, args, given)
    return Task(action, args, **given), actor, ident


def _checked_actor(actor: str) -> str:
    try:
        return line(actor)
    except ValueError as error:
        raise BadRequest(f"actor: {error}") from None


def _check_id(ident: str) -> None:
    try:
        whole = str(uuid.UUID(ident)) == ident
    except ValueError:
        whole = False
    if not whole:
        raise BadRequest("job is not a UUID; write one like 123e4567-e89b-42d3-a456-426614174000, or leave it out")


def _check_files(action: str, args: t.Mapping[str, t.Any], given: t.Mapping[str, t.Any]) -> None:
    for (of, name), instead in _ELSEWHERE.items():
        if action == of and args.get(name) and instead not in given:
            raise BadRequest(f"{name}: it names a file of the machine where the task was started; use the {instead}")
    for name, shape in (("documents", _is_document), ("earlier", _is_entry)):
        if not all(map(shape, given.get(name) or ())):
            raise BadRequest(f"{name}: it is not as the daemon's clients write it; leave it out")


def _is_document(one: t.Any) -> bool:
    return (
        isinstance(one, list)
        and len(one) == 3
        and isinstance(one[0], str)
        and one[0] in KINDS
        and isinstance(one[1], dict)
        and isinstance(one[2], str)
    )


def _is_entry(one: t.Any) -> bool:
    if not isinstance(one, dict) or one.keys() != {"applyset", "removing", "documents"}:
        return False
    if not isinstance(one["applyset"], (str, type(None))) or not isinstance(one["removing"], bool):
        return False
    documents = one["documents"]
    return isinstance(documents, list) and all(isinstance(d, list) and _is_document([*d, ""]) for d in documents)


class _Entries:
    """The journal of a check run that lives where the task was started."""

    def __init__(self, earlier: t.Sequence[dict[str, t.Any]]) -> None:
        self._earlier, self.added = list(earlier), []  # type: tuple[list[dict[str, t.Any]], list[dict[str, t.Any]]]

    def earlier(self, where: str) -> list[dict[str, t.Any]]:
        return self._earlier

    def add(self, where: str, entry: dict[str, t.Any]) -> None:
        self.added.append(entry)


def carry_out(task: Task, actor: str, cloud: Open, progress: t.Callable[[str], None]) -> dict[str, t.Any]:
    """The task's ``result``, and the entries that it adds to its ``journal``."""
    journal = _Entries(task.earlier)
    try:
        documents = [validate(KINDS[kind], content, origin) for kind, content, origin in task.documents or ()]
    except CairnError as error:
        return {"result": failed(error)}
    run = Run(
        check=task.check,
        progress=progress,
        journal=journal,
        actor=actor,
        summary=task.summary,
        where=Settings(api_url=""),
        cloud=cloud,
        written=tuple(documents),
    )
    return {"result": execute(task.action, task.args, run), "journal": journal.added}
