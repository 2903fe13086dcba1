from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mtqa import codec
from mtqa.errors import InputError
from mtqa.text import Span


@dataclass(frozen=True, slots=True)
class Leaf:
    name: str
    kind: Literal["a", "b"]
    score: float | None


@dataclass(frozen=True, slots=True)
class Tree:
    leaves: tuple[Leaf, ...]
    pair: tuple[int, bool]
    span: Span
    rows: tuple[tuple[float, ...], ...]


numbers = st.floats(allow_nan=False, allow_infinity=False)
texts = st.text(st.characters(exclude_categories=()) | st.sampled_from("\x00\x1b\x9b\u2028\u202e"))
spans = st.tuples(st.integers(0, 99), st.integers(0, 99)).map(lambda p: Span(p[0], sum(p)))
trees = st.builds(
    Tree,
    st.lists(
        st.builds(Leaf, texts, st.sampled_from(["a", "b"]), st.none() | numbers), max_size=3
    ).map(tuple),
    st.tuples(st.integers(), st.booleans()),
    spans,
    st.lists(st.lists(numbers, max_size=30).map(tuple), max_size=3).map(tuple),
)
TREE = Tree((Leaf("x", "a", 0.5),), (1, True), Span(2, 3), ((1.0,),))


@settings(deadline=None, max_examples=60)
@given(trees)
def test_round_trip_is_exact(tree: Tree) -> None:
    written = codec.dumps(tree)
    assert codec.loads(Tree, written) == tree
    assert codec.dumps(codec.loads(Tree, written)) == written


@settings(deadline=None, max_examples=60)
@given(trees)
def test_written_text_holds_nothing_that_commands_a_terminal(tree: Tree) -> None:
    written = codec.dumps(tree)
    assert not set(written) & set("\x00\x1b\x7f\x9b\u2028\u202e\u2066")
    written.encode("utf-8")  # halves of surrogate pairs, too, are escaped


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ('"name": "x", ', "", 'leaves[0]: the key "name" is missing'),
        ('"name": "x"', '"name": "x", "nom": 1', 'leaves[0]: the key "nom" is unknown'),
        ('"name": "x"', '"name": 5', "leaves[0].name: expected text, found 5"),
        ('"kind": "a"', '"kind": "c"', "leaves[0].kind: expected one of 'a', 'b', found \"c\""),
        ('"score": 0.5', '"score": "half"', "leaves[0].score: expected a number"),
        ('"score": 0.5', '"score": true', "leaves[0].score: expected a number"),
        ('"score": 0.5', '"score": NaN', "NaN is no number"),
        ('"score": 0.5', '"score": 1e999', "1e999 is too large"),
        ("[1, true]", "[1, 1]", "pair[1]: expected true or false, found 1"),
        ("[1, true]", "[1]", "pair: expected a list of 2"),
        ("[2, 3]", "[3, 2]", "span: expected [start, end]"),
        ("[2, 3]", "[true, 3]", "span: expected [start, end]"),
        ('"span": [2, 3]', '"span": [2, 3], "span": [2, 3]', 'the key "span" is given twice'),
        ("[[1.0]]", "7", "rows: expected a list, found 7"),
        ("{", "", "not JSON"),
    ],
)
def test_what_is_wrong_is_named(old: str, new: str, named: str) -> None:
    written = codec.dumps(TREE)
    assert old in written
    with pytest.raises(InputError) as caught:
        codec.loads(Tree, written.replace(old, new, 1))
    assert named in str(caught.value)


def test_a_number_of_thousands_of_digits_is_refused_as_input() -> None:
    with pytest.raises(InputError):
        codec.loads(Span, "[0, " + "9" * 5000 + "]")


def test_nesting_without_end_is_refused_as_input() -> None:
    with pytest.raises(InputError):
        codec.loads(Span, "[" * 100_000)


def test_what_has_no_json_form_is_our_bug() -> None:
    with pytest.raises(AssertionError):
        codec.dumps([1])  # a list: tuples cross modules here
    with pytest.raises(ValueError, match="not JSON compliant"):
        codec.dumps(Leaf("x", "a", float("nan")))
