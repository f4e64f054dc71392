# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""The nodes are a cloud: guests run, management reaches them over TLS, and nobody else does."""

from __future__ import annotations

import shlex
import time
import typing as t

import pytest

from support.machines.scenario import Scenario, changed

PYTHON = "/opt/cairn/bin/python"
AUTHORITY = "/etc/cairn/authority"
CERTIFICATE = "/usr/local/lib/cairn/collections/ansible_collections/cairn/cloud/roles/certificate/files/certificate.py"
# Prints the running guests of a host, and whether the agent in each answers.
LOOK = """
import sys, libvirt, libvirt_qemu
libvirt.registerErrorHandler(lambda *_: None, None)
for domain in libvirt.open(sys.argv[1]).listAllDomains(libvirt.VIR_CONNECT_LIST_DOMAINS_ACTIVE):
    try:
        libvirt_qemu.qemuAgentCommand(domain, '{"execute": "guest-ping"}', 5, 0)
    except libvirt.libvirtError as error:
        print(domain.name(), "silent:", error)
    else:
        print(domain.name(), "answers")
"""
# Asks the authority for a certificate, puts it with its key into a directory of libvirt's form.
ISSUE = """
import base64, json, os, subprocess, sys
program, authority, pki, name, usage = sys.argv[1:]
def ask(*words):
    done = subprocess.run(["/usr/bin/python3", program, *words], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)
os.makedirs(pki)
with open(f"{authority}/cacert.pem", "rb") as file:
    trusted = file.read()
with open(f"{pki}/cacert.pem", "wb") as file:
    file.write(trusted)
files = ["--key", f"{pki}/clientkey.pem", "--certificate", f"{pki}/clientcert.pem"]
subject = ["--name", name, "--usage", usage]
encode = lambda text: base64.b64encode(text).decode()
request = ask("request", *files, *subject, "--renew-days", "1", "--trusted", encode(trusted))["request"]
signed = ask("sign", "--directory", authority, *subject, "--days", "2", "--request", encode(request.encode()))
ask("install", *files, "--text", encode(signed["certificate"].encode()))
"""


def python(machine: t.Any, program: str, *words: str) -> t.Any:
    return machine.run(shlex.join([PYTHON, "-c", program, *words]))


def look(machines: dict[str, t.Any], node: str, pki: str = "/etc/cairn/pki") -> t.Any:
    return python(machines["m1"], LOOK, f"qemu+tls://{node}/system?pkipath={pki}")


def test_a_guest_runs_on_each_node(machines: dict[str, t.Any], nodes: list[str]) -> None:
    deadline = time.monotonic() + 120
    waiting = list(nodes)
    while waiting:
        shown = look(machines, waiting[0])
        assert shown.rc == 0, shown.stderr
        assert shown.stdout.startswith(f"on-{waiting[0]}-"), shown.stdout
        if " answers" in shown.stdout:
            waiting.pop(0)
        else:
            assert time.monotonic() < deadline, shown.stdout
            time.sleep(2)


def issue(machine: t.Any, authority: str, name: str, pki: str) -> None:
    """Let an authority on the machine make a client's certificate."""
    issued = python(machine, ISSUE, CERTIFICATE, authority, pki, name, "client")
    assert issued.rc == 0, issued.stderr


def refuses(machine: t.Any, reason: str) -> bool:
    """Whether libvirtd has just said, in its journal, why it lets somebody not in."""
    journal: str = machine.check_output("journalctl --unit=libvirtd --no-pager --output=cat --lines=5")
    return reason in journal


def test_only_the_name_of_management_is_let_in(machines: dict[str, t.Any], nodes: list[str]) -> None:
    """Two certificates of the cloud's authority, made in the same way."""
    issue(machines["m1"], AUTHORITY, "somebody else", "/root/other")
    issue(machines["m1"], AUTHORITY, "cairn.cloud management", "/root/same")
    for node in nodes:
        refused = look(machines, node, "/root/other")
        assert refused.rc != 0, refused.stdout
        assert refuses(machines[node], "Client's Distinguished Name is not on the list of allowed clients")
        assert look(machines, node, "/root/same").rc == 0


