# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""``python -m ansible_collections.cairn.cloud.plugins.plugin_utils._daemon``: the program ``cairn-daemon``."""

from __future__ import annotations

from .app import main

main()
