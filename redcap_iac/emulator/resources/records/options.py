"""How an export is to be written: raw or labels, headings, checkboxes, delimiters."""

from __future__ import annotations

from dataclasses import dataclass

from redcap_iac.emulator.errors import ApiFault
from redcap_iac.emulator.request import Request

_DELIMITERS = {"": ",", ",": ",", "tab": "\t", "\t": "\t", ";": ";", "|": "|", "^": "^"}


@dataclass(frozen=True, slots=True)
class Options:
    """The parameters of Export Records and Export Reports that change how values look.

    `checkbox_labels` matters with `labels`, `label_headings` in csv alone. `decimal` is "" or the
    character that all numbers are to have.
    """

    labels: bool = False
    label_headings: bool = False
    checkbox_labels: bool = False
    combine_checkboxes: bool = False
    blank_gray_status: bool = False
    delimiter: str = ","
    decimal: str = ""


def options_of(request: Request) -> Options:
    """Read the parameters; refuses a delimiter that is not documented."""
    return Options(
        labels=request.text("rawOrLabel") == "label",
        label_headings=request.text("rawOrLabelHeaders") == "label" and request.format == "csv",
        checkbox_labels=request.flag("exportCheckboxLabel"),
        combine_checkboxes=request.flag("combineCheckboxOptions"),
        blank_gray_status=request.flag("exportBlankForGrayFormStatus"),
        delimiter=delimiter_of(request),
        decimal=request.text("decimalCharacter"),
    )


def delimiter_of(request: Request) -> str:
    """Return the csv delimiter asked for: `,` (default), `tab`, `;`, `|` or `^` (documented)."""
    asked = request.text("csvDelimiter")
    if asked not in _DELIMITERS:
        raise ApiFault('The value of the parameter "csvDelimiter" is not valid')
    return _DELIMITERS[asked]
