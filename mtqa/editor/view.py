"""A sentence as the guard sees it: its words, their capitals, and which may be names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from mtqa.editor import lexicon
from mtqa.editor.amounts import Token
from mtqa.editor.locate import fold
from mtqa.text import Segment, Span
from mtqa.text.words import words


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the words of a document, folded."""

    names: frozenset[str] = frozenset()  # names, wherever they stand
    common: frozenset[str] = frozenset()  # no names, though they may begin a sentence


@dataclass(frozen=True)
class View:
    """A sentence as the checks see it."""

    text: str
    known: Known

    @cached_property
    def spans(self) -> tuple[Span, ...]:
        return words(self.text)

    @cached_property
    def tokens(self) -> tuple[str, ...]:
        return tuple(span.of(self.text) for span in self.spans)

    @cached_property
    def keys(self) -> tuple[str, ...]:
        return tuple(map(key_of, self.tokens))

    @cached_property
    def by_position(self) -> tuple[bool, ...]:
        """Whether each token begins a sentence or a quotation, where any word has a capital."""
        found, begins = [], True
        for token in self.tokens:
            found.append(begins)
            if any(map(str.isalnum, token)):
                begins = False
            elif token in _BEGINNERS:
                begins = True
        return tuple(found)

    @cached_property
    def amount_tokens(self) -> tuple[Token, ...]:
        ends = (0, *(span.end for span in self.spans))
        glued = [span.start == end > 0 for span, end in zip(self.spans, ends, strict=False)]
        columns = (self.tokens, self.keys, self.by_position, glued)
        return tuple(Token(*row) for row in zip(*columns, strict=True))

    @cached_property
    def capitals(self) -> tuple[str, ...]:
        """The keys of tokens whose capitals are not those of a sentence's first word."""
        letters = [t for t in self.tokens if t[0].isalpha() and len(t) > 3]
        # In a headline every word has a capital: only the little words are surely no names.
        loud = len(letters) > 2 and all(t[0].isupper() for t in letters)
        rows = zip(self.tokens, self.keys, self.by_position, strict=True)
        return tuple(
            key for token, key, begins in rows if _is_capital(token, key, begins=begins, loud=loud)
        )

    @cached_property
    def initials(self) -> tuple[str, ...]:
        """The keys of first words that may be names, for all that is known of them."""
        rows = zip(self.tokens, self.keys, self.by_position, strict=True)
        return tuple(
            key
            for token, key, begins in rows
            if begins and token[0].isupper() and not self._is_common(key)
        )

    def _is_common(self, key: str) -> bool:
        if key in self.known.common or key.endswith("ly"):
            return True
        classes = (lexicon.ALWAYS_LOWER, lexicon.FIRST_WORDS, lexicon.NUMBER_WORDS)
        return any(key in words for words in classes) or bool(_CONTRACTION.search(key))


_BEGINNERS = frozenset(".!?…:\"“‘'«([-–—•*")
_CONTRACTION = re.compile(r"'(?:m|re|ve|ll|d|t)$")


def key_of(token: str) -> str:
    """A word without its case, accents, dots of initials and possessive ending."""
    plain = token.replace(".", "") if token[0].isalpha() else token
    if plain in lexicon.INITIALS:
        return plain
    return fold(plain).removesuffix("'s").removesuffix("'")


def _is_capital(token: str, key: str, *, begins: bool, loud: bool) -> bool:
    if not any(map(str.isupper, token)) or any(map(str.isdigit, token)):
        return False
    if re.match(r"I(?!\w)", token):
        return False  # I, I'm
    # A capital on such a word is a slip, not a name.
    if key in lexicon.CALENDAR or key in lexicon.ALWAYS_LOWER - lexicon.ALSO_NAMES:
        return False
    letters = [c for c in token if c.isalpha()]
    if any(map(str.isupper, letters[1:])) and not loud:
        return True  # NATO, iPhone, McDonald
    return not begins and token[0].isupper()


def known_words(segments: Sequence[Segment]) -> Known:
    """What the sentences of a document say of its words.

    A word is known to be a name if it stands with a capital inside sentences at least as
    often as without one, and to be none if it stands without one more often.

    >>> sorted(known_words([Segment("p1.s1", "We met Zoë.", Span(0, 11), 0, 1)]).names)
    ['zoe']
    """
    views = [View(segment.text, Known()) for segment in segments]
    capital = Counter(key for view in views for key in view.capitals)
    lower = Counter(
        key
        for view in views
        for token, key in zip(view.tokens, view.keys, strict=True)
        if token[0].islower()
    )
    return Known(
        names=frozenset(key for key, count in capital.items() if count >= lower[key]),
        common=frozenset(key for key, count in lower.items() if count > capital[key]),
    )
