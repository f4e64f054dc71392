#!/usr/bin/python3
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers
"""Build a guest image from Debian's packages, or take it from the cache.

The images are called by name; each is a module with one function, ``build(work, sources, target)``, that leaves a
qcow2 file. This file decides whether to build, and puts what was built where it belongs. The answer is one line of
JSON on the standard output; everything else goes to the standard error.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import json
import os
import signal
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import cache
import debian
import packages
import router
import tiny

IMAGES: dict[str, ModuleType] = {"debian-12": debian, "router": router, "tiny": tiny}


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Build a guest image, or take it from the cache.")
    parser.add_argument("name", choices=sorted(IMAGES))
    parser.add_argument("--directory", type=Path, required=True, help="where the finished image goes")
    parser.add_argument("--cache", type=Path, required=True, help="where built images are kept")
    parser.add_argument("--revision", default="", help="any text; another one makes for another build")
    parser.add_argument("--sources", choices=["machine", "stdin"], default="machine", help="whose apt sources to use")
    parser.add_argument("--check", action="store_true", help="say what would be done, write nothing")
    return parser.parse_args()


def exit_on_signals() -> None:
    """Let a signal unwind the stack, so that every temporary directory and child process goes with it."""

    def leave(number: int, _frame: object) -> None:
        sys.exit(128 + number)

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, leave)


@contextlib.contextmanager
def locked(directory: Path, name: str) -> Iterator[None]:
    """Let one process at a time build an image."""
    directory.mkdir(mode=0o755, parents=True, exist_ok=True)
    with (directory / f".{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def key(name: str, revision: str, sources: list[packages.Source]) -> str:
    """What this builder, as it is on the disk now, makes of its arguments."""
    return cache.key(Path(__file__).parent, name, revision, packages.describe(sources))


def build(name: str, revision: str, sources: list[packages.Source], stored: cache.Image) -> None:
    """Build into a directory next to the cached image and move the result there."""
    cache.remove_leftovers(stored)
    with tempfile.TemporaryDirectory(prefix=stored.work_prefix, dir=stored.path.parent) as work:
        os.chmod(work, 0o755)
        target = Path(work) / stored.path.name
        IMAGES[name].build(Path(work), sources, target)
        if key(name, revision, sources) != stored.key:
            raise packages.BuildError("the builder was replaced by another one while it built; run it again")
        cache.store(target, stored)
    cache.prune(stored)


def ensure(options: argparse.Namespace, sources: list[packages.Source]) -> dict[str, object]:
    """Make the wanted image be there; say what was done, or in check mode what would be done."""
    found = key(options.name, options.revision, sources)
    wanted = cache.Image(options.name, found, options.directory.expanduser() / f"{options.name}.qcow2")
    stored = cache.Image(options.name, found, options.cache.expanduser() / f"{options.name}-{found[:16]}.qcow2")
    answer: dict[str, object] = {"name": options.name, "path": str(wanted.path), "changed": False, "built": False}
    if cache.is_current(wanted):
        return answer
    answer["changed"] = True
    if options.check:
        answer["built"] = not cache.is_current(stored)
        return answer
    with locked(stored.path.parent, options.name):
        if not cache.is_current(stored):
            build(options.name, options.revision, sources, stored)
            answer["built"] = True
        wanted.path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        cache.install(stored, wanted)
    return answer


def main() -> None:
    exit_on_signals()
    options = arguments()
    given = sys.stdin.read() if options.sources == "stdin" else None
    try:
        sources = packages.read_sources(given)
        print(json.dumps(ensure(options, sources)))
    except (packages.BuildError, OSError) as error:
        sys.exit(f"{options.name}: {error}")


if __name__ == "__main__":
    main()
