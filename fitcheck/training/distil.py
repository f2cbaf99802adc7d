"""Distil a sentence-transformers model into the static bilingual encoder.

Each token gets one vector; a text's vector is their mean. English tokens start from the
teacher's own vector of the token (as model2vec does, github.com/MinishLab/model2vec),
reduced by principal components. Chinese characters, which the usual English teachers
don't know, are added to the vocabulary and learned from the corpora's pairs: a Chinese
text shall lie where the teacher puts its English twin (Reimers and Gurevych 2020,
arXiv:2004.09813).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from fitcheck.corpus import Scenario
from fitcheck.encoder import StaticEncoder
from fitcheck.errors import ModelUnavailable
from fitcheck.text import fold, is_cjk, normalise

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

__all__ = ["distil", "load_teacher"]

_DIM = 256
_EPOCHS = 2
_BATCH = 128
_LEARNING_RATE = 2e-3
_COMMON = 20_000
"""Tokens of the teacher's are sorted by how common they are; a whole word beyond this must stand in a scenario."""
_READ = re.compile(r"[\x20-\u024f\u2000-\u206f\u20a0-\u20bf\u3400-\u9fff]+")
"""Latin letters, marks and Chinese characters."""
_SMOOTHING = 1e-3
"""The `a` of smooth inverse frequency, a / (a + p): Arora et al. 2017, SIF embeddings."""


def load_teacher(name: str) -> SentenceTransformer:
    """Load a sentence-transformers model by name or path.

    Raises:
        ModelUnavailable: The extra is not installed or the model can't be had.
    """
    try:
        from sentence_transformers import SentenceTransformer
    except ImportError:
        raise ModelUnavailable(
            "training needs sentence-transformers and torch: pip install 'usecase-fitcheck[transformers]'"
        ) from None
    try:
        return SentenceTransformer(name, device="cpu")
    except Exception as error:
        raise ModelUnavailable(f"no sentence-transformers model at {name!r}: {error}") from error


def distil(
    teacher: SentenceTransformer,
    scenarios: Sequence[Scenario],
    *,
    seed: int = 0,
    few_tokens: int | None = None,
    progress: Callable[[str], None] = lambda line: None,
) -> StaticEncoder:
    """Build the static encoder from a teacher and the scenarios' texts.

    Args:
        teacher: A SentenceTransformer with a WordPiece tokenizer.
        scenarios: Train-split scenarios; those with a `pair` teach Chinese.
        seed: Makes the run repeatable.
        few_tokens: Ask the teacher for its first tokens only, for a quick trial; the others start at zero.
        progress: Called with a line about each stage.

    Returns:
        An encoder with float32 vectors of shape (n_tokens, 256).
    """
    tokenizer_json, n_known = _fit_tokenizer(teacher, scenarios)
    progress(f"token vectors of {n_known:,} tokens from the teacher")
    tokens = _vocabulary(tokenizer_json)
    asked = [t.removeprefix("##") for t in tokens[: min(n_known, few_tokens or n_known)]]
    known = np.zeros((n_known, teacher.encode("one").shape[0]), dtype=np.float32)
    known[: len(asked)] = teacher.encode(asked, batch_size=512, show_progress_bar=False)

    texts, targets_of = _texts_and_targets(scenarios)
    progress(f"teacher's vectors of {len(targets_of):,} English scenarios")
    english = list(dict.fromkeys(targets_of))
    vectors = dict(zip(english, teacher.encode(english, batch_size=32, show_progress_bar=False), strict=True))
    targets = np.stack([vectors[t] for t in targets_of]).astype(np.float32)

    centre = known.mean(axis=0)
    # a third of the vectors spans the same axes
    both = np.concatenate([known - centre, targets - targets.mean(axis=0)])[::3]
    _, _, axes = np.linalg.svd(both, full_matrices=False)
    axes = axes[:_DIM].T.astype(np.float32)
    table = np.zeros((len(tokens), _DIM), dtype=np.float32)
    table[:n_known] = (known - centre) @ axes
    wanted = (targets - targets.mean(axis=0)) @ axes

    encoder = StaticEncoder.from_parts(json.dumps(tokenizer_json, ensure_ascii=False), table, name="static")
    ids = encoder.token_ids(texts)
    table *= _inverse_frequency(ids, len(tokens), n_known)[:, None]
    table = _learn(table, ids, wanted, seed=seed, progress=progress)
    return StaticEncoder.from_parts(json.dumps(tokenizer_json, ensure_ascii=False), table, name="static")


