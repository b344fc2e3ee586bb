"""A table is known by its columns."""

from __future__ import annotations

import pytest

from redcap_iac.formats.contents import BY_NAME, CONTENTS, recognised
from redcap_iac.kinds import all_kinds
from redcap_iac.kinds.dictionary.field import HEADERS

#: Headers as recorded (formats.md §5.1, access.md), the dictionary's by its two spellings.
RECORDED = {
    "arms": "arm_num,name",
    "events": "event_name,arm_num,unique_event_name,custom_event_label,event_id",
    "designations": "arm_num,unique_event_name,form",
    "repeating": "event_name,form_name,custom_form_label",
    "dags": "data_access_group_name,unique_group_name,data_access_group_id",
    "role-assignments": "username,unique_role_name,data_access_group",
    "dag-assignments": "username,redcap_data_access_group",
    "users": "username,expiration,data_access_group,data_access_group_id,design,user_rights,forms",
    "roles": "unique_role_name,role_label,design,lock_records_customization,lock_records,forms",
    "instruments": "instrument_name,instrument_label",
    "dictionary": "field_name,form_name,section_header,field_type,field_label",
    "project": "project_id,project_title,creation_time,purpose,is_longitudinal",
}


@pytest.mark.parametrize("name", RECORDED)
def test_a_recorded_header_is_known(name: str) -> None:
    assert recognised(RECORDED[name].split(",")) == (BY_NAME[name],)


def test_every_content_has_a_recorded_header() -> None:
    assert set(RECORDED) == {content.name for content in CONTENTS}


def test_the_header_of_the_page_is_a_dictionary_too() -> None:
    assert recognised(HEADERS) == (BY_NAME["dictionary"],)


def test_a_classic_repeating_setup_has_no_event_column() -> None:
    assert recognised(["form_name", "custom_form_label"]) == (BY_NAME["repeating"],)


def test_case_and_blanks_of_a_header_mean_nothing() -> None:
    assert recognised(["ARM NUM", " Name "]) == (BY_NAME["arms"],)


def test_a_header_of_nothing_known_is_none() -> None:
    assert recognised(["first", "second"]) == ()


def test_every_kind_has_a_content() -> None:
    assert {content.kind for content in CONTENTS} == {kind.name for kind in all_kinds()}
