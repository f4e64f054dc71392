# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Checks of a string's form; each raises ValueError with a sentence that says what is allowed.

Names end up in file paths, XML, host names and DNS, so what they may hold is a short list
rather than a list of what they may not.
"""

from __future__ import annotations

import ipaddress
import re
import typing as t
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from .quoting import short

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._+@:()-]{0,62}")
_HOSTNAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_DOMAIN = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*")
_BRIDGE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,14}")
_USER = re.compile(r"[a-z_][a-z0-9_-]{0,31}")
# 32 bytes in base64, as wg(8) writes them: of the last character, two bits are none of theirs.
_WIREGUARD = re.compile(r"[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=")
_DIGESTS = {"md5": 32, "sha1": 40, "sha224": 56, "sha256": 64, "sha384": 96, "sha512": 128}
_LAYOUT = {ord(c): " " for c in "\t\n\r"}
_LIBVIRT = re.compile(r"(qemu(\+(tls|ssh|unix|tcp|libssh2?))?|test(\+(tls|ssh|unix|tcp))?)")


def _whole(pattern: re.Pattern[str], sentence: str) -> t.Callable[[str], str]:
    def check(value: str) -> str:
        if not pattern.fullmatch(value):
            raise ValueError(sentence)
        return value

    return check


def _printable(value: str) -> bool:
    """Whether a value is one line of text that every file, database and XML document can hold."""
    return not any(ord(c) < 32 or 0xD800 <= ord(c) <= 0xDFFF or c in "\x7f\ufffe\uffff" for c in value)


def _split(value: str) -> SplitResult:
    """The parts of a URL, none of which is silently corrected."""
    try:
        if _printable(value) and value == value.strip():
            return urlsplit(value)
    except ValueError:
        pass
    raise ValueError(f"{short(value)} is not a URL; write it on one line, without brackets and spaces around it")


def ipv4(value: str) -> str:
    try:
        return str(ipaddress.IPv4Address(value))
    except ValueError:
        raise ValueError(f"{short(value)} is not an IPv4 address; write it like 10.1.1.10") from None


def cidr(value: str) -> str:
    try:
        net = ipaddress.IPv4Network(value, strict=True)
    except ValueError:
        raise ValueError(f"{short(value)} is not an IPv4 network; write it like 10.1.1.0/24") from None
    if not 16 <= net.prefixlen <= 29:
        raise ValueError(f"{short(value)} has a prefix of {net.prefixlen}; use one from 16 to 29")
    return str(net)


def any_cidr(value: str) -> str:
    """A network of any size, or an address."""
    try:
        if "%" not in value:
            return str(ipaddress.ip_network(value, strict=True))
    except ValueError:
        pass
    raise ValueError(f"{short(value)} is not a network; write it like 10.1.0.0/16 or 2001:db8::/32")


def netmask(value: str) -> str:
    try:
        net = ipaddress.IPv4Network(f"0.0.0.0/{value}")
    except ValueError:
        raise ValueError(f"{short(value)} is not a netmask; write it like 255.255.255.0") from None
    if not 16 <= net.prefixlen <= 29:
        raise ValueError(f"{short(value)} is not between 255.255.0.0 and 255.255.255.248; use one in that range")
    return str(net.netmask)


def absolute_path(value: str) -> str:
    if not value.startswith("/") or ".." in value.split("/") or not _printable(value):
        raise ValueError(f"{short(value)} is not an absolute path; write it from the root and without '..'")
    return value


def file_path(value: str) -> str:
    absolute_path(value)
    if value.rpartition("/")[2] in ("", "."):
        raise ValueError(f"{short(value)} names no file; write the file's name at its end")
    return value


def directory_url(value: str) -> str:
    url = _split(value)
    if url.scheme != "file" or url.netloc or not url.path or "?" in value or "#" in value:
        raise ValueError(f"{short(value)} is not a directory's URL; write it like file:///var/lib/cairn/primary")
    absolute_path(url.path)
    if url.path.rstrip("/") == "":
        raise ValueError("the root directory cannot be a storage; name a directory of its own")
    return value


def storage_url(value: str) -> str:
    """A directory that each host has of its own, or one that hosts share; CloudStack names a machine there as well."""
    url = _split(value)
    if url.scheme == "nfs":
        if not _DOMAIN.fullmatch(url.netloc) or "?" in value or "#" in value:
            raise ValueError(f"{short(value)} is not an NFS export's URL; write it like nfs://server/export/primary")
        absolute_path(url.path)
        return value
    if url.scheme != "sharedmountpoint":
        return directory_url(value)
    if url.netloc not in ("", "localhost") or not url.path or "?" in value or "#" in value:
        raise ValueError(f"{short(value)} is not a mount point's URL; write it like SharedMountPoint:///mnt/primary")
    directory_url(f"file://{url.path}")
    return value


def image_url(value: str) -> str:
    url = _split(value)
    if url.scheme == "file" and not url.netloc and not url.query:
        absolute_path(url.path)
    elif url.scheme not in ("http", "https") or not url.hostname or " " in value:
        raise ValueError(f"{short(value)} is not an image's URL; use file:///path, http:// or https://")
    return value


def libvirt_parameters(query: str) -> list[tuple[str, str]]:
    """Parameters of a host's URL as libvirt reads them: ``;`` parts them as well, and names have no case."""
    found = parse_qsl(query.replace(";", "&"), keep_blank_values=True)
    return [(name.lower(), value) for name, value in found]


