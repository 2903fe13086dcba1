"""A report for a person at a terminal: what is wrong, where, and what it became.

Nothing from the article reaches the terminal as a command: control characters
are shown as escapes, and markup as the characters it is made of.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from mtqa.editor.base import Proposal
from mtqa.edits import Edit
from mtqa.findings import CHECKS
from mtqa.render.console import PLAIN, Look, drawn
from mtqa.render.scores import difference, figure, gain, p_value, unit
from mtqa.render.visible import quoted, visible
from mtqa.report import SEVERITIES, Comparison, Finding, Report
from mtqa.text import Segment
from mtqa.text.document import line_column

_SURFACE = 60  # characters of the article quoted in one place
_SENTENCE = 72
_WHOLE = 1000  # characters of a sentence that is shown whole
_WEAKEST = 3  # sentences named
_REFUSED = 5  # refused edits shown unless all are asked for
_DIGEST = 12  # hexadecimal digits, as git shows them

_OF_EDITS = ("edit precision", "harm rate")  # not defined where no edit was made
_STYLES = {"critical": "bold white on red", "major": "bold red", "minor": "yellow"}


def render(report: Report, look: Look = PLAIN) -> str:
    """The report as text, with ANSI colours if ``look`` says so."""
    return drawn(_parts(report, look), look)


def _parts(report: Report, look: Look) -> Iterable[Text | Table | Padding]:
    yield from _header(report)
    if report.findings:
        yield Text()
        yield _findings(report, look)
    yield Text()
    yield _summary(report.findings)
    yield from _cleaned(report)
    yield from _refused(report, look)
    yield from _weakest(report)
    if report.comparisons:
        yield from (Text(), Text("Against the reference", style="bold"), _comparisons(report))
        lower = [c.before.metric for c in report.comparisons if not c.before.higher_is_better]
        if lower:
            yield _dim(f"{', '.join(lower)}: lower is better.")
    if report.scores:
        yield from (Text(), _scores(report))
    for failure in report.failures:
        place = f"{failure.segment_id}: " if failure.segment_id else ""
        hint = f" ({failure.hint})" if failure.hint else ""
        yield Text(f"not judged: {place}{visible(failure.what)}{hint}", style="bold red")


def _header(report: Report) -> Iterable[Text]:
    editor = report.editor
    name = visible(report.document.path or "<text>")
    yield Text.assemble((name, "bold"), f"  {_short(report.input_digest)}")
    if editor is None:
        yield Text(f"{report.tool}, no editor: string metrics only", style="dim")
        return
    version = f" {visible(editor.version)}" if editor.version else ""
    settings = f"{editor.dtype}, {editor.device}, {editor.decoding}"
    about = f"{visible(editor.name)}{version}  {_short(editor.digest)}  {settings}"
    yield Text(f"{report.tool}, editor {about}", style="dim")


def _short(digest: str) -> str:
    kind, _, digits = digest.partition(":")
    return f"{kind}:{digits[:_DIGEST]}" if digits else digest[:_DIGEST]


def _findings(report: Report, look: Look) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0), pad_edge=False)
    table.add_column(justify="right", no_wrap=True)
    for _ in range(3):
        table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for finding in report.findings:
        what = _what(report, finding)
        if look.verbose:
            what.append(f"\n{visible(finding.message)} [{finding.rule}]", style="dim")
        table.add_row(
            Text(_place(report, finding.span.start)),
            Text.assemble((finding.severity, _STYLES[finding.severity])),
            Text(visible(finding.category)),
            Text(f"{finding.confidence:.2f}"),
            what,
        )
    return table


def _place(report: Report, offset: int) -> str:
    position = line_column(report.document.text, offset)
    return f"{position.line}:{position.column}"


def _what(report: Report, finding: Finding) -> Text:
    if finding.fix is not None:
        return _changed(report.document.text, finding.fix)
    kind, _, about = finding.rule.partition(".")
    if kind == "refused":
        surface = finding.surface.strip() or finding.surface
        place = _quoted(surface) if surface else "here"
        return Text.assemble((place, "magenta"), f"  check {CHECKS.get(about, visible(about))}")
    return Text.assemble((_quoted(finding.surface), "magenta"), "  unlikely")


def _changed(text: str, edit: Edit) -> Text:
    """What an edit of the document does."""
    old, new = edit.span.of(text), edit.text
    if old and new:
        return Text.assemble((_quoted(old), "red"), " -> ", (_quoted(new), "green"))
    if old:
        return Text.assemble("delete ", (_quoted(old.strip() or old), "red"))
    following = text[edit.span.end : edit.span.end + _SURFACE].split()
    place = f" before {_quoted(following[0])}" if following else " at the end"
    return Text.assemble("insert ", (_quoted(new.strip() or new), "green"), place)


def _quoted(text: str) -> str:
    return quoted(text, _SURFACE)


def _summary(findings: Sequence[Finding]) -> Text:
    if not findings:
        return Text("No findings.", style="bold green")
    counts = Counter(finding.severity for finding in findings)
    parts = [f"{counts[s]} {s}" for s in reversed(SEVERITIES) if counts[s]]
    noun = "finding" if len(findings) == 1 else "findings"
    return Text(f"{len(findings)} {noun}: {', '.join(parts)}.", style="bold")


def _cleaned(report: Report) -> Iterable[Text | Padding]:
    """What the changed sentences read like now."""
    pairs = zip(report.document.segments, report.readings, strict=True)
    changed = [(segment, reading) for segment, reading in pairs if reading.kept]
    if not report.readings:
        return
    total = len(report.readings)
    noun = "sentence" if total == 1 else "sentences"
    yield Text()
    if not changed:
        yield Text(f"Cleaned: none of {total} {noun} changed.", style="bold")
        return
    count = f"{len(changed)} of {total} {noun} changed"
    yield Text.assemble((f"Cleaned: {count}", "bold"), ("  (mtqa clean writes it all)", "dim"))
    grid = Table.grid(padding=(0, 2, 0, 0), pad_edge=False)
    grid.add_column(justify="right", no_wrap=True)
    grid.add_column(overflow="fold")
    for segment, reading in changed:
        grid.add_row(_place(report, segment.span.start), _with_edits(segment.text, reading.kept))
    yield Padding(grid, (0, 0, 0, 2))


def _with_edits(text: str, edits: Sequence[Edit]) -> Text:
    """A sentence with its edits made, and what is new in colour."""
    shown, at = Text(), 0
    for edit in edits:
        shown.append(visible(text[at : edit.span.start]))
        shown.append(visible(edit.text), style="green")
        at = edit.span.end
    shown.append(visible(text[at:]))
    shown.truncate(_WHOLE, overflow="ellipsis")
    return shown


def _refused(report: Report, look: Look) -> Iterable[Text | Padding]:
    refused = [
        (segment, proposal)
        for segment, reading in zip(report.document.segments, report.readings, strict=True)
        for proposal in reading.proposals
        if proposal.refused is not None
    ]
    if not refused:
        return
    counts = Counter(proposal.refused for _, proposal in refused)
    reasons = ", ".join(f"{n} {visible(str(reason))}" for reason, n in counts.most_common())
    noun = "edit" if len(refused) == 1 else "edits"
    yield Text()
    yield Text(f"Left as it was: {len(refused)} {noun} ({reasons})", style="bold")
    by_confidence = sorted(refused, key=lambda pair: -pair[1].confidence)
    shown = refused if look.verbose else by_confidence[:_REFUSED]
    grid = Table.grid(padding=(0, 2, 0, 0), pad_edge=False)
    grid.add_column(justify="right", no_wrap=True)
    grid.add_column(no_wrap=True)
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for segment, proposal in shown:
        grid.add_row(*_refusal(report, segment, proposal))
    yield Padding(grid, (0, 0, 0, 2))
    if len(shown) < len(refused):
        yield Text(f"  and {len(refused) - len(shown)} more (--verbose shows them)", style="dim")


def _refusal(report: Report, segment: Segment, proposal: Proposal) -> tuple[Text, ...]:
    span = proposal.edit.span.shift(segment.span.start)
    what = _changed(report.document.text, Edit(span, proposal.edit.text))
    if proposal.detail:
        what.append(f"  ({visible(proposal.detail)})", style="dim")
    return (
        Text(_place(report, span.start)),
        Text.assemble((visible(str(proposal.refused)), "cyan")),
        Text(f"{proposal.confidence:.2f}"),
        what,
    )


def _weakest(report: Report) -> Iterable[Text | Padding]:
    by_id = {segment.id: segment for segment in report.document.segments}
    rated = [(s.value, by_id[s.segment_id]) for s in report.fluency if s.value is not None]
    if len(rated) <= 1:
        return
    yield Text()
    yield Text("Least fluent sentences (0-100, 100 = natural)", style="bold")
    grid = Table.grid(padding=(0, 2, 0, 0), pad_edge=False)
    grid.add_column(justify="right", no_wrap=True)
    grid.add_column(justify="right", no_wrap=True)
    grid.add_column(overflow="fold")
    for value, segment in sorted(rated, key=lambda pair: pair[0])[:_WEAKEST]:
        place = Text(_place(report, segment.span.start))
        grid.add_row(place, Text(f"{value:.1f}"), Text(quoted(segment.text, _SENTENCE)))
    yield Padding(grid, (0, 0, 0, 2))


def _comparisons(report: Report) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="")
    table.add_column(_bold("Metric"), no_wrap=True)
    for name in ("Raw", "Cleaned", "Difference", "p"):
        table.add_column(_bold(name), justify="right", no_wrap=True)
    for comparison in report.comparisons:
        table.add_row(*_compared(comparison))
    return table


def _compared(comparison: Comparison) -> tuple[Text, ...]:
    better = gain(comparison)
    style = "green" if better > 0 else "red" if better < 0 else ""
    return (
        Text(comparison.before.metric),
        Text(figure(comparison.before)),
        Text(figure(comparison.after)),
        Text.assemble((difference(comparison), style)),
        Text(p_value(comparison)),
    )


def _scores(report: Report) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="")
    table.add_column(_bold("Score"), no_wrap=True)
    table.add_column(_bold("Value [95 % interval]"), no_wrap=True)
    table.add_column("", overflow="fold")
    for score in report.scores:
        table.add_row(Text(score.metric), Text(figure(score)), _dim(unit(score)))
    if report.comparisons and report.readings:
        for metric in _OF_EDITS:
            if report.score(metric) is None:
                table.add_row(Text(metric), Text("-"), _dim("no edit was made"))
    for floor in report.floors:
        label = _dim(f"with {floor.label}, without any model")
        table.add_row(_dim(floor.score.metric), Text(figure(floor.score)), label)
    return table


def _bold(text: str) -> Text:
    return Text.assemble((text, "bold"))


def _dim(text: str) -> Text:
    """Dim, without the padding of its cell (which a style of the whole Text would take in)."""
    return Text.assemble((text, "dim"))
