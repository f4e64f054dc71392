# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""What all commands have: the cloud they speak to, and how they write what they find.

Findings go to standard output; progress, warnings and questions go to standard error. Colours and moving parts are only
shown on a terminal, and not where NO_COLOR is set.
"""

from __future__ import annotations

import collections
import contextlib
import dataclasses as dc
import enum
import json
import typing as t

import click

from .._core.printable import harmless

if t.TYPE_CHECKING:
    from rich.console import Console


Found = t.Mapping[str, t.Any]


class Shape(enum.Enum):
    TABLE = "table"
    JSON = "json"
    YAML = "yaml"


@dc.dataclass(frozen=True)
class Context:
    """``api_url`` is None where the settings say it."""

    api_url: str | None
    shape: Shape

    def call(self, action: str, args: Found, **run: t.Any) -> dict[str, t.Any]:
        """Carry out one of our modules, by its short name. Raises CairnError where it fails."""
        from ...module_utils._schema.errors import CairnError
        from .._run import Run, execute

        given = {key: value for key, value in args.items() if value is not None}
        answer = execute(action, {**given, "api_url": self.api_url}, Run(**run))
        if answer.get("failed"):
            raise CairnError("\n".join(answer.get("failures") or [answer["msg"]]))
        self.warn(answer.get("warnings") or ())
        return answer

    @contextlib.contextmanager
    def working(self, what: str) -> t.Iterator[t.Callable[[str], None]]:
        """While long work is done: a function that its progress is told to, line by line."""
        terminal = terminal_of(stderr=True)
        with terminal.status(what):
            yield lambda line: terminal.print(line, markup=False, highlight=False)

    def warn(self, warnings: t.Iterable[str]) -> None:
        for warning in warnings:
            click.secho(f"warning: {warning}", fg="yellow", err=True)

    def write(self, found: t.Any, table: t.Callable[[Console], None]) -> None:
        """Write what was found, as the user wants it; ``table`` writes it for people."""
        if self.shape is Shape.TABLE:
            table(terminal_of())
        else:
            click.echo(dumped(found, self.shape), nl=False)

    def rows(self, found: t.Sequence[Found], columns: t.Sequence[str], nothing: str) -> None:
        """Write things of one sort, one below the other. Columns without any value are left out of a table."""

        def table(terminal: Console) -> None:
            if not found:
                terminal.print(nothing, style="dim")
                return
            _table(terminal, found, [name for name in columns if any(_has(one, name) for one in found)])

        self.write(list(found), table)

    def fields(self, found: Found) -> None:
        """Write one thing, field by field."""
        self.write(dict(found), lambda terminal: _fields(terminal, found))


def dumped(found: t.Any, shape: Shape) -> str:
    """For programs, as JSON or YAML."""
    if shape is Shape.JSON:
        return json.dumps(found, indent=2) + "\n"
    import yaml

    return str(yaml.safe_dump(found, sort_keys=False, allow_unicode=True))


def terminal_of(*, stderr: bool = False) -> Console:
    """The terminal; where there is none, lines are as long as what is in them."""
    from rich.console import Console

    terminal = Console(stderr=stderr)
    return terminal if terminal.is_terminal else Console(stderr=stderr, width=10_000, soft_wrap=True)


def _table(terminal: Console, found: t.Sequence[Found], columns: t.Sequence[str]) -> None:
    from rich.table import Table
    from rich.text import Text

    numbers = {name for name in columns if all(isinstance(one.get(name), int | float | None) for one in found)}
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for name in columns:
        heading = name.upper().replace("_", " ")
        table.add_column(heading, justify="right" if name in numbers else "left", overflow="fold")
    for one in found:
        table.add_row(*(Text(shown(one.get(name)), style=_STYLES[str(one.get(name))]) for name in columns))
    terminal.print(table)


def _fields(terminal: Console, found: Found) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(style="bold")
    table.add_column(overflow="fold")
    for name in found:
        value = found[name]
        if _has(found, name):
            lines = map(shown, value) if isinstance(value, list) else [shown(value)]
            table.add_row(name, Text("\n".join(lines), style=_STYLES[str(value)]))
    terminal.print(table)


# States that ask for a look, and those that do not.
_STYLES = collections.defaultdict(
    str,
    {"Running": "green", "Stopped": "yellow", "Destroyed": "red", "Disabled": "yellow", "Maintenance": "yellow"}
    | {"create": "green", "update": "yellow", "mend": "cyan", "remove": "red", "fail": "bold red"},
)


def _has(one: Found, name: str) -> bool:
    return one.get(name) not in (None, "", [], {})


def shown(value: t.Any) -> str:
    """A value in a cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict) and set(value) == {"key", "value"}:
        return f"{value['key']}={value['value']}"
    if isinstance(value, dict):
        return " ".join(f"{key}={shown(item)}" for key, item in value.items() if item is not None)
    if isinstance(value, list):
        return ", ".join(map(shown, value))
    return "\n".join(map(harmless, str(value).split("\n")))
