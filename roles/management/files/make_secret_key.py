#!/usr/bin/env python3
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Make the key that secret fields are encrypted with, unless it is there: 32 random bytes, as Fernet wants them."""

from __future__ import annotations

import argparse
import base64
import os
import tempfile
from pathlib import Path

KEY_BYTES = 32


def make_key(path: Path) -> None:
    """Put a new key at the path, whole and readable by us alone, or raise FileExistsError."""
    key = base64.urlsafe_b64encode(os.urandom(KEY_BYTES))
    with tempfile.NamedTemporaryFile(dir=path.parent) as file:
        file.write(key + b"\n")
        file.flush()
        os.fsync(file.fileno())
        # A link, unlike a rename, never replaces what is there.
        os.link(file.name, path)


def main() -> None:
    parser = argparse.ArgumentParser(description="Make a secret key file.")
    parser.add_argument("path", type=Path, help="the file to make")
    make_key(parser.parse_args().path)


if __name__ == "__main__":
    main()
