"""The pipeline: an idea in, a report out."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, lru_cache
from itertools import islice
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt

from fitcheck import __version__
from fitcheck.clauses import decisive_clause
from fitcheck.combine import Weights, in_nats, probabilities
from fitcheck.corpus import corpus_hash
from fitcheck.errors import FitcheckError, ModelUnavailable, UseCaseError
from fitcheck.jobs.parts import find_parts
from fitcheck.judge import Judge
from fitcheck.matching import Matcher
from fitcheck.preparing import Prepared
from fitcheck.reading import FULL, LITERALS, ScenarioReader, concept_columns
from fitcheck.records import Report, Versions
from fitcheck.reporting import Reporter
from fitcheck.resources import model_dir
from fitcheck.rule_packs import load_beside, load_rules, rules_hash
from fitcheck.rules import Rule
from fitcheck.sieve import Sieve
from fitcheck.sift import FAST, Columns, Sift, Sifted
from fitcheck.taxonomy import CONCEPTS
from fitcheck.turns.finding import find_turn
from fitcheck.use_case import UseCase

__all__ = ["Assessor", "Idea", "assess", "assess_many"]

Reading = Literal["cascade", "first", "fast", "full"]
Idea = str | Mapping[str, Any] | UseCase

_BLOCK = 256
_BLOCK_OF_NUMBERS = 1_024
"""Without reports more fit into memory, and larger blocks are read faster."""


class Assessor:
    """Everything that an assessment needs, loaded once.

    Args:
        rules: A folder, a rule file or rules, to use instead of the shipped ones.
        extra_rules: A folder or a rule file to use beside them.
        encoder: A sentence-transformers model, by name or folder, for the `meaning` view;
            None for the shipped static encoder.
        encoder_every: Fit another encoder's view, at its first use, on every so-many-th scenario only.
        reading: `cascade` reads again with the tuned encoder what the first reading leaves unsure and the
            fast one takes otherwise, `first` never does, `full` always does; with another `encoder` it is always
            `first`. `fast` reads words alone, for millions of ideas: no clauses, no rules, and facts move no verdict.
        risk: The share of wrong answers that you accept, 0 to 1: an idea whose verdict is less
            sure than that comes out `unclear`. None answers whatever is likeliest.
        model_folder: A folder that `fitcheck train` wrote; None for the shipped one.

    Raises:
        ModelUnavailable: The model is missing or stale, or the encoder can't be had.
        RuleError: A rule file is broken, or an extra rule has the id of another rule.
        ValueError: A risk that is no number from 0 to below 1, no such reading, or rules or an encoder for the
            fast reading, which asks neither.
    """

    def __init__(
        self,
        *,
        rules: Path | str | Sequence[Rule] | None = None,
        extra_rules: Path | str | None = None,
        encoder: str | None = None,
        encoder_every: int = 1,
        reading: Reading = "cascade",
        risk: float | None = None,
        model_folder: Path | None = None,
    ) -> None:
        _refuse_risk(risk)
        _refuse_reading(reading)
        if reading == "fast" and (rules is not None or extra_rules is not None or encoder not in (None, "static")):
            raise ValueError("the fast reading asks no rules and no encoder: take reading='first', or give neither")
        folder = model_folder or model_dir()
        self.risk = risk
        self.reading = reading
        self._folder = folder
        self.reader = ScenarioReader.load(folder)
        shipped = rules is None
        pack = load_rules(rules) if rules is None or isinstance(rules, Path | str) else tuple(rules)
        if shipped:
            _refuse_stale(self.reader.card, pack, folder)
        if extra_rules is not None:
            pack += load_beside(pack, extra_rules)
        self.rules = {rule.id: rule for rule in pack}
        self.weights = Weights.from_card(self.reader.card)
        self.full_weights = Weights.from_card(self.reader.card, FULL) if self.reader.tuned else self.weights
        self._sure = self._until(reading)
        matcher = Matcher(
            pack,
            scale=self.weights.rules,
            default_scale=self.weights.default_rule,
            literals=_read_literals(folder) if shipped else None,
        )
        if encoder is not None and encoder != "static":
            from fitcheck.training.meaning import meaning_weights

            meaning = meaning_weights(encoder, folder, every=encoder_every)
            self.reader.encoder, self.reader.meaning = meaning.encoder, (meaning.weight, meaning.bias)
            self.weights = self.weights.refitted(meaning.prior.tolist(), meaning.views.tolist())
            self.reader.tuned = None
            self._sure = 0.0
        self._judge = Judge(
            self.reader, matcher, self.rules, self.weights, self.full_weights, lambda texts: self._sift.likeliest(texts)
        )
        name = f"{self.reader.card['model']} {self.reader.card['rules_hash'][:6]}{self.reader.card['corpora_hash'][:6]}"
        if self.reader.encoder is not self.reader.static:
            name += f" with {self.reader.encoder.name}"
        self.versions = Versions(fitcheck=__version__, model=name, rules=len(self.rules))
        self._reporter = Reporter(self._judge, self.rules, self.versions, risk)

    @property
    def columnar(self) -> bool:
        """Whether `columns` gives what `assess` does: the reading is `fast`."""
        return self.reading == "fast"

    @cached_property
    def _sift(self) -> Sift:
        sieve = Sieve.load(self._folder, self.reader.static)
        return Sift(sieve, Weights.from_card(self.reader.card, FAST))

    def columns(self, texts: Sequence[str]) -> Columns:
        """Read ideas fast, whatever the assessor's reading is: columns of numbers, and no object for an idea."""
        return self._sift.columns(texts, risk=self.risk)

    def assess(self, idea: Idea, *, today: dt.date | None = None) -> Report:
        """Assess one idea.

        Args:
            idea: A text, a mapping of `UseCase` fields, or a use case.
            today: The day that prices and expiry dates are read for; None for today.

        Returns:
            The report, not explained: its `decisive` is None, and its `turn` is None unless one more fact turns the
            verdict. `explain` looks for both, which takes longer.

        Raises:
            UseCaseError: The idea is empty, too long, or carries an unknown fact.
        """
        return self._assess_block([self._prepare(idea)], today)[0]

    def assess_many(
        self, ideas: Iterable[Idea], *, progress: Callable[[int], None] | None = None, today: dt.date | None = None
    ) -> list[Report]:
        """Assess many ideas; the first that can't be read raises its error, with its number (`assess_each` goes on).

        Args:
            ideas: Like `assess` takes them.
            progress: Called with the number done so far, now and then.
            today: As in `assess`.

        Returns:
            A report for each idea, in order, none of them explained, as from `assess`: call `explain` on those
            whose `decisive` and `turn` you want.

        Raises:
            UseCaseError: An idea can't be read, or one idea is given where a list of them is taken.
        """
        reports: list[Report] = []
        for number, outcome in enumerate(self.assess_each(ideas, today=today), 1):
            if isinstance(outcome, FitcheckError):
                raise type(outcome)(f"idea {number}: {outcome}") from outcome
            reports.append(outcome)
            if progress is not None and len(reports) % _BLOCK == 0:
                progress(len(reports))
        if progress is not None:
            progress(len(reports))
        return reports

    def assess_each(self, ideas: Iterable[Idea], *, today: dt.date | None = None) -> Iterator[Report | FitcheckError]:
        """Yield for each idea, in order, its report or the error that it met.

        Raises:
            UseCaseError: One idea is given where a list of them is taken.
        """
        remaining = iter(_list_of_ideas(ideas))
        while block := list(islice(remaining, _BLOCK)):
            prepared = self._try_prepare_all(block)
            reports = iter(self._each_of([p for p in prepared if not isinstance(p, FitcheckError)], today))
            for p in prepared:
                yield p if isinstance(p, FitcheckError) else next(reports)

    def _each_of(self, block: Sequence[Prepared | Sifted], today: dt.date | None) -> list[Report | FitcheckError]:
        """Return the reports of a block; where one idea fails, as for its model's price, others still get theirs."""
        try:
            return list(self._assess_block(block, today))
        except FitcheckError as error:
            if len(block) == 1:
                return [error]
            half = len(block) // 2
            return self._each_of(block[:half], today) + self._each_of(block[half:], today)

    def explain(self, report: Report) -> Report:
        """Return a report with the clause that its verdict hangs on, and the smallest change that would better it.

        Both are found by assessing the idea anew, without each clause and with each change.

        Args:
            report: One of this assessor's.
        """
        return replace(report, decisive=decisive_clause(self, report), turn=find_turn(self, report))

    def probabilities(
        self, ideas: Sequence[Idea], *, today: dt.date | None = None, reading: Reading | None = None
    ) -> npt.NDArray[np.float64]:
        """Return the four verdicts' probabilities, shape (n_ideas, 4), in the order of `LEARNED`.

        Args:
            ideas: Like `assess` takes them.
            today: As in `assess`.
            reading: As in the constructor; None for what was chosen there.

        Raises:
            UseCaseError: An idea can't be read, or one idea is given where a list of them is taken.
            ValueError: No such reading.
        """
        _list_of_ideas(ideas)
        _refuse_reading(reading or self.reading)
        if (reading or self.reading) == "fast":
            found = self.columns([_use_case(idea).text for idea in ideas])
            for message in found.errors.values():
                raise UseCaseError(message)
            return found.probabilities
        sure = self._sure if reading is None else self._until(reading)
        out = np.empty((len(ideas), 4))
        for begin in range(0, len(ideas), _BLOCK_OF_NUMBERS):
            block = self._judge.prepare_all([_use_case(idea) for idea in ideas[begin : begin + _BLOCK_OF_NUMBERS]])
            for row, sums in enumerate(self._judge.sums(block, today, sure)):
                out[begin + row] = list(probabilities(in_nats(sums)).values())
        return out

    def _until(self, reading: Reading) -> float:
        """Return the probability from which on an idea is not read again."""
        if self.reader.tuned is None:
            return 0.0
        return {"cascade": self.weights.sure, "first": 0.0, "fast": 0.0, "full": 2.0}[reading]

    def concepts(self, texts: Sequence[str]) -> dict[str, npt.NDArray[np.float32]]:
        """Return each concept's probabilities, shape (n_texts, n_values), ordered as in `fitcheck.corpus.CONCEPTS`."""
        shares: list[npt.NDArray[np.float32]] = []
        for begin in range(0, len(texts), _BLOCK):
            block = self._judge.prepare_all([UseCase(text=t) for t in texts[begin : begin + _BLOCK]])
            shares += [one.shares for one in self._judge.judge(block, None, self._sure, with_cost=False)]
        together = np.stack(shares) if shares else np.zeros((0, sum(map(len, CONCEPTS.values()))), dtype=np.float32)
        return {name: together[:, columns] for name, columns in concept_columns().items()}

    def _prepare(self, idea: Idea) -> Prepared | Sifted:
        use_case = _use_case(idea)
        return self._sift.one(use_case) if self.columnar else self._judge.prepare(use_case)

    def _try_prepare_all(self, block: Sequence[Idea]) -> list[Prepared | Sifted | FitcheckError]:
        """Read a block as far as words go: all together, or one by one where something is wrong or reading is fast."""
        if not self.columnar:
            try:
                return list(self._judge.prepare_all([_use_case(idea) for idea in block]))
            except FitcheckError:
                pass
        return [self._try_prepare(idea) for idea in block]

    def _try_prepare(self, idea: Idea) -> Prepared | Sifted | FitcheckError:
        try:
            return self._prepare(idea)
        except FitcheckError as error:
            return error

    def _assess_block(self, block: Sequence[Prepared | Sifted], today: dt.date | None) -> list[Report]:
        if not block:
            return []
        if self.columnar:
            sifted = [one for one in block if isinstance(one, Sifted)]
            near = self.reader.neighbours(np.stack([one.vector for one in sifted]), [one.lang for one in sifted])
            weights = self._sift.weights
            return [self._reporter.quick(one, own, weights, today) for one, own in zip(sifted, near, strict=True)]
        judged = self._judge.judge([one for one in block if isinstance(one, Prepared)], today, self._sure)
        near = self.reader.neighbours(np.stack([one.vector for one in judged]), [one.idea.lang for one in judged])
        reports = [self._reporter.full(one, own) for one, own in zip(judged, near, strict=True)]
        return [replace(r, parts=own) if own else r for r, own in zip(reports, find_parts(self, reports), strict=True)]


