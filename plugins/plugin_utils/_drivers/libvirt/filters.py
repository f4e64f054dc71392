# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Filters of network cards. They have no metadata: one is ours when its UUID is the one that goes with its name."""

from __future__ import annotations

import libvirt

from ..._core.naming import filter_id
from ..._core.world import FilterShape
from . import filter_xml
from .session import Session, found

_NOT_OURS = "a filter of that name is there that is not the cloud's; undefine it, or rename it"


class Filters:
    """The filter verbs of the port."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def define(self, shape: FilterShape) -> None:
        what = f"filter '{shape.name}'"
        with self._session.about(what):
            look_up = self._session.connection.nwfilterLookupByName
            current = found(look_up, shape.name, libvirt.VIR_ERR_NO_NWFILTER)
            if current is not None and current.UUIDString() != shape.id:
                raise self._session.error(what, _NOT_OURS)
            if current is None or filter_xml.read(current.XMLDesc(0)) != shape:
                self._session.connection.nwfilterDefineXML(filter_xml.build(shape))

    def remove(self, ident: str) -> None:
        with self._session.about(f"filter {ident}"):
            look_up = self._session.connection.nwfilterLookupByUUIDString
            current = found(look_up, ident, libvirt.VIR_ERR_NO_NWFILTER)
            if current is not None and filter_id(current.name()) == ident:
                current.undefine()
