# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Connections that outlive a run: one run at a time, looked at before they are used again, not kept for ever."""

from __future__ import annotations

import threading

import pytest

from ansible_collections.cairn.cloud.plugins.plugin_utils._services import pool
from ansible_collections.cairn.cloud.plugins.plugin_utils._services.hosts import Hosts
from ansible_collections.cairn.cloud.plugins.plugin_utils._services.pool import IDLE, LASTS, Pool
from support.model_host import ModelHost


class Host(ModelHost):
    """A host whose connections say whether they are open."""

    def __init__(self) -> None:
        super().__init__()
        self.up, self.closed = True, 0

    def alive(self) -> bool:
        return self.up

    def close(self) -> None:
        self.closed += 1


class Site:
    """Opens connections, and says what time it is."""

    def __init__(self) -> None:
        self.now, self.opened = 0.0, list[Host]()
        self.pool = Pool(self.connect, lambda: self.now)

    def connect(self, url: str) -> Host:
        self.opened.append(Host())
        return self.opened[-1]


def test_a_connection_is_used_by_one_run_after_the_other() -> None:
    site = Site()
    first, second = (Hosts(site.pool.take, release=site.pool.give) for _run in range(2))
    one = first.open("test:///a")
    assert first.open("test:///a") is one
    assert second.open("test:///a") is not one
    first.close()
    third = Hosts(site.pool.take, release=site.pool.give)
    assert third.open("test:///a") is one
    assert third.open("test:///b") is not one
    assert len(site.opened) == 3


def test_one_that_is_dead_or_old_is_not_used_again() -> None:
    site = Site()
    for spoil in ("dead", "old"):
        one = site.pool.take("test:///a")
        assert isinstance(one, Host)
        site.pool.give("test:///a", one)
        if spoil == "dead":
            one.up = False
        else:
            site.now += LASTS
        other = site.pool.take("test:///a")
        assert other is not one
        assert one.closed == 1
        other.close()


def test_one_that_does_not_say_whether_it_is_alive_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "ANSWERS", 0.1)
    site, answers = Site(), threading.Event()
    one = site.pool.take("test:///a")
    assert isinstance(one, Host)
    site.pool.give("test:///a", one)
    monkeypatch.setattr(one, "alive", lambda: answers.wait(10))
    assert site.pool.take("test:///a") is not one
    assert one.closed == 0
    answers.set()
    for thread in threading.enumerate():
        if thread.name == "cairn alive":
            thread.join(10)
    assert one.closed == 1


def test_few_are_kept_and_none_for_ever() -> None:
    site = Site()
    for one in [site.pool.take("test:///a") for _number in range(IDLE + 2)]:
        site.pool.give("test:///a", one)
    assert site.pool.idle() == IDLE
    assert [host.closed for host in site.opened] == [1, 1, 0, 0, 0, 0]
    site.now += LASTS
    site.pool.tidy()
    assert site.pool.idle() == 0
    assert all(host.closed == 1 for host in site.opened)
    site.pool.give("test:///a", site.pool.take("test:///a"))
    site.pool.close()
    assert site.opened[-1].closed == 1


def test_without_a_pool_connections_are_closed_with_the_run() -> None:
    site = Site()
    hosts = Hosts(site.connect)
    hosts.open("test:///a")
    hosts.close()
    assert site.opened[0].closed == 1
