"""Words and character n-grams of a text as hashed features, without scikit-learn.

English: words, pairs of words, and runs of 3 to 5 characters. Chinese: characters and
pairs of characters. Each is hashed into a bucket (the hashing trick, Weinberger et al.
2009, arXiv:0902.2206); the bucket's value is (1 + ln count) times its inverse document
frequency, and a text's values are brought to length one.
"""

from __future__ import annotations

import re
import zlib
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["N_BUCKETS", "Features", "count_features", "unit_rows", "weigh"]

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
_BLOCK = 128
"""So many texts are counted at a time; a text's number and a bucket go into 32 bits together."""
_GATHERED = 4_096
"""The weights of so many values are looked up at a time, which fit into a core's cache."""


class _Spelt(dict[str, tuple[int, bytes]]):
    """A word's checksum, and what follows on the word before it in a pair; a dictionary is quicker than `lru_cache`."""

    def __missing__(self, word: str) -> tuple[int, bytes]:
        found = self[word] = zlib.crc32(word.encode()), f" {word}".encode()
        return found


_SPELT = _Spelt()
_MOST_WORDS = 1 << 16


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
        starts = self.starts.tolist()
        row = 0
        while row < len(self):
            until = max(row + 1, bisect_right(starts, starts[row] + _GATHERED) - 1)
            first, last = starts[row], starts[until]
            found = weights.take(self.buckets[first:last] >> shift, axis=0).astype(np.float32)
            values = self.values[first:last]
            for own in range(row, until):
                begin, end = starts[own] - first, starts[own + 1] - first
                out[own] = values[begin:end] @ found[begin:end]
            row = until
        return out

    def of(self, rows: npt.NDArray[np.int64]) -> Features:
        """Return some of the rows, in the order given."""
        lengths = np.diff(self.starts)[rows]
        ends = np.cumsum(lengths)
        places = np.arange(lengths.sum()) + np.repeat(self.starts[rows] - (ends - lengths), lengths)
        return Features(np.concatenate([[0], ends]), self.buckets[places], self.values[places])


def count_features(texts: Sequence[str]) -> Features:
    """Hash and count the n-grams of folded texts; values are 1 + ln count."""
    keys, counts = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for begin in range(0, len(texts), _BLOCK):
        block = [text.encode("utf-32-le", "ignore").decode("utf-32-le") for text in texts[begin : begin + _BLOCK]]
        grams = np.concatenate([*_character_runs(block), _words(block)])
        grams.sort()
        firsts = np.flatnonzero(np.concatenate([np.ones(min(1, len(grams)), bool), grams[1:] != grams[:-1]]))
        keys.append(grams[firsts].astype(np.int64) + begin * N_BUCKETS)
        counts.append(np.diff(firsts, append=len(grams)))
    together, values = np.concatenate(keys), _one_plus_log(np.concatenate(counts))
    starts = np.searchsorted(together, np.arange(len(texts) + 1) * N_BUCKETS)
    return Features(starts.astype(np.int64), together % N_BUCKETS, values)


def _one_plus_log(counts: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
    table = (1 + np.log(np.arange(1, counts.max(initial=1) + 1))).astype(np.float32)
    return np.asarray(table[counts - 1])


def weigh(features: Features, idf: npt.NDArray[np.generic]) -> Features:
    """Multiply the values by inverse document frequencies, shape (N_BUCKETS,), and bring rows to length one."""
    values = features.values * idf.take(features.buckets).astype(np.float32)
    return unit_rows(Features(features.starts, features.buckets, values))


def unit_rows(features: Features) -> Features:
    """Bring rows to length one."""
    values = features.values
    rows = np.repeat(np.arange(len(features)), np.diff(features.starts))
    norms = np.sqrt(np.bincount(rows, weights=values**2, minlength=len(features)))
    return Features(features.starts, features.buckets, (values / np.maximum(norms, 1e-9)[rows]).astype(np.float32))


def _character_runs(texts: Sequence[str]) -> list[npt.NDArray[np.uint32]]:
    """Return the texts' runs as keys: a text's number times `N_BUCKETS`, plus a bucket."""
    codes = np.frombuffer("".join([f" {text} " for text in texts]).encode("utf-32-le"), dtype=np.uint32)
    rows = np.repeat(np.arange(len(texts), dtype=np.uint32), [len(text) + 2 for text in texts])
    is_chinese = (codes >= 0x3400) & (codes <= 0x9FFF)
    chinese = np.concatenate([[0], np.cumsum(is_chinese)])
    wide = codes.astype(np.uint64)
    runs = []
    for length in _CHARACTER_RUNS:
        n = max(0, len(codes) - length + 1)
        # a run lies in one text and holds no Chinese
        begins = np.flatnonzero((rows[:n] == rows[len(rows) - n :]) & (chinese[length:] == chinese[:n]))
        mixed = np.zeros(len(begins), dtype=np.uint64)
        for k in range(length):
            mixed = (mixed ^ (wide[begins + k] * _MIX[k])) * (_STEP + np.uint64(2 * length))
            mixed ^= mixed >> _FOLD
        runs.append(rows[begins] * np.uint32(N_BUCKETS) + ((mixed * _MIX[0]) >> _SHIFT).astype(np.uint32))
    return runs


def _words(texts: Sequence[str]) -> npt.NDArray[np.uint32]:
    """Return the texts' words and pairs of neighbouring words as keys."""
    words, lengths = [], []
    for text in texts:
        found = _WORD.findall(text)
        words += found
        lengths.append(len(found))
    if len(_SPELT) > _MOST_WORDS:
        _SPELT.clear()
    spelt = list(map(_SPELT.__getitem__, words))
    checksums = [checksum for checksum, _ in spelt]
    spaced = [follows for _, follows in spelt[1:]]
    pairs = np.fromiter(map(zlib.crc32, spaced, checksums), dtype=np.uint32, count=len(spaced))
    rows = np.repeat(np.arange(len(texts), dtype=np.uint32), lengths)
    in_one_text = rows[1:] == rows[:-1]
    rows = np.concatenate([rows, rows[1:][in_one_text]])
    hashed = np.concatenate([np.asarray(checksums, dtype=np.uint32), pairs[in_one_text]])
    return np.asarray(rows * np.uint32(N_BUCKETS) + np.uint32(1 << _BITS) + (hashed >> np.uint32(32 - _BITS)))
