"""Tune a sentence-transformers teacher on the scenarios: first its Chinese, then the questions.

The added Chinese characters, and the lowest layers, learn from the corpora's pairs: a
Chinese text shall lie where the teacher puts its English twin (Reimers and Gurevych 2020,
arXiv:2004.09813). Then the whole network learns the verdict and, beside it, the concepts
that a reader notices; the side questions keep so small a network from learning the
writers' manner instead (Caruana 1997, "Multitask Learning"). The heads that answer them
here are thrown away: linear ones are fitted on the finished vectors by `training.second`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch.nn import functional

from fitcheck.corpus import Scenario
from fitcheck.encoder import StaticEncoder
from fitcheck.tasks import split_tasks, told
from fitcheck.text import fold, normalise
from fitcheck.training.asides import ASIDES
from fitcheck.training.held_back import is_held_back
from fitcheck.training.network import HEADS, Network, batches, build_network, pad
from fitcheck.tuned import MAX_TOKENS

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

__all__ = ["descend", "tune"]

_BATCH = 32
_PAIR_EPOCHS = 2
_BODY_RATE, _ADDED_RATE, _HEAD_RATE = 5e-5, 5e-4, 2e-3
_PAIR_ADDED_RATE, _PAIR_BODY_RATE, _PAIR_LAYERS = 2e-3, 3e-5, 2
_WARM_UP = 60
_SMOOTHING = 0.05
_HIDDEN_TOKENS = 0.1
_DROPOUT = 0.1
_ASIDES = 0.15
"""The share of texts that get a sentence which has nothing to do with them."""
_SIDE_QUESTIONS = {
    "category": 0.5,
    "decides": 0.25,
    "input": 0.25,
    "format": 0.15,
    "stakes": 0.1,
    "review": 0.1,
    "existing": 0.1,
    "role": 0.1,
}
"""How much each counts beside the verdict's 1."""
_DROPPED = (0.0, 0.2)
"""One run for each, from the same start with another seed: the share of texts whose last sentence is left out.
Writers say who checks in their last sentence, and strangers often don't. The runs' weights are averaged
(Wortsman et al. 2022, "Model soups", arXiv:2203.05482)."""
_LEFT_AT_LEAST = 0.5
_SENTENCE_ENDS = (".", "。", ";", "；", "!", "！", "?", "？")
_TUNED_SHARE = 0.7
"""How far the weights go from where the pairs left them to where the questions led them. Stopping short costs a
little on texts like those learned from and gains on others (Wortsman et al. 2022, arXiv:2109.01903)."""
_AVERAGED_FROM, _AVERAGED_EVERY = 0.5, 5
_EVERY = 50

Progress = Callable[[str], None]


def tune(
    teacher: SentenceTransformer,
    static: StaticEncoder,
    scenarios: Sequence[Scenario],
    *,
    seed: int = 0,
    epochs: float,
    pair_epochs: float = _PAIR_EPOCHS,
    progress: Progress = lambda line: None,
) -> Network:
    """Return a network tuned on those scenarios of the train split that are not held back.

    Args:
        teacher: A SentenceTransformer over a BERT model; it is changed.
        static: The static encoder distilled from it.
        scenarios: The train split.
        seed: Makes the run repeatable, on the same machine and number of threads.
        epochs: Passes over the scenarios for the questions.
        pair_epochs: Passes over the Chinese halves of the pairs before that.
        progress: Called with a line now and then.
    """
    torch.manual_seed(seed)
    order = np.random.default_rng(seed)
    scenarios = [s for s in scenarios if not is_held_back(s)]
    texts = [normalise(s.text) for s in scenarios]
    rows = static.framed_ids([fold(told(t, split_tasks(t))) for t in texts], MAX_TOKENS)
    targets = _targets(teacher, scenarios, progress) if pair_epochs else {}
    network = build_network(teacher, static)
    if targets:
        _learn_characters(network, rows, targets, pair_epochs, order, progress)
    asides = {lang: static.framed_ids([fold(a) for a in said], MAX_TOKENS) for lang, said in ASIDES.items()}
    said = [asides[s.lang] for s in scenarios]
    ends = frozenset(n for mark in _SENTENCE_ENDS if (n := static.token_id(mark)) is not None)
    mask_token = static.token_id("[MASK]") or 0
    start = network.weights()
    runs = []
    for number, share in enumerate(_DROPPED):
        progress(f"tuning, run {number + 1} of {len(_DROPPED)}")
        network.load_state_dict(start)
        torch.manual_seed(seed + number)
        order = np.random.default_rng((seed, number))
        shown = _as_shown(rows, said, ends, share, order)
        _learn_questions(network, rows, shown, scenarios, epochs, mask_token, order, progress)
        runs.append(network.weights())
    network.average(runs)
    network.blend(start, _TUNED_SHARE)
    network.eval()
    return network


