# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""The program ``cairn``: its commands, and the one place where exceptions become what it prints.

Exit codes: 0, 1 where it failed, 2 where it was called wrongly, 3 where ``drift`` found some.
"""

from __future__ import annotations

import typing as t

import click

from ...module_utils._schema.errors import CairnError
from . import api_key, change, console, read, shells
from .context import Context, Shape


class _Commands(click.Group):
    def invoke(self, ctx: click.Context) -> t.Any:
        try:
            return super().invoke(ctx)
        except CairnError as error:
            raise click.ClickException(error.sentence) from error


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Where the cloud is, CAIRN_API_URL or the configuration file says; --api-url goes before both.",
)
@click.option("--api-url", metavar="URL", help="The cloud's database, or its daemon's URL.")
@click.option(
    "--output",
    "-o",
    type=click.Choice([shape.value for shape in Shape]),
    default=Shape.TABLE.value,
    show_default=True,
    help="How what is found is written; json and yaml are for programs.",
)
@click.pass_context
def cairn(ctx: click.Context, api_url: str | None, output: str) -> None:
    """Look at a cairn.cloud, and change it, outside of a playbook."""
    ctx.obj = Context(api_url, Shape(output))


for _command in (*read.COMMANDS, *change.COMMANDS, api_key.api_key, console.console, shells.completion):
    cairn.add_command(_command)


def main() -> None:
    cairn.main(prog_name="cairn")
