"""Model cards: the shapes of open models, their parameters, and the bytes that weights and cache take.

The cards of common models lie in `models.toml`; any Hugging Face `config.json` makes another
(`configs.read_config`). Parameters are counted from the shapes.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from fitcheck.cost.names import Names
from fitcheck.cost.parts import Index, Latent, Linear, Mixture, Window
from fitcheck.errors import CostError

__all__ = [
    "MODELS_FILE",
    "WEIGHT_BYTES",
    "ModelCard",
    "find_model",
    "model_names",
]

MODELS_FILE = Path(__file__).with_name("models.toml")
"""The cards of common models."""

WEIGHT_BYTES: Mapping[str, float] = {"bf16": 2.0, "fp8": 1.0, "int8": 1.0, "fp4": 0.5625, "int4": 0.5625}
"""Bytes per weight: four-bit formats carry an eight-bit scale per 16 weights, or a 16-bit one per 32."""


@dataclass(frozen=True, slots=True)
class ModelCard:
    """The shapes of one model.

    Attributes:
        name: Its name.
        layers: Layers of any kind.
        hidden: Width of the residual stream.
        heads: Query heads.
        kv_heads: Key and value heads.
        head_dim: Width of a head.
        ffn: Width of a dense feed-forward block; 0 where every layer has experts.
        vocab: Tokens in the vocabulary.
        context: Longest context in tokens; 0 where it is not known.
        native: The precision that its publisher ships.
        tied: Whether input and output embeddings are one.
        gated: Whether feed-forward blocks have three matrices (gate, up, down) and not two.
        output_gate: Whether attention has a gate as wide as its queries.
        mla: Latent attention, or None.
        moe: Mixture of experts, or None.
        window: Sliding-window layers, or None.
        linear: Linear-attention layers, or None.
        index: Sparse attention, or None.
        total_b: Parameters as published, in thousand millions; None where nobody said.
        active_b: Parameters that a token uses, as published; None for a dense model.
        aliases: Other names.
        source: Where the shapes are from.
        seen: The day on which they were looked up; empty where they were not looked up again.
    """

    name: str
    layers: int
    hidden: int
    heads: int
    kv_heads: int
    head_dim: int
    ffn: int
    vocab: int
    context: int = 0
    native: str = "bf16"
    tied: bool = False
    gated: bool = True
    output_gate: bool = False
    mla: Latent | None = None
    moe: Mixture | None = None
    window: Window | None = None
    linear: Linear | None = None
    index: Index | None = None
    total_b: float | None = None
    active_b: float | None = None
    aliases: tuple[str, ...] = ()
    source: str = ""
    seen: str = ""

    @property
    def attention_layers(self) -> int:
        """Layers whose cache grows with the context, windows included."""
        return self.layers - (self.linear.layers if self.linear else 0)

    @property
    def moe_layers(self) -> int:
        """Layers with experts."""
        return self.layers - self.moe.dense_layers if self.moe else 0

    @property
    def embedding_params(self) -> int:
        """Parameters of the input and output embeddings."""
        return self.vocab * self.hidden * (1 if self.tied else 2)

    @property
    def attention_params(self) -> int:
        """Parameters of all attention, linear attention and index heads included."""
        full = self.attention_layers * (self._latent_params() if self.mla else self._grouped_params())
        if self.linear:
            keys = self.linear.key_heads * self.linear.key_dim
            values = self.linear.value_heads * self.linear.value_dim
            # in: queries, keys, values and the gate; two scalars per value head; out
            full += self.linear.layers * self.hidden * (2 * keys + 3 * values + 2 * self.linear.value_heads)
        if self.index:
            rank = self.mla.q_rank if self.mla and self.mla.q_rank else self.hidden
            per_layer = rank * self.index.heads * self.index.dim + self.hidden * (self.index.dim + self.index.heads)
            full += self.attention_layers * per_layer
        return full

    def _grouped_params(self) -> int:
        queries = self.heads * self.head_dim * (2 if self.output_gate else 1)
        return self.hidden * (queries + 2 * self.kv_heads * self.head_dim + self.heads * self.head_dim)

    def _latent_params(self) -> int:
        assert self.mla is not None
        m, query = self.mla, self.heads * (self.mla.nope_dim + self.mla.rope_dim)
        down = self.hidden * m.q_rank + m.q_rank * query if m.q_rank else self.hidden * query
        up = self.hidden * (m.kv_rank + m.rope_dim) + m.kv_rank * self.heads * (m.nope_dim + m.value_dim)
        return down + up + self.heads * m.value_dim * self.hidden

    @property
    def expert_params(self) -> int:
        """Parameters of one routed expert in one layer; 0 for a dense model."""
        return self._matrices * self.hidden * self.moe.ffn if self.moe else 0

    @property
    def _matrices(self) -> int:
        return 3 if self.gated else 2

    @property
    def routed_params(self) -> int:
        """Parameters of all routed experts in all layers."""
        return self.moe_layers * self.moe.experts * self.expert_params if self.moe else 0

    @property
    def dense_params(self) -> int:
        """Parameters outside routed experts and embeddings: every token uses them."""
        blocks = self._matrices * self.hidden * self.ffn * (self.layers - self.moe_layers)
        if self.moe:
            blocks += self.moe_layers * self.hidden * (self._matrices * self.moe.shared_ffn + self.moe.experts)
        return self.attention_params + blocks

    @property
    def total_params(self) -> int:
        """All parameters, counted from the shapes; norms and biases are left out."""
        return self.embedding_params + self.dense_params + self.routed_params

    @property
    def token_params(self) -> int:
        """Parameters that one token is multiplied with in the layers: without either embedding."""
        routed = self.moe_layers * self.moe.active * self.expert_params if self.moe else 0
        return self.dense_params + routed

    @property
    def active_params(self) -> int:
        """Parameters that one token uses, embeddings included, as publishers count them."""
        return self.embedding_params + self.token_params

    def dense_bytes(self, precision: str) -> float:
        """Return the bytes of what is outside routed experts and embeddings.

        Four-bit checkpoints of mixtures of experts keep attention and shared parts in 16 bits: gpt-oss-120b's
        and Kimi-K2.5's published sizes come out so within 6 percent.
        """
        kept = self.moe is not None and precision in ("fp4", "int4")
        return self.dense_params * (2.0 if kept else WEIGHT_BYTES[precision])

    def weight_bytes(self, precision: str) -> float:
        """Return the bytes of all weights; embeddings stay in 16 bits.

        >>> round(find_model("gpt-oss-120b").weight_bytes("fp4") / 2**30)
        64
        """
        return 2.0 * self.embedding_params + self.dense_bytes(precision) + self.routed_params * WEIGHT_BYTES[precision]

    def kv_bytes_per_token(self, kv_precision: str) -> float:
        """Return the bytes that one more token of context takes, where no window has closed yet.

        Grouped: 2 x layers x kv_heads x head_dim x bytes. Latent: layers x (kv_rank + rope_dim) x bytes
        (DeepSeek-V2, arXiv 2405.04434, section 2.1).

        >>> find_model("Llama-3.1-70B").kv_bytes_per_token("bf16")
        327680.0
        """
        return self.attention_layers * self._kv_layer_bytes(kv_precision)

    def _kv_layer_bytes(self, kv_precision: str) -> float:
        size = WEIGHT_BYTES[kv_precision]
        width = self.mla.kv_rank + self.mla.rope_dim if self.mla else 2 * self.kv_heads * self.head_dim
        return width * size + (self.index.dim if self.index else 0)

    def kv_bytes(self, tokens: float, kv_precision: str) -> float:
        """Return the bytes that one request's cache takes with so many tokens of context."""
        held = self.attention_layers * tokens
        if self.window:
            held -= self.window.layers * max(tokens - self.window.tokens, 0)
        state = 0.0
        if self.linear:
            # the delta rule keeps its state in 32 bits
            state = 4.0 * self.linear.layers * self.linear.value_heads * self.linear.key_dim * self.linear.value_dim
        return held * self._kv_layer_bytes(kv_precision) + state

    def kv_read_bytes(self, tokens: float, kv_precision: str) -> float:
        """Return the bytes of cache that one decode step of one request reads: all of it, but for sparse attention."""
        if not self.index:
            return self.kv_bytes(tokens, kv_precision)
        chosen = min(tokens, self.index.top_tokens) * (self._kv_layer_bytes(kv_precision) - self.index.dim)
        return self.attention_layers * (chosen + tokens * self.index.dim)

    def attention_flops(self, tokens: float) -> float:
        """Return the arithmetic of causal attention over a prompt, beside the weights: 2 n^2/2 per head and width."""
        qk, value = (self.mla.nope_dim + self.mla.rope_dim, self.mla.value_dim) if self.mla else (self.head_dim,) * 2
        span = min(tokens, self.index.top_tokens * 2) if self.index else tokens
        pairs = (self.attention_layers - (self.window.layers if self.window else 0)) * tokens * span
        if self.window:
            pairs += self.window.layers * tokens * min(tokens, 2 * self.window.tokens)
        flops = pairs * self.heads * (qk + value)
        if self.index:
            flops += self.attention_layers * tokens * tokens * self.index.heads * self.index.dim
        return flops


