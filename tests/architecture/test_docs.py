# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""What the documents say is so: paths, links, commands, YAML, the tree; and the recipe for a new kind works."""

from __future__ import annotations

import filecmp
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.cairn.cloud.plugins.module_utils._kinds.registry import KINDS
from ansible_collections.cairn.cloud.plugins.module_utils._schema.validation import validate
from support.collection import CHECKOUT
from support.playbook import Ansible

DOCUMENTS = [CHECKOUT / "README.md", *sorted((CHECKOUT / "docs").glob("*.md"))]
RECIPE = CHECKOUT / "docs" / "adding_a_kind.md"
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
CODE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)]+)\)")
HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)
PROGRAMS = (
    *("ansible", "ansible-doc", "ansible-galaxy", "ansible-inventory", "ansible-playbook", "antsibull-changelog"),
    *("cairn", "cairn-daemon", "curl", "make", "pip", "pytest", "python"),
    *("createdb", "createuser", "pg_dump", "sqlite3"),
    *(".", "cd", "export", "install", "rm", "ssh", "umask", '"${EDITOR:-vi}"'),
)

each_document = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)


def blocks(document: Path, language: str) -> list[str]:
    return [text for found, text in FENCE.findall(document.read_text()) if found == language]


def marked(name: str) -> str:
    """The block of the recipe that follows the comment ``<!-- name -->``."""
    found = re.search(rf"^<!-- {name} -->\n```\w+\n(.*?)^```$", RECIPE.read_text(), re.DOTALL | re.MULTILINE)
    assert found, name
    return found.group(1)


def tracked() -> list[str]:
    listed = subprocess.run(["git", "ls-files"], cwd=CHECKOUT, capture_output=True, text=True, check=True)
    return listed.stdout.splitlines()


@each_document
def test_paths_exist(document: Path) -> None:
    tops = {path.split("/")[0] for path in tracked() if "/" in path and not path.startswith(".")}
    named = {name for name in CODE.findall(FENCE.sub("", document.read_text())) if name.split("/")[0] in tops}
    paths = {name for name in named if re.fullmatch(r"[\w./-]+", name)}
    assert [path for path in sorted(paths) if "/" in path and not (CHECKOUT / path).exists()] == []


@each_document
def test_links_lead_somewhere(document: Path) -> None:
    for link in LINK.findall(FENCE.sub("", document.read_text())):
        path, _hash, anchor = link.partition("#")
        target = document.parent / path if path else document
        assert target.exists(), link
        if anchor:
            assert anchor in {slug(heading) for heading in HEADING.findall(target.read_text())}, link


