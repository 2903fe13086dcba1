"""Articles in folders: texts that are paired, marked errors that hold, refusals that say where."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mtqa.errors import InputError, PairingError
from mtqa.formats import READERS, WRITERS, read_article
from mtqa.formats.gold import COLUMNS, GoldSpan, read_gold
from mtqa.text import Span

CARNEY = Path(__file__).parents[2] / "references" / "carney"
HEADER = "\t".join(COLUMNS)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "mt.txt").write_bytes("😀 One.\r\n\r\nTwo.\r\n".encode())
    return tmp_path


def test_the_real_article() -> None:
    article = read_article(CARNEY)
    doc, raw = article.document, (CARNEY / "mt.txt").read_bytes().decode()
    assert (article.name, doc.text, doc.path) == ("carney", raw, str(CARNEY / "mt.txt"))
    assert (len(doc.paragraphs), len(doc.segments)) == (21, 31)
    assert all(len(paragraph.references) == 1 for paragraph in doc.paragraphs)
    assert article.gold
    assert all(gold.span.of(raw) == gold.surface for gold in article.gold)


def test_the_marked_errors_of_the_real_article_make_its_reference() -> None:
    """What references/README.md promises of the gold in this repository."""
    article = read_article(CARNEY)
    corrected = article.document.text
    for gold in reversed(article.gold or ()):
        corrected = corrected[: gold.span.start] + gold.correction + corrected[gold.span.end :]
    assert corrected == (CARNEY / "reference.txt").read_bytes().decode()


def test_a_folder_with_everything(folder: Path) -> None:
    for name, text in {
        "reference.txt": "A.\nB.",
        "reference.10.txt": "C.\nD.",
        "source.txt": "Eins.\nZwei.",
        "spans.tsv": f"{HEADER}\nOne\t2\t5\tTen\tFluency/Grammar\tminor\n",
        "provenance.md": "By hand.",
        "notes.txt": "Not read.",
        **{f"reference.{n}.txt": f"{n}.\n{n}." for n in range(2, 10)},
    }.items():
        (folder / name).write_text(text)
    article = read_article(folder)
    first = article.document.paragraphs[0]
    assert first.references == ("A.", *(f"{n}." for n in range(2, 10)), "C.")
    assert first.source == "Eins."
    assert article.gold == (GoldSpan(Span(2, 5), "One", "Ten", "Fluency/Grammar", "minor"),)


def test_a_folder_with_the_text_alone(folder: Path) -> None:
    article = read_article(folder)
    assert article.gold is None
    assert article.document.paragraphs[0].references == ()
    assert article.document.paragraphs[0].source is None


def test_explicit_files_stand_in_for_those_of_the_folder(folder: Path) -> None:
    for name in ("reference.txt", "source.txt"):
        (folder / name).write_text("of folder\nof folder")
    (folder / "mine.txt").write_text("mine\nmine")
    article = read_article(folder, references=[folder / "mine.txt"], source=folder / "mine.txt")
    assert article.document.paragraphs[0].references == ("mine",)
    assert article.document.paragraphs[0].source == "mine"


def test_a_plain_file_and_standard_input(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "reference.txt").write_text("A.\nB.")
    article = read_article(folder / "mt.txt")
    assert (article.name, article.gold) == ("mt", None)
    assert article.document.paragraphs[0].references == ()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"One.\n\nTwo.")))
    article = read_article("-", references=[folder / "reference.txt"])
    assert (article.name, article.path) == ("<stdin>", "-")
    assert [p.references for p in article.document.paragraphs] == [("A.",), ("B.",)]


def test_unpaired_texts_are_refused(folder: Path) -> None:
    (folder / "reference.txt").write_text("A.")
    with pytest.raises(PairingError, match=r"1 paragraph and .* 2"):
        read_article(folder)


@pytest.mark.parametrize(
    ("names", "what"),
    [
        (["reference.2.txt"], "there is a reference.2.txt but no reference.txt"),
        (["reference.txt", "reference.3.txt"], "there is a reference.3.txt but no reference.2.txt"),
        (["reference.1.txt"], "reference.1.txt is not the name of a reference"),
        (["reference.txt", "references.txt"], "references.txt is not the name of a reference"),
    ],
)
def test_no_reference_is_passed_over(folder: Path, names: list[str], what: str) -> None:
    for name in names:
        (folder / name).write_text("A.\nB.")
    with pytest.raises(InputError) as caught:
        read_article(folder)
    assert (caught.value.what, caught.value.where) == (what, str(folder))


def test_refused_paths(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"has no mt\.txt"):
        read_article(tmp_path)
    for path in (tmp_path / "none", "a\0b", "x" * 5000):
        with pytest.raises(InputError):
            read_article(path)


TEXT = 'Der 😀 Hund\t"bellt"\nlaut \\o/.'


@pytest.mark.parametrize(
    ("row", "line", "message"),
    [
        ("One\t0\t3\t\tA\tminor", 2, "the text has 'Der' at 0-3, not 'One'"),
        (
            "Hund\t7\t11\t\tA\tminor",
            2,
            r"the text has 'und\t' at 7-11, not 'Hund' (it stands at 6-10",
        ),
        ("\t99\t99\tx\tA\tminor", 2, "the text has '' at 99-99, not ''"),
        ("Der\t0\t3\t\tA\tMinor", 2, 'unknown severity "Minor"'),
        ("Der\t0\t3\t\t\tminor", 2, "the category is empty"),
        ("Der\t0\t3\tA\tminor", 2, "5 columns instead of 6"),
        ("", 2, "1 columns instead of 6"),
        ("Der\t3\t0\t\tA\tminor", 2, 'start "3" and end "0" are not a span'),
        ("Der\t+0\t3\t\tA\tminor", 2, 'start "+0" and end "3" are not a span'),
        ("Der\t0\t３\t\tA\tminor", 2, 'start "0" and end "３" are not a span'),
        ("Der\t0\t3\t\\x\tA\tminor", 2, '"\\x" is not an escape'),
        ("Der\t0\t3\t\\\tA\tminor", 2, '"\\" is not an escape'),
        ("Der\t0\t3\t\tA\tminor\nr\t2\t3\t\tA\tminor", 3, "the span 2-3 begins before the end"),
        ("r\t2\t3\t\tA\tminor\nD\t0\t1\t\tA\tminor", 3, "the span 0-1 begins before the end"),
    ],
)
def test_refused_rows(tmp_path: Path, row: str, line: int, message: str) -> None:
    path = tmp_path / "spans.tsv"
    path.write_text(f"{HEADER}\n{row}\n", newline="\n")
    with pytest.raises(InputError) as caught:
        read_gold(path, TEXT)
    assert str(caught.value).startswith(f"{path}:{line}: {message}")


@pytest.mark.parametrize("text", ["", "surface\tstart\n", "Der\t0\t3\t\tA\tminor\n"])
def test_a_table_without_its_header_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "spans.tsv"
    path.write_text(text)
    with pytest.raises(InputError, match=r":1: the first line is not the header"):
        read_gold(path, TEXT)


def test_a_table_without_rows_says_that_there_are_no_errors(folder: Path) -> None:
    (folder / "spans.tsv").write_text(HEADER + "\n")
    assert read_article(folder).gold == ()


def _escaped(cell: str) -> str:
    return cell.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    text=st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=30),
    corrections=st.lists(st.sampled_from(["", "x", "\\", "a\tb\n", '"', " 😀", "\\n"]), max_size=6),
    newline=st.sampled_from(["\n", "\r\n"]),
    data=st.data(),
)
def test_any_spans_are_read_back(
    tmp_path: Path, text: str, corrections: list[str], newline: str, data: st.DataObject
) -> None:
    cuts = st.lists(st.integers(0, len(text)), min_size=len(corrections) * 2).map(sorted)
    bounds = data.draw(cuts)
    expected = tuple(
        GoldSpan(Span(start, end), text[start:end], correction, "A/B", "critical")
        for start, end, correction in zip(
            bounds[: len(corrections) * 2 : 2],
            bounds[1 : len(corrections) * 2 : 2],
            corrections,
            strict=True,
        )
    )
    rows = [
        f"{_escaped(g.surface)}\t{g.span.start}\t{g.span.end}\t{_escaped(g.correction)}\tA/B\tcritical"
        for g in expected
    ]
    path = tmp_path / "spans.tsv"
    path.write_bytes("".join(row + newline for row in [HEADER, *rows]).encode())
    assert read_gold(path, text) == expected


def test_the_tables_hold_what_there_is(folder: Path) -> None:
    assert READERS["folder"](folder).document == READERS["plain"](folder / "mt.txt").document
    WRITERS["plain"](folder / "out.txt", "One.", bom=True)
    assert (folder / "out.txt").read_bytes() == b"\xef\xbb\xbfOne."
