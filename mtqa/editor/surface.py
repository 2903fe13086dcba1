"""Write a model's output as the author of the raw text would have written it.

A tokenizer may lose case, accents, spaces and kinds of quotation marks.  What the
model kept is therefore copied from the raw text, byte for byte, and only what it
changed is written anew, in the case and with the spaces that its surroundings ask for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from types import MappingProxyType

from rapidfuzz.distance import Indel, Prefix

from mtqa.editor.lexicon import ALWAYS_LOWER
from mtqa.editor.locate import UNKNOWN, fold, locate
from mtqa.editor.spacing import in_style, spaces
from mtqa.text import Span
from mtqa.text.words import words

_UNWRITABLE = (UNKNOWN, "\ufffd")
_SAME_MARK = str.maketrans(
    dict.fromkeys("‘’‚‛`´ʼ", "'") | dict.fromkeys("“”„‟«»", '"') | dict.fromkeys("‐‑‒–—―−", "-")
)


@dataclass(frozen=True, slots=True)
class Script:
    """What survives a tokenizer: case, and spaces."""

    cased: bool
    spaced: bool


@dataclass(frozen=True, slots=True)
class Casing:
    """What is known of the case of words: folded word -> as it is written inside a sentence."""

    document: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    model: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def of(self, word: str) -> str | None:
        """How ``word`` is written inside a sentence, or None when that is not known."""
        if word == "i":
            return "I"
        known = self.document.get(word) or self.model.get(word)
        return known or (word if word in ALWAYS_LOWER else None)


def document_casing(texts: Iterable[str]) -> Mapping[str, str]:
    """How each word of a document is written inside its sentences, most often.

    >>> document_casing(["The wolf met Zoë.", "Zoë met it."])["zoe"]
    'Zoë'
    """
    seen: dict[str, Counter[str]] = {}
    for text in texts:
        surfaces = [span.of(text) for span in words(text)]
        if _is_shouted(surfaces) or _is_title(surfaces):
            continue
        letters = [s for s in surfaces if s[0].isalpha()]
        for surface in letters[1:]:
            seen.setdefault(fold(surface), Counter())[surface] += 1
    return MappingProxyType(
        {key: max(sorted(forms), key=forms.__getitem__) for key, forms in seen.items()}
    )


@dataclass(slots=True)
class _Atom:
    """A word or mark of the text being written."""

    text: str
    source: int | None  # index of the raw word it is copied from; None when it is new
    gap: str  # white space before it in the output


def rewrite(
    raw: str, image: str, *, output: str, script: Script, casing: Casing, initial: bool = True
) -> str:
    """``raw`` changed as ``image`` was changed into ``output``.

    Args:
        raw: the text as it was written.
        image: the same text after tokenising and decoding.
        output: what the model wrote, decoded in the same way.
        script: what the tokenizer preserves.
        casing: for the case of new words, where the tokenizer has no case.
        initial: whether the text is the beginning of a sentence.

    Returns:
        The new text.  When ``output`` is ``image`` it is ``raw``, whatever they hold.
        New words that the vocabulary cannot write are not written.

    >>> rewrite("We met Zoë  yesterday .", "we met zoe yesterday .",
    ...         output="yesterday we have met zoe .", script=Script(cased=False, spaced=False),
    ...         casing=Casing())
    'Yesterday we have met Zoë.'
    """
    image, output = image.replace("…", "..."), output.replace("…", "...")
    if image == output:
        return raw
    old = [span.of(image) for span in words(image)]
    places = locate(old, raw)
    surfaces = [span.of(raw) for span in places]
    atoms = _align(old, output, surfaces)
    if not script.cased:
        _restore_case(atoms, surfaces, casing)
        if initial:
            _restore_initial(atoms, surfaces, casing)
    return _write(atoms, raw, places, script)


def _align(old: Sequence[str], output: str, surfaces: Sequence[str]) -> list[_Atom]:
    """The words of the output, each copied from the raw text or new."""
    spans = words(output)
    new = [span.of(output) for span in spans]
    starts = [0, *(span.end for span in spans[:-1])]
    gaps = [output[start : span.start] for start, span in zip(starts, spans, strict=False)]
    keys = [[word.translate(_SAME_MARK) for word in side] for side in (old, new)]
    atoms: list[_Atom] = []
    for equal, run in groupby(Indel.opcodes(*keys), key=lambda op: op.tag == "equal"):
        ops = list(run)
        before = range(ops[0].src_start, ops[-1].src_end)
        after = range(ops[0].dest_start, ops[-1].dest_end)
        if equal:
            atoms += [_Atom(surfaces[i], i, gaps[j]) for i, j in zip(before, after, strict=True)]
        elif any(mark in new[j] for mark in _UNWRITABLE for j in after):
            atoms += [_Atom(surfaces[i], i, "") for i in before]
        else:
            atoms += [_Atom(new[j], None, gaps[j]) for j in after]
    return atoms


def _restore_case(atoms: Sequence[_Atom], surfaces: Sequence[str], casing: Casing) -> None:
    """Give new words the case they have in the sentence, in the document, or in general."""
    shouted, title = _is_shouted(surfaces), _is_title(surfaces)
    first = _first_word(surfaces)
    kept = {atom.source for atom in atoms}
    inside = {fold(s): s for i, s in enumerate(surfaces) if i != first}
    moved = {fold(s): s for i, s in enumerate(surfaces) if i != first and i not in kept}
    if first is not None:
        inside.setdefault(fold(surfaces[first]), _inside_sentence(surfaces[first], casing))
    for atom in atoms:
        if atom.source is not None or not _first_letter(atom.text):
            continue
        if shouted:
            atom.text = atom.text.upper()
            continue
        key = fold(atom.text)
        known = moved.get(key) or inside.get(key) or casing.of(key)
        if known is not None:
            atom.text = known
        elif any(_derived(key, s) for s in moved.values()) or (title and len(atom.text) > 3):
            atom.text = _capitalised(atom.text)


def _restore_initial(atoms: Sequence[_Atom], surfaces: Sequence[str], casing: Casing) -> None:
    """Move the capital of the first word to the word that is first now."""
    old, new = _first_word(surfaces), _first_word([atom.text for atom in atoms])
    if old is None or new is None or atoms[new].source == old:
        return
    if not _first_letter(surfaces[old]).isupper():
        return
    atoms[new].text = _capitalised(atoms[new].text)
    if _is_shouted(surfaces) or _is_title(surfaces):
        return
    for atom in atoms:
        if atom.source == old:
            atom.text = _inside_sentence(atom.text, casing)


def _write(atoms: Sequence[_Atom], raw: str, places: Sequence[Span], script: Script) -> str:
    """Join the words: with the raw text's own gaps where they are still neighbours."""
    gaps = [
        raw[a.end : b.start]
        for a, b in zip([Span(0, 0), *places], [*places, Span(len(raw), len(raw))], strict=True)
    ]
    if script.spaced:
        wanted = tuple(bool(atom.gap) for atom in atoms)
    else:
        wanted = spaces([atom.text for atom in atoms], raw=raw)
    parts = [gaps[0]]
    for index, atom in enumerate(atoms):
        before = atoms[index - 1].source if index else -1
        if index and (before is None or atom.source != before + 1):
            around = [] if before is None else [gaps[before + 1]]
            around += [] if atom.source is None else [gaps[atom.source]]
            blank = [gap for gap in around if gap.isspace()]
            parts.append((*blank, atom.gap or " ")[0] if wanted[index] else "")
        elif index:
            parts.append(gaps[before + 1])  # type: ignore[operator]
        opening = index == 0 or wanted[index] or atoms[index - 1].text in tuple("([“‘")
        parts.append(
            atom.text if atom.source is not None else in_style(atom.text, raw=raw, opening=opening)
        )
    return "".join(parts) + (gaps[-1] if places else "")


