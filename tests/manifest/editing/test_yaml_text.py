"""A change to a YAML file changes what it is about, and no other byte."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, assume, given, reject, settings
from hypothesis import strategies as st

from redcap_iac.errors import EditError
from redcap_iac.findings import Findings
from redcap_iac.manifest.editing.composing import compose
from redcap_iac.manifest.editing.extents import comments, extent
from redcap_iac.manifest.editing.spans import Collection, data_of
from redcap_iac.manifest.editing.yaml_text import YamlText
from redcap_iac.manifest.nodes import read_yaml
from tests.manifest.editing.documents import DRAFTS, KEYS, documents

SMALL = settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))


def opened(text: str) -> YamlText:
    return YamlText(text.encode(), "a.yaml")


def text_of(changed: YamlText) -> str:
    return changed.data().decode()


def is_read(text: str) -> bool:
    findings = Findings()
    return read_yaml(text.encode(), "a.yaml", findings) is not None and not findings.errors()


def values(text: str) -> object:
    return data_of(compose(text if text.endswith("\n") else f"{text}\n", "a.yaml"))


def notes(text: str) -> list[str]:
    whole = text if text.endswith("\n") else f"{text}\n"
    return sorted(words for _, words in comments(whole, compose(whole, "a.yaml")))


def paths(value: object, base: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Return the paths of all values below a document."""
    found: list[tuple[str | int, ...]] = []
    inner: list[tuple[str | int, object]] = []
    if isinstance(value, dict):
        inner = list(value.items())
    elif isinstance(value, list):
        inner = list(enumerate(value))
    for step, part in inner:
        found += [(*base, step), *paths(part, (*base, step))]
    return found


# any document


@SMALL
@given(documents())
def test_a_file_nobody_changes_stays_byte_for_byte(text: str) -> None:
    assume(is_read(text))
    assert opened(text).data() == text.encode()


@SMALL
@given(st.data())
def test_a_value_set_anywhere_is_there_and_the_rest_is_as_it_was(data: st.DataObject) -> None:
    text = data.draw(documents())
    assume(is_read(text))
    path = data.draw(st.sampled_from(paths(values(text))))
    value = data.draw(DRAFTS)
    changed = opened(text)
    changed.set(path, value)
    expected = opened(text)
    _put(expected.value(()), path, value)
    assert _words(values(text_of(changed))) == _words(expected.value(()))


@SMALL
@given(st.data())
def test_every_byte_outside_the_section_that_changes_stays(data: st.DataObject) -> None:
    text = data.draw(documents())
    assume(is_read(text))
    root = compose(text, "a.yaml")
    assert isinstance(root, Collection)
    assume(not root.flow)
    path = data.draw(st.sampled_from(paths(values(text))))
    changed = opened(text)
    changed.set(path, data.draw(DRAFTS))
    names = [part.name for part in root.parts]
    around = extent(text, root, names.index(str(path[0])))
    assert text_of(changed).startswith(text[: around.top])
    assert text_of(changed).endswith(text[around.bottom :])


@SMALL
@given(st.data())
def test_moving_and_renaming_loses_no_comment(data: st.DataObject) -> None:
    text = data.draw(documents())
    assume(is_read(text))
    path = data.draw(st.sampled_from(paths(values(text))))
    changed = opened(text)
    try:
        if isinstance(path[-1], int):
            there = changed.value(path[:-1])
            assert isinstance(there, list)
            changed.move_item(path, data.draw(st.integers(0, len(there) - 1)))
        elif data.draw(st.booleans()):
            changed.rename(path, "new name")
        else:
            owner = changed.value(path[:-1])
            assert isinstance(owner, dict)
            others = [None, *(key for key in owner if key != path[-1])]
            changed.move(path, after=data.draw(st.sampled_from(others)))
        after = text_of(changed)
    except EditError:
        reject()  # a block that keeps its blank lines cannot go to every place
    assert notes(after) == notes(text)


