#!/usr/bin/python3
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""The cloud's own authority, and certificates of it: what a machine has, what it asks for, what it is given.

A machine makes its key itself and sends a request that proves it; the authority takes nothing from the request but the
public key, and says itself whose certificate it is and what for. Keys are RSA, since libvirt 9.0 refuses servers' and
clients' certificates with others. OpenSSL does the work; answers are one line of JSON on standard output.
"""

from __future__ import annotations

import argparse
import base64
import contextlib
import ipaddress
import json
import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

KEY_BITS = "3072"
AUTHORITY_NAME = "cairn.cloud authority"
AUTHORITY_DAYS = 3650
AUTHORITY_EXTENSIONS = """\
basicConstraints = critical, CA:TRUE, pathlen:0
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
"""
PURPOSES = {"client": ("clientAuth",), "server": ("serverAuth",), "both": ("clientAuth", "serverAuth")}
SECONDS_A_DAY = 86400


class Refused(Exception):
    """What is asked for cannot be done; the message says why."""


@dataclass(frozen=True)
class Subject:
    """Whose certificate it is: a name, the addresses that it is reached by, and ``client``, ``server`` or ``both``."""

    name: str
    addresses: tuple[str, ...]
    usage: str

    def extensions(self) -> str:
        lines = [
            "basicConstraints = critical, CA:FALSE",
            "keyUsage = critical, digitalSignature, keyEncipherment",
            f"extendedKeyUsage = {', '.join(PURPOSES[self.usage])}",
            "subjectKeyIdentifier = hash",
            "authorityKeyIdentifier = keyid",
        ]
        if self.addresses:
            lines.append(f"subjectAltName = {', '.join(map(alternative, self.addresses))}")
        return "\n".join(lines) + "\n"


def alternative(address: str) -> str:
    """An address as OpenSSL wants it. Raises Refused."""
    with contextlib.suppress(ValueError):
        return f"IP:{ipaddress.ip_address(address)}"
    if not address or not all(part.replace("-", "a").replace("_", "a").isalnum() for part in address.split(".")):
        raise Refused(f"{address!r} is neither a host name nor an address")
    return f"DNS:{address}"


def openssl(*words: str | Path, stdin: bytes = b"", check: bool = True) -> subprocess.CompletedProcess[bytes]:
    done = subprocess.run(["openssl", *words], input=stdin, capture_output=True, check=False)
    if check and done.returncode:
        raise Refused(f"openssl {words[0]}: {done.stderr.decode(errors='replace').strip()}")
    return done


@contextlib.contextmanager
def text_file(text: str) -> Iterator[str]:
    with tempfile.NamedTemporaryFile("w") as file:
        file.write(text)
        file.flush()
        yield file.name


def put(path: Path, content: bytes, mode: int) -> None:
    """Put a file in its place whole."""
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        try:
            os.fchmod(file.fileno(), mode)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            os.rename(file.name, path)
        except BaseException:
            os.unlink(file.name)
            raise


def new_key(path: Path) -> None:
    put(path, openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", f"rsa_keygen_bits:{KEY_BITS}").stdout, 0o600)


def public_key(path: Path) -> bytes:
    return openssl("pkey", "-in", path, "-pubout").stdout


def certified_key(certificate: Path) -> bytes:
    return openssl("x509", "-in", certificate, "-noout", "-pubkey").stdout


def lasts(certificate: Path, days: int) -> bool:
    seconds = str(days * SECONDS_A_DAY)
    return openssl("x509", "-in", certificate, "-noout", "-checkend", seconds, check=False).returncode == 0


def certified(certificate: Path) -> tuple[str, frozenset[str]]:
    """The name and the addresses in a certificate."""
    shown = openssl("x509", "-in", certificate, "-noout", "-subject", "-nameopt", "RFC2253", "-ext", "subjectAltName")
    lines = shown.stdout.decode().splitlines()
    name = lines[0].removeprefix("subject=").removeprefix("CN=") if lines else ""
    found = [item.strip().replace("IP Address:", "IP:") for line in lines[2:] for item in line.split(",")]
    return name, frozenset(found)


# -- the authority


def authority(directory: Path, renew_days: int, check: bool) -> dict[str, object]:
    """Make the authority, or prolong it under the key that it has."""
    key, certificate = directory / "ca.key", directory / "cacert.pem"
    if certificate.exists() and not key.exists():
        raise Refused(f"{certificate} is there and {key} is not; put the key back, or remove the certificate")
    if not certificate.exists():
        reason = "there is no authority yet"
    elif not lasts(certificate, renew_days):
        reason = f"the authority ends within {renew_days} days"
    else:
        return {"changed": False, "reason": ""}
    if not check:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not key.exists():
            new_key(key)
        put(certificate, _self_signed(key), 0o644)
    return {"changed": True, "reason": reason}


def _self_signed(key: Path) -> bytes:
    subject = f"/CN={AUTHORITY_NAME}"
    with text_file(AUTHORITY_EXTENSIONS) as extensions:
        request = openssl("req", "-new", "-key", key, "-subj", subject).stdout
        sign = ["x509", "-req", "-signkey", key, "-days", str(AUTHORITY_DAYS), "-extfile", extensions]
        return openssl(*sign, "-set_serial", _serial(), stdin=request).stdout


def _serial() -> str:
    return f"0x{secrets.token_hex(16)}"


def sign(directory: Path, request: bytes, subject: Subject, days: int) -> dict[str, object]:
    """A certificate for the key of a request. Raises Refused where the request is not signed by that key."""
    openssl("req", "-noout", "-verify", stdin=request)
    with text_file(subject.extensions()) as extensions:
        words = ["x509", "-req", "-CA", directory / "cacert.pem", "-CAkey", directory / "ca.key"]
        words += ["-set_serial", _serial(), "-days", str(days), "-subj", f"/CN={subject.name}", "-extfile", extensions]
        return {"certificate": openssl(*words, stdin=request).stdout.decode()}


# -- a machine


def _fresh(key: Path) -> Path:
    """Where a key waits until there is a certificate for it."""
    return key.with_name(f"{key.name}.new")


def need(key: Path, certificate: Path, trusted: str, subject: Subject, renew_days: int) -> str:
    """Why a machine needs another certificate; empty if it does not."""
    if not key.exists() or not certificate.exists():
        return "there is none yet"
    addresses = frozenset(map(alternative, subject.addresses))
    try:
        with text_file(trusted) as authority_file:
            words = ["verify", "-CAfile", authority_file, "-check_ss_sig", "-purpose"]
            uses = ("client", "server") if subject.usage == "both" else (subject.usage,)
            answers = [openssl(*words, f"ssl{use}", certificate, check=False) for use in uses]
            trusted_now = all(one.returncode == 0 for one in answers)
        checks = {
            "it is not of this authority, or has ended": trusted_now,
            "it is of another key": certified_key(certificate) == public_key(key),
            "it has another name or other addresses": certified(certificate) == (subject.name, addresses),
            f"it ends within {renew_days} days": lasts(certificate, renew_days),
        }
    except Refused:
        return "it cannot be read"
    return next((reason for reason, fine in checks.items() if not fine), "")


def request(
    key: Path, certificate: Path, trusted: str, subject: Subject, renew_days: int, *, renew: bool, check: bool
) -> dict[str, object]:
    """Whether another certificate is needed, and then a request for one, of a new key."""
    reason = "a new one is asked for" if renew else need(key, certificate, trusted, subject, renew_days)
    if not reason or check:
        return {"needed": bool(reason), "reason": reason}
    key.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    new_key(_fresh(key))
    text = openssl("req", "-new", "-key", _fresh(key), "-subj", f"/CN={subject.name}").stdout
    return {"needed": True, "reason": reason, "request": text.decode()}


def install(key: Path, certificate: Path, text: bytes) -> dict[str, object]:
    """Put a certificate in its place, and the key with it."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(text)
        file.flush()
        if certified_key(Path(file.name)) != public_key(_fresh(key)):
            raise Refused("the certificate is of another key than was asked for")
    certificate.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    put(certificate, text, 0o644)
    os.rename(_fresh(key), key)
    return {"changed": True}


