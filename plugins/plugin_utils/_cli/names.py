# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Names that are written on the command line: kinds and resources, and what a shell completes them to."""

from __future__ import annotations

import contextlib
import typing as t

import click
from click.shell_completion import CompletionItem

from ...module_utils._schema.errors import CairnError

if t.TYPE_CHECKING:
    from ...module_utils._schema.kind import Kind


class KindName(click.ParamType[t.Any]):
    """A kind as people write it: ``instance``, ``instances``, ``service-offering``."""

    name = "kind"

    def convert(self, value: t.Any, param: click.Parameter | None, ctx: click.Context | None) -> Kind:
        from ...module_utils._kinds.registry import KINDS, SYNONYMS

        if not isinstance(value, str):
            return t.cast("Kind", value)
        written = value.lower().replace("-", "_")
        many = {kind.many: name for name, kind in KINDS.items()}
        kind = KINDS.get(SYNONYMS.get(written, many.get(written, written)))
        if kind is None:
            self.fail(f"there is no kind '{value}'; known are {', '.join(KINDS)}", param, ctx)
        return kind

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        from ...module_utils._kinds.registry import KINDS

        written = incomplete.replace("-", "_")
        return [CompletionItem(name) for name in KINDS if name.startswith(written)]


class ResourceName(click.ParamType[str]):
    """The name of a resource of the kind that stands before it, or of ``kind``."""

    name = "name"

    def __init__(self, kind: str | None = None) -> None:
        self._kind = kind

    def convert(self, value: t.Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        return str(value)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        with contextlib.suppress(CairnError, click.UsageError):
            kind = KindName().convert(self._kind or ctx.params["kind"], param, ctx)
            found = _context(ctx).call(f"{kind.name}_info", {})[kind.many]
            names = sorted({str(one[kind.identity]) for one in found})
            return [CompletionItem(name) for name in names if name.startswith(incomplete)]
        return []


def _context(ctx: click.Context) -> t.Any:
    """The context of the command line that is being completed, whose group was not run."""
    from .context import Context, Shape

    return Context(ctx.find_root().params.get("api_url"), Shape.TABLE)


def filters(_ctx: click.Context, _param: click.Parameter, written: t.Sequence[str]) -> dict[str, t.Any]:
    """``state=Running`` as a filter; ``tags.role=web`` as one by a tag."""
    found: dict[str, t.Any] = {}
    for one in written:
        name, equals, value = one.partition("=")
        if not equals:
            raise click.BadParameter(f"'{one}' is no filter; write it like state=Running or tags.role=web")
        if name.startswith("tags."):
            found.setdefault("tags", {})[name.removeprefix("tags.")] = value
        else:
            found[name] = value
    return found
