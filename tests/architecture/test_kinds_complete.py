# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Every kind has its modules with examples, they are routed, and all that is derived is fresh."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.cairn.cloud.plugins.module_utils._kinds.registry import KINDS, SYNONYMS
from ansible_collections.cairn.cloud.plugins.module_utils._runner import OTHERS
from support.collection import CHECKOUT

MODULES = CHECKOUT / "plugins" / "modules"
NAMES = sorted(path.stem for path in MODULES.glob("*.py"))


def constants(path: Path) -> dict[str, str]:
    """The texts that a module's file assigns at its top: DOCUMENTATION, EXAMPLES and RETURN."""
    return {
        node.targets[0].id: node.value.value
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    }


@pytest.fixture(scope="module")
def runtime() -> Any:
    return yaml.safe_load((CHECKOUT / "meta" / "runtime.yml").read_text())


def test_every_kind_has_a_module_and_one_that_reads() -> None:
    assert sorted([*KINDS, *(f"{kind}_info" for kind in KINDS), *OTHERS]) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_examples_are_tasks_that_use_the_module(name: str) -> None:
    tasks = yaml.safe_load(constants(MODULES / f"{name}.py")["EXAMPLES"])
    assert tasks, f"{name} has no examples"
    assert isinstance(tasks, list)
    for task in tasks:
        assert isinstance(task, dict)
        assert task["name"][0].isupper()
    assert any(f"cairn.cloud.{name}" in task for task in tasks)


@pytest.mark.parametrize("name", NAMES)
def test_examples_use_only_options_that_there_are(name: str) -> None:
    found = constants(MODULES / f"{name}.py")
    options = yaml.safe_load(found["DOCUMENTATION"]).get("options", {})
    aliases = {alias for entry in options.values() for alias in entry.get("aliases", [])}
    for task in yaml.safe_load(found["EXAMPLES"]):
        used = set(task.get(f"cairn.cloud.{name}") or {})
        assert used <= {*options, *aliases, "api_url", "wait", "wait_timeout"}


def test_every_module_runs_on_the_fast_path(runtime: Any) -> None:
    routed = runtime["plugin_routing"]["action"]
    synonyms = {f"{synonym}{suffix}" for synonym in SYNONYMS for suffix in ("", "_info")}
    assert set(routed) == {*NAMES, *synonyms}
    assert {entry["redirect"] for entry in routed.values()} == {"cairn.cloud.resource"}


def test_module_defaults_reach_every_module(runtime: Any) -> None:
    assert runtime["action_groups"]["all"] == NAMES


def test_synonyms_lead_to_modules(runtime: Any) -> None:
    redirected = {old: entry["redirect"] for old, entry in runtime["plugin_routing"]["modules"].items()}
    assert {new.removeprefix("cairn.cloud.") for new in redirected.values()} <= set(NAMES)
    assert all(redirected[old] == f"cairn.cloud.{new}" for old, new in SYNONYMS.items())


def test_what_is_derived_is_fresh() -> None:
    command = [sys.executable, str(CHECKOUT / "tests" / "tools" / "generate.py"), "--check"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (result.returncode, result.stdout) == (0, "")
