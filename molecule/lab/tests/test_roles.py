# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""What holds in every scenario once its machines are in their roles."""

from __future__ import annotations

import typing as t

from support.machines.scenario import Scenario, changed


def test_a_check_run_finds_nothing_to_do(scenario: Scenario) -> None:
    output = scenario.converge("--check")
    assert changed(output) == 0, output


def test_all_units_have_started(machines: dict[str, t.Any]) -> None:
    for name, machine in machines.items():
        state = machine.run("systemctl is-system-running; systemctl --failed --plain --no-legend").stdout
        assert state.strip() == "running", f"{name}: {state}"


def test_the_command_line_runs(machines: dict[str, t.Any]) -> None:
    shown = machines["m1"].run("cairn --help")
    assert shown.rc == 0, shown.stderr


def test_nodes_answer_as_hypervisors(machines: dict[str, t.Any], nodes: list[str]) -> None:
    for name in nodes:
        assert machines[name].check_output("virsh --connect qemu:///system uri") == "qemu:///system"
        assert machines[name].socket("tcp://169.254.169.254:80").is_listening
        assert machines[name].check_output("sysctl --values net.bridge.bridge-nf-call-iptables") == "1"
