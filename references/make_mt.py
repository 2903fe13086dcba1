"""Makes ``mt.txt`` and ``provenance.md`` of the articles here that Apertium translated.

    python references/make_mt.py               # every article in ARTICLES
    python references/make_mt.py bridge otters # only these
    python references/make_mt.py --check       # write nothing, exit 1 where mt.txt would change
    python references/make_mt.py --table       # the table in README.md, on standard output

Each ``reference.txt`` is English written for this project.  It goes, a paragraph at a time,
through a chain of Apertium modes that ends in English again; what comes out is ``mt.txt``.
Needs ``apertium`` with the packages in PACKAGES (``apt-get install`` has them on Debian), and
makes the same bytes from the same versions; those used are in each ``provenance.md``.  Where
there is a ``spans.tsv``, an ``mt.txt`` that would change is left alone, and the exit status is 1.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).resolve().parent
DATE: Final = "2026-11-22"

# Which package a mode comes with.
PACKAGES: Final = {
    "eng-spa": "apertium-eng-spa",
    "spa-eng": "apertium-eng-spa",
    "eng-cat": "apertium-eng-cat",
    "cat-eng": "apertium-eng-cat",
    "en-gl": "apertium-en-gl",
    "gl-en": "apertium-en-gl",
    "en-eo": "apertium-eo-en",
    "eo-en": "apertium-eo-en",
    "spa-cat": "apertium-spa-cat",
    "cat-spa": "apertium-spa-cat",
    "es-gl": "apertium-es-gl",
    "gl-es": "apertium-es-gl",
}

Chain = tuple[str, ...]  # Apertium modes, in order

# Three passes over two borders, by way of two languages that are close to each other ...
SPA_CAT: Final = ("eng-spa", "spa-cat", "cat-eng")
CAT_SPA: Final = ("eng-cat", "cat-spa", "spa-eng")
GLG_SPA: Final = ("en-gl", "gl-es", "spa-eng")
SPA_GLG: Final = ("eng-spa", "es-gl", "gl-en")
# ... and two round trips in a row, which leave more of a mess.
SPA_THEN_GLG: Final = ("eng-spa", "spa-eng", "en-gl", "gl-en")
SPA_THEN_EPO: Final = ("eng-spa", "spa-eng", "en-eo", "eo-en")
CAT_THEN_SPA: Final = ("eng-cat", "cat-eng", "eng-spa", "spa-eng")
EPO_THEN_SPA: Final = ("en-eo", "eo-en", "eng-spa", "spa-eng")


@dataclass(frozen=True, slots=True)
class Recipe:
    """How an article came about."""

    kind: str  # of text, in a few words
    chain: Chain
    # Paragraphs, counted from 1, that another chain brings out much closer to the reference
    # (at least 4 points of chrF++, 6 where there is gold): what is garbled shows nothing.
    others: Mapping[Chain, tuple[int, ...]]

    def of(self, paragraph: int) -> Chain:
        """The chain that a paragraph, counted from 1, goes through."""
        return next((c for c, numbers in self.others.items() if paragraph in numbers), self.chain)

    @property
    def packages(self) -> tuple[str, ...]:
        """The packages that its modes come with."""
        modes = {mode for chain in (self.chain, *self.others) for mode in chain}
        return tuple(sorted({PACKAGES[mode] for mode in modes}))


ARTICLES: Final = {
    "bridge": Recipe("local politics, British", GLG_SPA, {CAT_THEN_SPA: (1,), CAT_SPA: (7,)}),
    "otters": Recipe("science news, British", CAT_SPA, {EPO_THEN_SPA: (7,)}),
    "soup": Recipe(
        "recipe, British", SPA_THEN_GLG, {GLG_SPA: (1, 9), SPA_GLG: (3,), EPO_THEN_SPA: (6,)}
    ),
    "storm": Recipe("weather forecast, British", SPA_GLG, {CAT_SPA: (4, 7), SPA_CAT: (8,)}),
    "tideclock": Recipe("press release, American", GLG_SPA, {CAT_SPA: (4,)}),
    "librarian": Recipe("obituary, British", CAT_SPA, {GLG_SPA: (1, 5, 6)}),
    "pressure-cooker": Recipe(
        "instructions, American", EPO_THEN_SPA, {SPA_CAT: (1, 5, 8), GLG_SPA: (2, 7), SPA_GLG: (9,)}
    ),
    "derby": Recipe("sport, British", CAT_SPA, {SPA_CAT: (1, 9), SPA_GLG: (4,)}),
    "paper-city": Recipe(
        "exhibition review, British",
        CAT_THEN_SPA,
        {SPA_CAT: (1, 2), SPA_GLG: (3,), GLG_SPA: (5, 6), SPA_THEN_GLG: (7,), CAT_SPA: (8,)},
    ),
    "cocoa": Recipe(
        "business news, British",
        CAT_THEN_SPA,
        {CAT_SPA: (1,), GLG_SPA: (2, 3, 8), SPA_THEN_EPO: (4,)},
    ),
    "night-train": Recipe(
        "travel, British",
        CAT_THEN_SPA,
        {SPA_THEN_EPO: (1,), SPA_THEN_GLG: (2,), GLG_SPA: (3, 8), CAT_SPA: (4,), SPA_CAT: (7,)},
    ),
    "beekeeper": Recipe(
        "interview, American",
        SPA_CAT,
        {
            CAT_THEN_SPA: (1, 8),
            SPA_GLG: (2,),
            CAT_SPA: (3,),
            GLG_SPA: (4, 5, 10),
            SPA_THEN_EPO: (9,),
        },
    ),
    "hay-fever": Recipe(
        "health advice, British", GLG_SPA, {SPA_CAT: (1,), CAT_SPA: (3,), SPA_GLG: (8,)}
    ),
    "phone-update": Recipe(
        "technology news, American",
        SPA_THEN_EPO,
        {SPA_CAT: (1,), GLG_SPA: (2, 6), CAT_THEN_SPA: (3, 4), SPA_GLG: (8,)},
    ),
    "lighthouse": Recipe(
        "film review, American",
        SPA_CAT,
        {SPA_GLG: (1, 6), EPO_THEN_SPA: (2, 3), CAT_SPA: (4,), SPA_THEN_EPO: (9,)},
    ),
    "marathon": Recipe(
        "sport, American",
        SPA_GLG,
        {
            CAT_THEN_SPA: (1,),
            SPA_CAT: (3, 8),
            SPA_THEN_EPO: (5,),
            GLG_SPA: (6,),
            SPA_THEN_GLG: (7,),
        },
    ),
    "results": Recipe(
        "company results, British",
        GLG_SPA,
        {EPO_THEN_SPA: (1,), CAT_SPA: (2, 4), SPA_CAT: (8,), CAT_THEN_SPA: (9,)},
    ),
    "volcano": Recipe("science feature, American", CAT_SPA, {GLG_SPA: (4,)}),
    "island": Recipe(
        "travel guide, British",
        SPA_THEN_GLG,
        {CAT_SPA: (1,), SPA_CAT: (4,), GLG_SPA: (8,), SPA_GLG: (9,)},
    ),
    "ferry": Recipe(
        "breaking news, British", SPA_THEN_GLG, {GLG_SPA: (1, 4), CAT_SPA: (3, 5, 6), SPA_CAT: (7,)}
    ),
    "fewer-words": Recipe(
        "opinion column, British",
        CAT_THEN_SPA,
        {CAT_SPA: (2, 8), GLG_SPA: (3, 5, 6), SPA_GLG: (7,)},
    ),
    "court": Recipe(
        "court report, British", CAT_THEN_SPA, {SPA_GLG: (1,), GLG_SPA: (2, 7), SPA_THEN_EPO: (3,)}
    ),
    "school": Recipe(
        "education news, American", SPA_GLG, {CAT_SPA: (1, 3, 6), SPA_CAT: (7,), EPO_THEN_SPA: (8,)}
    ),
    "lockers": Recipe(
        "questions and answers for customers, American",
        SPA_THEN_EPO,
        {SPA_CAT: (2,), SPA_GLG: (3, 9), CAT_THEN_SPA: (7,)},
    ),
    "tomatoes": Recipe(
        "gardening column, British",
        CAT_SPA,
        {GLG_SPA: (1,), SPA_GLG: (4,), CAT_THEN_SPA: (5,), SPA_THEN_EPO: (9,)},
    ),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the script; the exit status."""
    parser = argparse.ArgumentParser(description="make mt.txt with Apertium")
    parser.add_argument("slugs", nargs="*", metavar="SLUG", help="articles; all without one")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--check", action="store_true", help="write nothing, report what differs")
    what.add_argument("--table", action="store_true", help="print the table of README.md")
    options = parser.parse_args(arguments)
    if options.table:
        print(table())
        return 0
    if unknown := sorted(set(options.slugs) - ARTICLES.keys()):
        parser.error(f"not in ARTICLES: {', '.join(unknown)}")
    slugs = options.slugs or list(ARTICLES)
    changed = [slug for slug in slugs if not _make(slug, write=not options.check)]
    if changed:
        print(f"mt.txt is another one: {', '.join(changed)}", file=sys.stderr)
    return 1 if changed else 0


