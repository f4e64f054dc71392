# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""A seed can be read back under its files' names, and the same files make the same bytes."""

from __future__ import annotations

import io
import subprocess
import time
from pathlib import Path

import pycdlib
import pytest

from ansible_collections.cairn.cloud.plugins.plugin_utils._drivers.image.seed import build_seed

FILES = {
    "meta-data": '{"instance-id": "i-1"}\n',
    "user-data": "#cloud-config\nhostname: wörld\n" + "# filling\n" * 6000,
    "network-config": "",
    "a_name.as-long-as-joliet-can-have-" + "x" * 30: "long",
}


@pytest.mark.parametrize("by", ["rr_path", "joliet_path"])
def test_it_reads_back(by: str) -> None:
    iso = pycdlib.PyCdlib()
    iso.open_fp(io.BytesIO(build_seed(FILES)))
    assert iso.pvd.volume_identifier.rstrip() == b"cidata"
    for name, text in FILES.items():
        content = io.BytesIO()
        iso.get_file_from_iso_fp(content, **{by: f"/{name}"})
        assert content.getvalue().decode() == text
    iso.close()


def test_other_programs_read_it(tmp_path: Path) -> None:
    (tmp_path / "seed.iso").write_bytes(build_seed({"meta-data": "x", "user-data": "y"}))

    def isoinfo(*options: str) -> str:
        command = ["isoinfo", *options, "-i", str(tmp_path / "seed.iso")]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    assert "Volume id: cidata\n" in isoinfo("-d")
    for extension in ("-R", "-J"):
        assert isoinfo("-f", extension).split() == ["/meta-data", "/user-data"]
        assert isoinfo(extension, "-x", "/user-data") == "y"
    listing = [line for line in isoinfo("-R", "-l").splitlines() if "data" in line]
    assert all("-r--------" in line and "Jan  1 1980" in line for line in listing)


def test_the_same_files_make_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    before = build_seed(FILES)
    monkeypatch.setattr(time, "time", lambda: 2_000_000_000.5)
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        assert build_seed(dict(reversed(FILES.items()))) == before
    finally:
        monkeypatch.undo()
        time.tzset()
    assert build_seed(FILES | {"meta-data": "other"}) != before


def test_many_files_fill_several_sectors(monkeypatch: pytest.MonkeyPatch) -> None:
    many = {f"file-number-{number}": str(number) for number in range(60)}
    before = build_seed(many)
    monkeypatch.setattr(time, "time", lambda: 2_000_000_000.5)
    assert build_seed(many) == before
