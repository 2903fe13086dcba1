"""Several translations side by side, for a person."""

from __future__ import annotations

from collections.abc import Iterable

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from mtqa.gate.systems import Contest, Difference, Duel
from mtqa.render.console import PLAIN, Look, drawn
from mtqa.render.visible import quoted, visible

_TEXT = 100  # characters of a segment shown
_LEVEL = 0.05


def render(contest: Contest, look: Look = PLAIN) -> str:
    """The scores, the pairs, and the segments that differ most."""
    return drawn(_parts(contest), look)


def _parts(contest: Contest) -> Iterable[Text | Table | Padding]:
    yield _scores(contest)
    yield Text()
    yield _duels(contest.duels)
    several = " corrected for the number of pairs (Holm)," if len(contest.systems) > 2 else ""
    yield Text(
        f"p: two-sided,{several} {contest.segments} segments; difference: second - first.",
        style="dim",
    )
    if contest.most_different:
        yield Text()
        metric = contest.scores[0][0].metric
        yield Text(f"Segments that differ most ({metric})", style="bold")
        for each in contest.most_different:
            yield _difference(contest, each)


def _table(*titles: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for number, title in enumerate(titles):
        table.add_column(title, justify="right" if number else "left", no_wrap=True)
    return table


def _scores(contest: Contest) -> Table:
    names = (
        row[0].metric if row[0].higher_is_better else f"{row[0].metric} (lower is better)"
        for row in contest.scores
    )
    table = _table("System", *names)
    for index, system in enumerate(contest.systems):
        cells = []
        for row in contest.scores:
            score = row[index]
            interval = "" if score.low is None else f" [{score.low:.1f}, {score.high:.1f}]"
            cells.append(Text(f"{score.value:.1f}{interval}"))
        table.add_row(Text(visible(system)), *cells)
    return table


def _duels(duels: Iterable[Duel]) -> Table:
    table = _table("Pair", "Metric", "Difference [95 %]", "p", "")
    for duel in duels:
        result, p = duel.result, duel.p_corrected
        interval = "" if result.low is None else f" [{result.low:+.2f}, {result.high:+.2f}]"
        table.add_row(
            Text(visible(f"{duel.first} / {duel.second}")),
            Text(duel.metric),
            Text(f"{result.difference:+.2f}{interval}"),
            Text("<0.001" if p < 0.001 else f"{p:.3f}"),
            Text("different" if p <= _LEVEL else "not told apart"),
        )
    return table


def _difference(contest: Contest, each: Difference) -> Padding:
    grid = Table.grid(padding=(0, 2, 0, 0))
    shown = (
        (contest.systems[0], f"{each.first:.1f}", each.texts[0]),
        (contest.systems[1], f"{each.second:.1f}", each.texts[1]),
        ("reference", "", each.reference),
    )
    for number, (name, value, text) in enumerate(shown):
        place = f"segment {each.number}" if number == 0 else ""
        grid.add_row(Text(place), Text(visible(name)), Text(value), Text(quoted(text, _TEXT)))
    return Padding(grid, (0, 0, 0, 2))
