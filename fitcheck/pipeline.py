"""The pipeline: an idea in, a report out."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from fitcheck import __version__
from fitcheck.alternatives import alternative_for
from fitcheck.combine import Weights, cap, decide, prior_evidence, probabilities, totals, view_evidence
from fitcheck.corpus import CONCEPTS, corpus_hash
from fitcheck.cost import cost_evidence, estimate_cost
from fitcheck.errors import FitcheckError, ModelUnavailable, PriceUnknown
from fitcheck.matching import Hit, Matcher
from fitcheck.naming import about_models, is_vague
from fitcheck.questions import ask
from fitcheck.reading import LITERALS, Readings, ScenarioReader, concept_columns, known_concepts, settle
from fitcheck.records import Evidence, Report, Task, UseCase, Verdict, Versions
from fitcheck.resources import model_dir
from fitcheck.rules import Rule, load_rules, rules_hash
from fitcheck.tasks import core_text, split_tasks
from fitcheck.text import Language, detect_language, fold, normalise

if TYPE_CHECKING:
    from fitcheck.cost import Cost

__all__ = ["Assessor", "Idea", "assess", "assess_many"]

Idea = str | Mapping[str, Any] | UseCase

_BLOCK = 256


@dataclass(frozen=True, slots=True)
class _Prepared:
    """An idea that has been read by everything but the encoder."""

    use_case: UseCase
    text: str
    lang: Language
    tasks: tuple[Task, ...]
    hits: tuple[Hit, ...] = ()


class Assessor:
    """Everything that an assessment needs, loaded once.

    Args:
        rules: A folder, a rule file or rules, to use instead of the shipped ones.
        extra_rules: A folder or a rule file to use beside them.
        encoder: A sentence-transformers model, by name or folder, for the `meaning` view;
            None for the shipped static encoder.
        encoder_every: Fit another encoder's view, at its first use, on every so-many-th scenario only.
        model_folder: A folder that `fitcheck train` wrote; None for the shipped one.

    Raises:
        ModelUnavailable: The model is missing or stale, or the encoder can't be had.
        RuleError: A rule file is broken.
    """

    def __init__(
        self,
        *,
        rules: Path | str | Sequence[Rule] | None = None,
        extra_rules: Path | str | None = None,
        encoder: str | None = None,
        encoder_every: int = 1,
        model_folder: Path | None = None,
    ) -> None:
        folder = model_folder or model_dir()
        self.reader = ScenarioReader.load(folder)
        shipped = rules is None
        pack = load_rules(rules) if rules is None or isinstance(rules, Path | str) else tuple(rules)
        if shipped:
            _refuse_stale(self.reader.card, pack, folder)
        if extra_rules is not None:
            pack += load_rules(extra_rules)
        self.rules = {rule.id: rule for rule in pack}
        self.weights = Weights.from_card(self.reader.card)
        self.matcher = Matcher(
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
        name = f"{self.reader.card['model']} {self.reader.card['rules_hash'][:6]}{self.reader.card['corpora_hash'][:6]}"
        if self.reader.encoder is not self.reader.static:
            name += f" with {self.reader.encoder.name}"
        self.versions = Versions(fitcheck=__version__, model=name, rules=len(self.rules))

    def assess(self, idea: Idea, *, today: dt.date | None = None) -> Report:
        """Assess one idea.

        Args:
            idea: A text, a mapping of `UseCase` fields, or a use case.
            today: The day that prices and expiry dates are read for; None for today.

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
        """Yield for each idea, in order, its report or the error that it met."""
        remaining = iter(ideas)
        while block := list(islice(remaining, _BLOCK)):
            prepared = [self._try_prepare(idea) for idea in block]
            reports = iter(self._assess_block([p for p in prepared if isinstance(p, _Prepared)], today))
            for p in prepared:
                yield next(reports) if isinstance(p, _Prepared) else p

    def probabilities(self, texts: Sequence[str]) -> npt.NDArray[np.float64]:
        """Return the four verdicts' probabilities, shape (n_texts, 4), in the order of `LEARNED`."""
        out = np.empty((len(texts), 4))
        for begin in range(0, len(texts), _BLOCK):
            block = [self._prepare(t) for t in texts[begin : begin + _BLOCK]]
            readings = self._read(block)
            for row, idea in enumerate(block):
                guessed = {name: value for name, (value, _) in _named(readings, row).items()}
                concept_view = readings.views["concepts"][row]
                ledger = self._ledger(idea, self._fixed(readings, row), concept_view, guessed, None, None)
                out[begin + row] = list(probabilities(totals(ledger)).values())
        return out

    def _prepare(self, idea: Idea) -> _Prepared:
        if isinstance(idea, str):
            idea = UseCase(text=idea)
        use_case = idea if isinstance(idea, UseCase) else UseCase.read(idea)
        text = normalise(use_case.text)
        tasks = split_tasks(text)
        return _Prepared(use_case, text, detect_language(text), tasks, tuple(self.matcher.scan(text, tasks)))

    def _try_prepare(self, idea: Idea) -> _Prepared | FitcheckError:
        try:
            return self._prepare(idea)
        except FitcheckError as error:
            return error

    def _assess_block(self, block: Sequence[_Prepared], today: dt.date | None) -> list[Report]:
        if not block:
            return []
        readings = self._read(block)
        return [self._report(idea, readings, row, today) for row, idea in enumerate(block)]

    def _read(self, block: Sequence[_Prepared]) -> Readings:
        whole = [fold(idea.text) for idea in block]
        core = [fold(core_text(idea.text, idea.tasks)) for idea in block]
        return self.reader.read(whole, core, [known_concepts(idea.use_case) for idea in block])

    def _fixed(self, readings: Readings, row: int) -> list[Evidence]:
        """Return the rows that no fact moves: the prior, and what scenarios say of the text."""
        rows = prior_evidence(self.weights)
        for view, log_odds in readings.views.items():
            if view != "concepts":
                rows += view_evidence(self.weights, view, log_odds[row].tolist())
        return rows

    def _ledger(
        self,
        idea: _Prepared,
        fixed: Sequence[Evidence],
        concept_view: npt.NDArray[np.float32],
        concepts: Mapping[str, str],
        cost: Cost | None,
        today: dt.date | None,
    ) -> list[Evidence]:
        """Lay out all that speaks about an idea, in one ledger."""
        ledger = [*fixed, *view_evidence(self.weights, "concepts", concept_view.tolist())]
        rules = self.matcher.weigh(idea.text, idea.hits, facts=idea.use_case.facts(), concepts=concepts, today=today)
        ledger += rules
        if cost is not None:
            ledger += cost_evidence(cost, idea.use_case)
        blocking = [e for e in rules if e.role == "core" and self.rules[e.id].severity == "block"]
        return ledger + cap(ledger, blocking) if blocking else ledger

    def _report(self, idea: _Prepared, readings: Readings, row: int, today: dt.date | None) -> Report:
        concepts = _named(readings, row)
        guessed = {name: value for name, (value, _) in concepts.items()}
        cost = _cost(idea, guessed["category"], today)
        fixed = self._fixed(readings, row)
        ledger = self._ledger(idea, fixed, readings.views["concepts"][row], guessed, cost, today)
        neighbours = self.reader.neighbours(readings.vectors[row], idea.lang)
        decision = decide(
            ledger, self.weights, names_a_task=_names_a_task(idea, ledger), similarity=neighbours[0].similarity
        )

        def again(changed: UseCase) -> dict[str, float]:
            """Re-assess under another set of facts: only the concepts view and the rules can move."""
            settled = known_concepts(changed)
            shares = settle(readings.concepts[row : row + 1], [settled])
            view = self.reader.from_concepts(shares)[0]
            other = replace(idea, use_case=changed)
            return probabilities(totals(self._ledger(other, fixed, view, {**guessed, **settled}, cost, today)))

        questions, turn = ask(idea.use_case, decision, concepts, again)
        return Report(
            use_case=idea.use_case,
            text=idea.text,
            lang=idea.lang,
            verdict=decision.verdict,
            probabilities=decision.probabilities,
            ledger=tuple(ledger),
            why_unclear=decision.why_unclear,
            tasks=idea.tasks,
            concepts=concepts,
            rules=self._pages(ledger),
            instead=self._instead(decision.verdict, ledger, readings.concepts[row]),
            neighbours=neighbours,
            cost=cost,
            questions=questions,
            turn=turn,
            info=self.versions,
        )

    def _pages(self, ledger: Sequence[Evidence]) -> dict[str, dict[str, dict[str, str]]]:
        """Return what the rules on the ledger say, by id."""
        ids = dict.fromkeys(i for e in ledger if e.source == "rule" for i in (e.id, *e.also))
        return {
            i: {
                "title": self.rules[i].title.model_dump(),
                "why": self.rules[i].why.model_dump(),
                "instead": self.rules[i].instead.model_dump(),
            }
            for i in ids
        }

    def _instead(
        self, verdict: Verdict, ledger: Sequence[Evidence], concepts: npt.NDArray[np.float32]
    ) -> dict[str, str] | None:
        """Return the technique of the strongest rule for this verdict, else that of the likeliest fitting category."""
        if verdict not in (Verdict.OVERKILL, Verdict.UNFIT):
            return None
        speaking = [e for e in ledger if e.source == "rule" and e.verdict is verdict and e.role == "core"]
        if speaking:
            return self.rules[max(speaking, key=lambda e: e.log_odds).id].instead.model_dump()
        shares = concepts[concept_columns()["category"]].tolist()
        return alternative_for(verdict, dict(zip(CONCEPTS["category"], shares, strict=True)))


