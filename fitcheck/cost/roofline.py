"""How fast own cards serve a model: a roofline, calibrated on published measurements.

The physics is in `steps.py`, the fitted numbers in `throughput.json`; this turns them into the
throughput of one replica, with its latencies, its limits of memory and an honest interval.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from math import ceil, exp, isfinite, log
from pathlib import Path
from typing import Any, Literal

from fitcheck.cost.architectures import WEIGHT_BYTES, ModelCard, find_model
from fitcheck.cost.cards import GpuCard, find_gpu, gpus_that_hold
from fitcheck.cost.fitted import shipped
from fitcheck.cost.notes import limit_notes, unmeasured
from fitcheck.cost.serving import Serving
from fitcheck.cost.steps import (
    BACKENDS,
    GIB,
    MAX_SEQUENCES,
    MEMORY_SHARE,
    Setting,
    demand,
    fewest_gpus,
    prefill_s,
    step_parts,
    usual_kv_precision,
)
from fitcheck.errors import CostError

__all__ = ["Throughput", "refuse_longer_than_context", "throughput"]

_ROOM = 32
_MOST_GPUS = 64
_SAME: Mapping[str, str] = {
    "fp16": "bf16", "float16": "bf16", "bfloat16": "bf16", "16": "bf16", "nvfp4": "fp4", "mxfp4": "fp4",
    "awq": "int4", "gptq": "int4", "w4a16": "int4", "w8a8": "int8", "tensorrt-llm": "trtllm", "trt-llm": "trtllm",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Throughput:
    """How fast one replica serves a model, at a steady number of requests at once.

    Attributes:
        model: The model's name.
        gpu: The card's name.
        gpus: Cards of one replica.
        precision: Of the weights.
        kv_precision: Of the cache.
        backend: The serving program, one of trtllm, vllm, sglang.
        tokens_in: Prompt tokens of a request.
        tokens_out: Output tokens of a request.
        concurrency: Requests at once on the replica.
        max_concurrency: How many fit in memory at once.
        output_tokens_per_s: Output tokens/s of the replica.
        low: The lower end of its 80 percent interval.
        high: The upper end.
        ttft_ms: Time to the first token at that concurrency, ms, as benchmarks measure it: from sending, with the
            prompts of others in between, and the wait where more requests are sent than fit.
        tpot_ms: Time per further token, ms.
        bound: What takes most of the time: `compute`, `memory` or `overhead`.
        prefill_share: Share of the replica's time that goes to prompts.
        compute_share: Share of the time that goes to arithmetic, prompts included.
        memory_share: Share that goes to reading weights and cache.
        overhead_share: Share that goes to starting kernels, messages between cards, and scheduling.
        flops_utilisation: Arithmetic done, as a share of the rated.
        bandwidth_utilisation: Bytes read while decoding, as a share of the rated.
        weights_gib: All weights, GiB.
        kv_gib_per_request: Cache of one request at its full length, GiB.
        notes: What a reader must know, by language: `{"en": ..., "zh": ...}`.
    """

    model: str
    gpu: str
    gpus: int
    precision: str
    kv_precision: str
    backend: str
    tokens_in: int
    tokens_out: int
    concurrency: int
    max_concurrency: int
    output_tokens_per_s: float
    low: float
    high: float
    ttft_ms: float
    tpot_ms: float
    bound: Literal["compute", "memory", "overhead"]
    prefill_share: float
    compute_share: float
    memory_share: float
    overhead_share: float
    flops_utilisation: float
    bandwidth_utilisation: float
    weights_gib: float
    kv_gib_per_request: float
    notes: tuple[dict[str, str], ...] = ()

    @property
    def output_tokens_per_s_per_gpu(self) -> float:
        """Output tokens/s of one card."""
        return self.output_tokens_per_s / self.gpus

    @property
    def requests_per_s(self) -> float:
        """Requests that the replica finishes in a second."""
        return self.output_tokens_per_s / self.tokens_out

    def to_dict(self) -> dict[str, Any]:
        """Return all of it as plain data."""
        derived = {
            "output_tokens_per_s_per_gpu": self.output_tokens_per_s_per_gpu,
            "requests_per_s": self.requests_per_s,
        }
        return asdict(self) | derived | {"notes": [dict(note) for note in self.notes]}


def throughput(
    model: str | Path | ModelCard,
    gpu: str | Path | Mapping[str, Any] | GpuCard,
    *,
    gpus: int | None = None,
    precision: str | None = None,
    kv_precision: str | None = None,
    tokens_in: int = 1024,
    tokens_out: int = 1024,
    concurrency: int | None = None,
    max_tpot_ms: float | None = None,
    max_ttft_ms: float | None = None,
    backend: str | None = None,
    parallelism: str | None = None,
) -> Throughput:
    """Work out how fast one replica of a model serves on a card.

    Args:
        model: A name, a Hugging Face `config.json`, or a `ModelCard`.
        gpu: A name, a TOML file with a card's figures, the figures as a mapping, or a `GpuCard`.
        gpus: Cards of one replica; the smallest power of two with room for 32 requests where left out.
        precision: Of the weights: bf16, fp8, int8, fp4 or int4; as published where left out.
        kv_precision: Of the cache; fp8 beside fp8 and fp4 weights where the card has it, else bf16.
        tokens_in: Prompt tokens of a request.
        tokens_out: Output tokens of a request.
        concurrency: Requests at once; the most that memory and the two limits allow where left out.
        max_tpot_ms: Limit of the mean time per token, ms.
        max_ttft_ms: Limit of the mean time to the first token, ms.
        backend: vllm (assumed), trtllm or sglang.
        parallelism: `tensor` (assumed), or `data`: each card serves its own requests' attention and experts are
            spread, for mixtures of experts.

    Raises:
        CostError: A name is unknown, a figure is out of range, or the cards don't hold the model.

    >>> speed = throughput("Llama-3.1-8B", "H100", concurrency=32)
    >>> speed.gpus, speed.bound, speed.low < speed.output_tokens_per_s < speed.high
    (1, 'memory', True)
    """
    card, shape = find_gpu(gpu), _model(model)
    _whole("tokens_in", tokens_in)
    _whole("tokens_out", tokens_out)
    for name, limit in (("max_tpot_ms", max_tpot_ms), ("max_ttft_ms", max_ttft_ms)):
        if limit is not None and not (isfinite(limit) and limit > 0):
            raise CostError(f"{name}: {limit!r} is no limit; give milliseconds above 0, or leave it out")
    for name, count in (("gpus", gpus), ("concurrency", concurrency)):
        if count is not None:
            _whole(name, count)
    refuse_longer_than_context(shape, tokens_in, tokens_out)
    weights = _choice("precision", precision or shape.native, tuple(WEIGHT_BYTES))
    cache = _choice("kv_precision", kv_precision or usual_kv_precision(weights, card), tuple(WEIGHT_BYTES))
    program = _choice("backend", backend or "vllm", BACKENDS)
    is_data = _choice("parallelism", parallelism or "tensor", ("tensor", "data")) == "data"
    if is_data and shape.moe is None:
        raise CostError("parallelism: 'data' spreads experts, and this model has none; leave it out and add replicas")
    count = gpus or _fewest(shape, card, weights, cache, tokens_in + tokens_out, min(_ROOM, concurrency or _ROOM))
    setting = Setting(count, weights, cache, tokens_in, tokens_out, program, is_data)
    d = demand(shape, card, setting)
    if d.max_batch < 1:
        raise _too_small(shape, card, setting)
    serving = Serving(d, shipped(), program)
    most = int(min(d.max_batch, MAX_SEQUENCES))
    at_once = concurrency or serving.most_within(most, max_tpot_ms, max_ttft_ms)
    broken = serving.broken(min(at_once, most), max_tpot_ms, max_ttft_ms)
    wider, notes = unmeasured(shape, card, setting, serving.fit)
    return _at(serving, at_once, most, shape, card, setting, wider, (*limit_notes(at_once, most, broken), *notes))


def refuse_longer_than_context(
    model: str | Path | ModelCard, tokens_in: float | Decimal, tokens_out: float | Decimal
) -> None:
    """Refuse calls that a model has no room for, such as the longest of a range.

    Raises:
        CostError: They are longer than the model's context, or no model has that name.
    """
    shape = _model(model)
    tokens_in, tokens_out = ceil(tokens_in), ceil(tokens_out)
    if shape.context and tokens_in + tokens_out > shape.context:
        raise CostError(
            f"tokens_in, tokens_out: {tokens_in:,} and {tokens_out:,} together pass {shape.name}'s context of "
            f"{shape.context:,} tokens; give fewer, or name a model with a longer context"
        )


def _model(model: str | Path | ModelCard) -> ModelCard:
    if isinstance(model, ModelCard):
        return model
    if isinstance(model, Path) or model.endswith(".json"):
        from fitcheck.cost.configs import read_config

        return read_config(model)
    return find_model(model)


def _whole(name: str, value: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise CostError(f"{name}: {value!r} makes no sense; give a whole number of 1 or more")


def _choice(name: str, value: str, known: tuple[str, ...]) -> str:
    words = str(value).strip().lower()
    words = _SAME.get(words, words)
    if words not in known:
        raise CostError(f"{name}: {value!r} is unknown; give one of {', '.join(known)}")
    return words


def _fewest(model: ModelCard, gpu: GpuCard, precision: str, cache: str, tokens: int, requests: int) -> int:
    most = max(_MOST_GPUS, gpu.per_server)
    for room in (requests, 1):
        found = fewest_gpus(model, gpu, precision, cache, tokens, requests=room, most=most)
        if found is not None:
            return found
    raise _too_small(model, gpu, Setting(most, precision, cache, tokens - 1, 1))


def _too_small(model: ModelCard, gpu: GpuCard, setting: Setting) -> CostError:
    n = setting.gpus
    tokens = setting.tokens_in + setting.tokens_out
    need = (model.weight_bytes(setting.precision) + model.kv_bytes(tokens, setting.kv_precision)) / GIB
    have = n * gpu.memory_gib * MEMORY_SHARE
    enough = fewest_gpus(
        model, gpu, setting.precision, setting.kv_precision, tokens, requests=1, most=max(_MOST_GPUS, gpu.per_server)
    )
    ways = [f"{enough} of them would do"] if enough else []
    if bigger := gpus_that_hold(need / MEMORY_SHARE, n):
        ways.append(f"{n} x {' or '.join(bigger)} would do")
    if WEIGHT_BYTES[setting.precision] > WEIGHT_BYTES["int4"]:
        ways.append("fewer bits would too (precision)")
    return CostError(
        f"gpu, gpus: {model.name} in {setting.precision} needs {need:.1f} GiB for its weights and one request of "
        f"{tokens:,.0f} tokens; {n} x {gpu.name} have {have:.1f} GiB for them ({MEMORY_SHARE:.0%} of "
        f"{gpu.memory_gib:g} GiB each); {'; '.join(ways) or 'name a smaller model'}"
    )


def _at(
    serving: Serving,
    concurrency: int,
    most: int,
    model: ModelCard,
    gpu: GpuCard,
    setting: Setting,
    wider: float,
    notes: tuple[dict[str, str], ...],
) -> Throughput:
    d, e = serving.d, serving.fit.efficiencies
    batch = min(concurrency, most)
    cycle = serving.cycle_s(batch)
    per_s = batch * d.tokens_out / cycle
    memory, arithmetic, overhead = step_parts(d, e, batch)
    core = memory**2 + arithmetic**2
    reading = d.tokens_out * memory**2 / core**0.5 / cycle
    waiting = d.tokens_out * overhead / cycle
    shares: dict[Literal["compute", "memory", "overhead"], float] = {
        "compute": 1 - reading - waiting,
        "memory": reading,
        "overhead": waiting,
    }
    rated = d.dense_flops / d.dense_rate + d.expert_flops / d.expert_rate
    work = (d.tokens_in + d.tokens_out) * rated + (d.attention_flops + d.tokens_out * d.head_flops) / d.wide_rate
    touched: float = 1 - (1 - d.active / d.experts) ** batch
    read = d.dense_bytes + d.expert_bytes * touched + batch * d.kv_bytes
    queue_s = (concurrency - batch) / batch * cycle
    tokens = setting.tokens_in + setting.tokens_out
    return Throughput(
        model=model.name,
        gpu=gpu.name,
        gpus=setting.gpus,
        precision=setting.precision,
        kv_precision=setting.kv_precision,
        backend=setting.backend,
        tokens_in=int(setting.tokens_in),
        tokens_out=int(setting.tokens_out),
        concurrency=concurrency,
        max_concurrency=most,
        output_tokens_per_s=per_s,
        low=per_s * exp(wider * log(serving.fit.low)),
        high=per_s * exp(wider * log(serving.fit.high)),
        ttft_ms=(serving.first_s(batch) + queue_s) * 1000,
        tpot_ms=serving.token_s(batch) * 1000,
        bound=max(shares, key=lambda name: shares[name]),
        prefill_share=batch * prefill_s(d, e) / cycle,
        compute_share=shares["compute"],
        memory_share=shares["memory"],
        overhead_share=shares["overhead"],
        flops_utilisation=batch / cycle * work,
        bandwidth_utilisation=d.tokens_out * read / d.bandwidth / cycle,
        weights_gib=model.weight_bytes(setting.precision) / GIB,
        kv_gib_per_request=model.kv_bytes(tokens, setting.kv_precision) / GIB,
        notes=notes,
    )
