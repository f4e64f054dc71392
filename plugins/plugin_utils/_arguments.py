# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Arguments of modules that are about no kind, as they reach the engine: Ansible has not looked at them before."""

from __future__ import annotations

import typing as t

from ..module_utils._schema.errors import CairnError


def known(args: t.Mapping[str, t.Any], names: t.Collection[str]) -> None:
    """Raises CairnError for one that the module does not have."""
    for key in args:
        if key not in names:
            raise CairnError(f"{key}: there is no such argument; known are {', '.join(sorted(names))}")


def chosen(args: t.Mapping[str, t.Any], spec: t.Mapping[str, t.Mapping[str, t.Any]]) -> None:
    """Raises CairnError for a value that is none of its choices."""
    for name, option in spec.items():
        choices, value = option.get("choices"), args.get(name)
        if choices and value is not None and value not in choices:
            raise CairnError(f"{name}: '{value}' is none of {', '.join(choices)}; write one of them")
