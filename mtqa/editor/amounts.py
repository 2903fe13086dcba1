"""Numbers, amounts and dates, as a sequence that no edit may change.

What counts besides digits and number words: the sign before a number, the unit after it
("5 kg", "5 pm"), what bounds it ("at least 5"), currencies, parts of dates, and days and
periods that are told from today ("tomorrow", "last week").  Two ways of writing one thing
("km" and "kilometres", "%" and "per cent") are one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from mtqa.editor import lexicon


@dataclass(frozen=True, slots=True)
class Token:
    """A word or mark of a sentence."""

    text: str  # as it is written
    key: str  # folded, without a possessive ending
    begins: bool  # whether it begins a sentence, where any word has a capital
    glued: bool  # whether nothing stands between it and the token before it


def amounts(tokens: Sequence[Token]) -> Iterator[str]:
    """What the tokens say of numbers, amounts and dates, in order.

    >>> def token(text):
    ...     return Token(text, text.lower(), begins=False, glued=False)
    >>> list(amounts([token(word) for word in "at least 5 kilometres next week".split()]))
    ['>=', '5', 'km', 'next']
    """
    for index in range(len(tokens)):
        said = _number(tokens, index) or _calendar(tokens, index) or _beside_number(tokens, index)
        if said is not None:
            yield said


def directions(tokens: Sequence[Token]) -> Iterator[str]:
    """The prepositions that bound a number ("over 5"), as the side that they bound it from.

    They come and go ("over two days", "for two days"), but must not turn round.
    """
    for token, after in pairwise(tokens):
        if token.key in lexicon.SIDES and (_counts(after) or after.text in tuple("$€£¥")):
            yield lexicon.SIDES[token.key]


def _at(tokens: Sequence[Token], index: int) -> Token:
    return tokens[index] if 0 <= index < len(tokens) else _NOTHING


_NOTHING = Token("", "", begins=False, glued=False)


def _number(tokens: Sequence[Token], index: int) -> str | None:
    token, before = tokens[index], _at(tokens, index - 1)
    if any(map(str.isnumeric, token.text)):
        return _sign(tokens, index) + token.text
    if token.key == "cent" and before.key == "per":
        return "%"
    if token.key in lexicon.UNITS_OF_AMOUNT:
        return lexicon.UNIT_OF.get(token.key, token.key)
    if token.key == "one" and before.key in lexicon.BEFORE_PRONOUN_ONE:
        return None
    return token.key if _counts(token) else None


def _sign(tokens: Sequence[Token], index: int) -> str:
    """The sign of a number; the hyphen of "Covid-19" and "3 -5" is none."""
    mark = _at(tokens, index - 1)
    if mark.key in ("minus", "plus"):
        return {"minus": "-", "plus": "+"}[mark.key]
    is_sign = tokens[index].glued and not (
        mark.glued and _at(tokens, index - 2).text[-1:].isalnum()
    )
    return _SIGNS.get(mark.text, "") if is_sign else ""


_SIGNS = {"-": "-", "−": "-", "–": "-", "+": "+"}


def _calendar(tokens: Sequence[Token], index: int) -> str | None:
    token, after = tokens[index], _at(tokens, index + 1)
    if token.key in lexicon.DAYS or token.key.removesuffix("s") in lexicon.CALENDAR:
        return token.key
    if token.key in lexicon.CALENDAR_IF_CAPITAL and token.text[0].isupper():
        dated = not token.begins or any(map(str.isnumeric, after.text))
        return token.key if dated else None
    return lexicon.BEFORE_PERIODS.get(token.key) if after.key in lexicon.PERIODS else None


def _beside_number(tokens: Sequence[Token], index: int) -> str | None:
    """The unit after a number, or what bounds the number that follows."""
    token = tokens[index]
    if _counts(_at(tokens, index - 1)) and token.key in lexicon.UNITS_AFTER_NUMBER:
        return lexicon.UNITS_AFTER_NUMBER[token.key]
    if token.key not in lexicon.BOUNDS:
        return None
    rest = [t for t in tokens[index + 1 : index + 4] if t.key not in _BETWEEN]
    return lexicon.BOUNDS[token.key] if rest and _counts(rest[0]) else None


# What may stand between a bound and its number; "more that 5" is a slip for "more than 5".
_BETWEEN = frozenset(["than", "that", "then", "as", "of", "$", "€", "£", "¥"])


def _counts(token: Token) -> bool:
    if any(map(str.isnumeric, token.text)) or token.key == "one":
        return True
    return not lexicon.NUMBER_WORDS.isdisjoint(token.key.split("-"))
