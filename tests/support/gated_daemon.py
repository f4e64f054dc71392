# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""The daemon, whose hosts start no guest before the file that GATE names is there."""

from __future__ import annotations

import os
import time
from pathlib import Path

from ansible_collections.cairn.cloud.plugins.plugin_utils._daemon import app
from ansible_collections.cairn.cloud.plugins.plugin_utils._drivers.libvirt.domains import Domains

start = Domains.start


def gated(self: Domains, domain_id: str) -> None:
    gate = Path(os.environ["GATE"])
    gate.with_suffix(".waiting").touch()
    while not gate.exists():
        time.sleep(0.05)
    start(self, domain_id)


Domains.start = gated  # type: ignore[method-assign]
app.LEAVING = float(os.environ.get("LEAVING", app.LEAVING))
app.main()
