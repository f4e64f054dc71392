# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Each format takes what is right, refuses what is not, and never fails in another way."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.cairn.cloud.plugins.module_utils._schema.formats import FORMATS

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI me@home"
SHA = "a" * 64
WIREGUARD = "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg="

TAKEN = [
    ("name", "vie-1", "vie-1"),
    ("name", "A (b) c@d:e+f_g.h", "A (b) c@d:e+f_g.h"),
    ("name", "a" * 63, "a" * 63),
    ("hostname", "web-1", "web-1"),
    ("domain_name", "a.b-c.internal", "a.b-c.internal"),
    ("bridge", "br0.100", "br0.100"),
    ("user", "debian", "debian"),
    ("ipv4", "10.1.1.10", "10.1.1.10"),
    ("cidr", "10.1.0.0/16", "10.1.0.0/16"),
    ("cidr", "10.1.1.0/255.255.255.248", "10.1.1.0/29"),
    ("any_cidr", "10.0.0.0/8", "10.0.0.0/8"),
    ("any_cidr", "10.0.0.1", "10.0.0.1/32"),
    ("any_cidr", "2001:DB8:0::/32", "2001:db8::/32"),
    ("any_cidr", "::/0", "::/0"),
    ("netmask", "255.255.255.0", "255.255.255.0"),
    ("absolute_path", "/var/lib/a b", "/var/lib/a b"),
    ("file_path", "/srv/a b.qcow2", "/srv/a b.qcow2"),
    ("directory_url", "file:///var/lib/cairn", "file:///var/lib/cairn"),
    ("storage_url", "file:///var/lib/cairn", "file:///var/lib/cairn"),
    ("storage_url", "nfs://nas.example.com/export/primary", "nfs://nas.example.com/export/primary"),
    ("storage_url", "SharedMountPoint:///mnt/primary", "SharedMountPoint:///mnt/primary"),
    ("storage_url", "sharedmountpoint://localhost/mnt/primary", "sharedmountpoint://localhost/mnt/primary"),
    ("image_url", "file:///a.qcow2", "file:///a.qcow2"),
    ("image_url", "https://example.com/a?b=c", "https://example.com/a?b=c"),
    ("libvirt_url", "qemu:///system", "qemu:///system"),
    ("libvirt_url", "qemu+ssh://root@node1/system?keyfile=/k", "qemu+ssh://root@node1/system?keyfile=/k"),
    ("libvirt_url", "test:///default", "test:///default"),
    ("checksum", f"sha256:{SHA.upper()}", f"sha256:{SHA}"),
    ("public_key", f"{KEY}\n", KEY),
    ("wireguard_key", WIREGUARD, WIREGUARD),
    ("text", "#!/bin/sh\n\techo\r\n", "#!/bin/sh\n\techo\r\n"),
    ("line", "Zürich 1", "Zürich 1"),
    ("line", "", ""),
    ("password", "pass: word", "pass: word"),
]
REFUSED = [
    ("name", ["", "-a", " a", "a/b", "a\n", "a" * 64, "ä", "a{b"]),
    ("hostname", ["", "-a", "a-", "a_b", "a.b", "a" * 64, "a\n"]),
    ("domain_name", ["", ".", "a.", "a..b", "-a.b"]),
    ("bridge", ["", "a" * 16, "a/b", ".."]),
    ("user", ["", "Root", "1a", "a" * 33, "a b"]),
    ("ipv4", ["", "10.1.1", "10.1.1.256", "::1", "10.1.1.1/24", " 10.1.1.1", "010.1.1.1", "\u0661.1.1.1"]),
    ("cidr", ["", "10.1.1.0", "10.1.1.1/24", "10.0.0.0/8", "10.1.1.0/30", "fe80::/64"]),
    ("any_cidr", ["", "10.1.1.1/24", "10.1.1.0/33", "a", " ::/0", "fe80::1%eth0", "2001:db8::1/64"]),
    ("netmask", ["", "255.0.0.0", "255.255.255.252", "255.0.255.0", "a"]),
    ("absolute_path", ["", "a", "/a/../b", "/a\nb", "/a\x00", "/\ud800"]),
    ("file_path", ["", "a", "/", "/a/", "/a/.", "/a/../b", "/a\nb"]),
    (
        "directory_url",
        ["", "/a", "file:///", "file:////", "file://host/a", "file:///a?b", "file:///a#b", "file:///a?", "http://a/b"],
    ),
    (
        "storage_url",
        [
            "nfs:///a",
            "nfs://nas",
            "nfs://nas:2049/a",
            "nfs://-o/a",
            "nfs://u@nas/a",
            "nfs://nas/a/../b",
            "nfs://nas/a?b",
        ],
    ),
    (
        "storage_url",
        [
            "SharedMountPoint:///",
            "SharedMountPoint://host/a",
            "SharedMountPoint:/",
            "SharedMountPoint:///a?b",
            "http://a",
        ],
    ),
    (
        "directory_url",
        ["file:///a/../b", "file:///a\nb", "file:///a\tb", " file:///a", "\x00file:///a", "file:///\ud800"],
    ),
    (
        "image_url",
        ["", "a", "ftp://a/b", "http://", "http://a b/", "file://host/a", "file:///a\nb", "http://[", "http://a\n"],
    ),
    ("libvirt_url", ["", "xen:///", "qemu:///a b", "qemu:///a\n", "qemu+netcat://a", "qemu://[a"]),
    ("libvirt_url", ["qemu+ssh://a/system?command=/bin/sh", "qemu+ssh://a/?x=y&COMMAND=z", "qemu+ssh://-oA/system"]),
    ("libvirt_url", [f"qemu+ssh://a/system?{query}" for query in ("x=y;command=z", "a=b&x=y;COMMAND=z", ";command=z")]),
    ("libvirt_url", ["qemu+ssh://a/?comm%61nd=z", "qemu+ssh://a/?command%00x=z", "qemu+ssh://%2doA/system"]),
    ("libvirt_url", ["qemu+ssh://root@-oA/system", "qemu+ssh://a/system?no_tty=1%00"]),
    ("checksum", ["", SHA, f"sha256:{SHA}0", f"sha512:{SHA}", f"crc:{SHA}", "sha256:" + "g" * 64, "md5:"]),
    ("wireguard_key", ["", WIREGUARD[:-1], f"{WIREGUARD}\n", f"{WIREGUARD[:42]}B=", f"{WIREGUARD}=", "-" * 43 + "="]),
    ("public_key", ["", "ssh-rsa", "AAAA", f"{KEY}\n{KEY}"]),
    ("public_key", [f"{KEY}\rx", f"{KEY}\x00x", f'command="x" {KEY}', f"{KEY}\udc00x"]),
    ("text", ["\x00", "\x1b[31m", "\ud800", "\ufffe", "\x7f"]),
    ("line", ["a\nb", "a\tb", "\x00", "\x7f", "\ud800", "a" * 256]),
    ("password", ["", "a\nb", "a" * 256]),
]

