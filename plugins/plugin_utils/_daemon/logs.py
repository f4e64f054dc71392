# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""The daemon's log: a line of JSON for each thing that happened, on standard error.

What a task was told and what came of it are never logged, since both may hold secrets: only which module it was, for
whom, and how it ended.
"""

from __future__ import annotations

import datetime
import json
import logging
import sys

_BUILT_IN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "color_message"}


class _Lines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        at = datetime.datetime.fromtimestamp(record.created, datetime.UTC).isoformat(timespec="milliseconds")
        line = {"at": at, "level": record.levelname.lower(), "part": record.name, "message": record.getMessage()}
        line |= {name: value for name, value in vars(record).items() if name not in _BUILT_IN}
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str)


def configure(level: str) -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Lines())
    logging.basicConfig(handlers=[handler], level=level.upper(), force=True)
    for talkative in ("alembic", "uvicorn"):
        logging.getLogger(talkative).setLevel(max(logging.WARNING, logging.root.level))
