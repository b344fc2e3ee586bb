"""The merged order of instruments, of the fields in each, of the choices of each list."""

from __future__ import annotations

from collections.abc import Sequence

from redcap_iac.kinds.dictionary import choices
from redcap_iac.kinds.dictionary.field import CHOICE_TYPES, CHOICES, Field
from redcap_iac.kinds.kind import encoded
from redcap_iac.merging.order import Order, merged_order
from redcap_iac.merging.sides import Sides
from redcap_iac.merging.verdict import Decision, Verdict
from redcap_iac.state import State


def orders_of(sides: Sides) -> tuple[Order, dict[str, Order]]:
    """Return the order of the instruments, and of what is in each and in each list of choices."""
    files, base, live = _fields(sides.files), _fields(sides.base), _fields(sides.live)
    if files is None or live is None:
        return Order((), Verdict.SAME), {}
    forms = merged_order(
        None if base is None else _forms(base), _forms(files), _forms(live),
        {*_forms(files), *_forms(live)},
    )  # fmt: skip
    orders: dict[str, Order] = {}
    for form in forms.names:
        mine, theirs = _names(files, form), _names(live, form)
        was = None if base is None else _names(base, form)
        orders[form] = merged_order(was, mine, theirs, {*mine, *theirs})
    known = {one.field_name: one for one in base or ()}
    there = {one.field_name: one for one in live}
    for one in files:
        other = there.get(one.field_name)
        if other is not None and {one.field_type, other.field_type} <= CHOICE_TYPES:
            before = known.get(one.field_name)
            orders[f"field/{one.field_name}"] = merged_order(
                None if base is None else _codes(before), _codes(one), _codes(other),
                {*_codes(one), *_codes(other)},
            )  # fmt: skip
    return forms, orders


def _fields(state: State | None) -> tuple[Field, ...] | None:
    items = None if state is None else state.kinds.get("fields")
    return None if items is None else tuple(one for one in items if isinstance(one, Field))


def _forms(fields: Sequence[Field]) -> list[str]:
    return list(dict.fromkeys(one.form_name for one in fields))


def _names(fields: Sequence[Field], form: str) -> list[str]:
    return [one.field_name for one in fields if one.form_name == form]


def _codes(one: Field | None) -> list[str]:
    return [] if one is None else [c for c, _ in choices.parsed(getattr(one, CHOICES))]


def about_order(name: str, order: Order) -> Decision | None:
    """Return what is decided about an order, None where both sides have the same."""
    if order.verdict is Verdict.SAME:
        return None
    if name.startswith("field/"):
        address, group = f"{name}/order", name.removeprefix("field/")
        said = f"order of the choices of {group}"
    elif name:
        address, group = f"instrument/{encoded(name)}/order", name
        said = f"order of the fields of {name}"
    else:
        address, group, said = "instruments/order", "", "order of the instruments"
    return Decision(
        "fields", name, address, said, order.verdict, None, "as in the files", "as in REDCap",
        place="order", group=group,
    )  # fmt: skip


def reordered(order: Order, word: Decision | None, name: str, sides: Sides) -> Order:
    """Return an order as a person decided it."""
    if word is None:
        return order
    files, live = _fields(sides.files) or (), _fields(sides.live) or ()
    if name.startswith("field/"):
        own = {one.field_name: one for one in files}, {one.field_name: one for one in live}
        mine, theirs = (_codes(side.get(name.removeprefix("field/"))) for side in own)
    else:
        mine, theirs = _names(files, name), _names(live, name)
    was = theirs if word.verdict is Verdict.OWN else mine  # as if only that side had moved
    return merged_order(was, mine, theirs, order.names)
