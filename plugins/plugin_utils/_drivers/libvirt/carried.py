# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""The resource that a domain or network carries in its metadata; without one an object is not ours.

https://libvirt.org/formatdomain.html#general-metadata
"""

from __future__ import annotations

import xml.etree.ElementTree as ET

NAMESPACE = "https://cairn.cloud/xmlns/resource/1"
PREFIX = "cairn"
_TAG = f"{{{NAMESPACE}}}resource"

ET.register_namespace(PREFIX, NAMESPACE)


def add(root: ET.Element, document: str, **notes: str) -> None:
    """Put the resource ``document`` (JSON) into the metadata of an object; ``notes`` of the driver are attributes."""
    ET.SubElement(ET.SubElement(root, "metadata"), _TAG, notes).text = document


def element(document: str, **notes: str) -> str:
    """The element by itself, as virDomainSetMetadata wants it: libvirt adds prefix and namespace."""
    bare = ET.Element("resource", notes)
    bare.text = document
    return ET.tostring(bare, encoding="unicode")


def is_element(text: str) -> bool:
    """Whether what virDomainGetMetadata gives, which is without prefix or with libvirt's, is that element."""
    return ET.fromstring(text).tag.rpartition("}")[2] == "resource"


def find(root: ET.Element) -> str | None:
    """The document that an object carries; None when it is not ours."""
    found = _element(root)
    return None if found is None else found.text or ""


def note(root: ET.Element, name: str) -> str:
    """A note beside the document; empty where there is none."""
    found = _element(root)
    return "" if found is None else found.get(name, "")


def _element(root: ET.Element) -> ET.Element | None:
    metadata = root.find("metadata")
    return None if metadata is None else metadata.find(_TAG)


def is_in(xml: str) -> bool:
    return NAMESPACE in xml and find(ET.fromstring(xml)) is not None