def _targets(teacher: SentenceTransformer, scenarios: Sequence[Scenario], progress: Progress) -> dict[int, Any]:
    """Return, by row of each Chinese text of a pair, the teacher's vector of the English one."""
    english = {s.pair: s.text for s in scenarios if s.pair and s.lang == "en"}
    rows = [row for row, s in enumerate(scenarios) if s.lang == "zh" and s.pair in english]
    progress(f"teacher's vectors of {len(rows):,} English twins")
    texts = [english[scenarios[row].pair or ""] for row in rows]
    vectors = teacher.encode(texts, batch_size=32, normalize_embeddings=True, show_progress_bar=False)
    return {row: torch.from_numpy(v) for row, v in zip(rows, vectors, strict=True)}


def _learn_characters(
    network: Network,
    rows: list[np.ndarray],
    targets: dict[int, Any],
    epochs: float,
    order: np.random.Generator,
    progress: Progress,
) -> None:
    for parameter in network.body.parameters():
        parameter.requires_grad = False
    low = [p for layer in network.body.encoder.layer[:_PAIR_LAYERS] for p in layer.parameters()]
    for parameter in low:
        parameter.requires_grad = True
    groups = [
        {"params": list(network.added.parameters()), "lr": _PAIR_ADDED_RATE, "weight_decay": 0.0},
        {"params": low, "lr": _PAIR_BODY_RATE},
    ]
    numbers = list(targets)
    texts = [rows[n] for n in numbers]

    def loss_of(batch: np.ndarray) -> tuple[Any, float]:
        out = functional.normalize(network(*pad([texts[i] for i in batch])), dim=1)
        wanted = torch.stack([targets[numbers[i]] for i in batch])
        # point at one's own twin, and at no other one of the batch
        near = (1 - (out * wanted).sum(1)).mean()
        apart = functional.cross_entropy(out @ wanted.T * 20, torch.arange(len(batch)))
        return near + 0.2 * apart, near.item()

    descend(network, groups, texts, epochs, loss_of, order, lambda line: progress(f"learning Chinese, {line}"))
    for parameter in network.body.parameters():
        parameter.requires_grad = True
    network.known.weight.requires_grad = False


def _learn_questions(
    network: Network,
    rows: list[np.ndarray],
    shown: Callable[[int], np.ndarray],
    scenarios: Sequence[Scenario],
    epochs: float,
    mask_token: int,
    order: np.random.Generator,
    progress: Progress,
) -> None:
    answers = {
        name: torch.tensor([values.index(getattr(s, name)) for s in scenarios]) for name, values in HEADS.items()
    }
    body = [p for p in network.body.parameters() if p.requires_grad]
    groups = [
        {"params": body, "lr": _BODY_RATE},
        {"params": list(network.added.parameters()), "lr": _ADDED_RATE, "weight_decay": 0.0},
        {"params": list(network.heads.parameters()), "lr": _HEAD_RATE},
    ]

    def loss_of(batch: np.ndarray) -> tuple[Any, float]:
        texts = [shown(int(i)) for i in batch]
        ids, mask = pad(texts, mask_token=mask_token, share=_HIDDEN_TOKENS, order=order)
        out = functional.dropout(network(ids, mask), _DROPOUT)
        parts = {
            name: functional.cross_entropy(network.heads[name](out), answers[name][batch], label_smoothing=_SMOOTHING)
            for name in HEADS
        }
        whole = parts["verdict"] + sum(share * parts[name] for name, share in _SIDE_QUESTIONS.items())
        return whole, parts["verdict"].item()

    descend(network, groups, rows, epochs, loss_of, order, lambda line: progress(f"tuning, {line}"))


