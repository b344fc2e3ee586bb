"""Text to ODM tree: parsed without entities or document types, and checked to be ODM."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from redcap_iac.emulator.errors import ApiFault, not_the_format
from redcap_iac.emulator.odm.vocabulary import extension, odm


class _Refusing(ET.TreeBuilder):
    """A tree builder that stops at a document type, before any entity is declared."""

    def doctype(self, *_declared: str | None) -> None:
        """Refuse the declaration."""
        raise refused("a document type declaration (DOCTYPE) is not accepted")


def refused(reason: str) -> ApiFault:
    """Return the refusal of a project file; REDCap's own words are not recorded (inferred)."""
    return ApiFault(f"The ODM XML could not be used to create the project: {reason}.")


def parse(text: str) -> ET.Element:
    """Return the root of a project file.

    Line breaks inside attributes become blanks, as XML demands; REDCap writes them raw, so they
    do not survive a project file (recorded). Raises ApiFault 400 for what is not XML, not ODM,
    or declares a document type.
    """
    # entities are refused by the builder, before the parser could expand one
    parser = ET.XMLParser(target=_Refusing())  # noqa: S314 - see above
    try:
        parser.feed(text.removeprefix("\ufeff").lstrip())
        root: ET.Element = parser.close()
    except (ET.ParseError, ValueError) as error:
        raise not_the_format() from error
    if root.tag != odm("ODM"):
        raise refused("the root element is not ODM 1.3")
    return root


def metadata_version(root: ET.Element) -> ET.Element:
    """Return the one MetaDataVersion of the file; raises ApiFault 400 without one."""
    found = root.find(f"{odm('Study')}/{odm('MetaDataVersion')}")
    if found is None:
        raise refused("it has no MetaDataVersion")
    return found


def global_variables(root: ET.Element) -> ET.Element:
    """Return the GlobalVariables, empty when the file has none."""
    found = root.find(f"{odm('Study')}/{odm('GlobalVariables')}")
    return ET.Element(odm("GlobalVariables")) if found is None else found


def form_name(form: ET.Element) -> str:
    """Return the unique name of a FormDef or FormRef: its attribute, else the OID's ending."""
    oid = form.get("OID") or form.get("FormOID") or ""
    return extension(form, "FormName") or oid.removeprefix("Form.")
