"""Cutting long texts."""

from __future__ import annotations

import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from mtqa.editor.chunks import chunks
from mtqa.editor.repetition import runs_on
from mtqa.text import Span


def by_bytes(text: str) -> list[Span]:
    """A token per byte: what costs most, as byte-level tokenizers may."""
    return [Span(i, i + 1) for i, c in enumerate(text) for _ in c.encode("utf-8", "replace")]


def by_words(text: str) -> list[Span]:
    return [Span(*match.span()) for match in regex.finditer(r"\w+|[^\w\s]", text)]


TEXTS = st.text(min_size=1, max_size=80) | st.lists(
    st.sampled_from(["one", "two,", "three.", "👩‍👩‍👧‍👦", "e\u0301", "한국", "\r\n", "\u2028"]),
    min_size=1, max_size=40,
).map(" ".join)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(TEXTS, st.integers(1, 20), st.sampled_from([by_bytes, by_words]))
def test_parts_fit_and_hold_everything(text: str, limit: int, tokens: object) -> None:
    parts = chunks(text, tokens=tokens, limit=limit)  # type: ignore[arg-type]
    at = 0
    for part in parts:
        assert part.start >= at
        assert not text[at : part.start].strip()
        assert len(tokens(part.of(text))) <= limit or len(part) == 1  # type: ignore[operator]
        at = part.end
    assert at == len(text) or not text[at:].strip()


@settings(max_examples=200, deadline=None)
@given(TEXTS, st.integers(1, 20))
def test_a_cluster_is_cut_only_if_it_does_not_fit_by_itself(text: str, limit: int) -> None:
    cuts = {end for part in chunks(text, tokens=by_bytes, limit=limit) for end in part_ends(part)}
    for match in regex.finditer(r"\X", text):
        if any(match.start() < cut < match.end() for cut in cuts):
            cluster = match.group()
            assert len(by_bytes(cluster)) > limit or cluster.isspace()


def part_ends(part: Span) -> tuple[int, int]:
    return part.start, part.end


def test_punctuation_is_the_best_place() -> None:
    text = "one two three four; five six seven eight nine"
    parts = [part.of(text) for part in chunks(text, tokens=by_words, limit=6)]
    assert parts == ["one two three four;", "five six seven eight nine"]


def test_a_very_long_word_is_cut_without_tokenising_it_whole() -> None:
    seen: list[int] = []

    def tokens(text: str) -> list[Span]:
        seen.append(len(text))
        return by_bytes(text)

    parts = chunks("a" * 100_000, tokens=tokens, limit=100)
    assert sum(map(len, parts)) == 100_000
    assert max(seen) <= 2000


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, 3), max_size=12), st.integers(1, 4), st.integers(4, 8))
def test_going_round_in_circles_is_seen(start: list[int], period: int, times: int) -> None:
    loop = list(range(10, 10 + period))
    assert runs_on([*start, *loop * times], start) or runs_on(start, []) or times < 4
    assert not runs_on([*start, *loop * times], [*start, *loop * times])
