"""Sentence splitting with exact offsets.

The rules for English abbreviations, initials, numbers and ellipses are those of
the library ``sentencex``.  Three things are added to them:

* A boundary is always at white space.  Where a space is missing ("no.Then"),
  the two sentences stay together, so that whoever repairs the text sees both
  sides of the gap.
* Sentences inside quotations and parentheses are sentences too, and the closing
  mark belongs to the sentence it closes.  ``sentencex`` never splits inside a
  pair of marks, so it is shown the text without them.
* A few continuations that it takes for boundaries ("Never!" he said; at 5 p.m.
  Tuesday; 1. First).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

import sentencex

from mtqa.text.types import Span

_MARKS = "\"'“”„‟‘’‚‛«»‹›()"
_WITHOUT_MARKS = dict.fromkeys(map(ord, _MARKS))

# How far to look on either side of a boundary: longer than any rule below can
# match, and constant, so that the cost stays linear in the length of the text.
_WINDOW = 80  # code points

# A closing mark set apart by a space ("Yes. ” Then") still closes what stands before it;
# a straight one closes when an odd number of them stands before it.
_STRAY_CLOSER = re.compile(r"\s+[”’»›)]+(?=\s|$)")
_STRAY_STRAIGHT = re.compile(r"\s+[\"”’»›)]+(?=\s|$)")

_TITLES = "Mr|Mrs|Ms|Mx|Dr|Prof|Gen|Lt|Col|Maj|Capt|Sgt|Adm|Cmdr|Sen|Rep|Gov|Rev|Fr|Hon|Pres|St"
_BEFORE_NUMBERS = "No|Nos|Vol|Vols|Fig|Figs|Ch|Chs|Art|Arts|Sec|Sect|Para|Eq|Approx|Ca|Est|Pp|P|Ed"
_ZONES = "ET|EST|EDT|CT|CST|CDT|MT|MST|MDT|PT|PST|PDT|GMT|UTC|BST|CET|CEST|IST|JST|AEST"
_DAYS = "Mon|Tues|Wednes|Thurs|Fri|Satur|Sun"
_SAID = (
    "said|says|asked|asks|told|tells|replied|replies|added|adds|answered|shouted|cried|wrote|"
    "continued|insisted|joked|quipped|remarked|exclaimed|wondered|whispered|demanded|warned|"
    "declared|responded|explained|commented|stated|noted"
)
_CLOSED_QUESTION = r"[?!…][\"'”’»]$"

# (how the text before the boundary ends, how the text after it begins): no boundary there.
_CONTINUATIONS: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = (
    # "Never!" | he said.
    (re.compile(_CLOSED_QUESTION), re.compile(r"[a-z]")),
    # "Is it for sale?" | Mark Carney asked.
    (
        re.compile(_CLOSED_QUESTION),
        re.compile(rf"(?:[A-Z][\w’'-]*\.?\s+){{1,4}}(?:(?:then|also|later)\s+)?(?:{_SAID})\b(?!:)"),
    ),
    # Dr. | No
    (re.compile(rf"\b(?:{_TITLES})\.$"), re.compile(r"[A-Z]")),
    # vol. | 2
    (re.compile(rf"\b(?:{_BEFORE_NUMBERS})\.$", re.IGNORECASE), re.compile(r"\d")),
    # 5 p.m. | ET; 5 p.m. | Tuesday
    (
        re.compile(r"\b[ap]\.\s?m\.$", re.IGNORECASE),
        re.compile(rf"(?:(?:{_ZONES})\b|(?:{_DAYS})day\b)|\((?:{_ZONES})\)"),
    ),
)

# "1." or "b)" is the number of the sentence that follows, not a sentence.
_ENUMERATOR = re.compile(r"\(?(?:\d{1,3}|[A-Za-z]|[ivx]{1,4}|[IVX]{1,4})[.)]")


def sentences(text: str) -> tuple[Span, ...]:
    """Split a paragraph into sentences.

    Args:
        text: a paragraph or headline, raw.  Without final punctuation it is one sentence.

    Returns:
        Spans in ``text`` (code points), in order.  None is empty or begins or ends
        with white space, and between them there is nothing but white space.

    >>> text = 'The U.S. president left. "Meet me... It is late," he said. “Really?” It was.'
    >>> for span in sentences(text):
    ...     print(span.of(text))
    The U.S. president left.
    "Meet me...
    It is late," he said.
    “Really?”
    It was.
    """
    body = text.strip()
    if not body:
        return ()
    spans: list[Span] = []
    start = 0
    for cut in _candidates(body):
        if not start < cut < len(body) or _continues(body, start, cut):
            continue
        spans.append(_trimmed(body, start, cut))
        start = _skip_space(body, cut)
    spans.append(Span(start, len(body)))
    offset = len(text) - len(text.lstrip())
    return tuple(span.shift(offset) for span in spans)


def _candidates(text: str) -> Iterator[int]:
    """Where sentences may end: offsets of white space in ``text``, ascending."""
    bare = text.translate(_WITHOUT_MARKS)
    # How many marks stand before each offset of ``bare``: the k-th mark (from 0), at
    # offset p of ``text``, comes before every offset of ``bare`` that is >= p - k.
    marks = [p - k for k, p in enumerate(p for p, c in enumerate(text) if c in _MARKS)]
    straight = counted = 0  # how many straight quotation marks stand before ``counted``
    previous = 0
    for boundary in sentencex.get_sentence_boundaries("en", bare):
        begin, end = previous, boundary["end_index"]
        previous = end
        while end > begin and bare[end - 1].isspace():
            end -= 1
        if end in (begin, len(bare)) or not bare[end].isspace():
            continue
        cut = end + bisect_right(marks, end)
        straight, counted = straight + text.count('"', counted, cut), cut
        stray = (_STRAY_STRAIGHT if straight % 2 else _STRAY_CLOSER).match(text, cut)
        yield stray.end() if stray else cut


def _continues(text: str, start: int, cut: int) -> bool:
    """Whether the sentence that began at ``start`` goes on after the white space at ``cut``."""
    if cut - start <= 6 and _ENUMERATOR.fullmatch(text, start, cut):
        return True
    before = text[max(start, cut - _WINDOW) : cut]
    after = text[cut : cut + _WINDOW].lstrip()
    return any(left.search(before) and right.match(after) for left, right in _CONTINUATIONS)


def _skip_space(text: str, start: int) -> int:
    while start < len(text) and text[start].isspace():
        start += 1
    return start


def _trimmed(text: str, start: int, end: int) -> Span:
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)
