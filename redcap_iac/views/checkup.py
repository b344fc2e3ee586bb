"""What a look at a connection found: a line for each thing, a table of what the token may do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.text import Text

from redcap_iac.kinds import all_kinds, kind_named
from redcap_iac.kinds.grants import Grants
from redcap_iac.kinds.rights import BY_NAME
from redcap_iac.kinds.users import User
from redcap_iac.safety.preflight import needed_for
from redcap_iac.state import DESIGN_UNITS, Desired, Live, Unit
from redcap_iac.views.findings import WIDTH, wrapped
from redcap_iac.views.printable import printable

_WIDEST = 13


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at: what, what was found, what to do when it is not right."""

    what: str
    found: str
    advice: str = ""
    is_right: bool = True


def checkup_lines(checks: Sequence[Check], width: int = WIDTH) -> list[Text]:
    """Return a line for each check, and the advice where there is some."""
    lines: list[Text] = []
    for check in checks:
        word, style = ("problem", "bold red")
        if check.is_right:
            word, style = ("note", "yellow") if check.advice else ("ok", "green")
        line = Text.assemble((f"{word:<9}", style), f"{check.what:<{_WIDEST}}")
        line.append(printable(check.found))
        lines += wrapped(line, indent=9 + _WIDEST, width=width)
        for part in check.advice.splitlines():
            advice = Text(f"{'':<{9 + _WIDEST}}→ {printable(part)}")
            lines += wrapped(advice, indent=11 + _WIDEST, width=width)
    return lines


def of_project(live: Live, desired: Desired | None) -> Iterator[Check]:
    """Yield what a read says of server, project and token's user."""
    target = live.target
    yield Check("server", f"REDCap {target.version}")
    yield Check("project", f'{target.project_id} "{target.title}", {target.status}')
    yield _user(live)
    for name, reason in live.unreadable.items():
        kind = kind_named(name)
        managed = desired is not None and name in desired.state
        yield Check(
            str(kind.unit),
            f"cannot be read: {reason}",
            f"The manifest manages {kind.unit}: ask for {' and '.join(kind.needs) or 'the right'}."
            if managed
            else "",
            is_right=not managed,
        )


def sections_table(live: Live, desired: Desired | None, width: int = WIDTH) -> list[Text]:
    """Return what this token could plan and apply, section by section."""
    lines = [Text(), Text(f"{'section':<14}{'manifest':<12}{'plan':<7}apply", "bold")]
    for unit in Unit:
        kinds = [kind for kind in all_kinds() if kind.unit is unit]
        managed = desired is not None and any(kind.name in desired.state for kind in kinds)
        readable = not any(kind.name in live.unreadable for kind in kinds)
        row = f"{unit:<14}{'managed' if managed else '–':<12}{'yes' if readable else 'no':<7}"
        lines += wrapped(Text(row + _may_write(live, unit)), indent=33, width=width)
    return lines


def _may_write(live: Live, unit: Unit) -> str:
    if unit in DESIGN_UNITS and live.target.status != "development":
        return f"no: the project's status is {live.target.status}"
    grants = _grants(live)
    if grants is None:
        return "unknown: the rights of the token's user cannot be seen"
    lacking = [BY_NAME[name].label for name in needed_for(unit) if not grants.holds(name)]
    if lacking:
        return f"no: needs {' and '.join(lacking)}"
    more = [name for name in needed_for(unit, "delete") if not grants.holds(name)]
    return f"yes, but deletes none: needs {BY_NAME[more[0]].label}" if more else "yes"


def _user(live: Live) -> Check:
    name = live.target.user
    if not name:
        return Check(
            "user",
            "whose token it is cannot be seen",
            "Name the person: `user:` in the environment, or REDCAP_IAC_USER.",
        )
    user = _own(live)
    if user is None and "users" not in live.unreadable:
        return Check(
            "user",
            f"{name} is not among the project's users",
            "Correct `user:` in the environment, or REDCAP_IAC_USER.",
            is_right=False,
        )
    until = f", until {user.expiration}" if user is not None and user.expiration else ""
    return Check("user", f"{name}{until}")


def _own(live: Live) -> User | None:
    name = live.target.user.casefold()
    users = live.state.kinds.get("users", ())
    found = (user for user in users if isinstance(user, User) and user.username.casefold() == name)
    return next(found, None)


def _grants(live: Live) -> Grants | None:
    user = _own(live)
    return None if user is None else user.effective or user.grants
