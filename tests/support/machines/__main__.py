# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Begin and end labs: ``python -m support.machines up cluster --management m1 --nodes n1 n2``, from ``tests``."""

from __future__ import annotations

import argparse
import os
import shlex
import sys
import typing as t

import yaml

from support.machines import boot, lab
from support.machines.base import LabError


def _machines(management: str, nodes: t.Sequence[str]) -> list[lab.Machine]:
    """Each machine once; one that manages may be a node too."""
    names = dict.fromkeys([management, *nodes])
    return [lab.Machine(name, number) for number, name in enumerate(names)]


def _inventory(one: lab.Lab, management: str, nodes: t.Sequence[str]) -> dict[str, t.Any]:
    hosts = {machine.name: {"ansible_host": machine.address} for machine in one.machines}
    variables = {"ansible_user": "root", "ansible_ssh_common_args": shlex.join(one.ssh_options())}
    groups = {"management": [management], "nodes": list(nodes)}
    children = {name: {"hosts": dict.fromkeys(members)} for name, members in groups.items()}
    return {"all": {"hosts": hosts, "vars": variables, "children": children}}


def up(options: argparse.Namespace) -> None:
    """Begin a lab, whole or not at all."""
    machines = _machines(options.management, options.nodes)
    one = lab.begin(options.name, machines)
    try:
        boot.start(one, bare=options.bare)
        inventory = _inventory(one, options.management, options.nodes)
        (one.directory / "inventory.yml").write_text(yaml.safe_dump(inventory, sort_keys=False))
    except BaseException:
        one.end()
        raise


def down(options: argparse.Namespace) -> None:
    """End a lab, if it is there, and fail where something of it stays."""
    rest = lab.discard(options.name)
    if rest:
        raise LabError(f"lab '{options.name}' left {', '.join(rest)}")


def enter(options: argparse.Namespace) -> None:
    """Become a command in the lab's namespaces, where its machines are in reach and this machine's files are."""
    one = lab.find(options.name)
    if one is None or not one.is_up():
        raise LabError(f"lab '{options.name}' is not up")
    words = [*one.enter()[:-1], f"--wdns={os.getcwd()}", "--", *(options.command or ["bash"])]
    os.execvp(words[0], words)


def main() -> None:
    parser = argparse.ArgumentParser(description="Begin and end labs of machines on this one.")
    actions = parser.add_subparsers(required=True)
    begin = actions.add_parser("up", help="begin a lab")
    begin.add_argument("name")
    begin.add_argument("--management", required=True, help="the machine that manages")
    begin.add_argument("--nodes", nargs="+", required=True, help="the machines that are hypervisors")
    begin.add_argument("--bare", action="store_true", help="leave it to the roles to install packages")
    begin.set_defaults(act=up)
    end = actions.add_parser("down", help="end a lab")
    end.add_argument("name")
    end.set_defaults(act=down)
    run = actions.add_parser("enter", help="run a command where the lab's network is")
    run.add_argument("name")
    run.add_argument("command", nargs=argparse.REMAINDER)
    run.set_defaults(act=enter)
    options = parser.parse_args()
    if os.geteuid() != 0:
        sys.exit("a lab takes namespaces and mounts: become root first")
    try:
        options.act(options)
    except LabError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
