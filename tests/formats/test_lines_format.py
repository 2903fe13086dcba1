"""Files of one segment per line: blank lines stay, unequal files are refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mtqa.errors import InputError, PairingError
from mtqa.formats.lines import NamedLines, check_parallel, read_lines, split_lines

line = st.text(st.characters(codec="utf-8", exclude_characters="\n\r\x00"), max_size=20) | (
    st.sampled_from(("", " ", "a\rb", "a\u2028b", "a\x0bb", "a\x85b", "😀"))
)


@settings(max_examples=200, deadline=None)
@given(st.lists(line, min_size=1, max_size=8), st.sampled_from(("\n", "\r\n")))
def test_every_line_is_kept(lines: list[str], newline: str) -> None:
    assert split_lines(newline.join([*lines, ""])) == tuple(lines)
    if lines[-1]:
        assert split_lines(newline.join(lines)) == tuple(lines)


def test_a_file_with_a_mark_and_blank_lines(tmp_path: Path) -> None:
    path = tmp_path / "hyp.txt"
    path.write_bytes(b"\xef\xbb\xbfOne.\r\n\r\n \nTwo.\n\n")
    assert read_lines(path) == ("One.", "", " ", "Two.", "")


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "hyp.txt"
    path.write_bytes(b"")
    with pytest.raises(InputError, match="the file is empty"):
        read_lines(path)


def test_equal_lengths_are_parallel() -> None:
    check_parallel([])
    check_parallel([NamedLines("a", ("x", ""))])
    check_parallel([NamedLines("a", ("x", "")), NamedLines("b", ("", "y"))])


def test_unequal_lengths_are_refused_with_the_first_drift() -> None:
    first = NamedLines("hyp.txt", ("The cat sat down.", "A dog ran off.", "It rained all day."))
    good = NamedLines("ref.1.txt", ("The cat sat.", "A dog ran away.", "It rained all day."))
    bad = NamedLines("ref.2.txt", ("The cat sat.", "It rained all day."))
    with pytest.raises(PairingError) as caught:
        check_parallel([first, good, bad])
    assert str(caught.value) == (
        "ref.2.txt: 2 lines against 3 in hyp.txt; they drift apart at "
        'hyp.txt:2 "A dog ran off." against ref.2.txt:2 "It rained all day." '
        "(give files whose n-th lines belong together)"
    )


def test_a_line_too_many_at_the_end() -> None:
    with pytest.raises(PairingError, match=r'at the end of a against b:2 "y"'):
        check_parallel([NamedLines("a", ("x",)), NamedLines("b", ("x", "y"))])