def _make(slug: str, *, write: bool) -> bool:
    """Translate one article; whether its ``mt.txt`` is, or now became, the translation."""
    folder, recipe = HERE / slug, ARTICLES[slug]
    mt = translate(_read(folder / "reference.txt"), recipe)
    target = folder / "mt.txt"
    if target.exists() and _read(target) == mt:
        same = True
    else:
        same = write and not (folder / "spans.tsv").exists()
    if same and write:
        _write(target, mt)
        _write(folder / "provenance.md", _provenance(slug, mt))
    return same


def translate(text: str, recipe: Recipe) -> str:
    """The text after the recipe, line by line; empty lines stay.

    Raises:
        RuntimeError: a paragraph came out empty, or as several lines.
    """
    lines, paragraph = [], 0
    for line in text.splitlines():
        if line:
            paragraph += 1
            line = _paragraph(line, recipe.of(paragraph))
        lines.append(line + "\n")
    return "".join(lines)


def _paragraph(text: str, chain: Chain) -> str:
    for mode in chain:
        translated = subprocess.run(
            ["apertium", "-u", mode],
            input=text,
            capture_output=True,
            check=True,
            encoding="utf-8",
            # Apertium reads its input in the encoding of the locale.
            env={**os.environ, "LC_ALL": "C.UTF-8"},
        ).stdout.strip()
        # The marks of a word it does not know (*), cannot translate (@) or inflect (#).
        translated = re.sub(r"(?<![^\s(\"“'‘—-])[*@#](?=\w)", "", translated)
        if not translated or len(translated.splitlines()) > 1:
            raise RuntimeError(f"{mode} made {translated!r} of {text!r}")
        # A dropped pronoun leaves its space.
        text = re.sub(" {2,}", " ", translated)
    return text


