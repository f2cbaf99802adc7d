"""The other side of the speed benchmark: what people use today to sort short texts, as its makers advise.

Each loader returns the work that is timed. The batch sizes are the libraries' own (32), all
cores are theirs, the encoder is all-MiniLM-L6-v2 on the processor, and heads and routes have
seen the same few training scenarios.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

__all__ = ["PEERS", "Peer", "Setup", "Work"]

Work = Callable[[list[str]], Any]

_MINILM = "sentence-transformers/all-MiniLM-L6-v2"


@dataclass(frozen=True, slots=True)
class Setup:
    """What a run is given before the clock starts.

    Attributes:
        training: Texts with their verdicts, for heads and routes, and for a first small call.
        encoder: A sentence-transformers model for fitcheck's own view of meaning; None for the shipped encoder.
        reading: fitcheck's reading: `cascade` or `fast`.
        processes: Processes that share the work.
        folder: Where MiniLM lies; None for its name in the local cache.
    """

    training: tuple[tuple[str, str], ...]
    encoder: str | None = None
    reading: str = "cascade"
    processes: int = 1
    folder: str | None = None

    @property
    def warm_up(self) -> list[str]:
        """The texts of the first small call."""
        return [text for text, _ in self.training]

    @property
    def minilm(self) -> str:
        """The folder or the name of all-MiniLM-L6-v2."""
        return self.folder or _MINILM


@dataclass(frozen=True, slots=True)
class Peer:
    """Something that fitcheck is set beside.

    Attributes:
        title: Its name in the table.
        package: What must be installed for it.
        load: Makes the work.
    """

    title: str
    package: str
    load: Callable[[Setup], Work]


def _minilm_head(setup: Setup) -> Work:
    """SentenceTransformer and a logistic regression; the work is its probabilities."""
    from sentence_transformers import SentenceTransformer
    from sklearn.linear_model import LogisticRegression

    encoder = SentenceTransformer(setup.minilm, device="cpu")
    head = LogisticRegression(max_iter=200)
    head.fit(encoder.encode(setup.warm_up, show_progress_bar=False), [verdict for _, verdict in setup.training])
    return lambda texts: head.predict_proba(encoder.encode(texts, show_progress_bar=False))


def _setfit(setup: Setup) -> Work:
    """SetFit with a fitted logistic head; the work is `predict`. Its body is not tuned, which costs no time here."""
    from sentence_transformers import SentenceTransformer
    from setfit import SetFitModel
    from sklearn.linear_model import LogisticRegression

    body = SentenceTransformer(setup.minilm, device="cpu")
    head = LogisticRegression(max_iter=200)
    head.fit(body.encode(setup.warm_up, show_progress_bar=False), [verdict for _, verdict in setup.training])
    model = SetFitModel(model_body=body, model_head=head)
    model.predict(setup.warm_up, show_progress_bar=False)
    return lambda texts: model.predict(texts, show_progress_bar=False)


def _router(setup: Setup) -> Any:
    """Build semantic-router's router: a route for each verdict, with its training scenarios as utterances."""
    from semantic_router import IndexedRouter, Route
    from semantic_router.encoders import LocalEncoder

    verdicts = sorted({verdict for _, verdict in setup.training})
    routes = [Route(name=v, utterances=[text for text, own in setup.training if own == v]) for v in verdicts]
    router = IndexedRouter(LocalEncoder(name=setup.minilm, device="cpu"), routes)
    router(setup.warm_up[0])
    return router


def _routed_singly(setup: Setup) -> Work:
    """The work is one call of the router for each text, as its guide shows."""
    router = _router(setup)
    return lambda texts: [router(text) for text in texts]


def _routed_in_batches(setup: Setup) -> Work:
    """The work is `evaluate`, the only public call that encodes in batches; it wants labels to compare with."""
    router = _router(setup)

    def work(texts: list[str]) -> Sequence[str]:
        router.evaluate(texts, [None] * len(texts))
        return texts

    return work


def _tokenizer(setup: Setup) -> Work:
    """Fitcheck's tokenizer by itself, on all cores: no reading of these texts is faster than this."""
    from tokenizers import Tokenizer

    from fitcheck.resources import model_dir

    tokenizer = Tokenizer.from_file(str(model_dir() / "tokenizer.json"))
    tokenizer.encode_batch_fast(setup.warm_up, add_special_tokens=False)
    return lambda texts: tokenizer.encode_batch_fast(texts, add_special_tokens=False)


def _tokenizer_on_one_core(setup: Setup) -> Work:
    """The same on one core."""
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    return _tokenizer(setup)


PEERS: dict[str, Peer] = {
    "minilm_head": Peer("SentenceTransformer MiniLM + LogisticRegression", "sentence_transformers", _minilm_head),
    "setfit": Peer("SetFit MiniLM, predict", "setfit", _setfit),
    "router_batches": Peer("semantic-router MiniLM, in batches", "semantic_router", _routed_in_batches),
    "router_singly": Peer("semantic-router MiniLM, one by one", "semantic_router", _routed_singly),
    "tokenizer": Peer("the tokenizer alone, all cores", "tokenizers", _tokenizer),
    "tokenizer_one_core": Peer("the tokenizer alone, one core", "tokenizers", _tokenizer_on_one_core),
}
"""By the name that `benchmarks.one_run` takes."""
