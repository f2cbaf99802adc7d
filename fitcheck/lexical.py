"""Words and character n-grams of a text as hashed features, without scikit-learn.

English: words, pairs of words, and runs of 3 to 5 characters. Chinese: characters and
pairs of characters. Each is hashed into a bucket (the hashing trick, Weinberger et al.
2009, arXiv:0902.2206); the bucket's value is (1 + ln count) times its inverse document
frequency, and a text's values are brought to length one.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

__all__ = ["N_BUCKETS", "Features", "count_features", "weigh"]

_BITS = 16
N_BUCKETS = 2 << _BITS
"""Character n-grams fill the lower half of the buckets, words the upper."""

_CHARACTER_RUNS = (3, 4, 5)
_WORD = re.compile(r"[a-z0-9]+|[\u3400-\u9fff]")
_MIX = [
    np.uint64(m)
    for m in (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x27D4EB2F165667C5, 0x85EBCA77C2B2AE63)
]
_STEP = np.uint64(0xFF51AFD7ED558CCD)
_FOLD = np.uint64(29)
_SHIFT = np.uint64(64 - _BITS)


@dataclass(frozen=True, slots=True)
class Features:
    """Sparse rows: row i holds `buckets[starts[i]:starts[i + 1]]` with `values` beside them.

    Attributes:
        starts: Shape (n_texts + 1,) int64.
        buckets: Shape (n_values,) int64, below `N_BUCKETS`, sorted and unique in a row.
        values: Shape (n_values,) float32.
    """

    starts: npt.NDArray[np.int64]
    buckets: npt.NDArray[np.int64]
    values: npt.NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.starts) - 1

    def dot(self, weights: npt.NDArray[np.generic], *, shift: int = 0) -> npt.NDArray[np.float32]:
        """Multiply with dense weights.

        Args:
            weights: Shape (N_BUCKETS >> shift, n_out).
            shift: Neighbouring buckets that share a row of the weights, as a power of two.

        Returns:
            Shape (n_texts, n_out) float32.
        """
        out = np.zeros((len(self), weights.shape[1]), dtype=np.float32)
        for row in range(len(self)):
            begin, end = self.starts[row], self.starts[row + 1]
            out[row] = self.values[begin:end] @ weights[self.buckets[begin:end] >> shift].astype(np.float32)
        return out


def count_features(texts: Sequence[str]) -> Features:
    """Hash and count the n-grams of folded texts; values are 1 + ln count."""
    starts = [0]
    buckets: list[npt.NDArray[np.int64]] = []
    values: list[npt.NDArray[np.float32]] = []
    for text in texts:
        found, counts = np.unique(np.concatenate([_character_runs(text), _words(text)]), return_counts=True)
        buckets.append(found)
        values.append((1 + np.log(counts)).astype(np.float32))
        starts.append(starts[-1] + len(found))
    empty_buckets, empty_values = np.zeros(0, np.int64), np.zeros(0, np.float32)
    return Features(
        np.asarray(starts, dtype=np.int64),
        np.concatenate([empty_buckets, *buckets]),
        np.concatenate([empty_values, *values]),
    )


def weigh(features: Features, idf: npt.NDArray[np.generic]) -> Features:
    """Multiply the values by inverse document frequencies, shape (N_BUCKETS,), and bring rows to length one."""
    values = features.values * idf[features.buckets].astype(np.float32)
    rows = np.repeat(np.arange(len(features)), np.diff(features.starts))
    norms = np.sqrt(np.bincount(rows, weights=values**2, minlength=len(features)))
    return Features(features.starts, features.buckets, (values / np.maximum(norms, 1e-9)[rows]).astype(np.float32))


def _character_runs(text: str) -> npt.NDArray[np.int64]:
    codes = np.frombuffer(f" {text} ".encode("utf-32-le", "ignore"), dtype=np.uint32).astype(np.uint64)
    chinese = np.concatenate([[0], np.cumsum((codes >= 0x3400) & (codes <= 0x9FFF))])
    runs = []
    for length in _CHARACTER_RUNS:
        n = len(codes) - length + 1
        if n <= 0:
            continue
        mixed = np.zeros(n, dtype=np.uint64)
        for k in range(length):
            mixed = (mixed ^ (codes[k : n + k] * _MIX[k])) * (_STEP + np.uint64(2 * length))
            mixed ^= mixed >> _FOLD
        without_chinese = chinese[length:] == chinese[:-length]
        runs.append(((mixed * _MIX[0]) >> _SHIFT)[without_chinese])
    return np.concatenate([np.zeros(0, np.int64), *runs]).astype(np.int64)


def _words(text: str) -> npt.NDArray[np.int64]:
    words = _WORD.findall(text)
    grams = words + [f"{a} {b}" for a, b in pairwise(words)]
    return np.fromiter(
        ((1 << _BITS) + (zlib.crc32(g.encode()) >> (32 - _BITS)) for g in grams), dtype=np.int64, count=len(grams)
    )
