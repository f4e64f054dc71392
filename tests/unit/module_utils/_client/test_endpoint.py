# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Where a daemon is: its URL, and what is none."""

from __future__ import annotations

import pytest

from ansible_collections.cairn.cloud.plugins.module_utils._client.endpoint import Endpoint, is_remote, truth
from ansible_collections.cairn.cloud.plugins.module_utils._schema.errors import CairnError


@pytest.mark.parametrize(
    ("url", "remote"),
    [
        ("https://cloud", True),
        ("HTTPS://cloud", True),
        ("unix:///run/d.sock", True),
        ("sqlite:////c.db", False),
        ("postgresql://h/c", False),
        ("nonsense", False),
        ("", False),
        (None, False),
    ],
)
def test_the_scheme_says_the_way(url: str | None, remote: bool) -> None:
    assert is_remote(url) is remote


def test_keys_never_travel_in_clear() -> None:
    with pytest.raises(CairnError, match="an API key must not travel in clear, and http does that"):
        is_remote("http://cloud:8250")


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://cloud", ("cloud", 8250, "")),
        ("https://cloud:443/", ("cloud", 443, "")),
        ("https://[::1]:99/cairn/", ("::1", 99, "/cairn")),
    ],
)
def test_addresses(url: str, address: tuple[str, int, str]) -> None:
    assert Endpoint(url).address == address
    assert Endpoint(url).socket is None


def test_sockets() -> None:
    assert Endpoint("unix:///run/d.sock").socket == "/run/d.sock"
    for url in ("unix://run/d.sock", "unix:run", "unix:///a?b", "unix://"):
        with pytest.raises(CairnError, match="is not the URL of a socket; write it like"):
            assert Endpoint(url).socket


@pytest.mark.parametrize("url", ["https://", "https://h:port", "https://h:99999", "https://h?x=1", "https://ann:pw@h"])
def test_what_is_no_address(url: str) -> None:
    with pytest.raises(CairnError, match=r"^api_url: ") as caught:
        assert Endpoint(url).address
    assert "pw" not in caught.value.sentence


def test_yes_and_no() -> None:
    assert [truth("v", word) for word in (True, "yes", "ON", 1)] == [True] * 4
    assert [truth("v", word) for word in (False, "no", "Off", 0)] == [False] * 4
    with pytest.raises(CairnError, match=r"^v: 'perhaps' is not a yes or no; write true or false$"):
        truth("v", "perhaps")


def test_a_key_is_not_shown() -> None:
    assert "cairn_1" not in repr(Endpoint("https://h", "cairn_1"))
