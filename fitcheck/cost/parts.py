"""Kinds of layers that a model card is made of."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Index", "Latent", "Linear", "Mixture", "Window"]


@dataclass(frozen=True, slots=True)
class Latent:
    """Multi-head latent attention: keys and values are cached as one compressed vector per layer.

    Attributes:
        q_rank: Rank of the queries; 0 where they are not compressed.
        kv_rank: Rank of the compressed keys and values.
        nope_dim: Width of a head's part without positions.
        rope_dim: Width of the part with positions, cached once for all heads.
        value_dim: Width of a head's values.
    """

    q_rank: int
    kv_rank: int
    nope_dim: int
    rope_dim: int
    value_dim: int


@dataclass(frozen=True, slots=True)
class Mixture:
    """A mixture of experts.

    Attributes:
        experts: Routed experts in a layer.
        active: Experts that one token visits.
        ffn: Width of one expert.
        shared_ffn: Width of all shared experts together.
        dense_layers: Layers with a dense block in their place.
    """

    experts: int
    active: int
    ffn: int
    shared_ffn: int = 0
    dense_layers: int = 0

    def touched(self, tokens: float) -> float:
        """Return the expected number of distinct experts that so many tokens visit in one layer.

        Each token takes `active` different ones at random: E (1 - (1 - k/E)^n).

        >>> round(Mixture(experts=8, active=2, ffn=1).touched(2), 2)
        3.5
        """
        missed: float = (1 - self.active / self.experts) ** tokens
        return self.experts * (1 - missed)


@dataclass(frozen=True, slots=True)
class Window:
    """Layers that see only the last tokens.

    Attributes:
        tokens: How many.
        layers: In how many layers.
    """

    tokens: int
    layers: int


@dataclass(frozen=True, slots=True)
class Linear:
    """Linear-attention layers (gated delta rule): a state of fixed size in place of a cache.

    Attributes:
        layers: How many.
        key_heads: Heads of queries and keys.
        value_heads: Heads of values.
        key_dim: Width of a key head.
        value_dim: Width of a value head.
    """

    layers: int
    key_heads: int
    value_heads: int
    key_dim: int
    value_dim: int


@dataclass(frozen=True, slots=True)
class Index:
    """Sparse attention: small index heads choose the tokens that a layer attends to.

    Attributes:
        heads: Index heads.
        dim: Width of an index key, cached once per layer in fp8.
        top_tokens: How many tokens are attended to at most.
    """

    heads: int
    dim: int
    top_tokens: int
