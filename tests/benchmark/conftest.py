# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""What benchmarks compare with, and where they write their figures."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from e2e.conftest import build_image

from support.collection import CHECKOUT
from support.private_libvirt import PrivateLibvirt
from support.small_cloud import SmallCloud

WORK = CHECKOUT / "build" / "benchmark"


@pytest.fixture(scope="session")
def peer() -> Iterator[Path]:
    """A collections path with community.libvirt, taken from the Ansible bundle's wheel; its modules need lxml."""
    tree, python = WORK / "collections", WORK / "python"
    if not (tree / "ansible_collections/community/libvirt").is_dir():
        WORK.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(WORK)]
        subprocess.run([*command, "ansible>=12,<13"], check=True)
        (wheel,) = WORK.glob("ansible-*.whl")
        with zipfile.ZipFile(wheel) as archive:
            names = [name for name in archive.namelist() if "ansible_collections/community/libvirt/" in name]
            archive.extractall(tree, names)
    if not python.is_dir():
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(python), "lxml>=5,<7"]
        subprocess.run(command, check=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(python))
        yield tree


@pytest.fixture
def cloud(
    libvirt_host: PrivateLibvirt, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SmallCloud]:
    with SmallCloud(libvirt_host, tmp_path, build_image(tmp_path_factory.mktemp("tiny"), "tiny")) as small:
        yield small


@pytest.fixture(scope="session")
def plots() -> Path:
    """Where pictures go."""
    WORK.mkdir(parents=True, exist_ok=True)
    return WORK


@pytest.fixture(scope="session")
def table() -> Iterator[list[tuple[str, str]]]:
    """Rows of (what, figure); printed and written to build/benchmark/results.md at the end."""
    rows: list[tuple[str, str]] = []
    yield rows
    text = "\n".join(["| what | figure |", "|---|---|", *(f"| {what} | {figure} |" for what, figure in rows)])
    WORK.mkdir(parents=True, exist_ok=True)
    (WORK / "results.md").write_text(f"{text}\n")
    print(f"\n{text}")
