# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Role certificate: a certificate in folders that are there already, which stay as they are."""

from __future__ import annotations

from pathlib import Path

from support.playbook import Ansible


def test_folders_that_are_there_stay_as_they_are(ansible: Ansible, tmp_path: Path) -> None:
    closed, new = tmp_path / "closed", tmp_path / "new"
    closed.mkdir(mode=0o700)
    variables = {
        "certificate_directory": str(tmp_path / "authority"),
        "certificate_authority_host": "localhost",
        "certificate_name": "here",
        "certificate_usage": "server",
        "certificate_key": str(closed / "key.pem"),
        "certificate_path": str(new / "certificate.pem"),
        "certificate_authority_path": str(new / "authority.pem"),
    }
    parts = [{"name": "cairn.cloud.certificate", "tasks_from": part} for part in ("authority", "issue")]
    tasks = [{"ansible.builtin.include_role": part, "vars": variables} for part in parts]
    ansible.play(tasks, "--check")
    assert not new.exists()
    assert ansible.play(tasks).changed > 0
    assert [path.stat().st_mode & 0o777 for path in (closed, new, closed / "key.pem")] == [0o700, 0o755, 0o600]
    assert ansible.play(tasks).changed == 0
