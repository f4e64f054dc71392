# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Errors are one sentence that says what, which and where."""

from __future__ import annotations

from ansible_collections.cairn.cloud.plugins.module_utils._schema.errors import CairnError, DriverError, SpecError


def test_a_refusal_names_the_resource_the_field_and_the_place() -> None:
    error = SpecError("zone", "vie-1", "dns1", "it is no address")
    assert error.sentence == str(error) == "zone 'vie-1', field dns1: it is no address"
    assert error.at("a.yml, document 2").sentence == "a.yml, document 2: zone 'vie-1', field dns1: it is no address"
    assert isinstance(error.at("a.yml"), SpecError)


def test_what_is_not_known_is_left_out() -> None:
    assert SpecError("zone", None, None, "it is bad").sentence == "zone: it is bad"


def test_all_that_is_raised_on_purpose_is_of_one_class() -> None:
    assert issubclass(SpecError, CairnError)
    assert DriverError("the host is down").sentence == "the host is down"
