"""What a package holds for the schedule: files, clicks, who may make them, when."""

from __future__ import annotations

from typing import Any

import pytest

from redcap_iac.production.clicks import When, Who
from redcap_iac.production.package import Package
from redcap_iac.production.schedule import standing
from redcap_iac.views.package_page import package_files
from redcap_iac.views.package_steps import to_do
from redcap_iac.workflow.packaging import package
from tests.end_to_end.study import Study
from tests.end_to_end.whole import AFTER, BEFORE, text


@pytest.fixture
def whole(study: Study) -> Study:
    study.converge(BEFORE)
    study.project.status("production")
    return study


def made_of(study: Study, manifest: dict[str, Any]) -> Package:
    study.declare(manifest)
    made = package(study.session, study.goal()).package
    assert made is not None
    return made


def arms(*events: dict[str, Any]) -> dict[str, Any]:
    """Return the first design with other events in arm 1."""
    return {**BEFORE, "arms": [{**BEFORE["arms"][0], "events": list(events)}, BEFORE["arms"][1]]}


BASELINE, WEEK_4, UNSCHEDULED = BEFORE["arms"][0]["events"]


def clicks_of(made: Package) -> list[tuple[str, Who, When]]:
    return [(click.text, click.who, click.when) for click in made.clicks]


def test_the_schedule_alone_needs_no_draft(whole: Study) -> None:
    made = made_of(whole, arms(BASELINE, WEEK_4, UNSCHEDULED, {"name": "End"}))
    assert not made.drafts
    assert [upload.name for upload in made.uploads] == ["events.csv"]
    page = package_files(made)["review.html"]
    assert "Nothing goes through Draft Mode" in page


def test_designations_alone_are_one_file_with_all_of_them(whole: Study) -> None:
    made = made_of(
        whole, arms(BASELINE, {**WEEK_4, "instruments": ["visit", "extra"]}, UNSCHEDULED)
    )
    (upload,) = made.uploads
    assert (upload.name, upload.who, upload.when) == ("designations.csv", Who.YOU, When.AFTER)
    live = whole.project.rows("formEventMapping")
    assert len(upload.content.splitlines()) == 1 + len(live) + 1
    assert "1,week_4_arm_1,extra" in upload.content


def test_taking_an_instrument_off_an_event_is_for_administrators(whole: Study) -> None:
    made = made_of(whole, arms({**BASELINE, "instruments": ["intake"]}, WEEK_4, UNSCHEDULED))
    (upload,) = made.uploads
    assert upload.who is Who.ADMINISTRATOR
    assert clicks_of(made) == [
        ('Untick extra for "Baseline" (arm 1).', Who.ADMINISTRATOR, When.AFTER)
    ]
    assert "Untick extra" in package_files(made)["ticket.txt"]


def test_renaming_and_removing_events_are_administrators_clicks(whole: Study) -> None:
    made = made_of(whole, arms(BASELINE, {**WEEK_4, "name": "Week 5", "renamed_from": "Week 4"}))
    assert clicks_of(made) == [
        ('Edit the event Week 4 (arm 1): name from "Week 4" to "Week 5".',
         Who.ADMINISTRATOR, When.BEFORE),
        ("Delete the event Unscheduled (arm 1).", Who.ADMINISTRATOR, When.AFTER),
    ]  # fmt: skip


def test_what_goes_with_its_event_is_no_click_of_its_own(whole: Study) -> None:
    made = made_of(whole, AFTER)
    assert not any("Untick" in click.text or "no more" in click.text for click in made.clicks)


def test_arms_are_added_by_file_and_renamed_or_removed_by_click(whole: Study) -> None:
    first = {**BEFORE["arms"][0], "name": "First"}
    third = {"number": 3, "name": "Third", "events": [{"name": "Start", "instruments": []}]}
    made = made_of(whole, {**BEFORE, "arms": [first, third]})
    files = {upload.name: upload.content for upload in made.uploads}
    assert files["arms.csv"] == "arm_num,name\n3,Third\n"
    texts = [click.text for click in made.clicks]
    assert 'Rename arm 1 to "First".' in texts
    assert "Delete arm 2 (Other) with its events." in texts


