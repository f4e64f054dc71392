# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Commands that change the cloud, or say what would be changed."""

from __future__ import annotations

import sys
import typing as t

import click

from ...module_utils._kinds.registry import ONCE
from .context import Context, shown, terminal_of

_MARKS = {"create": ("+", "green"), "update": ("~", "yellow"), "mend": ("!", "cyan"), "remove": ("-", "red")}

_Decorated = t.Callable[..., t.Any]


def _documents(command: _Decorated) -> _Decorated:
    """The options of commands that read documents."""
    for option in (
        click.option("--set", "set_", metavar="NAME", help="Which of several sets of documents this is."),
        click.option("--prune", is_flag=True, help="Remove what this set once described and no longer does."),
        click.option("--force", is_flag=True, help="Also do what stops instances."),
        click.argument("file", nargs=-1, required=True, type=click.Path(exists=True)),
    ):
        command = option(command)
    return command


@click.command()
@_documents
@click.option("--explain", is_flag=True, help="Say why new instances go where they go.")
@click.pass_obj
def plan(context: Context, /, explain: bool, **written: t.Any) -> None:
    """Say what 'apply' would do, and do nothing. FILE is a file or folder of documents."""
    with context.working("Planning"):
        answer = context.call("apply", _args(written) | {"explain": explain}, check=True)
    _tell(context, answer)


@click.command()
@_documents
@click.option("--yes", "-y", is_flag=True, help="Do not ask.")
@click.pass_obj
def apply(context: Context, /, yes: bool, **written: t.Any) -> None:
    """Make the cloud as FILE says, a file or folder of documents; what would be done is shown and asked first."""
    args = _args(written)
    if not yes:
        if not _asks():
            raise click.UsageError("there is nobody to ask; look at 'cairn plan', then add --yes")
        with context.working("Planning"):
            planned = context.call("apply", args, check=True)
        _show(planned)
        if not planned["changed"]:
            return
        click.confirm("Do that?", abort=True, err=True)
    with context.working("Applying") as progress:
        answer = context.call("apply", args, progress=progress, summary=False)
    _tell(context, answer, done=True)


@click.command()
@click.option("--check", is_flag=True, help="Only say what would be done.")
@click.pass_obj
def snapshots(context: Context, check: bool) -> None:
    """Take the volume snapshots that policies say are due, and remove those that are too many."""
    with context.working("Taking snapshots") as progress:
        answer = context.call("scheduled_snapshots", {}, check=check, progress=progress)
    told = {name: answer[name] for name in ("changed", "taken", "removed")}
    context.write(told, lambda terminal: _kept(told, check, bool(answer["warnings"])))


def _kept(told: t.Mapping[str, t.Any], check: bool, warned: bool) -> None:
    terminal = terminal_of()
    would = "would be " if check else ""
    for done in ("taken", "removed"):
        for name in told[done]:
            terminal.print(f"{would}{done}: {name}", markup=False, highlight=False)
    if not told["changed"] and not warned:
        terminal.print("No snapshot is due.")


def _asks() -> bool:
    """Whether there is somebody who answers."""
    return sys.stdin.isatty()


def _args(written: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    return {
        "src": list(written["file"]),
        "prune": written["prune"],
        "force": written["force"],
        "set": written["set_"],
    }


def _tell(context: Context, answer: dict[str, t.Any], *, done: bool = False) -> None:
    told = {name: answer[name] for name in ("changed", "summary", "resources", "diff")}
    told |= {name: answer[name] for name in (*ONCE.values(), "placements") if name in answer}
    context.write(told, lambda terminal: _result(answer) if done else _show(answer))


def _result(answer: dict[str, t.Any]) -> None:
    terminal = terminal_of()
    terminal.print(f"Done: {_counts(answer, 'd')}" if answer["changed"] else "Nothing to do.")
    for one, many in ONCE.items():
        for name, secret in answer.get(many, {}).items():
            told = f"The {one.replace('_', ' ')} of {name}, shown this once:\n{secret}"
            terminal.print(told, markup=False, highlight=False)


def _show(answer: dict[str, t.Any]) -> None:
    """The plan for a person: a line a resource, below it the fields that change."""
    terminal = terminal_of()
    for resource, diff in zip(answer["resources"], answer["diff"], strict=True):
        mark, style = _MARKS[resource["action"]]
        impact = "" if resource["impact"] == "none" else f"  (impact: {resource['impact']})"
        terminal.print(f"{mark} {diff['before_header']}{impact}", style=style, markup=False, highlight=False)
        before, after = diff["before"], diff["after"]
        for name in [name for name in {**before, **after} if before.get(name) != after.get(name)]:
            old, new = shown(before.get(name)), shown(after.get(name))
            line = f"    {name}: {old} > {new}" if before and after else f"    {name}: {old or new}"
            terminal.print(line, markup=False, highlight=False)
    for placement in answer.get("placements", ()):
        _explain(placement)
    terminal.print(f"Would be done: {_counts(answer)}" if answer["changed"] else "Nothing to do.", highlight=False)


def _explain(placement: dict[str, t.Any]) -> None:
    """Why a new instance goes where it goes: a line a reason."""
    terminal = terminal_of()
    terminal.print(f"? instance '{placement['name']}' on {placement['host']}, not on", markup=False, highlight=False)
    for line in placement["reasons"] or ["no other host, for the zone has none"]:
        terminal.print(f"    {line}", markup=False, highlight=False)


def _counts(answer: dict[str, t.Any], ending: str = "") -> str:
    words = {"create": "create", "update": "update", "remove": "remove", "mend": "mende" if ending else "mend"}
    return ", ".join(f"{n} {words[action]}{ending}" for action, n in answer["summary"].items() if n and action in words)


@click.command()
@click.argument("host", nargs=-1, required=True, metavar="URL...")
@click.option("--installation", metavar="ID", help="Which cloud, where the hosts have records of several.")
@click.option("--partial", is_flag=True, help="Go on though hosts of the cloud are not named.")
@click.option("--yes", "-y", is_flag=True, help="Do not ask.")
@click.pass_obj
def rebuild(context: Context, host: tuple[str, ...], installation: str | None, partial: bool, yes: bool) -> None:
    """Read a lost database back from the hosts, which are only looked at; what is found is shown and asked first.

    URL is that of a host, such as qemu+tls://node1/system; name all of them.
    """
    args = {"hosts": list(host), "installation": installation, "partial": partial}
    if not yes:
        if not _asks():
            raise click.UsageError("there is nobody to ask; add --yes")
        with context.working("Looking at the hosts"):
            found = context.call("rebuild", args, check=True)
        _show(found)
        click.confirm("Do that?", abort=True, err=True)
    with context.working("Reading the hosts"):
        answer = context.call("rebuild", args)
    _tell(context, answer, done=True)


COMMANDS: tuple[click.Command, ...] = (plan, apply, rebuild, snapshots)
