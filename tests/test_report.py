from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from mtqa.errors import InputError
from mtqa.report import Report, from_json, to_json


def test_round_trip(fixed_report: Report) -> None:
    assert from_json(to_json(fixed_report)) == fixed_report


def test_the_same_report_gives_the_same_text(fixed_report: Report) -> None:
    assert to_json(from_json(to_json(fixed_report))) == to_json(fixed_report)


def _places(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The path to every key of every object."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield (*path, key)
            yield from _places(inner, (*path, key))
    elif isinstance(value, list) and value:
        yield from _places(value[0], (*path, 0))


def test_every_key_is_needed_and_no_other_is_known(fixed_report: Report) -> None:
    places = list(_places(json.loads(to_json(fixed_report))))
    assert len(places) > 80
    for *path, key in places:
        raw = json.loads(to_json(fixed_report))
        parent = raw
        for step in path:
            parent = parent[step]
        value = parent.pop(key)
        if key != "schema":
            with pytest.raises(InputError, match=f'the key "{key}" is missing'):
                from_json(json.dumps(raw))
        parent |= {key: value, "more": 1}
        with pytest.raises(InputError, match='the key "more" is unknown'):
            from_json(json.dumps(raw))


@pytest.mark.parametrize("text", ["", "[]", "{}", '"mtqa.report/1"', '{"schema": 1}', "\x00"])
def test_other_files_are_not_reports(text: str) -> None:
    with pytest.raises(InputError, match="not"):
        from_json(text)


def test_another_schema_version_is_named(fixed_report: Report) -> None:
    other = to_json(fixed_report).replace("mtqa.report/1", "mtqa.report/2", 1)
    with pytest.raises(InputError, match=r"schema is mtqa\.report/2.*reads mtqa\.report/1"):
        from_json(other)


def test_a_score_is_found_by_its_name(fixed_report: Report) -> None:
    assert fixed_report.score("fluency") is fixed_report.scores[0]
    assert fixed_report.score("no such metric") is None