def test_what_repeats_is_set_by_clicks(whole: Study) -> None:
    events = (
        BASELINE,
        {**WEEK_4, "repeat": {"visit": "[mood]!"}},
        {**UNSCHEDULED, "repeat": True},
    )
    made = made_of(whole, arms(*events))
    assert [click.text for click in made.clicks] == [
        'Set the instance label of visit on "Week 4" (arm 1) to "[mood]!".',
        'Let the whole event on "Unscheduled" (arm 1) repeat.',
    ]


def test_instrument_labels_are_clicks(whole: Study) -> None:
    intake, visit, extra = BEFORE["instruments"]
    instruments = [
        {**intake, "label": "Other"}, {**visit, "fields": {"mood": text("Mood today")}}, extra,
    ]  # fmt: skip
    made = made_of(whole, {**BEFORE, "instruments": instruments})
    (click,) = made.clicks
    assert 'instrument intake is labelled "Intake" in REDCap, "Other" here' in click.text


def test_longitudinal_is_an_administrators_click(whole: Study) -> None:
    made = made_of(whole, {"project": {"title": "Before", "longitudinal": False}})
    assert [click.who for click in made.clicks] == [Who.ADMINISTRATOR]


def test_sql_fields_make_it_an_administrators_upload(whole: Study) -> None:
    fields = {"record_id": text("ID"), "site": {"type": "sql", "label": "S", "sql": "select 1"}}
    made = made_of(whole, {"instruments": [{"instrument": "intake", "fields": fields}]})
    (upload,) = (one for one in made.uploads if one.name == "data_dictionary.csv")
    assert upload.who is Who.ADMINISTRATOR
    assert "sql" in upload.note


def test_everything_to_do_is_numbered_through(whole: Study) -> None:
    numbers = [item.number for part in to_do(made_of(whole, AFTER)) for item in part.items]
    assert numbers == list(range(1, len(numbers) + 1))


def test_the_schedule_before_is_all_still_to_be_made(whole: Study) -> None:
    made = made_of(whole, AFTER)
    live = whole.plan(whole.goal()).live.state
    for part in made.parts:
        found = standing(part, live)
        assert found.foreign == ()
        assert set(found.missing) == set(part.after) - set(part.before)
        assert set(found.surplus) == set(part.before) - set(part.after)


HOSTILE = "<script>alert(1)</script> ![x](http://e.example/y) `code` | \u202e"


def test_labels_of_others_are_text_on_every_page(whole: Study) -> None:
    fields = {"record_id": text("ID"), "start": text(HOSTILE)}
    made = made_of(whole, {"instruments": [{"instrument": "intake", "fields": fields}]})
    files = package_files(made, ticket=HOSTILE)
    assert "<script" not in files["review.html"]
    assert "&lt;script&gt;" in files["review.html"]
    assert "![x](" not in files["review.md"]
    assert "<script" not in files["review.md"]
    for name in ("review.html", "review.md", "CLICKS.md", "ticket.txt"):
        assert "\u202e" not in files[name]


def test_the_page_loads_nothing_from_elsewhere(whole: Study) -> None:
    page = package_files(made_of(whole, AFTER))["review.html"]
    for words in ("<script", "<link", "<img", "src=", "@import", "url("):
        assert words not in page
    assert "default-src 'none'" in page


def test_the_page_shows_every_change(whole: Study) -> None:
    made = made_of(whole, AFTER)
    page = package_files(made)["review.html"]
    for name in ("start", "end", "doomed", "why", "more", "Week 8 (arm 1)", "Week 5 (arm 1)"):
        assert f"<strong>{name}</strong>" in page
