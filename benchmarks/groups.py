"""How near two ideas are that say the same, and two that don't: `python -m benchmarks.groups [--texts N]`.

The threshold of `fitcheck.portfolio.groups` rests on these shares. The scenarios stand in for a table of ideas:
rewordings of one must come near to it, scenarios of other families must not.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from random import Random

import numpy as np

from benchmarks.layout import open_console, percent, table
from benchmarks.options import positive
from benchmarks.perturb import TRANSFORMATIONS
from fitcheck.corpus import load_corpus
from fitcheck.encoder import StaticEncoder
from fitcheck.portfolio.groups import NEAR
from fitcheck.resources import model_dir
from fitcheck.text import fold, normalise

__all__ = ["main"]

_THRESHOLDS = (0.80, NEAR, 0.90)
_REWORDINGS = ("typos", "polite", "paraphrase", "bullets", "order", "bare")
_N_REWORDED = 600


def main(argv: Sequence[str] | None = None) -> None:
    """Print the shares."""
    parser = argparse.ArgumentParser(prog="benchmarks.groups", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--texts", type=positive, default=6000, help="how many scenarios")
    options = parser.parse_args(argv)
    rows = list(load_corpus())
    Random(1).shuffle(rows)
    rows = rows[: options.texts]
    encoder = StaticEncoder.load(model_dir())
    vectors = encoder.encode([fold(normalise(row.text)) for row in rows])
    families = np.array([row.family for row in rows])
    nearest = np.empty(len(rows))
    for begin in range(0, len(rows), 1000):
        cosines = vectors[begin : begin + 1000] @ vectors.T
        cosines[families[begin : begin + 1000, None] == families[None, :]] = -1
        nearest[begin : begin + 1000] = cosines.max(axis=1)
    console = open_console()
    shown = [["an idea of another family is as near", *(percent((nearest >= t).mean()) for t in _THRESHOLDS)]]
    for name in _REWORDINGS:
        pairs = [
            (place, changed)
            for place, row in enumerate(rows[:_N_REWORDED])
            if (changed := TRANSFORMATIONS[name](row.text, row.lang, Random(place))) is not None
        ]
        reworded = encoder.encode([fold(normalise(changed)) for _, changed in pairs])
        cosines = (vectors[[place for place, _ in pairs]] * reworded).sum(axis=1)
        shown.append([f"a rewording is as near: {name}", *(percent((cosines >= t).mean()) for t in _THRESHOLDS)])
    table(console, f"{len(rows):,} scenarios", ["cosine", *(f"{t:.2f}" for t in _THRESHOLDS)], shown)


if __name__ == "__main__":
    main()
