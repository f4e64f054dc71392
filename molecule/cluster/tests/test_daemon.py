# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""The management daemon under systemd: who it runs as, what it outlives, what restarts it, and what it tells nobody."""

from __future__ import annotations

import json
import re
import secrets
import shlex
import typing as t

import pytest

from support.machines.control import Control
from support.machines.scenario import Scenario, changed

UNIT = "cairn-daemon.service"
EXPOSURE = 3.0
GUESTS = 10
# Of what is no text, that which is.
PLAIN = "LC_ALL=C tr -c '[:print:]' '[ *]'"
# Kills the daemon as soon as there are two of the guests on a host.
KILL = """
import os, signal, sys, time, libvirt
connection, pid = libvirt.open(sys.argv[1]), int(sys.argv[2])
deadline = time.monotonic() + 100
while sum(domain.name().startswith("ten-") for domain in connection.listAllDomains()) < 2:
    if time.monotonic() > deadline:
        sys.exit("there are no guests")
    time.sleep(0.01)
os.kill(pid, signal.SIGKILL)
"""
# Notes the arguments and the environment of all processes that the machine has for a while.
WATCH = """
import pathlib, time
seen = set()
deadline = time.monotonic() + 600
while not pathlib.Path("/run/enough").exists() and time.monotonic() < deadline:
    for path in (*pathlib.Path("/proc").glob("[0-9]*/cmdline"), *pathlib.Path("/proc").glob("[0-9]*/environ")):
        try:
            seen.add(path.read_bytes())
        except OSError:
            continue
    time.sleep(0.02)
pathlib.Path("/run/processes.new").write_bytes(b"\\n".join(sorted(seen)))
pathlib.Path("/run/processes.new").rename("/run/processes")
"""


def pid(machines: dict[str, t.Any]) -> int:
    """The daemon's process; 0 while there is none."""
    return int(machines["m1"].check_output(f"systemctl show --value --property=MainPID {UNIT}"))


def test_it_is_confined_and_its_socket_is_for_its_group(machines: dict[str, t.Any]) -> None:
    manager = machines["m1"]
    socket = manager.file("/run/cairn/cairn.sock")
    assert (socket.user, socket.group, socket.mode) == ("cairn", "cairn", 0o660)
    assert manager.check_output(f"ps -o user= -p {pid(machines)}") == "cairn"
    state = manager.file("/var/lib/cairn")
    assert (state.user, state.group, state.mode) == ("root", "cairn", 0o1771)
    told = manager.check_output(f"systemd-analyze security --no-pager {UNIT}")
    exposure = re.search(r"Overall exposure level for \S+: ([0-9.]+)", told)
    assert exposure
    assert float(exposure[1]) < EXPOSURE
    print(f"exposure {exposure[1]}")


def test_nobody_is_let_in_without_a_key(control: Control) -> None:
    assert control.get("/v1/instances", key=False)[0] == 401
    assert control.get("/v1/instances")[0] == 200


class Ten:
    """An apply of ten guests that are not started, with twenty secrets."""

    def __init__(self, control: Control, nodes: list[str]) -> None:
        self.secrets = [f"planted-{secrets.token_hex(12)}" for _number in range(2 * GUESTS)]
        self.names = [f"ten-{number}" for number in range(GUESTS)]
        self.documents = [
            document
            for number, name in enumerate(self.names)
            for document in (
                {"kind": "user_data", "name": name, "user_data": f"#!/bin/sh\n# {self.secrets[2 * number]}\n"},
                {
                    "kind": "instance",
                    "name": name,
                    "host": nodes[number % 2],
                    "networks": ["lan"],
                    "state": "stopped",
                    "user_data": f"#!/bin/sh\n# {self.secrets[2 * number + 1]}\n",
                },
            )
        ]
        # JSON is YAML, too.
        path = control.directory / "ten.yml"
        path.write_text(json.dumps(self.documents))
        path.chmod(0o600)
        self.tasks = [
            {"name": "Apply ten", "cairn.cloud.apply": {"src": str(path), "set": "ten", "prune": True}},
        ]

    def found(self, text: str) -> list[str]:
        return [secret for secret in self.secrets if secret in text]


def defined(machines: dict[str, t.Any], nodes: list[str]) -> list[str]:
    """The names of the guests that are on the nodes, without what makes them unique."""
    lists = [machines[node].check_output("virsh --connect qemu:///system list --all --name") for node in nodes]
    return sorted(name.rpartition("-")[0] for text in lists for name in text.split())


def files(machines: dict[str, t.Any], nodes: list[str]) -> dict[str, list[str]]:
    """The files that each node's primary storage has."""
    look = "find /var/lib/cairn/primary -type f | sort"
    return {node: machines[node].check_output(look).split() for node in nodes}


@pytest.fixture(scope="module")
def kept(machines: dict[str, t.Any], nodes: list[str]) -> dict[str, list[str]]:
    """The files that there are before the ten."""
    return files(machines, nodes)


@pytest.fixture(scope="module")
def ten(control: Control, nodes: list[str]) -> Ten:
    return Ten(control, nodes)


