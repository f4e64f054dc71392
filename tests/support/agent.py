# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Shell scripts in guests that no route leads to, by their agents."""

from __future__ import annotations

import base64
import json
import time
from typing import Any

from support.private_libvirt import PrivateLibvirt


def run(host: PrivateLibvirt, domain: str, script: str, *, patience: float = 30) -> tuple[int, str]:
    """Exit status and output of a script in a domain of the host."""
    asked = {"path": "/bin/sh", "arg": ["-c", script], "capture-output": True}
    pid = _ask(host, domain, "guest-exec", asked, patience)["pid"]
    deadline = time.monotonic() + patience
    while not (told := _ask(host, domain, "guest-exec-status", {"pid": pid}, patience))["exited"]:
        assert time.monotonic() < deadline, f"{script} does not end in {domain}"
        time.sleep(0.2)
    return told.get("exitcode", -1), base64.b64decode(told.get("out-data", "")).decode()


def _ask(host: PrivateLibvirt, domain: str, command: str, arguments: dict[str, Any], patience: float) -> dict[str, Any]:
    text = json.dumps({"execute": command, "arguments": arguments})
    deadline = time.monotonic() + patience
    while True:
        result = host.run(["virsh", "qemu-agent-command", domain, text], check=False)
        if result.returncode == 0:
            answer: dict[str, Any] = json.loads(result.stdout)["return"]
            return answer
        assert time.monotonic() < deadline, result.stderr
        time.sleep(1)
