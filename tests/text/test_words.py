"""Words: spans that cover every visible character once, and the words a reader would count."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mtqa.text.words import count_words, words

PIECES = (
    *(
        "don't",
        "U.S.",
        "1,000.50",
        "twenty-one",
        "{",
        "}",
        "{{",
        "}}",
        "${",
        "%s",
        "%(",
        ")d",
        "__",
    ),
    *(
        "<a",
        'href="',
        '"',
        "/>",
        ">",
        "http://",
        "www.",
        "@",
        "a",
        "Z",
        "9",
        "_",
        "-",
        ".",
        ",",
        "’",
    ),
    *(" ", "\n", "\r\n", "\t", "\u00a0", "\u2028", "\x1c", "\x00", "\u200b", "\u200d", "\ufe0f"),
    *("\u0301", "😀", "🏽", "🇨", "🇦", "👨‍👩‍👧", "न", "ि", "ש", "\u0605", "½"),
)
any_text = st.lists(st.sampled_from(PIECES), max_size=25).map("".join) | st.text(max_size=60)


def cut(text: str) -> list[str]:
    return [span.of(text) for span in words(text)]


@settings(max_examples=400, deadline=None)
@given(any_text)
def test_every_visible_code_point_is_in_exactly_one_token(text: str) -> None:
    covered, end = [], 0
    for span in words(text):
        assert end <= span.start < span.end
        covered.extend(range(span.start, span.end))
        end = span.end
    missing = set(range(len(text))) - set(covered)
    assert all(text[i].isspace() for i in missing)


@settings(max_examples=200, deadline=None)
@given(any_text)
def test_no_token_begins_or_ends_with_white_space(text: str) -> None:
    assert all(token == token.strip() for token in cut(text))


@settings(max_examples=200, deadline=None)
@given(any_text, any_text)
def test_a_newline_parts_tokens_for_good(left: str, right: str) -> None:
    if "<" in left or "{{" in left:  # markup may run on
        left = left.replace("<", "").replace("{{", "")
    assert cut(left + "\n" + right) == cut(left) + cut(right)


def test_white_space_is_what_str_says_it_is() -> None:
    spaces = {c for c in map(chr, range(sys.maxunicode + 1)) if c.isspace()}
    # Nothing beyond U+3000 is a space, so the planes above need not be tried one by one.
    assert max(spaces) == "\u3000"
    assert {c for c in map(chr, range(0x3100)) if not words(c)} == spaces


# Cut by hand: tokens are separated by "·".
@pytest.mark.parametrize(
    "marked",
    [
        "don't· ·stop·,· ·president’s· ·bosses·'· ·rock'n'roll· ·O’Neil",
        "twenty-one· ·-·5· ·U.S.-led· ·one·-·-·two",
        "The· ·U.S.· ·army·,· ·e.g.· ·at· ·5· ·a.m.· ·no·.·Then",
        "1,000.50·,· ·3.5·.· ·51st· ·½· ·x²",
        "{name}· ·%s·,· ·%(n)d· ·<b>·x·</b>· ·<br/>· ·{{ x }}· ·${VAR}· ·__X_Y__· ·%1$s",
        '<a href="/x y">·z·</a>· ·a· ·<· ·b· ·>· ·c',
        "5·%· ·of· ·100·%·sure· ·(·USMCA·)· ·AT·&·T",
        "https://a.org/b?x=1·)·.· ·www.foo.com·,· ·me.you+z@a-b.co.uk·!· ·example.com/abc·.",
        "“·campaign·.·.·.·it's·”",
        "👨‍👩‍👧· ·👍🏽·👍· ·🇨🇦·🇺🇸· ·1️⃣· ·❤️‍🔥· ·🏴\U000e0067\U000e0062\U000e007f",
        "e\u0301te\u0301· ·नमस्ते· ·می\u200cخواهم· ·שָׁלוֹם",
        "_·it·_· ·snake_case· ·#·1",
    ],
)
def test_tokens(marked: str) -> None:
    expected = [piece for piece in marked.split("·") if piece != " "]
    assert cut(marked.replace("·", "")) == expected


def test_words_are_tokens_with_a_letter_or_a_digit() -> None:
    assert count_words("“Well … it’s 5 p.m., isn’t it?” 😀 – {name}") == 7
    assert count_words("… – 😀\n") == 0


@pytest.mark.parametrize(
    "unit", ["a.", "a-", "{", "{{a", "<a b=c ", "a@", "__a", "%(", "www.", "1,"]
)
def test_unlucky_repetitions_are_covered_too(unit: str) -> None:
    text = unit * 20_000
    assert sum(map(len, words(text))) >= sum(not c.isspace() for c in text)
