# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Whatever is done to a host has words that people understand."""

from __future__ import annotations

import pytest

from ansible_collections.cairn.cloud.plugins.plugin_utils._core.plan import Step
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.resource import Resource
from ansible_collections.cairn.cloud.plugins.plugin_utils._ports.hypervisor import Hypervisor
from ansible_collections.cairn.cloud.plugins.plugin_utils._services.outcome import WORDS, sentence

LOOKS = {
    "working",
    "close",
    "alive",
    "console",
    "node",
    "probe_virt_type",
    "observe",
    "read_file",
    "refresh_pool",
    "run_in_guest",
}


def test_each_step_of_the_port_has_words() -> None:
    calls = {name for name in vars(Hypervisor) if not name.startswith("_")} - LOOKS
    assert WORDS.keys() == calls | {"fetch_image", "delete_image", "extract_image", "extract_volume"}


@pytest.mark.parametrize("call", sorted(WORDS))
def test_sentences_name_the_host(call: str) -> None:
    step = Step("h", "r", call, (), "f", 1, 2)
    where = "secondary storage" if call.endswith("_image") else "host h1"
    assert where in sentence(step, Resource("h", "host", "h1", {}))