_PARTS: Mapping[str, type] = {"mla": Latent, "moe": Mixture, "window": Window, "linear": Linear, "index": Index}


@lru_cache(maxsize=1)
def _cards() -> Names[ModelCard]:
    rows = tomllib.loads(MODELS_FILE.read_text("utf-8"))["model"]
    return Names("model", [_card(row) for row in rows])


def _card(row: Mapping[str, Any]) -> ModelCard:
    values = {key: _PARTS[key](**value) if key in _PARTS else value for key, value in row.items()}
    return ModelCard(**{"ffn": 0, **values, "aliases": tuple(row.get("aliases", ()))})


def find_model(name: str) -> ModelCard:
    """Return the card of a model by its name or another of its names.

    Case, punctuation, the publisher before a slash, and endings such as -Instruct or -FP8 do not matter.

    Raises:
        CostError: No card has that name; the nearest ones are offered.

    >>> find_model("meta-llama/Llama-3.3-70B-Instruct").name
    'Llama-3.1-70B'
    """
    found = _cards().find(name)
    if found is None:
        raise CostError(f"model: no card for {name!r}; {_cards().near(name)}; or give its Hugging Face config.json")
    return found


def model_names() -> tuple[str, ...]:
    """Return the names of all cards, in the order of the file."""
    return _cards().names
