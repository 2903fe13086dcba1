"""Frozen dataclasses to JSON and back, strictly: nothing is guessed, coerced or ignored.

What a field may hold is read from its annotation: ``str``, ``int``, ``float``,
``bool``, ``None``, ``Literal``, unions with ``None``, ``tuple[X, ...]`` and
dataclasses of these.  A :class:`~mtqa.text.Span` is written as ``[start, end]``.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from mtqa.errors import InputError
from mtqa.text import Span

T = TypeVar("T")

_LINE = 100  # characters; a value that fits is written on one line
# Beyond what JSON escapes itself: DEL and C1 controls, marks and overrides of direction,
# separators of lines, byte order marks, and halves of surrogate pairs (no UTF-8 has them).
_HIDDEN = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_SCALARS = (str, int, float, bool, NoneType)


def dumps(value: object) -> str:
    """Write a dataclass as JSON, ending in a newline; equal values give equal text.

    Characters that command a terminal or reorder a line are written as escapes.

    >>> dumps(Span(2, 5))
    '[2, 5]\\n'
    """
    return _HIDDEN.sub(_escape, _layout(_plain(value), 0)) + "\n"


def loads(cls: type[T], text: str) -> T:
    """Read what :func:`dumps` wrote.

    Raises:
        InputError: not JSON, or a key missing, unknown or of another type; it is named.

    >>> loads(Span, "[2, 5]")
    Span(start=2, end=5)
    """
    return typed(cls, parse(text))


def typed(cls: type[T], value: object) -> T:
    """Make a ``cls`` of parsed JSON; raises InputError as :func:`loads` does."""
    return cast(T, _typed(cls, value, ""))


def parse(text: str) -> object:
    """Parse JSON, refusing NaN, infinities and repeated keys."""
    try:
        return json.loads(
            text,
            parse_constant=_no_constant,
            parse_float=_finite,
            object_pairs_hook=_no_repeats,
        )
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise InputError(f"not JSON: {error.msg}", where=where) from None
    except ValueError as error:  # an integer of thousands of digits
        raise InputError(f"not JSON: {error}") from None
    except RecursionError:
        raise InputError("not a report: nested too deeply") from None


def _no_constant(name: str) -> object:
    raise InputError(f"not JSON: {name} is no number")


def _finite(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise InputError(f"not JSON: {digits} is too large a number")
    return number


def _no_repeats(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise InputError(f'the key "{twice}" is given twice')
    return found


def _escape(match: re.Match[str]) -> str:
    return f"\\u{ord(match.group()):04x}"


def _plain(value: object) -> object:
    if isinstance(value, Span):
        return [value.start, value.end]
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    assert isinstance(value, _SCALARS), f"cannot be written: {type(value).__name__}"
    return value


def _layout(value: object, depth: int) -> str:
    """Like ``json.dumps(indent=1)``, but what is short, and rows of numbers, stay on one line."""
    flat = json.dumps(value, ensure_ascii=False, allow_nan=False)
    if not isinstance(value, list | dict) or len(flat) <= _LINE or _is_row(value):
        return flat
    pad = " " * (depth + 1)
    if isinstance(value, dict):
        items = [f"{json.dumps(key)}: {_layout(item, depth + 1)}" for key, item in value.items()]
        opening, closing = "{", "}"
    else:
        items = [_layout(item, depth + 1) for item in value]
        opening, closing = "[", "]"
    body = ",\n".join(pad + item for item in items)
    return f"{opening}\n{body}\n{' ' * depth}{closing}"


def _is_row(value: object) -> bool:
    """Whether this is a list of numbers, or of lists of numbers."""
    if not isinstance(value, list):
        return False
    return all(isinstance(item, int | float) or _is_row(item) for item in value)


@cache
def _hints(cls: type) -> dict[str, Any]:
    return get_type_hints(cls)


def _typed(kind: Any, value: object, where: str) -> object:
    """``value`` as a ``kind``; ``where`` is the path to it, for messages."""
    if kind is Span:
        return _span(value, where)
    if is_dataclass(kind):
        return _record(cast(type, kind), value, where)
    origin = get_origin(kind)
    if origin is tuple:
        return _tuple(get_args(kind), value, where)
    if origin is Literal:
        if value not in get_args(kind):
            raise _wrong(f"one of {', '.join(map(repr, get_args(kind)))}", value, where)
        return value
    if origin in (Union, UnionType):
        if value is None:
            return None
        (inner,) = (arg for arg in get_args(kind) if arg is not NoneType)
        return _typed(inner, value, where)
    return _scalar(kind, value, where)


def _scalar(kind: Any, value: object, where: str) -> object:
    assert kind in _SCALARS, f"{where}: {kind} has no JSON form"
    if kind is float and isinstance(value, int) and not _is_bool(value):
        return float(value)
    if not isinstance(value, kind) or (_is_bool(value) and kind is not bool):
        raise _wrong({str: "text", bool: "true or false"}.get(kind, "a number"), value, where)
    return value


def _span(value: object, where: str) -> Span:
    match value:
        case [int() as start, int() as end] if 0 <= start <= end and not _is_bool(start, end):
            return Span(start, end)
    raise _wrong("[start, end] with 0 <= start <= end", value, where)


def _is_bool(*values: object) -> bool:
    """Whether any is a bool, which Python counts among the integers and JSON does not."""
    return any(isinstance(value, bool) for value in values)


def _tuple(args: tuple[Any, ...], value: object, where: str) -> tuple[object, ...]:
    if not isinstance(value, list):
        raise _wrong("a list", value, where)
    if args[-1] is Ellipsis:
        kinds: tuple[Any, ...] = (args[0],) * len(value)
    else:
        kinds = args
    if len(kinds) != len(value):
        raise _wrong(f"a list of {len(kinds)}", value, where)
    pairs = enumerate(zip(kinds, value, strict=True))
    return tuple(_typed(kind, item, f"{where}[{index}]") for index, (kind, item) in pairs)


def _record(cls: type, value: object, where: str) -> object:
    if not isinstance(value, dict):
        raise _wrong("an object", value, where)
    hints = _hints(cls)
    names = [field.name for field in fields(cls)]
    place = where or "top level"
    for name in names:
        if name not in value:
            raise InputError(f'the key "{name}" is missing', where=place)
    for name in value:
        if name not in names:
            raise InputError(f'the key "{name}" is unknown', where=place)
    prefix = f"{where}." if where else ""
    known = {name: _typed(hints[name], value[name], prefix + name) for name in names}
    try:
        return cast(object, cls(**known))
    except ValueError as error:  # the type's own invariant
        raise InputError(str(error), where=place) from None


def _wrong(expected: str, value: object, where: str) -> InputError:
    shown = json.dumps(value, ensure_ascii=True)
    shown = shown if len(shown) <= 40 else shown[:37] + "..."
    return InputError(f"expected {expected}, found {shown}", where=where or "top level")
