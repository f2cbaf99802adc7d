"""Text to vectors: the shipped static encoder, or any sentence-transformers model.

The static encoder needs no torch: a text's vector is the mean of its tokens' vectors,
brought to length one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import cached_property, lru_cache
from itertools import chain, pairwise
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from fitcheck.errors import ModelUnavailable

__all__ = ["Encoder", "SentenceEncoder", "StaticEncoder", "load_static"]

Vectors = npt.NDArray[np.float32]

_TABLE = "static.safetensors"
_TOKENIZER = "tokenizer.json"

_MARK = r"!-/:-@\[-`{-~、。“”‘’《》「」…–—"
_HAN = r"\u3400-\u4dbf\u4e00-\u9fff"
_PLAIN = re.compile(rf"[a-z0-9 \n{_MARK}{_HAN}]*")
"""Folded texts in which words, as BERT's tokenizer tells them apart, are what `_WORD` finds."""
_WORD = re.compile(rf"[a-z0-9]+|[{_MARK}{_HAN}]")
_MANY = 8
_MOST_WORDS = 1 << 17


class Encoder(Protocol):
    """What the classifier asks of an encoder."""

    name: str

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors, shape (n_texts, dim) float32, of folded texts."""
        ...


class StaticEncoder:
    """The mean of token vectors.

    Args:
        tokenizer: A `tokenizers.Tokenizer`.
        table: Token vectors, shape (n_tokens, dim), int8 or float32.
        scale: One factor per dimension for an int8 table, shape (dim,); else None.
        name: Shown in reports.
    """

    FILES = (_TABLE, _TOKENIZER)
    """What `save` writes into a folder."""

    def __init__(self, tokenizer: object, table: npt.NDArray[np.generic], scale: Vectors | None, *, name: str) -> None:
        self._tokenizer = tokenizer
        self._table = table
        self._scale = scale
        self._known: dict[str, list[int]] = {}
        self.name = name

    @property
    def dim(self) -> int:
        """The number of dimensions."""
        return int(self._table.shape[1])

    @classmethod
    def from_parts(cls, tokenizer_json: str, table: Vectors, *, name: str) -> StaticEncoder:
        """Build an encoder from a tokenizer's JSON and float32 vectors."""
        from tokenizers import Tokenizer

        return cls(Tokenizer.from_str(tokenizer_json), np.ascontiguousarray(table), None, name=name)

    @classmethod
    def load(cls, folder: Path) -> StaticEncoder:
        """Load an encoder that `save` wrote.

        Raises:
            ModelUnavailable: A file is missing or broken.
        """
        from safetensors.numpy import load_file
        from tokenizers import Tokenizer

        try:
            tensors = load_file(folder / _TABLE)
            tokenizer = Tokenizer.from_file(str(folder / _TOKENIZER))
        except Exception as error:
            raise ModelUnavailable(f"{folder}: no static encoder there ({error}); run: fitcheck train") from None
        return cls(tokenizer, tensors["embedding.int8"], tensors["embedding.scale"], name="static")

    def save(self, folder: Path) -> None:
        """Write the vectors as int8, with one scale per dimension, and the tokenizer."""
        from safetensors.numpy import save_file

        folder.mkdir(parents=True, exist_ok=True)
        weights = self.weights()
        scale = np.maximum(np.quantile(np.abs(weights), 0.9999, axis=0) / 127, 1e-12).astype(np.float32)
        table = np.clip(np.rint(weights / scale), -127, 127).astype(np.int8)
        save_file({"embedding.int8": table, "embedding.scale": scale}, folder / _TABLE)
        (folder / _TABLE).chmod(0o644)  # safetensors writes files that only their owner may read
        self._tokenizer.save(str(folder / _TOKENIZER), pretty=False)  # type: ignore[attr-defined]

    def export(self, folder: Path) -> None:
        """Write a folder that `SentenceTransformer(str(folder))` loads, unquantised.

        The texts given to it should be folded by `fitcheck.text.fold` first, as `encode` expects too.
        """
        from safetensors.numpy import save_file

        inner = folder / "0_StaticEmbedding"
        inner.mkdir(parents=True, exist_ok=True)
        save_file({"embedding.weight": self.weights()}, inner / "model.safetensors")
        self.save_tokenizer(inner / _TOKENIZER)
        modules = [
            {"idx": 0, "name": "0", "path": inner.name, "type": "sentence_transformers.models.StaticEmbedding"},
            {"idx": 1, "name": "1", "path": "1_Normalize", "type": "sentence_transformers.models.Normalize"},
        ]
        (folder / "1_Normalize").mkdir(exist_ok=True)
        (folder / "modules.json").write_text(json.dumps(modules, indent=2) + "\n", "utf-8")

    def save_tokenizer(self, path: Path) -> None:
        """Write the tokenizer's JSON."""
        self._tokenizer.save(str(path))  # type: ignore[attr-defined]

    def weights(self) -> Vectors:
        """Return the token vectors as float32, shape (n_tokens, dim)."""
        if self._scale is None:
            return np.ascontiguousarray(self._table, dtype=np.float32)
        return np.ascontiguousarray(self._table.astype(np.float32) * self._scale)

    def token_ids(self, texts: Sequence[str]) -> list[npt.NDArray[np.int64]]:
        """Return each text's token ids; an empty text gets the unknown token."""
        # a word's tokens hang on nothing around it: of many texts each word is cut up once
        by_word = len(texts) >= _MANY and self._cuts_by_word
        words = [_WORD.findall(text) if by_word and _PLAIN.fullmatch(text) else None for text in texts]
        if len(self._known) > _MOST_WORDS:
            self._known.clear()
        new = list({word for own in words if own for word in own}.difference(self._known))
        self._known.update(zip(new, self._cut(new), strict=True))
        whole = iter(self._cut([text for text, own in zip(texts, words, strict=True) if own is None]))
        unknown = self._tokenizer.token_to_id("[UNK]") or 0  # type: ignore[attr-defined]
        known = self._known.__getitem__
        ids = [next(whole) if own is None else list(chain.from_iterable(map(known, own))) for own in words]
        return [np.asarray(own or [unknown], dtype=np.int64) for own in ids]

    def _cut(self, texts: list[str]) -> list[list[int]]:
        if not texts:
            return []
        encoded = self._tokenizer.encode_batch_fast(texts, add_special_tokens=False)  # type: ignore[attr-defined]
        return [e.ids for e in encoded]

    @cached_property
    def _cuts_by_word(self) -> bool:
        """Whether the tokenizer reads words one by one, as BERT's does."""
        made = json.loads(self._tokenizer.to_str())  # type: ignore[attr-defined]
        kinds = [(made[part] or {}).get("type") for part in ("normalizer", "pre_tokenizer", "model")]
        return kinds == ["BertNormalizer", "BertPreTokenizer", "WordPiece"] and not any(
            _PLAIN.fullmatch(added["content"]) for added in made["added_tokens"]
        )

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Return where each of a text's tokens begins and ends, as many as `token_ids` gives."""
        encoded = self._tokenizer.encode(text, add_special_tokens=False)  # type: ignore[attr-defined]
        return list(encoded.offsets) or [(0, len(text))]

    def framed_ids(self, texts: Sequence[str], longest: int) -> list[npt.NDArray[np.int64]]:
        """Return each text's token ids between the marks of beginning and end, at most `longest` of them."""
        begin = self._tokenizer.token_to_id("[CLS]")  # type: ignore[attr-defined]
        end = self._tokenizer.token_to_id("[SEP]")  # type: ignore[attr-defined]
        return [np.concatenate([[begin], ids[: longest - 2], [end]]) for ids in self.token_ids(texts)]

    def tokens(self) -> list[str]:
        """Return the vocabulary in the order of the tokens' numbers."""
        vocabulary: dict[str, int] = self._tokenizer.get_vocab()  # type: ignore[attr-defined]
        return sorted(vocabulary, key=vocabulary.__getitem__)

    def token_id(self, token: str) -> int | None:
        """Return a token's number, None for one that is not in the vocabulary."""
        found: int | None = self._tokenizer.token_to_id(token)  # type: ignore[attr-defined]
        return found

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors, shape (n_texts, dim) float32, of folded texts."""
        ids = self.token_ids(texts)
        starts = np.zeros(len(ids) + 1, dtype=np.int64)
        np.cumsum([len(own) for own in ids], out=starts[1:])
        return self.pooled(np.concatenate([np.zeros(0, np.int64), *ids]), starts)

    def pooled(self, tokens: npt.NDArray[np.int64], starts: npt.NDArray[np.int64]) -> Vectors:
        """Return unit vectors, shape (n_texts, dim) float32, of texts whose tokens stand one after the other.

        Args:
            tokens: Token numbers, shape (n_tokens,).
            starts: Where each text's tokens begin, shape (n_texts + 1,); no text is without a token.
        """
        out = np.empty((len(starts) - 1, self.dim), dtype=np.float32)
        for row, (begin, end) in enumerate(pairwise(starts.tolist())):  # faster than np.add.reduceat
            self._table.take(tokens[begin:end], axis=0).sum(axis=0, dtype=np.float32, out=out[row])
        if self._scale is not None:
            out *= self._scale
        out /= np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-9)
        return out


@lru_cache(maxsize=2)
def load_static(folder: Path) -> StaticEncoder:
    """Load a folder's static encoder, once for all who read with it.

    Raises:
        ModelUnavailable: A file is missing or broken.
    """
    return StaticEncoder.load(folder)


class SentenceEncoder:
    """Any sentence-transformers model, by name or path.

    Args:
        name: A model's name or folder.

    Raises:
        ModelUnavailable: The extra `transformers` is not installed, or the model can't be had.
    """

    def __init__(self, name: str) -> None:
        try:
            from sentence_transformers import SentenceTransformer
        except ImportError:
            raise ModelUnavailable(
                f"the encoder {name!r} needs sentence-transformers: pip install 'usecase-fitcheck[transformers]'"
            ) from None
        try:
            self._model = SentenceTransformer(name, device="cpu")
        except Exception as error:
            raise ModelUnavailable(
                f"no sentence-transformers model {name!r}: give the name of one that is on this machine or its folder "
                f"({error})"
            ) from None
        self.name = name

    def fingerprint(self) -> str:
        """Return a short text that changes when the model's vectors do."""
        probe = self.encode(["a fixed sentence", "一句固定的话"])
        return ",".join(f"{v:.4f}" for v in probe[:, :8].ravel())

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors, shape (n_texts, dim) float32."""
        vectors = self._model.encode(list(texts), batch_size=32, normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(vectors, dtype=np.float32)
