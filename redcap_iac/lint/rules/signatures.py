"""DD: signatures that stand alone."""

from __future__ import annotations

from collections.abc import Iterator

from redcap_iac.design import Design
from redcap_iac.findings import Severity
from redcap_iac.kinds.dictionary.field import VALIDATION, Field
from redcap_iac.lint.rule import Found, rule
from redcap_iac.lint.rules.wording import at_field
from redcap_iac.lint.settings import Profile, Settings

_SIGNED = ("signature", "enhanced_signature")
_DATED = ("date", "datetime")
_STAMPS = ("@NOW", "@TODAY", "@CALCDATE")


@rule("DD048", Severity.WARNING, profiles=frozenset({Profile.PART11}))
def signature_without_date(design: Design, _settings: Settings) -> Iterator[Found]:
    """A signature stands on an instrument that asks for no date.

    A date is a field validated as one, or filled by `@NOW` or `@TODAY`.

    Why: 21 CFR 11.50 wants the name of the signer, date and time, and the meaning of the signing
    with every signature; a picture of a signature says none of them.

    Bad:
        fields:
          signed: {type: file, label: "Signature", signature: true}
    Good:
        fields:
          signer: {type: text, label: "Name of the signer", identifier: true}
          signed: {type: file, label: "I have reviewed this form: signature", signature: true}
          signed_at: {type: text, label: "Signed at", validation: datetime_ymd}
    Instead: Ask for name and date beside the signature, and say in its label what it means.
    """
    for fields in design.by_instrument.values():
        signatures = [
            field
            for field in fields
            if field.field_type == "file" and getattr(field, VALIDATION).strip() in _SIGNED
        ]
        if signatures and not any(_is_date(field) for field in fields):
            for field in signatures:
                yield at_field(
                    field,
                    "field_type",
                    "is a signature, and no field beside it holds the date",
                    "Ask for name and date beside it, and say in its label what it means.",
                )


def _is_date(field: Field) -> bool:
    tags = field.field_annotation.upper()
    word: str = getattr(field, VALIDATION)
    return field.field_type == "text" and (
        word.startswith(_DATED) or any(tag in tags for tag in _STAMPS)
    )
