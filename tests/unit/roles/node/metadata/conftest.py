# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""The program of role node that gives guests their metadata: its files import each other by their bare names."""

from __future__ import annotations

import sys

from support.collection import CHECKOUT

PROGRAM = CHECKOUT / "roles" / "node" / "files" / "metadata"

sys.path.append(str(PROGRAM))
