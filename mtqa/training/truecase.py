"""Which words are written with a capital in the middle of a sentence."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable

_WORD = re.compile(r"[^\W\d_][\w'’]*")


def truecase(
    sentences: Iterable[str], *, min_count: int = 50, share: float = 0.95
) -> dict[str, str]:
    """Lower case -> usual spelling, for words that are seldom written in lower case.

    The first word of a sentence, and sentences with many capitals (headlines), do not count.

    >>> truecase(["It was a cold Monday in May, may I say."] * 60)
    {'i': 'I', 'monday': 'Monday'}
    """
    forms: dict[str, Counter[str]] = defaultdict(Counter)
    for sentence in sentences:
        found = _WORD.findall(sentence)[1:]
        if sum(w[0].isupper() for w in found) * 3 <= len(found):
            for word in found:
                forms[word.lower()][word] += 1
    table = {}
    for lower, seen in forms.items():
        cased, count = seen.most_common(1)[0]
        if cased != lower and count >= min_count and count >= share * seen.total():
            table[lower] = cased
    return dict(sorted(table.items()))
