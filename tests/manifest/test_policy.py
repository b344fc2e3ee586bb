"""Policy files: read with places, refused whole when anything in them is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from redcap_iac.errors import GuardError, ManifestError
from redcap_iac.manifest.policy import outside_policy, project_policy
from redcap_iac.safety.policy import Policy, Reach, Strength

WHOLE = """\
version: 1
rules:
  - rule: api_rights_only
    allow: [svc_redcap_iac, role/Data manager]
    hosts: [redcap.example.org]
    status: [production]
    environments: [prod]
    data: real
    why: Tokens are given by the service desk.
  - {rule: users_expire_within, days: 365, strength: advise}
  - {rule: no_deletion_of, units: [fields, users]}
  - {rule: no_acceptance_of, codes: [H101]}
  - {rule: plans_apply_within, hours: 8}
waivers:
  - rule: users_expire_within
    names: [jdoe]
    who: ada
    why: runs the registry
    until: 2027-01-31
"""


def written(folder: Path, text: str) -> Policy:
    (folder / "policy.yaml").write_text(text, encoding="utf-8")
    policy = project_policy(folder)
    assert policy is not None
    return policy


def problems(folder: Path, text: str) -> list[tuple[str, int]]:
    with pytest.raises(ManifestError) as caught:
        written(folder, text)
    return [
        (one.message, one.position.line)
        for one in caught.value.findings
        if one.position is not None
    ]


def rules(*lines: str) -> str:
    return "version: 1\nrules:\n" + "".join(f"  - {line}\n" for line in lines)


def test_rules_and_waivers_are_read_whole(tmp_path: Path) -> None:
    policy = written(tmp_path, WHOLE)
    api, expiring, deleting, accepting, plans = policy.rules
    assert (api.code, api.strength, api.at and api.at.line) == ("P101", Strength.BLOCK, 3)
    assert api.allow == ("svc_redcap_iac", "role/Data manager")
    assert api.reach == Reach(("prod",), ("redcap.example.org",), ("production",), "real")
    assert api.why == "Tokens are given by the service desk."
    assert (expiring.days, expiring.strength) == (365, Strength.ADVISE)
    assert (deleting.names, accepting.names, plans.hours) == (("fields", "users"), ("H101",), 8)
    (waiver,) = policy.waivers
    assert (waiver.rule, waiver.names, waiver.who) == ("users_expire_within", ("jdoe",), "ada")
    assert (waiver.why, waiver.until) == ("runs the registry", "2027-01-31")


def test_a_project_without_one_has_none(tmp_path: Path) -> None:
    assert project_policy(tmp_path) is None


def test_one_in_the_project_is_inside_and_any_other_outside(tmp_path: Path) -> None:
    assert not written(tmp_path, WHOLE).is_outside
    assert outside_policy(tmp_path / "policy.yaml").is_outside


def test_one_outside_that_is_not_there_stops_everything(tmp_path: Path) -> None:
    with pytest.raises(GuardError, match="cannot be read"):
        outside_policy(tmp_path / "none.yaml")


def test_one_that_is_a_folder_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "policy.yaml").mkdir()
    with pytest.raises(GuardError, match="cannot be read"):
        project_policy(tmp_path)


def test_a_link_out_of_the_project_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "other.yaml").write_text(WHOLE, encoding="utf-8")
    project = tmp_path / "project"
    project.mkdir()
    (project / "policy.yaml").symlink_to(tmp_path / "other.yaml")
    with pytest.raises(GuardError, match="cannot be read"):
        project_policy(project)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (rules("{rule: users_expire_within}"), "`users_expire_within` needs `days:`."),
        (rules("{rule: plans_apply_within}"), "`plans_apply_within` needs `hours:`."),
        (rules("{rule: no_deletion_of}"), "`no_deletion_of` needs `units:`."),
        (rules("{rule: no_acceptance_of}"), "`no_acceptance_of` needs `codes:`."),
        (rules("{rule: design_only, days: 3}"), "`days` means nothing to `design_only`."),
        (rules("{rule: require_base, allow: [jdoe]}"), "`allow` means nothing to `require_base`."),
    ],
)
def test_what_a_rule_needs_and_what_means_nothing_to_it(
    tmp_path: Path, text: str, said: str
) -> None:
    assert problems(tmp_path, text) == [(said, 3)]


@pytest.mark.parametrize(
    ("text", "part"),
    [
        (rules("{rule: api_right_only}"), "api_right_only"),
        (rules("{rule: design_only, strength: warn}"), "warn"),
        (rules("{rule: design_only, env: [prod]}"), "env"),
        (rules("{rule: no_acceptance_of, codes: [101]}"), "101"),
        ("version: 2\nrules: []\n", "must be 1"),
        ("version: 1\n", "rules"),
        ("- a\n", "map"),
    ],
)
def test_what_is_no_policy_is_refused_at_its_place(tmp_path: Path, text: str, part: str) -> None:
    found = problems(tmp_path, text)
    assert any(part in message for message, _ in found), found


def test_a_waiver_has_a_day_that_is_one(tmp_path: Path) -> None:
    text = rules("{rule: design_only}") + (
        "waivers:\n  - {rule: P107, who: ada, why: x, until: 2027-02-30}\n"
    )
    assert problems(tmp_path, text) == [("`until` is no day: 2027-02-30.", 5)]


@pytest.mark.parametrize("missing", ["who", "why", "until"])
def test_a_waiver_says_who_and_why_and_until_when(tmp_path: Path, missing: str) -> None:
    parts = {"rule": "P107", "who": "ada", "why": "x", "until": "2027-01-01"}
    del parts[missing]
    said = ", ".join(f"{key}: {value}" for key, value in parts.items())
    text = rules("{rule: design_only}") + f"waivers:\n  - {{{said}}}\n"
    assert any(missing in message for message, _ in problems(tmp_path, text))
