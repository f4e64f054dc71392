# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Two hundred texts that mean something to somebody: to a shell, to XML, to a file system, to YAML, to a terminal."""

from __future__ import annotations

# Made by a command that is executed; a test that finds it has failed.
WITNESS = "cairn-was-here"

_COMMAND = f"touch {WITNESS}"
_SHELL = (
    *(f"$({_COMMAND})", f"`{_COMMAND}`", f"; {_COMMAND}", f"| {_COMMAND}", f"&& {_COMMAND}", f"|| {_COMMAND}"),
    *(
        f"& {_COMMAND} &",
        f"\n{_COMMAND}\n",
        f"a\r{_COMMAND}",
        f"'; {_COMMAND}; '",
        f'"; {_COMMAND}; "',
        f"<({_COMMAND})",
    ),
    *(
        f"> {WITNESS}",
        f"a>{WITNESS}",
        f">>{WITNESS}",
        "$HOME",
        "${IFS}",
        "$((1+1))",
        "~root",
        "*",
        "?",
        "[a-z]",
        "{a,b}",
    ),
    *("--help", "-rf", "-oProxyCommand=true", "--", "-", "!history", "#comment", "a#b", "\\", "a\\", "\\'", "$'\\x41'"),
)
_XML = (
    *(
        "<a>",
        "</name>",
        "<b/>",
        "&",
        "&amp;",
        "&lt;b&gt;",
        "&#10;",
        "&#x0;",
        "&#xfffe;",
        "&nothing;",
        '"',
        "'",
        "a'b\"c",
    ),
    *("]]>", "<![CDATA[x]]>", "<!-- x -->", "<!--", "-->", "<?xml version='1.0'?>", "<?php ?>", "<!DOCTYPE a>"),
    '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>&x;',
    "</name><devices><disk type='file'><source file='/etc/shadow'/></disk></devices><name>",
    "</title><memory>1</memory><title>",
    "'/><source file='/etc/shadow'/><x a='",
    '" onload="x',
    "</cairn:resource>",
    "<cairn:resource xmlns:cairn='https://cairn.cloud/xmlns/resource/1'>{}</cairn:resource>",
)
_PATHS = (
    *("..", "../..", "../../etc/passwd", "a/../../b", "/etc/passwd", "//etc/passwd", "/", ".", "./a", "a/", "a//b"),
    *("%2e%2e/%2e%2e/etc/passwd", "..%2f..%2fetc", "%00", "a%00b", "a\x00b", "..\\..\\a", "C:\\a", "\\\\host\\share"),
    *("/dev/null", "/dev/zero", "/proc/self/environ", "/dev/tcp/127.0.0.1/1", ".ssh/authorized_keys", ".partial"),
    *(
        "volume-1.qcow2",
        "nbd:localhost:1",
        "json:{}",
        "fat:rw:/",
        "data:,x",
        "CON",
        "a,b",
        "a:b",
        "a=b",
        "a,readonly=off",
    ),
)
_CONTROL = tuple(f"a{chr(code)}b" for code in (*range(32), 0x7F, 0x80, 0x85, 0x9B, 0xAD))
_UNICODE = (
    *("\u202egnp.exe", "a\u200bb", "\ufeffa", "a\u2028b", "a\u2029b", "\ufffe", "\uffff", "\ud800", "\udfff\ud800"),
    *(
        "\U0001f600",
        "Zu\u0308rich",
        "Z\u00fcrich",
        "\u0430dmin",
        "\uff0e\uff0e\uff0f",
        "\u2215etc",
        "I\u0307",
        "\u0130",
        "\u00df",
    ),
    *("a\u0301" * 20, "\u0661\u0662", "\uff11", "\u2460", "\u00a0", " a", "a ", "\u3000", "\U000e0001", "\U0010ffff"),
)
_FORMATS = (
    *("%s%s%s%n", "%d", "%", "%%", "{}", "{0}", "{0.__class__}", "{a!r:>9999}", "${x}", "{{ 7 * 7 }}", "{% raw %}"),
    "{{ lookup('pipe', 'touch " + WITNESS + "') }}",
    "{{ ''.__class__.__mro__ }}",
    "{# x #}",
    "#{7*7}",
    "<%= 7*7 %>",
    "!unsafe x",
)
_YAML = (
    *(
        "a: b",
        "- a",
        "? a",
        "!!python/object/apply:os.system ['true']",
        "!!binary aGk=",
        "&a x",
        "*a",
        "<<: *a",
        "|",
        ">",
    ),
    *("null", "~", "yes", "no", "on", "true", "0x10", "0o7", "1e3", "1_000", ".inf", ".nan", "2026-01-02", "12:30:45"),
    *(
        "---",
        "...",
        "%YAML 1.2",
        "#cloud-config",
        "#!/bin/sh",
        "#include http://localhost/",
        "[",
        "{",
        "]",
        "}",
        '{"a": 1}',
    ),
)
_SQL = (
    *("'; DROP TABLE resource; --", "' OR '1'='1", "1; SELECT 1", '" OR ""="', "%' --", "a_b%", "\\'; --", ":name"),
    *("?1", "$1", "@a", "NULL", "0; ATTACH DATABASE 'x' AS y", "') ON CONFLICT DO NOTHING --"),
)
_LONG = (
    "a" * 64,
    "a" * 256,
    "a" * 100_000,
    "/" * 5000,
    "<" * 5000,
    "[" * 5000,
    "9" * 5000,
    "a\n" * 5000,
    "\u00e9" * 300,
)

HOSTILE: tuple[str, ...] = tuple(
    dict.fromkeys((*_SHELL, *_XML, *_PATHS, *_CONTROL, *_UNICODE, *_FORMATS, *_YAML, *_SQL, *_LONG, ""))
)
