"""The model card, written from what a run left behind: no figure in it is typed by hand."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from string import Template

from mtqa import __version__
from mtqa.editor import load_editor
from mtqa.formats.article import read_article
from mtqa.judge import digest
from mtqa.pipeline import check_document
from mtqa.scoring.edit_match import Correction, match_edits
from mtqa.training import corpora
from mtqa.training.config import Recipe
from mtqa.training.evaluate import Row, line

TEMPLATE = Path(__file__).with_name("model_card.template.md")


def provenance(recipe: Recipe, data: Path) -> str:
    """A table of origins with licence and words, for everything that went into the weights."""
    words: Counter[tuple[str, str]] = Counter()
    for row in corpora.rows(data / "mono.jsonl.gz"):
        doc = f"{row['origin']}/{row.get('doc')}"
        if not corpora.held_out(doc, recipe.data.dev_share):
            words[str(row["origin"]), str(row["licence"])] += len(str(row["text"]).split())
    lines = ["| origin | licence | words read |", "| --- | --- | ---: |"]
    lines += [f"| {origin} | {licence} | {n:,} |" for (origin, licence), n in words.most_common()]
    return "\n".join(lines)


def article_table(folder: Path, article: Path) -> str:
    """Every edit kept on one article, and whether it came closer to the reference."""
    found = read_article(article)
    report = check_document(found.document, load_editor(str(folder)), gold=found.gold)
    cleaned = {r.segment_id: r.cleaned for r in report.readings}
    if report.cleaned == found.document.text:
        return "None: no proposal was sure enough."
    lines = ["| line | was | became | to the reference |", "| ---: | --- | --- | --- |"]
    for paragraph_index, paragraph in enumerate(found.document.paragraphs):
        text = paragraph.text
        for segment in reversed(found.document.segments):
            if segment.paragraph == paragraph_index:
                at = segment.span.shift(-paragraph.span.start)
                text = text[: at.start] + cleaned[segment.id] + text[at.end :]
        match = match_edits([Correction(paragraph.text, text, paragraph.references)])
        for judged in match.edits[0]:
            before = paragraph.text[max(0, judged.edit.span.start - 18) : judged.edit.span.start]
            was = f"…{before}**{judged.edit.span.of(paragraph.text)}**"
            effect = {"helped": "closer", "neutral": "as far", "harmed": "further"}[judged.outcome]
            lines.append(f"| {paragraph.line} | {was} | **{judged.edit.text}** | {effect} |")
    return "\n".join(lines)


def write_card(recipe: Recipe, data: Path, run: Path, folder: Path) -> None:
    """Fill the template and write ``MODEL_CARD.md`` beside the weights."""
    figures = json.loads((run / "figures.json").read_text())
    counts = json.loads((run / "pairs" / "counts.json").read_text())
    log = [json.loads(entry) for entry in (run / "log.jsonl").read_text().splitlines()]
    mcard = json.loads((folder / "mtqa.json").read_text())
    article = Path("references/carney")
    filled = Template(TEMPLATE.read_text("utf-8")).substitute(
        mtqa_version=__version__,
        figures="\n".join(line(Row(**row)) for row in figures["rows"]),
        revision=(run / "revision").read_text().strip(),
        curve=curve_table(run),
        mcc=tag_table(run),
        gleu="{untouched:.1f} untouched, {cleaned:.1f} cleaned, {open:.1f} with threshold and "
        "guard off".format(**figures["gleu"]),
        counts="\n".join(
            f"| {name} | {c['pairs']:,} | {c['source_pieces']:,} |" for name, c in counts.items()
        ),
        steps=f"{log[-1]['step']:,}",
        hours=f"{log[-1]['seconds'] / 3600:.2f}",
        min_confidence=mcard["min_confidence"],
        fluency="midpoint {midpoint:.3f}, width {width:.3f}".format(**mcard["fluency"]),
        digest=load_editor(str(folder)).info.digest,
        article=article_table(folder, article),
        article_digest=digest(read_article(article).document),
        provenance=provenance(recipe, data),
    )
    (folder / "MODEL_CARD.md").write_text(filled, "utf-8")


def tag_table(run: Path) -> str:
    """Word-level correlation with human tags, by signal and language."""
    found = json.loads((run / "tags.json").read_text())
    languages = [m["language"] for m in found["error_prob"]]
    lines = [
        "| signal | threshold | " + " | ".join(languages) + " | mean |",
        "| --- |" + " ---: |" * (len(languages) + 2),
    ]
    for signal, rows in found.items():
        values = [r["value"] for r in rows]
        cells = " | ".join(f"{v:.2f}" for v in values)
        mean = sum(values) / len(values)
        lines.append(f"| {signal} | {rows[0]['threshold']:.2f} | {cells} | {mean:.2f} |")
    return "\n".join(lines)


def curve_table(run: Path) -> str:
    """The trade-off along the threshold, from the tuning sets."""
    points = json.loads((run / "curve.json").read_text())
    names = list(points[0])
    lines = ["| " + " | ".join(names) + " |", "|" + " ---: |" * len(names)]
    lines += ["| " + " | ".join(f"{p[n]:.2f}" for n in names) + " |" for p in points]
    return "\n".join(lines)
