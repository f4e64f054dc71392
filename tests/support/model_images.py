# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Images in memory, and keys that are no secret: implement the ports ``Images`` and ``Keys``."""

from __future__ import annotations

import hashlib
import typing as t

from ansible_collections.cairn.cloud.plugins.module_utils._schema.errors import DriverError
from ansible_collections.cairn.cloud.plugins.plugin_utils._ports.images import ImageFacts, Layer, Send
from support.model_storage import BASE_SIZE

FACTS = ImageFacts("qcow2", BASE_SIZE, BASE_SIZE // 10, "0" * 64)
# The private and the public one; no pair in truth.
VPN_KEYS = ("cHJpdmF0ZSBrZXkgb2YgYSBWUE4sIDMyIGJ5dGVzICA=", "cHVibGljIGtleSBvZiBhIFZQTiwgMzIgYnl0ZXMgICA=")


class ModelImages:
    """``sources`` are URLs that can be fetched, ``kept`` the files by path, ``files`` the SHA-256 of other files, and
    ``layers`` what those lie over. ``watch`` may raise, as a host's does."""

    def __init__(self) -> None:
        self.sources = {"file:///images/tiny.qcow2", "file:///images/setup.iso", "https://example.org/other.qcow2"}
        self.sources |= {"file:///images/goods.qcow2"}
        self.kept: set[str] = set()
        self.files: dict[str, str] = {}
        self.layers: dict[str, Layer | None] = {}
        self.watch: t.Callable[[str], None] = lambda call: None

    def admit(self, directory: str) -> None: ...

    def inspect(self, path: str, format: str) -> ImageFacts:
        return FACTS

    def probe(self, url: str, format: str, checksum: str | None) -> ImageFacts | None:
        self._check(url)
        return FACTS if url.startswith("file:") else None

    def fetch(self, url: str, format: str, checksum: str | None, directory: str, name: str) -> ImageFacts:
        self._check(url)
        self.watch("fetch")
        self.kept.add(f"{directory}/{name}")
        self.watch("fetch")
        return FACTS

    def _check(self, url: str) -> None:
        if url not in self.sources and url.removeprefix("file://") not in self.kept:
            raise DriverError(f"the image {url} does not exist; mend the URL")

    def receive(self, format: str, directory: str, name: str, send: Send) -> ImageFacts:
        self.watch("receive")
        send(lambda piece: None)
        self.kept.add(f"{directory}/{name}")
        self.watch("receive")
        return FACTS

    def digest(self, path: str) -> str | None:
        if path.startswith("/nowhere/"):
            raise DriverError("the directory /nowhere does not exist; make it first")
        return self.files.get(path)

    def copy(self, source: str, path: str, sha256: str | None, *, replaces: str | None) -> None:
        self.watch("copy")
        if source not in self.kept:
            raise DriverError(f"the image {source} is gone; apply again")
        self._check_replaced(path, replaces)
        self.files[path] = FACTS.sha256
        self.watch("copy")

    def flatten(self, path: str, send: Send, over: Layer | None, *, replaces: str | None) -> str:
        self.watch("flatten")
        pieces: list[bytes] = []
        send(pieces.append)
        self._check_replaced(path, replaces)
        self.files[path] = hashlib.sha256(b"".join(pieces)).hexdigest()
        self.layers[path] = over
        self.watch("flatten")
        return self.files[path]

    def _check_replaced(self, path: str, replaces: str | None) -> None:
        if self.files.get(path) not in (None, replaces):
            raise DriverError(f"{path} was written by others meanwhile; extract again")

    def present(self, directory: str, name: str) -> bool:
        return f"{directory}/{name}" in self.kept

    def delete(self, directory: str, name: str) -> None:
        self.watch("delete")
        self.kept.discard(f"{directory}/{name}")
        self.watch("delete")


class ModelKeys:
    def generate(self) -> tuple[str, str]:
        return "PRIVATE", "ssh-ed25519 AAAAgenerated"

    def exchange(self) -> tuple[str, str]:
        return VPN_KEYS

    def token(self) -> str:
        return "cairn_TOKENTOKENTOKEN"

    def fingerprint(self, public_key: str) -> str:
        if "BROKEN" in public_key:
            raise ValueError("it is not an SSH public key; give the line of a .pub file")
        return f"SHA256:{len(public_key)}"
