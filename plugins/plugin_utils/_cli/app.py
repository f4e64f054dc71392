# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""The program ``cairn``: its commands, and the one place where exceptions become what it prints.

Exit codes: 0, 1 where it failed, 2 where it was called wrongly, 3 where ``drift`` found some.
"""

from __future__ import annotations

import dataclasses as dc
import typing as t

import click

from ...module_utils._schema.errors import CairnError
from . import api_key, change, console, diagram, read, shells
from .context import Context, Shape


class _Commands(click.Group):
    def invoke(self, ctx: click.Context) -> t.Any:
        try:
            return super().invoke(ctx)
        except CairnError as error:
            raise click.ClickException(error.sentence) from error


def _shared(**more: t.Any) -> list[click.Parameter]:
    """The options of all commands."""
    shapes = click.Choice([shape.value for shape in Shape])
    told = "How what is found is written; json and yaml are for programs. Without it, as a table."
    return [
        click.Option(["--api-url"], metavar="URL", help="The cloud's database, or its daemon's URL.", **more),
        click.Option(["--output", "-o"], type=shapes, help=told, **more),
    ]


@click.group(
    cls=_Commands,
    params=_shared(),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Where the cloud is, CAIRN_API_URL or the configuration file says; --api-url goes before both.",
)
@click.pass_context
def cairn(ctx: click.Context, api_url: str | None, output: str | None) -> None:
    """Look at a cairn.cloud, and change it, outside of a playbook."""
    ctx.obj = Context(api_url, Shape(output or Shape.TABLE))


def _told_late(ctx: click.Context, option: click.Parameter, value: str | None) -> None:
    """Such an option may stand behind the command as well."""
    if value is not None:
        ctx.obj = dc.replace(ctx.obj, **({"api_url": value} if option.name == "api_url" else {"shape": Shape(value)}))


def _add(group: click.Group, command: click.Command) -> None:
    group.add_command(command)
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            _add(command, inner)
    else:
        own = {option.name for option in command.params}
        late = _shared(expose_value=False, hidden=True, callback=_told_late)
        command.params += [option for option in late if option.name not in own]


for _command in (
    *read.COMMANDS,
    *change.COMMANDS,
    api_key.api_key,
    console.console,
    diagram.diagram,
    shells.completion,
):
    _add(cairn, _command)


def main() -> None:
    cairn.main(prog_name="cairn")