def assess(idea: Idea, *, today: dt.date | None = None) -> Report:
    """Assess one idea with the shipped rules and model, and explain the verdict as `Assessor.explain` does.

    The report has the `decisive` clause and the `turn`, which those of `assess_many` lack.

    Args:
        idea: A text in English or Chinese, a mapping of `UseCase` fields, or a use case.
        today: The day that prices and expiry dates are read for; None for today.

    Raises:
        UseCaseError: The idea is empty, too long, or carries an unknown fact.

    >>> assess("Write a birthday poem for a colleague").verdict
    <Verdict.FIT: 'fit'>
    """
    assessor = _shipped()
    return assessor.explain(assessor.assess(idea, today=today))


def assess_many(
    ideas: Iterable[Idea], *, progress: Callable[[int], None] | None = None, today: dt.date | None = None
) -> list[Report]:
    """Assess many ideas with the shipped rules and model; see `Assessor.assess_many`.

    Unlike that of `assess`, its reports are not explained: `decisive` is None, and `turn` is None unless one more
    fact turns the verdict. `Assessor.explain` finds both for a report.
    """
    return _shipped().assess_many(ideas, progress=progress, today=today)


@lru_cache(maxsize=1)
def _shipped() -> Assessor:
    return Assessor()


def _read_literals(folder: Path) -> dict[str, list[str] | None]:
    try:
        known: dict[str, list[str] | None] = json.loads((folder / LITERALS).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ModelUnavailable(f"{folder}: no model there ({error}); run: fitcheck train") from None
    return known


def _refuse_stale(card: Mapping[str, Any], pack: Sequence[Rule], folder: Path) -> None:
    changed = []
    if card["rules_hash"] != rules_hash(pack):
        changed.append("rules/")
    if card["corpora_hash"] != corpus_hash():
        changed.append("corpora/")
    if changed:
        raise ModelUnavailable(
            f"{folder}: the model is stale, {' and '.join(changed)} changed since it was trained; run: fitcheck train"
        )


def _refuse_risk(risk: float | None) -> None:
    try:
        fine = risk is None or (not isinstance(risk, bool) and 0 <= risk < 1)
    except TypeError:
        fine = False
    if not fine:
        raise ValueError(
            f"risk = {risk!r}: give a number from 0 to below 1, the share of wrong answers that you accept"
        )


def _refuse_reading(reading: Reading) -> None:
    if reading not in get_args(Reading):
        raise ValueError(f"reading = {reading!r}: give one of {', '.join(get_args(Reading))}")


def _list_of_ideas(ideas: Iterable[Idea]) -> Iterable[Idea]:
    """Return the ideas, but refuse a single one: a text would be read letter by letter, a mapping key by key."""
    if isinstance(ideas, str | bytes | Mapping | UseCase):
        raise UseCaseError(f"give a list of ideas, not one {type(ideas).__name__}: [idea], or call assess(idea)")
    if not isinstance(ideas, Iterable):
        raise UseCaseError(f"give a list of ideas, not {type(ideas).__name__}")
    return ideas


def _use_case(idea: Idea) -> UseCase:
    if isinstance(idea, str):
        return UseCase(text=idea)
    if not isinstance(idea, UseCase | Mapping):
        raise UseCaseError(f"an idea is a text, a mapping of UseCase's fields or a UseCase, not {type(idea).__name__}")
    return idea if isinstance(idea, UseCase) else UseCase.read(idea)
