# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers
"""Debian's packages: from where they come, and a directory full of them."""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

RELEASE = "bookworm"
APT = Path("/etc/apt")


class BuildError(Exception):
    """A build that cannot go on; the message says why."""


@dataclass(frozen=True)
class Source:
    """One entry of apt's sources: `deb [signed-by=...] uri suite components`."""

    uri: str
    suite: str
    components: tuple[str, ...]
    signed_by: str = ""

    def line(self) -> str:
        option = f"[signed-by={self.signed_by}] " if self.signed_by else ""
        return f"deb {option}{self.uri} {self.suite} {' '.join(self.components)}".rstrip()

    def public(self) -> Source:
        """Return the same source without the user and password that its address may carry."""
        parts = urlsplit(self.uri)
        return replace(self, uri=urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2])))


def _from_line(line: str) -> Iterator[Source]:
    match = re.fullmatch(r"deb\s+(?:\[(?P<options>[^]]*)\]\s+)?(?P<uri>\S+)\s+(?P<suite>\S+)(?P<components>.*)", line)
    if match:
        options = dict(option.partition("=")[::2] for option in (match["options"] or "").split())
        components = tuple(match["components"].partition("#")[0].split())
        yield Source(match["uri"], match["suite"], components, options.get("signed-by", ""))


def _from_stanza(stanza: str) -> Iterator[Source]:
    """Read one stanza of the deb822 form. An embedded key is left out: the archive's own keyring is in every image."""
    text = re.sub(r"^#.*\n?", "", stanza, flags=re.MULTILINE)
    text = re.sub(r"\n[ \t]+", " ", text)
    fields = {
        name.lower(): value.split() for name, _colon, value in (line.partition(":") for line in text.splitlines())
    }
    if "deb" not in fields.get("types", []) or fields.get("enabled") == ["no"]:
        return
    signed_by = " ".join(fields.get("signed-by", []))
    for uri in fields.get("uris", []):
        for suite in fields.get("suites", []):
            keyring = signed_by if signed_by.startswith("/") else ""
            yield Source(uri, suite, tuple(fields.get("components", [])), keyring)


def _machine_sources() -> Iterator[Source]:
    one_line = [APT / "sources.list", *sorted(APT.glob("sources.list.d/*.list"))]
    for path in one_line:
        if path.exists():
            for line in path.read_text().splitlines():
                yield from _from_line(line.strip())
    for path in sorted(APT.glob("sources.list.d/*.sources")):
        for stanza in re.split(r"\n\s*\n", path.read_text()):
            yield from _from_stanza(stanza)


def read_sources(given: str | None) -> list[Source]:
    """Return the sources given as lines, or the machine's own of this release and no other."""
    if given is not None:
        sources = [source for line in given.splitlines() for source in _from_line(line.strip())]
    else:
        sources = [source for source in _machine_sources() if source.suite.partition("-")[0] == RELEASE]
    if not sources:
        raise BuildError(f"no apt source of {RELEASE} found; set guest_image_sources")
    return sources


def describe(sources: list[Source]) -> str:
    """Return the lines of a sources.list that is fit to be seen: in the image, and in the key of the build."""
    return "".join(f"{source.public().line()}\n" for source in sources)


@contextlib.contextmanager
def _child(argv: list[str | Path]) -> Iterator[subprocess.Popen[bytes]]:
    """Start a program whose output is progress; neither it nor what it started outlives the block.

    All of them hold the writing end of a pipe, so its end is theirs. A signal that asks will not do: `unshare` ignores
    those.
    """
    ours, theirs = os.pipe()
    process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=sys.stderr, pass_fds=[theirs])
    os.close(theirs)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
            os.read(ours, 1)
        os.close(ours)


def run(*argv: str | Path) -> None:
    """Run a program, and fail with its name if it fails."""
    with _child(list(argv)) as process:
        if process.wait() != 0:
            raise BuildError(f"{shlex.join(map(str, argv))} ended with {process.returncode}")


def read(*argv: str | Path) -> str:
    """Run a program and return what it prints."""
    done = subprocess.run(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, check=False)
    if done.returncode != 0:
        raise BuildError(f"{shlex.join(map(str, argv))} ended with {done.returncode}")
    return done.stdout.decode()


def _apt_settings() -> str:
    """Return how this machine reaches its sources: proxies, credentials and certificates."""
    settings = [line for line in read("apt-config", "dump").splitlines() if line.startswith("Acquire::")]
    settings.append(f'Dir::Etc::netrc "{APT}/auth.conf";')
    settings.append(f'Dir::Etc::netrcparts "{APT}/auth.conf.d";')
    return "\n".join(settings) + "\n"


def install(work: Path, sources: list[Source], variant: str, names: list[str], *options: str) -> Path:
    """Make a directory with the packages in it and return it.

    The program runs in process and mount namespaces of its own: whatever ends it ends its children and mounts too.
    """
    root = work / "root"
    settings = work / "apt.conf"
    settings.write_text(_apt_settings())
    listed = work / "sources.list"
    listed.write_text("".join(f"{source.line()}\n" for source in sources))
    for path in (settings, listed):
        path.chmod(0o600)
    contained = ["unshare", "--mount", "--pid", "--fork", "--kill-child=SIGKILL", "--mount-proc"]
    bootstrap = ["mmdebstrap", "--quiet", "--mode=root", f"--variant={variant}", f"--include={','.join(names)}"]
    run(*contained, *bootstrap, f"--aptopt={settings}", *options, RELEASE, root, listed)
    (root / "etc/apt/apt.conf.d/99mmdebstrap").unlink(missing_ok=True)
    return root
