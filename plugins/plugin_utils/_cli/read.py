# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Commands that look and change nothing."""

from __future__ import annotations

import typing as t

import click

from .context import Context, shown
from .names import KindName, ResourceName, filters

if t.TYPE_CHECKING:
    from ...module_utils._schema.kind import Kind

DRIFTED = 3
_UNITS = {"cpu": "", "memory": " MiB", "storage": " GiB"}
_EVENTS = ("created", "action", "kind", "name", "user", "changes")


@click.command("list")
@click.argument("kind", type=KindName())
@click.option("--filter", "-f", "wanted", multiple=True, callback=filters, metavar="FIELD=VALUE", help="Only those.")
@click.pass_obj
def list_(context: Context, kind: Kind, wanted: dict[str, t.Any]) -> None:
    """List what there is of a kind."""
    found = context.call(f"{kind.name}_info", wanted)[kind.many]
    context.rows(found, _columns(kind), f"there is no {kind.title}")


@click.command()
@click.argument("kind", type=KindName())
@click.argument("name", type=ResourceName())
@click.pass_obj
def show(context: Context, kind: Kind, name: str) -> None:
    """Show all that is known of one resource, by its name or id."""
    context.fields(one_of(context, kind, name))


def one_of(context: Context, kind: Kind, name: str, among: t.Mapping[str, t.Any] | None = None) -> dict[str, t.Any]:
    """The resource of that name or id, among what passes filters. Raises click.ClickException where it is not one."""
    found: list[dict[str, t.Any]] = context.call(f"{kind.name}_info", among or {})[kind.many]
    meant = [one for one in found if name == one.get("id")] or [one for one in found if name == str(one[kind.identity])]
    if not meant:
        known = ", ".join(sorted(str(one[kind.identity]) for one in found)[:10])
        raise click.ClickException(f"{kind.title} '{name}' not found" + (f"; there are {known}" if known else ""))
    if len(meant) > 1:
        ids = ", ".join(one["id"] for one in meant)
        raise click.ClickException(f"{kind.title} '{name}' is one of several; write one's id: {ids}")
    return meant[0]


@click.command()
@click.option("--kind", type=KindName(), help="Only of this kind.")
@click.option("--name", help="Only of resources of this name.")
@click.option("--action", type=click.Choice(["create", "update", "remove", "mend", "fail"]), help="Only these.")
@click.option("--user", help="Only what this user did.")
@click.option("--since", metavar="TIME", help="From then on, in UTC, such as 2030-01-31T12:00:00Z.")
@click.option("--until", metavar="TIME", help="Up to then.")
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True, help="At most so many.")
@click.pass_obj
def events(context: Context, /, kind: Kind | None, **wanted: t.Any) -> None:
    """Tell what was changed, when and by whom, the latest first."""
    found = context.call("event_info", {**wanted, "kind": kind.name if kind else None})["events"]
    told = [one | {"changes": _changes(one)} for one in found]
    context.rows(told if context.shape.value == "table" else found, _EVENTS, "nothing was changed")


def _changes(event: dict[str, t.Any]) -> str:
    if event.get("message"):
        return str(event["message"])
    before, after = event.get("before") or {}, event.get("after") or {}
    if not before or not after:
        return ""
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return ", ".join(f"{name}: {shown(before.get(name)) or '-'} > {shown(after.get(name)) or '-'}" for name in names)


@click.command()
@click.option(
    "--type", "type_", type=click.Choice(["zone", "pod", "cluster", "host", "primary_storage"]), help="Only of these."
)
@click.pass_obj
def capacity(context: Context, type_: str | None) -> None:
    """Tell what there is of CPU, memory and storage, and what of it is used."""
    found = context.call("capacity_info", {"type": type_})["capacity"]
    told = [{"type": one["type"], "name": one["name"]} | _amounts(one) for one in found]
    columns = ("type", "name", *_UNITS)
    context.rows(told if context.shape.value == "table" else found, columns, "there is nothing")


def _amounts(place: dict[str, t.Any]) -> dict[str, str]:
    """What is used of what there is, in its unit."""
    return {
        name: f"{place[name]['used']:g} of {place[name]['total']:g}{unit}"
        for name, unit in _UNITS.items()
        if name in place
    }


@click.command()
@click.pass_context
def drift(ctx: click.Context) -> None:
    """Tell where the hosts are not as the cloud is described; the exit code is then 3."""
    context: Context = ctx.obj
    with context.working("Looking at the hosts"):
        found = context.call("drift", {})["drift"]
    context.rows(found, ("kind", "name", "field", "found", "wanted"), "the hosts are as described")
    if found:
        ctx.exit(DRIFTED)


@click.command()
@click.option("--kind", "kinds", type=KindName(), multiple=True, help="Only of this kind; may be given several times.")
@click.pass_obj
def export(context: Context, kinds: tuple[Kind, ...]) -> None:
    """Write the cloud as documents that 'cairn apply' takes."""
    from .._documents import dumped

    documents = context.call("export", {"kinds": [kind.name for kind in kinds] or None})["documents"]
    if context.shape.value == "json":
        context.write(documents, lambda terminal: None)
    else:
        click.echo(dumped(documents), nl=False)


def _columns(kind: Kind) -> list[str]:
    """What tells resources of a kind apart: identity, state, and what one can filter by."""
    plain = [name for name in kind.filters if name not in (kind.identity, "domain", "account", "project", "tags")]
    known = [name for name, field in kind.all_fields.items() if field.computed and not field.many]
    return list(dict.fromkeys((kind.identity, "state", *plain, *known, "project", "tags")))


COMMANDS: tuple[click.Command, ...] = (list_, show, events, capacity, drift, export)
