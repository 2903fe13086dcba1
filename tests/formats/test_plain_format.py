"""Plain text files: what is read, what is refused and how it is put, what is written."""

from __future__ import annotations

import errno
import io
import os
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mtqa.errors import InputError
from mtqa.formats.plain import read_text, read_utf8, write_text

# Any text that can be in a UTF-8 file and is read: no surrogates, no NUL.
file_text = st.text(
    st.characters(codec="utf-8", exclude_characters="\x00"), max_size=60
) | st.lists(
    st.sampled_from(("a", "é", "😀", "\r\n", "\n", "\r", "\u2028", "\ufeff", "\u200f", " ", "\x0b"))
).map("".join)
in_one_folder = settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def refusal(path: str | Path) -> InputError:
    with pytest.raises(InputError) as caught:
        read_text(path)
    error = caught.value
    assert error.where is not None
    assert error.hint
    return error


@in_one_folder
@given(text=file_text, bom=st.booleans())
def test_what_is_written_is_read_back(tmp_path: Path, text: str, bom: bool) -> None:
    path = tmp_path / "a.txt"
    bom = bom or text.startswith("\ufeff")  # such a text cannot be told from one with a mark
    write_text(path, text, bom=bom)
    decoded = read_utf8(path)
    assert (decoded.text, decoded.bom) == (text, bom)
    assert path.read_bytes() == (b"\xef\xbb\xbf" if bom else b"") + text.encode()
    assert list(tmp_path.iterdir()) == [path]


def test_newlines_and_the_mark_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"\xef\xbb\xbfOne.\r\nTwo.\rThree.\n")
    doc = read_text(path)
    assert (doc.text, doc.bom, doc.path) == ("One.\r\nTwo.\rThree.\n", True, str(path))
    assert [p.line for p in doc.paragraphs] == [1, 2, 3]


@pytest.mark.parametrize(
    ("data", "what", "line"),
    [
        (b"", "the file is empty", None),
        (b"\xef\xbb\xbf", "the file is empty", None),
        (b" \r\n\t\n", "there is no text in it", None),
        ("One.".encode("utf-16"), "the file is in UTF-16 (byte order mark FF FE)", None),
        (b"\xfe\xff\x00O", "the file is in UTF-16 (byte order mark FE FF)", None),
        ("One.".encode("utf-32"), "the file is in UTF-32 (byte order mark FF FE 00 00)", None),
        (b"\x00\x00\xfe\xff", "the file is in UTF-32 (byte order mark 00 00 FE FF)", None),
        (b"One.\r\nT\x00wo", "the file is not text: NUL at byte 7", 2),
        (b"One.\r\n\rcaf\xe9.\n", "the file is not UTF-8: byte 0xE9 at byte 10", 3),
        ("é".encode()[:1], "the file is not UTF-8: byte 0xC3 at byte 0", 1),
        (b"\xef\xbb\xbfO\n\xff", "the file is not UTF-8: byte 0xFF at byte 5", 2),
        (b"\xed\xa0\x80", "the file is not UTF-8: byte 0xED at byte 0", 1),
    ],
)
def test_refused_contents(tmp_path: Path, data: bytes, what: str, line: int | None) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(data)
    error = refusal(path)
    assert error.what == what
    assert error.where == (str(path) if line is None else f"{path}:{line}")


def test_refused_paths(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none.txt").what == "there is no such file"
    assert refusal(tmp_path).what == "this is a folder, not a file"
    (tmp_path / "a.txt").write_bytes(b"One.")
    assert "cannot be read" in refusal(tmp_path / "a.txt" / "b.txt").what
    assert "cannot be read" in refusal("a\0b").what
    assert "cannot be read" in refusal("x" * 5000).what


def test_a_file_without_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> bytes:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    path = tmp_path / "a.txt"
    path.write_bytes(b"One.")
    monkeypatch.setattr(Path, "read_bytes", refuse)  # root may read everything
    assert refusal(path).what == "the file cannot be read: Permission denied"


def test_standard_input_and_output(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"One.\r\n")))
    out = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(out))
    doc = read_text("-")
    assert (doc.path, doc.text) == ("<stdin>", "One.\r\n")
    write_text("-", doc.text, bom=False)
    assert out.getvalue() == b"One.\r\n"


@pytest.mark.skipif(os.name == "nt", reason="modes of POSIX")
def test_mode_and_links_are_kept(tmp_path: Path) -> None:
    path, link = tmp_path / "a.txt", tmp_path / "link.txt"
    path.write_bytes(b"One.")
    path.chmod(0o640)
    link.symlink_to(path)
    write_text(link, "Two.", bom=False)
    assert link.is_symlink()
    assert path.read_bytes() == b"Two."
    assert path.stat().st_mode & 0o777 == 0o640


def test_a_failed_write_leaves_everything_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"One.")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(InputError, match="cannot be written: No space left"):
        write_text(path, "Two.", bom=False)
    assert path.read_bytes() == b"One."
    assert list(tmp_path.iterdir()) == [path]


def test_unwritable_texts_and_paths(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="surrogate pair at code point 1"):
        write_text(tmp_path / "a.txt", "x\ud83d", bom=False)
    with pytest.raises(InputError, match="cannot be written"):
        write_text(tmp_path / "none" / "a.txt", "x", bom=False)
    with pytest.raises(InputError, match="cannot be written"):
        write_text(tmp_path, "x", bom=False)
    assert not list(tmp_path.iterdir())
