from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import mtqa
from mtqa.errors import InputError, PairingError
from mtqa.formats.article import read_article
from mtqa.pipeline import check_document

TEXT = "They was happy in 1994."


@pytest.fixture
def editor(make_editor: Any, answer: Any) -> Any:
    return make_editor({"was": answer("were"), "1994": answer("1995", 0.95)})


def test_the_public_names_are_all_there() -> None:
    for name in mtqa.__all__:
        assert getattr(mtqa, name) is not None
        assert name in dir(mtqa)
    with pytest.raises(AttributeError, match="no_such_name"):
        mtqa.no_such_name  # noqa: B018


def test_check_and_clean_agree(editor: Any) -> None:
    report = mtqa.check(TEXT, references=["They were happy in 1994."], editor=editor)
    assert report.cleaned == mtqa.clean(TEXT, editor=editor) == "They were happy in 1994."
    assert [finding.rule for finding in report.findings] == ["edit.function-word", "refused.number"]
    assert report.comparisons[0].after.value == pytest.approx(100)


def test_options_reach_the_guard(editor: Any) -> None:
    loose = mtqa.Options(guard=False)
    assert mtqa.clean(TEXT, editor=editor, options=loose) == "They were happy in 1995."
    strict = mtqa.Options(min_confidence=0.99)
    assert mtqa.clean(TEXT, editor=editor, options=strict) == TEXT
    kept = mtqa.Options(protect=("was",))
    assert mtqa.clean(TEXT, editor=editor, options=kept) == TEXT


def test_the_editors_own_threshold_holds_unless_another_is_given(
    make_editor: Any, answer: Any
) -> None:
    careful = make_editor({"was": answer("were", 0.8)}, default_min_confidence=0.9)
    assert mtqa.clean(TEXT, editor=careful) == TEXT
    asked = mtqa.Options(min_confidence=0.7)
    assert mtqa.clean(TEXT, editor=careful, options=asked) == "They were happy in 1994."


def test_a_file_is_checked_by_check_file(editor: Any, tmp_path: Path) -> None:
    path = tmp_path / "article.txt"
    path.write_text(TEXT)
    by_path = mtqa.check_file(path, editor=editor)
    assert by_path == check_document(read_article(path).document, editor)
    with pytest.raises(InputError, match=r"use mtqa\.check_file"):
        mtqa.check(str(path), editor=editor)


def test_a_text_that_was_not_read_whole_is_not_called_clean(make_editor: Any) -> None:
    with pytest.raises(InputError, match="longer than the editor can read"):
        mtqa.clean(TEXT, editor=make_editor(truncated=True))


def test_references_must_have_the_same_paragraphs(editor: Any) -> None:
    with pytest.raises(PairingError):
        mtqa.check(TEXT, references=["One.\n\nTwo."], editor=editor)


@pytest.mark.parametrize("text", ["", " \n\t", "\n"])
def test_no_text_is_refused(text: str, editor: Any) -> None:
    with pytest.raises(InputError, match="no text"):
        mtqa.check(text, editor=editor)
