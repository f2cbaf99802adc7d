"""A model card from any Hugging Face `config.json`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fitcheck.cost.architectures import ModelCard
from fitcheck.cost.parts import Index, Latent, Linear, Mixture, Window
from fitcheck.errors import CostError

__all__ = ["card_from_config", "read_config"]

# feed-forward blocks of these have no gate
_PLAIN_BLOCKS = ("nemotron", "gpt2", "gptj", "gpt_neox", "gpt_bigcode", "opt", "bloom", "falcon", "phi", "starcoder2")
_EXPERTS = ("n_routed_experts", "num_experts", "num_local_experts", "moe_num_experts")
_ACTIVE = ("num_experts_per_tok", "moe_k", "num_experts_per_token", "moe_topk", "experts_per_token")
_LAYERS = ("num_hidden_layers", "n_layer", "num_layers")
_FIRST_DENSE = ("first_k_dense_replace", "moe_layer_start_index")


def read_config(path: Path | str, *, name: str | None = None) -> ModelCard:
    """Read a model's shapes from its Hugging Face `config.json`.

    Args:
        path: The file, or the folder that holds it.
        name: What to call the model; the file's own name for it, or its folder's, where left out.

    Raises:
        CostError: The file can't be read, or lacks a shape; which one is said.
    """
    file = Path(path)
    if file.is_dir():
        file /= "config.json"
    try:
        values = json.loads(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise CostError(f"model: {file} can't be read as a config.json: {error}") from error
    if not isinstance(values, dict):
        raise CostError(f"model: {file} holds no JSON object; give the config.json of a Hugging Face model")
    return card_from_config(values, name=name or values.get("_name_or_path") or file.resolve().parent.name)


def card_from_config(config: Mapping[str, Any], *, name: str) -> ModelCard:
    """Make a model card of the values of a `config.json`.

    Dense, grouped-query, latent attention, mixtures of experts, sliding windows, gated-delta linear attention
    and DeepSeek's sparse attention are read; of a model that also sees or hears, the part that reads text.

    Raises:
        CostError: A shape is missing or impossible, or the architecture is one that the shapes can't be read of.
    """
    c = _Config(_text_part(config), name)
    if c.get("mamba_num_heads") or c.get("hybrid_override_pattern") or c.get("ssm_cfg"):
        raise CostError(
            f"model: {name} has Mamba layers, which are not read; give a ModelCard with its figures instead"
        )
    layers = c.need(*_LAYERS)
    hidden = c.need("hidden_size", "n_embd", "d_model")
    heads = c.need("num_attention_heads", "n_head")
    card = ModelCard(
        name=name,
        layers=layers,
        hidden=hidden,
        heads=heads,
        kv_heads=c.get("num_key_value_heads", "multi_query_group_num") or heads,
        head_dim=c.get("head_dim", "kv_channels") or hidden // heads,
        ffn=c.get("intermediate_size_mlp", "intermediate_size", "ffn_hidden_size", "n_inner"),
        vocab=c.need("vocab_size", "padded_vocab_size"),
        context=c.get("max_position_embeddings", "seq_length", "n_positions"),
        native=_native(config, c),
        tied=bool(c.values.get("tie_word_embeddings", config.get("tie_word_embeddings", c.tied_by_default))),
        gated=c.model_type not in _PLAIN_BLOCKS,
        output_gate=bool(c.values.get("attn_output_gate", c.model_type == "qwen3_next")),
        mla=_latent(c),
        moe=_mixture(c, layers),
        window=_window(c, layers),
        linear=_linear(c, layers),
        index=_index(c),
        source="config.json",
    )
    _refuse_impossible(c, card)
    if card.ffn == 0 and card.moe_layers < card.layers:
        raise CostError(f"model: {name}'s config.json lacks intermediate_size, the width of its feed-forward blocks")
    return card


def _refuse_impossible(c: _Config, card: ModelCard) -> None:
    """Refuse more experts for a token than there are, and more layers of a kind than layers."""
    if card.moe and card.moe.active > card.moe.experts:
        raise CostError(
            f"model: {c.name}'s config.json has {c.key(*_ACTIVE)} = {card.moe.active}, "
            f"more than {c.key(*_EXPERTS)} = {card.moe.experts}"
        )
    counts = [
        ("linear-attention", card.linear.layers if card.linear else 0, ("layer_types",)),
        ("sliding-window", card.window.layers if card.window else 0, ("layer_types",)),
        ("dense", card.moe.dense_layers if card.moe else 0, (*_FIRST_DENSE, "mlp_only_layers")),
    ]
    for kind, count, keys in counts:
        if count > card.layers:
            raise CostError(
                f"model: {c.name}'s config.json has {count} {kind} layers by {c.key(*keys)}, "
                f"more than {c.key(*_LAYERS)} = {card.layers}"
            )


class _Config:
    """Values of a config by any of their usual names."""

    def __init__(self, values: Mapping[str, Any], name: str) -> None:
        self.values = values
        self.name = name
        self.model_type = str(values.get("model_type", "")).removesuffix("_text")
        self.tied_by_default = self.model_type.startswith(("gemma", "cohere"))

    def get(self, *keys: str) -> int:
        """Return the first of the keys that is given, 0 where none is."""
        for key in keys:
            value = self.values.get(key)
            if value is None or value is False:
                continue
            if isinstance(value, bool) or not isinstance(value, int) or value < 0:
                raise CostError(f"model: {self.name}'s config.json has {key} = {value!r}; it must be a whole number")
            return value
        return 0

    def key(self, *keys: str) -> str:
        """Return which of the keys is given, the first where none is."""
        return next((key for key in keys if self.values.get(key)), keys[0])

    def need(self, *keys: str) -> int:
        """Return the first of the keys that is given.

        Raises:
            CostError: None of them is.
        """
        value = self.get(*keys)
        if value < 1:
            raise CostError(
                f"model: {self.name}'s config.json lacks {keys[0]}; give the whole config.json of the model, "
                "or name one that fitcheck knows"
            )
        return value


def _text_part(config: Mapping[str, Any]) -> Mapping[str, Any]:
    for key in ("text_config", "language_config", "llm_config"):
        part = config.get(key)
        if isinstance(part, dict) and "hidden_size" in part:
            return part
    thinker = config.get("thinker_config")
    return _text_part(thinker) if isinstance(thinker, dict) else config


def _native(config: Mapping[str, Any], c: _Config) -> str:
    scheme = config.get("quantization_config") or c.values.get("quantization_config") or {}
    words = json.dumps(scheme).lower()
    for word, precision in (("mxfp4", "fp4"), ("nvfp4", "fp4"), ("fp8", "fp8"), ('"bits": 8', "int8"), ("awq", "int4")):
        if word in words:
            return precision
    four_bits = '"num_bits": 4' in words or '"bits": 4' in words or "gptq" in words
    return "int4" if four_bits else "int8" if '"num_bits": 8' in words else "bf16"


def _latent(c: _Config) -> Latent | None:
    if not c.get("kv_lora_rank"):
        return None
    return Latent(
        q_rank=c.get("q_lora_rank"),
        kv_rank=c.need("kv_lora_rank"),
        nope_dim=c.need("qk_nope_head_dim"),
        rope_dim=c.need("qk_rope_head_dim"),
        value_dim=c.need("v_head_dim"),
    )


def _mixture(c: _Config, layers: int) -> Mixture | None:
    experts = c.get(*_EXPERTS)
    if experts < 2:
        return None
    width = c.get("moe_intermediate_size", "expert_ffn_hidden_size") or c.need("intermediate_size")
    shared = c.get("shared_expert_intermediate_size") or width * c.get("n_shared_experts", "moe_num_shared_experts")
    if c.model_type == "llama4":
        shared = width
    return Mixture(
        experts=experts,
        active=c.need(*_ACTIVE),
        ffn=width,
        shared_ffn=shared,
        dense_layers=_dense_layers(c, layers),
    )


def _dense_layers(c: _Config, layers: int) -> int:
    step = c.get("interleave_moe_layer_step", "decoder_sparse_step", "moe_layer_freq") or 1
    named = c.values.get("mlp_only_layers")
    first = c.get(*_FIRST_DENSE)
    return max(first, len(named) if isinstance(named, list) else 0, layers - layers // step)


def _window(c: _Config, layers: int) -> Window | None:
    tokens = c.get("sliding_window", "attention_chunk_size")
    if not tokens or c.values.get("use_sliding_window") is False:
        return None
    kinds = c.values.get("layer_types")
    if isinstance(kinds, list):
        sliding = sum(kind in ("sliding_attention", "chunked_attention") for kind in kinds)
    elif c.get("sliding_window_pattern"):
        sliding = layers - layers // c.get("sliding_window_pattern")
    elif c.model_type == "llama4":
        sliding = layers - layers // 4
    elif c.model_type in ("gemma2", "gpt_oss"):
        sliding = layers // 2
    elif c.model_type == "gemma3":
        sliding = layers - layers // 6
    else:
        sliding = layers
    return Window(tokens, sliding) if sliding else None


def _linear(c: _Config, layers: int) -> Linear | None:
    if not c.get("linear_num_value_heads"):
        return None
    kinds = c.values.get("layer_types")
    if isinstance(kinds, list):
        count = sum(kind == "linear_attention" for kind in kinds)
    else:
        count = layers - layers // (c.get("full_attention_interval") or 4)
    return Linear(
        layers=count,
        key_heads=c.need("linear_num_key_heads"),
        value_heads=c.need("linear_num_value_heads"),
        key_dim=c.need("linear_key_head_dim"),
        value_dim=c.need("linear_value_head_dim"),
    )


def _index(c: _Config) -> Index | None:
    if not c.get("index_topk"):
        return None
    return Index(heads=c.need("index_n_heads"), dim=c.need("index_head_dim"), top_tokens=c.need("index_topk"))
