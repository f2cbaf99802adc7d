"""The tuned encoder: a small transformer that `fitcheck train` fitted to the scenarios, run by onnxruntime.

Its weights are 8-bit integers and its activations are scaled as they come, over all that
is read at once. So texts are read one by one: what a text gets never depends on its neighbours.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from fitcheck.encoder import StaticEncoder
from fitcheck.errors import ModelUnavailable

__all__ = ["MAX_TOKENS", "TUNED", "TunedEncoder"]

TUNED = "tuned.onnx"
MAX_TOKENS = 256
"""What is read of a text, its marks of beginning and end included; the rest is left to the other readings."""

Vectors = npt.NDArray[np.float32]


class TunedEncoder:
    """Text to vectors by a transformer.

    Args:
        path: An ONNX file with the inputs `ids` and `mask` and the output `vector`.
        static: The static encoder, whose tokenizer is shared.

    Raises:
        ModelUnavailable: From `encode`, where the file is missing or broken.
    """

    def __init__(self, path: Path, static: StaticEncoder) -> None:
        self._path = path
        self._static = static
        self._session: Any = None
        self._pool: ThreadPoolExecutor | None = None

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return vectors, shape (n_texts, dim) float32, of folded texts, each read by itself."""
        if self._session is None:
            self._session = self._open()
        rows = self._static.framed_ids(texts, MAX_TOKENS)
        # texts that differ only behind what is read, such as a long one without one of its clauses, are read once
        keys = [ids.tobytes() for ids in rows]
        apart = dict(zip(keys, rows, strict=True))
        if len(apart) == 1:
            return np.stack([self._run(rows[0])] * len(rows))
        if self._pool is None:
            self._pool = ThreadPoolExecutor(_n_threads(), thread_name_prefix="fitcheck")
        found = dict(zip(apart, self._pool.map(self._run, apart.values()), strict=True))
        return np.stack([found[key] for key in keys]) if keys else np.zeros((0, 0), dtype=np.float32)

    def _run(self, ids: npt.NDArray[np.int64]) -> Vectors:
        given = {"ids": ids[None], "mask": np.ones((1, len(ids)), np.int64)}
        vector: Vectors = self._session.run(["vector"], given)[0][0]
        return vector

    def _open(self) -> Any:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # the texts are spread over the cores instead
        options.log_severity_level = 3
        # the costlier optimisations gain a few percent on so small a graph, and move its vectors
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
        try:
            return onnxruntime.InferenceSession(str(self._path), options, providers=["CPUExecutionProvider"])
        except Exception as error:
            raise ModelUnavailable(f"{self._path}: no tuned encoder there ({error}); run: fitcheck train") from None


def _n_threads() -> int:
    """Return how many texts are read at once: as many as there are cores, or as the variable for such limits says."""
    limit = os.environ.get("OMP_NUM_THREADS", "")
    return max(1, int(limit)) if limit.isdigit() else os.cpu_count() or 1
