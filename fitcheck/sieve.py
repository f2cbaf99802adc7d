"""A linear reading of tokens, for millions of ideas: no clauses, no rules, no Python object for an idea but its text.

Each token and each pair of neighbouring tokens carries four numbers, one per verdict; a text's log-odds
are their sum over the square root of how many there are (a bag of n-grams under a linear classifier, as
in Joulin et al. 2017, arXiv:1607.01759). `fitcheck train` fits the numbers to the scenarios' labels and
to what the full reading says of them, which reads every text twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from fitcheck.encoder import StaticEncoder
from fitcheck.errors import ModelUnavailable
from fitcheck.records import LEARNED

__all__ = ["N_PAIRS", "SIEVE", "Bag", "Sieve", "bag_of"]

SIEVE = "sieve.safetensors"
_BITS = 17
N_PAIRS = 1 << _BITS
"""Pairs of tokens are hashed into so many rows of the weights."""

_FIRST, _SECOND, _MIX = np.uint64(0x9E3779B1), np.uint64(0x85EBCA6B), np.uint64(0x2C1B3C6D)
_WORD, _FOLD, _SHIFT = np.uint64(0xFFFFFFFF), np.uint64(15), np.uint64(32 - _BITS)

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Bag:
    """The tokens and pairs of texts, text after text.

    Attributes:
        tokens: Token numbers of all texts, shape (n_tokens,).
        starts: Where each text's tokens begin, shape (n_texts + 1,); no text is without a token.
        pairs: The hashed pair that begins at each token, shape (n_tokens,), below `N_PAIRS`; -1 at a text's last.
    """

    tokens: Ints
    starts: Ints
    pairs: Ints

    def sizes(self) -> Ints:
        """Return how many tokens and pairs each text has, shape (n_texts,)."""
        return 2 * np.diff(self.starts) - 1


def bag_of(token_ids: Sequence[npt.NDArray[np.int64]]) -> Bag:
    """Lay out the token numbers of texts, none of them empty."""
    starts = np.zeros(len(token_ids) + 1, dtype=np.int64)
    np.cumsum([len(ids) for ids in token_ids], out=starts[1:])
    tokens = np.concatenate([np.zeros(0, np.int64), *token_ids])
    wide = tokens.astype(np.uint64)
    pairs = np.full(len(tokens), -1, dtype=np.int64)
    mixed = ((wide[:-1] * _FIRST) ^ (wide[1:] * _SECOND)) & _WORD
    mixed = ((mixed ^ (mixed >> _FOLD)) * _MIX) & _WORD
    pairs[:-1] = (mixed >> _SHIFT).astype(np.int64)
    pairs[starts[1:] - 1] = -1
    return Bag(tokens, starts, pairs)


@dataclass(frozen=True, slots=True)
class Sieve:
    """Reads folded texts.

    Args:
        encoder: The static encoder, for its tokens and for what the core task is.
        weights: Shape (n_tokens + N_PAIRS, 4), int8.
        scale: One factor per verdict, shape (4,).
        concepts: Weights and biases of concepts on the static vectors, by name: shape (dim, n_values) and (n_values,).
    """

    encoder: StaticEncoder
    weights: npt.NDArray[np.int8]
    scale: Floats
    concepts: Mapping[str, tuple[Floats, Floats]]

    @classmethod
    def load(cls, folder: Path, encoder: StaticEncoder) -> Sieve:
        """Load what `fitcheck train` wrote.

        Raises:
            ModelUnavailable: The file is missing or broken.
        """
        from safetensors.numpy import load_file

        try:
            tensors = load_file(folder / SIEVE)
            names = [name.removesuffix(".weight") for name in tensors if name.endswith(".weight")]
            concepts = {name: (tensors[f"{name}.weight"].astype(np.float32), tensors[f"{name}.bias"]) for name in names}
            return cls(encoder, tensors["verdicts.int8"], tensors["verdicts.scale"], concepts)
        except Exception as error:
            raise ModelUnavailable(f"{folder}: no fast reading there ({error}); run: fitcheck train") from None

    def bag(self, folded: Sequence[str]) -> Bag:
        """Return the tokens and pairs of folded texts."""
        return bag_of(self.encoder.token_ids(folded))

    def log_odds(self, bag: Bag) -> Floats:
        """Return what the texts' tokens and pairs say, nats, shape (n_texts, 4) in the order of `LEARNED`."""
        if not len(bag.tokens):
            return np.zeros((0, len(LEARNED)), dtype=np.float32)
        sums = np.add.reduceat(self._spoken(bag), bag.starts[:-1], axis=0, dtype=np.int32)
        return np.asarray(sums * self.scale / np.sqrt(bag.sizes())[:, None], dtype=np.float32)

    def by_token(self, bag: Bag) -> Floats:
        """Return what each token says together with the pair that it begins, nats, shape (n_tokens, 4)."""
        roots = np.repeat(np.sqrt(bag.sizes()), np.diff(bag.starts))
        return np.asarray(self._spoken(bag) * self.scale / roots[:, None], dtype=np.float32)

    def likeliest(self, bag: Bag) -> dict[str, tuple[Ints, Floats]]:
        """Return, by concept, each text's likeliest value, as its place in the concept's list, and its probability."""
        vectors = self.encoder.pooled(bag.tokens, bag.starts)
        found = {}
        for name, (weight, bias) in self.concepts.items():
            scores = vectors @ weight + bias
            best = scores.argmax(axis=1)
            powers = np.exp(scores - scores.max(axis=1, keepdims=True))
            found[name] = (best.astype(np.int64), np.asarray(1 / powers.sum(axis=1), dtype=np.float32))
        return found

    def _spoken(self, bag: Bag) -> npt.NDArray[np.int32]:
        n_tokens = len(self.weights) - N_PAIRS
        spoken = self.weights.take(bag.tokens, axis=0).astype(np.int32)
        return spoken + self.weights.take(n_tokens + bag.pairs, axis=0) * (bag.pairs >= 0)[:, None]
