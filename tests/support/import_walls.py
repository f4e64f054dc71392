# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Which part of ``plugins/`` may import which, read from the source without running it.

:data:`WALLS` is the rule book: a file is judged by the first wall whose ``part`` it lies in. Parts are paths below
``plugins/``. Imports count wherever they stand: inside functions and for type checking too.
"""

from __future__ import annotations

import ast
import dataclasses
import sys
from collections.abc import Iterator
from pathlib import Path

COLLECTION = "ansible_collections.cairn.cloud.plugins"
SCHEMA = "module_utils/_schema"
KINDS = "module_utils/_kinds"
CLIENT = "module_utils/_client"
CORE = "plugin_utils/_core"
PORTS = "plugin_utils/_ports"
SERVICES = "plugin_utils/_services"
DRIVERS = "plugin_utils/_drivers"
WIRING = "plugin_utils/_wiring.py"
API = "plugin_utils/_api"
DAEMON = "plugin_utils/_daemon"
RUN = ("plugin_utils/_run.py", "plugin_utils/_local.py", "plugin_utils/_settings.py")

# What a pure function has no business with: input and output, processes, the clock, randomness, the environment.
IMPURE_MODULES = (
    *("asyncio", "concurrent", "ctypes", "multiprocessing", "queue", "select", "selectors", "signal", "threading"),
    *("fcntl", "glob", "io", "logging", "os", "pathlib", "shutil", "sqlite3", "subprocess", "sys", "tempfile"),
    *("http", "socket", "ssl", "urllib.request"),
    *("getpass", "platform", "random", "resource", "secrets", "time"),
    *("importlib", "runpy"),
)
IMPURE_BUILTINS = frozenset({"open", "input", "print", "eval", "exec", "__import__"})
# Calls on what was imported from these modules, such as ``datetime.now()``.
IMPURE_CALLS = {
    "datetime": frozenset({"now", "utcnow", "today"}),
    "uuid": frozenset({"uuid1", "uuid4", "getnode"}),
}


@dataclasses.dataclass(frozen=True)
class Wall:
    """What one part may import; ``third_party`` is ``None`` where any package may be used."""

    part: str
    may_import: tuple[str, ...]
    third_party: tuple[str, ...] | None = ()
    pure: bool = False


WALLS = (
    Wall(SCHEMA, (SCHEMA,), third_party=("ansible",)),
    Wall(KINDS, (KINDS, SCHEMA)),
    Wall(CLIENT, (CLIENT, SCHEMA)),
    Wall("module_utils", ("module_utils",), third_party=("ansible",)),
    Wall("modules", ("module_utils",), third_party=("ansible",)),
    Wall("doc_fragments", ()),
    Wall(CORE, (CORE, KINDS, SCHEMA), pure=True),
    Wall(PORTS, (PORTS, CORE, KINDS, SCHEMA)),
    Wall(SERVICES, (SERVICES, CORE, PORTS, KINDS, SCHEMA)),
    Wall(DRIVERS, (DRIVERS, PORTS, CORE, SCHEMA), third_party=None),
    Wall(API, (API, *RUN, CORE, PORTS, "module_utils"), third_party=("prometheus_client", "starlette")),
    Wall(DAEMON, (DAEMON, API, *RUN, WIRING, SERVICES, CORE, PORTS, "module_utils"), third_party=("click", "uvicorn")),
    Wall(WIRING, ("plugin_utils", "module_utils"), third_party=None),
    Wall("plugin_utils", ("plugin_utils", "module_utils"), third_party=None),
    Wall("", ("",), third_party=None),
)


@dataclasses.dataclass(frozen=True)
class Breach:
    """One line that breaks a rule."""

    path: str
    line: int
    reason: str

    def __str__(self) -> str:
        return f"plugins/{self.path}:{self.line}: {self.reason}"


def breaches(plugins: Path) -> list[Breach]:
    """All broken rules in a ``plugins`` directory."""
    found: list[Breach] = []
    for path in sorted(plugins.rglob("*.py")):
        name = path.relative_to(plugins).as_posix()
        found += breaches_of_file(plugins, name, ast.parse(path.read_text(), name))
    return found


def breaches_of_file(plugins: Path, name: str, tree: ast.Module) -> Iterator[Breach]:
    """The broken rules of one file."""
    wall = _wall_around(name)
    for node in ast.walk(tree):
        for module in _imported(node, name):
            reason = _forbidden(plugins, name, wall, module)
            if reason:
                yield Breach(name, getattr(node, "lineno", 0), reason)
    if wall.pure:
        yield from _impure_calls(name, tree)


def _wall_around(name: str) -> Wall:
    return next(wall for wall in WALLS if _within(name, wall.part))


def _forbidden(plugins: Path, name: str, wall: Wall, module: str) -> str:
    """Why this file may not import this module; empty if it may."""
    if not module.startswith(f"{COLLECTION}."):
        return _forbidden_outside(wall, module)
    target = _file_of(plugins, module.removeprefix(f"{COLLECTION}.").replace(".", "/"))
    if not any(_within(target, part) for part in wall.may_import):
        return f"{wall.part} must not import {target}"
    if _within(target, DRIVERS) and not _within(name, WIRING) and not _same_driver(name, target):
        return f"only {WIRING} may name the driver {target}"
    return ""


def _forbidden_outside(wall: Wall, module: str) -> str:
    top = module.split(".", maxsplit=1)[0]
    if wall.pure and any(f"{module}.".startswith(f"{impure}.") for impure in IMPURE_MODULES):
        return f"{wall.part} is pure and must not import {module}"
    if top in sys.stdlib_module_names or wall.third_party is None or top in wall.third_party:
        return ""
    return f"{wall.part} must not import {module}"


def _imported(node: ast.AST, name: str) -> list[str]:
    """The dotted names that a node imports; of ``from a import b`` that is ``a.b``, since b may be a module."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if not isinstance(node, ast.ImportFrom):
        return []
    base = [node.module] if node.module else []
    if node.level:
        package = f"{COLLECTION}.{Path(name).parent.as_posix().replace('/', '.')}".split(".")
        base = package[: len(package) - node.level + 1] + base
    return [".".join([*base, alias.name]) for alias in node.names]


