# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""A cloud of one simulated host as documents, whose files are in a directory."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def documents(directory: Path, instances: int = 1) -> list[dict[str, Any]]:
    image = directory / "empty.raw"
    image.write_bytes(b"0" * 4096)
    return [
        {"kind": "zone", "name": "z1"},
        {"kind": "pod", "name": "p1"},
        {"kind": "cluster", "name": "c1"},
        {"kind": "host", "name": "h1", "url": f"test://{directory}/hosts/h1.xml"},
        {"kind": "primary_storage", "name": "local", "storage_url": "file:///var/lib/cairn/primary"},
        {"kind": "secondary_storage", "name": "images", "url": f"file://{directory}/secondary"},
        {"kind": "network_offering", "name": "shared"},
        {"kind": "network", "name": "lan", "cidr": "10.0.0.0/24"},
        {"kind": "service_offering", "name": "small", "cpu_number": 1, "memory": 512},
        {"kind": "template", "name": "empty", "url": f"file://{image}", "format": "RAW"},
        {"kind": "user_data", "name": "greeting", "user_data": "password: swordfish"},
        *({"kind": "instance", "name": f"vm{n}", "user_data_name": "greeting"} for n in range(1, instances + 1)),
    ]
