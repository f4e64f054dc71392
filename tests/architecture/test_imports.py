# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""The walls between the parts of the collection hold, and the checker of the walls sees what breaks them."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.collection import CHECKOUT
from support.import_walls import WALLS, breaches

PLUGINS = CHECKOUT / "plugins"
FULL = "ansible_collections.cairn.cloud.plugins"

# Files of the fake tree that the cases below import.
FILES = (
    "module_utils/_schema/field.py",
    "module_utils/_kinds/zone.py",
    "module_utils/_runner.py",
    "plugin_utils/_core/plan.py",
    "plugin_utils/_ports/store.py",
    "plugin_utils/_services/cloud.py",
    "plugin_utils/_drivers/sql/store.py",
    "plugin_utils/_drivers/libvirt/driver.py",
    "plugin_utils/_wiring.py",
)

FORBIDDEN = [
    ("module_utils/_schema/kind.py", "from .._kinds.zone import ZONE"),
    ("module_utils/_schema/kind.py", "import yaml"),
    ("module_utils/_kinds/pod.py", "from .._runner import run_resource"),
    ("module_utils/_kinds/pod.py", "from .. import _runner"),
    ("module_utils/_kinds/pod.py", "from ansible.module_utils.basic import AnsibleModule"),
    ("module_utils/_client/http.py", "import requests"),
    ("module_utils/_client/http.py", "from ...plugin_utils._core import plan"),
    ("module_utils/_client/http.py", f"import {FULL}.plugin_utils._core.plan"),
    ("module_utils/_client/http.py", f"def late():\n    from {FULL}.plugin_utils import _wiring"),
    ("modules/zone.py", f"from {FULL}.plugin_utils._services.cloud import Cloud"),
    ("plugin_utils/_core/place.py", "import socket"),
    ("plugin_utils/_core/place.py", "import subprocess"),
    ("plugin_utils/_core/place.py", "import libvirt"),
    ("plugin_utils/_core/place.py", "from sqlalchemy import select"),
    ("plugin_utils/_core/place.py", "import time"),
    ("plugin_utils/_core/place.py", "from random import choice"),
    ("plugin_utils/_core/place.py", "import os.path"),
    ("plugin_utils/_core/place.py", "from urllib import request"),
    ("plugin_utils/_core/place.py", "import datetime as dt\ndt.datetime.now(dt.UTC)"),
    ("plugin_utils/_core/place.py", "from datetime import datetime as when\nwhen.utcnow()"),
    ("plugin_utils/_core/place.py", "from datetime import date\ndate.today()"),
    ("plugin_utils/_core/place.py", "from uuid import uuid4 as new\nnew()"),
    ("plugin_utils/_core/place.py", "import uuid\nuuid.uuid4()"),
    ("plugin_utils/_core/place.py", "open('file')"),
    ("plugin_utils/_core/place.py", "from .._ports.store import Store"),
    ("plugin_utils/_core/converge/zone.py", "from ..._services.cloud import Cloud"),
    ("plugin_utils/_ports/images.py", "from .._services.cloud import Cloud"),
    ("plugin_utils/_services/heal.py", "from .._drivers.sql.store import SqlStore"),
    ("plugin_utils/_services/heal.py", "import sqlalchemy"),
    ("plugin_utils/_services/heal.py", "from .. import _wiring"),
    ("plugin_utils/_drivers/sql/rows.py", "from ..libvirt.driver import Driver"),
    ("plugin_utils/_drivers/sql/rows.py", "from ..._services import cloud"),
    ("module_utils/_client/http.py", "from .._kinds.zone import ZONE"),
    ("plugin_utils/_api/routes.py", "from .._drivers.sql import store"),
    ("plugin_utils/_api/routes.py", "from .._wiring import open_cloud"),
    ("plugin_utils/_api/routes.py", "import uvicorn"),
    ("plugin_utils/_daemon/server.py", "import sqlalchemy"),
    ("plugin_utils/_daemon/__main__.py", f"from {FULL}.plugin_utils._drivers.sql.store import SqlStore"),
    ("action/resource.py", f"from {FULL}.plugin_utils._drivers import sql"),
    ("inventory/instances.py", f"from {FULL}.plugin_utils._drivers.sql import store"),
]

ALLOWED = [
    ("module_utils/_schema/kind.py", "from .field import Field\nfrom ansible.module_utils.common import validation"),
    ("module_utils/_kinds/pod.py", "import typing\nfrom .._schema.field import Field\nfrom . import zone"),
    ("module_utils/_client/http.py", "import http.client\nfrom .._schema.field import Field"),
    ("plugin_utils/_api/routes.py", "from starlette.routing import Route\nfrom .._core import plan"),
    ("modules/zone.py", f"from {FULL}.module_utils._runner import run_resource"),
    ("plugin_utils/_core/place.py", "from .plan import Plan\nfrom ...module_utils._kinds import zone"),
    ("plugin_utils/_core/place.py", "from urllib.parse import urlsplit\nimport datetime\ndatetime.timedelta(1)"),
    ("plugin_utils/_core/place.py", "from uuid import UUID, uuid5\nuuid5(UUID(int=0), 'name')"),
    ("plugin_utils/_ports/images.py", "from .._core.plan import Plan"),
    ("plugin_utils/_services/heal.py", "import time\nfrom .._ports.store import Store\nfrom .._core import plan"),
    (
        "plugin_utils/_drivers/sql/rows.py",
        "import libvirt\nfrom .store import SqlStore\nfrom ..._ports import store",
    ),
    ("plugin_utils/_wiring.py", "from ._drivers.sql.store import SqlStore\nfrom ._services.cloud import Cloud"),
    ("plugin_utils/_daemon/__main__.py", "import uvicorn\nfrom .._wiring import open_cloud"),
    ("action/resource.py", f"from {FULL}.plugin_utils._wiring import open_cloud"),
]


def found_in(tmp_path: Path, path: str, source: str) -> list[str]:
    """Write a fake tree with one file of interest and check it."""
    for name in FILES:
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    file = tmp_path / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"{source}\n")
    return [str(breach) for breach in breaches(tmp_path)]


def test_the_collection_keeps_to_its_walls() -> None:
    assert [str(breach) for breach in breaches(PLUGINS)] == []


def test_the_walls_stand_around_parts_that_exist() -> None:
    parts = {wall.part for wall in WALLS if wall.part.startswith(("module_utils/", "plugin_utils/"))}
    assert [part for part in sorted(parts) if not (PLUGINS / part).exists()] == []


@pytest.mark.parametrize(("path", "source"), FORBIDDEN)
def test_a_breach_is_found(tmp_path: Path, path: str, source: str) -> None:
    [breach] = found_in(tmp_path, path, source)
    assert breach.startswith(f"plugins/{path}:")


@pytest.mark.parametrize(("path", "source"), ALLOWED)
def test_a_rightful_import_passes(tmp_path: Path, path: str, source: str) -> None:
    assert found_in(tmp_path, path, source) == []
