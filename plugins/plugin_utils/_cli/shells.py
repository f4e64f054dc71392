# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Completion of the command line by shells."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Write what makes a shell complete commands, kinds and names.

    For bash: put eval "$(cairn completion bash)" into ~/.bashrc.
    """
    maker = get_completion_class(shell)
    if maker is None:
        raise click.UsageError(f"{shell} is not supported by this release of click; use another shell")
    click.echo(maker(ctx.find_root().command, {}, "cairn", "_CAIRN_COMPLETE").source())