# Text as an enemy writes it: with what ends lines, strings and markup, and with what no file can hold.
HOSTILE = st.text(
    st.one_of(st.characters(), st.sampled_from("\x00\n\r\t\x7f\x85\u2028\ud800\udfff\ufffe'\"<>&;$`{}%/\\.:[]@?# ")),
    max_size=80,
)
PREFIXES = st.sampled_from(
    ["", "/", "file:///", "http://", "qemu:///", "qemu+ssh://", "sha256:", "ssh-rsa AAAA ", "10.1.1."]
)


@pytest.mark.parametrize(("name", "value", "result"), TAKEN)
def test_taken(name: str, value: str, result: str) -> None:
    assert FORMATS[name](value) == result


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in REFUSED for value in values])
def test_refused(name: str, value: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        FORMATS[name](value)


def test_each_format_is_tested_both_ways() -> None:
    assert {name for name, *_rest in TAKEN} == {name for name, _rest in REFUSED} == set(FORMATS)


@pytest.mark.parametrize("name", sorted(FORMATS))
@settings(max_examples=200)
@given(start=PREFIXES, rest=HOSTILE)
def test_hostile_text_is_refused_or_harmless(name: str, start: str, rest: str) -> None:
    try:
        result = FORMATS[name](start + rest)
    except ValueError:
        return
    result.encode()
    assert not set(result) & set("\x00\x1b\x7f\ufffe\uffff")
    assert name == "text" or not set(result) & set("\r\n\t")
    assert FORMATS[name](result) == result