@SMALL
@given(st.data())
def test_what_is_removed_is_gone_and_nothing_else(data: st.DataObject) -> None:
    text = data.draw(documents())
    assume(is_read(text))
    path = data.draw(st.sampled_from(paths(values(text))))
    changed = opened(text)
    changed.remove(path)
    expected = opened(text).value(())
    owner = _at(expected, path[:-1])
    if isinstance(owner, dict):
        del owner[path[-1]]
    elif isinstance(owner, list):
        del owner[int(path[-1])]
    assert _words(values(text_of(changed))) == _words(expected)
    assert set(notes(text_of(changed))) <= set(notes(text))


@SMALL
@given(documents(), st.sampled_from(KEYS), DRAFTS)
def test_a_new_key_comes_first_and_last(text: str, key: str, value: object) -> None:
    assume(is_read(text) and key not in (opened(text).value(()) or {}))  # type: ignore[operator]
    first, last = opened(text), opened(text)
    first.insert((), key, value, after=None)
    last.set((key,), value)
    assert list(_map(values(text_of(first))))[0] == key  # noqa: RUF015 - reads better
    assert list(_map(values(text_of(last))))[-1] == key
    assert notes(text_of(first)) == notes(text) == notes(text_of(last))


@SMALL
@given(st.data())
def test_changes_one_after_the_other_add_up(data: st.DataObject) -> None:
    text = data.draw(documents())
    assume(is_read(text))
    changed, expected = opened(text), opened(text).value(())
    for _ in range(3):
        there = paths(expected)
        assume(there)
        path = data.draw(st.sampled_from(there))
        owner = _at(expected, path[:-1])
        if data.draw(st.booleans()):
            value = data.draw(DRAFTS)
            _put(expected, path, value)
            changed.set(path, value)
        elif isinstance(owner, dict):
            owner.pop(path[-1])
            changed.remove(path)
        elif isinstance(owner, list):
            owner.insert(0, owner.pop(int(path[-1])))
            changed.move_item(path, 0)
    try:
        after = text_of(changed)
    except EditError:
        reject()  # a block that keeps its blank lines cannot go to every place
    assert _words(values(after)) == _words(expected)


def _put(root: object, path: tuple[str | int, ...], value: object) -> None:
    owner = _at(root, path[:-1])
    if isinstance(owner, dict):
        owner[path[-1]] = value
    elif isinstance(owner, list):
        owner[int(path[-1])] = value


def _at(value: object, path: tuple[str | int, ...]) -> object:
    for step in path:
        value = value[step] if isinstance(value, dict) else value[int(step)]  # type: ignore[index]
    return value


def _map(value: object) -> dict[str, object]:
    assert isinstance(value, dict)
    return value


def _words(value: object) -> object:
    """Return a value with numbers as the text they are in a file, and maps with their order."""
    if isinstance(value, dict):
        return [(key, _words(part)) for key, part in value.items()]
    if isinstance(value, list):
        return [_words(part) for part in value]
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


# by hand: values

FIELDS = """\
# the form
fields:
  # who
  age: {type: text, label: "Age"}   # years
  sex:
    type: radio
    label: 'Sex'  # asked once
    choices:
      1: 'Female'  # f
      2: 'Male'

  # last
  bmi: {type: calc, label: "BMI"}
# end
"""

SETS = [
    ("fields/age/label", "Years", '{type: text, label: "Years"}   # years'),
    ("fields/sex/label", "Sex at birth", "label: 'Sex at birth'  # asked once"),
    ("fields/sex/label", "it's", "label: 'it''s'  # asked once"),
    ("fields/sex/type", "dropdown", "type: dropdown\n"),
    ("fields/age/note", "in years", 'label: "Age", note: "in years"}   # years'),
    ("fields/sex/note", "really", "      2: 'Male'\n    note: really\n\n  # last"),
    ("fields/sex/choices/3", "Other", "      2: 'Male'\n      3: 'Other'\n"),
    ("fields/sex/choices/2", None, "      2: null\n"),
    ("fields/age/required", True, "required: true}   # years"),
    ("fields/sex/label", "a\nb", "label: |-  # asked once\n      a\n      b\n    choices"),
    ("fields/sex/note", "${x}", "note: '$${x}'"),
    ("fields/sex", "gone", "  sex: gone\n\n  # last"),
    ("fields/age", {"type": "notes"}, "  age: {type: notes}   # years\n"),
    ("fields/sex/choices", {}, "    choices: {}\n"),
    ("title", "Study", "# end\n"),
]


