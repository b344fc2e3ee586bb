"""DAGs, roles and users made up at random; whose token it is keeps what an apply takes."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.end_to_end.whole import EVERYTHING, OWN_RIGHTS

SITES = ["Boston", "Lyon", "São Paulo", "Site 4", "a-b & c"]
ROLES = ["Data entry", "Monitor", "PI/Admin"]
USERS = ["reader", "writer_1", "m.keller", "svc"]
OWN = "jdoe"

_LEVELS = st.sampled_from(["none", "read_only", "edit", ["edit", "survey_responses"]])
_EXPORT = st.sampled_from(["none", "deidentified", "no_identifiers", "full"])
_RIGHTS = st.fixed_dictionaries(
    {},
    optional={
        "record_create": st.booleans(),
        "reports": st.booleans(),
        "user_rights": st.sampled_from(["none", "read_only", "full"]),
        "lock_records": st.sampled_from(["none", "lock", "sign"]),
        "api_export": st.booleans(),
        "email_logging": st.booleans(),
        "design": st.booleans(),
    },
)


def _maps(
    draw: st.DrawFn, forms: list[str], levels: st.SearchStrategy[Any]
) -> dict[str, Any]:  # fmt: skip
    some = draw(st.lists(st.sampled_from(forms), max_size=2, unique=True))
    return {"*": draw(levels), **{form: draw(levels) for form in some}}


@st.composite
def granted(draw: st.DrawFn, forms: list[str]) -> dict[str, Any]:
    """Rights, and levels for every instrument."""
    return {
        "rights": draw(_RIGHTS),
        "instruments": _maps(draw, forms, _LEVELS),
        "export": _maps(draw, forms, _EXPORT),
    }


@st.composite
def user(draw: st.DrawFn, forms: list[str], roles: list[str], sites: list[str]) -> dict[str, Any]:
    """Somebody with a role, or with rights of their own."""
    in_role = bool(roles) and draw(st.booleans())
    made: dict[str, Any] = draw(granted(forms))
    if in_role:
        made = {"role": draw(st.sampled_from(roles))}
    if draw(st.integers(0, 3)):
        made["dag"] = draw(st.sampled_from([None, *sites]))
    if draw(st.booleans()):
        made["expires"] = draw(st.sampled_from(["2027-12-31", "2020-01-01", None]))
    return made


@st.composite
def access(draw: st.DrawFn, forms: list[str]) -> dict[str, Any]:
    """DAGs, roles and users; the token's own user is among them now and then."""
    sites = draw(st.lists(st.sampled_from(SITES), max_size=3, unique=True))
    labels = draw(st.lists(st.sampled_from(ROLES), max_size=3, unique=True))
    roles = {name: draw(granted(forms)) for name in labels}
    names = draw(st.lists(st.sampled_from(USERS), max_size=4, unique=True))
    users = {name: draw(user(forms, labels, sites)) for name in names}
    if draw(st.integers(0, 3)) == 0:
        level = draw(st.sampled_from(["edit", "none"]))
        users[OWN] = {"rights": OWN_RIGHTS, **EVERYTHING, "instruments": {"*": level}}
    return {"dags": sites, "roles": roles, "users": users}
