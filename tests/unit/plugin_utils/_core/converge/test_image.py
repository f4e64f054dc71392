# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""A template's copies go with it, on all hosts that had instances of it."""

from __future__ import annotations

import dataclasses as dc

from ansible_collections.cairn.cloud.plugins.plugin_utils._core.converge import wanted
from support.wanted import H1, TINY, changed, desired


def test_a_template_by_itself_wants_nothing() -> None:
    assert wanted(desired([TINY])) == {}


def test_copies_go_with_the_template_but_not_on_hosts_that_left() -> None:
    gone = dc.replace(changed(TINY, removing=True), status={"hosts": [H1, "left"]})
    (host,) = wanted(desired([TINY], gone)).values()
    assert host.id == H1
    assert host.gone_owners == {("", TINY)}
