# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""What can go wrong between us and a database, told as one sentence. A password is never part of it."""

from __future__ import annotations

import contextlib
import typing as t

import sqlalchemy as sa

from ....module_utils._schema.errors import DriverError

LOCKED = "is locked by another process; wait for it to end, or give the task a longer wait_timeout"

# By SQLite's primary result code: https://www.sqlite.org/rescode.html
_SQLITE = {
    5: LOCKED,
    6: LOCKED,
    8: "cannot be written to; run as its owner, or correct the rights of the file and its directory",
    10: "cannot be read or written; look for input/output errors of the disk in the kernel's log",
    11: "is damaged; restore it from a backup",
    13: "cannot grow, the disk is full; free some space",
    14: "cannot be opened; correct the rights of the file and its directory",
    23: "cannot be opened; correct the rights of the file and its directory",
    26: "is not an SQLite database; give another path, or move that file away",
}

# By PostgreSQL's SQLSTATE: https://www.postgresql.org/docs/current/errcodes-appendix.html
_POSTGRESQL = {
    "55P03": LOCKED,
    "40P01": LOCKED,
    "57P01": "was stopped by its administrator while we worked; start it and try again",
    "42501": "does not let the user do this; make the user the owner of the database",
    "53100": "cannot grow, the disk is full; free some space on its server",
    "25006": "only takes reads; name the primary server in the URL, not a standby",
}


def failure(shown: str, error: sa.exc.SQLAlchemyError) -> DriverError | None:
    """The sentence for an error of the database ``shown``; None for one that is a defect of ours."""
    if isinstance(error, sa.exc.TimeoutError):
        return DriverError(f"the database {shown} has all its connections in use; run fewer tasks at once")
    if not isinstance(error, sa.exc.DBAPIError) or isinstance(error, sa.exc.IntegrityError):
        return None
    code = getattr(error.orig, "sqlite_errorcode", None)
    told = _POSTGRESQL.get(getattr(error.orig, "sqlstate", None) or "") if code is None else _SQLITE.get(code & 0xFF)
    if told:
        return DriverError(f"the database {shown} {told}")
    if isinstance(error, sa.exc.OperationalError) and code is None:
        return DriverError(f"the database {shown} {_unreachable(str(error.orig))}")
    return None


def _unreachable(reason: str) -> str:
    """What libpq says of a failed connection; the server's own words, which have no SQLSTATE there, follow FATAL."""
    line = (reason.strip().splitlines() or ["no reason given"])[0]
    _route, refused, words = line.partition("FATAL:")
    if refused:
        return f"refuses us: {words.strip()}; correct the URL, or what the server lets us do"
    return f"cannot be reached: {line.strip().rstrip('.;:')}; see that the server runs and that the URL is right"


@contextlib.contextmanager
def told(shown: str) -> t.Iterator[None]:
    """Raise DriverError for what goes wrong with the database ``shown`` within."""
    try:
        yield
    except sa.exc.SQLAlchemyError as error:
        sentence = failure(shown, error)
        if sentence is None:
            raise
        raise sentence from error
