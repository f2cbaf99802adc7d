"""Ideas that belong together: near-duplicates, and themes."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from fitcheck.labels import LABELS
from fitcheck.text import fold

if TYPE_CHECKING:
    from fitcheck.encoder import Encoder
    from fitcheck.portfolio.record import Entry

__all__ = ["NEAR", "Group", "Theme", "find_groups", "find_themes", "read_vectors"]

NEAR = 0.85
"""The cosine from which on two ideas say nearly the same.

`python -m benchmarks.groups` prints the shares that it rests on: of 6,000 labelled scenarios, how many come this
near to one of another subject (1 in 3,000), and how many rewordings of a scenario come this near to it (19 of 20).
"""

Vectors = npt.NDArray[np.float32]

_BLOCK = 1024
_CHARS_READ = 2000
_MAX_COMPONENT = 3000
_MIN_FOR_THEMES = 12
_MAX_THEMES = 14
_WORDS_PER_THEME = 4
_ENGLISH = re.compile(r"[a-z][a-z'\-]{2,}")
_CHINESE = re.compile(r"[\u4e00-\u9fff]{2,}")
# words that any idea of this kind of table holds, and that tell no theme from another
_COMMON_EN = frozenset((
    "use", "used", "using", "llm", "llms", "model", "models", "language", "large", "tool", "tools", "want", "would",
    "like", "let", "idea", "need", "needs", "make", "team", "gpt", "chatgpt", "copilot", "claude", "gemini",
    "deepseek", "openai", "assistant", "generative", "genai", "please", "help", "then", "also", "each", "every",
    "one", "two", "new", "our", "it's", "don't", "doesn't", "i'd", "i'm", "task", "tell", "reads", "goes", "wants",
))  # fmt: skip
# characters of grammar: a run that holds one is a piece of a sentence and no word
_GRAMMAR_ZH = frozenset(
    "的了是在和与把被让给个这那我你他她它们一不就都也要会对从到向为于并或及等其再后前下上里将由以有无能可请按各每用来去后由看只很还先做说没两十三四五"
)
_COMMON_ZH = frozenset((
    "模型", "大模型", "大模", "模型替", "大模型替", "型替", "语言", "大语言", "大语言模", "语言模型", "自动", "工作",
    "项工作", "需要", "系统", "什么", "怎么", "多少", "自己", "件事", "直接",
))  # fmt: skip
_TOO_COMMON = 0.2


@dataclass(frozen=True, slots=True)
class Group:
    """Ideas that say nearly the same.

    Attributes:
        members: Their places in the portfolio, from 0; the first is the one nearest to all others.
        similarity: The mean cosine between two of them.
    """

    members: tuple[int, ...]
    similarity: float


@dataclass(frozen=True, slots=True)
class Theme:
    """Ideas of one subject.

    Attributes:
        members: Their places in the portfolio, from 0; the most typical first.
        category: The category that at least half of them have; empty where there is none.
        words: What some of its ideas say and others hardly do.
    """

    members: tuple[int, ...]
    category: str
    words: tuple[str, ...]


def read_vectors(entries: Sequence[Entry], encoder: Encoder | None = None) -> Vectors:
    """Return unit vectors, shape (n_entries, dim) float32; zero for an idea that could not be judged."""
    if encoder is None:
        from fitcheck.encoder import load_static
        from fitcheck.resources import model_dir

        encoder = load_static(model_dir())
    judged = [i for i, e in enumerate(entries) if e.report is not None]
    if not judged:
        return np.zeros((len(entries), 1), dtype=np.float32)
    # the first pages of an endless idea say what it is about
    texts = [fold(report.text[:_CHARS_READ]) for e in entries if (report := e.report) is not None]
    found = encoder.encode(texts)
    vectors = np.zeros((len(entries), found.shape[1]), dtype=np.float32)
    vectors[judged] = found
    return vectors


def find_groups(entries: Sequence[Entry], vectors: Vectors, *, near: float = NEAR) -> tuple[Group, ...]:
    """Return groups of near-duplicates, the largest first.

    Whatever is linked through a chain of near ideas is cut again, so that the mean of all cosines
    between two parts of a group is near too.

    Args:
        entries: The ideas.
        vectors: Shape (n_entries, dim).
        near: The cosine from which on two ideas are near.
    """
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    n = len(entries)
    left: list[npt.NDArray[np.int64]] = []
    right: list[npt.NDArray[np.int64]] = []
    for begin in range(0, n, _BLOCK):
        a, b = np.nonzero(vectors[begin : begin + _BLOCK] @ vectors.T >= near)
        upper = a + begin < b
        left.append(a[upper] + begin)
        right.append(b[upper])
    rows, columns = (np.concatenate(side) if side else np.zeros(0, dtype=np.int64) for side in (left, right))
    if not len(rows):
        return ()
    links = coo_matrix((np.ones(len(rows), dtype=np.int8), (rows, columns)), shape=(n, n))
    _, names = connected_components(links, directed=False)
    chained: dict[int, list[int]] = defaultdict(list)
    for i in np.unique(np.concatenate([rows, columns])).tolist():
        chained[int(names[i])].append(i)
    groups = [g for members in chained.values() for g in _cut(members, vectors, near)]
    return tuple(sorted(groups, key=lambda g: (-len(g.members), min(g.members))))


def _cut(members: list[int], vectors: Vectors, near: float) -> list[Group]:
    """Cut a chain of near ideas into groups by average linkage."""
    parts = [members]
    if 2 < len(members) <= _MAX_COMPONENT:
        from sklearn.cluster import AgglomerativeClustering

        cut = AgglomerativeClustering(
            n_clusters=None, distance_threshold=1 - near + 1e-6, metric="cosine", linkage="average"
        )
        labels = cut.fit_predict(vectors[members])
        parts = [[members[i] for i in np.flatnonzero(labels == name)] for name in np.unique(labels)]
    groups = []
    for part in parts:
        if len(part) < 2:
            continue
        inside = vectors[part]
        means = (inside @ inside.sum(axis=0) - 1) / (len(part) - 1)
        order = np.argsort(-means, kind="stable")
        groups.append(Group(tuple(part[i] for i in order), round(float(means.mean()), 3)))
    return groups


def find_themes(entries: Sequence[Entry], vectors: Vectors) -> tuple[Theme, ...]:
    """Return themes, the largest first; none for a handful of ideas."""
    judged = np.array([i for i, e in enumerate(entries) if e.report is not None])
    if len(judged) < _MIN_FOR_THEMES:
        return ()
    from sklearn.cluster import KMeans

    n_themes = int(min(_MAX_THEMES, max(2, round(np.sqrt(len(judged) / 3)))))
    n_distinct = len(np.unique(vectors[judged].round(5), axis=0))
    kmeans = KMeans(n_clusters=min(n_themes, n_distinct), n_init=2, random_state=0).fit(vectors[judged])
    near = (vectors[judged] * kmeans.cluster_centers_[kmeans.labels_]).sum(axis=1)
    counts = [_words(entries[i]) for i in judged.tolist()]
    everywhere = Counter(word for words in counts for word in words)
    themes = []
    for name in range(kmeans.n_clusters):
        inside = np.flatnonzero(kmeans.labels_ == name)
        inside = inside[np.argsort(-near[inside], kind="stable")]
        here = Counter(word for i in inside.tolist() for word in counts[i])
        themes.append(
            Theme(
                members=tuple(judged[inside].tolist()),
                category=_shared_category([entries[i] for i in judged[inside].tolist()]),
                words=_distinctive(here, everywhere, len(inside), len(judged)),
            )
        )
    return tuple(sorted(themes, key=lambda t: (-len(t.members), t.members)))


def _shared_category(members: Sequence[Entry]) -> str:
    """Return the category that at least half of the members have, else an empty text."""
    ((category, n),) = Counter(map(_category, members)).most_common(1)
    return category if 2 * n >= len(members) else ""


def _category(entry: Entry) -> str:
    found = entry.report.concepts.get("category") if entry.report is not None else None
    return found[0] if found is not None and found[0] in LABELS else ""


def _words(entry: Entry) -> set[str]:
    """Return an idea's words: English ones, and runs of two to four Chinese characters."""
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    text = fold(entry.report.text[:_CHARS_READ]) if entry.report is not None else ""
    words = {w for w in _ENGLISH.findall(text) if w not in ENGLISH_STOP_WORDS and w not in _COMMON_EN}
    for run in _CHINESE.findall(text):
        pieces = (run[i : i + size] for size in (2, 3, 4) for i in range(len(run) - size + 1))
        words.update(piece for piece in pieces if not _GRAMMAR_ZH.intersection(piece))
    return words - _COMMON_ZH


def _distinctive(here: Counter[str], everywhere: Counter[str], n_here: int, n_all: int) -> tuple[str, ...]:
    """Return the words of which a theme's ideas hold more than others do, and no part of another such word."""
    scores = {
        word: count * float(np.log((count / n_here + 0.01) / (everywhere[word] / n_all + 0.01)))
        for word, count in here.items()
        if count >= max(2, 0.04 * n_here) and everywhere[word] <= _TOO_COMMON * n_all
    }
    chosen: list[str] = []
    for word, score in sorted(scores.items(), key=lambda item: (-item[1], -len(item[0]), item[0])):
        if score > 0 and not any(word in other or other in word for other in chosen):
            chosen.append(word)
        if len(chosen) == _WORDS_PER_THEME:
            break
    return tuple(chosen)
