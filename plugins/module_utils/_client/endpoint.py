# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Where the management daemon is, and what is needed to speak to it."""

from __future__ import annotations

import dataclasses as dc
import typing as t
from urllib.parse import urlsplit

from .._schema.errors import CairnError

# The arguments that are about the connection alone, besides api_url.
CONNECTION = ("api_key", "ca_path", "validate_certs")
PORT = 8250
_REMEDY = "write it like https://cloud.example.com:8250 or unix:///run/cairn/cairn.sock"
_YES = ("1", "true", "yes", "on", "y", "t")
_NO = ("0", "false", "no", "off", "n", "f")


def is_remote(api_url: str | None) -> bool:
    """Whether the URL is that of a daemon rather than of a database. Raises CairnError for one that nobody may use."""
    scheme = (api_url or "").partition(":")[0].lower()
    if scheme == "http":
        raise CairnError(f"api_url: an API key must not travel in clear, and http does that; {_REMEDY}")
    return scheme in ("https", "unix")


def truth(name: str, value: t.Any) -> bool:
    """A yes or no as people write it. Raises CairnError that names the option."""
    word = str(value).strip().lower()
    if word not in (*_YES, *_NO):
        raise CairnError(f"{name}: '{value}' is not a yes or no; write true or false")
    return word in _YES


@dc.dataclass(frozen=True)
class Endpoint:
    """``url`` as written; ``ca_path`` is a file or a folder of certificates to trust besides nobody else's."""

    url: str
    api_key: str | None = dc.field(default=None, repr=False)
    ca_path: str | None = None
    validate_certs: bool = True

    @property
    def socket(self) -> str | None:
        """The path of a socket of this machine; None for one that is reached by the network. Raises CairnError."""
        parts = urlsplit(self.url)
        if parts.scheme.lower() != "unix":
            return None
        if parts.netloc or not parts.path.startswith("/") or parts.query or parts.fragment:
            raise CairnError(f"api_url: '{self.url}' is not the URL of a socket; {_REMEDY}")
        return parts.path

    @property
    def address(self) -> tuple[str, int, str]:
        """Host, port, and what the paths of the API begin with. Raises CairnError; what it says holds no password."""
        try:
            parts = urlsplit(self.url)
            host, port = parts.hostname, parts.port
        except ValueError:
            raise CairnError(f"api_url: it is not a URL; {_REMEDY}") from None
        if parts.username is not None or parts.password is not None:
            raise CairnError(f"api_url: it names a user, and the daemon knows keys; give api_key, and {_REMEDY}")
        if not host or parts.query or parts.fragment:
            raise CairnError(f"api_url: it is not the URL of a daemon; {_REMEDY}")
        return host, port or PORT, parts.path.rstrip("/")
