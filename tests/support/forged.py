# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Records that no cloud wrote: somewhere in one, something is missing or is something else, and its digest is right."""

from __future__ import annotations

import hashlib
import json
import typing as t

from hypothesis import strategies as st

from ansible_collections.cairn.cloud.plugins.plugin_utils._core.naming import record_file
from support.model_host import ModelHost

Parts = list[dict[str, t.Any]]
Path = tuple[str | int, ...]

JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from([0, -1, 1, 2**31, 2**63, 10**40, 0.5, 1e300, float("nan"), float("inf")]),
    st.sampled_from(["", "x", "..", "\ud800", "\x00", "10.0.0.1", "0.0.0.0/0", "Running", "x" * 300]),
    st.sampled_from([[], {}, [None], [[]], {"": None}, {"x": {}}, ["x", 1]]),
)


def read(host: ModelHost, name: str) -> Parts:
    return [json.loads(line) for line in host.texts[name].splitlines()]


def put(host: ModelHost, name: str, parts: Parts) -> None:
    """In the place of the record ``name``."""
    head, body = json.dumps(parts[0]), "".join(json.dumps(part) + "\n" for part in parts[1:])
    forged = record_file(name[len("record-") :][:36], hashlib.sha256(body.encode()).hexdigest()[:16])
    del host.texts[name]
    host.texts[forged] = f"{head}\n{body}"
    for files in host.files.values():
        if name in files:
            files[forged] = files.pop(name)


def paths(value: t.Any, path: Path = ()) -> t.Iterator[Path]:
    """Where anything is in a value."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield (*path, key)
        yield from paths(item, (*path, key))


@st.composite
def changes(draw: st.DrawFn, parts: Parts) -> Parts:
    """``parts`` with something left out, or put into the place of something else, in one to three places."""
    for _change in range(draw(st.integers(1, 3))):
        there = list(paths(parts))
        *within, last = draw(st.sampled_from(there))
        place: t.Any = parts
        for key in within:
            place = place[key]
        what = draw(st.sampled_from(["leave out", "junk", "another"]))
        if what == "leave out" and within:
            del place[last]
        elif what == "junk":
            place[last] = draw(JUNK)
        else:
            other: t.Any = parts
            for key in draw(st.sampled_from(there)):
                other = other[key]
            place[last] = json.loads(json.dumps(other))
    return parts
