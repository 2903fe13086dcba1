"""The gate's policy in a file: ``[tool.mtqa.gate]`` of pyproject.toml, or ``[gate]`` of mtqa.toml.

Every key and its type stands in ``KEYS``.  A key that is not there is an error that names
the nearest one: a misspelt threshold would otherwise let everything pass.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Final, TypeAlias, cast, get_args

from mtqa.errors import InputError
from mtqa.formats.plain import read_utf8
from mtqa.gate.metrics import METRICS, check_name
from mtqa.gate.types import DEFAULT_POLICY, Amount, Policy, Unit
from mtqa.report import SEVERITIES, Severity

FILES: Final = ("mtqa.toml", "pyproject.toml")  # the first one with a gate counts
NEVER: Final = "never"  # of fail-on and fail-on-new

Value: TypeAlias = object  # what TOML holds
Table: TypeAlias = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class GateConfig:
    """What a policy file says; paths are joined to the folder of the file."""

    source: str | None = None  # the file it was read from; None: there is none
    paths: tuple[str, ...] = ()  # articles, folders of articles
    baseline: str | None = None
    model: str | None = None  # a folder or hub id; None: the shipped editor
    min_confidence: float | None = None  # 0-1
    allow: tuple[str, ...] = ()
    protect: tuple[str, ...] = ()
    mqm_scheme: str = "google"
    output: tuple[str, ...] = ()  # "junit=report.xml"
    policy: Policy = DEFAULT_POLICY


def find_config(start: Path) -> GateConfig:
    """The policy of the nearest folder, from ``start`` upwards, that has one; else none.

    Raises:
        InputError: a file that is not TOML, or says something that is not understood.
    """
    for folder in (start, *start.parents):
        for name in FILES:
            path = folder / name
            table = _gate_table(path) if path.is_file() else None
            if table is not None:
                return config_from(table, where=str(path), folder=folder)
    return GateConfig()


def read_config(path: str | Path) -> GateConfig:
    """The policy of a named file.

    Raises:
        InputError: as :func:`find_config`, and where the file has no such table.
    """
    table = _gate_table(Path(path))
    if table is None:
        raise InputError(
            "there is no gate in this file",
            where=str(path),
            hint="write [tool.mtqa.gate] in pyproject.toml, [gate] in any other file",
        )
    return config_from(table, where=str(path), folder=Path(path).parent)


def _gate_table(path: Path) -> Table | None:
    data = read_toml(path)
    if path.name == "pyproject.toml":
        data = _table(data.get("tool", {}), f"{path}: tool")
        data = _table(data.get("mtqa", {}), f"{path}: tool.mtqa")
    else:
        check_keys(data, ("gate",), where=str(path))
    return _table(data["gate"], f"{path}: gate") if "gate" in data else None


def read_toml(path: Path) -> Table:
    """Parse a TOML file; raises InputError where it is none."""
    try:
        return tomllib.loads(read_utf8(path).text.replace("\r\n", "\n"))
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"not TOML: {error}", where=str(path)) from None


def check_keys(table: Table, known: tuple[str, ...], *, where: str) -> None:
    """Refuse a key that is not known, naming the nearest one that is."""
    for key in table:
        if key not in known:
            from rapidfuzz import process  # imported here: needed only to explain an error

            nearest, *_ = process.extractOne(key, known, processor=str.lower)
            raise InputError(
                f'the key "{key}" is unknown', where=where, hint=f'did you mean "{nearest}"?'
            )


def config_from(table: Table, *, where: str, folder: Path) -> GateConfig:
    """A policy from its table, strictly.

    Args:
        table: parsed TOML.
        where: the file, for messages.
        folder: what its paths are relative to.

    Raises:
        InputError: a key that is unknown, or a value of the wrong type or range.
    """
    check_keys(table, tuple(KEYS), where=where)
    values = {key: KEYS[key](value, f"{where}: {key}") for key, value in table.items()}

    own = {_field(key): value for key, value in values.items() if _field(key) not in _POLICY}
    policy = {_field(key): value for key, value in values.items() if _field(key) in _POLICY}
    config = GateConfig(
        source=where,
        policy=Policy(**policy),  # type: ignore[arg-type]  # KEYS has checked every value
        **own,  # type: ignore[arg-type]
    )
    return replace(
        config,
        paths=tuple(str(folder / path) for path in config.paths),
        baseline=None if config.baseline is None else str(folder / config.baseline),
        model=_model(config.model, folder),
    )


def _model(name: str | None, folder: Path) -> str | None:
    """A folder beside the file, else the id of a hub."""
    return str(folder / name) if name is not None and (folder / name).is_dir() else name


def _field(key: str) -> str:
    return {"min": "minimum", "max": "maximum"}.get(key, key.replace("-", "_"))


def _wrong(expected: str, value: Value, where: str) -> InputError:
    return InputError(f"expected {expected}, found {value!r}", where=where)


def _table(value: Value, where: str) -> Table:
    if not isinstance(value, dict):
        raise _wrong("a table", value, where)
    return value


def _text(value: Value, where: str) -> str:
    if not isinstance(value, str) or not value:
        raise _wrong("text", value, where)
    return value


def _texts(value: Value, where: str) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise _wrong("a list of texts", value, where)
    return tuple(_text(item, where) for item in value)


def _number(value: Value, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _wrong("a number", value, where)
    return float(value)


def _probability(value: Value, where: str) -> float:
    number = _number(value, where)
    if not 0 <= number <= 1:
        raise _wrong("a number from 0 to 1", value, where)
    return number


def _level(value: Value, where: str) -> float:
    number = _number(value, where)
    if not 0 < number < 0.5:
        raise _wrong("a number between 0 and 0.5", value, where)
    return number


def _count(value: Value, where: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise _wrong("a whole number from 1", value, where)
    return value


def _seed(value: Value, where: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise _wrong("a whole number from 0", value, where)
    return value


def _bool(value: Value, where: str) -> bool:
    if not isinstance(value, bool):
        raise _wrong("true or false", value, where)
    return value


def _choice(*known: str) -> Callable[[Value, str], str]:
    def check(value: Value, where: str) -> str:
        if value not in known:
            raise _wrong(f"one of {', '.join(known)}", value, where)
        return value

    return check


def severity_limit(value: Value, where: str) -> Severity | None:
    """A severity, or None for "never"."""
    found = _choice(*SEVERITIES, NEVER)(value, where)
    return None if found == NEVER else cast(Severity, found)


def _metric(value: Value, where: str) -> str:
    name = _text(value, where)
    try:
        return check_name(name)
    except InputError as error:
        raise InputError(error.what, where=where, hint=error.hint) from None


def _metrics(value: Value, where: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_metric(name, where) for name in _texts(value, where)))


def amounts(value: Value, where: str) -> tuple[Amount, ...]:
    """A table of figures by metric."""
    table = _table(value, where)
    check_keys(table, tuple(METRICS), where=where)
    return tuple(Amount(key, _number(item, f"{where}.{key}")) for key, item in table.items())


def _positive_amounts(value: Value, where: str) -> tuple[Amount, ...]:
    found = amounts(value, where)
    for item in found:
        if item.value < 0:
            raise _wrong("a number from 0", item.value, f"{where}.{item.metric}")
    return found


KEYS: Final[Mapping[str, Callable[[Value, str], object]]] = {
    "paths": _texts,
    "baseline": _text,
    "model": _text,
    "min-confidence": _probability,
    "allow": _texts,
    "protect": _texts,
    "mqm-scheme": _choice("google", "xcomet", "per-1000-words"),
    "output": _texts,
    "metrics": _metrics,
    "primary": _metric,
    "alpha": _level,
    "resamples": _count,
    "seed": _seed,
    "unit": _choice(*get_args(Unit)),
    "min-difference": _positive_amounts,
    "matters": _positive_amounts,
    "min": amounts,
    "max": amounts,
    "fail-on": severity_limit,
    "fail-on-new": severity_limit,
    "strict": _bool,
}
_POLICY: Final = frozenset(field.name for field in fields(Policy))


def assignments(texts: tuple[str, ...], where: str) -> Iterator[Amount]:
    """``chrf=60`` as given on the command line.

    >>> list(assignments(("chrf=60",), "--min"))
    [Amount(metric='chrf', value=60.0)]
    """
    for text in texts:
        name, equals, digits = text.partition("=")
        try:
            number = float(digits)
        except ValueError:
            number = float("nan")
        if not equals or number != number:
            raise _wrong("METRIC=NUMBER, such as chrf=60", text, where)
        yield Amount(_metric(name, where), number)
