"""Spaces and quotation marks in English, for tokenizers that do not keep them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_AFTER_NO_SPACE = frozenset("([{$£€¥“‘#")
_BEFORE_NO_SPACE = frozenset(",.;:!?%)]}…”’")
_NO_SPACE_AROUND = frozenset("/_\\")
_CONTRACTED = frozenset(["s", "t", "re", "ve", "ll", "d", "m"])
_ELIDED = frozenset(["o", "d", "l"])  # o'clock, d'Or, l'Oréal
_CURLY = {"“": True, "”": False}  # whether a quotation is open after it
_DASHES = frozenset("-–—")


@dataclass(frozen=True, slots=True)
class _Glue:
    """Whether a mark sticks to its neighbours."""

    left: bool = False
    right: bool = False


_LEFT, _RIGHT, _BOTH, _FREE = _Glue(left=True), _Glue(right=True), _Glue(True, True), _Glue()


def spaces(tokens: Sequence[str], *, raw: str) -> tuple[bool, ...]:
    """Whether each token of a sentence has a space before it.

    Args:
        tokens: words and marks as WordPiece cuts them.
        raw: the sentence before the change, for how it writes dashes.

    >>> tokens = [*"don ' t say".split(), '"', "well", "-", "known", '"', *"( 3 . 5 % )".split()]
    >>> mask = spaces(tokens, raw="")
    >>> "".join(" " * space + token for space, token in zip(mask, tokens, strict=True))
    'don\\'t say "well-known" (3.5%)'
    """
    spaced_dash = bool(re.search(r"\s[-–—]\s", raw)) and not re.search(r"\w[-–—]\w", raw)
    glue: list[_Glue] = []
    quoted = {'"': False, "'": False}
    for index, token in enumerate(tokens):
        before = tokens[index - 1] if index else ""
        after = tokens[index + 1] if index + 1 < len(tokens) else ""
        if token in _DASHES:
            glue.append(_FREE if spaced_dash or not (_ends(before) and _begins(after)) else _BOTH)
        elif token == '"' or (token == "'" and not _apostrophe(before, after, quoted["'"])):
            quoted[token] = not quoted[token]
            glue.append(_RIGHT if quoted[token] else _LEFT)
        elif token in ("'", "’"):
            glue.append(_BOTH if _joins(before, after) else _LEFT)
        else:
            quoted['"'] = _CURLY.get(token, quoted['"'])
            glue.append(_mark(token, before, after))
    return tuple(
        index > 0 and not (glue[index - 1].right or glue[index].left) for index in range(len(glue))
    )


def _mark(token: str, before: str, after: str) -> _Glue:
    if token in _NO_SPACE_AROUND or _inside_number(token, before, after):
        return _BOTH
    if token == "." and len(before) == len(after) == 1 and before.isalpha() and after.isalpha():
        return _BOTH  # U.S
    if token in _BEFORE_NO_SPACE:
        return _LEFT
    return _RIGHT if token in _AFTER_NO_SPACE else _FREE


def _inside_number(token: str, before: str, after: str) -> bool:
    if not (before.isdigit() and after.isdigit()):
        return False
    return token == "." or (token == "," and len(after) == 3) or (token == ":" and len(after) == 2)


def _apostrophe(before: str, after: str, quoted: bool) -> bool:
    """Whether a straight single mark is an apostrophe, not a quotation mark."""
    return _joins(before, after) or (before.endswith("s") and not quoted)


def _joins(before: str, after: str) -> bool:
    if not _ends(before):
        return False
    return after.lower() in _CONTRACTED or (before.lower() in _ELIDED and _begins(after))


def _ends(token: str) -> bool:
    return token[-1:].isalnum()


def _begins(token: str) -> bool:
    return token[:1].isalnum()


def in_style(token: str, *, raw: str, opening: bool) -> str:
    """A new quotation mark or apostrophe in the style of the raw text.

    >>> in_style('"', raw="He said “no”.", opening=True)
    '“'
    """
    if token == '"' and '"' not in raw and re.search("[“”]", raw):
        return "“" if opening else "”"
    if token == "'" and "'" not in raw and re.search("[‘’]", raw):
        return "‘" if opening else "’"
    if token in ("“", "”") and '"' in raw and not re.search("[“”]", raw):
        return '"'
    if token in ("‘", "’") and "'" in raw and not re.search("[‘’]", raw):
        return "'"
    return token