def _first_letter(word: str) -> str:
    return next((c for c in word if c.isalpha()), "")


def _first_word(tokens: Sequence[str]) -> int | None:
    """The index of the first token that has a letter."""
    return next((i for i, token in enumerate(tokens) if _first_letter(token)), None)


def _capitalised(word: str) -> str:
    """``word`` with a capital first letter, unless it has capitals of its own ("iPhone")."""
    if word != word.lower():
        return word
    letter = _first_letter(word)
    return word.replace(letter, letter.title(), 1) if letter else word


def _inside_sentence(word: str, casing: Casing) -> str:
    """The first word of a sentence as it is written elsewhere; unchanged when that is not known."""
    if word != _capitalised(word.lower()):
        return word  # NATO, iPhone
    known = casing.of(fold(word))
    return word.lower() if known is not None and known == known.lower() else word


def _derived(key: str, surface: str) -> bool:
    """Whether a new word is another form of a capitalised one: "americans" of "American"."""
    shared = Prefix.similarity(key, fold(surface))
    return surface[:1].isupper() and shared >= 4 and 3 * shared >= 2 * len(key)


def _is_shouted(tokens: Sequence[str]) -> bool:
    """Whether a text is in capitals throughout."""
    long = [t for t in tokens if len(t) > 1 and t.isalpha()]
    return len(long) > 1 and all(t.isupper() for t in long)


def _is_title(tokens: Sequence[str]) -> bool:
    """Whether a text is written Like This Headline."""
    long = [t for t in tokens if len(t) > 3 and t.isalpha()]
    return len(long) > 2 and all(t[0].isupper() for t in long)
