# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Callers of a daemon name files of its machine below a folder of their own, and learn nothing of any other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from support.daemon import Daemon
from support.simulated import documents


@pytest.fixture(scope="module")
def daemon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daemon]:
    """One that is configured as by role management, with a cloud whose files are in its folder for them."""
    with Daemon(tmp_path_factory.mktemp("daemon"), local_dirs="") as running:
        exchange = running.directory / "state" / "exchange"
        assert exchange.stat().st_mode & 0o777 == 0o700
        run(running, "apply", documents=documents(exchange))
        yield running


def run(daemon: Daemon, action: str, **args: Any) -> dict[str, Any]:
    result: dict[str, Any] = daemon.ask("POST", f"/v1/run/{action}", {"args": args})[1][-1]["result"]
    return result


def secrets(daemon: Daemon) -> list[Path]:
    """Files that the daemon can read and its callers may not, one of them by a link in their folder."""
    link = daemon.directory / "state" / "exchange" / "link"
    if not link.is_symlink():
        link.symlink_to(daemon.key)
    return [daemon.key, daemon.private_key, daemon.directory / "state" / "cairn.db", link]


def test_no_secret_is_read_by_the_url_of_a_host(daemon: Daemon) -> None:
    for path in secrets(daemon):
        for url in (f"test://{path}", f"test:{path}", f"test://{path.parent}/./{path.name}"):
            for told in (run(daemon, "host", name="spy", url=url), run(daemon, "rebuild", hosts=[url])):
                assert told["failed"]
                assert daemon.key.read_text() not in str(told)
                assert "PRIVATE KEY" not in str(told)
            assert "where callers of the daemon may name files" in run(daemon, "host", name="spy", url=url)["msg"]
    for query in ("no_verify=1", "keyfile=/etc/shadow", "socket=/run/x", "x=y;pkipath=/tmp"):
        told = run(daemon, "host", name="spy", url=f"qemu+ssh://127.0.0.1:1/system?{query}")
        assert "is not for callers of a daemon" in told["msg"]


@pytest.mark.parametrize("kind", ["template", "iso", "volume"])
def test_no_secret_becomes_an_image(daemon: Daemon, kind: str) -> None:
    for path in secrets(daemon):
        more = {} if kind == "iso" else {"format": "RAW"}
        more |= {"state": "uploaded"} if kind == "volume" else {}
        told = run(daemon, kind, name="spy", url=f"file://{path}", **more)
        assert "where callers of the daemon may name files; name one there" in told["msg"]
    assert run(daemon, "template_info", name="spy")["templates"] == []


def test_no_file_of_the_daemon_is_replaced(daemon: Daemon) -> None:
    for path in secrets(daemon):
        before = path.read_bytes()
        told = run(daemon, "template", name="empty", state="extracted", dest=str(path), force=True)
        assert "where callers of the daemon may name files; name one there" in told["msg"]
        assert path == daemon.directory / "state" / "cairn.db" or path.read_bytes() == before
    dest = daemon.directory / "state" / "exchange" / "out.raw"
    assert run(daemon, "template", name="empty", state="extracted", dest=str(dest))["changed"]
    assert dest.read_bytes() == b"0" * 4096


def test_images_are_kept_where_they_may_be(daemon: Daemon) -> None:
    told = run(daemon, "secondary_storage", name="spy", url=f"file://{daemon.directory}")
    assert "where callers of the daemon may name files; name one there" in told["msg"]
    more = f"file://{daemon.directory}/state/secondary/more"
    assert run(daemon, "secondary_storage", name="more", url=more)["changed"]
