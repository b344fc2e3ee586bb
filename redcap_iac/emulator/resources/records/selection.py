"""Which fields an export shows: those asked for, less those the caller may not see."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from redcap_iac.emulator.design import Field
from redcap_iac.emulator.errors import ApiFault
from redcap_iac.emulator.request import Caller, Context
from redcap_iac.emulator.resources.records.shape import Shape
from redcap_iac.emulator.versions import Version

#: Columns of an export that are no fields; asked for by name they are refused from this version
#: on (recorded), and passed over before.
PSEUDO_FIELDS = (
    "redcap_event_name",
    "redcap_repeat_instrument",
    "redcap_repeat_instance",
    "redcap_data_access_group",
    "redcap_survey_identifier",
)
_PSEUDO_FIELDS_REFUSED = Version(13, 4, 10)

_NO_ACCESS, _FULL, _DE_IDENTIFIED = 0, 1, 2
_FREE_TEXT = frozenset({"notes"})


@dataclass(frozen=True, slots=True)
class Shown:
    """One thing an export shows: a field, or the status of an instrument (`field` is None)."""

    name: str
    form: str
    field: Field | None


def select(context: Context, shape: Shape) -> tuple[Shown, ...]:
    """Return what the parameters `fields` and `forms` ask for, in the order of the project.

    Neither means everything. A form brings its status, a field does not, and nothing brings the
    record id but asking for it (recorded). Raises ApiFault for unknown names (recorded for fields).
    """
    fields = _asked_fields(context, shape)
    forms = frozenset(context.request.array("forms"))
    _refuse_unknown("forms", context.request.array("forms"), dict(shape.forms))
    shown = everything(shape)
    if fields or forms:
        shown = tuple(one for one in shown if one.name in fields or one.form in forms)
    return permitted(context.caller, shape, shown)


def chosen(context: Context, shape: Shape, names: Collection[str]) -> tuple[Shown, ...]:
    """Return the named fields and statuses, as a report has them."""
    by_name = {one.name: one for one in everything(shape)}
    listed = tuple(by_name[name] for name in names if name in by_name)
    return permitted(context.caller, shape, listed)


def everything(shape: Shape) -> tuple[Shown, ...]:
    """Return all that has values, each instrument's status after its last field (recorded)."""
    shown: list[Shown] = []
    for form, _ in shape.forms:
        shown += [
            Shown(field.name, form, field)
            for field in shape.fields
            if field.form == form and field.type != "descriptive"
        ]
        shown.append(Shown(f"{form}_complete", form, None))
    return tuple(shown)


def _asked_fields(context: Context, shape: Shape) -> frozenset[str]:
    asked = context.request.array("fields")
    known = {*shape.form_of}
    if context.server.settings.version < _PSEUDO_FIELDS_REFUSED:
        known |= {*PSEUDO_FIELDS}
    _refuse_unknown("fields", asked, known)
    return frozenset(asked)


def _refuse_unknown(parameter: str, asked: Iterable[str], known: Collection[str]) -> None:
    unknown = [value for value in asked if value not in known]
    if unknown:
        raise invalid_values(parameter, unknown)


def invalid_values(parameter: str, values: Iterable[str]) -> ApiFault:
    """Return the refusal of unknown names in an array (recorded for `fields`)."""
    listed = ", ".join(f"'{value}'" for value in values)
    return ApiFault(f'The following values in the parameter "{parameter}" are not valid: {listed}')


def permitted(caller: Caller, shape: Shape, shown: Iterable[Shown]) -> tuple[Shown, ...]:
    """Take out what the caller's data export rights hide, without a word (documented).

    The record id stays. Raises ApiFault when the caller may export no instrument at all
    (documented: the export fails; its words are inferred).
    """
    if shape.forms and not any(export_level(caller, form) for form, _ in shape.forms):
        raise ApiFault("You do not have data export privileges for any instrument", 403)
    return tuple(one for one in shown if one.name == shape.id_field or _permits(caller, one))


def export_level(caller: Caller, form: str) -> int:
    """Return the export right for an instrument; one that is not listed is 0 (inferred)."""
    return int(caller.forms_export.get(form, _NO_ACCESS))


def _permits(caller: Caller, one: Shown) -> bool:
    level = export_level(caller, one.form)
    if level in (_NO_ACCESS, _FULL) or one.field is None:
        return level != _NO_ACCESS
    if one.field.identifier:
        return False
    return level != _DE_IDENTIFIED or not _may_identify(one.field)


def _may_identify(field: Field) -> bool:
    """Tell whether a field goes from a de-identified export: dates and free text (documented)."""
    if field.type in _FREE_TEXT:
        return True
    return field.type == "text" and (not field.validation or field.validation.startswith("date"))
