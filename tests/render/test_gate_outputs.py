"""Every form in which a gate's result is written, over the same results.

The golden files are what this code wrote when it was last looked at by a person.  To make
them again: MTQA_GOLDEN=write pytest tests/render, then read the difference.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mtqa import codec
from mtqa.edits import Edit, apply
from mtqa.gate import Policy, Result, gate
from mtqa.judge import judge
from mtqa.render import gate as for_people
from mtqa.render import github, json_, junit, sarif
from mtqa.report import Report
from mtqa.text import Span
from mtqa.text.document import document, with_references

HERE = Path(__file__).parent
SARIF_SCHEMA = HERE / "schemas" / "sarif-2.1.0-rtm.4.json"
FORMS: dict[str, Callable[[Any, Result], str]] = {
    "gate.txt": for_people.render,
    "gate.md": for_people.markdown,
    "gate.json": lambda _, result: json_.render_gate(result),
    "gate.junit.xml": junit.render,
    "gate.sarif": sarif.render,
    "gate.github.txt": github.render,
}


@pytest.fixture
def failed(fixed_report: Report, make_editor: Any, answer: Any) -> tuple[Report, Result]:
    """A document that got worse, on hostile text: a new finding, a score below a threshold."""
    editor = make_editor({"resume": answer("resumes"), "brink": answer("edge", 0.95)})
    text = fixed_report.document.text
    reference = "\r\n".join(p.references[0] for p in fixed_report.document.paragraphs)
    article = with_references(
        document(text.replace("of my seat", "of my, er, 100 % seat"), path="talks[bold].txt"),
        [document(reference)],
    )
    after = judge(
        article, editor.read(article.segments), editor=editor.info, scale=editor.fluency_scale
    )
    policy = Policy(fail_on_new="minor", maximum=())
    return after, gate([fixed_report], [after], policy=policy)


def test_the_golden_files(failed: tuple[Report, Result]) -> None:
    report, result = failed
    for name, render in FORMS.items():
        text = render([report], result)
        path = HERE / "golden" / name
        if os.environ.get("MTQA_GOLDEN") == "write":
            path.write_text(text, encoding="utf-8", newline="")
        assert path.read_bytes().decode("utf-8") == text


def _results(report: Report) -> list[Result]:
    other = replace(report, editor=replace(report.editor, digest="sha256:" + "0" * 64))  # type: ignore[type-var]
    lost = replace(report, document=replace(report.document, path="elsewhere.txt"))
    return [
        gate([report], [report]),
        gate([other], [report]),
        gate([report, lost], [report]),
        gate(None, [report], policy=Policy(fail_on="minor")),
        gate([replace(report, findings=())], [report], policy=Policy(fail_on_new="minor")),
    ]


def test_sarif_holds_to_the_published_schema(fixed_report: Report) -> None:
    validator = jsonschema.Draft4Validator(json.loads(SARIF_SCHEMA.read_text(encoding="utf-8")))
    for result in _results(fixed_report):
        log = json.loads(sarif.render([fixed_report], result))
        assert list(validator.iter_errors(log)) == []
        assert log["runs"][0]["columnKind"] == "unicodeCodePoints"
        assert log["runs"][0]["invocations"][0]["exitCode"] == result.exit_code
    broken = {**log, "version": "2.0.0"}
    assert list(validator.iter_errors(broken))


def test_the_fixes_of_sarif_make_the_cleaned_text(fixed_report: Report) -> None:
    log = json.loads(sarif.render([fixed_report], gate([fixed_report], [fixed_report])))
    found = log["runs"][0]["results"]
    edits = []
    for each in found:
        region = each["locations"][0]["physicalLocation"]["region"]
        text = fixed_report.document.text
        lines = re.split(r"(?<=\r\n)|(?<=\n)", text)
        start = sum(map(len, lines[: region["startLine"] - 1])) + region["startColumn"] - 1
        end = sum(map(len, lines[: region["endLine"] - 1])) + region["endColumn"] - 1
        assert (start, end - start) == (region["charOffset"], region["charLength"])
        assert text[start:end] == region["snippet"]["text"]
        for fix in each.get("fixes", ()):
            (replacement,) = fix["artifactChanges"][0]["replacements"]
            place = replacement["deletedRegion"]
            span = Span(place["charOffset"], place["charOffset"] + place["charLength"])
            edits.append(Edit(span, replacement["insertedContent"]["text"]))
    assert apply(fixed_report.document.text, edits) == fixed_report.cleaned
    assert all(each["baselineState"] == "unchanged" for each in found)
    prints = [each["partialFingerprints"]["mtqa/v1"] for each in found]
    assert len(set(prints)) == len(prints) > 0


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("a b/ü.txt", {"uri": "a%20b/%C3%BC.txt", "uriBaseId": "SRCROOT"}),
        ("/tmp/x.txt", {"uri": "file:///tmp/x.txt"}),
        ("C:\\x y.txt", {"uri": "file:///C:/x%20y.txt"}),
    ],
)
def test_sarif_paths_are_uris(fixed_report: Report, path: str, location: dict[str, str]) -> None:
    report = replace(fixed_report, document=replace(fixed_report.document, path=path))
    log = json.loads(sarif.render([report], gate(None, [report], policy=Policy(fail_on="minor"))))
    assert log["runs"][0]["artifacts"][0]["location"] == location


def test_junit_counts_what_it_holds(fixed_report: Report) -> None:
    for result in _results(fixed_report):
        root = ET.fromstring(junit.render([fixed_report], result))
        for element in (root, *root.iter("testsuite")):
            assert int(element.get("tests", -1)) == len(list(element.iter("testcase")))
            assert int(element.get("failures", -1)) == len(list(element.iter("failure")))
            assert int(element.get("errors", -1)) == len(list(element.iter("error")))
        assert bool(list(root.iter("error"))) == (result.exit_code == 2)
        if result.exit_code == 1:
            assert list(root.iter("failure"))
        if result.exit_code == 0:
            assert not list(root.iter("failure"))


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.text(st.characters(codec="utf-8"), min_size=1)
    | st.sampled_from(["\0", "\ufffe", "]]>", "\u2028"])
)
def test_hostile_text_breaks_no_form(fixed_report: Report, hostile: str) -> None:
    findings = tuple(replace(f, message=hostile, surface=hostile) for f in fixed_report.findings)
    report = replace(fixed_report, findings=findings)
    result = gate(None, [report], policy=Policy(fail_on="minor"))
    ET.fromstring(junit.render([report], result))
    json.loads(sarif.render([report], result))
    for line in github.render([report], result).splitlines()[:-1]:
        assert re.match(r"::(error|warning|notice) [^\r\n]*::", line)
    assert len(for_people.markdown([report], result).splitlines()) == len(report.findings) + 2


def test_the_json_reads_back(failed: tuple[Report, Result]) -> None:
    _, result = failed
    assert codec.loads(Result, json_.render_gate(result)) == result


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("\tHe go", "line=1,endLine=1,col=5,endColumn=7"),
        ("🎭🎭 go", "line=1,endLine=1,col=4,endColumn=6"),
        ("e\u0301e\u0301 go", "line=1,endLine=1,col=6,endColumn=8"),
        ("One.\r\n\r\nHe go", "line=3,endLine=3,col=4,endColumn=6"),
        ("One.\u2028 He go", "line=1,endLine=1,col=10,endColumn=12"),
    ],
)
def test_lines_and_columns(make_editor: Any, answer: Any, text: str, place: str) -> None:
    editor = make_editor({"go": answer("goes")})
    article = document(text, path="a,b:c.txt")
    report = judge(article, editor.read(article.segments), editor=editor.info, scale=None)
    result = gate(None, [report], policy=Policy(fail_on="minor"))
    assert f"::error file=a%2Cb%3Ac.txt,{place},title=" in github.render([report], result)
    region = json.loads(sarif.render([report], result))["runs"][0]["results"][0]["locations"][0]
    found = region["physicalLocation"]["region"]
    keys = ("startLine", "endLine", "startColumn", "endColumn")
    assert [found[key] for key in keys] == [int(n) for n in re.findall(r"=(\d+)", place)]
    line, column = found["startLine"], found["startColumn"]
    assert f"a,b:c.txt:{line}:{column}: finding" in for_people.render([report], result)


def test_github_shows_no_more_than_it_can(make_editor: Any, answer: Any) -> None:
    editor = make_editor({"go": answer("goes")})
    article = document("He go.\n" * 25, path="a.txt")
    report = judge(article, editor.read(article.segments), editor=editor.info, scale=None)
    text = github.render([report], gate(None, [report], policy=Policy(fail_on="minor")))
    assert text.count("::error ") == github.PER_LEVEL
    assert "16 more of this kind" in text