def test_the_name_is_worth_nothing_with_another_authority(machines: dict[str, t.Any], nodes: list[str]) -> None:
    manager = machines["m1"]
    manager.check_output(f"python3 {CERTIFICATE} authority --directory /root/authority --renew-days 1")
    issue(manager, "/root/authority", "cairn.cloud management", "/root/false")
    manager.check_output("cp /etc/cairn/pki/cacert.pem /root/false/cacert.pem")
    for node in nodes:
        # A client would refuse its own certificate before the host does.
        refused = look(machines, node, "/root/false&no_sanity=1")
        assert refused.rc != 0, refused.stdout
        assert refuses(machines[node], "The certificate hasn't got a known issuer")


def test_a_node_is_not_management(machines: dict[str, t.Any], nodes: list[str]) -> None:
    """Each node has a certificate of the authority; it opens no other node."""
    first, second = nodes[:2]
    for link, target in (("cacert", "authority"), ("clientcert", "certificate"), ("clientkey", "key")):
        machines[first].check_output(
            f"mkdir -p /root/pki && ln -sf /etc/libvirt/cairn/{target}.pem /root/pki/{link}.pem"
        )
    refused = machines[first].run(f"virsh --connect 'qemu+tls://{second}/system?pkipath=/root/pki&no_sanity=1' uri")
    assert refused.rc != 0, refused.stdout
    assert refuses(machines[second], "Certificate check failed")


def test_keys_are_for_root_alone(machines: dict[str, t.Any], nodes: list[str]) -> None:
    for name, path in [*((node, "/etc/libvirt/cairn/key.pem") for node in nodes), ("m1", f"{AUTHORITY}/ca.key")]:
        assert machines[name].file(path).mode == 0o600
        assert machines[name].file(path).user == "root"


def test_qemu_has_what_other_nodes_know_it_by(machines: dict[str, t.Any], nodes: list[str]) -> None:
    """It can read it as the user that it runs as, without the rights of root; nobody else can read the key."""
    for node in nodes:
        here = "/etc/pki/qemu/cairn"
        assert f'migrate_tls_x509_cert_dir = "{here}"' in machines[node].file("/etc/libvirt/qemu.conf").content_string
        assert machines[node].file(f"{here}/client-key.pem").linked_to == f"{here}/server-key.pem"
        for user, may in (("libvirt-qemu", True), ("nobody", False)):
            read = machines[node].run(f"runuser -u {user} -- cat {here}/client-key.pem {here}/ca-cert.pem")
            assert (read.rc == 0) == may, read.stderr
        for purpose in ("sslserver", "sslclient"):
            verify = f"openssl verify -CAfile {here}/ca-cert.pem -purpose {purpose}"
            assert machines[node].run(f"{verify} {here}/{purpose.removeprefix('ssl')}-cert.pem").rc == 0


@pytest.mark.parametrize("renewed", ["node_tls_renew", "management_tls_renew"])
def test_a_new_certificate_changes_nothing_else(
    scenario: Scenario, machines: dict[str, t.Any], nodes: list[str], renewed: str
) -> None:
    """Guests run on, management still gets in, and the cloud is as it was."""
    node = nodes[0]
    before = machines[node].check_output("pgrep --exact qemu-system-x86")
    where = {"node_tls_renew": (node, "/etc/libvirt/cairn/certificate.pem")}
    name, path = where.get(renewed, ("m1", "/etc/cairn/pki/clientcert.pem"))
    old = machines[name].file(path).content
    output = scenario.converge("--tags=certificate", f"--limit={name}", f"--extra-vars={renewed}=true")
    assert changed(output) > 0
    assert machines[name].file(path).content != old
    assert machines[node].check_output("pgrep --exact qemu-system-x86") == before
    assert look(machines, node).rc == 0
