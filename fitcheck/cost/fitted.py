"""The numbers fitted to published measurements: `throughput.json`, written by `benchmarks.throughput --fit`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

__all__ = ["FITTED_FILE", "STARTS", "Efficiencies", "FirstToken", "Fitted", "shipped"]

FITTED_FILE = Path(__file__).with_name("throughput.json")
"""The fitted numbers, with their errors."""


@dataclass(frozen=True, slots=True)
class Efficiencies:
    """What share of a card's rated figures serving reaches, and what a step costs beside.

    Attributes:
        weight_read: Share of the bandwidth at which dense weights are read.
        weight_read_4bit: The same in four bits, as a factor on it.
        expert_read: Share of the bandwidth at which the experts are read that random tokens would visit. Real
            ones visit fewer, so with the next factor it may pass 1.
        expert_read_4bit: The same in four bits, as a factor on it.
        expert_read_unpacked: A further factor where the card has no arithmetic for the four-bit format.
        kv_read: Share of the bandwidth at which the cache is read.
        dense_arithmetic: Share of the rated arithmetic in dense layers and attention.
        dense_arithmetic_4bit: The same in four bits, as a factor on it.
        expert_arithmetic: Share of the rated arithmetic in experts.
        kernel_s: Time of one kernel that nothing else hides, s.
        allreduce_s: Time until a message between cards begins to flow, s.
        link_share: Share of the links' one-way bandwidth.
        sequence_s: Time per running sequence and step (sampling, scheduling), s.
        activation_passes: How often a layer's activations go through memory.
        expert_passes: The same for each expert that a token visits.
        kernel_vllm: Factor on kernel and sequence time under vLLM; TensorRT-LLM is 1.
        kernel_sglang: The same under SGLang.
        prefill_vllm: Factor on the time of prompts under vLLM; TensorRT-LLM is 1.
        prefill_sglang: The same under SGLang.
        limited_share: Share of the throughput that remains where a limit holds for 99 percent of the requests
            and not only on average; used for MLPerf's server results.
    """

    weight_read: float
    weight_read_4bit: float
    expert_read: float
    expert_read_4bit: float
    expert_read_unpacked: float
    kv_read: float
    dense_arithmetic: float
    dense_arithmetic_4bit: float
    expert_arithmetic: float
    kernel_s: float
    allreduce_s: float
    link_share: float
    sequence_s: float
    activation_passes: float
    expert_passes: float
    kernel_vllm: float
    kernel_sglang: float
    prefill_vllm: float
    prefill_sglang: float
    limited_share: float


STARTS: Mapping[str, tuple[float, float]] = {
    "weight_read": (0.75, 0.15),
    "weight_read_4bit": (0.75, 0.15),
    "expert_read": (0.65, 0.2),
    "expert_read_4bit": (1.2, 0.3),
    "expert_read_unpacked": (0.6, 0.3),
    "kv_read": (0.6, 0.3),
    "dense_arithmetic": (0.6, 0.2),
    "dense_arithmetic_4bit": (0.7, 0.15),
    "expert_arithmetic": (0.35, 0.3),
    "kernel_s": (4e-6, 0.3),
    "allreduce_s": (8e-6, 0.5),
    "link_share": (0.4, 0.4),
    "sequence_s": (4e-6, 0.7),
    "activation_passes": (15.0, 0.5),
    "expert_passes": (2.0, 0.7),
    "kernel_vllm": (1.1, 0.2),
    "kernel_sglang": (1.2, 0.2),
    "prefill_vllm": (1.5, 0.3),
    "prefill_sglang": (1.8, 0.3),
    "limited_share": (0.8, 0.2),
}
"""What is expected of each before any measurement, and how far its logarithm may stray (one standard deviation)."""


@dataclass(frozen=True, slots=True)
class FirstToken:
    """What the time to the first token is made of, beside one step.

    Attributes:
        trtllm_s: Fixed time under TensorRT-LLM, s.
        vllm_s: Fixed time under vLLM, s.
        sglang_s: Fixed time under SGLang, s.
        own_prompts: How many times the time of one's own prompt.
        others_prompts: The same for each other request that is served.
    """

    trtllm_s: float
    vllm_s: float
    sglang_s: float
    own_prompts: float
    others_prompts: float


@dataclass(frozen=True, slots=True)
class Fitted:
    """Everything in the file.

    Attributes:
        efficiencies: As fitted to all models.
        first_token: The same for the time to the first token.
        low: The lower end of the 80 percent interval, as a factor on the predicted throughput.
        high: The upper end.
        families: The GPU families that were measured.
        other_family: By what factor the interval is wider, in logarithms, for a family that was not.
        error: The errors, models left out in turn.
        day: The day of the fit.
        rows: How many measurements.
    """

    efficiencies: Efficiencies
    first_token: FirstToken
    low: float
    high: float
    families: tuple[str, ...]
    other_family: float
    error: Mapping[str, Any]
    day: str
    rows: int


@lru_cache(maxsize=1)
def shipped() -> Fitted:
    """Return the shipped numbers."""
    values = json.loads(FITTED_FILE.read_text("utf-8"))
    return Fitted(
        efficiencies=Efficiencies(**{f.name: values["efficiencies"][f.name] for f in fields(Efficiencies)}),
        first_token=FirstToken(**{f.name: values["first_token"][f.name] for f in fields(FirstToken)}),
        low=values["interval"]["low"],
        high=values["interval"]["high"],
        families=tuple(values["families"]),
        other_family=values["interval"]["other_family"],
        error=values["error"],
        day=values["day"],
        rows=values["rows"],
    )
