"""Reading measurements of serving speed from a table.

What the columns leave open is settled here, and stated in `READING`, so that it can be argued with.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from math import inf, isfinite
from pathlib import Path
from typing import NamedTuple

from fitcheck.cost.architectures import WEIGHT_BYTES, ModelCard, find_model, model_names
from fitcheck.cost.cards import GpuCard, find_gpu
from fitcheck.cost.steps import Setting, fewest_gpus, usual_kv_precision
from fitcheck.errors import CostError

__all__ = ["COLUMNS", "READING", "Row", "RowsError", "group_of", "read_rows"]

COLUMNS = (
    "model",
    "precision",
    "gpu",
    "gpu_count",
    "parallelism",
    "backend",
    "isl",
    "osl",
    "concurrency",
    "output_tok_s_per_gpu",
)
"""The columns that are needed; `ttft_ms` and `tpot_ms` are used where they are."""

READING = (
    "The prediction is of all cards' output tokens/s, by card as the table counts cards.",
    "Parallelism such as 'moe_tp8 moe_ep8' on 64 cards is 8 cards: the same times stand under both readings.",
    "'tp2 adp2 moe_ep4' is 2 cards for the same reason; 'tp1 adp moe_tp2' is 2 cards, each with its own requests.",
    "No parallelism (MLPerf): replicas of the fewest cards that hold the weights and 32 requests.",
    "Concurrency in words: as many requests as fit in memory, at most 2,048; MLPerf's latency limits hold.",
    "MLPerf's datasets are taken at their mean lengths. No precision: the one that the publisher ships.",
)

_PRECISIONS: Mapping[str, str] = {
    "fp16": "bf16", "float16": "bf16", "bfloat16": "bf16", "nvfp4": "fp4", "mxfp4": "fp4", "w4a16": "int4",
    "awq": "int4", "gptq": "int4", "w8a8": "int8",
    **{name: name for name in WEIGHT_BYTES},
}  # fmt: skip
# mean prompt and output tokens of MLPerf's datasets: OpenOrca, LongBench and others, CNN-DailyMail, and the mix
# for reasoning; outputs only where the table may not say them
_MLPERF_TOKENS: Mapping[str, tuple[float, float]] = {
    "llama2-70b": (294, 294),
    "llama3.1-405b": (9428, 684),
    "llama3.1-8b": (778, 128),
    "deepseek-r1": (800, 3880),
    "mixtral-8x7b": (380, 145),
}
# ms to the first token and per token: mlcommons/inference loadgen/mlperf.conf, looked up 2026-11-22
_MLPERF_LIMITS: Mapping[tuple[str, str], tuple[float, float]] = {
    ("llama2-70b", "server"): (2000, 200),
    ("llama2-70b", "interactive"): (450, 40),
    ("llama3.1-405b", "server"): (6000, 175),
    ("llama3.1-405b", "interactive"): (4500, 80),
    ("llama3.1-8b", "server"): (2000, 100),
    ("llama3.1-8b", "interactive"): (500, 30),
    ("deepseek-r1", "server"): (2000, 80),
    ("deepseek-r1", "interactive"): (1500, 15),
    ("mixtral-8x7b", "server"): (2000, 200),
}
_FITS = 32
_MOST = 64


class RowsError(ValueError):
    """A table of measurements is not what the benchmark reads."""


@dataclass(frozen=True, slots=True)
class Row:
    """One measurement.

    Attributes:
        line: Line of the table, from 1.
        model: The model's card.
        gpu: The card's card.
        setting: How it was served, on the cards of one replica.
        concurrency: Requests at once on the replica; infinite where as many as fit.
        tpot_limit_ms: A latency limit that holds for 99 percent of the requests; infinite where there is none.
        tokens_per_s: Measured output tokens/s of the replica.
        ttft_ms: Measured, or None.
        tpot_ms: Measured, or None.
        labels: What it is reported under: `model`, `gpu`, `backend`, `source`.
    """

    line: int
    model: ModelCard
    gpu: GpuCard
    setting: Setting
    concurrency: float
    tpot_limit_ms: float
    tokens_per_s: float
    ttft_ms: float | None
    tpot_ms: float | None
    labels: Mapping[str, str]

    @property
    def group(self) -> str:
        """What is left out together with this row."""
        return group_of(self.model)


def group_of(model: ModelCard) -> str:
    """Return the first known model of the same shape.

    Models of one depth, width, heads and experts are one group: Llama 2, 3.1 and 3.3 of 70 thousand million
    parameters, or DeepSeek V3, R1 and V3.1.

    >>> group_of(find_model("Llama-3.3-70B")), group_of(find_model("DeepSeek-V3.2"))
    ('Llama-2-70B', 'DeepSeek-V3')
    """
    shape = _shape(model)
    return next((name for name in model_names() if _shape(find_model(name)) == shape), model.name)


def _shape(model: ModelCard) -> tuple[object, ...]:
    experts = (model.moe.experts, model.moe.ffn) if model.moe else None
    return model.layers, model.hidden, model.heads, experts or model.ffn


def read_rows(path: Path) -> tuple[list[Row], Counter[str]]:
    """Read a table of measurements.

    Returns:
        The rows that could be read; and how many could not be, by reason.

    Raises:
        RowsError: The table lacks a column, or holds no rows.
    """
    rows: list[Row] = []
    unread: Counter[str] = Counter()
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        missing = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
        if missing:
            raise RowsError(f"{path}: no column {', '.join(missing)}; the table needs {', '.join(COLUMNS)}")
        for values in reader:
            try:
                rows.append(_row(reader.line_num, {key: (value or "").strip() for key, value in values.items() if key}))
            except (CostError, _Unread) as error:
                unread[str(error)] += 1
    if not rows and not unread:
        raise RowsError(f"{path}: no rows under the head line")
    return rows, unread


class _Unread(ValueError):
    """One row can't be read; says why."""