@pytest.mark.parametrize(("path", "value", "expected"), SETS)
def test_a_value_is_written_as_its_surroundings_are(
    path: str, value: object, expected: str
) -> None:
    changed = opened(FIELDS)
    changed.set(tuple(path.split("/")), value)
    assert expected in text_of(changed)


def test_a_label_changes_its_own_line_alone() -> None:
    changed = opened(FIELDS)
    changed.set(("fields", "sex", "label"), "S")
    old, new = FIELDS.splitlines(), text_of(changed).splitlines()
    assert [(a, b) for a, b in zip(old, new, strict=True) if a != b] == [
        ("    label: 'Sex'  # asked once", "    label: 'S'  # asked once")
    ]


def test_equal_choices_keep_their_comments_when_others_change() -> None:
    changed = opened(FIELDS)
    changed.set(("fields", "sex", "choices"), {"1": "Female", "3": "Other", "2": "Man"})
    assert "      1: 'Female'  # f\n      3: 'Other'\n      2: 'Man'\n" in text_of(changed)


def test_the_order_of_choices_is_part_of_the_value() -> None:
    changed = opened(FIELDS)
    changed.set(("fields", "sex", "choices"), {"2": "Male", "1": "Female"})
    assert "      2: 'Male'\n      1: 'Female'  # f\n" in text_of(changed)


def test_a_map_in_braces_becomes_a_block_when_it_grows_too_long() -> None:
    changed = opened(FIELDS)
    changed.set(("fields", "age", "note"), "n" * 80)
    long = f"    note: {'n' * 80}\n"
    assert f'  age:   # years\n    type: text\n    label: "Age"\n{long}' in text_of(changed)


def test_a_new_entry_in_braces_stands_among_entries_in_braces() -> None:
    changed = opened('fields:\n  a: {type: text, label: "A"}\n')
    changed.insert(("fields",), "b", {"type": "text", "label": "B b"}, after="a")
    assert text_of(changed).endswith('  b: {type: text, label: "B b"}\n')


def test_sections_that_stand_apart_get_a_new_one_apart() -> None:
    changed = opened("a: 1\n\nb: 2\n")
    changed.insert((), "c", "3", after="a")
    assert text_of(changed) == "a: 1\n\nc: 3\n\nb: 2\n"


def test_lists_change_item_by_item_and_keep_their_comments() -> None:
    changed = opened("arms:\n  - name: A  # first\n    x: 1\n  - name: B  # second\n")
    changed.set(("arms",), [{"name": "New"}, {"name": "A", "x": "1"}, {"name": "C"}])
    text = "arms:\n  - name: New\n  - name: A  # first\n    x: 1\n  - name: C  # second\n"
    assert text_of(changed) == text


def test_an_item_of_a_list_is_known_by_its_name() -> None:
    changed = opened("events:\n  # base\n  - name: A  # first\n    x: 1\n  - name: B\n")
    changed.set(("events",), [{"name": "New"}, {"name": "A", "x": "2"}, {"name": "B"}])
    expected = "events:\n  - name: New\n  # base\n  - name: A  # first\n    x: 2\n  - name: B\n"
    assert text_of(changed) == expected


