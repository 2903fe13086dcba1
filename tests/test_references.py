"""The articles in references/: each is complete, holds together and says where it comes from."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

from mtqa.edits import Edit, apply
from mtqa.formats import Article, read_article

REFERENCES = Path(__file__).parents[1] / "references"
README = (REFERENCES / "README.md").read_bytes().decode()
FOLDERS = sorted(
    path for path in REFERENCES.iterdir() if path.is_dir() and path.name[0] not in "._"
)
GOLD = [folder for folder in FOLDERS if (folder / "spans.tsv").exists()]
PROMISE = "pplying all corrections to `mt.txt` gives `reference.txt`, character for character."

every_folder = pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
every_gold = pytest.mark.parametrize("folder", GOLD, ids=lambda folder: folder.name)


def text(path: Path) -> str:
    return path.read_bytes().decode()


def paragraphs(of: str) -> list[str]:
    return [line for line in of.split("\n") if line.strip()]


def test_there_are_enough() -> None:
    assert len(FOLDERS) >= 25
    assert len(GOLD) >= 9


@every_folder
def test_reads_as_an_article_with_a_reference(folder: Path) -> None:
    article = read_article(folder)
    mt, reference = text(folder / "mt.txt"), text(folder / "reference.txt")
    assert article.document.text == mt
    assert len(paragraphs(mt)) == len(paragraphs(reference)) >= 5
    assert [p.references for p in article.document.paragraphs] == [
        (paragraph,) for paragraph in paragraphs(reference)
    ]


@every_folder
def test_the_translation_is_another_text_with_something_kept(folder: Path) -> None:
    """No copy of the reference, and not the translation of something else."""
    mt, reference = text(folder / "mt.txt"), text(folder / "reference.txt")
    kept = set(mt.split()) & set(reference.split())
    assert mt != reference
    assert len(kept) > 0.4 * len(set(reference.split()))


@every_folder
def test_no_marks_of_the_translation_engine_are_left(folder: Path) -> None:
    mt = text(folder / "mt.txt")
    assert not re.search(r"(^|[\s(\"“])[*@#]\w", mt)
    assert "  " not in mt


@every_folder
def test_the_provenance_is_that_of_this_translation(folder: Path) -> None:
    provenance = text(folder / "provenance.md")
    (digest,) = re.findall(r"sha256 `([0-9a-f]{64})`", provenance)
    assert digest == hashlib.sha256((folder / "mt.txt").read_bytes()).hexdigest()
    assert "Apache-2.0" in provenance


def gold_of(folder: Path) -> Article:
    article = read_article(folder)
    assert article.gold
    return article


@every_gold
def test_gold_spans_are_whole_words(folder: Path) -> None:
    article = gold_of(folder)
    mt = article.document.text
    for gold in article.gold or ():
        assert gold.span.of(mt) == gold.surface == gold.surface.strip()
        for at in (gold.span.start, gold.span.end):
            around = mt[max(at - 1, 0) : at + 1]
            assert not (len(around) == 2 and around.isalnum()), gold


@every_gold
def test_gold_categories_are_those_of_the_readme(folder: Path) -> None:
    (paragraph,) = re.findall(r"^\*\*Categories\*\*.*$", README, re.MULTILINE)
    known = set(re.findall(r"`([^`]+)`", paragraph))
    assert {gold.category for gold in gold_of(folder).gold or ()} <= known


@every_gold
def test_the_corrections_make_the_reference(folder: Path) -> None:
    assert PROMISE in text(folder / "provenance.md")
    article = gold_of(folder)
    edits = [Edit(gold.span, gold.correction) for gold in article.gold or ()]
    assert apply(article.document.text, edits) == text(folder / "reference.txt")


def test_the_readme_lists_them() -> None:
    """Its table is what the script makes of the folders, and leaves none out."""
    script = subprocess.run(
        [sys.executable, REFERENCES / "make_mt.py", "--table"],
        capture_output=True,
        check=True,
        encoding="utf-8",
        env={"PYTHONUTF8": "1"},
    )
    assert script.stdout in README
    listed = re.findall(r"^\| `([\w-]+)` \|", script.stdout, re.MULTILINE)
    assert sorted(listed) == [folder.name for folder in FOLDERS]
