# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""The program of role certificate: what is made once, what is made anew and why, and what an authority signs."""

from __future__ import annotations

import base64
import importlib.util
import re
import stat
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from support.collection import CHECKOUT

PROGRAM = CHECKOUT / "roles" / "certificate" / "files" / "certificate.py"


def load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("role_certificate", PROGRAM)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


certificate = load()


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("authority") / "ca"
    assert certificate.authority(directory, 30, check=False)["changed"]
    return directory


class Machine:
    """A machine with a key and a certificate, or none yet."""

    def __init__(self, folder: Path, authority: Path) -> None:
        self.key, self.certificate = folder / "own" / "key.pem", folder / "own" / "certificate.pem"
        self.authority = authority

    def ask(self, *, name: str = "n1", addresses: tuple[str, ...] = ("n1", "192.0.2.7"), **how: Any) -> dict[str, Any]:
        trusted = (self.authority / "cacert.pem").read_text()
        subject = certificate.Subject(name, addresses, how.pop("usage", "server"))
        how = {"renew_days": 30, "renew": False, "check": False} | how
        answer: dict[str, Any] = certificate.request(self.key, self.certificate, trusted, subject, **how)
        return answer

    def obtain(self, *, days: int = 365, **subject: Any) -> None:
        request = self.ask(**subject, renew=True)["request"].encode()
        wanted = certificate.Subject(
            subject.get("name", "n1"), subject.get("addresses", ("n1", "192.0.2.7")), subject.get("usage", "server")
        )
        signed = certificate.sign(self.authority, request, wanted, days)
        certificate.install(self.key, self.certificate, signed["certificate"].encode())


@pytest.fixture
def machine(tmp_path: Path, authority: Path) -> Machine:
    return Machine(tmp_path, authority)


def shown(path: Path, *what: str) -> str:
    done = subprocess.run(["openssl", "x509", "-in", path, "-noout", *what], capture_output=True, text=True, check=True)
    return done.stdout


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_an_authority_is_made_once(tmp_path: Path) -> None:
    directory = tmp_path / "ca"
    assert certificate.authority(directory, 30, check=True) == {"changed": True, "reason": "there is no authority yet"}
    assert not directory.exists()
    certificate.authority(directory, 30, check=False)
    made = {path.name: path.read_bytes() for path in directory.iterdir()}
    assert sorted(made) == ["ca.key", "cacert.pem"]
    assert (mode(directory), mode(directory / "ca.key")) == (0o700, 0o600)
    assert certificate.authority(directory, 30, check=False) == {"changed": False, "reason": ""}
    assert {path.name: path.read_bytes() for path in directory.iterdir()} == made


def test_a_prolonged_authority_still_stands_for_what_it_signed(tmp_path: Path) -> None:
    one = Machine(tmp_path, tmp_path / "ca")
    certificate.authority(one.authority, 30, check=False)
    one.obtain()
    before = (one.authority / "cacert.pem").read_text()
    soon = certificate.AUTHORITY_DAYS + 1
    assert certificate.authority(one.authority, soon, check=False)["reason"] == f"the authority ends within {soon} days"
    assert (one.authority / "cacert.pem").read_text() != before
    assert one.ask()["reason"] == ""


def test_a_lost_key_of_the_authority_is_not_replaced(tmp_path: Path) -> None:
    certificate.authority(tmp_path, 30, check=False)
    (tmp_path / "ca.key").unlink()
    with pytest.raises(certificate.Refused, match="put the key back"):
        certificate.authority(tmp_path, 30, check=False)


def test_a_certificate_says_who_where_and_what_for(machine: Machine) -> None:
    machine.obtain()
    assert "CN = n1" in shown(machine.certificate, "-subject")
    assert "DNS:n1, IP Address:192.0.2.7" in shown(machine.certificate, "-ext", "subjectAltName")
    assert "TLS Web Server Authentication" in shown(machine.certificate, "-ext", "extendedKeyUsage")
    assert "CA:FALSE" in shown(machine.certificate, "-ext", "basicConstraints")
    assert re.search(r"Public-Key: \(3072 bit\)", shown(machine.certificate, "-text"))
    assert (mode(machine.key), mode(machine.certificate)) == (0o600, 0o644)
    assert sorted(path.name for path in machine.key.parent.iterdir()) == ["certificate.pem", "key.pem"]
    assert machine.ask() == {"needed": False, "reason": ""}


