"""XML is read without anything that could harm, and its line breaks are kept."""

from __future__ import annotations

import pytest

from redcap_iac.findings import Findings
from redcap_iac.formats.project_xml import elements
from redcap_iac.formats.project_xml.elements import ODM, REDCAP, Element, parse


def root_of(text: str | bytes) -> Element:
    findings = Findings()
    root = parse(text if isinstance(text, bytes) else text.encode(), "p.xml", findings)
    assert findings.all() == ()
    assert root is not None
    return root


def refused(text: str | bytes) -> tuple[str, str]:
    """Return message and place of the one error."""
    findings = Findings()
    assert parse(text if isinstance(text, bytes) else text.encode(), "p.xml", findings) is None
    (error,) = findings.errors()
    assert error.code == "C105"
    return error.message, str(error.position)


LAUGHS = """<?xml version="1.0"?>
<!DOCTYPE lolz [
 <!ENTITY a "ha">
 <!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
 <!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">
]>
<ODM>&c;</ODM>"""


@pytest.mark.parametrize(
    "text",
    [
        LAUGHS,
        '<!DOCTYPE ODM SYSTEM "file:///etc/hostname"><ODM/>',
        '<!DOCTYPE ODM [<!ENTITY x SYSTEM "file:///etc/hostname">]><ODM>&x;</ODM>',
        "<!DOCTYPE ODM><ODM/>",
    ],
)
def test_a_document_type_is_refused_before_anything_of_it_is_used(text: str) -> None:
    message, _ = refused(text)

    assert "DOCTYPE" in message


def test_an_entity_nobody_declared_is_no_xml() -> None:
    assert refused("<ODM>&x;</ODM>")[0].startswith("The file is not XML")


def test_a_broken_file_is_told_with_its_line() -> None:
    assert refused("<ODM>\n<Study>\n</ODM>")[1] == "p.xml:3:1"


def test_too_deep_a_nest_is_refused() -> None:
    assert "nested" in refused("<a>" * 101 + "</a>" * 101)[0]


def test_too_large_a_file_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(elements, "MAXIMUM_SIZE", 10)

    assert "larger" in refused("<ODM>12345</ODM>")[0]


@pytest.mark.parametrize(
    "text", ['<?xml version="1.0" encoding="zip"?><a/>', b"<a>\xff</a>", b"<a>\xc3</a>"]
)
def test_an_encoding_that_is_none_is_refused(text: str | bytes) -> None:
    assert "encoding" in refused(text)[0]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-8"])
def test_every_usual_encoding_is_read(encoding: str) -> None:
    assert root_of("<a>é</a>".encode(encoding)).text == "é"


def test_a_declared_encoding_is_used() -> None:
    text = '<?xml version="1.0" encoding="iso-8859-1"?><a>é</a>'

    assert root_of(text.encode("latin-1")).text == "é"


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_line_breaks_in_attributes_are_kept(ending: str) -> None:
    root = root_of(f"<a b=\"one{ending}two\" c='x\ty'/>")

    assert (root.get("b"), root.get("c")) == ("one\ntwo", "x\ty")


def test_what_looks_like_an_attribute_in_cdata_stays_as_it_is() -> None:
    assert root_of('<a><![CDATA[b="1\n2"]]></a>').text == 'b="1\n2"'


def test_what_looks_like_an_attribute_in_text_stays_as_it_is() -> None:
    assert root_of('<a>if x = "1\n2" then</a>').text == 'if x = "1\n2" then'


def test_an_element_knows_its_line() -> None:
    (child,) = root_of('<a x="1\n2">\n <b/></a>').children

    assert child.line == 3


def test_own_attributes_may_be_children_in_files_written_by_hand() -> None:
    root = root_of(f'<a xmlns:r="{REDCAP}"><r:FieldNote>n</r:FieldNote></a>')

    assert (root.own("FieldNote"), root.has_own("FieldNote")) == ("n", False)


@pytest.mark.parametrize("opening", ["<!--", "<![CDATA[", "<?", "='", '="'])
def test_what_never_ends_is_looked_for_once(opening: str) -> None:
    # looked for from each beginning to the end of the file this would take minutes
    refused(f"<ODM>{opening * 200_000}")


def test_values_of_records_are_not_kept() -> None:
    record = '<SubjectData SubjectKey="1"><ItemData Value="x">y<a/></ItemData></SubjectData>'
    root = root_of(f'<ODM xmlns="{ODM}"><ClinicalData>{record}{record}</ClinicalData><b/></ODM>')

    data, after = root.children
    assert [(one.get("SubjectKey"), one.children) for one in data.children] == [("1", [])] * 2
    assert after.name == f"{ODM} b"


def test_a_record_nested_too_deep_is_refused() -> None:
    inside = "<a>" * 200 + "</a>" * 200
    message, _ = refused(f'<ODM xmlns="{ODM}"><SubjectData>{inside}</SubjectData></ODM>')

    assert "nested more than" in message
