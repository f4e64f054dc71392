# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Documents as people write them, right and wrong; all that is drawn follows from the schemas of the kinds."""

from __future__ import annotations

import datetime
import typing as t

from hypothesis import strategies as st

from ansible_collections.cairn.cloud.plugins.module_utils._kinds.registry import KINDS
from ansible_collections.cairn.cloud.plugins.module_utils._schema.field import Field
from ansible_collections.cairn.cloud.plugins.module_utils._schema.kind import Kind

Written = dict[str, t.Any]

# Values of each format, of which a document may be right; a format that is not here gets any text.
SAMPLES: t.Mapping[str, tuple[t.Any, ...]] = {
    "name": ("web", "a b", "x" * 63, "7"),
    "hostname": ("web", "web1", "x" * 63),
    "domain_name": ("example.org", "a.b"),
    "bridge": ("br0", "br-guest"),
    "user": ("root", "debian"),
    "ipv4": ("10.1.1.1", "10.1.1.60", "10.1.1.255", "10.9.0.1", "192.0.2.1"),
    "cidr": ("10.1.1.0/24", "10.9.0.0/16", "10.9.0.0/29"),
    "netmask": ("255.255.255.0", "255.255.0.0"),
    "absolute_path": ("/srv", "/"),
    "directory_url": ("file:///srv/x", "file:///srv/x/"),
    "image_url": ("file:///images/tiny.qcow2", "https://example.org/other.qcow2", "file:///none"),
    "libvirt_url": ("test:///h1", "test:///h9", "qemu+tls://node/system"),
    "checksum": ("sha256:" + "0" * 64, "md5:" + "0" * 32),
    "public_key": ("ssh-ed25519 AAAA a@b",),
    "text": ("#cloud-config\n{}\n", "#!/bin/sh\n"),
    "line": ("One line", ""),
    "password": ("secret", ""),
    "tags": ({"a": "b"}, [{"key": "a", "value": "b"}], [], {}),
}
JUNK = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.sampled_from((0, -1, 2**31, 2**63, 10**400, 1e308, -0.0)),
        st.floats(),
        st.text(max_size=30),
        st.sampled_from(
            ("", " ", "\x00", "\ud800", "a" * 300, "{{ 1 }}", "null", "yes", "1e3", "0x10", "..", "/", "-1")
        ),
        st.binary(max_size=5),
        st.just(datetime.date(2026, 1, 2)),
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)


_KEYS: st.SearchStrategy[t.Any] = st.sampled_from((1, None, "kind ", "Name"))


class Names(t.NamedTuple):
    """What there is to refer to: names and ids, by kind."""

    known: t.Mapping[str, t.Sequence[str]]

    def values(self, field: Field) -> st.SearchStrategy[t.Any]:
        """Values of a field that may be right."""
        if field.format == "tags":
            return st.sampled_from(SAMPLES["tags"])
        if field.options is not None:
            options = {name: self.values(option) for name, option in field.options.items()}
            one = st.fixed_dictionaries(options)
            return st.lists(one, max_size=2) if field.many else one
        if field.many:
            return st.lists(self._one(field), max_size=3)
        return self._one(field)

    def _one(self, field: Field) -> st.SearchStrategy[t.Any]:
        if field.ref:
            return st.sampled_from((*self.known.get(field.ref, ()), "no-such"))
        if field.choices:
            return st.sampled_from(field.choices)
        if field.format is not None and field.format in SAMPLES:
            return st.sampled_from(SAMPLES[field.format])
        if field.type == "bool":
            return st.sampled_from((True, False, "yes", "no"))
        if field.type in ("int", "float"):
            return st.sampled_from((field.minimum or 0, field.maximum or 10, 1, 2, "3", 10**6))
        return st.text(max_size=20)

    def documents(self) -> st.SearchStrategy[Written]:
        """Documents of which many are right, and many nearly so."""
        return st.sampled_from(sorted(KINDS)).flatmap(lambda name: self._document(KINDS[name]))

    @st.composite
    @staticmethod
    def _drawn(draw: st.DrawFn, names: Names, kind: Kind) -> Written:
        identity = st.sampled_from((*names.known.get(kind.name, ()), None)) if draw(st.booleans()) else None
        document: Written = {"kind": kind.name}
        known = draw(identity) if identity is not None else None
        document[kind.identity] = known or draw(names.values(kind.arguments[kind.identity]))
        for name, field in kind.arguments.items():
            if name != kind.identity and draw(st.integers(0, 2)) == 0:
                document[name] = draw(names.values(field))
        if draw(st.integers(0, 2)) == 0:
            document["state"] = draw(st.sampled_from(sorted(kind.states)))
        if kind.forcible and draw(st.booleans()):
            document["force"] = draw(st.booleans())
        for _turn in range(draw(st.sampled_from((0, 0, 1, 2)))):
            _spoil(draw, document, kind)
        return document

    def _document(self, kind: Kind) -> st.SearchStrategy[Written]:
        return self._drawn(self, kind)


def _spoil(draw: st.DrawFn, document: Written, kind: Kind) -> None:
    """Leave a field out, give one any value or any name."""
    names = (*kind.arguments, "id", "state", "force", "kind")
    name = draw(st.sampled_from(names))
    how = draw(st.sampled_from(("value", "value", "gone", "name", "inside")))
    if how == "gone":
        document.pop(name, None)
    elif how == "name":
        document[draw(st.text(max_size=10) | _KEYS)] = draw(JUNK)
    elif how == "inside" and isinstance(document.get(name), list):
        document[name] = [*document[name], draw(JUNK)]
    else:
        document[name] = draw(JUNK)
