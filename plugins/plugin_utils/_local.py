# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""A task carried out in process, on the control node: arguments in, Ansible's result out.

The one place of the in-process way where exceptions become a failed task.
"""

from __future__ import annotations

import dataclasses as dc
import typing as t

from ..module_utils._kinds.instance import INSTANCE
from ..module_utils._kinds.registry import KINDS, ONCE, SYNONYMS
from ..module_utils._runner import CAPACITY_INFO, EVENT_INFO, EXPORT, REBUILD
from ..module_utils._schema.arguments import RUN_ARGUMENTS
from ..module_utils._schema.errors import CairnError
from ..module_utils._schema.filters import checked
from ..module_utils._schema.formats import libvirt_url
from ..module_utils._schema.kind import Kind
from ..module_utils._schema.quoting import short
from ..module_utils._schema.validation import Document, validate
from . import _command
from ._arguments import chosen, known
from ._documents import load, parse, texts, write, written
from ._run import Run, failed
from ._services.cloud import Cloud, Earlier
from ._services.result import Result
from ._settings import Settings, settings
from ._wiring import open_cloud

# Some weeks, in seconds: SQLite counts milliseconds in 31 bits. And more things than anybody reads.
_LONGEST_WAIT = 2_000_000
_MANY = 1 << 31


def execute(action: str, args: t.Mapping[str, t.Any], run: Run) -> dict[str, t.Any]:
    """Carry out a module of ours by its short name. Never raises CairnError: it becomes ``failed`` and ``msg``."""
    try:
        if action in _OTHERS:
            return _OTHERS[action](args, run)
        name = action.removesuffix("_info")
        kind = KINDS[SYNONYMS.get(name, name)]
        return (_info if action.endswith("_info") else _resource)(kind, args, run)
    except CairnError as error:
        return failed(error)


def _open(args: t.Mapping[str, t.Any], run: Run, *, check: bool) -> t.Any:
    how: dict[str, t.Any] = {"check": check, "progress": run.progress, "timeout": _timeout(args), "actor": run.actor}
    return run.cloud(**how) if run.cloud else open_cloud(_where(args, run), **how)


def _where(args: t.Mapping[str, t.Any], run: Run) -> Settings:
    return run.where or settings(args.get("api_url"))


def _timeout(args: t.Mapping[str, t.Any]) -> int:
    if not _yes(args, "wait", True):
        return 0
    value = args.get("wait_timeout")
    try:
        return 300 if value is None else min(max(0, int(value)), _LONGEST_WAIT)
    except (TypeError, ValueError, OverflowError):
        raise CairnError(f"wait_timeout: '{value}' is not a number of seconds; write a whole number") from None


def _yes(args: t.Mapping[str, t.Any], name: str, default: bool) -> bool:
    from ansible.module_utils.common.validation import check_type_bool

    value = args.get(name)
    try:
        return default if value is None else bool(check_type_bool(value))
    except TypeError:
        raise CairnError(f"{name}: '{value}' is not a yes or no; write true or false") from None


def _resource(kind: Kind, args: t.Mapping[str, t.Any], run: Run) -> dict[str, t.Any]:
    document = validate(kind, {key: value for key, value in args.items() if key not in RUN_ARGUMENTS})
    with _open(args, run, check=run.check) as cloud:
        result = _apply_documents(cloud, [document], run, _where(args, run).api_url)
    answer = _answer(result)
    if result.resources:
        answer = _told(kind, result.resources) | answer
    return answer


def _told(kind: Kind, resources: t.Sequence[t.Mapping[str, t.Any]]) -> dict[str, t.Any]:
    """The resource that a task is about; of several, what is theirs alike and the list of what there is each for."""
    told = {key: value for key, value in resources[0].items() if key != "kind"}
    if kind.each and len(resources) > 1:
        told.pop("id", None)
        told.pop(kind.identity)
        told[kind.each] = [item for resource in resources for item in resource[kind.each]]
    return told


def _apply(args: t.Mapping[str, t.Any], run: Run) -> dict[str, t.Any]:
    known(args, ("src", "documents", "prune", "set", "force", "explain", *RUN_ARGUMENTS))
    sources = texts(args.get("src"), "src")
    # Those of files may have been read where the task was started.
    documents = load(map(run.locate, sources), run.read) if run.written is None else [*run.written]
    given = args.get("documents")
    if given is not None and not isinstance(given, list):
        raise CairnError("documents: it is not a list; write a list of documents")
    documents += parse(given or [], "documents")
    if not sources and given is None:
        raise CairnError("neither src nor documents is given; give one of them")
    if _yes(args, "force", False):
        documents = [dc.replace(document, force=True) for document in documents]
    with _open(args, run, check=run.check) as cloud:
        result = _apply_documents(
            cloud,
            documents,
            run,
            _where(args, run).api_url,
            whole=True,
            removing=_yes(args, "prune", False),
            applyset=str(args.get("set") or "default"),
            explain=_yes(args, "explain", False),
        )
    answer = _answer(result)
    if _yes(args, "explain", False):
        answer["placements"] = result.placements
    answer["summary"] = result.report.counts()
    answer["resources"] = [entry.summary() for entry in result.report.entries if entry.changed]
    for one, many in ONCE.items():
        told = {resource["name"]: resource[one] for resource in result.resources if one in resource}
        if told and not run.check:
            answer[many] = told
    if run.progress is not None and run.summary:
        _tell(result, run)
    return answer


def _tell(result: Result, run: Run) -> None:
    """The summary that a person reads: a line for each resource that changed, and the counts."""
    assert run.progress is not None
    for entry in result.report.entries:
        if entry.changed:
            impact = f" (impact: {entry.impact.word})" if entry.impact else ""
            run.progress(f"{entry.action:>7} {entry.label}{impact}")
    run.progress(("would be done: " if run.check else "done: ") + result.report.line())


def _apply_documents(
    cloud: Cloud,
    documents: list[Document],
    run: Run,
    where: str,
    *,
    whole: bool = False,
    removing: bool = False,
    applyset: str | None = None,
    explain: bool = False,
) -> Result:
    pending = _pending(run, where) if run.check else []
    result = cloud.apply(
        documents,
        check=run.check,
        whole=whole,
        removing=removing,
        applyset=applyset,
        pending=pending,
        explain=explain,
    )
    if run.check and not result.errors:
        _remember(Earlier(tuple(documents), applyset, removing), run, where)
    return result


def _pending(run: Run, where: str) -> list[Earlier]:
    """What earlier tasks of the same check run would have stored."""
    if run.journal is None:
        return []
    return [
        Earlier(
            tuple(validate(KINDS[kind], written) for kind, written in entry["documents"]),
            entry["applyset"],
            entry["removing"],
        )
        for entry in run.journal.earlier(where)
    ]


def _remember(task: Earlier, run: Run, where: str) -> None:
    """Add a task to the run's journal."""
    if run.journal is not None:
        documents = [(document.kind.name, written(document)) for document in task.documents]
        entry = {"applyset": task.applyset, "removing": task.removing, "documents": documents}
        run.journal.add(where, entry)