def test_a_client_needs_no_address(machine: Machine) -> None:
    machine.obtain(name="cairn.cloud management", addresses=(), usage="client")
    assert machine.ask(name="cairn.cloud management", addresses=(), usage="client")["reason"] == ""
    assert "TLS Web Client Authentication" in shown(machine.certificate, "-ext", "extendedKeyUsage")


def test_one_for_both_sides_is_good_for_each(machine: Machine) -> None:
    machine.obtain(usage="both")
    for usage in ("both", "client", "server"):
        assert machine.ask(usage=usage)["reason"] == ""
    purposes = shown(machine.certificate, "-ext", "extendedKeyUsage")
    assert "TLS Web Client Authentication, TLS Web Server Authentication" in purposes
    machine.obtain(usage="server")
    assert machine.ask(usage="both")["reason"] == "it is not of this authority, or has ended"


def test_why_there_is_a_new_one(machine: Machine, tmp_path: Path) -> None:
    assert machine.ask(check=True) == {"needed": True, "reason": "there is none yet"}
    assert not machine.key.parent.exists()
    machine.obtain(days=20)
    other = tmp_path / "other"
    certificate.authority(other, 30, check=False)
    mistaken = Machine(tmp_path, other)
    reasons = [
        ("it ends within 30 days", machine.ask(check=True)),
        ("", machine.ask(check=True, renew_days=10)),
        ("a new one is asked for", machine.ask(check=True, renew=True)),
        ("it has another name or other addresses", machine.ask(check=True, name="n2")),
        ("it has another name or other addresses", machine.ask(check=True, addresses=("n1",))),
        ("it is not of this authority, or has ended", machine.ask(check=True, usage="client")),
        ("it is not of this authority, or has ended", mistaken.ask(check=True)),
    ]
    for reason, answer in reasons:
        assert answer == {"needed": bool(reason), "reason": reason}
    certificate.new_key(machine.key)
    assert machine.ask(check=True)["reason"] == "it is of another key"
    machine.certificate.write_text("nonsense")
    assert machine.ask(check=True)["needed"]


def test_a_new_one_has_a_new_key_that_waits_for_it(machine: Machine) -> None:
    machine.obtain()
    before = machine.key.read_bytes(), machine.certificate.read_bytes()
    machine.ask(renew=True)
    assert (machine.key.read_bytes(), machine.certificate.read_bytes()) == before
    machine.obtain()
    assert machine.key.read_bytes() != before[0]


def test_the_authority_takes_nothing_but_the_key_from_a_request(machine: Machine) -> None:
    request = machine.ask(name="somebody", addresses=("anywhere",), renew=True)["request"].encode()
    signed = certificate.sign(machine.authority, request, certificate.Subject("n1", ("n1",), "server"), 10)
    machine.certificate.write_text(signed["certificate"])
    assert "CN = n1" in shown(machine.certificate, "-subject")
    assert "anywhere" not in shown(machine.certificate, "-text")


def test_a_request_that_was_tampered_with_is_refused(machine: Machine) -> None:
    lines = machine.ask()["request"].splitlines()
    body = bytearray(base64.b64decode("".join(lines[1:-1])))
    body[-1] ^= 1
    tampered = "\n".join([lines[0], base64.encodebytes(bytes(body)).decode().strip(), lines[-1], ""])
    with pytest.raises(certificate.Refused):
        certificate.sign(machine.authority, tampered.encode(), certificate.Subject("n1", (), "server"), 10)


def test_a_certificate_of_another_key_is_not_installed(machine: Machine, tmp_path: Path) -> None:
    stranger = Machine(tmp_path / "stranger", machine.authority)
    stranger.obtain()
    machine.ask()
    with pytest.raises(certificate.Refused, match="of another key"):
        certificate.install(machine.key, machine.certificate, stranger.certificate.read_bytes())
    assert not machine.certificate.exists()


@pytest.mark.parametrize("address", ["", "a b", "n1,DNS:evil", "n1\nDNS:evil", "*", "a..b"])
def test_addresses_that_are_none(address: str) -> None:
    with pytest.raises(certificate.Refused, match="neither a host name nor an address"):
        certificate.alternative(address)


def test_the_program_fails_in_one_sentence(tmp_path: Path) -> None:
    words = ["sign", "--directory", tmp_path, "--name", "n1", "--usage", "server", "--days", "1", "--request", "eA=="]
    done = subprocess.run([sys.executable, PROGRAM, *words], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
