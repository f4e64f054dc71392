# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Whatever is written: a plan, or one sentence that a person can act on."""

from __future__ import annotations

import contextlib
import json
import re
import typing as t
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.cairn.cloud.plugins.module_utils._kinds.registry import KINDS
from ansible_collections.cairn.cloud.plugins.module_utils._schema.kind import Kind
from ansible_collections.cairn.cloud.plugins.plugin_utils import _local
from ansible_collections.cairn.cloud.plugins.plugin_utils._local import execute
from ansible_collections.cairn.cloud.plugins.plugin_utils._run import Run
from support import sample
from support.amounts import stated
from support.lab import Lab
from support.written import JUNK, Names, Written

_TITLES = "|".join(kind.title for kind in KINDS.values())
_REFUSAL = re.compile(rf"(documents, item \d+: )?({_TITLES}|document)( '.*')?(, field .+)?: .+")


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    """The sample cloud, which in-process tasks find."""
    with Lab() as made, made.store() as store, pytest.MonkeyPatch.context() as patch:
        made.must(*sample.cloud())
        patch.setattr(made, "store", lambda: contextlib.nullcontext(store))

        @contextlib.contextmanager
        def open_cloud(*_settings: t.Any, **_how: t.Any) -> Iterator[t.Any]:
            with made.cloud() as cloud:
                yield cloud

        patch.setattr(_local, "open_cloud", open_cloud)
        yield made


@pytest.fixture(scope="module")
def names(lab: Lab) -> Names:
    def known(kind: Kind) -> list[str]:
        return [one[key] for one in lab.read(kind.name) for key in (kind.identity, "id") if key in one]

    return Names({kind.name: known(kind) for kind in KINDS.values()})


def planned_or_refused(answer: dict[str, t.Any]) -> None:
    json.dumps(answer)
    if not answer.get("failed"):
        assert isinstance(answer["changed"], bool)
        return
    sentence = answer["msg"]
    assert _REFUSAL.fullmatch(sentence), sentence
    assert len(sentence) < 1000
    assert sentence.isprintable(), sentence


@given(st.data())
@settings(max_examples=stated(10_000))
def test_any_document_is_planned_or_refused(lab: Lab, names: Names, data: st.DataObject) -> None:
    document: Written = data.draw(names.documents())
    kind = document.get("kind")
    if isinstance(kind, str) and kind in KINDS and data.draw(st.booleans()):
        answer = execute(kind, {key: value for key, value in document.items() if key != "kind"}, Run(check=True))
    else:
        answer = execute("apply", {"documents": [document]}, Run(check=True))
    planned_or_refused(answer)


@given(JUNK)
@settings(max_examples=stated(1000))
def test_anything_in_place_of_documents_is_refused(lab: Lab, junk: t.Any) -> None:
    answer = execute("apply", {"documents": junk}, Run(check=True))
    if answer.get("failed"):
        assert answer["msg"].startswith(("documents", "neither src nor documents"))
    else:
        assert junk == []
