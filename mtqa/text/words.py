"""Words and punctuation marks as spans: the units in which texts are compared and counted."""

from __future__ import annotations

import regex

from mtqa.text.types import Span

# Quantifiers are bounded or possessive wherever an unlucky text could otherwise make
# them quadratic.
#
# White space is what `str.isspace` says; ``\s`` of `regex` leaves out U+001C to U+001F.
_JOINERS = r"\u200C\u200D\u00AD"  # zero-width (non-)joiner, soft hyphen: inside words only
_LETTER = rf"\p{{L}}[\p{{M}}{_JOINERS}]*+"
_RUN = rf"[\p{{L}}\p{{N}}\p{{M}}][\p{{L}}\p{{N}}\p{{M}}{_JOINERS}]*+"
# U.S., e.g., p.m; but neither "no.Then" nor "plan.B"
_ABBREVIATION = rf"{_LETTER}(?:\.{_LETTER})+\.?(?![\p{{L}}\p{{N}}])"
# A run with the comma or dot inside a number, or the underscore inside a name.
_NUMBER_OR_NAME = rf"{_RUN}(?:_++{_RUN}|(?<=\p{{Nd}})[.,](?=\p{{Nd}}){_RUN})*+"
_ATOM = rf"(?:{_ABBREVIATION}|{_NUMBER_OR_NAME})"
_WORD = rf"{_ATOM}(?:['’ʼ\-‐‑]{_ATOM})*+"
_PICTURE = r"\p{Extended_Pictographic}[\p{M}\p{Emoji_Modifier}\U000E0020-\U000E007F]*+"
_URL_REST = r"""[^\s\x1C-\x1F<>"“”]*[^\s\x1C-\x1F<>"“”.,;:!?()\[\]{}'‘’…]"""

# One alternative per kind of token.  The first is a shortcut: a plain word between
# spaces, which is most of any text, without trying everything else before it.
_TOKEN = regex.compile(
    "|".join(
        (
            r"(?<![^\s\x1C-\x1F])\p{L}++(?![^\s\x1C-\x1F])",
            # ${VAR}, {{x}}, {name}
            r"\$\{[^{}\s\x1C-\x1F]*+\}|\{\{[^{}\r\n]*+\}\}|\{[^{}\s\x1C-\x1F]*+\}",
            # %(name)d, %1$s, %5.2f, %s; but not the per cent sign of "5% of" or "100%sure"
            r"%\(\w{1,64}+\)[-+0#]?[0-9]*+(?:\.[0-9]++)?[a-zA-Z]",
            r"(?<!\w)%(?:[0-9]++\$)?[-+0#]?[0-9]*+(?:\.[0-9]++)?[sdiufFgGeExXcr@]"
            r"(?![\p{L}\p{N}])",
            # __NAME__
            r"__[A-Za-z0-9]++(?:_[A-Za-z0-9]++)*+__",
            # <b>, </b>, <br/>, <a href="x">
            r"</?[A-Za-z][\w:.-]*+"
            r"""(?:\s++[\w:.-]++=(?:"[^"<>\r\n]*+"|'[^'<>\r\n]*+'|[^\s\x1C-\x1F"'<>]++))*+\s*+/?>""",
            # https://example.org/a, www.example.org
            rf"(?:(?:https?|ftp)://|www\.){_URL_REST}",
            # name@example.org
            r"[A-Za-z0-9_%+-][A-Za-z0-9._%+-]{0,63}@[A-Za-z0-9-]++(?:\.[A-Za-z0-9-]++)++",
            # example.org/a
            r"(?:[a-z0-9][a-z0-9-]{0,62}+\.){1,8}(?:com|org|net|edu|gov|int)\b"
            rf"(?!\.?[\p{{L}}\p{{N}}])(?:/{_URL_REST})?",
            # twenty-one, don't, president’s, U.S.-led, 1,000.50, snake_case
            _WORD,
            # flags; pictures with skin tones, variation selectors and joined pictures
            r"\p{Regional_Indicator}{2}",
            rf"{_PICTURE}(?:\u200D{_PICTURE})*+",
            # any other mark, with what combines with it
            r"[^\s\x1C-\x1F][\p{M}\u200D]*+",
        )
    ),
    regex.VERSION1,
)


def words(text: str) -> tuple[Span, ...]:
    """Cut a text into words and punctuation marks.

    A word is a run of letters, digits and combining marks with the apostrophes,
    hyphens, dots and commas inside it.  URLs, addresses and placeholders are one
    word each, an emoji is one token however many code points it takes, and every
    other mark is a token of its own.

    Returns:
        Spans in ``text`` (code points), in order, not overlapping, none of them
        empty; every code point that is not white space is in one of them.

    >>> text = "The U.S. president’s 1,000.50 twenty-one {names}... see https://a.org/b."
    >>> [span.of(text) for span in words(text)][:6]
    ['The', 'U.S.', 'president’s', '1,000.50', 'twenty-one', '{names}']
    >>> [span.of(text) for span in words(text)][6:]
    ['.', '.', '.', 'see', 'https://a.org/b', '.']
    """
    return tuple(Span(*match.span()) for match in _TOKEN.finditer(text))


def count_words(text: str) -> int:
    """The number of words: tokens that hold a letter or a digit.

    >>> count_words("“Well … it’s 5 p.m., isn’t it?”")
    6
    """
    return sum(any(map(str.isalnum, span.of(text))) for span in words(text))