def _provenance(slug: str, mt: str) -> str:
    recipe = ARTICLES[slug]
    versions = ", ".join(f"{name} {_version(name)}" for name in ("apertium", *recipe.packages))
    others = "".join(
        f" Paragraph{'s'[: len(numbers) > 1]} {', '.join(map(str, numbers))} took"
        f" {_shown(chain)} instead, which garbled less."
        for chain, numbers in recipe.others.items()
    )
    lines = [
        "# Where these files come from",
        "",
        f"Kind of text: {recipe.kind}. People, companies and events in it are invented.",
        "",
        "- `reference.txt` — original English, written for this project.",
        "- `mt.txt` — `reference.txt` after the Apertium modes"
        f" {_shown(recipe.chain)}, a paragraph at a time.{others} The marks of unknown words and"
        " doubled spaces were taken away; otherwise it is unchanged."
        f" Made on {DATE} by `references/make_mt.py` with {versions}."
        f" sha256 `{hashlib.sha256(mt.encode()).hexdigest()}`.",
    ]
    if (HERE / slug / "spans.tsv").exists():
        lines.append(
            "- `spans.tsv` — the differences between the two texts, cut into phrases and given a"
            " category and a severity one by one, by the rules in `references/README.md`; one"
            " annotation pass and no second annotator. Applying all corrections to `mt.txt`"
            " gives `reference.txt`, character for character."
        )
    return "\n".join([*lines, "", "Licence: Apache-2.0, like the rest of the project.", ""])


def _shown(chain: Chain) -> str:
    return " → ".join(f"`{mode}`" for mode in chain)


def _version(package: str) -> str:
    """The version of a Debian package; elsewhere it is not known."""
    try:
        shown = subprocess.run(
            ["dpkg-query", "--show", "--showformat=${Version}", package],
            capture_output=True,
            check=True,
            encoding="utf-8",
        )
    except (OSError, subprocess.CalledProcessError):
        return "(version not known)"
    return shown.stdout


def table() -> str:
    """The articles here as a Markdown table; the seed article was translated elsewhere."""
    rows = ["| article | kind of text | words | Apertium pairs | gold spans |"]
    rows.append("|---|---|---:|---|---:|")
    rows.append(_row("carney", "news, British", "none: translated elsewhere"))
    for slug, recipe in ARTICLES.items():
        pairs = ", ".join(name.removeprefix("apertium-") for name in recipe.packages)
        rows.append(_row(slug, recipe.kind, pairs))
    return "\n".join(rows)


def _row(slug: str, kind: str, pairs: str) -> str:
    words = len(_read(HERE / slug / "mt.txt").split())
    spans = HERE / slug / "spans.tsv"
    gold = str(_read(spans).count("\n") - 1) if spans.exists() else "–"
    return f"| `{slug}` | {kind} | {words} | {pairs} | {gold} |"


def _read(path: Path) -> str:
    return path.read_bytes().decode()


def _write(path: Path, text: str) -> None:
    path.write_bytes(text.encode())


if __name__ == "__main__":
    sys.exit(main())