def _as_shown(
    rows: list[np.ndarray],
    asides: Sequence[Sequence[np.ndarray]],
    ends: frozenset[int],
    share: float,
    order: np.random.Generator,
) -> Callable[[int], np.ndarray]:
    """Return what shows a text for learning: now and then without its last sentence, or with one that says nothing."""
    return lambda row: _with_aside(_without_end(rows[row], ends, share, order), asides[row], order)


def _without_end(row: np.ndarray, ends: frozenset[int], share: float, order: np.random.Generator) -> np.ndarray:
    """Leave out, now and then, a text's last sentence, where at least half of it stays."""
    if order.random() >= share:
        return row
    # the closing mark of the whole text, before the last special token, ends no sentence but the last
    before = [i for i, token in enumerate(row[:-2].tolist()) if token in ends]
    if not before or before[-1] < _LEFT_AT_LEAST * len(row):
        return row
    return np.concatenate([row[: before[-1] + 1], row[-1:]])


def _with_aside(row: np.ndarray, asides: Sequence[np.ndarray], order: np.random.Generator) -> np.ndarray:
    """Put, now and then, a sentence that says nothing before or behind a text."""
    if order.random() >= _ASIDES:
        return row
    aside = asides[int(order.integers(len(asides)))][1:-1]
    parts = [row[:1], aside, row[1:]] if order.random() < 0.5 else [row[:-1], aside, row[-1:]]
    return np.concatenate(parts)[:MAX_TOKENS]


def descend(
    network: Network,
    groups: list[dict[str, Any]],
    texts: list[np.ndarray],
    epochs: float,
    loss_of: Callable[[np.ndarray], tuple[Any, float]],
    order: np.random.Generator,
    progress: Progress,
) -> None:
    """Run AdamW with a linear warm-up and decay over shuffled batches, and keep the mean of the later weights.

    The mean of many late steps does better than the last one on texts unlike those learned
    from (Izmailov et al. 2018, arXiv:1803.05407).
    """
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01)
    rates = [g["lr"] for g in optimiser.param_groups]
    total = max(1, round(epochs * -(-len(texts) // _BATCH)))
    step, losses, began = 0, [], time.monotonic()
    learned = [p for g in groups for p in g["params"]]
    means, n_means = [p.detach().clone() for p in learned], 0
    network.train()
    while step < total:
        for batch in batches(texts, _BATCH, order):
            factor = min(1.0, (step + 1) / _WARM_UP) * max(0.02, 1 - step / total)
            for group, rate in zip(optimiser.param_groups, rates, strict=True):
                group["lr"] = rate * factor
            loss, shown = loss_of(batch)
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(learned, 1.0)
            optimiser.step()
            losses.append(shown)
            step += 1
            if step >= total * _AVERAGED_FROM and (step % _AVERAGED_EVERY == 0 or step == total):
                n_means += 1
                with torch.no_grad():
                    for mean, parameter in zip(means, learned, strict=True):
                        mean += (parameter - mean) / n_means
            if step % _EVERY == 0 or step == total:
                left = (time.monotonic() - began) / step * (total - step) / 60
                progress(f"step {step:,} of {total:,}: loss {np.mean(losses[-_EVERY:]):.3f}, {left:.0f} minutes left")
            if step == total:
                break
    with torch.no_grad():
        for mean, parameter in zip(means, learned, strict=True):
            parameter.copy_(mean)