def slug(heading: str) -> str:
    """The anchor that GitHub gives a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def commands(document: Path) -> Iterator[list[str]]:
    for block in blocks(document, "sh"):
        for line in block.splitlines():
            words = line.partition("  # ")[0].split(" # ")[0].split()
            if words:
                yield words


@each_document
def test_commands_exist(document: Path) -> None:
    makefiles = (CHECKOUT / "Makefile").read_text() + (CHECKOUT / "tests" / "tests.mk").read_text()
    for program, *words in commands(document):
        assert program in PROGRAMS, (program, *words)
        for word in words:
            if program == "make":
                variable, given, _value = word.partition("=")
                defined = rf"^{variable} \?=" if given else rf"^{word}:"
                assert re.search(defined, makefiles, re.MULTILINE), word
            else:
                file = file_of(program, word)
                assert file is None or file.exists(), (program, *words)


def file_of(program: str, word: str) -> Path | None:
    """The file of this repository that a word of a command names, if it names one."""
    if program in ("python", "pytest") and "/" in word:
        return CHECKOUT / word
    if program == "ansible-playbook" and word.startswith("playbooks/"):
        return CHECKOUT / word
    if program == "ansible-playbook" and word.startswith("cairn.cloud."):
        return CHECKOUT / "playbooks" / f"{word.rpartition('.')[2]}.yml"
    return None


@each_document
def test_yaml_is_valid(document: Path) -> None:
    for block in blocks(document, "yaml"):
        for content in yaml.safe_load_all(block):
            if isinstance(content, dict) and "kind" in content:
                validate(KINDS[content["kind"]], content)
            elif isinstance(content, list):
                for task in tasks_in(content):
                    check_task(task)


def tasks_in(items: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for item in items:
        yield from item.get("tasks", [item])


def check_task(task: dict[str, Any]) -> None:
    """A task of ours names a module that exists, with arguments that it takes."""
    for action in (key for key in task if key.startswith("cairn.cloud.")):
        name = action.removeprefix("cairn.cloud.")
        assert (CHECKOUT / "plugins" / "modules" / f"{name}.py").exists(), action
        if name in KINDS:
            validate(KINDS[name], task[action])
        elif name.endswith("_info"):
            assert set(task[action] or {}) <= {"id", *KINDS[name.removesuffix("_info")].filters}


def test_the_readme_shows_the_example_cloud() -> None:
    files = sorted((CHECKOUT / "inventories" / "single" / "cloud").glob("*.yml"))
    example = [content for file in files for content in yaml.safe_load_all(file.read_text())]
    shown = next(block for block in blocks(DOCUMENTS[0], "yaml") if "kind: zone" in block)
    order = list(KINDS)
    by_kind = sorted(yaml.safe_load_all(shown), key=lambda content: order.index(content["kind"]))
    assert by_kind == sorted(example, key=lambda content: order.index(content["kind"]))


def tree(text: str) -> set[str]:
    """The folders that a drawing of a tree names, two blanks a level."""
    found, path = set(), []
    for line in text.splitlines():
        match = re.match(r"( *)([\w.-]+)/(?: |$)", line)
        if match:
            path[len(match.group(1)) // 2 :] = [match.group(2)]
            found.add("/".join(path))
    return found


def test_the_architecture_names_each_folder() -> None:
    depths = {"plugins": 3, "inventories": 3}
    there = set()
    for file in tracked():
        folders = file.split("/")[:-1]
        if folders and not folders[0].startswith("."):
            there |= {"/".join(folders[:depth]) for depth in range(1, min(len(folders), depths.get(folders[0], 2)) + 1)}
    named = tree(next(block for block in blocks(CHECKOUT / "docs" / "architecture.md", "text") if "plugins/" in block))
    assert sorted(there - named) == []
    assert [folder for folder in sorted(named) if not (CHECKOUT / folder).is_dir()] == []


# The recipe for a new kind


def test_the_recipe_shows_the_schema_as_it_is() -> None:
    assert marked("schema") == (CHECKOUT / "plugins/module_utils/_kinds/affinity_group.py").read_text()


def toy(text: str) -> str:
    """What the recipe says of affinity groups, said of a kind that does not exist."""
    return text.replace("affinity_group", "toy_group").replace("AFFINITY_GROUP", "TOY_GROUP")


def copy_tree(to: Path) -> Path:
    for part in ("meta", "plugins", "tests/support", "tests/tools"):
        shutil.copytree(CHECKOUT / part, to / part, ignore=shutil.ignore_patterns("__pycache__"))
    return to


def follow_the_recipe(tree: Path) -> str:
    """Steps 1 to 3. Returns what the generator prints."""
    kinds = tree / "plugins" / "module_utils" / "_kinds"
    (kinds / "toy_group.py").write_text(toy(marked("schema")))
    registry = (kinds / "registry.py").read_text()
    line = marked("registry")
    assert line in registry
    registry = registry.replace(line, line + toy(line), 1)
    registry = registry.replace("        AFFINITY_GROUP,\n", "        AFFINITY_GROUP,\n        TOY_GROUP,\n", 1)
    (kinds / "registry.py").write_text(registry)
    return generate(tree)


def generate(tree: Path, *arguments: str) -> str:
    command = [sys.executable, "tests/tools/generate.py", *arguments]
    return subprocess.run(command, cwd=tree, capture_output=True, text=True, check=True).stdout


def differing(one: Path, other: Path) -> set[str]:
    """The files that only one of two trees has, or that differ, leaving out what Python and the tests leave there."""
    found: set[str] = set()

    def compare(part: filecmp.dircmp[str], below: str) -> None:
        names = part.left_only + part.right_only + part.diff_files
        found.update(f"{below}{name}" for name in names if name not in ("build", "__pycache__"))
        for name, sub in part.subdirs.items():
            compare(sub, f"{below}{name}/")

    compare(filecmp.dircmp(one, other, ignore=["__pycache__", "build"]), "")
    return found


TOY_PLAY = r"""
- hosts: localhost
  gather_facts: false
  module_defaults:
    group/cairn.cloud.all:
      api_url: "sqlite:///{{ playbook_dir }}/cairn.db"
  tasks:
    - cairn.cloud.toy_group: {name: a, affinity_type: HOST AFFINITY}
      register: made
    - cairn.cloud.toy_group: {name: a}
      register: again
    - cairn.cloud.toy_group: {name: a, description: toys}
      register: changed
      diff: true
    - cairn.cloud.toy_group: {name: a, affinity_type: host anti-affinity}
      register: refused
      ignore_errors: true
    - cairn.cloud.toy_group: {name: a, afinity_type: x}
      register: unknown
      ignore_errors: true
    - cairn.cloud.apply:
        documents:
          - {kind: toy_group, name: b}
      register: applied
    - cairn.cloud.toy_group_info:
        affinity_type: host affinity
      register: read
    - cairn.cloud.toy_group: {name: a, state: absent}
      check_mode: true
      register: previewed
    - cairn.cloud.toy_group: {name: a, state: absent}
      register: removed
    - cairn.cloud.toy_group_info:
      register: left
    - ansible.builtin.assert:
        that:
          - made is changed
          - made.name == 'a' and made.affinity_type == 'host affinity' and made.account == 'admin'
          - again is not changed
          - changed is changed
          - changed.diff[0].after.description == 'toys'
          - "'cannot change' in refused.msg"
          - "'did you mean affinity_type?' in unknown.msg"
          - applied is changed
          - read.toy_groups | map(attribute='name') == ['a']
          - read.toy_groups[0].description == 'toys'
          - previewed is changed
          - removed is changed
          - left.toy_groups | map(attribute='name') == ['b']
