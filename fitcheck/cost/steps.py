"""The roofline: what a decode step and a prompt ask of a card, and the time that takes.

A step of a batch reads the weights that the batch touches and every request's cache, computes each
token, starts its kernels and exchanges activations between cards. A prompt is mostly arithmetic. The
bounds are those of Williams, Waterman and Patterson, "Roofline", CACM 52(4), 2009, applied to decoding
as in Pope et al., "Efficiently scaling transformer inference", arXiv 2211.05102.

Every figure of a `Demand` is a number, or an array of one number for each of many cases: the formulas
use arithmetic operators only, so the fit runs the same code over all measurements at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

from fitcheck.cost.architectures import WEIGHT_BYTES, ModelCard
from fitcheck.cost.cards import GpuCard
from fitcheck.cost.fitted import Efficiencies

__all__ = [
    "BACKENDS",
    "GIB",
    "MAX_SEQUENCES",
    "MEMORY_SHARE",
    "Demand",
    "Setting",
    "cycle_s",
    "demand",
    "fewest_gpus",
    "kernels",
    "prefill_s",
    "step_parts",
    "step_s",
    "usual_kv_precision",
]

GIB = 2.0**30
BACKENDS = ("trtllm", "vllm", "sglang")
"""The serving programs that were measured."""
MEMORY_SHARE = 0.9
"""Share of a card's memory for weights and cache; the rest is activations and graphs (vLLM's default)."""
MAX_SEQUENCES = 2048
"""Sequences that a server runs at once at most (TensorRT-LLM's default `max_batch_size`)."""


@dataclass(frozen=True, slots=True)
class Setting:
    """How a model is served.

    Attributes:
        gpus: Cards of one replica.
        precision: Of the weights, a key of `WEIGHT_BYTES`.
        kv_precision: Of the cache.
        tokens_in: Prompt tokens of a request.
        tokens_out: Output tokens of a request.
        backend: One of `BACKENDS`.
        data_parallel: Whether each card serves its own requests' attention (the weights of attention are then on
            every card, the cache is split) and only experts are spread.
    """

    gpus: int
    precision: str
    kv_precision: str
    tokens_in: float
    tokens_out: float
    backend: str = "vllm"
    data_parallel: bool = False


@dataclass(frozen=True, slots=True)
class Demand:
    """What serving asks of each card of a replica.

    Attributes:
        dense_bytes: Weights read in every step, the output embedding included.
        expert_bytes: Weights of all routed experts.
        experts: Routed experts of a layer; 1 for a dense model.
        active: Experts that a token visits.
        kv_bytes: Cache that one request's step reads, at its mean context.
        bandwidth: Bytes/s.
        dense_flops: Arithmetic of one token outside experts.
        expert_flops: Arithmetic of one token in experts.
        head_flops: Arithmetic of one output token's logits.
        attention_flops: Arithmetic of one prompt's attention.
        dense_rate: FLOP/s for dense layers.
        expert_rate: FLOP/s for experts.
        wide_rate: FLOP/s in 16 bits.
        kernels: Kernels of one step.
        activation_s: Time in which one token's activations cross memory once in every layer, s.
        expert_activation_s: The same, once for each expert that it visits.
        reduces: Messages between cards in one step.
        link_s: Time in which one token's messages cross the links at their rated speed, s.
        four_bit_dense: 1 where dense layers are in four bits.
        four_bit_experts: 1 where experts are in four bits.
        unpacked: 1 where four-bit experts have to be unpacked.
        vllm: 1 under vLLM.
        sglang: 1 under SGLang.
        tokens_in: Prompt tokens of a request.
        tokens_out: Output tokens of a request.
        max_batch: Requests that fit in memory at once; below 1 where not even one does.
    """

    dense_bytes: float
    expert_bytes: float
    experts: float
    active: float
    kv_bytes: float
    bandwidth: float
    dense_flops: float
    expert_flops: float
    head_flops: float
    attention_flops: float
    dense_rate: float
    expert_rate: float
    wide_rate: float
    kernels: float
    activation_s: float
    expert_activation_s: float
    reduces: float
    link_s: float
    four_bit_dense: float
    four_bit_experts: float
    unpacked: float
    vllm: float
    sglang: float
    tokens_in: float
    tokens_out: float
    max_batch: float


def usual_kv_precision(precision: str, gpu: GpuCard) -> str:
    """Return the precision that the cache is usually kept in: fp8 where weights and card are of that kind."""
    return "fp8" if precision in ("fp8", "fp4") and gpu.fp8_tflops else "bf16"


def kernels(model: ModelCard) -> int:
    """Return about how many kernels one step starts.

    Counted from what a layer does: ten for attention and a dense block; eight more to route, sort, run and
    merge experts; five for the projections of latent attention; four for a linear layer's convolution, gate and
    state; eight to choose tokens for sparse attention.

    >>> from fitcheck.cost.architectures import find_model
    >>> kernels(find_model("Llama-3.1-8B"))
    320
    """
    attention = 10 + (5 if model.mla else 0) + (8 if model.index else 0)
    linear = model.linear.layers if model.linear else 0
    return attention * model.layers + 8 * model.moe_layers + 4 * linear


def demand(model: ModelCard, gpu: GpuCard, setting: Setting) -> Demand:
    """Work out what one way of serving asks of each card."""
    n, precision = setting.gpus, setting.precision
    four_bits = precision in ("fp4", "int4")
    # experts keep four bits to themselves, see ModelCard.dense_bytes
    dense_precision = "bf16" if model.moe and four_bits else precision
    dense_share = model.attention_params / model.dense_params
    dense_bytes = model.dense_bytes(precision) * (
        (1 - dense_share) / n + dense_share / (1 if setting.data_parallel else n)
    )
    head = model.vocab * model.hidden
    # a card holds whole key and value heads; the compressed cache of latent attention can't be split by heads
    split = n if setting.data_parallel else 1 if model.mla else min(n, model.kv_heads)
    mean_context = setting.tokens_in + setting.tokens_out / 2
    bandwidth = gpu.bandwidth_gb_s * 1e9
    expert_bytes = model.routed_params * WEIGHT_BYTES[precision] / n
    held = dense_bytes + expert_bytes + 2.0 * model.embedding_params / n
    free = (MEMORY_SHARE * gpu.memory_gib * GIB - held) * split
    whole = model.kv_bytes(setting.tokens_in + setting.tokens_out, setting.kv_precision)
    mean = model.kv_bytes(mean_context, setting.kv_precision)
    return Demand(
        dense_bytes=dense_bytes + 2.0 * head / n,
        expert_bytes=expert_bytes,
        experts=model.moe.experts if model.moe else 1,
        active=model.moe.active if model.moe else 1,
        kv_bytes=model.kv_read_bytes(mean_context, setting.kv_precision) / split,
        bandwidth=bandwidth,
        dense_flops=2.0 * model.dense_params / n,
        expert_flops=2.0 * (model.token_params - model.dense_params) / n,
        head_flops=2.0 * head / n,
        attention_flops=model.attention_flops(setting.tokens_in) / n,
        dense_rate=gpu.rate_flops(dense_precision),
        expert_rate=gpu.rate_flops(precision),
        wide_rate=gpu.rate_flops("bf16"),
        kernels=kernels(model),
        activation_s=2.0 * model.layers * model.hidden / bandwidth,
        expert_activation_s=2.0 * model.moe_layers * model.hidden * (model.moe.active if model.moe else 0) / bandwidth,
        reduces=2.0 * model.layers if n > 1 else 0.0,
        link_s=4.0 * model.layers * model.hidden * (n - 1) / n / (gpu.link_gb_s / 2 * 1e9),
        four_bit_dense=float(four_bits and model.moe is None),
        four_bit_experts=float(four_bits and model.moe is not None),
        unpacked=float(four_bits and model.moe is not None and gpu.unpacks(precision)),
        vllm=float(setting.backend == "vllm"),
        sglang=float(setting.backend == "sglang"),
        tokens_in=float(setting.tokens_in),
        tokens_out=float(setting.tokens_out),
        # requests are at all stages of their output, so only one of them need be whole
        max_batch=1 + (free - whole) / mean if mean else inf,
    )


def _token_s(d: Demand, e: Efficiencies) -> float:
    """Return the time of one token's arithmetic and activations, s."""
    dense: float = d.dense_flops / (d.dense_rate * e.dense_arithmetic * e.dense_arithmetic_4bit**d.four_bit_dense)
    routed = d.expert_flops / (d.expert_rate * e.expert_arithmetic)
    return dense + routed + d.activation_s * e.activation_passes + d.expert_activation_s * e.expert_passes


def step_parts(d: Demand, e: Efficiencies, batch: float) -> tuple[float, float, float]:
    """Return the times of a decode step: reading memory, arithmetic, and what neither hides, s.

    Args:
        d: The demand.
        e: The efficiencies.
        batch: Requests in the batch.
    """
    # expected share of distinct experts, see Mixture.touched
    touched: float = 1 - (1 - d.active / d.experts) ** batch
    expert_read = e.expert_read * e.expert_read_4bit**d.four_bit_experts * e.expert_read_unpacked**d.unpacked
    memory = (
        d.dense_bytes / (e.weight_read * e.weight_read_4bit**d.four_bit_dense)
        + d.expert_bytes * touched / expert_read
        + batch * d.kv_bytes / e.kv_read
    ) / d.bandwidth
    arithmetic = batch * (_token_s(d, e) + d.head_flops / (d.wide_rate * e.dense_arithmetic))
    software = e.kernel_vllm**d.vllm * e.kernel_sglang**d.sglang
    overhead = (
        software * (d.kernels * e.kernel_s + batch * e.sequence_s)
        + d.reduces * e.allreduce_s
        + batch * d.link_s / e.link_share
    )
    return memory, arithmetic, overhead


def step_s(d: Demand, e: Efficiencies, batch: float) -> float:
    """Return the time of one decode step, s: reading and arithmetic overlap, smoothly; the rest adds."""
    memory, arithmetic, overhead = step_parts(d, e, batch)
    core: float = (memory**2 + arithmetic**2) ** 0.5
    return core + overhead


def prefill_s(d: Demand, e: Efficiencies) -> float:
    """Return the time that one prompt takes of the whole replica, s."""
    tokens = d.tokens_in * (_token_s(d, e) + d.link_s / e.link_share)
    attention = d.attention_flops / (d.wide_rate * e.dense_arithmetic)
    software: float = e.prefill_vllm**d.vllm * e.prefill_sglang**d.sglang
    return (tokens + attention) * software


def cycle_s(d: Demand, e: Efficiencies, batch: float) -> float:
    """Return the time that a request takes while `batch` are served, s: all its steps, and everybody's prompts."""
    return d.tokens_out * step_s(d, e, batch) + batch * prefill_s(d, e)


def fewest_gpus(
    model: ModelCard, gpu: GpuCard, precision: str, kv_precision: str, tokens: float, *, requests: float, most: int
) -> int | None:
    """Return the smallest power of two of cards that holds the weights and so many requests' caches.

    Args:
        model: The model.
        gpu: The card.
        precision: Of the weights.
        kv_precision: Of the cache.
        tokens: Context of a request.
        requests: How many requests are to fit at once.
        most: Give up above so many.

    Returns:
        The number of cards, or None where `most` are too few.
    """
    n = 1
    while n <= most:
        d = demand(model, gpu, Setting(n, precision, kv_precision, tokens, 1.0))
        if d.max_batch >= requests:
            return n
        n *= 2
    return None
