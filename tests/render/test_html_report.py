"""The HTML report, read back with an HTML parser (lxml's, which sacrebleu needs anyway).

How it looks was judged in a browser: wide, on a phone, in the dark and on paper.
"""

from __future__ import annotations

import os
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import lxml.etree
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html
from typer.testing import CliRunner

import mtqa.editor
import mtqa.render
from mtqa.cli.app import app
from mtqa.judge import judge
from mtqa.render.html import fragment, render, shown
from mtqa.render.visible import visible
from mtqa.report import SEVERITIES, Failure, Finding, Report
from mtqa.text import Span
from mtqa.text.document import document

GOLDEN = Path(__file__).parent / "golden" / "report.html"
TEMPLATES = Path(mtqa.render.__file__).parent / "templates"
TAGS = {tag for path in TEMPLATES.glob("*.j2") for tag in re.findall(r"<(\w+)", path.read_text())}
HOSTILE = [
    "<script>alert(1)</script>",
    "</style><img src=x onerror=alert(1)>",
    "\"><a href='javascript:1'>",
    "{{ 7 * 7 }}{% raw %}",
    "&lt;b&gt; &#x202e;",
    "\x1b[31m\x00\x9b",
    "\u202eevil\u2069\u2028",
    "<!-- -->]]>",
]


def _parsed(page: str) -> Any:
    return lxml_html.document_fromstring(page)


def _text(element: Any) -> str:
    return str(element.text_content())


def test_html_golden(fixed_report: Report) -> None:
    # sacrebleu's version is part of its signatures; the file says "X" for it.
    page = re.sub(r"version:\d[^|\"<]*", "version:X", render(fixed_report))
    if os.environ.get("MTQA_GOLDEN") == "write":
        GOLDEN.write_text(page, encoding="utf-8", newline="")
    assert GOLDEN.read_bytes().decode("utf-8") == page


def test_the_article_is_all_there(fixed_report: Report) -> None:
    lines = _parsed(render(fixed_report)).xpath('//p[@class="line"]')
    paragraphs = fixed_report.document.paragraphs
    assert [_text(line) for line in lines] == [visible(p.text) for p in paragraphs]
    assert [int(line.get("data-line")) for line in lines] == [p.line for p in paragraphs]


def test_every_sentence_can_be_linked_to(fixed_report: Report) -> None:
    tree = _parsed(render(fixed_report))
    sentences = {each.get("id"): _text(each) for each in tree.xpath('//span[@class="s"]')}
    assert sentences == {s.id: visible(s.text) for s in fixed_report.document.segments}
    bars = tree.xpath('//div[@class="plot"]//a')
    assert [bar.get("href") for bar in bars] == [f"#{s.segment_id}" for s in fixed_report.fluency]


def test_every_finding_is_marked_and_listed(fixed_report: Report) -> None:
    tree = _parsed(render(fixed_report))
    cards = tree.xpath('//li[starts-with(@class, "card")]')
    marks = tree.xpath('//p[@class="line"]//a')
    assert len(cards) == len(marks) == len(fixed_report.findings)
    for finding, card, mark in zip(fixed_report.findings, cards, marks, strict=True):
        assert _text(mark) == visible(finding.surface)
        assert mark.get("href") == f"#{card.get('id')}"
        for part in (finding.category, finding.severity, finding.message):
            assert part in mark.get("title")
            assert part in _text(card)
        assert finding.severity in mark.get("class").split()
        assert finding.severity in card.get("class").split()
        assert f"{finding.confidence:.2f}" in _text(card)
        assert finding.fix is None or _text(card.find(".//ins")) == finding.fix.text
    assert "3:9" in _text(cards[1])  # counted by hand: third line, after a tab and "He sat "


def test_the_two_versions_stand_side_by_side(fixed_report: Report) -> None:
    tree = _parsed(render(fixed_report))
    raw, cleaned = [], []
    for pair in tree.xpath('//div[@class="pairs"]/div[@data-line]'):
        sides = [_text(p) for p in pair.findall("p")]
        raw.append(sides[0])
        cleaned.append(sides[-1])
    after = document(fixed_report.cleaned)
    assert raw == [visible(p.text) for p in fixed_report.document.paragraphs]
    assert cleaned == [visible(p.text) for p in after.paragraphs]
    pairs = tree.xpath('//div[@class="pairs"]')[0]
    assert [_text(e) for e in pairs.iter("del")] == ["in the brink of my", "was", "sorry ."]
    assert [_text(e) for e in pairs.iter("ins")] == ["on the edge of his", "were", "sorry."]


def test_refused_edits_say_why(fixed_report: Report) -> None:
    (section,) = _parsed(render(fixed_report)).xpath('//section[@aria-labelledby="h-refused"]')
    rows = [[_text(cell) for cell in row] for row in section.xpath(".//tbody/tr")]
    assert rows == [
        ["3:56", "number", "0.81", "1994 → 1995 (1994 -> 1995)"],
        ["4:29", "confidence", "0.25", "delete not"],
    ]


def test_scores_have_their_intervals(fixed_report: Report) -> None:
    (section,) = _parsed(render(fixed_report)).xpath('//section[@aria-labelledby="h-scores"]')
    rows = {_text(row[0]): [_text(c) for c in row[1:]] for row in section.xpath(".//tbody/tr")}
    # As the terminal's golden file has them.
    assert rows["BLEU"][:3] == ["70.0 [39.3, 100.0]", "92.5 [65.8, 100.0]", "+22.5 [+0.0, +36.6]"]
    assert rows["fluency"][0] == "69.4 [53.5, 79.0]"
    assert rows["MQM (google)"][0] == "3.0 [1.1, 5.0]"
    for score in fixed_report.scores:
        assert score.signature in render(fixed_report).replace("&#39;", "'").replace("&lt;", "<")


