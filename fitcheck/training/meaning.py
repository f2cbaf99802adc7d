"""Refit the `meaning` view for another encoder, once, and keep the result."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from fitcheck.corpus import Scenario, corpus_hash, load_corpus
from fitcheck.encoder import SentenceEncoder
from fitcheck.errors import ModelUnavailable
from fitcheck.reading import VIEWS
from fitcheck.records import LEARNED
from fitcheck.tasks import core_text, split_tasks
from fitcheck.text import fold, normalise
from fitcheck.training.joint import fit_joint
from fitcheck.training.views import fit_meaning

__all__ = ["HELD_OUT", "Meaning", "cache_folder", "meaning_weights"]

HELD_OUT = "held_out.safetensors"
"""Out-of-fold predictions of the train split, in the model's folder."""

_FOLDS = 4
_BLOCK = 256

Floats = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Meaning:
    """The `meaning` view for one encoder, and the weights that go with it.

    Attributes:
        encoder: The encoder.
        weight: Shape (2 * dim, 4).
        bias: Shape (4,).
        prior: Per verdict, nats, shape (4,).
        views: Factor per view, shape (4,).
    """

    encoder: SentenceEncoder
    weight: Floats
    bias: Floats
    prior: Floats
    views: Floats


def cache_folder() -> Path:
    """Return where refitted weights are kept: `FITCHECK_CACHE`, else the user's cache folder."""
    given = os.environ.get("FITCHECK_CACHE")
    if given:
        return Path(given)
    base = os.environ.get("XDG_CACHE_HOME") or (os.environ.get("LOCALAPPDATA") if sys.platform == "win32" else None)
    return Path(base or Path.home() / ".cache") / "fitcheck"


def meaning_weights(name: str, model_folder: Path, *, every: int = 1) -> Meaning:
    """Load a sentence-transformers model and the weights fitted on its vectors.

    The first use encodes the train split, which takes minutes; what was fitted is kept in
    `cache_folder()` and used until the scenarios change.

    Args:
        name: A model's name or folder.
        model_folder: Where the shipped model lies; its out-of-fold predictions are needed.
        every: Fit on every so-many-th scenario only, for a quicker first use.

    Raises:
        ModelUnavailable: The extra is not installed, or the model can't be had.
    """
    from safetensors.numpy import load_file, save_file

    encoder = SentenceEncoder(name)
    key = hashlib.sha256(f"{name}|{corpus_hash()}|{every}|{encoder.fingerprint()}".encode()).hexdigest()[:24]
    kept = cache_folder() / f"meaning-{key}.safetensors"
    if kept.is_file():
        return Meaning(encoder, **load_file(kept))
    fitted = _fit(encoder, model_folder, every)
    kept.parent.mkdir(parents=True, exist_ok=True)
    fresh = kept.with_suffix(f".{os.getpid()}")
    save_file({k: np.ascontiguousarray(v, dtype=np.float32) for k, v in fitted.items()}, fresh)
    fresh.replace(kept)
    return Meaning(encoder, **fitted)


def _fit(encoder: SentenceEncoder, model_folder: Path, every: int) -> dict[str, Floats]:
    """Fit the view, then the prior and the views' factors anew, with the rules left as they are."""
    from safetensors.numpy import load_file
    from sklearn.model_selection import GroupKFold

    scenarios = [s for s in load_corpus() if s.split == "train"]
    try:
        held_out = load_file(model_folder / HELD_OUT)
    except Exception as error:
        raise ModelUnavailable(f"{model_folder / HELD_OUT}: {error}; run: fitcheck train") from None
    rows = np.arange(0, len(scenarios), every)
    chosen = [scenarios[r] for r in rows]
    print(f"fitcheck: fitting the encoder {encoder.name} on {len(chosen):,} scenarios, once", file=sys.stderr)
    whole, core = _encode(encoder, chosen)
    verdicts = np.array([s.verdict.value for s in chosen])
    views = held_out["views"][rows].astype(np.float64)
    for kept, held in GroupKFold(_FOLDS).split(whole, groups=[s.form for s in chosen]):
        weight, bias = fit_meaning(whole[kept], core[kept], verdicts[kept].tolist())
        scores = np.hstack([whole[held], core[held]]) @ weight + bias
        views[held, VIEWS.index("meaning")] = scores - scores.mean(axis=1, keepdims=True)
    rules = held_out["rules"][rows].astype(np.float64)[:, None]
    labels = np.array([LEARNED.index(s.verdict) for s in chosen])
    joint = fit_joint(views, rules, labels, held_out["sample_weights"][rows].astype(np.float64))
    weight, bias = fit_meaning(whole, core, verdicts.tolist())
    return {"weight": weight, "bias": bias, "prior": joint.prior, "views": joint.views}


def _encode(encoder: SentenceEncoder, scenarios: Sequence[Scenario]) -> tuple[Floats, Floats]:
    texts = [normalise(s.text) for s in scenarios]
    both = [fold(t) for t in texts] + [fold(core_text(t, split_tasks(t))) for t in texts]
    vectors = np.concatenate([encoder.encode(block) for block in _with_progress(both)])
    return vectors[: len(texts)], vectors[len(texts) :]


def _with_progress(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield blocks of the texts; where a person watches, show how far they have come and how long it will take."""
    from rich.console import Console
    from rich.progress import track

    watched = Console(stderr=True)
    starts = range(0, len(texts), _BLOCK)
    for start in track(starts, "encoding", console=watched, transient=True, disable=not watched.is_terminal):
        yield texts[start : start + _BLOCK]
