# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""What goes wrong, as one sentence a person can act on.

Everything that cairn.cloud raises on purpose is a :class:`CairnError`; the runner is the one place
that turns it into a failed task. Anything else is a defect of ours and keeps its traceback.
"""

from __future__ import annotations

from .quoting import printable


class CairnError(Exception):
    """A refusal or a failure, stated as one sentence: what, which, and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(printable(sentence))

    @property
    def sentence(self) -> str:
        return str(self)


class SpecError(CairnError):
    """A document that is not valid: names the resource, the field and the remedy."""

    def __init__(self, kind: str, name: str | None, field: str | None, problem: str, origin: str = "") -> None:
        self.kind, self.name, self.field, self.problem, self.origin = kind, name, field, problem, origin
        super().__init__(self._compose())

    def _compose(self) -> str:
        what = f"{self.kind} '{self.name}'" if self.name else self.kind
        where = f", field {self.field}" if self.field else ""
        prefix = f"{self.origin}: " if self.origin else ""
        return f"{prefix}{what}{where}: {self.problem}"

    def at(self, origin: str) -> SpecError:
        """The same error, saying also where the document stands (file and document number)."""
        return SpecError(self.kind, self.name, self.field, self.problem, origin)


class DriverError(CairnError):
    """The world refused: a host, an image or the database; says which and what to do."""


class Busy(DriverError):
    """Somebody else works on ``key``, and did not end while it was waited for; ``by`` says who."""

    def __init__(self, key: str, by: str) -> None:
        self.by = by
        super().__init__(f"'{key}' is worked on by {by}; wait for it to end, or give a longer wait_timeout")


class Conflict(CairnError):
    """Somebody else has the name, the address or the row; raised by the store."""
