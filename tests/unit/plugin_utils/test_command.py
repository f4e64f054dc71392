# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Commands in instances: what is asked for wrongly, and what comes back."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.cairn.cloud.plugins.module_utils._kinds.registry import KINDS
from ansible_collections.cairn.cloud.plugins.module_utils._schema.errors import CairnError
from ansible_collections.cairn.cloud.plugins.plugin_utils._command import parse
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.world import Ran
from ansible_collections.cairn.cloud.plugins.plugin_utils._local import execute
from ansible_collections.cairn.cloud.plugins.plugin_utils._run import Run
from support.lab import Lab
from support.lab import document as doc
from support.routed import routed

WHICH: dict[str, t.Any] = {"name": "web1", "argv": ["cat", "-"]}


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        ({"argv": ["true"]}, "neither id nor name"),
        ({"name": "web1"}, "argv: it is not a list"),
        ({"name": "web1", "argv": "true"}, "argv: it is not a list"),
        ({"name": "web1", "argv": []}, "argv: it is not a list"),
        ({"name": "web1", "argv": [{}]}, "argv: it is not a list"),
        (WHICH | {"encoding": "utf-16"}, "encoding: 'utf-16' is none of text, base64"),
        (WHICH | {"encoding": "base64", "stdin": "?"}, "stdin: it is not base64"),
        (WHICH | {"timeout": "soon"}, "timeout: 'soon' is not a number of seconds"),
        (WHICH | {"timeout": -1}, "timeout: -1 is not"),
        (WHICH | {"shell": "bash"}, "shell: there is no such argument"),
    ],
)
def test_what_is_no_command_is_refused(args: dict[str, t.Any], sentence: str) -> None:
    with pytest.raises(CairnError) as error:
        parse(args)
    assert sentence in str(error.value)


def test_content_is_text_or_base64() -> None:
    ran = Ran(0, b"\xff", b"")
    assert parse(WHICH | {"stdin": "ö"}).given == "ö".encode()
    assert parse(WHICH).answer(ran) == {"changed": True, "rc": 0, "stdout": "\ufffd", "stderr": ""}
    coded = parse(WHICH | {"stdin": "/w==", "encoding": "base64"})
    assert coded.given == b"\xff"
    assert coded.answer(ran)["stdout"] == "/w=="
    failed = parse(WHICH).answer(Ran(3, b"", b"no"))
    assert (failed["failed"], failed["rc"], failed["stderr"]) == (True, 3, "no")


def test_a_command_reaches_the_one_instance_that_is_meant() -> None:
    with Lab() as lab:
        lab.must(*routed())
        lab.must(doc("instance", "app", state="stopped"))

        def task(name: str, *argv: str, check: bool = False) -> dict[str, t.Any]:
            args = {"api_url": "sqlite:////none", "name": name, "argv": [*argv], "stdin": "given"}
            return execute("instance_command", args, Run(check=check, cloud=lambda **_how: lab.cloud()))

        assert task("web", "cat", "-") == {"changed": True, "rc": 0, "stdout": "cat -", "stderr": "given"}
        assert task("web", "false")["failed"]
        assert task("web", "cat", check=True) == {"changed": True}
        assert "name 'nobody': no instance has that" in task("nobody", "true")["msg"]
        assert "it does not run; start it first" in task("app", "true")["msg"]
        with lab.cloud() as cloud:
            types = {one["name"]: [card["type"] for card in one["nic"]] for one in cloud.read(KINDS["instance"])}
        assert types == {"web": ["Isolated"], "db": ["Isolated"], "app": ["Isolated"]}
