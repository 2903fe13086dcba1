"""Text of unknown origin, made safe to show on a terminal."""

from __future__ import annotations

import unicodedata

# Joiners shape emoji and several scripts; alone they can do no harm.
_HARMLESS = frozenset("\u200c\u200d")
# Other, control; format (bidirectional overrides, tags); surrogate; line, paragraph separators.
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def visible(text: str) -> str:
    r"""``text`` with everything that moves the cursor, hides or reorders written as an escape.

    >>> print(visible("a\x1b[31mb\nc\u202ed"))
    a\x1b[31mb\nc\u202ed
    """
    return "".join(_shown(ch) for ch in text)


def _shown(ch: str) -> str:
    if unicodedata.category(ch) in _HIDDEN and ch not in _HARMLESS:
        return ch.encode("unicode_escape").decode("ascii")
    return ch


def shorten(text: str, limit: int) -> str:
    """``text`` cut between words where it has more than ``limit`` characters.

    >>> shorten("a long and winding road", 15)
    'a long and…'
    """
    if len(text) <= limit:
        return text
    head = text[:limit]
    return (head.rpartition(" ")[0] or head[:-1]).rstrip() + "…"


def quoted(text: str, limit: int) -> str:
    """``text`` made visible, shortened and put in whichever quotation marks it does not hold.

    >>> print(quoted('said "no"', 40), quoted("two\\nlines", 40))
    'said "no"' "two\\nlines"
    """
    mark = "'" if '"' in text and "'" not in text else '"'
    return f"{mark}{shorten(visible(text), limit)}{mark}"
