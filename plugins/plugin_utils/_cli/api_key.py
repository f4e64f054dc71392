# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Commands for the keys of the management daemon."""

from __future__ import annotations

import click

from .context import Context
from .names import ResourceName


@click.group("api-key")
def api_key() -> None:
    """Make, list and revoke the keys that let programs ask the management daemon."""


@api_key.command()
@click.argument("name")
@click.option("--description", metavar="TEXT", help="What it is for.")
@click.pass_obj
def create(context: Context, name: str, description: str | None) -> None:
    """Make a key and write it to standard output, this once."""
    if context.call("api_key_info", {"name": name})["api_keys"]:
        raise click.ClickException(f"there is an API key '{name}' already, and it is kept nowhere; revoke it first")
    made = context.call("api_key", {"name": name, "description": description})
    told = {field: made[field] for field in ("name", "api_key")}
    context.write(told, lambda _terminal: click.echo(made["api_key"]))


@api_key.command("list")
@click.pass_obj
def list_(context: Context) -> None:
    """List the keys, by how they begin."""
    found = context.call("api_key_info", {})["api_keys"]
    context.rows(found, ("name", "hint", "created", "description"), "there is no API key")


@api_key.command()
@click.argument("name", type=ResourceName("api_key"))
@click.pass_obj
def revoke(context: Context, name: str) -> None:
    """Refuse a key from now on."""
    if not context.call("api_key", {"name": name, "state": "absent"})["changed"]:
        raise click.ClickException(f"API key '{name}' not found")