def _answer(result: Result) -> dict[str, t.Any]:
    report = result.report
    answer: dict[str, t.Any] = {
        "changed": report.changed,
        "diff": [entry.diff() for entry in report.entries if entry.changed],
        "warnings": report.all_warnings,
    }
    if result.errors:
        more = f" (and {len(result.errors) - 1} more failures)" if len(result.errors) > 1 else ""
        answer |= {"failed": True, "msg": f"{result.errors[0].sentence}{more}"}
        answer["failures"] = [error.sentence for error in result.errors]
    return answer


def _drift(args: t.Mapping[str, t.Any], run: Run) -> dict[str, t.Any]:
    known(args, RUN_ARGUMENTS)
    with _open(args, run, check=True) as cloud:
        result = cloud.drift()
    drifted = [
        {"kind": e.kind, "name": e.name, "id": e.id, "field": field, "wanted": pair[1], "found": pair[0]}
        for e in result.report.entries
        for field, pair in e.observed.items()
    ]
    return _answer(result) | {"changed": False, "drift": drifted, "drifted": bool(drifted)}


def _info(kind: Kind, args: t.Mapping[str, t.Any], run: Run) -> dict[str, t.Any]:
    filters = checked(kind, {key: value for key, value in args.items() if key not in RUN_ARGUMENTS})
    with _open(args, run, check=True) as cloud:
        return {"changed": False, kind.many: cloud.read(kind, filters)}


def _export(args: t.Mapping[str, t.Any], run: Run) -> dict[str, t.Any]:
    known(args, (*EXPORT, *RUN_ARGUMENTS))
    kinds = _kinds(args.get("kinds"))
    with _open(args, run, check=True) as cloud:
        made = cloud.export(kinds)
    answer: dict[str, t.Any] = {"changed": False, "documents": made.documents, "warnings": made.warnings}
    if args.get("dest"):
        before, after = write(run.locate(str(args["dest"])), made.documents, check=run.check)
        answer |= {"changed": before != after, "diff": {"before": before, "after": after}}
    return answer


