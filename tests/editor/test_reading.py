"""Reading with tiny random models of four families."""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors.torch import save_file
from tiny_models import CORPUS, FAMILIES

from mtqa.editor import EditorOptions, Reading, load_editor, read_document
from mtqa.editor.guard import GuardPolicy
from mtqa.editor.network import Encoded, Network, Output
from mtqa.editor.reader import Seq2SeqEditor
from mtqa.edits import apply
from mtqa.errors import ModelError
from mtqa.text import Segment, Span
from mtqa.text.document import document

ODD = (
    "x",
    "  ",
    "",
    "He go  to “the” 😀 bank.",
    "¼ [MASK] </s> <pad> don't",
    "e\u0301te\u0301 \u202eabc\u202c שלום 한국어",
    "NUL \0 and \u2028 and\ttab",
    "👩‍👩‍👧‍👦👩‍👩‍👧‍👦",
)
LONG = " ".join((*CORPUS, *CORPUS))
BROKEN = tuple(text.replace(f"{text.split()[3]} ", "") for text in CORPUS)
SHORT = (*CORPUS, *BROKEN, *ODD)
TEXTS = (*SHORT, LONG)


def segments(texts: Sequence[str]) -> list[Segment]:
    return [Segment(f"p1.s{i}", t, Span(0, len(t)), 0, 1) for i, t in enumerate(texts)]


@pytest.fixture(params=FAMILIES)
def folder(request: pytest.FixtureRequest, folders: dict[str, Path]) -> Path:
    return folders[request.param]


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)


def editor(folder: Path, **options: object) -> Seq2SeqEditor:
    found = load_editor(str(folder), options=EditorOptions(**options))
    assert isinstance(found, Seq2SeqEditor)
    return found


def test_every_reading_is_well_formed(folder: Path) -> None:
    readings = editor(folder).read(segments(TEXTS))
    assert [r.segment_id for r in readings] == [s.id for s in segments(TEXTS)]
    for text, reading in zip(TEXTS, readings, strict=True):
        assert not reading.truncated
        assert len(reading.tokens) == len(reading.logprobs)
        assert all(p <= 0 for p in reading.logprobs)
        assert reading.cleaned == apply(text, [p.edit for p in reading.proposals])
        if not text.strip():
            assert reading.tokens == ()
            continue
        assert reading.tokens[-1] == Span(len(text), len(text))
        at = 0
        for token in reading.tokens:
            assert at <= token.start <= token.end <= len(text)
            at = token.start
            assert token.of(text) == token.of(text).strip()
        covered = {i for token in reading.tokens for i in range(token.start, token.end)}
        missed = {c for i, c in enumerate(text) if i not in covered}
        # Tokenizers drop control characters and nothing else that can be seen.
        assert not any(c.isalnum() and c.isascii() for c in missed)


def close(one: Sequence[Reading], other: Sequence[Reading]) -> None:
    for a, b in zip(one, other, strict=True):
        assert (a.segment_id, a.tokens, a.cleaned) == (b.segment_id, b.tokens, b.cleaned)
        assert a.logprobs == pytest.approx(b.logprobs, abs=1e-4, rel=1e-5)
        assert [p.edit for p in a.proposals] == [p.edit for p in b.proposals]
        for p, q in zip(a.proposals, b.proposals, strict=True):
            assert (p.confidence, p.log_p_new, p.log_p_keep) == pytest.approx(
                (q.confidence, q.log_p_new, q.log_p_keep), abs=1e-4, rel=1e-5
            )


def test_batches_and_order_change_nothing(folder: Path) -> None:
    texts = (*SHORT, LONG)
    whole = editor(folder, max_segment_tokens=30).read(segments(texts))
    one = editor(folder, max_segment_tokens=30, max_batch_tokens=1).read(segments(texts))
    close(whole, one)
    some = editor(folder, max_segment_tokens=30, max_batch_tokens=200)
    back = some.read(segments(texts)[::-1])
    close(whole, back[::-1])


