# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""The program on a cloud of its own, and documents for that."""

from __future__ import annotations

import typing as t
from pathlib import Path

import click.testing
import pytest
import yaml

from ansible_collections.cairn.cloud.plugins.plugin_utils._cli.app import cairn

Cairn = t.Callable[..., click.testing.Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cairn:
    """Runs the program on a cloud of its own."""
    (tmp_path / "cairn.yml").write_text(f"state_dir: {tmp_path}\napi_url: sqlite:///{tmp_path}/cairn.db\n")
    monkeypatch.setenv("CAIRN_CONFIG", str(tmp_path / "cairn.yml"))

    def cairn_(*words: str, code: int = 0, typed: str | None = None) -> click.testing.Result:
        result = click.testing.CliRunner().invoke(cairn, words, input=typed, prog_name="cairn")
        assert result.exit_code == code, result.output + result.stderr
        assert "Traceback" not in result.output
        return result

    return cairn_


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    """A cloud of one simulated host, and a network whose host is lost to drift in a test."""
    path = tmp_path / "cloud.yml"
    path.write_text(
        yaml.safe_dump_all(
            [
                {"kind": "zone", "name": "home"},
                {"kind": "pod", "name": "rack"},
                {"kind": "cluster", "name": "main"},
                {"kind": "host", "name": "h1", "url": f"test://{tmp_path}/h1.xml"},
                {"kind": "primary_storage", "name": "disks", "storage_url": "file:///srv/disks"},
                {"kind": "service_offering", "name": "small", "cpu_number": 1, "memory": 256, "display_text": "S"},
            ]
        )
    )
    return path
