# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Where the cloud is: from a task's arguments, the environment, a configuration file, or the default."""

from __future__ import annotations

import dataclasses as dc
import os
import typing as t

import yaml

from ..module_utils._client.endpoint import CONNECTION, Endpoint, truth
from ..module_utils._schema.errors import CairnError

CONFIG_FILES = ("~/.config/cairn/cairn.yml", "/etc/cairn/cairn.yml")
# What PyYAML fails with: its own errors, and whatever Python does of a value that is not of its type ("!!int x").
YAML_ERRORS = (yaml.YAMLError, ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
# The same as SafeLoader, in C where PyYAML was built with it.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_KEYS = ("api_url", "local_dirs", "pki_path", "secret_key_file", "state_dir", *CONNECTION)


@dc.dataclass(frozen=True)
class Settings:
    """``api_url`` is the URL of the database, or of the management daemon, which ``api_key``, ``ca_path`` and
    ``validate_certs`` are about; ``state_dir`` holds what the management machine keeps besides the database.

    ``pki_path`` is the directory with what hosts that are asked over TLS know this machine by: ``cacert.pem``,
    ``clientcert.pem`` and ``clientkey.pem``. Without it libvirt looks where it always does.
    ``local_dirs`` are the folders of a daemon's machine whose files its callers may name, parted by colons.
    """

    api_url: str = "sqlite:////var/lib/cairn/cairn.db"
    secret_key_file: str = "/etc/cairn/secret.key"
    state_dir: str = "/var/lib/cairn"
    pki_path: str = ""
    local_dirs: str = ""
    api_key: str | None = dc.field(default=None, repr=False)
    ca_path: str | None = None
    validate_certs: bool = True

    @property
    def endpoint(self) -> Endpoint:
        """How the management daemon is reached, where ``api_url`` is one's."""
        return Endpoint(self.api_url, self.api_key, self.ca_path, self.validate_certs)

    @property
    def exchange(self) -> str:
        """The folder for files that go between a daemon's callers and its machine."""
        return f"{self.state_dir}/exchange"

    @property
    def folders(self) -> tuple[str, ...]:
        """The folders of ``local_dirs``, or those that are meant when it is left out."""
        named = tuple(folder for folder in self.local_dirs.split(":") if folder)
        return named or (self.exchange, f"{self.state_dir}/images")

    def own(self) -> list[str]:
        """Files and directories that the cloud needs, as far as this machine has them."""
        path = self.api_url.removeprefix("sqlite:///") if self.api_url.startswith("sqlite:///") else None
        database = [f"{path}{end}" for end in ("", "-wal", "-shm", "-journal")] if path else []
        return [
            *database,
            self.secret_key_file,
            f"{self.state_dir}/staging",
            *filter(None, [self.pki_path, config_file()]),
        ]

    def secret_key(self) -> bytes | None:
        """The key that secrets are encrypted with; None when there is none."""
        try:
            with open(self.secret_key_file, "rb") as file:
                return file.read().strip()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise CairnError(
                f"the key file {self.secret_key_file} cannot be read ({error.strerror}); run as the user who may"
            ) from None


def settings(
    api_url: str | None = None,
    environment: t.Mapping[str, str] = os.environ,
    given: t.Mapping[str, t.Any] | None = None,
) -> Settings:
    """The settings; the argument goes before CAIRN_API_URL (and the like) before the file.

    ``given`` are further arguments by their names. The file is the one that CAIRN_CONFIG names, or the first of
    CONFIG_FILES that is there. Raises CairnError when a file that is there is not as it should be.
    """
    values: dict[str, t.Any] = dict(_file(environment))
    for key in _KEYS:
        value = environment.get(f"CAIRN_{key.upper()}")
        if value:
            values[key] = value
    values |= {key: value for key, value in {"api_url": api_url, **(given or {})}.items() if value not in (None, "")}
    if "state_dir" not in values and values.get("api_url", "").startswith("sqlite:////"):
        values["state_dir"] = os.path.dirname(values["api_url"].removeprefix("sqlite:///"))
    if "validate_certs" in values:
        values["validate_certs"] = truth("validate_certs", values["validate_certs"])
    wrong = [folder for folder in values.get("local_dirs", "").split(":") if folder and not folder.startswith("/")]
    if wrong:
        raise CairnError(f"local_dirs: '{wrong[0]}' is not an absolute path; write it from the root")
    return Settings(**values)


def config_file(environment: t.Mapping[str, str] = os.environ) -> str | None:
    """The configuration file that counts; None where there is none."""
    return next(filter(os.path.exists, _candidates(environment)), None)


def _candidates(environment: t.Mapping[str, str]) -> list[str]:
    named = environment.get("CAIRN_CONFIG")
    return [named] if named else [os.path.expanduser(path) for path in CONFIG_FILES]


def _file(environment: t.Mapping[str, str]) -> dict[str, str]:
    named = environment.get("CAIRN_CONFIG")
    for path in _candidates(environment):
        try:
            with open(path, encoding="utf-8") as file:
                content = yaml.load(file, LOADER) or {}
        except FileNotFoundError:
            if named:
                raise CairnError(f"the configuration file {path} does not exist; mend CAIRN_CONFIG") from None
            continue
        except (OSError, *YAML_ERRORS) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not YAML"
            raise CairnError(f"the configuration file {path} cannot be read: {reason}; mend it") from None
        unknown = [str(key) for key in content if key not in _KEYS] if isinstance(content, dict) else ["(no mapping)"]
        if unknown:
            raise CairnError(f"the configuration file {path} has {unknown[0]}; known are {', '.join(_KEYS)}")
        return {key: _text(value) for key, value in content.items() if value is not None}
    return {}


def _text(value: t.Any) -> str:
    """A value as the environment would have it: of a list, parted by colons."""
    return ":".join(map(str, value)) if isinstance(value, list) else str(value)
