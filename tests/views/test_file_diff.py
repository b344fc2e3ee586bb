"""A diff shows what changes in a file, what cannot be seen in its lines, and no control signs."""

from __future__ import annotations

from redcap_iac.views.file_diff import diff_lines


def shown(old: bytes | None, new: bytes | None, path: str = "a.yaml") -> list[str]:
    return [line.plain for line in diff_lines(path, old, new)]


def test_equal_files_show_nothing() -> None:
    assert shown(b"a\n", b"a\n") == []


def test_changed_lines_stand_between_the_lines_around_them() -> None:
    assert shown(b"a\nb\nc\n", b"a\nB\nc\n") == [
        "--- a.yaml", "+++ a.yaml", "@@ -1,3 +1,3 @@", " a", "-b", "+B", " c",
    ]  # fmt: skip


def test_added_and_removed_lines_have_their_colours() -> None:
    styles = {line.plain[:2]: str(line.style) for line in diff_lines("f", b"a\n", b"b\n")}
    assert (styles["-a"], styles["+b"], styles["@@"]) == ("red", "green", "cyan")


def test_a_new_file_and_one_that_goes_are_told() -> None:
    assert shown(None, b"a\n")[:2] == ["--- no file", "+++ a.yaml"]
    assert shown(b"a\n", None)[:2] == ["--- a.yaml", "+++ no file"]


def test_line_ends_and_encodings_are_told_where_they_alone_change() -> None:
    assert shown(b"a\r\nb\n", b"a\nb\n")[2:] == ["  (line ends: CRLF and LF becomes LF)"]
    assert shown(b"\xef\xbb\xbfa\n", b"a\n")[2:] == [
        "  (encoding: UTF-8 with a byte-order mark becomes UTF-8)"
    ]
    assert "  (encoding: Windows-1252 becomes UTF-8)" in shown(b"\xe9\n", "é\n".encode())


def test_a_missing_last_line_break_is_a_difference() -> None:
    assert shown(b"a", b"a\n")[2:] != []


def test_what_a_terminal_would_obey_is_shown_instead() -> None:
    lines = shown(b"a\n", b"\x1b[31mred\n", "b\x07.yaml")
    assert not any("\x1b" in line or "\x07" in line for line in lines)
    assert "+\u241b[31mred" in lines
