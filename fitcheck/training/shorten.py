"""Teach a few of a tuned network's layers to say what all of them say.

A text takes half as long then. The shorter network starts from some of the layers (Sanh et al.
2019, arXiv:1910.01108) and learns the whole one's vectors, and what linear heads make of
them, on the scenarios and on texts made of them that nobody labelled.
"""

from __future__ import annotations

import copy
import random
import re
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch

from fitcheck.corpus import Scenario
from fitcheck.encoder import StaticEncoder
from fitcheck.tasks import split_tasks, told
from fitcheck.text import fold, normalise
from fitcheck.training.held_back import is_held_back
from fitcheck.training.network import Network, batches, pad
from fitcheck.training.second import fit_heads
from fitcheck.training.tune import descend
from fitcheck.tuned import MAX_TOKENS

__all__ = ["N_LAYERS", "shorten", "varied"]

N_LAYERS = 3
"""The layers of the shorter network; it starts from the first, the last and those evenly between."""

_RATE = 3e-4
_BATCH = 64
_SENTENCES = re.compile(r"(?<=[.!?])\s+|(?<=[。！？；])")
_STEADY = 1e-2
"""Scores that differ less than this from text to text are not worth following further."""

Progress = Callable[[str], None]


def shorten(
    network: Network,
    static: StaticEncoder,
    scenarios: Sequence[Scenario],
    *,
    seed: int = 0,
    epochs: float,
    progress: Progress = lambda line: None,
) -> Network:
    """Return a network of `N_LAYERS` layers that follows a tuned one, which comes back as it is if it has no more.

    Args:
        network: The tuned network; it stays as it is.
        static: The static encoder, whose tokenizer is used.
        scenarios: The train split, of which those are left out that are held back from the tuning too. Their labels
            serve to find out what matters of a vector.
        seed: Makes the run repeatable, on the same machine and number of threads.
        epochs: Passes over the scenarios and what is made of them.
        progress: Called with a line now and then.
    """
    depth = len(network.body.encoder.layer)
    if depth <= N_LAYERS:
        return network
    torch.manual_seed(seed)
    order = np.random.default_rng(seed)
    scenarios = [s for s in scenarios if not is_held_back(s)]
    texts = [s.text for s in scenarios]
    made = varied(scenarios, seed=seed)
    plain = [normalise(t) for t in (*texts, *made)]
    rows = static.framed_ids([fold(told(t, split_tasks(t))) for t in plain], MAX_TOKENS)
    progress(f"the tuned network's vectors of {len(rows):,} texts")
    vectors = _vectors(network, rows, order)
    weight, bias = fit_heads(vectors[: len(texts)].numpy(), scenarios)
    heads, offset = torch.from_numpy(weight).float(), torch.from_numpy(bias).float()
    scores = vectors @ heads + offset
    vector_spread, score_spread = vectors.std(0) + 1e-6, scores.std(0).clamp(min=_STEADY)

    short = copy.deepcopy(network)
    kept = [n * (depth - 1) // (N_LAYERS - 1) for n in range(N_LAYERS)]
    short.body.encoder.layer = torch.nn.ModuleList(short.body.encoder.layer[n] for n in kept)
    short.body.config.num_hidden_layers = N_LAYERS
    for module in short.body.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.0
    short.requires_grad_(False)
    short.body.encoder.requires_grad_(True)
    groups = [{"params": list(short.body.encoder.parameters()), "lr": _RATE}]

    def loss_of(batch: np.ndarray) -> tuple[Any, float]:
        ids, mask = pad([rows[i] for i in batch])
        with torch.autocast("cpu", dtype=torch.bfloat16):
            out = short(ids, mask)
        missed = out.float() - vectors[batch]
        apart = ((missed / vector_spread) ** 2).mean()
        return apart + ((missed @ heads / score_spread) ** 2).mean(), apart.item()

    descend(short, groups, rows, epochs, loss_of, order, lambda line: progress(f"shortening, {line}"))
    short.eval()
    return short


def varied(scenarios: Sequence[Scenario], *, seed: int = 0) -> list[str]:
    """Return texts that nobody labelled: scenarios without their last sentence, and beginnings with another's end.

    Args:
        scenarios: Their texts are used, and none of them is returned.
        seed: Chooses which of them meet.
    """
    chance = random.Random(seed)
    by_language: dict[str, list[str]] = {}
    for s in scenarios:
        by_language.setdefault(s.lang, []).append(s.text)
    found: list[str] = []
    for s in scenarios:
        between = " " if s.lang == "en" else ""
        parts, others = _sentences(s.text), _sentences(chance.choice(by_language[s.lang]))
        if len(parts) > 1:
            found.append(between.join(parts[:-1]))
        found.append(between.join(parts[: max(1, len(parts) // 2)] + others[len(others) // 2 :]))
    own = {s.text for s in scenarios}
    return [text for text in dict.fromkeys(found) if text not in own]


def _sentences(text: str) -> list[str]:
    return [part for part in _SENTENCES.split(text) if part.strip()]


def _vectors(network: Network, rows: list[np.ndarray], order: np.random.Generator) -> Any:
    """Return what a network makes of token rows, shape (n_rows, dim)."""
    found = torch.zeros(len(rows), network.dim)
    network.eval()
    with torch.no_grad():
        for batch in batches(rows, _BATCH, order):
            found[batch] = network(*pad([rows[i] for i in batch]))
    return found