"""


def test_a_kind_is_added_as_the_recipe_says(tmp_path: Path) -> None:
    before, tree = copy_tree(tmp_path / "before"), copy_tree(tmp_path / "tree")
    generate(before)
    generate(tree)

    printed = follow_the_recipe(tree)
    told = next(block for block in blocks(RECIPE, "text") if block.startswith("written: "))
    assert printed == toy(told)
    generate(tree, "--check")
    own = {"plugins/module_utils/_kinds/toy_group.py", "plugins/module_utils/_kinds/registry.py"}
    assert differing(before, tree) == own | set(re.findall(r"^written: (.*)$", printed, re.MULTILINE))

    play = tmp_path / "play.yml"
    play.write_text(TOY_PLAY)
    # Examples are step 4; without them the module has none and works.
    documented = json.loads(run(tmp_path, tree, "ansible-doc", "--json", "cairn.cloud.toy_group"))
    assert set(documented["cairn.cloud.toy_group"]["doc"]["options"]) >= {"name", "affinity_type", "state", "account"}
    run(tmp_path, tree, "ansible-playbook", str(play))


def run(directory: Path, tree: Path, program: str, *arguments: str) -> str:
    """Run one of Ansible's programs with the collection that the tree has."""
    environment = Ansible(directory).environment() | {"ANSIBLE_COLLECTIONS_PATH": str(tree / "build" / "dev")}
    command = [str(Path(sys.executable).with_name(program)), *arguments]
    done = subprocess.run(command, cwd=directory, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