def _row(line: int, r: Mapping[str, str]) -> Row:
    model, gpu = find_model(r["model"]), find_gpu(r["gpu"])
    precision = _PRECISIONS.get(r["precision"].lower()) if r["precision"] else model.native
    if precision is None:
        raise _Unread(f"precision {r['precision']!r} is unknown")
    listed = round(_number(r, "gpu_count"))
    per_gpu = _number(r, "output_tok_s_per_gpu")
    task = r["model"].lower().removesuffix("-99.9").removesuffix("-99").removesuffix("-interactive")
    tokens_in, tokens_out = (_tokens(r[column], task, i) for i, column in enumerate(("isl", "osl")))
    kv_precision = usual_kv_precision(precision, gpu)
    cards = _cards(r["parallelism"], listed, model)
    if cards is None:
        context = tokens_in + tokens_out
        fewest = fewest_gpus(model, gpu, precision, kv_precision, context, requests=_FITS, most=listed) or listed
        cards = _Cards(fewest, counted=fewest)
    concurrency, limit = _concurrency(r["concurrency"], task)
    backend = _backend(r["backend"])
    return Row(
        line=line,
        model=model,
        gpu=gpu,
        setting=Setting(cards.gpus, precision, kv_precision, tokens_in, tokens_out, backend, cards.ranks > 1),
        concurrency=concurrency * cards.times,
        tpot_limit_ms=limit,
        tokens_per_s=per_gpu * cards.counted,
        ttft_ms=_optional(r.get("ttft_ms", "")),
        tpot_ms=_optional(r.get("tpot_ms", "")),
        labels={
            "model": r["model"],
            "gpu": gpu.name,
            "backend": r["backend"],
            "source": r.get("source", "").split("@")[0],
        },
    )


def _number(r: Mapping[str, str], column: str) -> float:
    value = _optional(r[column])
    if value is None or value <= 0:
        raise _Unread(f"{column} {r[column]!r} is no number above 0")
    return value


def _optional(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if isfinite(value) else None


def _tokens(text: str, task: str, which: int) -> float:
    value = _optional(text)
    if value is None and "mlperf" in text.lower() and task in _MLPERF_TOKENS:
        value = _MLPERF_TOKENS[task][which]
    if value is None or value < 1:
        raise _Unread(f"{('isl', 'osl')[which]} {text!r} of {task} is no number of tokens")
    return value


def _concurrency(text: str, task: str) -> tuple[float, float]:
    value = _optional(text)
    if value is not None and value >= 1:
        return value, inf
    words = text.lower()
    if "mlperf" in words:
        scenario = words.split()[-1]
        return inf, _MLPERF_LIMITS.get((task, scenario), (inf, inf))[1]
    if words.startswith("max"):
        return inf, inf
    raise _Unread(f"concurrency {text!r} is neither a number nor a known way of saying the most")


def _backend(text: str) -> str:
    words = text.lower()
    for name in ("vllm", "sglang"):
        if name in words:
            return name
    if "trt" in words or "tensorrt" in words:
        return "trtllm"
    raise _Unread(f"backend {text!r} is none of TensorRT-LLM, vLLM, SGLang")


class _Cards(NamedTuple):
    """Which cards serve together.

    Attributes:
        gpus: Cards of one replica.
        counted: The table's figure per card, times this, is the replica's.
        ranks: Ranks that serve their own requests' attention.
        times: The table's concurrency, times this, is the replica's.
    """

    gpus: int
    counted: int
    ranks: int = 1
    times: float = 1.0


def _cards(parallelism: str, listed: int, model: ModelCard) -> _Cards | None:
    """Read which cards serve together; None where nothing says."""
    found = re.match(r"tp(\d+) pp(\d+) adp(\d*) moe_tp(\d+) moe_ep(\d+)$", parallelism)
    if found is None:
        plain = re.match(r"TP\s*=?\s*(\d+)$", parallelism, re.IGNORECASE)
        return _Cards(int(plain[1]), int(plain[1])) if plain else None
    tp, pp, moe_tp, moe_ep = (int(found[i]) for i in (1, 2, 4, 5))
    ranks = int(found[3] or 1)
    if model.moe is None:
        return _Cards(tp * pp, tp * pp, times=1 / ranks)
    if found[3] and moe_tp == moe_ep > 1:
        return _Cards(moe_tp, listed, moe_tp if ranks > 1 else 1)
    if ranks > 1 and tp == ranks and moe_ep == tp * ranks:
        return _Cards(tp, listed)
    spread = moe_tp * moe_ep
    if not found[3] and spread > tp:
        return _Cards(spread, spread, spread // tp, spread / tp)
    return _Cards(listed, listed, ranks)
