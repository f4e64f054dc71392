# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""The command that draws the cloud."""

from __future__ import annotations

import dataclasses as dc
import typing as t

import click

from ...module_utils._schema.errors import CairnError
from .context import Context, Shape, dumped, terminal_of
from .names import KindName, ResourceName
from .read import one_of

if t.TYPE_CHECKING:
    from rich.text import Text

    from .._core.diagram.model import Diagram
    from .._core.diagram.text import Run

NARROWEST, WIDEST = 40, 1000
# Columns where there is no terminal, and at most on a terminal of which the user says nothing.
_WIDTH = 100
_SVG_WIDTH = 120
_WIDEST_UNASKED = 160
_STYLES = {"border": "dim", "title": "bold", "good": "green", "odd": "yellow", "bad": "red"}
_OUTPUTS = ("text", "svg", Shape.JSON.value, Shape.YAML.value)


@click.command()
@click.argument("view", type=click.Choice(["networks", "hosts"]), default="networks")
@click.option("--zone", type=ResourceName("zone"), help="Only this zone, by name or id.")
@click.option("--network", type=ResourceName("network"), help="Only this network and what is before it; not of hosts.")
@click.option(
    "--limit", type=click.IntRange(min=1), default=12, show_default=True, help="So many of a sort in a place."
)
@click.option(
    "--width", type=click.IntRange(NARROWEST, WIDEST), help="Columns of it; of text the terminal's by default."
)
@click.option("--output", "-o", type=click.Choice(_OUTPUTS), help="How it is drawn, as text by default.")
@click.option("--file", type=click.Path(dir_okay=False, writable=True), help="Write it there.")
@click.pass_obj
def diagram(
    context: Context, /, view: str, width: int | None, output: str | None, file: str | None, **chosen: t.Any
) -> None:
    """Draw the cloud: its networks with routers and instances, or its hosts with what is on them."""
    if view == "hosts" and chosen["network"]:
        raise click.UsageError("--network is about networks; leave it out, or draw those")
    drawn = _drawn(context, view, **chosen)
    output = output or ("text" if context.shape is Shape.TABLE else context.shape.value)
    if output == "text" and file is None:
        _print(drawn, width)
        return
    written = _written(drawn, output, width)
    if file is None:
        click.echo(written, nl=False)
    else:
        _keep(file, written)


def _drawn(context: Context, view: str, *, zone: str | None, network: str | None, limit: int) -> Diagram:
    from .._core.diagram import hosts, networks

    where = {"zone": one_of(context, _kind("zone"), zone)["name"]} if zone else {}
    meant = one_of(context, _kind("network"), network, where) if network else None
    where = {"zone": meant["zone"]} if meant else where
    if view == "hosts":
        found = {kind: _all(context, kind, where) for kind in hosts.KINDS}
        return hosts.hosts(found | {"capacity": context.call("capacity_info", {})["capacity"]}, limit)
    found = {kind: _all(context, kind, where) for kind in networks.KINDS}
    return networks.networks(found, limit, only=meant["id"] if meant else None)


def _kind(name: str) -> t.Any:
    return KindName().convert(name, None, None)


def _all(context: Context, name: str, where: dict[str, str]) -> list[dict[str, t.Any]]:
    """All of a kind, in the zone where one is meant."""
    kind = _kind(name)
    by = "name" if name == "zone" else "zone"
    wanted = {by: where["zone"]} if where and by in kind.all_fields else {}
    found: list[dict[str, t.Any]] = context.call(f"{name}_info", wanted)[kind.many]
    return found


def _print(drawn: Diagram, width: int | None) -> None:
    from rich.text import Text

    from .._core.diagram.layout import layout
    from .._core.diagram.text import TEXT, as_ascii, plain, text

    terminal = terminal_of()
    wide = terminal.width if terminal.is_terminal else _WIDTH
    lines = text(layout(drawn, width or min(max(wide, NARROWEST), _WIDEST_UNASKED), TEXT))
    if not terminal.encoding.startswith("utf"):
        click.echo(as_ascii(plain(lines)), nl=False)
        return
    for line in lines:
        terminal.print(_styled(line, Text()), soft_wrap=True)


def _styled(line: t.Sequence[Run], styled: Text) -> Text:
    for written, style in line:
        styled.append(written, _STYLES.get(style, ""))
    return styled


def _written(drawn: Diagram, output: str, width: int | None) -> str:
    from .._core.diagram import svg, text
    from .._core.diagram.layout import layout

    if output == "svg":
        return svg.svg(layout(drawn, width or _SVG_WIDTH, svg.SVG))
    if output == "text":
        return text.plain(text.text(layout(drawn, width or _WIDTH, text.TEXT)))
    return dumped(dc.asdict(drawn), Shape(output))


def _keep(file: str, written: str) -> None:
    try:
        with click.open_file(file, "w", encoding="utf-8", atomic=True) as kept:
            kept.write(written)
    except OSError as error:
        raise CairnError(f"{file} cannot be written: {error.strerror}; name another file") from error
