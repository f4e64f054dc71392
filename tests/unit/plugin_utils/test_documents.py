# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Documents are read from files, folders and lists; what is wrong is said with the file and the document."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.cairn.cloud.plugins.module_utils._kinds.registry import KINDS
from ansible_collections.cairn.cloud.plugins.module_utils._schema.errors import CairnError, SpecError
from ansible_collections.cairn.cloud.plugins.module_utils._schema.validation import Document
from ansible_collections.cairn.cloud.plugins.plugin_utils._documents import files_of, load, parse, parse_one, write

ZONE = "kind: zone\nname: vie-1\n"


def names(documents: list[Document]) -> list[str]:
    return [document.name for document in documents]


def refusal(path: Path, text: str) -> str:
    """What is said of a file with this text."""
    path.write_text(text)
    with pytest.raises(CairnError) as caught:
        load([str(path)])
    return caught.value.sentence


def outcome(text: str) -> list[Document] | CairnError:
    try:
        return load([__file__], lambda path: text)
    except CairnError as error:
        return error


def test_a_file_holds_documents_and_lists_of_them(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text(
        f"{ZONE}---\n- {{kind: pod, name: p1}}\n- {{kind: pod, name: p2}}\n---\n---\n{ZONE}"
    )
    documents = load([str(tmp_path / "a.yml")])
    assert names(documents) == ["vie-1", "p1", "p2", "vie-1"]
    assert [document.origin.removeprefix(f"{tmp_path}/a.yml, ") for document in documents] == [
        "document 1",
        "document 2, item 1",
        "document 2, item 2",
        "document 4",
    ]


def test_a_folder_is_read_with_those_below_it_in_order(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    for name, zone in (("b/1.yaml", "b1"), ("2.yml", "two"), ("3.json", "three")):
        (tmp_path / name).write_text(f'{{"kind": "zone", "name": "{zone}"}}')
    for ignored in ("notes.txt", ".hidden.yml"):
        (tmp_path / ignored).write_text("}")
    assert names(load([str(tmp_path)])) == ["two", "three", "b1"]


def test_a_file_is_read_whatever_its_name(tmp_path: Path) -> None:
    (tmp_path / "cloud.txt").write_text(ZONE)
    assert files_of(str(tmp_path / "cloud.txt")) == [str(tmp_path / "cloud.txt")]
    assert names(load([str(tmp_path / "cloud.txt")] * 2)) == ["vie-1", "vie-1"]


def test_what_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CairnError, match=f"src {tmp_path}/x does not exist; name a file or a folder"):
        load([f"{tmp_path}/x"])
    with pytest.raises(CairnError, match=f"src {tmp_path} holds no file that ends in .yml, .yaml, .json"):
        load([str(tmp_path)])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: [", ", line 2: it is not YAML ("),
        ("a:\n  b: c\n d: e\n", ", line 3: it is not YAML ("),
        ("a: \x00", ": it is not YAML ("),
        ("a: !!python/object:os.system {}", ", line 1: it is not YAML (could not determine a constructor"),
        ("{[a]: b}", ", line 1: it is not YAML ("),
        ("day: 2026-13-45", ": a value in it is not of its type (month must be in 1..12); mend it"),
        ("size: !!int", ": a value in it is not of its type ("),
        ("when: !!timestamp x", ": a value in it is not of its type ("),
        ("on: !!bool x", ": a value in it is not of its type ("),
        ("size: " + "1" * 5000, ": a value in it is not of its type (Exceeds the limit"),
        ("size: !!int x", ": a value in it is not of its type ("),
        ("just text", ", document 1: it is not a mapping; write fields like 'kind: zone'"),
        (f"{ZONE}---\n12\n", ", document 2: it is not a mapping"),
        (f"{ZONE}---\n- a\n", ", document 2, item 1: it is not a mapping"),
        ("name: a", ", document 1: document 'a', field kind: it is missing; known are "),
        ("kind: zoen\nname: a", ", document 1: document 'a', field kind: there is no kind 'zoen'; known are "),
        ("kind: [zone]", ", document 1: document, field kind: there is no kind '['zone']'"),
        (f"{ZONE}dns1: x", ", document 1: zone 'vie-1', field dns1: 'x' is not an IPv4 address"),
        (f"{ZONE}---\n- kind: zone\n", ", document 2, item 1: zone, field name: it is missing"),
        (f"{ZONE}network_type: {{a: b}}", ", document 1: zone 'vie-1', field network_type: "),
    ],
)
def test_a_refusal_says_where(tmp_path: Path, text: str, words: str) -> None:
    assert refusal(tmp_path / "a.yml", text).startswith(f"{tmp_path}/a.yml{words}")


def test_lists_within_lists_without_end(tmp_path: Path) -> None:
    sentence = refusal(tmp_path / "a.yml", "[" * 20_000)
    assert sentence.startswith(f"{tmp_path}/a.yml")


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CairnError, match=f"{tmp_path}/a.yml: it cannot be read: "):
        load([str(tmp_path / "a.yml")])


