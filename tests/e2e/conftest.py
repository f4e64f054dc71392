# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Fixtures of end-to-end tests: images built by the project's own role, and a small cloud for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from support.playbook import Ansible
from support.private_libvirt import PrivateLibvirt
from support.small_cloud import SmallCloud

CACHE = Path.home() / ".cache" / "cairn" / "images"


def build_image(directory: Path, name: str) -> Path:
    """The image, from the cache or built by role guest_image."""
    images = directory / "images"
    task = {
        "ansible.builtin.include_role": {"name": "cairn.cloud.guest_image"},
        "vars": {"guest_image_names": [name], "guest_image_dir": str(images), "guest_image_cache": str(CACHE)},
    }
    play = [{"ansible.builtin.setup": {"gather_subset": ["min"]}}, task]
    Ansible(directory).play(play, timeout=1500)
    return images / f"{name}.qcow2"


@pytest.fixture(scope="session")
def tiny_image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_image(tmp_path_factory.mktemp("tiny"), "tiny")


@pytest.fixture(scope="session")
def debian_image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_image(tmp_path_factory.mktemp("debian"), "debian-12")


@pytest.fixture(scope="session")
def router_image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The image of virtual routers, by role router_image."""
    directory = tmp_path_factory.mktemp("router")
    task = {
        "ansible.builtin.include_role": {"name": "cairn.cloud.router_image"},
        "vars": {"router_image_dir": str(directory / "images"), "router_image_cache": str(CACHE)},
    }
    play = [{"ansible.builtin.setup": {"gather_subset": ["min"]}}, task]
    Ansible(directory).play(play, timeout=1500)
    return directory / "images" / "router.qcow2"


@pytest.fixture
def cloud(libvirt_host: PrivateLibvirt, tmp_path: Path, tiny_image: Path) -> Iterator[SmallCloud]:
    """An empty small cloud; its documents are those of an infrastructure without instances."""
    with SmallCloud(libvirt_host, tmp_path, tiny_image) as small:
        yield small
