# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""A database's URL is understood or refused, and shown without what is private in it."""

from __future__ import annotations

import pytest

from ansible_collections.cairn.cloud.plugins.plugin_utils._drivers.sql.engine import parse, shown


@pytest.mark.parametrize(
    ("url", "driver", "told"),
    [
        ("sqlite:////var/lib/cairn.db", "sqlite", "sqlite:////var/lib/cairn.db"),
        ("sqlite:///relative.db", "sqlite", "sqlite:///relative.db"),
        ("sqlite+pysqlite:////x", "sqlite", "sqlite:////x"),
        ("postgresql://ann:p%40ss@db:5433/cloud", "postgresql+psycopg", "postgresql://ann@db:5433/cloud"),
        ("postgresql+psycopg2://db/cloud", "postgresql+psycopg", "postgresql://db/cloud"),
        (
            "postgresql:///cloud?host=%2Frun&password=x&passfile=y",
            "postgresql+psycopg",
            "postgresql:///cloud?host=%2Frun",
        ),
    ],
)
def test_urls(url: str, driver: str, told: str) -> None:
    parsed = parse(url)
    assert parsed.drivername == driver
    assert shown(parsed) == told
