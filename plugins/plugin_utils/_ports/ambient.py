# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Time, randomness and the person who watches: passed in, so that the core needs none of its own."""

from __future__ import annotations

import typing as t

# Now, as ISO 8601 in UTC to the second.
Clock = t.Callable[[], str]
# A new id, a UUID (RFC 9562).
Identify = t.Callable[[], str]
# Tells the person who watches a line.
Progress = t.Callable[[str], None]
