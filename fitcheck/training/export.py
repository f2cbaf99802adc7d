"""Write the tuned network small, as int8 ONNX, and whole, as a sentence-transformers folder."""

from __future__ import annotations

import json
import tempfile
import warnings
from pathlib import Path
from typing import Any

import torch

from fitcheck.encoder import StaticEncoder
from fitcheck.errors import ModelUnavailable
from fitcheck.training.network import Network
from fitcheck.tuned import MAX_TOKENS, TUNED

__all__ = ["save_onnx", "save_sentence_transformer"]


class _Pooled(torch.nn.Module):  # type: ignore[misc]
    """Token ids and mask to the mean of the last layer."""

    def __init__(self, body: Any) -> None:
        super().__init__()
        self.body = body

    def forward(self, ids: Any, mask: Any) -> Any:
        states = self.body(input_ids=ids, attention_mask=mask).last_hidden_state
        weights = mask[..., None].to(states.dtype)
        return (states * weights).sum(1) / weights.sum(1)


def save_onnx(network: Network, folder: Path) -> None:
    """Write `TUNED` into a folder: weights as int8, one scale per column.

    Raises:
        ModelUnavailable: The extra is not installed.
    """
    try:
        import onnx  # noqa: F401
        from onnxruntime.quantization import QuantType, quantize_dynamic
    except ImportError:
        raise ModelUnavailable("training needs onnx: pip install 'usecase-fitcheck[transformers]'") from None
    body = network.plain_body()
    body.set_attn_implementation("eager")
    ids = torch.randint(1_000, 2_000, (1, 12))
    with tempfile.TemporaryDirectory() as made, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        plain = Path(made) / "plain.onnx"
        torch.onnx.export(
            _Pooled(body).eval(),
            (ids, torch.ones_like(ids)),
            str(plain),
            input_names=["ids", "mask"],
            output_names=["vector"],
            dynamic_axes={name: {0: "texts", 1: "tokens"} for name in ("ids", "mask")},
            opset_version=17,
            dynamo=False,
        )
        quantize_dynamic(
            str(plain),
            str(folder / TUNED),
            weight_type=QuantType.QInt8,
            per_channel=True,
            reduce_range=True,  # without VNNI, AVX2 adds two products in 16 bits and would saturate
        )


def save_sentence_transformer(network: Network, static: StaticEncoder, folder: Path) -> None:
    """Write a folder that `SentenceTransformer(str(folder))` loads, unquantised.

    The texts given to it should be folded by `fitcheck.text.fold` first.
    """
    inner = folder / "0_Transformer"
    inner.mkdir(parents=True, exist_ok=True)
    network.plain_body().save_pretrained(inner)
    static.save_tokenizer(inner / "tokenizer.json")
    _write(inner / "tokenizer_config.json", {"tokenizer_class": "BertTokenizerFast", "model_max_length": MAX_TOKENS})
    _write(inner / "sentence_bert_config.json", {"max_seq_length": MAX_TOKENS, "do_lower_case": False})
    pooling = folder / "1_Pooling"
    pooling.mkdir(exist_ok=True)
    _write(pooling / "config.json", {"word_embedding_dimension": network.dim, "pooling_mode_mean_tokens": True})
    names = ("Transformer", "Pooling")
    modules = [
        {"idx": i, "name": str(i), "path": f"{i}_{n}", "type": f"sentence_transformers.models.{n}"}
        for i, n in enumerate(names)
    ]
    _write(folder / "modules.json", modules)


def _write(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, indent=2) + "\n", "utf-8")