def assess(idea: Idea, *, today: dt.date | None = None) -> Report:
    """Assess one idea with the shipped rules and model.

    Args:
        idea: A text in English or Chinese, a mapping of `UseCase` fields, or a use case.
        today: The day that prices and expiry dates are read for; None for today.

    Raises:
        UseCaseError: The idea is empty, too long, or carries an unknown fact.

    >>> assess("Write a birthday poem for a colleague").verdict
    <Verdict.FIT: 'fit'>
    """
    return _shipped().assess(idea, today=today)


def assess_many(
    ideas: Iterable[Idea], *, progress: Callable[[int], None] | None = None, today: dt.date | None = None
) -> list[Report]:
    """Assess many ideas with the shipped rules and model; see `Assessor.assess_many`."""
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


def _named(readings: Readings, row: int) -> dict[str, tuple[str, float]]:
    """Return each concept's likeliest value and its probability."""
    named = {}
    for name, columns in concept_columns().items():
        shares = readings.concepts[row, columns]
        best = int(shares.argmax())
        named[name] = (CONCEPTS[name][best], round(float(shares[best]), 3))
    return named


def _cost(idea: _Prepared, category: str, today: dt.date | None) -> Cost | None:
    try:
        return estimate_cost(idea.use_case, text_lang=idea.lang, category=category, today=today)
    except PriceUnknown:
        if idea.use_case.model is not None:
            raise
        return None


def _names_a_task(idea: _Prepared, ledger: Sequence[Evidence]) -> bool:
    """Say whether a job can be named: by words of its own, or by a rule that knows it."""
    if is_vague(idea.text):
        return False
    if not any(task.role != "dropped" for task in idea.tasks):
        return False
    return not about_models(idea.text) or any(
        e.source == "rule" and e.role == "core" and e.verdict in (Verdict.FIT, Verdict.ASSIST) for e in ledger
    )
