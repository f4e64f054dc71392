# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Connections are opened once a run, many at once, and closed."""

from __future__ import annotations

import threading

import pytest

from ansible_collections.cairn.cloud.plugins.module_utils._schema.errors import DriverError
from ansible_collections.cairn.cloud.plugins.plugin_utils._core.resource import Resource
from ansible_collections.cairn.cloud.plugins.plugin_utils._services.hosts import Hosts
from support.model_host import ModelHost


class Connector:
    """Counts what is opened and closed; hosts called lost do not answer."""

    def __init__(self) -> None:
        self.opened: list[str] = []
        self.closed: list[str] = []

    def __call__(self, url: str) -> ModelHost:
        if "lost" in url:
            raise DriverError(f"host {url} does not answer; start it")
        self.opened.append(url)
        host = ModelHost(url)
        host.close = lambda: self.closed.append(url)  # type: ignore[method-assign]
        return host


def resource(name: str) -> Resource:
    return Resource(name, "host", name, {"url": f"test:///{name}"})


def test_a_host_is_opened_once_and_closed_at_the_end() -> None:
    connector = Connector()
    hosts = Hosts(connector)
    assert hosts.open("a") is hosts.open("a")
    hosts.close()
    assert (connector.opened, connector.closed) == (["a"], ["a"])
    hosts.close()
    assert connector.closed == ["a"]


def test_hosts_that_do_not_answer_are_named() -> None:
    connector = Connector()
    hosts = Hosts(connector)
    hosts.reach([resource("a"), resource("b")])
    assert sorted(connector.opened) == ["test:///a", "test:///b"]
    with pytest.raises(DriverError) as error:
        hosts.reach([resource("lost1"), resource("a"), resource("lost2")])
    assert str(error.value) == "host test:///lost1 does not answer; start it (and 1 more hosts do not answer)"


@pytest.mark.parametrize("count", [0, 1, 2, 40])
def test_each_gives_results_by_key_in_order(count: int) -> None:
    items, hosts = {str(number): number for number in range(count)}, Hosts(Connector())
    assert hosts.each(items, lambda number: number * 2) == {key: number * 2 for key, number in items.items()}
    assert list(hosts.each(items, lambda number: number)) == list(items)


def test_hosts_are_worked_on_at_the_same_time() -> None:
    barrier = threading.Barrier(8, timeout=10)
    assert len(Hosts(Connector()).each({str(n): n for n in range(8)}, lambda _number: barrier.wait())) == 8


def test_nobody_waits_for_simulated_hosts() -> None:
    """They are worked on in turn by the one who asks; the others wait beside them, and the order is as asked."""
    urls = ["qemu:///a", "test:///b", "qemu:///c", "test:///d", "qemu:///e", "test:///f"]
    barrier, threads = threading.Barrier(3, timeout=10), {}

    def work(url: str) -> str:
        threads[url] = threading.current_thread()
        if url.startswith("qemu"):
            barrier.wait()
        return url

    keys = {str(number): url for number, url in enumerate(urls)}
    found = Hosts(Connector()).each(keys, work, keys.__getitem__)
    assert list(found.items()) == list(keys.items())
    assert {threads[url] for url in urls[1::2]} == {threading.current_thread()}
    assert len({threads[url] for url in urls[::2]}) == 3


@pytest.mark.parametrize("count", [1, 3])
def test_a_failure_of_one_is_its_result_and_a_defect_is_raised(count: int) -> None:
    def work(number: int) -> int:
        if number == 0:
            raise DriverError("no")
        return number

    found = Hosts(Connector()).each({str(n): n for n in range(count)}, work)
    assert isinstance(found["0"], DriverError)
    assert all(found[str(n)] == n for n in range(1, count))
    with pytest.raises(ZeroDivisionError):
        Hosts(Connector()).each({str(n): n for n in range(count)}, lambda number: 1 // number)