def test_a_list_of_the_parents_column_keeps_it() -> None:
    changed = opened("events:\n- a\n- b\nother:\n  c: 1\n")
    changed.insert_item(("events",), 1, {"k": "v", "l": ["x/y"]})
    assert text_of(changed) == "events:\n- a\n- k: v\n  l:\n  - x/y\n- b\nother:\n  c: 1\n"


def test_four_blanks_stay_four_blanks() -> None:
    changed = opened("a:\n    b:\n        c: 1\n")
    changed.set(("a", "d"), {"e": {"f": "g"}})
    assert text_of(changed).endswith("    d:\n        e:\n            f: g\n")


# by hand: removing and moving


def test_a_removed_entry_takes_its_own_comments_along_and_no_others() -> None:
    changed = opened(FIELDS)
    changed.remove(("fields", "age"))
    changed.remove(("fields", "bmi"))
    left = text_of(changed)
    assert notes(left) == ["# asked once", "# end", "# f", "# the form"]


def test_a_comment_that_stands_apart_stays_when_the_entry_below_goes() -> None:
    changed = opened("a: 1\n\n# a heading\n\nb: 2\nc: 3\n")
    changed.remove(("b",))
    assert text_of(changed) == "a: 1\n\n# a heading\n\nc: 3\n"


def test_the_last_key_of_a_map_leaves_an_empty_one() -> None:
    changed = opened("a:  # why\n  b: 1\nc: 2\n")
    changed.remove(("a", "b"))
    assert text_of(changed) == "a: {}  # why\nc: 2\n"


def test_the_first_key_behind_a_dash_can_go() -> None:
    changed = opened("l:\n  - a: 1\n    # b's\n    b: 2\n  - c: 3\n")
    changed.remove(("l", 0, "a"))
    changed.remove(("l", 1, "c"))
    assert values(text_of(changed)) == {"l": [{"b": "2"}, {}]}
    assert "# b's" in text_of(changed)


def test_an_entry_moves_with_its_comments() -> None:
    changed = opened(FIELDS)
    changed.move(("fields", "bmi"), after=None)
    expected = 'fields:\n  # last\n  bmi: {type: calc, label: "BMI"}\n  # who\n  age:'
    assert expected in text_of(changed)


def test_in_braces_entries_go_with_their_commas() -> None:
    changed = opened("a: {b: 1, c: 2, d: 3}\n")
    changed.remove(("a", "c"))
    changed.remove(("a", "d"))
    assert text_of(changed) == "a: {b: 1}\n"
    changed.remove(("a", "b"))
    assert text_of(changed) == "a: {}\n"


def test_braces_over_several_lines_keep_their_lines() -> None:
    changed = opened("a: {\n  b: 1,  # one\n  c: 2  # two\n}\n")
    changed.set(("a", "d"), "3")
    assert text_of(changed) == "a: {\n  b: 1,  # one\n  c: 2,  # two\n  d: 3\n}\n"


# by hand: what is shared

SHARED = """\
base: &base {type: text, label: "Same"}
one: *base
two:
  <<: *base
  note: "own"
"""


@pytest.mark.parametrize("path", ["base/label", "one/label", "one/note"])
def test_what_aliases_share_is_not_changed_unasked(path: str) -> None:
    with pytest.raises(EditError, match=r"line 1 of a\.yaml is shared.*lines 2, 4 would change"):
        opened(SHARED).set(tuple(path.split("/")), "Other")


def test_an_anchor_in_use_cannot_go() -> None:
    with pytest.raises(EditError, match="would lose what they refer to"):
        opened(SHARED).remove(("base",))


def test_a_merged_key_is_overridden_where_it_is_wanted() -> None:
    changed = opened(SHARED)
    changed.set(("two", "label"), "Own")
    assert text_of(changed) == f"{SHARED}  label: Own\n"


def test_a_merged_key_cannot_be_removed() -> None:
    with pytest.raises(EditError, match="comes in by `<<`"):
        opened(SHARED).remove(("two", "type"))


