# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Documents of ``apply``: read from files and folders, or handed over as a list."""

from __future__ import annotations

import contextlib
import errno
import os
import tempfile
import typing as t

import yaml

from ..module_utils._kinds.registry import KINDS
from ..module_utils._schema.errors import CairnError, SpecError
from ..module_utils._schema.quoting import cut, short
from ..module_utils._schema.validation import Document, validate
from ._settings import LOADER, YAML_ERRORS

Read = t.Callable[[str], str]
_SUFFIXES = (".yml", ".yaml", ".json")


def read_file(path: str) -> str:
    with open(path, encoding="utf-8") as file:
        return file.read()


def files_of(path: str) -> list[str]:
    """The file itself, or the YAML files of a folder and those below it, sorted. Raises CairnError."""
    if os.path.isfile(path):
        return [path]
    if not os.path.isdir(path):
        raise CairnError(f"src {path} does not exist; name a file or a folder of YAML documents")
    found = [
        os.path.join(folder, name)
        for folder, _folders, names in os.walk(path)
        for name in names
        if name.endswith(_SUFFIXES) and not name.startswith(".")
    ]
    if not found:
        raise CairnError(f"src {path} holds no file that ends in {', '.join(_SUFFIXES)}; name another folder")
    return sorted(found)


def load(paths: t.Iterable[str], read: Read = read_file) -> list[Document]:
    """The documents of files and folders. Raises CairnError naming the file and the document."""
    documents = []
    for path in paths:
        for file in files_of(path):
            documents += _load_file(file, read)
    return documents


def texts(value: t.Any, name: str) -> list[str]:
    """A list of texts, or one alone. Raises CairnError."""
    if value is not None and not isinstance(value, (str, list, tuple)):
        raise CairnError(f"{name}: {short(value)} is not a list; write a list")
    return [value] if isinstance(value, str) and value else [str(one) for one in value or ()]


def named(src: t.Any, locate: t.Callable[[str], str], read: Read) -> list[Document]:
    """The documents of the files and folders that argument ``src`` of a task names. Raises CairnError."""
    return load(map(locate, texts(src, "src")), read)


def _load_file(file: str, read: Read) -> list[Document]:
    try:
        text = read(file)
    except (OSError, UnicodeDecodeError) as error:
        raise CairnError(f"{file}: it cannot be read: {error}") from None
    try:
        loaded = list(yaml.load_all(text, LOADER))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        raise CairnError(
            f"{file}{where}: it is not YAML ({getattr(error, 'problem', None) or 'unreadable'}); mend it"
        ) from None
    except YAML_ERRORS as error:
        raise CairnError(f"{file}: a value in it is not of its type ({error}); mend it") from None
    documents = []
    for number, content in enumerate(loaded, 1):
        origin = f"{file}, document {number}"
        if isinstance(content, list):
            documents += parse(content, origin)
        elif content is not None:
            documents.append(parse_one(content, origin))
    return documents


def dumped(documents: t.Iterable[t.Mapping[str, t.Any]]) -> str:
    """Documents as the text of a file that :func:`load` reads."""
    return str(
        yaml.safe_dump_all(
            map(dict, documents), sort_keys=False, allow_unicode=True, width=110, explicit_start=True, indent=2
        )
    )


def write(path: str, documents: t.Iterable[t.Mapping[str, t.Any]], *, check: bool) -> tuple[str, str]:
    """Write documents to a file, which only its owner may read, where they differ from what is in it; the text before
    and after. Raises CairnError."""
    text = dumped(documents)
    try:
        before = _text_of(path)
        if before != text and not check:
            _replace(path, text)
    except (OSError, UnicodeDecodeError) as error:
        raise CairnError(f"dest {path}: it cannot be written: {error}; name a file in a folder that is there") from None
    return before, text


def _text_of(path: str) -> str:
    with contextlib.suppress(FileNotFoundError):
        return read_file(path)
    if not os.path.isdir(os.path.dirname(path) or "."):
        raise FileNotFoundError(errno.ENOENT, "there is no such folder")
    return ""


def _replace(path: str, text: str) -> None:
    """Put the new file in the old one's place when it is complete."""
    descriptor, partial = tempfile.mkstemp(prefix=".cairn-", dir=os.path.dirname(path) or ".")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(partial, path)
    except BaseException:
        os.unlink(partial)
        raise


def parse(contents: t.Sequence[t.Any], origin: str) -> list[Document]:
    """The documents of a list; each is named by its place in it."""
    return [parse_one(content, f"{origin}, item {number}") for number, content in enumerate(contents, 1)]


def parse_one(content: t.Any, origin: str) -> Document:
    """One document: a mapping with ``kind``. Raises SpecError or CairnError."""
    if not isinstance(content, dict):
        raise CairnError(f"{origin}: it is not a mapping; write fields like 'kind: zone'")
    name = content.get("kind")
    if not isinstance(name, str) or name not in KINDS:
        label = content.get("name")
        problem = "it is missing" if name is None else f"there is no kind '{cut(name)}'"
        known = f"known are {', '.join(KINDS)}"
        raise SpecError("document", cut(label) if label else None, "kind", f"{problem}; {known}", origin)
    return validate(KINDS[name], content, origin)


def written(document: Document) -> dict[str, t.Any]:
    """A validated document as it can be validated again, elsewhere: plain data."""
    spec = {name: "" if value is None else value for name, value in document.spec.items()}
    written = spec | document.owner | {"state": document.state, "id": document.id}
    return written | ({"force": document.force} if document.kind.forcible else {})
