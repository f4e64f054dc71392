# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""A command in an instance as a task writes it, and what came of it as Ansible reads it."""

from __future__ import annotations

import base64
import binascii
import dataclasses as dc
import typing as t

from ..module_utils._runner import INSTANCE_COMMAND
from ..module_utils._schema.arguments import RUN_ARGUMENTS
from ..module_utils._schema.errors import CairnError
from ._arguments import chosen, known

if t.TYPE_CHECKING:
    from ._core.world import Ran

Answer = dict[str, t.Any]
TEXT, BASE64 = INSTANCE_COMMAND["encoding"]["choices"]
_LONGEST = 1 << 31


@dc.dataclass(frozen=True)
class Command:
    """``which`` are filters that the instance is found by; ``timeout`` is in seconds, 0 for none."""

    which: t.Mapping[str, str]
    argv: tuple[str, ...]
    given: bytes
    encoding: str
    timeout: int

    def answer(self, ran: Ran) -> Answer:
        """The result of the task, which failed where the command did."""
        told = {"rc": ran.code, "stdout": self._written(ran.out), "stderr": self._written(ran.err)}
        bad = {"failed": True, "msg": f"the command ended with {ran.code}"} if ran.code else {}
        return {"changed": True, **told, **bad}

    def _written(self, content: bytes) -> str:
        return base64.b64encode(content).decode() if self.encoding == BASE64 else content.decode(errors="replace")


def parse(args: t.Mapping[str, t.Any]) -> Command:
    """Raises CairnError."""
    known(args, (*INSTANCE_COMMAND, *RUN_ARGUMENTS))
    chosen(args, INSTANCE_COMMAND)
    which = {name: str(args[name]) for name in ("id", "name", "zone") if args.get(name) is not None}
    if not which.keys() & {"id", "name"}:
        raise CairnError("neither id nor name is given; say which instance is meant")
    argv = args.get("argv")
    if not isinstance(argv, list) or not argv or not all(isinstance(word, (str, int, float)) for word in argv):
        raise CairnError("argv: it is not a list of words; write the program and its arguments")
    encoding = args.get("encoding") or TEXT
    return Command(which, tuple(map(str, argv)), _given(args.get("stdin"), encoding), encoding, _timeout(args))


def _given(stdin: t.Any, encoding: str) -> bytes:
    text = "" if stdin is None else str(stdin)
    if encoding == TEXT:
        return text.encode()
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise CairnError("stdin: it is not base64; encode it, or leave encoding out") from None


def _timeout(args: t.Mapping[str, t.Any]) -> int:
    value = args.get("timeout")
    try:
        seconds = 0 if value is None else int(value)
    except (TypeError, ValueError, OverflowError):
        seconds = -1
    if not 0 <= seconds < _LONGEST:
        raise CairnError(f"timeout: {value!r:.60} is not a number of seconds; write a whole number, or 0 for no limit")
    return seconds