def _kinds(written: t.Any) -> frozenset[str]:
    names = frozenset(texts(written, "kinds") or KINDS)
    for name in sorted(names - KINDS.keys()):
        raise CairnError(f"kinds: there is no kind {short(name)}; known are {', '.join(KINDS)}")
    return names


def _event_info(args: t.Mapping[str, t.Any], run: Run) -> dict[str, t.Any]:
    known(args, (*EVENT_INFO, *RUN_ARGUMENTS))
    chosen(args, EVENT_INFO)
    names = {"resource_id": "resource", "user": "actor"}
    filters = {names.get(n, n): str(v) for n, v in args.items() if n in EVENT_INFO and n != "limit" and v is not None}
    with _open(args, run, check=True) as cloud:
        return {"changed": False, "events": cloud.events(limit=_number(args, "limit", 100), **filters)}


def _scheduled_snapshots(args: t.Mapping[str, t.Any], run: Run) -> dict[str, t.Any]:
    known(args, RUN_ARGUMENTS)
    with _open(args, run, check=run.check) as cloud:
        result = cloud.snapshots(check=run.check)
    names = {"create": "taken", "remove": "removed"}
    told: dict[str, list[str]] = {name: [] for name in names.values()}
    for entry in result.report.entries:
        if entry.action in names:
            told[names[entry.action]].append(entry.name)
    return _answer(result) | told


def _capacity_info(args: t.Mapping[str, t.Any], run: Run) -> dict[str, t.Any]:
    known(args, (*CAPACITY_INFO, *RUN_ARGUMENTS))
    chosen(args, CAPACITY_INFO)
    with _open(args, run, check=True) as cloud:
        found = cloud.capacity()
    wanted = {name: args[name] for name in CAPACITY_INFO if args.get(name) is not None}
    return {"changed": False, "capacity": [one for one in found if all(one[k] == v for k, v in wanted.items())]}


def _instance_command(args: t.Mapping[str, t.Any], run: Run) -> dict[str, t.Any]:
    command = _command.parse(args)
    with _open(args, run, check=True) as cloud:
        found = cloud.read(INSTANCE, checked(INSTANCE, command.which))
        if len(found) != 1:
            named = ", ".join(f"{name} {short(value)}" for name, value in command.which.items())
            problem = "several instances have that; give id" if found else "no instance has that; see instance_info"
            raise CairnError(f"{named}: {problem}")
        if run.check:
            return {"changed": True}
        return command.answer(cloud.command(found[0]["id"], command.argv, command.given, command.timeout))


def _rebuild(args: t.Mapping[str, t.Any], run: Run) -> dict[str, t.Any]:
    known(args, (*REBUILD, *RUN_ARGUMENTS))
    hosts = args.get("hosts") or []
    hosts = [hosts] if isinstance(hosts, str) else hosts
    if not isinstance(hosts, list) or not hosts:
        raise CairnError("hosts: it is missing; name the hosts of the cloud by their URLs")
    urls = [_host_url(url) for url in hosts]
    named, partial = args.get("installation"), _yes(args, "partial", False)
    with _open(args, run, check=run.check) as cloud:
        result = cloud.rebuild(urls, check=run.check, installation=str(named) if named else None, partial=partial)
    answer = _answer(result)
    answer["summary"] = result.report.counts()
    answer["resources"] = [entry.summary() for entry in result.report.entries]
    return answer


def _host_url(written: t.Any) -> str:
    try:
        return libvirt_url(str(written))
    except ValueError as error:
        raise CairnError(f"hosts: {error}") from None


def _number(args: t.Mapping[str, t.Any], name: str, default: int) -> int:
    value = args.get(name)
    try:
        number = default if value is None else int(value)
    except (TypeError, ValueError, OverflowError):
        number = 0
    if not 1 <= number < _MANY:
        raise CairnError(f"{name}: '{value}' is not a number of things; write a whole number from 1 on")
    return number


# Modules that are about no kind.
_OTHERS: dict[str, t.Callable[[t.Mapping[str, t.Any], Run], dict[str, t.Any]]] = {
    "apply": _apply,
    "drift": _drift,
    "event_info": _event_info,
    "capacity_info": _capacity_info,
    "scheduled_snapshots": _scheduled_snapshots,
    "export": _export,
    "instance_command": _instance_command,
    "rebuild": _rebuild,
}
