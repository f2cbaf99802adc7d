"""One timed run in a process of its own: `python -m benchmarks.one_run NAME --texts FILE`.

`benchmarks.speed` starts it, so that no run inherits another's caches or memory. Prints
one JSON object: seconds to load, ideas a second, peak memory.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

__all__ = ["RUNS", "main", "measure"]

_HEAD_ROWS = 64
"""Ideas that the logistic head beside MiniLM is fitted on, untimed; its speed doesn't hang on them."""

Work = Callable[[list[str]], Any]


def assess_many(option: str | None) -> Work:
    """Load fitcheck; the work is whole reports."""
    from fitcheck import Assessor

    assessor = Assessor(encoder=option)
    assessor.assess_many(_WARM_UP)
    return assessor.assess_many


def with_volume(option: str | None) -> Work:
    """Load fitcheck; the work is whole reports on ideas with a volume, so that each is priced."""
    from fitcheck import Assessor, UseCase

    assessor = Assessor(encoder=option)

    def work(texts: list[str]) -> Any:
        ideas = [UseCase(text=text, calls_per_month=40_000, tokens_in=900, tokens_out=200) for text in texts]
        return assessor.assess_many(ideas)

    work(_WARM_UP)
    return work


def unpriced(option: str | None) -> Work:
    """Load fitcheck and switch its pricing off; the work is the same reports without a cost."""
    import fitcheck.judge

    vars(fitcheck.judge)["_cost"] = lambda *_: None
    return with_volume(option)


def probabilities(option: str | None) -> Work:
    """Load fitcheck; the work is the four probabilities alone."""
    from fitcheck import Assessor

    assessor = Assessor(encoder=option)
    assessor.probabilities(_WARM_UP)
    return assessor.probabilities


def minilm_head(option: str | None) -> Work:
    """Load MiniLM through sentence-transformers with a logistic head; the work is its four probabilities."""
    from sentence_transformers import SentenceTransformer
    from sklearn.linear_model import LogisticRegression

    encoder = SentenceTransformer(option or "sentence-transformers/all-MiniLM-L6-v2", device="cpu")
    some = [f"{text} {number}" for number in range(_HEAD_ROWS // len(_WARM_UP)) for text in _WARM_UP]
    head = LogisticRegression(max_iter=200).fit(
        encoder.encode(some, show_progress_bar=False), [number % 4 for number in range(len(some))]
    )
    return lambda texts: head.predict_proba(encoder.encode(texts, show_progress_bar=False))


_WARM_UP = ["Draft replies to customer mails", "起草给客户的回信"]

RUNS: dict[str, Callable[[str | None], Work]] = {
    "assess_many": assess_many,
    "with_volume": with_volume,
    "unpriced": unpriced,
    "probabilities": probabilities,
    "minilm_head": minilm_head,
}


def measure(load: Callable[[str | None], Work], option: str | None, texts: dict[str, list[str]]) -> dict[str, Any]:
    """Time the loading, then the work on each language's texts.

    Args:
        load: One of `RUNS`.
        option: An encoder's name, or a model's folder; None for the default.
        texts: Texts by language.
    """
    began = time.perf_counter()
    work = load(option)
    load_s = time.perf_counter() - began
    figures: dict[str, Any] = {"load_s": load_s}
    total_s, n_texts = 0.0, 0
    for lang, ideas in texts.items():
        began = time.perf_counter()
        answers = work(ideas)
        seconds = time.perf_counter() - began
        if len(answers) != len(ideas):
            raise RuntimeError(f"{len(answers)} answers to {len(ideas)} ideas")
        figures[f"ideas_per_s_{lang}"] = len(ideas) / seconds
        total_s, n_texts = total_s + seconds, n_texts + len(ideas)
    return figures | {"ideas": n_texts, "ideas_per_s": n_texts / total_s, "peak_mb": peak_mb()}


def peak_mb() -> float:
    """Return this process's highest resident memory in MB (10^6 bytes)."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # kibibytes on Linux, bytes on macOS
    return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one and print its figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.one_run", description="One timed run.")
    parser.add_argument("name", choices=tuple(RUNS))
    parser.add_argument("--texts", metavar="FILE", required=True, help="JSON: texts by language")
    parser.add_argument("--option", metavar="NAME", help="an encoder's name, or a model's folder")
    options = parser.parse_args(arguments)
    texts = json.loads(Path(options.texts).read_text(encoding="utf-8"))
    print(json.dumps(measure(RUNS[options.name], options.option, texts)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
