# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""What a run led to."""

from __future__ import annotations

import dataclasses as dc
import typing as t

from ...module_utils._schema.errors import CairnError
from .._core.report import Report


@dc.dataclass
class Result:
    """What a run led to: its report, the resources it was about as modules return them, and what went wrong."""

    report: Report
    resources: list[dict[str, t.Any]] = dc.field(default_factory=list)
    errors: list[CairnError] = dc.field(default_factory=list)
    placements: list[dict[str, t.Any]] = dc.field(default_factory=list)


def together(results: t.Iterable[Result]) -> Result:
    """Several runs as one."""
    whole = Result(Report())
    for one in results:
        whole.report.entries += one.report.entries
        whole.report.warnings += one.report.warnings
        whole.resources += one.resources
        whole.errors += one.errors
    return whole