def test_an_alias_itself_is_replaced() -> None:
    changed = opened(SHARED)
    changed.set(("one",), "plain")
    assert "one: plain\n" in text_of(changed)


def test_an_alias_given_a_map_like_the_one_it_names_leaves_that_alone() -> None:
    changed = opened(SHARED)
    changed.set(("one",), {"type": "text", "label": "Own"})
    assert text_of(changed) == SHARED.replace("one: *base", "one:\n  type: text\n  label: Own")


def test_an_item_that_becomes_a_block_keeps_its_comment_on_its_first_line() -> None:
    changed = opened("a:\n  - {n: 2, b: x}   # alike\n")
    changed.set(("a", 0, "b"), "long " * 25)
    assert text_of(changed).startswith("a:\n  - n: 2   # alike\n    b: ")


def test_a_shared_change_is_made_when_it_is_meant() -> None:
    changed = YamlText(b"a: &x {b: 1}\nc: *x\n", "a.yaml", shared=True)
    changed.set(("c", "b"), "2")
    assert changed.data() == b"a: &x {b: 2}\nc: *x\n"


# by hand: bytes

BYTES = [
    (b"a: 1\r\nb: 2\r\n", b"a: 1\r\nb: 2\r\nc: 3\r\n"),
    (b"a: 1\rb: 2\r", b"a: 1\rb: 2\rc: 3\r"),
    (b"a: 1\nb: 2", b"a: 1\nb: 2\nc: 3"),
    (b"\xef\xbb\xbfa: 1\n", b"\xef\xbb\xbfa: 1\nc: 3\n"),
    ("\ufeffa: ü\n".encode("utf-16-le"), "\ufeffa: ü\nc: 3\n".encode("utf-16-le")),
    (b"a: \xe9\n", b"a: \xe9\nc: 3\n"),
    (b"---\na: 1\n...\n", b"---\na: 1\nc: 3\n...\n"),
    (b"a: 1\r\nb: 2\n", b"a: 1\r\nb: 2\nc: 3\r\n"),
    (b"a: 1\n\n\n", b"a: 1\nc: 3\n\n\n"),
    (b"? a\n: 1\n", b"? a\n: 1\nc: 3\n"),
]


@pytest.mark.parametrize(("before", "after"), BYTES)
def test_line_ends_marks_and_encodings_stay(before: bytes, after: bytes) -> None:
    changed = YamlText(before, "a.yaml")
    changed.set(("c",), 3)
    assert changed.data() == after


def test_a_letter_the_encoding_lacks_is_refused() -> None:
    changed = YamlText(b"a: \xe9\n", "a.yaml")
    changed.set(("a",), "\u0416")
    with pytest.raises(EditError, match="Windows-1252, which has no letter"):
        changed.data()


REFUSED = [b"a: [1\n", b"a: 1\na: 2\n", b"a:\tb\n", b"", b"a: 1\n---\nb: 2\n", b"\xff\x00\xff"]


@pytest.mark.parametrize("data", REFUSED)
def test_what_cannot_be_read_is_not_edited(data: bytes) -> None:
    with pytest.raises(EditError, match=r"a\.yaml"):
        YamlText(data, "a.yaml")


def test_paths_that_lead_nowhere_are_refused() -> None:
    text = "a: {b: 1}\nl: [1]\n"
    for path in (("x", "y"), ("a", "b", "c"), ("l", 3)):
        with pytest.raises(EditError, match=r"is not there|neither a map nor a list"):
            opened(text).set(path, "v")
    with pytest.raises(EditError, match="is there already"):
        opened(text).insert((), "a", "v", after=None)
    with pytest.raises(EditError, match="is there already"):
        opened(text).rename(("a",), "l")
    with pytest.raises(EditError, match="has no item 5"):
        opened(text).insert_item(("l",), 5, "v")
    with pytest.raises(EditError, match="is not there"):
        opened(text).move(("a",), after="z")
    with pytest.raises(EditError, match="is not there"):
        opened(text).remove(("z",))