@pytest.mark.filterwarnings("ignore:Version v4.12.0")  # only where the model takes labels
def test_logprobs_are_those_of_the_model(folder: Path) -> None:
    """Oracle: the model's own loss on the same labels, and its own label shifting."""
    import transformers

    model = transformers.AutoModelForSeq2SeqLM.from_pretrained(folder).eval()
    reading, found = editor(folder), []
    for text in CORPUS:
        source = reading._codec.sources([text])[0].ids
        target = reading._codec.targets([text])[0].ids
        around = reading._codec.source_template
        special = reading._network._special
        labels = torch.tensor([[*special.before, *target, special.eos]])
        with torch.no_grad():
            out = model(
                input_ids=torch.tensor([[*around.before, *source, *around.after]]), labels=labels
            )
        logprobs = out.logits[0].float().log_softmax(-1)
        steps = logprobs.gather(1, labels[0][:, None])[:, 0].tolist()
        assert -out.loss.item() == pytest.approx(sum(steps) / len(steps), abs=1e-3)
        found.append(steps[len(special.before) :])
    for steps, got in zip(found, reading.read(segments(CORPUS)), strict=True):
        assert list(got.logprobs) == pytest.approx(steps, abs=1e-4)


def test_long_segments_are_split_and_joined(folder: Path) -> None:
    text = LONG
    small = editor(folder, max_segment_tokens=20)
    (reading,) = small.read(segments([text]))
    assert not reading.truncated
    assert len(reading.tokens) > 100
    assert reading.tokens[-1] == Span(len(text), len(text))
    assert len([t for t in reading.tokens if t == reading.tokens[-1]]) <= 2
    starts = [t.start for t in reading.tokens]
    assert starts == sorted(starts)
    # Each part reads as it would alone.
    parts = [unit.text for unit in small._units([text])]
    alone = small.read(segments(parts))
    joined = [p for r in alone for p in r.logprobs[:-1]] + [alone[-1].logprobs[-1]]
    assert list(reading.logprobs) == pytest.approx(joined, abs=1e-4)
    assert "".join(text.split()) == "".join("".join(parts).split())


Perturb = Callable[[Sequence[int]], Sequence[int]]
CHANGES: dict[str, Perturb] = {
    "nothing": lambda ids: ids,
    "drop": lambda ids: [i for n, i in enumerate(ids) if n % 5 != 2],
    "swap": lambda ids: [*ids[1:3], *ids[:1], *ids[3:]],
    "double": lambda ids: [i for n, i in enumerate(ids) for _ in range(1 + (n == 2))],
    "replace": lambda ids: [ids[0] if n % 7 == 3 else i for n, i in enumerate(ids)],
    "empty": lambda ids: [],
}


@pytest.mark.parametrize("change", CHANGES)
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=st.text(max_size=40) | st.sampled_from(TEXTS), family=st.sampled_from([*FAMILIES]))
def test_laws_of_proposals(folders: dict[str, Path], change: str, text: str, family: str) -> None:
    """A decoder that changes its labels in a known way, whatever the text."""
    reader = _cached(folders[family])
    labels = {t.ids for t in reader._codec.targets([text])}

    def pretend(encoded: Encoded, most: Sequence[int], *, beams: int) -> tuple[Output, ...]:
        return tuple(Output(tuple(CHANGES[change](row)), ended=True) for row in labels)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reader._network, "generate", pretend)
        if len(text) > 60:
            return
        (reading,) = reader.read(segments([text]))
    assert reading.cleaned == apply(text, [p.edit for p in reading.proposals])
    if change == "nothing":
        assert reading.proposals == ()
    for p in reading.proposals:
        assert p.edit.span.of(text) != p.edit.text
        assert 0 <= p.confidence <= 1
        assert p.log_p_new <= 0
        assert p.log_p_keep <= 0


_LOADED: dict[Path, Seq2SeqEditor] = {}


def _cached(folder: Path) -> Seq2SeqEditor:
    if folder not in _LOADED:
        _LOADED[folder] = editor(folder)
    return _LOADED[folder]


def test_what_the_model_knows_is_kept_and_what_is_missing_is_mended(folder: Path) -> None:
    readings = editor(folder).read(segments((*CORPUS, *BROKEN)))
    known, broken = readings[: len(CORPUS)], readings[len(CORPUS) :]
    assert all(not r.proposals for r in known)
    mended = [r.cleaned for r in broken]
    assert len(set(mended) & set(CORPUS)) >= 2
    for was, reading in zip(known, broken, strict=True):
        assert min(was.logprobs) > min(reading.logprobs)
    # The evidence points at the gap: what stands after it is what surprises.
    for reading, text in zip(broken, BROKEN, strict=True):
        if reading.cleaned in CORPUS:
            (proposal,) = reading.proposals
            assert proposal.edit.span.of(text) == ""
            assert proposal.log_p_new > proposal.log_p_keep


