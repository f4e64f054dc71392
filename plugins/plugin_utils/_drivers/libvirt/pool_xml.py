# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Pools of files, a directory or what is mounted there by NFS, and the volumes in them as libvirt's XML.

https://libvirt.org/formatstorage.html
"""

from __future__ import annotations

import os.path
import typing as t
import xml.etree.ElementTree as ET

from ..._core.world import PoolShape, VolumeSeen


class Backing(t.NamedTuple):
    """What a volume lies over."""

    path: str
    format: str


def build(shape: PoolShape) -> str:
    """The definition of a pool. Without a mode, libvirt makes a new directory 0711 and leaves one that is there.

    https://libvirt.org/storage.html#network-filesystem-pool
    """
    root = ET.Element("pool", type="netfs" if shape.source else "dir")
    ET.SubElement(root, "name").text = shape.name
    ET.SubElement(root, "uuid").text = shape.id
    if shape.source:
        host, _colon, path = shape.source.partition(":")
        source = ET.SubElement(root, "source")
        ET.SubElement(source, "host", name=host)
        ET.SubElement(source, "dir", path=path)
        ET.SubElement(source, "format", type="nfs")
    ET.SubElement(ET.SubElement(root, "target"), "path").text = shape.path
    return ET.tostring(root, encoding="unicode")


def read(xml: str) -> PoolShape:
    root = ET.fromstring(xml)
    host, directory, source = root.find("source/host"), root.find("source/dir"), ""
    if root.get("type") == "netfs" and host is not None and directory is not None:
        source = f"{host.get('name', '')}:{directory.get('path', '')}"
    return PoolShape(root.findtext("uuid", ""), root.findtext("name", ""), root.findtext("target/path", ""), source)


def build_volume(name: str, format: str, capacity: int, backing: Backing | None = None) -> str:
    """A thin volume: it takes room as it is written to."""
    root = ET.Element("volume")
    ET.SubElement(root, "name").text = name
    ET.SubElement(root, "capacity", unit="bytes").text = str(capacity)
    ET.SubElement(root, "allocation", unit="bytes").text = "0"
    target = ET.SubElement(root, "target")
    ET.SubElement(target, "format", type=format)
    ET.SubElement(ET.SubElement(target, "permissions"), "mode").text = "0600"
    if backing is not None:
        store = ET.SubElement(root, "backingStore")
        ET.SubElement(store, "path").text = backing.path
        ET.SubElement(store, "format", type=backing.format)
    return ET.tostring(root, encoding="unicode")


def read_volume(xml: str) -> VolumeSeen:
    root = ET.fromstring(xml)
    format_, backing = root.find("target/format"), root.findtext("backingStore/path")
    return VolumeSeen(
        name=root.findtext("name", ""),
        capacity=int(root.findtext("capacity", "0")),
        allocation=int(root.findtext("allocation", "0")),
        format="raw" if format_ is None else format_.get("type", "raw"),
        backing=os.path.basename(backing) if backing else None,
        written=root.findtext("target/timestamps/mtime", ""),
    )