def test_a_file_that_may_not_be_read() -> None:
    def read(path: str) -> str:
        raise PermissionError(13, "Permission denied", path)

    with pytest.raises(CairnError, match=r"it cannot be read: .*Permission denied"):
        load([__file__], read)


def test_an_alias_that_stands_for_very_much(tmp_path: Path) -> None:
    lines = ["a0: &a0 x", *(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 60)), "kind: *a59"]
    assert len(refusal(tmp_path / "a.yml", "\n".join(lines))) < 1000
    lines[-1] = "kind: zone\nname: *a59"
    assert len(refusal(tmp_path / "a.yml", "\n".join(lines))) < 1000


def test_documents_of_a_list() -> None:
    documents = parse([{"kind": "zone", "name": "a"}, {"kind": "pod", "name": "b"}], "documents")
    assert [document.origin for document in documents] == ["documents, item 1", "documents, item 2"]
    with pytest.raises(SpecError, match="documents, item 2: pod, field name: it is missing"):
        parse([{"kind": "zone", "name": "a"}, {"kind": "pod"}], "documents")


PIECES = (
    *("kind: ", "zone", "name: ", "\n", "  ", "- ", "? ", "---\n", "{", "}", "[", "]", "'", '"\\x00"'),
    *("&a ", "*a", "<<: ", "~", "!!int ", "!!bool ", "!!set ", "!!timestamp ", "2026-02-30", "0x1", "1e5"),
)
YAML = st.one_of(st.text(max_size=60), st.lists(st.sampled_from(PIECES), max_size=12).map("".join))


@settings(max_examples=1500)
@given(YAML)
def test_any_text_is_documents_or_a_refusal(text: str) -> None:
    result = outcome(text)
    if isinstance(result, CairnError):
        assert result.sentence.startswith(__file__)
    else:
        assert all(document.kind in KINDS.values() for document in result)


@given(st.recursive(st.one_of(st.none(), st.booleans(), st.floats(), st.text()), st.lists, max_leaves=5))
def test_any_value_in_place_of_a_document_is_refused(content: Any) -> None:
    with pytest.raises(CairnError, match="here: it is not a mapping"):
        parse_one(content, "here")


def test_written_documents_are_read_as_they_were(tmp_path: Path) -> None:
    documents = [
        {"kind": "zone", "name": "z1", "dns1": "192.0.2.1"},
        {"kind": "user_data", "name": "x", "user_data": "#!\n\tå: 'x'"},
    ]
    path = tmp_path / "cloud.yml"
    before, after = write(str(path), documents, check=True)
    assert before == ""
    assert not path.exists()
    assert write(str(path), documents, check=False) == ("", after)
    assert path.stat().st_mode & 0o777 == 0o600
    assert [one.spec for one in load([str(path)])] == [
        {k: v for k, v in one.items() if k != "kind"} for one in documents
    ]
    inode = path.stat().st_ino
    assert write(str(path), documents, check=False) == (after, after)
    assert path.stat().st_ino == inode
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    for check in (True, False):
        with pytest.raises(CairnError, match=r"dest .*/none/x.yml: it cannot be written: .*; name a file"):
            write(str(tmp_path / "none" / "x.yml"), [], check=check)