def _file_of(plugins: Path, target: str) -> str:
    """The path, below plugins, of the module or package that an imported name is or lies in."""
    while target and not (plugins / target).is_dir() and not (plugins / f"{target}.py").is_file():
        if "/" not in target:
            return target
        target = target.rpartition("/")[0]
    return target if (plugins / target).is_dir() else f"{target}.py"


def _same_driver(name: str, target: str) -> bool:
    """A driver may be spread over the files of its own folder, and may use what lies beside all driver folders."""
    depth = DRIVERS.count("/") + 2
    folder = "/".join(Path(name).parts[:depth])
    return _within(name, DRIVERS) and (_within(target, folder) or len(Path(target).parts) == depth)


def _within(name: str, part: str) -> bool:
    return not part or name == part or name.startswith(f"{part}/")


def _impure_calls(name: str, tree: ast.Module) -> Iterator[Breach]:
    """Calls that read the clock, draw a random identity or do input and output."""
    origins = _origins(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            root, *rest = ast.unparse(node.func).split(".")
            module, *names = [*origins.get(root, [root]), *rest]
            if (module in IMPURE_BUILTINS and not names) or IMPURE_CALLS.get(module, frozenset()).intersection(names):
                yield Breach(name, node.lineno, f"{CORE} is pure and must not call {ast.unparse(node.func)}")


def _origins(tree: ast.Module) -> dict[str, list[str]]:
    """For each imported name: the module it is from and, unless it is that module, its name there."""
    found: dict[str, list[str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found.update({alias.asname or alias.name: [alias.name] for alias in node.names})
        elif isinstance(node, ast.ImportFrom):
            found.update({alias.asname or alias.name: [node.module or "", alias.name] for alias in node.names})
    return found
