"""Writing an output in the raw text's own spelling; finding pieces in the raw text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import normalizers, pre_tokenizers

from mtqa.editor.locate import UNKNOWN, fold, locate
from mtqa.editor.spacing import spaces
from mtqa.editor.surface import Casing, Script, document_casing, rewrite
from mtqa.edits import apply, diff

_PIECES = """
He don’t “ ” " ' — … naïve ﬁne ½ 😀 👩‍👩‍👧 é שלום 한국 İ ß [UNK] .
"""
_MARKS = ("\r\n", "\u2028", "\0", "\u200b", "\u202e", UNKNOWN)
ODD = st.text(max_size=40) | st.lists(
    st.sampled_from((*_PIECES.split(), *_MARKS)), max_size=12
).map(" ".join)
_SENTENCE = "Zoë met “the” wolf, don’t well-known — NATO 3.5% 😀"
SCRIPTS = st.builds(Script, cased=st.booleans(), spaced=st.booleans())
UNCASED = Script(cased=False, spaced=False)


def bert(text: str) -> str:
    """Text as uncased BERT cuts it (the library's own normaliser and pre-tokeniser)."""
    normal = normalizers.BertNormalizer(lowercase=True).normalize_str(text)
    return " ".join(word for word, _ in pre_tokenizers.BertPreTokenizer().pre_tokenize_str(normal))


def written(raw: str, output: str, casing: Casing | None = None, *, initial: bool = True) -> str:
    return rewrite(
        raw, bert(raw), output=output, script=UNCASED, casing=casing or Casing(), initial=initial
    )


@settings(max_examples=200, deadline=None)
@given(ODD, ODD, SCRIPTS)
def test_what_is_not_changed_stays_byte_for_byte(raw: str, image: str, script: Script) -> None:
    assert rewrite(raw, image, output=image, script=script, casing=Casing()) == raw
    assert written(raw, bert(raw)) == raw


@settings(max_examples=200, deadline=None)
@given(ODD, st.data())
def test_other_kinds_of_quotes_and_dashes_are_no_change(raw: str, data: st.DataObject) -> None:
    kinds = {"“": '"', "”": '"', "’": "'", "—": "-", "…": "..."}
    output = "".join(kinds.get(c, c) if data.draw(st.booleans()) else c for c in bert(raw))
    assert written(raw, output) == raw


@settings(max_examples=200, deadline=None)
@given(ODD, ODD, SCRIPTS, st.booleans())
def test_any_output_gives_edits_that_make_it(
    raw: str, output: str, script: Script, initial: bool
) -> None:
    new = rewrite(
        raw, bert(raw), output=bert(output), script=script, casing=Casing(), initial=initial
    )
    assert apply(raw, diff(raw, new)) == new
    assert new.count(UNKNOWN) <= raw.count(UNKNOWN)  # never written of its own accord


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(_SENTENCE.split()), min_size=3, max_size=12), st.data())
def test_one_new_word_is_one_insertion(tokens: list[str], data: st.DataObject) -> None:
    raw = "It " + " ".join(tokens)
    image = bert(raw).split(" ")
    at = data.draw(st.integers(1, len(image)))
    new = written(raw, " ".join([*image[:at], "xyzzy", *image[at:]]))
    edits = diff(raw, new)
    assert len(edits) == 1
    assert "xyzzy" in edits[0].text.lower()
    # Only the word that it was put into may change with it: "don't" is three pieces.
    assert len(edits[0].span.of(raw).split()) <= 1


@pytest.mark.parametrize(
    ("raw", "output", "expected"),
    [
        ("We met Zoë  yesterday .", "yesterday we met zoe .", "Yesterday we met Zoë."),
        ("He don't “know” it.", "he doesn ' t \" know \" it .", "He doesn't “know” it."),
        ("He don’t know.", "he doesn ' t know .", "He doesn’t know."),
        ("It is well known.", "it is well - known .", "It is well-known."),
        ("A big, dog.", "a dog .", "A dog."),
        ("The dog barks.", "dogs bark .", "Dogs bark."),
        ("I think he go.", "he goes , i think .", "He goes, I think."),
        ("All know the American man.", "the americans all know .", "The Americans all know."),
        ("He go there.", f"he {UNKNOWN} there .", "He go there."),
        ("He said yes.", 'he said " yes " .', 'He said "yes".'),
        ("He said “no”. He say yes.", 'he said " no " . he says " yes " .',
         "He said “no”. He says “yes”."),
        ("BIG DOG BITE MAN", "big dog bites man", "BIG DOG BITES MAN"),
        ("Famous Painter Have Died Young", "famous painter having died young",
         "Famous Painter Having Died Young"),
        ("one two", "one , two", "one, two"),
        ("one two", "", ""),
        ("the cost is 5", "the cost is $ 3 . 5 %", "the cost is $3.5%"),
    ],
)  # fmt: skip
def test_case_and_spaces(raw: str, output: str, expected: str) -> None:
    assert written(raw, output) == expected


def test_the_first_word_loses_its_capital_only_if_it_is_no_name() -> None:
    assert written("The dog left.", "now the dog left .") == "Now the dog left."
    assert written("Obama left.", "now obama left .") == "Now Obama left."
    assert written("NATO left.", "now nato left .") == "Now NATO left."
    lower = Casing(model={"scientists": "scientists"})
    assert written("Scientists left.", "now scientists left .") == "Now Scientists left."
    assert written("Scientists left.", "now scientists left .", lower) == "Now scientists left."


def test_case_comes_from_the_document_and_then_from_the_model() -> None:
    casing = Casing(
        document=document_casing(["He met Zoë.", "They know Zoë."]),
        model={"monday": "Monday", "zoe": "ZOE"},
    )
    assert written("He left.", "he left zoe monday .", casing) == "He left Zoë Monday."


def test_the_middle_of_a_sentence_is_no_beginning() -> None:
    assert written("The dog", "a dog", initial=False) == "a dog"


@settings(max_examples=200, deadline=None)
@given(ODD)
def test_pieces_are_found_where_they_came_from(text: str) -> None:
    normal = normalizers.BertNormalizer(lowercase=True)
    pre = pre_tokenizers.BertPreTokenizer().pre_tokenize_str(normal.normalize_str(text))
    pieces = [word for word, _ in pre]
    spans = locate(pieces, text)
    assert len(spans) == len(pieces)
    at = 0
    for span in spans:
        assert at <= span.start <= span.end <= len(text)
        at = span.end
        assert span.of(text) == span.of(text).strip()
    if "".join(map(fold, pieces)) == fold(text):
        for piece, span in zip(pieces, spans, strict=True):
            assert fold(piece).startswith(fold(span.of(text))) or fold(piece) in fold(span.of(text))


def test_each_unknown_piece_gets_its_own_place() -> None:
    text = "a 😀 🎉 b"
    assert [s.of(text) for s in locate(["a", UNKNOWN, UNKNOWN, "b"], text)] == [
        "a",
        "😀",
        "🎉",
        "b",
    ]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from([*"a\"'-.,:%$()", "s", "3", "50", "dogs"]), max_size=15))
def test_spaces_never_stand_where_they_cannot(tokens: list[str]) -> None:
    mask = spaces(tokens, raw="")
    assert len(mask) == len(tokens)
    for space, token in zip(mask, tokens, strict=True):
        if token in {",", ".", "%", ")"}:
            assert not space
    assert not any(mask[:1])
