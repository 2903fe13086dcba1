"""A gate's result for a person: a table for the terminal, and one in Markdown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from rich.table import Table
from rich.text import Text

from mtqa.gate.types import Outcome, Result, Verdict
from mtqa.render.console import PLAIN, Look, drawn
from mtqa.render.figures import (
    detectable,
    difference,
    document_name,
    figure,
    headline,
    name,
    p_value,
)
from mtqa.render.visible import visible
from mtqa.report import Report
from mtqa.text.document import line_column

_STYLES: dict[Outcome, str] = {
    "PASS": "green",
    "REGRESSED": "bold red",
    "INCONCLUSIVE": "yellow",
    "INCOMPARABLE": "bold magenta",
}
_MARKS: dict[Outcome, str] = {
    "PASS": "✅",
    "REGRESSED": "❌",
    "INCONCLUSIVE": "⚠️",
    "INCOMPARABLE": "⛔",
}
_COLUMNS: tuple[tuple[str, Callable[[Verdict], str]], ...] = (
    ("Metric", name),
    ("Before", lambda verdict: figure(verdict, verdict.before)),
    ("After", lambda verdict: figure(verdict, verdict.after)),
    ("Difference [95 %]", difference),
    ("p", p_value),
    ("Detectable", detectable),
)
_LEGEND = (
    "p: one-sided, that it got worse; * primary metric, the others are corrected (Holm). "
    "Detectable: smallest drop that would be found four times in five."
)


def render(reports: Sequence[Report], result: Result, look: Look = PLAIN) -> str:
    """The result as text, with ANSI colours if ``look`` says so."""
    return drawn(_parts(reports, result), look)


def _parts(reports: Sequence[Report], result: Result) -> Iterable[Text | Table]:
    if result.verdicts:
        yield _table(result.verdicts)
        yield Text(_LEGEND, style="dim")
        yield Text()
    for verdict in result.verdicts:
        if verdict.outcome != "PASS":
            style = _STYLES[verdict.outcome]
            said = f": {visible(verdict.reason)}"
            yield Text.assemble((f"{verdict.outcome} {verdict.metric}", style), said)
    for line in _below(reports, result):
        yield Text.assemble(("failed", "bold red"), f": {line}")
    for problem in result.problems:
        yield Text.assemble(("not judged", "bold magenta"), f": {visible(problem)}")
    for notice in result.notices:
        yield Text.assemble(("note", "bold"), f": {visible(notice)}")
    yield Text(headline(result), style="bold")


def _table(verdicts: Sequence[Verdict]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for title, _ in _COLUMNS:
        table.add_column(title, justify="left" if title == "Metric" else "right", no_wrap=True)
    table.add_column("Outcome", no_wrap=True)
    for verdict in verdicts:
        outcome = Text(verdict.outcome, style=_STYLES[verdict.outcome])
        table.add_row(*(Text(cell(verdict)) for _, cell in _COLUMNS), outcome)
    return table


def _below(reports: Sequence[Report], result: Result) -> Iterable[str]:
    """Breaches, those of findings with their places."""
    for breach in result.breaches:
        if breach.finding is None:
            yield visible(breach.what)
            continue
        located = result.findings[breach.finding]
        report = reports[located.document]
        place = line_column(report.document.text, located.finding.span.start)
        path = visible(document_name(report))
        yield f"{path}:{place.line}:{place.column}: {visible(breach.what)}"


def markdown(reports: Sequence[Report], result: Result) -> str:
    """The result as GitHub-flavoured Markdown, for a job summary or a comment."""
    lines = [f"### mtqa {headline(result)}", ""]
    if result.verdicts:
        titles = [*(title for title, _ in _COLUMNS), "Outcome"]
        rules = ["---", *["---:"] * (len(titles) - 2), "---"]
        lines += [_row(titles), _row(rules)]
        lines += [_row(_cells(verdict)) for verdict in result.verdicts]
        lines += ["", _LEGEND.replace("*", "\\*"), ""]
    bullets = [
        *(
            f"**{v.outcome}** {escape(v.metric)}: {escape(v.reason)}"
            for v in result.verdicts
            if v.outcome != "PASS"
        ),
        *(f"**failed**: {escape(line)}" for line in _below(reports, result)),
        *(f"**not judged**: {escape(problem)}" for problem in result.problems),
        *(f"note: {escape(notice)}" for notice in result.notices),
    ]
    lines += [f"- {bullet}" for bullet in bullets]
    return "\n".join(lines).rstrip("\n") + "\n"


def _cells(verdict: Verdict) -> list[str]:
    outcome = f"{_MARKS[verdict.outcome]} {verdict.outcome}"
    return [*(escape(cell(verdict)) for _, cell in _COLUMNS), outcome]


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def escape(text: str) -> str:
    r"""Text that Markdown shows as it is, on one line.

    >>> print(escape("a|b <i> *c*"))
    a\|b &lt;i> \*c\*
    """
    text = visible(text).replace("&", "&amp;").replace("<", "&lt;")
    for char in "\\`*_[]|@#":
        text = text.replace(char, f"\\{char}")
    return text
