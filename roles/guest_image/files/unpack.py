# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers
"""Replace a directory by the files that come as JSON on the standard input: paths with their contents."""

import json
import shutil
import sys
import tempfile
from pathlib import Path

target = Path(sys.argv[1])
target.parent.mkdir(parents=True, exist_ok=True)
with tempfile.TemporaryDirectory(prefix=f".{target.name}-", dir=target.parent) as work:
    tree = Path(work) / "tree"
    for name, text in json.load(sys.stdin).items():
        path = tree / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(0o755 if text.startswith("#!") else 0o644)
    if target.exists():
        shutil.move(target, Path(work) / "old")
    tree.rename(target)
