# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Fixtures of all scenarios: the machines of the lab, and the scenario's playbook once more."""

from __future__ import annotations

import os
import typing as t
from pathlib import Path

import pytest
from testinfra.utils.ansible_runner import AnsibleRunner

from support.machines.control import Control
from support.machines.scenario import Scenario


@pytest.fixture(scope="session")
def scenario() -> Scenario:
    return Scenario(
        project=Path(os.environ["MOLECULE_PROJECT_DIRECTORY"]),
        directory=Path(os.environ["MOLECULE_SCENARIO_DIRECTORY"]),
    )


@pytest.fixture(scope="session")
def machines(scenario: Scenario) -> dict[str, t.Any]:
    """The machines of the lab by name, as testinfra has them."""
    runner = AnsibleRunner(str(scenario.inventory))
    return {name: runner.get_host(name) for name in runner.get_hosts("all")}


@pytest.fixture(scope="session")
def nodes(scenario: Scenario) -> list[str]:
    """The names of the nodes."""
    return list(AnsibleRunner(str(scenario.inventory)).get_hosts("nodes"))


@pytest.fixture(scope="session")
def control(scenario: Scenario) -> Control:
    """A control node that asks the daemon of the machine that manages."""
    return Control(scenario.directory.name)
