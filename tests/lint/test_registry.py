"""The rules there are, found without a list of them, and the settings they ask for."""

from __future__ import annotations

from redcap_iac.lint import rules
from redcap_iac.lint.docstrings import FAMILIES
from redcap_iac.lint.registry import all_rules, all_settings
from redcap_iac.lint.settings import Profile


def test_rules_come_in_the_order_of_their_codes() -> None:
    codes = [rule.code for rule in all_rules()]
    assert codes
    assert codes == sorted(set(codes))


def test_every_rule_belongs_to_a_family_that_has_a_heading() -> None:
    assert {rule.code[:2] for rule in all_rules()} <= FAMILIES.keys()


def test_names_of_rules_are_told_apart() -> None:
    names = [rule.name for rule in all_rules()]
    assert len(names) == len(set(names))


def test_what_is_asked_before_is_asked_in_every_stricter_profile_too() -> None:
    for rule in all_rules():
        if Profile.DEFAULT in rule.profiles:
            assert rule.profiles == frozenset(Profile), rule.code


def test_every_setting_has_a_kind_and_a_default_that_fits_it() -> None:
    settings = all_settings()
    assert settings
    for one in settings:
        assert one.kind in ("number", "list")
        assert one.default.isdigit() or one.kind == "list", one


def test_every_rule_lives_in_the_folder_of_rules() -> None:
    assert all(rule.judge.__module__.startswith(rules.__name__) for rule in all_rules())