@pytest.fixture(scope="module")
def said(machines: dict[str, t.Any], nodes: list[str], control: Control, ten: Ten, kept: dict[str, list[str]]) -> str:
    """What Ansible told of an apply of ten guests in whose middle the daemon was killed."""
    assert kept
    killed = pid(machines)
    for machine in machines.values():
        machine.check_output(f"rm -f /run/enough; setsid --fork python3 -c {shlex.quote(WATCH)} >/dev/null 2>&1")
    running = control.start(ten.tasks, "-vv", "--diff")
    url = f"qemu+tls://{nodes[0]}/system?pkipath=/etc/cairn/pki"
    machines["m1"].check_output(shlex.join(["/opt/cairn/bin/python", "-c", KILL, url, str(killed)]))
    told = running.communicate(timeout=240)[0]
    assert running.returncode == 0, told
    assert pid(machines) not in (0, killed)
    return str(told)


@pytest.fixture(scope="module")
def job(control: Control, said: str) -> dict[str, t.Any]:
    """The job of that apply."""
    jobs = json.loads(control.get("/v1/jobs?limit=20")[1])["jobs"]
    return next(one for one in jobs if one["attempts"] > 1)


def test_a_job_is_finished_after_the_daemon_was_killed(
    machines: dict[str, t.Any], nodes: list[str], control: Control, ten: Ten, said: str, job: dict[str, t.Any]
) -> None:
    """By the one that systemd starts; then all is as it is written, and there is nothing else."""
    assert "began again" in said
    assert machines["m1"].check_output(f"systemctl show --value --property=NRestarts {UNIT}") != "0"
    assert (job["action"], job["state"], job["attempts"]) == ("apply", "done", 2)
    assert defined(machines, nodes) == sorted([*(f"on-{node}" for node in nodes), *ten.names])
    volumes = json.loads(control.get("/v1/volumes?fields=id&page_size=100")[1])["volumes"]
    stored = [path.rpartition("/")[2] for paths in files(machines, nodes).values() for path in paths]
    assert sorted(name for name in stored if name.startswith("volume")) == sorted(
        f"volume-{volume['id']}.qcow2" for volume in volumes
    )
    assert changed(control.play(ten.tasks)) == 0
    assert control.apply() == 0


def test_secrets_are_told_to_nobody(
    machines: dict[str, t.Any], nodes: list[str], control: Control, ten: Ten, said: str, job: dict[str, t.Any]
) -> None:
    """Of twenty none is in a log, a job, an event, a number, the database, or a process that there was meanwhile."""
    events = [{"cairn.cloud.event_info": {}, "register": "it"}, {"ansible.builtin.debug": {"var": "it"}}]
    told = {"ansible": said, "events": control.play(events)}
    for path in ("/v1/jobs", f"/v1/jobs/{job['id']}", f"/v1/jobs/{job['id']}/lines", "/metrics", "/v1/user_data"):
        status, told[path] = control.get(path)
        assert status == 200, path
    for name, machine in machines.items():
        machine.check_output("touch /run/enough; until test -s /run/processes; do sleep 0.1; done")
        told[f"processes of {name}"] = machine.check_output(f"cat /run/processes | {PLAIN}")
        told[f"journal of {name}"] = machine.check_output(f"journalctl --output=export | {PLAIN}")
        told[f"logs of {name}"] = machine.check_output(f"grep -rahs planted- /var/log | {PLAIN}")
    told["database"] = machines["m1"].check_output(f"grep -ahs planted- /var/lib/cairn/cairn.db* | {PLAIN}")
    assert {where: ten.found(text) for where, text in told.items() if ten.found(text)} == {}
    # They would be found where they are meant to be.
    assert "cairn-daemon" in told["processes of m1"]
    assert ten.found(machines[nodes[0]].check_output(f"grep -rahs planted- /var/lib/cairn/primary | {PLAIN}"))


def test_nothing_is_left_of_the_ten(
    machines: dict[str, t.Any], nodes: list[str], control: Control, kept: dict[str, list[str]]
) -> None:
    path = control.directory / "ten.yml"
    path.write_text("[]")
    control.play([{"cairn.cloud.apply": {"src": str(path), "set": "ten", "prune": True}}])
    assert [name for name in defined(machines, nodes) if name.startswith("ten-")] == []
    assert '"drifted": false' in control.play([{"cairn.cloud.drift": {}}], "-v")
    assert files(machines, nodes) == kept


@pytest.mark.parametrize("how", ["hosts", "https", "packages"])
def test_what_is_renewed_restarts_it(
    scenario: Scenario, machines: dict[str, t.Any], control: Control, how: str
) -> None:
    """The certificate that hosts know it by, the one that clients know it by, and a Python package."""
    manager, before = machines["m1"], pid(machines)
    arguments = {
        "hosts": ["--tags=certificate", "--extra-vars=management_tls_renew=true"],
        "https": ["--extra-vars=lab_https_renew=true"],
        "packages": ["--tags=install"],
    }
    if how == "packages":
        manager.check_output("/opt/cairn/bin/pip uninstall --yes rich")
    assert changed(scenario.converge("--limit=m1", *arguments[how])) > 0
    assert pid(machines) not in (0, before)
    assert control.get("/v1/instances")[0] == 200
