"""How often the gate fails for nothing, and how often it finds damage; string metrics.

    python benchmarks/gate_calibration.py alarms SEGMENTS.tsv
    python benchmarks/gate_calibration.py agreement SEGMENTS.tsv

``SEGMENTS.tsv`` has a header ``reference<TAB>NAME<TAB>NAME...`` and a segment a line: its
reference, and what each system made of it.

``alarms`` takes the first two systems.  *No change*: for each segment it is left to chance
which system's translation is before and which is after, so both sides are the same mixture of
systems and differ in almost every segment.  *Damage*: the first system before and after, with one
planted error (a word dropped, said twice, replaced, or swapped with its neighbour) in a share of
the segments.  Segments are drawn anew, without replacement, in every rerun.

``agreement`` tests every pair of systems as the gate does, two-sided, and as sacrebleu's own
approximate randomisation does.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path

from mtqa.gate import Policy, Result, gate, measure
from mtqa.report import Report
from mtqa.scoring.metrics import metric_named
from mtqa.scoring.overlap import OverlapMetric, score
from mtqa.stats import Score, paired_test
from mtqa.text import Document, Paragraph, Span
from mtqa.text.document import document, with_references

METRICS: tuple[OverlapMetric, ...] = ("bleu", "chrf", "ter")
SIZES = (100, 250, 500, 1000)  # segments


@dataclass(frozen=True)
class Table:
    """The input file."""

    reference: tuple[str, ...]
    systems: dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class Version:
    """One translation of every segment, with its rows under every metric."""

    texts: tuple[str, ...]
    scores: tuple[Score, ...]


def read(path: Path) -> Table:
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").split("\n") if line]
    names, *cells = rows
    if names[0] != "reference" or len(names) < 3:
        sys.exit(f"{path}: the header is not: reference, NAME, NAME, ... separated by tabs")
    for number, row in enumerate(cells, start=2):
        if len(row) != len(names) or not all(cell.strip() for cell in row):
            sys.exit(f"{path}:{number}: {len(names)} cells that are not empty are needed")
    columns = list(zip(*cells, strict=True))
    return Table(columns[0], dict(zip(names[1:], columns[1:], strict=True)))


def damaged(text: str, rng: random.Random, words: Sequence[str]) -> str:
    """The text with one error planted in it."""
    found = text.split()
    place = rng.randrange(len(found))
    kind = rng.choice(("drop", "repeat", "replace", "swap"))
    if kind == "drop" and len(found) > 1:
        del found[place]
    elif kind == "repeat":
        found.insert(place, found[place])
    elif kind == "swap" and place + 1 < len(found) and found[place] != found[place + 1]:
        found[place : place + 2] = found[place + 1], found[place]
    else:
        found[place] = rng.choice(words)
    return " ".join(found)


def version(texts: Sequence[str], reference: Sequence[str]) -> Version:
    return Version(tuple(texts), tuple(score(texts, [reference], name) for name in METRICS))


def report(
    template: Report,
    versions: Sequence[Version],
    picks: Sequence[int],
    chosen: Sequence[int],
    reference: Sequence[str],
) -> Report:
    """A report on the picked segments, each as its chosen version has it."""
    paragraphs, offset = [], 0
    for number, (segment, which) in enumerate(zip(picks, chosen, strict=True), start=1):
        text = versions[which].texts[segment]
        span = Span(offset, offset + len(text))
        paragraphs.append(
            Paragraph(f"p{number}", text, span, number, references=(reference[segment],))
        )
        offset += len(text) + 1
    scores = tuple(
        replace(
            versions[0].scores[index],
            stats=tuple(
                versions[which].scores[index].stats[segment]
                for segment, which in zip(picks, chosen, strict=True)
            ),
        )
        for index in range(len(METRICS))
    )
    whole = Document("corpus.txt", "\n".join(p.text for p in paragraphs), tuple(paragraphs), ())
    return replace(template, document=whole, scores=scores)


@dataclass
class Tally:
    """How many reruns regressed, under each metric and under any."""

    runs: int = 0
    any: int = 0
    primary: int = 0
    exit_1: int = 0

    def add(self, result: Result) -> None:
        regressed = [verdict for verdict in result.verdicts if verdict.outcome == "REGRESSED"]
        self.runs += 1
        self.any += bool(regressed)
        self.primary += any(verdict.primary for verdict in regressed)
        self.exit_1 += result.exit_code == 1

    def __str__(self) -> str:
        return f"{share(self.exit_1, self.runs)} | {share(self.primary, self.runs)}"


def share(count: int, runs: int) -> str:
    """Per cent with a 95 % Wilson interval."""
    z, p = 1.96, count / runs
    middle = (p + z * z / (2 * runs)) / (1 + z * z / runs)
    half = z * (p * (1 - p) / runs + z * z / (4 * runs * runs)) ** 0.5 / (1 + z * z / runs)
    return f"{100 * p:.1f} % [{100 * max(0, middle - half):.1f}, {100 * (middle + half):.1f}]"


def alarms(table: Table, *, sizes: Sequence[int], reruns: int, damage: float, seed: int) -> None:
    rng = random.Random(seed)
    first, second, *_ = table.systems.values()
    words = sorted({word for text in first for word in text.split()})
    planted = [damaged(text, rng, words) for text in first]
    versions = [version(texts, table.reference) for texts in (first, second, planted)]
    small = with_references(document("a"), [document("a")])
    template = measure(small, METRICS)
    print("| segments | no change: fails | primary | damage: fails | primary |")
    print("|---:|---|---|---|---|")
    for size in (size for size in sizes if size <= len(table.reference)):
        nothing, harm = Tally(), Tally()
        for rerun in range(reruns):
            picks = rng.sample(range(len(table.reference)), size)
            policy = Policy(metrics=METRICS, seed=seed + rerun)
            sides = [rng.randrange(2) for _ in picks]
            hit = set(rng.sample(range(size), round(damage * size)))
            whole = [0] * size
            for tally, before, after in (
                (nothing, sides, [1 - side for side in sides]),
                (harm, whole, [2 if index in hit else 0 for index in range(size)]),
            ):
                pair = [
                    report(template, versions, picks, chosen, table.reference)
                    for chosen in (before, after)
                ]
                tally.add(gate(pair[:1], pair[1:], policy=policy))
        print(f"| {size} | {nothing} | {harm} |", flush=True)


def agreement(table: Table, *, samples: int, seed: int) -> None:
    os.environ["SACREBLEU_SEED"] = str(seed)
    from sacrebleu.metrics import BLEU, CHRF, TER
    from sacrebleu.significance import PairedTest

    theirs = {"bleu": BLEU(), "chrf": CHRF(word_order=2), "ter": TER()}
    scored = {name: version(texts, table.reference) for name, texts in table.systems.items()}
    reference = list(table.reference)
    print("| metric | pairs | same decision at 0.05 | largest difference of p |")
    print("|---|---:|---:|---:|")
    for index, metric in enumerate(METRICS):
        same, furthest, pairs = 0, 0.0, 0
        for one, two in combinations(table.systems, 2):
            a, b = scored[one].scores[index], scored[two].scores[index]
            statistic = metric_named(a.metric).statistic
            ours = paired_test(a.stats, b.stats, statistic, n=samples, seed=seed).p_value
            named = [(name, list(table.systems[name])) for name in (one, two)]
            test = PairedTest(
                named, {a.metric: theirs[metric]}, [reference], test_type="ar", n_samples=samples
            )
            p = test()[1][a.metric][1].p_value
            pairs += 1
            same += (ours <= 0.05) == (p <= 0.05)
            furthest = max(furthest, abs(ours - p))
            if (ours <= 0.05) != (p <= 0.05):
                print(f"# {metric}: {one} / {two}: p {ours:.4f} here, {p:.4f} in sacrebleu")
        print(f"| {metric} | {pairs} | {same} | {furthest:.4f} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=("alarms", "agreement"))
    parser.add_argument("segments", type=Path, metavar="SEGMENTS.tsv")
    parser.add_argument("--reruns", type=int, default=200, help="for each size (200)")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="segments")
    parser.add_argument("--damage", type=float, default=0.05, help="share of segments (0.05)")
    parser.add_argument("--samples", type=int, default=1000, help="swappings of a test (1000)")
    parser.add_argument("--seed", type=int, default=12345)
    given = parser.parse_args()
    table = read(given.segments)
    if given.what == "alarms":
        alarms(
            table,
            sizes=given.sizes,
            reruns=given.reruns,
            damage=given.damage,
            seed=given.seed,
        )
    else:
        agreement(table, samples=given.samples, seed=given.seed)


if __name__ == "__main__":
    main()
