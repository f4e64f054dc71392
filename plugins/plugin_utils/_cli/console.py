# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""The serial console of an instance, in the terminal."""

from __future__ import annotations

import contextlib
import os
import sys
import termios
import tty
import typing as t

import click

from .context import Context
from .names import KindName, ResourceName
from .read import one_of

LEAVE = b"\x1d"  # Ctrl and ], as of telnet and virsh


@click.command()
@click.argument("name", type=ResourceName("instance"))
@click.pass_obj
def console(context: Context, name: str) -> None:
    """Connect to an instance's serial console; Ctrl and ] leaves it."""
    from ...module_utils._client.endpoint import is_remote
    from ...module_utils._schema.errors import CairnError
    from .._settings import settings

    where = settings(context.api_url)
    if is_remote(where.api_url):
        raise CairnError(
            f"{where.api_url} hands over no consoles; run this where the cloud's database is, with its URL"
        )
    from .._wiring import open_cloud

    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise click.UsageError("a console needs a terminal; run it in one")
    instance = one_of(context, KindName().convert("instance", None, None), name)
    click.secho(f"Connected to {instance['name']}; Ctrl and ] leaves.", dim=True, err=True)
    with open_cloud(where, check=True) as cloud, _raw(sys.stdin.fileno()):
        cloud.console(instance["id"], sys.stdin.fileno(), sys.stdout.fileno(), LEAVE)
    click.secho("\nLeft the console.", dim=True, err=True)


@contextlib.contextmanager
def _raw(terminal: int) -> t.Iterator[None]:
    """The terminal hands over each key as it is pressed; afterwards it is as it was."""
    before = termios.tcgetattr(terminal)
    try:
        tty.setraw(terminal)
        yield
    finally:
        termios.tcsetattr(terminal, termios.TCSADRAIN, before)
        with contextlib.suppress(OSError):
            os.write(sys.stdout.fileno(), b"\x1b[0m")