def test_nothing_is_fetched_and_nothing_runs(fixed_report: Report) -> None:
    for page in (render(fixed_report), fragment(fixed_report)):
        tree = _parsed(page)
        assert not tree.xpath("//script | //link | //img | //iframe | //object | //base | //form")
        attributes = [(name, value) for each in tree.iter() for name, value in each.items()]
        assert not [name for name, _ in attributes if name.startswith("on") or name == "src"]
        links = [value for name, value in attributes if name.endswith("href")]
        assert links
        assert all(link.startswith("#") for link in links)
        assert not re.search(r"url\(|@import", page)
    assert "default-src 'none'" in render(fixed_report)


def _links_hold(tree: Any) -> None:
    ids = tree.xpath("//@id")
    assert len(set(ids)) == len(ids)
    wanted = [link.removeprefix("#") for link in tree.xpath("//@href")]
    wanted += [id for ids in tree.xpath("//@aria-describedby") for id in ids.split()]
    wanted += tree.xpath("//@aria-labelledby")
    assert set(wanted) <= set(ids)


def test_links_lead_somewhere_also_with_two_reports_on_a_page(fixed_report: Report) -> None:
    _links_hold(_parsed(render(fixed_report)))
    other = replace(fixed_report, cleaned=fixed_report.document.text)
    _links_hold(_parsed(fixed_report._repr_html_() + other._repr_html_()))


def _finding(text: str, start: int, end: int, severity: int) -> Finding:
    span = Span(start, end)
    return Finding(
        rule="unlikely.words",
        category="Style/Awkward",
        severity=SEVERITIES[severity],
        segment_id="p1.s1",
        span=span,
        surface=span.of(text),
        message="Odd.",
        fix=None,
        confidence=0.5,
    )


def test_findings_may_overlap(fixed_report: Report) -> None:
    text = "One two three four."
    findings = (
        _finding(text, 0, 7, 0),
        _finding(text, 4, 13, 2),
        _finding(text, 13, 13, 1),
        _finding(text, 14, 18, 1),
    )
    report = replace(
        fixed_report, document=document(text), readings=(), fluency=(), findings=findings
    )
    tree = _parsed(render(report))
    marks = tree.xpath('//p[@class="line"]//a')
    assert [(_text(m), m.get("class"), m.get("aria-describedby")) for m in marks] == [
        ("One ", "m minor", "f1"),
        ("two", "m critical several", "f2 f1"),
        (" three", "m critical", "f2"),
        ("", "m major gap", "f3"),
        ("four", "m major", "f4"),
    ]
    assert tree.xpath('//p[@class="line"]//sup/@data-n') == ["1", "2", "3", "4"]
    _links_hold(tree)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.sampled_from(HOSTILE) | st.text(st.characters(codec="utf-8"), min_size=1))
def test_hostile_text_is_text(make_editor: Any, answer: Any, hostile: str) -> None:
    text = f"He go {hostile} there.\n{hostile}"
    editor = make_editor({"go": answer(hostile), "there": answer("x", 0.9, "name", hostile)})
    article = document(text, path=hostile)
    report = judge(article, editor.read(article.segments), editor=editor.info, scale=None)
    report = replace(report, failures=(Failure("p1.s1", hostile, hostile),))
    page = render(report)
    tree = _parsed(page)
    lines = tree.xpath('//p[@class="line"]')
    assert [_text(line) for line in lines] == [visible(p.text) for p in article.paragraphs]
    assert tree.findtext(".//h1/bdi") == visible(hostile)
    assert {element.tag for element in tree.iter(lxml.etree.Element)} <= TAGS
    assert not set(page) & set("\x00\x1b\x9b\u202e\u2069\u2028")


@settings(max_examples=100, deadline=None)
@given(st.text(st.characters(exclude_categories=()) | st.sampled_from("\x00\x1b\u202e<&>'\"")))
def test_shown_text_reads_as_visible_text(text: str) -> None:
    assert _text(lxml_html.fragment_fromstring(f"<p>{shown(text)}</p>")) == visible(text)


def test_what_was_not_judged_is_said_first(fixed_report: Report) -> None:
    failed = replace(fixed_report, failures=(Failure("p1.s1", "too long", "shorten it"),))
    (notice,) = _parsed(render(failed)).xpath('//header/p[@role="alert"]')
    assert _text(notice) == "Not judged: p1.s1: too long (shorten it)"


def test_a_report_without_an_editor_has_only_what_it_knows(fixed_report: Report) -> None:
    bare = replace(
        fixed_report, editor=None, readings=(), fluency=(), findings=(), fluency_scale=None
    )
    tree = _parsed(render(bare))
    assert not tree.xpath('//div[@class="plot"] | //div[@class="pairs"]')
    assert "No editor read this text." in _text(tree)
    _links_hold(tree)


@pytest.mark.parametrize("name", ["r.html", "R.HTM"])
def test_check_writes_a_page_to_a_file_so_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make_editor: Any, answer: Any, name: str
) -> None:
    editor = make_editor({"go": answer("goes")})
    monkeypatch.setattr(mtqa.editor, "load_editor", lambda *_, **__: editor)
    article, page = tmp_path / "a.txt", tmp_path / name
    article.write_text("He go <b>home</b>.")
    result = CliRunner().invoke(app, ["check", str(article), "-o", str(page)])
    assert (result.exit_code, result.stdout) == (0, "")
    (line,) = _parsed(page.read_text("utf-8")).xpath('//p[@class="line"]')
    assert _text(line) == "He go <b>home</b>."
    CliRunner().invoke(app, ["check", str(article), "--json", "-o", str(page)])
    assert mtqa.from_json(page.read_text("utf-8")).cleaned == "He goes <b>home</b>."
