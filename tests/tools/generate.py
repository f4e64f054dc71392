#!/usr/bin/env python3
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Write what is derived from the kinds: the modules and meta/runtime.yml; or check that it is fresh.

A module's EXAMPLES are written by hand, in the module: they are kept as they are. A new kind's
modules are made with none, and a test asks for them.
"""

from __future__ import annotations

import argparse
import pathlib
import re
import sys
import typing as t

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))
from support.collection import make_dev_tree, make_importable  # noqa: E402

make_importable(make_dev_tree())
from ansible_collections.cairn.cloud.plugins.module_utils._kinds.registry import KINDS  # noqa: E402
from ansible_collections.cairn.cloud.plugins.module_utils._runner import OTHERS  # noqa: E402
from ansible_collections.cairn.cloud.plugins.module_utils._schema import documentation  # noqa: E402
from ansible_collections.cairn.cloud.plugins.module_utils._schema.kind import Kind  # noqa: E402

MODULE = '''#!/usr/bin/python
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers
#
# Derived from plugins/module_utils/_kinds/{kind}.py by tests/tools/generate.py; only EXAMPLES is edited here.

from __future__ import annotations

DOCUMENTATION = r"""
{documentation}"""

EXAMPLES = r"""
{examples}"""

RETURN = r"""
{returns}"""

{imported}
from ansible_collections.cairn.cloud.plugins.module_utils._runner import {runner}


def main() -> None:
    {runner}({constant})


if __name__ == "__main__":
    main()
'''
RUNTIME = """---
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers
#
# Derived from the kinds by tests/tools/generate.py.

"""
KINDS_PACKAGE = "ansible_collections.cairn.cloud.plugins.module_utils._kinds"
LINE = 120
EXAMPLES = re.compile(r'^EXAMPLES = r"""\n(.*?)"""$', re.DOTALL | re.MULTILINE)


class _Dumper(yaml.SafeDumper):
    """YAML as ansible-lint likes it: lists indented below their key."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def render(data: t.Any) -> str:
    return str(yaml.dump(data, Dumper=_Dumper, sort_keys=False, width=110, allow_unicode=True))


def module(kind: Kind, *, info: bool) -> tuple[pathlib.Path, str]:
    """Path and text of a kind's module."""
    path = ROOT / "plugins/modules" / f"{kind.name}{'_info' if info else ''}.py"
    found = EXAMPLES.search(path.read_text()) if path.exists() else None
    described = documentation.info(kind) if info else documentation.module(kind)
    text = MODULE.format(
        kind=kind.name,
        constant=kind.name.upper(),
        imported=_imported(kind),
        documentation=render({key: value for key, value in described.items() if value is not None}),
        examples=found.group(1) if found else "",
        returns=render(documentation.info_returns(kind) if info else documentation.returns(kind)),
        runner="run_info" if info else "run_resource",
    )
    return path, text


def _imported(kind: Kind) -> str:
    """The line that imports a kind, in several where its name is long."""
    start, name = f"from {KINDS_PACKAGE}.{kind.name} import ", kind.name.upper()
    return f"{start}{name}" if len(start + name) <= LINE else f"{start}(\n    {name},\n)"


def runtime() -> tuple[pathlib.Path, str]:
    """meta/runtime.yml: the action group and the redirects to the fast path."""
    names = sorted([*KINDS, *(f"{kind}_info" for kind in KINDS), *OTHERS])
    synonyms = {
        f"{synonym}{suffix}": f"{kind.name}{suffix}"
        for kind in KINDS.values()
        for synonym in kind.synonyms
        for suffix in ("", "_info")
    }
    data = {
        "requires_ansible": ">=2.17.0",
        "action_groups": {"all": names},
        "plugin_routing": {
            "action": {name: {"redirect": "cairn.cloud.resource"} for name in sorted([*names, *synonyms])},
            "modules": {old: {"redirect": f"cairn.cloud.{new}"} for old, new in sorted(synonyms.items())},
        },
    }
    return ROOT / "meta/runtime.yml", RUNTIME + render(data)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing; fail when something is stale")
    check = parser.parse_args().check
    stale = []
    for path, text in [runtime(), *(module(kind, info=info) for kind in KINDS.values() for info in (False, True))]:
        if path.exists() and path.read_text() == text:
            continue
        stale.append(str(path.relative_to(ROOT)))
        if not check:
            path.write_text(text)
    for name in stale:
        print(f"{'stale' if check else 'written'}: {name}")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
