# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Inventory scale makes a simulated cloud of any size to rehearse on: here, that its database is lost."""

from __future__ import annotations

from pathlib import Path

from support.collection import CHECKOUT
from support.playbook import Ansible, Result

HOSTS, INSTANCES = 3, 7


def scale(ansible: Ansible, *arguments: str) -> Result:
    sizes = {"scale_directory": ansible.directory, "scale_hosts": HOSTS, "scale_instances": INSTANCES}
    extra = [word for name, value in sizes.items() for word in ("-e", f"{name}={value}")]
    inventory = CHECKOUT / "inventories" / "scale"
    return ansible.playbook("-i", inventory, CHECKOUT / "playbooks" / "scale.yml", *extra, *arguments)


def test_a_simulated_cloud_is_made_and_lost_and_read_back(tmp_path: Path) -> None:
    ansible = Ansible(tmp_path)
    assert f"done: {10 - 1 + HOSTS + INSTANCES} to create" in scale(ansible).stdout
    assert len(list((tmp_path / "hosts").glob("*.xml"))) == HOSTS
    assert (scale(ansible, "--check").changed, scale(ansible).changed) == (0, 0)

    (tmp_path / "cairn.db").unlink()
    urls = [f"test://{tmp_path}/hosts/h{number:05}.xml" for number in range(1, HOSTS + 1)]
    rebuild = {"cairn.cloud.rebuild": {"api_url": f"sqlite:///{tmp_path}/cairn.db", "hosts": urls}}
    assert ansible.play([rebuild]).changed == 1
    assert scale(ansible).changed == 0
