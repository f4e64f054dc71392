# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Run ``ansible-test sanity`` on a copy of the checkout that lies where Ansible expects a collection.

The copy is outside of the checkout, because ansible-test believes the git repository around it.

Arguments are handed on, so ``python tests/tools/sanity.py --test validate-modules plugins/modules/zone.py`` works.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from types import SimpleNamespace

CHECKOUT = Path(__file__).resolve().parents[2]

SKIPPED = [
    "pslint",  # needs PowerShell, which neither Debian nor PyPI has; the collection has no PowerShell file
    "import",  # run apart, see below
]
# The import test's environments lack the packages of requirements.txt, which the controller's side imports and pytest
# therefore tests. What travels to targets must do without them, and that is what this test proves.
IMPORT_TESTED = ["plugins/modules/", "plugins/module_utils/"]

# ansible-test fills a virtual environment for each of its tests with pip. It fetches pip's bootstrap script from a host
# of its own, which a machine that reaches only package indexes cannot; Python brings a pip along, and that will do.
GET_PIP = '''\
"""Stand-in for pip's bootstrap script: the pip that comes with Python installs what is asked for."""

import subprocess
import sys

requirements = [word for word in sys.argv[1:] if not word.startswith("--")]
subprocess.check_call([sys.executable, "-m", "ensurepip"], stdout=subprocess.DEVNULL)
subprocess.check_call([sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *requirements])
'''


def main() -> int:
    """Run the sanity tests; 0 if all pass."""
    provide_get_pip(Path.home() / ".ansible" / "test" / "cache")
    with tempfile.TemporaryDirectory(prefix="cairn-sanity-") as directory:
        collection = Path(directory) / "ansible_collections" / "cairn" / "cloud"
        copy_checkout(collection)
        failures = [run(arguments, collection) for arguments in calls(sys.argv[1:])]
        return int(any(failures))


def calls(arguments: list[str]) -> list[list[str]]:
    """What to call ansible-test with: the arguments, or else everything that can be tested."""
    if arguments:
        return [arguments]
    return [[f"--skip-test={name}" for name in SKIPPED], ["--test=import", *IMPORT_TESTED]]


def run(arguments: list[str], collection: Path) -> int:
    """Call the ansible-test of this Python environment and return its exit status."""
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    program = str(Path(sys.executable).with_name("ansible-test"))
    command = [program, "sanity", "--color=no", f"--python={python}", *arguments]
    return subprocess.run(command, cwd=collection, env=environment(), check=False).returncode


def environment() -> dict[str, str]:
    """The environment with this Python first, so that ansible-test finds it and not the machine's."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, "PATH": path}


def copy_checkout(target: Path) -> None:
    """Copy all files that git knows or would take up, as they are now."""
    git = ["git", "-c", f"safe.directory={CHECKOUT}", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(git, cwd=CHECKOUT, check=True, capture_output=True, text=True).stdout.split("\0")
    for name in filter(None, names):
        source = CHECKOUT / name
        if source.is_symlink() or source.is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target / name, follow_symlinks=False)


def provide_get_pip(cache: Path) -> None:
    """Put the stand-in where ansible-test looks for a script that it has fetched already."""
    from ansible_test._internal.python_requirements import get_venv_packages

    python = SimpleNamespace(version=f"{sys.version_info.major}.{sys.version_info.minor}")
    version = get_venv_packages(python)["pip"]
    script = cache / f"get_pip_{version.replace('.', '_')}.py"
    if not script.exists():
        cache.mkdir(parents=True, exist_ok=True)
        script.write_text(GET_PIP)


if __name__ == "__main__":
    sys.exit(main())
