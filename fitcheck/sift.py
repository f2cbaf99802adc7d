"""The fast reading: from whole columns of ideas to verdicts, and one idea's ledger by the same numbers.

It reads words alone. What speaks to the evaluator or only tells a size is blanked out first; clauses are not
told apart, rules are not asked, and facts move no verdict.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from fitcheck.combine import Weights
from fitcheck.errors import UseCaseError
from fitcheck.figures import figure_spans
from fitcheck.injection import evaluator_spans
from fitcheck.naming import ABOUT_MODELS, is_specific, is_vague
from fitcheck.records import LEARNED, Evidence, Task, Verdict
from fitcheck.sieve import Bag, Sieve
from fitcheck.tasks import masked
from fitcheck.taxonomy import CONCEPTS
from fitcheck.text import Language, detect_language, fold, normalise
from fitcheck.use_case import UseCase

__all__ = ["FAST", "WHYS", "WORDING", "Columns", "Sift", "Sifted"]

FAST = "fast weights"
"""On the card, the weights of the fast reading."""
WORDING, WORD = "wording", "word"
"""The view of the fast reading, and one word of it."""

WHYS = ("no task", "nothing spoke", "too risky")
"""Why the fast reading withholds a verdict."""

_VERDICTS = tuple(Verdict)
_MAX_REASONS = 3
_MAX_WORDS = 5
_LEAST_NATS = 0.05
_SPECIFIC = 8
"""A text with so many tokens that stand for something is not vague."""
_NOTHING = "-"
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")

Array = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Columns:
    """What the fast reading says of many ideas.

    Attributes:
        verdict: Places in `Verdict`, shape (n_ideas,); 0 where the idea can't be read.
        probabilities: In the order of `LEARNED`, shape (n_ideas, 4).
        category: Places in `CONCEPTS["category"]`, shape (n_ideas,).
        decides: Places in `CONCEPTS["decides"]`, shape (n_ideas,).
        reasons: Numbers of rules, shape (n_ideas, 3); this reading asks none, so -1.
        why: Places in `WHYS` of why a verdict is withheld, shape (n_ideas,); -1 where it is not.
        chinese: Whether the idea is read as Chinese, shape (n_ideas,).
        errors: What is wrong with ideas that can't be read, by row.
    """

    verdict: npt.NDArray[np.int8]
    probabilities: npt.NDArray[np.float64]
    category: npt.NDArray[np.int8]
    decides: npt.NDArray[np.int8]
    reasons: npt.NDArray[np.int16]
    why: npt.NDArray[np.int8]
    chinese: npt.NDArray[np.bool_]
    errors: dict[int, str]


@dataclass(frozen=True, slots=True)
class Sifted:
    """One idea, read fast.

    Attributes:
        use_case: The idea as it was given.
        text: Its normalised text.
        lang: Its language.
        tasks: The whole text, as one core task, but for what speaks to the evaluator.
        ledger: The prior and what the words say.
        concepts: The likeliest category and decider, with their probabilities.
        names_a_task: Whether a job can be named.
        vector: The static encoder's vector, shape (dim,).
    """

    use_case: UseCase
    text: str
    lang: Language
    tasks: tuple[Task, ...]
    ledger: list[Evidence]
    concepts: dict[str, tuple[str, float]]
    names_a_task: bool
    vector: npt.NDArray[np.float32]


class Sift:
    """Reads ideas fast.

    Args:
        sieve: The weights.
        weights: The prior, and from where on something has spoken.
    """

    def __init__(self, sieve: Sieve, weights: Weights) -> None:
        self.sieve = sieve
        self.weights = weights
        self._prior = np.array([round(weights.prior[v.value] * 100) for v in LEARNED], dtype=np.int64)

    def columns(self, texts: Sequence[str], *, risk: float | None = None) -> Columns:
        """Read ideas, column by column.

        Args:
            texts: The ideas.
            risk: As `Assessor` takes it.
        """
        read: list[str] = []
        errors: dict[int, str] = {}
        chinese = np.zeros(len(texts), np.bool_)
        for row, text in enumerate(texts):
            try:
                plain = normalise(text)
            except UseCaseError as error:
                errors[row] = str(error)
                plain = _NOTHING
            folded = fold(plain)
            read.append(_told(folded, _aside(folded)))
            chinese[row] = _language(plain, read[-1]) == "zh"
        bag = self.sieve.bag(read)
        shares = _softmax(self._sizes(self.sieve.log_odds(bag)) + self._prior)
        top = shares.max(axis=1, initial=0.0)
        wanted = 0.0 if risk is None else 1 - risk
        why = np.full(len(read), -1, np.int8)
        # the first of them that holds is what a report says
        why[top < wanted] = WHYS.index("too risky")
        why[top < self.weights.least_probability] = WHYS.index("nothing spoke")
        why[~self._name_tasks(read, bag)] = WHYS.index("no task")
        why[list(errors)] = -1
        verdict = np.where(why >= 0, _VERDICTS.index(Verdict.UNCLEAR), shares.argmax(axis=1) if len(shares) else 0)
        verdict[list(errors)] = 0
        noticed = self.sieve.likeliest(bag) if len(read) else {}
        places = {name: found[0].astype(np.int8) for name, found in noticed.items()}
        none = np.zeros(len(read), np.int8)
        return Columns(
            verdict.astype(np.int8),
            shares,
            places.get("category", none),
            places.get("decides", none),
            np.full((len(read), _MAX_REASONS), -1, np.int16),
            why,
            chinese,
            errors,
        )

    def likeliest(self, folded: Sequence[str]) -> npt.NDArray[np.int64]:
        """Return the likeliest verdicts of folded texts, as places in `LEARNED`, shape (n_texts,)."""
        found: npt.NDArray[np.int64] = (self._sizes(self.sieve.log_odds(self.sieve.bag(folded))) + self._prior).argmax(
            1
        )
        return found

    def one(self, use_case: UseCase) -> Sifted:
        """Read one idea, and say which words spoke.

        Raises:
            UseCaseError: The idea is empty or too long.
        """
        plain = normalise(use_case.text)
        folded = fold(plain)
        aside = _aside(folded)
        read = _told(folded, aside)
        bag = self.sieve.bag([read])
        sizes = self._sizes(self.sieve.log_odds(bag))[0]
        noticed = self.sieve.likeliest(bag)
        concepts = {
            name: (CONCEPTS[name][int(place[0])], round(float(share[0]), 3)) for name, (place, share) in noticed.items()
        }
        prior = [
            Evidence("prior", "prior", v, size / 100) for v, size in zip(LEARNED, self._prior.tolist(), strict=True)
        ]
        return Sifted(
            use_case=use_case,
            text=plain,
            lang=_language(plain, read),
            tasks=_tasks(plain, aside),
            ledger=prior + self._words(plain, read, self.sieve.by_token(bag), sizes),
            concepts=concepts,
            names_a_task=bool(self._name_tasks([read], bag)[0]),
            vector=self.sieve.encoder.pooled(bag.tokens, bag.starts)[0],
        )

    def _name_tasks(self, read: Sequence[str], bag: Bag) -> npt.NDArray[np.bool_]:
        """Say of each text whether a job for a model can be named."""
        if not read:
            return np.zeros(0, dtype=np.bool_)
        n_specific = np.add.reduceat(self._specific.take(bag.tokens), bag.starts[:-1], dtype=np.int64)
        named: npt.NDArray[np.bool_] = n_specific >= _SPECIFIC
        for row in np.flatnonzero(~named).tolist():
            named[row] = not is_vague(read[row])
        about = self._about_models
        for row, text in enumerate(read):
            if named[row] and about.search(text) is not None:
                named[row] = False
        return named

    @cached_property
    def _specific(self) -> npt.NDArray[np.bool_]:
        return np.array([is_specific(token) for token in self.sieve.encoder.tokens()], dtype=np.bool_)

    @cached_property
    def _about_models(self) -> Any:
        import re2

        return re2.compile(ABOUT_MODELS.pattern)

    @staticmethod
    def _sizes(log_odds: Array) -> npt.NDArray[np.int64]:
        """Return log-odds in hundredths of a nat."""
        return np.rint(log_odds.astype(np.float64) * 100).astype(np.int64)

    def _words(self, plain: str, read: str, by_token: Array, sizes: npt.NDArray[np.int64]) -> list[Evidence]:
        """Return the loudest words for the likeliest verdict, and for each verdict a row for all others."""
        likeliest = int((sizes + self._prior).argmax())
        words = [(m.start(), m.end()) for m in _WORD.finditer(read)]
        spoken: defaultdict[tuple[int, int], float] = defaultdict(float)
        starts = np.array([start for start, _ in words])
        for (start, end), nats in zip(self.sieve.encoder.spans(read), by_token[:, likeliest].tolist(), strict=True):
            place = int(np.searchsorted(starts, start, side="right")) - 1
            inside = place >= 0 and start < words[place][1]
            # Chinese has no spaces: there a token is the word
            spoken[words[place] if inside and read[start:end].isascii() else (start, end)] += nats
        loudest = sorted(spoken.items(), key=lambda item: (-item[1], item[0]))[:_MAX_WORDS]
        left = sizes.tolist()
        rows = []
        for (start, end), nats in loudest:
            size = round(nats * 100)
            if size >= _LEAST_NATS * 100:
                left[likeliest] -= size
                rows.append(Evidence("scenarios", WORD, LEARNED[likeliest], size / 100, None, plain[start:end], start))
        others = [Evidence("scenarios", WORDING, v, size / 100) for v, size in zip(LEARNED, left, strict=True) if size]
        return rows + others


def _aside(text: str) -> tuple[Task, ...]:
    """Return what speaks to the evaluator, and what only tells a size."""
    spoken = tuple(Task(text[a:b], a, b, "dropped", "to the evaluator") for a, b in evaluator_spans(text))
    sizes = figure_spans(masked(text, spoken) if spoken else text)
    return tuple(sorted((*spoken, *(Task(text[a:b], a, b, "dropped", "a size") for a, b in sizes)), key=_begins))


def _begins(task: Task) -> int:
    return task.start


def _language(plain: str, read: str) -> Language:
    """Return the language of what is read, or of the whole text where nothing is."""
    return detect_language(plain if read == _NOTHING else read)


def _told(folded: str, aside: tuple[Task, ...]) -> str:
    """Return a text with blanks for what is set aside; a mark where nothing else stands."""
    if not aside:
        return folded
    read = masked(folded, aside, sizes=True)
    return read if read.strip() else _NOTHING


def _tasks(plain: str, aside: tuple[Task, ...]) -> tuple[Task, ...]:
    left = masked(plain, aside, sizes=True)
    spoken = [replace(t, text=plain[t.start : t.end]) for t in aside]
    if left.strip():
        start, end = len(left) - len(left.lstrip()), len(left.rstrip())
        spoken.append(Task(plain[start:end], start, end, "core"))
    return tuple(sorted(spoken, key=_begins))


def _softmax(sums: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    powers = np.exp((sums - sums.max(axis=1, keepdims=True, initial=-(1 << 40))) / 100)
    shares: npt.NDArray[np.float64] = powers / powers.sum(axis=1, keepdims=True)
    return shares
