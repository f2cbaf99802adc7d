"""The network behind the tuned encoder: a BERT-like teacher, Chinese characters added, one head per question."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch.nn import functional

from fitcheck.encoder import StaticEncoder
from fitcheck.records import LEARNED
from fitcheck.taxonomy import CONCEPTS
from fitcheck.tuned import MAX_TOKENS

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

__all__ = ["HEADS", "Network", "batches", "build_network", "pad"]

HEADS: dict[str, tuple[str, ...]] = {
    "verdict": tuple(v.value for v in LEARNED),
    **CONCEPTS,
    "role": ("core", "auxiliary", "workflow"),
}
"""What is asked of every text, and the answers."""

_NEAREST = 12
_SHARPNESS = 15.0
_SPREAD = 1.5
_CHUNK = 40

Rows = list[np.ndarray]


class Network(torch.nn.Module):  # type: ignore[misc]
    """A transformer whose pooled output answers every question of `HEADS`.

    The teacher's own token vectors stay as they are; those of the added tokens are learned.

    Args:
        body: A Hugging Face BERT model.
        n_tokens: The size of the widened vocabulary.
    """

    def __init__(self, body: Any, n_tokens: int) -> None:
        super().__init__()
        self.body = body
        self.known = body.embeddings.word_embeddings
        self.n_known, self.dim = self.known.weight.shape
        self.added = torch.nn.Embedding(max(1, n_tokens - self.n_known), self.dim)
        self.heads = torch.nn.ModuleDict({name: torch.nn.Linear(self.dim, len(v)) for name, v in HEADS.items()})
        for head in self.heads.values():
            torch.nn.init.normal_(head.weight, std=0.02)
            torch.nn.init.zeros_(head.bias)

    def forward(self, ids: Any, mask: Any) -> Any:
        """Return the mean of the last layer over the tokens, shape (n_texts, dim)."""
        is_added = ids >= self.n_known
        vectors = self.known(ids.masked_fill(is_added, 0))
        vectors = torch.where(is_added[..., None], self.added((ids - self.n_known).clamp(min=0)), vectors)
        states = self.body(inputs_embeds=vectors, attention_mask=mask).last_hidden_state
        weights = mask[..., None].to(states.dtype)
        return (states * weights).sum(1) / weights.sum(1)

    def weights(self) -> dict[str, Any]:
        """Return a copy of all weights."""
        return {name: value.detach().clone() for name, value in self.state_dict().items()}

    def blend(self, start: dict[str, Any], share: float) -> None:
        """Go back part of the way: `share` of today's weights and the rest of those at the start."""
        now = self.state_dict()
        mixed = {n: share * v + (1 - share) * start[n] if v.is_floating_point() else v for n, v in now.items()}
        self.load_state_dict(mixed)

    def average(self, runs: Sequence[dict[str, Any]]) -> None:
        """Take the mean of several runs' weights."""
        first = runs[0]
        mixed = {n: sum(r[n] for r in runs) / len(runs) if v.is_floating_point() else v for n, v in first.items()}
        self.load_state_dict(mixed)

    def plain_body(self) -> Any:
        """Return the body with all token vectors in one table, as other programs expect it."""
        import copy

        body = copy.deepcopy(self.body)
        table = torch.cat([self.known.weight, self.added.weight]).detach().clone()
        body.embeddings.word_embeddings = torch.nn.Embedding.from_pretrained(table, freeze=False, padding_idx=0)
        body.config.vocab_size = len(table)
        return body.eval()


def build_network(teacher: SentenceTransformer, static: StaticEncoder) -> Network:
    """Build the network from a teacher, with added characters that start near English words of like meaning.

    Args:
        teacher: A SentenceTransformer over a BERT model.
        static: The static encoder distilled from the same teacher, whose tokenizer is used.
    """
    body = teacher[0].auto_model
    own_ids = teacher.tokenizer.get_vocab()
    kept = [own_ids[t] for t in static.tokens() if t in own_ids]
    embeddings = body.embeddings.word_embeddings.weight.detach()[kept]
    body.embeddings.word_embeddings = torch.nn.Embedding.from_pretrained(embeddings, padding_idx=0)
    table = functional.normalize(torch.from_numpy(static.weights()), dim=1)
    network = Network(body, len(table))
    n_known = network.n_known
    with torch.no_grad():
        own = network.known.weight
        words = torch.arange(n_known // 16, n_known)  # the front of the vocabulary holds marks and single characters
        near = (table[n_known:] @ table[words].T).topk(_NEAREST, dim=1)
        shares = torch.softmax(near.values * _SHARPNESS, dim=1)
        start = (own[words][near.indices] * shares[..., None]).sum(1)
        centre = own[words].mean(0)
        network.added.weight[: len(start)] = centre + (start - centre) * _SPREAD
    network.known.weight.requires_grad = False
    return network


def pad(rows: Sequence[np.ndarray], *, mask_token: int = 0, share: float = 0.0, order: Any = None) -> Any:
    """Return token ids and mask as tensors, shape (n_texts, longest); a share of the tokens is hidden if asked."""
    longest = max(len(r) for r in rows)
    ids, mask = np.zeros((len(rows), longest), dtype=np.int64), np.zeros((len(rows), longest), dtype=np.int64)
    for at, row in enumerate(rows):
        ids[at, : len(row)] = row
        mask[at, : len(row)] = 1
    if share:
        inner = mask.astype(bool)
        inner[:, 0] = False
        ids[inner & (order.random(ids.shape) < share)] = mask_token
    return torch.from_numpy(ids), torch.from_numpy(mask)


def batches(rows: Rows, size: int, order: np.random.Generator) -> Iterator[np.ndarray]:
    """Yield row numbers in shuffled batches of texts that are about equally long."""
    lengths = np.array([min(len(r), MAX_TOKENS) for r in rows])
    shuffled = order.permutation(len(rows))
    found = []
    for begin in range(0, len(rows), size * _CHUNK):
        chunk = shuffled[begin : begin + size * _CHUNK]
        chunk = chunk[np.argsort(lengths[chunk], kind="stable")]
        found += [chunk[i : i + size] for i in range(0, len(chunk), size)]
    for at in order.permutation(len(found)):
        yield found[at]
