# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""The command that draws the cloud, on a simulated one with a virtual router."""

from __future__ import annotations

import json
import re
import subprocess
import typing as t
import xml.etree.ElementTree as ET
from pathlib import Path

import click.testing
import pytest
import yaml

from ansible_collections.cairn.cloud.plugins.plugin_utils._cli import diagram as command

Cairn = t.Callable[..., click.testing.Result]


@pytest.fixture
def drawn(run: Cairn, documents: Path, tmp_path: Path) -> Cairn:
    """Runs the program on a cloud with networks of all sorts in it, and a second zone."""
    image = tmp_path / "tiny.qcow2"
    subprocess.run(["qemu-img", "create", "-q", "-f", "qcow2", str(image), "1M"], check=True)
    more = [
        {"kind": "secondary_storage", "name": "images", "url": f"file://{tmp_path}/images"},
        {"kind": "template", "name": "tiny", "url": f"file://{image}"},
        {"kind": "template", "name": "router", "url": f"file://{image}", "is_routing": True},
        {"kind": "network_offering", "name": "shared"},
        {"kind": "network_offering", "name": "public", "traffic_type": "PUBLIC"},
        {"kind": "network_offering", "name": "isolated", "guest_ip_type": "Isolated"},
        {"kind": "network", "name": "lan", "network_offering": "shared", "cidr": "10.9.0.0/24"},
        {"kind": "network", "name": "outside", "network_offering": "public", "cidr": "192.0.2.0/24"},
        {"kind": "network", "name": "inside", "network_offering": "isolated"},
        *({"kind": "instance", "name": f"web{n}", "template": "tiny", "networks": ["inside"]} for n in range(1, 4)),
        {"kind": "instance", "name": "db1", "template": "tiny", "networks": ["lan"], "state": "deployed"},
    ]
    documents.write_text(f"{documents.read_text()}---\n{yaml.safe_dump_all(more)}")
    run("apply", "--yes", str(documents))
    lab: list[dict[str, t.Any]] = [
        {"kind": "zone", "name": "lab"},
        {"kind": "network", "name": "lan", "zone": "lab", "network_offering": "shared", "cidr": "10.8.0.0/24"},
    ]
    documents.write_text(yaml.safe_dump_all(lab))
    run("apply", "--yes", "--set", "lab", str(documents))
    return run


def test_networks_are_drawn(drawn: Cairn) -> None:
    lines = drawn("diagram").stdout.splitlines()
    assert {len(line) for line in lines} == {100}
    told = "\n".join(lines)
    assert re.search(r"├─╭ public network outside  192.0.2.0/24 ", told)
    assert re.search(r"│   └─╭ router r-inside  192.0.2.2 \(source NAT\)  on h1 ", told)
    assert re.search(r"│       └─╭ network inside  Isolated  10.1.1.0/24 ", told)
    assert re.search(r"● web1  10.1.1.2  on h1 +● web2  10.1.1.3  on h1 ", told)
    assert re.search(r"○ db1  10.9.0.2  on h1  Stopped ", told)
    assert drawn("diagram", "networks").stdout.splitlines() == lines


def test_hosts_are_drawn(drawn: Cairn) -> None:
    told = drawn("diagram", "hosts", "--width", "60").stdout
    assert {len(line) for line in told.splitlines()} == {60}
    for expected in (
        r"╭ zone lab ─",
        r"╭ host h1 ─",
        r"CPU +█+░+ 5 of \d+ ",
        r"● web1 +small +10.1.1.2 ",
        r"● r-inside +router ",
    ):
        assert re.search(expected, told), expected
    assert re.search(r"╭ primary storage disks  file:///srv/disks ─", told)


def test_what_is_drawn_is_chosen(drawn: Cairn) -> None:
    home = drawn("diagram", "--zone", "home").stdout
    assert ("zone home" in home, "zone lab" in home) == (True, False)
    assert "zone lab" not in drawn("diagram", "hosts", "--zone", "home").stdout
    inside = drawn("diagram", "--network", "inside").stdout
    assert ("router r-inside" in inside, "network lan" in inside) == (True, False)
    lab = drawn("diagram", "--network", "lan", "--zone", "lab").stdout
    assert ("10.8.0.0/24" in lab, "10.9.0.0/24" in lab) == (True, False)
    assert re.search(r"● web1 .* on h1 +· and 2 more  2 Running", drawn("diagram", "--limit", "1").stdout)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--network", "lan"), 1, "network 'lan' is one of several; write one's id: "),
        (("--network", "inside", "--zone", "lab"), 1, "network 'inside' not found; there are lan"),
        (("--zone", "vienna"), 1, "zone 'vienna' not found; there are home, lab"),
        (("hosts", "--network", "inside"), 2, "--network is about networks; leave it out"),
        (("storage",), 2, "'storage' is not one of 'networks', 'hosts'"),
        (("--width", "39"), 2, "39 is not in the range"),
        (("--output", "table"), 2, "'table' is not one of 'text', 'svg', 'json', 'yaml'"),
        (("--output", "svg", "--file", "/nowhere/cloud.svg"), 1, "/nowhere/cloud.svg cannot be written: No such file"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(drawn: Cairn, words: tuple[str, ...], code: int, said: str) -> None:
    assert said in drawn("diagram", *words, code=code).stderr


def test_a_drawing_is_written_to_a_file(drawn: Cairn, tmp_path: Path) -> None:
    file = tmp_path / "cloud.svg"
    assert drawn("diagram", "-o", "svg", "--file", str(file)).stdout == ""
    assert drawn("diagram", "-o", "svg").stdout == file.read_text()
    texts = [element.text for element in ET.fromstring(file.read_text()).iter("{http://www.w3.org/2000/svg}text")]
    assert {"zone home", "router r-inside", "web1", "10.1.1.2"} <= set(texts)
    drawn("diagram", "--file", str(file))
    assert file.read_text() == drawn("diagram").stdout


def test_programs_get_what_is_drawn(drawn: Cairn) -> None:
    parts = json.loads(drawn("diagram", "hosts", "-o", "json").stdout)["parts"]
    assert [part["name"] for part in parts] == ["home", "lab"]
    assert json.loads(drawn("-o", "json", "diagram", "hosts").stdout)["parts"] == parts
    assert yaml.safe_load(drawn("diagram", "hosts", "-o", "yaml").stdout)["parts"] == parts


def test_a_terminal_has_colours_and_its_own_width(drawn: Cairn, monkeypatch: pytest.MonkeyPatch) -> None:
    from rich.console import Console

    monkeypatch.setattr(command, "terminal_of", lambda: Console(force_terminal=True, width=72, color_system="standard"))
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    told = drawn("diagram").stdout
    assert "\x1b[32m●" in told
    plain = re.sub(r"\x1b\[[0-9;]*m", "", told)
    assert {len(line) for line in plain.splitlines()} == {72}


def test_an_empty_cloud(run: Cairn) -> None:
    assert "there is no zone" in run("diagram").stdout
    assert "there is no zone" in run("diagram", "hosts", "-o", "svg").stdout