def libvirt_url(value: str) -> str:
    url = _split(value)
    if not _LIBVIRT.fullmatch(url.scheme) or " " in value:
        raise ValueError(f"{short(value)} is not a libvirt URL; write it like qemu:///system or qemu+tls://host/system")
    given = libvirt_parameters(url.query)
    if not all(_printable(text) for pair in given for text in pair):
        raise ValueError(f"{short(value)} has control characters in its parameters; leave them out")
    # https://libvirt.org/uri.html: a program of this machine that libvirt would run instead of ssh.
    if any(name == "command" for name, _value in given):
        raise ValueError(f"{short(value)} names a command to run; leave the parameter command out")
    if unquote(url.netloc.rpartition("@")[2]).startswith("-"):
        raise ValueError(f"{short(value)} names a host that starts with a hyphen; write the host's name or address")
    return value


def checksum(value: str) -> str:
    name, _sep, digest = value.partition(":")
    if _DIGESTS.get(name) != len(digest) or not re.fullmatch(r"[0-9a-fA-F]+", digest):
        raise ValueError(f"{short(value)} is not a checksum; write it like sha256:<64 hexadecimal digits>")
    return f"{name}:{digest.lower()}"


def public_key(value: str) -> str:
    parts = value.strip().split(None, 2)
    if len(parts) < 2 or not re.fullmatch(r"(ssh|ecdsa|sk)-[a-z0-9@.-]+", parts[0]) or not _printable(value.strip()):
        raise ValueError("it is not one SSH public key; give one line like 'ssh-ed25519 AAAA... comment'")
    return value.strip()


def text(value: str) -> str:
    if not _printable(value.translate(_LAYOUT)):
        raise ValueError("it holds control characters; use printable text")
    return value


def line(value: str) -> str:
    if len(value) > 255 or not _printable(value):
        raise ValueError(
            "it is longer than 255 characters or has line breaks or control characters; use one short line"
        )
    return value


def password(value: str) -> str:
    if not value:
        raise ValueError("it is empty; write one of at least one character, or leave it out")
    return line(value)


FORMATS: dict[str, t.Callable[[str], str]] = {
    "name": _whole(
        _NAME,
        "a name has at most 63 letters, digits, spaces and . _ + @ : ( ) -, and starts with a letter or digit",
    ),
    "hostname": _whole(
        _HOSTNAME, "a host name has at most 63 letters, digits and hyphens, none at either end (RFC 1123)"
    ),
    "domain_name": _whole(_DOMAIN, "a domain name is host names joined by dots (RFC 1123)"),
    "bridge": _whole(_BRIDGE, "a bridge's name has at most 15 letters, digits and . _ - (the kernel's limit)"),
    "user": _whole(_USER, "a login name has at most 32 small letters, digits, _ and -"),
    "ipv4": ipv4,
    "cidr": cidr,
    "any_cidr": any_cidr,
    "netmask": netmask,
    "absolute_path": absolute_path,
    "file_path": file_path,
    "directory_url": directory_url,
    "storage_url": storage_url,
    "image_url": image_url,
    "libvirt_url": libvirt_url,
    "checksum": checksum,
    "public_key": public_key,
    "wireguard_key": _whole(_WIREGUARD, "it is not a WireGuard key; give the 44 characters that wg pubkey prints"),
    "text": text,
    "line": line,
    "password": password,
}
