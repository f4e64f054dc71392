# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Session tokens, as version 2 of EC2's metadata service has them, without a place where they are kept.

A token says until when it holds, signed with a key that no guest knows. Asking with none is answered too; so a token
that is wrong or no longer holds is refused only to make tools fetch another, as they do on EC2.
Source: Amazon EC2 User Guide, "Use the Instance Metadata Service to access instance metadata".
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac

LONGEST = 21600
_TIME_SIZE = 8


def issue(key: bytes, instance: str, until: int) -> str:
    """A token of ``instance`` that holds until that second of the epoch."""
    time = until.to_bytes(_TIME_SIZE, "big")
    return base64.urlsafe_b64encode(time + _signature(key, instance, time)).decode()


def holds(token: str, key: bytes, instance: str, now: float) -> bool:
    try:
        raw = base64.b64decode(token.encode(), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return False
    time, signature = raw[:_TIME_SIZE], raw[_TIME_SIZE:]
    if not hmac.compare_digest(signature, _signature(key, instance, time)):
        return False
    return now < int.from_bytes(time, "big")


def seconds(text: str | None) -> int | None:
    """For how long a token is asked for; None when that is no number from 1 to 21600."""
    if text is None or not text.isascii() or not text.isdigit() or len(text) > len(str(LONGEST)):
        return None
    return int(text) if 1 <= int(text) <= LONGEST else None


def _signature(key: bytes, instance: str, time: bytes) -> bytes:
    return hmac.new(key, time + instance.encode(), hashlib.sha256).digest()