def test_what_is_likeliest_everywhere_is_what_is_decoded(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = editor(folder)
    shortcut = reader.read(segments(SHORT))
    score, generate, decoded = Network.score, Network.generate, []

    def doubt(*args: object) -> object:
        return tuple(
            type(s)(s.logprobs, unchanged=False)
            for s in score(*args)  # type: ignore[arg-type]
        )

    def count(network: Network, encoded: Encoded, *args: object, **rest: object) -> object:
        decoded.extend(encoded.lengths)
        return generate(network, encoded, *args, **rest)  # type: ignore[arg-type]

    monkeypatch.setattr(Network, "generate", count)
    reader.read(segments(SHORT))
    doubtful = len(decoded)
    monkeypatch.setattr(Network, "score", doubt)
    close(shortcut, reader.read(segments(SHORT)))
    # Most of the five sentences that the model knows were not decoded the first time.
    assert len(decoded) - 2 * doubtful >= 4


def test_generate_agrees_with_step_by_step_greedy(folder: Path) -> None:
    """Oracle: the plainest greedy loop, without cache, batch or generation settings."""
    reader = editor(folder)
    network, special = reader._network, reader._network._special
    around = reader._codec.source_template
    for text in CORPUS:
        source = (*around.before, *reader._codec.sources([text])[0].ids, *around.after)
        encoded = network.encode([source])
        (output,) = network.generate(encoded, [25], beams=1)
        ids: list[int] = []
        ended = False
        while len(ids) < 25 and not ended:
            with torch.inference_mode():
                logits = (
                    network._model(
                        encoder_outputs=(encoded.states,),
                        attention_mask=encoded.mask,
                        decoder_input_ids=torch.tensor([[special.start, *special.before, *ids]]),
                    )
                    .logits[0, -1]
                    .clone()
                )
            logits = logits.clone()
            logits[list(special.never)] = -torch.inf
            ids.append(int(logits.argmax()))
            ended = ids[-1] == special.eos
        assert output.ids == tuple(ids[: -1 if ended else None])
        assert output.ended == ended


def test_the_whole_way_through_the_guard(folder: Path) -> None:
    article = document("\n\n".join(CORPUS) + "\r\n")
    for reading, segment in zip(
        read_document(editor(folder), article, GuardPolicy(min_confidence=0)),
        article.segments,
        strict=True,
    ):
        assert reading.cleaned == apply(segment.text, reading.kept)
        if not reading.kept:
            assert reading.cleaned == segment.text


def test_the_error_head_is_read_per_token(folders: dict[str, Path], tmp_path: Path) -> None:
    copy = tmp_path / "bert"
    copy.mkdir()
    for path in folders["bert"].iterdir():
        (copy / path.name).write_bytes(path.read_bytes())
    save_file(
        {"weight": torch.randn(1, 32), "bias": torch.zeros(1)}, copy / "error_head.safetensors"
    )
    plain, headed = editor(folders["bert"]), editor(copy)
    assert all(r.error_probs is None for r in plain.read(segments(CORPUS)))
    readings = headed.read(segments(TEXTS))
    for reading in readings:
        assert reading.error_probs is not None
        assert len(reading.error_probs) == len(reading.tokens)
        assert all(0 <= p <= 1 for p in reading.error_probs)
    assert len({p for r in readings for p in r.error_probs or ()}) > 20
    # The instruction moves the source tokens, not the marks: each has its token's place.
    prefixed = editor(copy, prefix="the wolf: ").read(segments(CORPUS))
    assert [len(r.error_probs or ()) for r in prefixed] == [len(r.tokens) for r in prefixed]


def test_a_prefix_is_read_but_not_counted(folder: Path) -> None:
    plain = editor(folder).read(segments(CORPUS))
    prefixed = editor(folder, prefix="speak: ").read(segments(CORPUS))
    assert [r.tokens for r in plain] == [r.tokens for r in prefixed]
    assert [r.logprobs for r in plain] != [r.logprobs for r in prefixed]


def test_beams_are_named_and_run(folder: Path) -> None:
    reader = editor(folder, num_beams=2)
    assert reader.info.decoding == "beam2"
    for text, reading in zip(CORPUS, reader.read(segments(CORPUS)), strict=True):
        assert reading.cleaned == apply(text, [p.edit for p in reading.proposals])


def test_a_forced_first_token_begins_every_output(folders: dict[str, Path]) -> None:
    reader = editor(folders["bart"], forced_bos_token="<mask>")
    assert reader._network._special.before == (4,)
    with pytest.raises(ModelError, match="nowhere"):
        editor(folders["bart"], forced_bos_token="nowhere")


def test_a_prefix_as_long_as_the_window_is_refused(folders: dict[str, Path]) -> None:
    with pytest.raises(ModelError, match="prefix"):
        editor(folders["bert"], prefix="wolf " * 100)