# -- the command line


def arguments(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="The cloud's own authority, and certificates of it.")
    actions = parser.add_subparsers(dest="action", required=True)
    found = {name: actions.add_parser(name) for name in ("authority", "sign", "request", "install")}
    for name in ("authority", "sign"):
        found[name].add_argument("--directory", type=Path, required=True)
    for name in ("request", "install"):
        found[name].add_argument("--key", type=Path, required=True)
        found[name].add_argument("--certificate", type=Path, required=True)
    for name in ("sign", "request"):
        found[name].add_argument("--name", required=True)
        found[name].add_argument("--address", action="append", default=[])
        found[name].add_argument("--usage", choices=sorted(PURPOSES), required=True)
    for name in ("authority", "request"):
        found[name].add_argument("--renew-days", type=int, required=True)
        found[name].add_argument("--check", action="store_true")
    found["request"].add_argument("--renew", action="store_true")
    found["request"].add_argument("--trusted", type=base64.b64decode, required=True)
    found["sign"].add_argument("--days", type=int, required=True)
    found["sign"].add_argument("--request", type=base64.b64decode, required=True)
    found["install"].add_argument("--text", type=base64.b64decode, required=True)
    return parser.parse_args(words)


def answer(given: argparse.Namespace) -> dict[str, object]:
    if given.action == "authority":
        return authority(given.directory, given.renew_days, given.check)
    if given.action == "install":
        return install(given.key, given.certificate, given.text)
    subject = Subject(given.name, tuple(given.address), given.usage)
    if given.action == "sign":
        return sign(given.directory, given.request, subject, given.days)
    return request(
        given.key,
        given.certificate,
        given.trusted.decode(),
        subject,
        given.renew_days,
        renew=given.renew,
        check=given.check,
    )


def main() -> None:
    os.umask(0o022)
    try:
        print(json.dumps(answer(arguments(sys.argv[1:]))))
    except (Refused, OSError) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
