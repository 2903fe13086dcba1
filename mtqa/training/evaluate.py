"""The figures of the model card, on held-out text that nothing was tuned on.

Per set: TER of doing nothing and of the cleaned text (lower is better) with the paired
p-value, the share of sentences changed, and of the edits made how many help and how many
harm.  Each at the default threshold behind the guard, and with both switched off.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from mtqa.editor import Editor, load_editor
from mtqa.editor.guard import GuardPolicy
from mtqa.scoring.edit_match import Correction, match_edits
from mtqa.scoring.gleu import gleu
from mtqa.scoring.metrics import compare
from mtqa.scoring.overlap import score
from mtqa.training import devsets
from mtqa.training.calibrate import Read, guarded, read_set
from mtqa.training.config import Recipe
from mtqa.training.devsets import DevSet, Sample


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    name: str
    setting: str  # "default" or "open": no threshold, no guard
    sentences: int
    changed: float  # per cent of the sentences
    edits: int
    ter_before: float  # 0-100 and above, lower is better; 0 on clean text
    ter_after: float
    p_value: float  # 0-1, two-sided, paired
    helped: float | None  # per cent of the edits; None without edits
    harmed: float | None  # per cent of the edits


def row(devset: DevSet, cleaned: Sequence[str], setting: str) -> Row:
    """Score one set."""
    samples = devset.samples
    references = [[s.reference for s in samples]]
    before = score([s.text for s in samples], references, "ter")
    after = score(cleaned, references, "ter")
    matched = match_edits(
        [Correction(s.text, c, (s.reference,)) for s, c in zip(samples, cleaned, strict=True)]
    )
    changed = sum(s.text != c for s, c in zip(samples, cleaned, strict=True))
    return Row(
        name=devset.name,
        setting=setting,
        sentences=len(samples),
        changed=100 * changed / len(samples),
        edits=sum(map(len, matched.edits)),
        ter_before=before.value,
        ter_after=after.value,
        p_value=compare(before, after).p_value,
        helped=matched.helpful.value if matched.helpful else None,
        harmed=matched.harm.value if matched.harm else None,
    )


def test_sets(recipe: Recipe, data: Path, limit: int) -> tuple[DevSet, ...]:
    """Everything the table reports on."""
    return (
        *devsets.round_trips(data, recipe.data, "test", limit),
        *devsets.post_edits(data, "test", limit),
        devsets.clean(data, recipe.data, "test", 2 * limit),
        devsets.news(data, 8 * limit),
    )


def evaluate(
    recipe: Recipe, data: Path, folder: Path | None, out: Path, *, limit: int = 300
) -> None:
    """Print the table and write it to ``out`` as JSON."""
    editor: Editor = load_editor(None if folder is None else str(folder))
    settings = {
        "default": GuardPolicy(min_confidence=editor.default_min_confidence),
        "open": GuardPolicy(min_confidence=0.0, enabled=False),
    }
    rows = []
    for devset in test_sets(recipe, data, limit):
        read = Read(devset, tuple(read_set(editor, devset)))
        for setting, policy in settings.items():
            rows.append(row(devset, guarded(read, policy), setting))
            print(line(rows[-1]), flush=True)
    rewrites = learner_gleu(editor, data)
    print(
        f"JFLEG dev GLEU: {rewrites['untouched']:.1f} untouched, {rewrites['cleaned']:.1f} cleaned"
    )
    result = {
        "editor": asdict(editor.info),
        "rows": [asdict(r) for r in rows],
        "gleu": rewrites,
    }
    out.write_text(json.dumps(result, indent=1) + "\n")


def learner_gleu(editor: Editor, data: Path) -> dict[str, float]:
    """GLEU of learner sentences (JFLEG dev), 0-100: untouched, at the default, and open."""
    pairs = tuple(devsets.learner(data, 10**6))
    sources, references = [s for s, _ in pairs], [r for _, r in pairs]
    found = DevSet("learner", tuple((Sample(s, s),) for s in sources))
    read = Read(found, tuple(read_set(editor, found)))
    sure = GuardPolicy(min_confidence=editor.default_min_confidence)
    return {
        "untouched": gleu(sources, sources, references),
        "cleaned": gleu(sources, guarded(read, sure), references),
        "open": gleu(sources, guarded(read, GuardPolicy(0.0, enabled=False)), references),
    }


def line(r: Row) -> str:
    """A row as Markdown."""
    share = [f"{x:.0f}" if x is not None else "-" for x in (r.helped, r.harmed)]
    relative = f"{100 * (r.ter_after / r.ter_before - 1):+.1f} %" if r.ter_before else "-"
    return (
        f"| {r.name} | {r.setting} | {r.sentences} | {r.changed:.2f} % | {r.edits} "
        f"| {r.ter_before:.2f} | {r.ter_after:.2f} | {relative} | {r.p_value:.3f} "
        f"| {share[0]} | {share[1]} |"
    )