def _fit_tokenizer(teacher: SentenceTransformer, scenarios: Sequence[Scenario]) -> tuple[dict[str, Any], int]:
    """Fit the teacher's vocabulary to the languages that are read.

    Out go tokens that no scenario holds and that are of other scripts, of no use, or rare whole
    words, which then are read by their parts. In come the Chinese characters of the scenarios
    and of common use.

    Returns:
        The tokenizer's JSON, and how many of its tokens are the teacher's; they stand first.
    """
    tokenizer = teacher.tokenizer.backend_tokenizer
    backend = json.loads(tokenizer.to_str())
    texts = [fold(normalise(s.text)) for s in scenarios]
    seen = {i for e in tokenizer.encode_batch_fast(texts, add_special_tokens=False) for i in e.ids}
    seen |= {t["id"] for t in backend["added_tokens"]}
    known = _vocabulary(backend)
    kept = [t for i, t in enumerate(known) if i in seen or _is_of_use(t, i)]
    characters = {c for text in texts for c in text if is_cjk(c)} | set(_common_characters())
    vocabulary = {t: i for i, t in enumerate([*kept, *sorted(characters - set(kept))])}
    backend["model"]["vocab"] = vocabulary
    for token in backend["added_tokens"]:
        token["id"] = vocabulary[token["content"]]
    backend.update(post_processor=None, truncation=None, padding=None)
    return backend, len(kept)


def _is_of_use(token: str, rank: int) -> bool:
    """Say whether a token of the teacher's is kept though no scenario holds it."""
    if token.startswith("[unused") or not _READ.fullmatch(token):
        return False
    return rank < _COMMON or token.startswith("##")


def _common_characters() -> list[str]:
    """Return the 3,755 characters of GB 2312 level 1, the common simplified ones."""
    rows = bytes(range(0xB0, 0xD8))
    cells = bytes(range(0xA1, 0xFF))
    return [c for row in rows for cell in cells if (c := bytes((row, cell)).decode("gb2312", "ignore"))]


def _vocabulary(tokenizer_json: dict[str, Any]) -> list[str]:
    return [t for t, _ in sorted(tokenizer_json["model"]["vocab"].items(), key=lambda item: item[1])]


def _texts_and_targets(scenarios: Sequence[Scenario]) -> tuple[list[str], list[str]]:
    """Pair each text with the English text whose vector it shall have."""
    twins = {s.pair: s.text for s in scenarios if s.pair and s.lang == "en"}
    texts, targets = [], []
    for s in scenarios:
        target = s.text if s.lang == "en" else twins.get(s.pair or "")
        if target is not None:
            texts.append(fold(normalise(s.text)))
            targets.append(target)
    return texts, targets


def _inverse_frequency(ids: list[np.ndarray], n_tokens: int, n_known: int) -> np.ndarray:
    counts = np.bincount(np.concatenate(ids), minlength=n_tokens).astype(np.float32)
    # tokens that the scenarios don't hold follow Zipf's law by their rank in the teacher's vocabulary
    counts[:n_known] += 0.1 * counts.sum() / (np.arange(n_known) + 1_000) / np.log(n_known)
    share = counts / counts.sum()
    weights: np.ndarray = (_SMOOTHING / (_SMOOTHING + share)).astype(np.float32)
    return weights


def _learn(
    table: np.ndarray, ids: list[np.ndarray], wanted: np.ndarray, *, seed: int, progress: Callable[[str], None]
) -> np.ndarray:
    """Move the token vectors so that each text's mean points where its target does."""
    import torch
    from torch.nn import functional

    torch.manual_seed(seed)
    order = np.random.default_rng(seed)
    bag = torch.nn.EmbeddingBag.from_pretrained(torch.from_numpy(table.copy()), freeze=False, mode="mean")
    target = functional.normalize(torch.from_numpy(wanted), dim=1)
    optimiser = torch.optim.Adam(bag.parameters(), lr=_LEARNING_RATE)
    for epoch in range(_EPOCHS):
        losses = []
        for rows in np.array_split(order.permutation(len(ids)), max(1, len(ids) // _BATCH)):
            batch = [ids[r] for r in rows]
            offsets = np.cumsum([0, *(len(b) for b in batch[:-1])])
            out = functional.normalize(bag(torch.from_numpy(np.concatenate(batch)), torch.from_numpy(offsets)), dim=1)
            chosen = target[torch.from_numpy(rows)]
            # point at one's own target, and at no other one of the batch
            near = (1 - (out * chosen).sum(dim=1)).mean()
            apart = functional.cross_entropy(out @ chosen.T * 20, torch.arange(len(rows)))
            loss = near + 0.1 * apart
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            losses.append(near.item())
        progress(f"distilling, epoch {epoch + 1} of {_EPOCHS}: mean cosine distance {np.mean(losses):.3f}")
    learned: np.ndarray = bag.weight.detach().numpy()
    return learned
