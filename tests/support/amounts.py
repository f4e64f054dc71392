# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""How many examples a test tries that is about a great number of them."""

from __future__ import annotations

import os


def stated(number: int) -> int:
    """The number where everything is tested (``make test``) or HYPOTHESIS_PROFILE is thorough, else a twentieth."""
    return number if os.environ.get("HYPOTHESIS_PROFILE", "quick") != "quick" else max(1, number // 20)
