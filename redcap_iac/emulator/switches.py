"""Switches for behaviour on which the sources conflict; what is recorded is no switch."""

from __future__ import annotations

from dataclasses import dataclass

from redcap_iac.emulator.versions import Version


@dataclass(frozen=True, slots=True)
class Switch:
    """One conflicting fact: the values it may take (default first) and what they mean."""

    name: str
    values: tuple[str, ...]
    meaning: str

    @property
    def default(self) -> str:
        """The value assumed unless told otherwise."""
        return self.values[0]


SWITCHES: tuple[Switch, ...] = (
    Switch("event_rename", ("regenerate", "keep"), "the unique name of a renamed event"),
    Switch(
        "one_event_longitudinal",
        ("classic", "longitudinal"),
        "how a project with one arm and one event reads",
    ),
    Switch("role_delete_with_members", ("refuse", "detach"), "deleting a role that has members"),
    Switch("dag_delete_with_records", ("refuse", "unassign"), "deleting a DAG that has records"),
    Switch("user_import_without_dag", ("clear", "keep"), "Import Users without a DAG column"),
    Switch("mapping_without_dag", ("clear", "keep"), "role assignments without a DAG column"),
    Switch(
        "production_additive_writes",
        ("refuse", "allow"),
        "override=0, designations and repeating in production",
    ),
    Switch(
        "delete_users_needs_record_delete",
        ("on", "off"),
        "Delete Users asks for the Delete Record right",
    ),
    Switch(
        "sql_rows",
        ("administrators", "refuse", "accept"),
        "dictionary rows of type sql; a super token's owner is an administrator",
    ),
    Switch(
        "instrument_label_on_reimport",
        ("kept", "reset"),
        "instrument labels after a dictionary import",
    ),
    Switch(
        "auto_approval",
        (
            "never",
            "unmodified",
            "norecords_or_unmodified",
            "nocritical",
            "norecords_or_nocritical",
        ),
        "when drafted changes are approved without a review: the server's setting",
    ),
    Switch(
        "approval_identifiers",
        ("ignore", "review"),
        "drafts with a new field that looks like an identifier",
    ),
    Switch(
        "draft_radio_dropdown",
        ("critical", "safe"),
        "a radio turned into a dropdown, or back, in a draft",
    ),
    Switch(
        "production_events",
        ("admins", "users"),
        "who adds arms, events and designations on the pages in production",
    ),
    Switch(
        "production_repeating",
        ("allow", "deny"),
        "users setting on the page what repeats in production",
    ),
    Switch("strict_accounts", ("off", "on"), "usernames without an account are refused"),
)

_BY_NAME = {switch.name: switch for switch in SWITCHES}


class UnknownSwitch(ValueError):  # noqa: N818 - it says what is wrong
    """A switch or a value that the emulator does not have."""


DEFAULT_VERSION = Version(16, 1, 3)


@dataclass(frozen=True, slots=True)
class Settings:
    """What a served emulator was started with: its version and how its switches stand."""

    version: Version = DEFAULT_VERSION
    chosen: tuple[tuple[str, str], ...] = ()

    def switch(self, name: str) -> str:
        """Return the value of a switch, its default when not chosen."""
        for key, value in self.chosen:
            if key == name:
                return value
        return _BY_NAME[name].default

    def is_set(self, name: str, value: str) -> bool:
        """Tell whether a switch stands at `value`; raises for a value it cannot take."""
        if value not in _BY_NAME[name].values:
            raise UnknownSwitch(f"{name} has no value {value!r}")
        return self.switch(name) == value


def parse_switch(text: str) -> tuple[str, str]:
    """Read `NAME=VALUE` as given on the command line.

    Raises UnknownSwitch, with the values there are.
    """
    name, _, value = text.partition("=")
    switch = _BY_NAME.get(name)
    if switch is None:
        raise UnknownSwitch(f"no switch {name!r}; there are: {', '.join(sorted(_BY_NAME))}")
    if value not in switch.values:
        raise UnknownSwitch(f"{name} takes {' or '.join(switch.values)}, not {value!r}")
    return name, value
