"""The frozen records that the rooms hand to each other.

A number is never changed in place: `dataclasses.replace` and `UseCase.model_copy`
make a new record.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from fitcheck.beside import LensFinding, Part, Plan, Question, Turn
from fitcheck.taxonomy import LEARNED, Verdict
from fitcheck.text import Language
from fitcheck.use_case import UseCase

__all__ = [
    "LEARNED",
    "Cost",
    "Decisive",
    "Evidence",
    "Neighbour",
    "Report",
    "Role",
    "SimplerCost",
    "Task",
    "Verdict",
    "Versions",
]

Role = Literal["core", "auxiliary", "workflow", "dropped"]
Source = Literal["prior", "rule", "scenarios", "cost", "block"]


@dataclass(frozen=True, slots=True)
class Task:
    """A clause of the idea and the part that it plays.

    Attributes:
        text: The clause, as written.
        start: Where it begins in the normalised text, in characters.
        end: Where it ends.
        role: `core`; `auxiliary`, something beside the core; `workflow`, a step of today's
            process made shorter; `dropped`, not the model's job.
        reason: For a dropped clause, `negated`, `done elsewhere`, `to the evaluator` or `a size`; else None.
    """

    text: str
    start: int
    end: int
    role: Role
    reason: Literal["negated", "done elsewhere", "to the evaluator", "a size"] | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """One argument for one verdict.

    Attributes:
        source: Who argues: `prior`, `rule`, `scenarios`, `cost` or `block`.
        id: The rule's id, or the view of the scenarios (`whole text`, `core task`, `concepts`).
        verdict: What it argues for (against, where `log_odds` is negative).
        log_odds: How much, in nats, in steps of 0.01, so that printed rows add up.
        role: The role of the task that it speaks about; None for the whole idea.
        quote: The words that it rests on, as written; empty where there are none.
        start: Where `quote` begins in the normalised text; -1 where there is none.
        also: Rules of the same family that fired on the same task and don't count.
        stale: True where the rule's source has passed its expiry date.
    """

    source: Source
    id: str
    verdict: Verdict
    log_odds: float
    role: Role | None = None
    quote: str = ""
    start: int = -1
    also: tuple[str, ...] = ()
    stale: bool = False


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A labelled scenario that reads like the idea.

    Attributes:
        id: The scenario's id in `corpora/`.
        text: The scenario.
        verdict: Its label.
        category: Its core task's category.
        similarity: Cosine, -1 to 1.
    """

    id: str
    text: str
    verdict: Verdict
    category: str
    similarity: float


@dataclass(frozen=True, slots=True)
class Decisive:
    """The clause that the verdict hangs on most: no other's deletion lowers its probability as far.

    Attributes:
        text: The clause, as written.
        start: Where it begins in the normalised text, in characters.
        end: Where it ends.
        probability_without: Of the report's verdict, when the idea is assessed without the clause.
        verdict_without: The likeliest verdict then.
    """

    text: str
    start: int
    end: int
    probability_without: float
    verdict_without: Verdict


@dataclass(frozen=True, slots=True)
class Cost:
    """What the idea's calls would cost by API.

    Attributes:
        model: The priced model.
        provider: Who serves it.
        priced_on: The day that the price holds for, ISO 8601.
        price_source: Where the price is from.
        tokens_in: Input tokens per call.
        tokens_out: Output tokens per call.
        calls_per_month: Calls per month; None where the idea gives no volume.
        usd_per_call: USD per call.
        usd_per_1000_calls: USD per 1,000 calls.
        usd_per_month: USD per month; None where the idea gives no volume.
        assumptions: What was assumed instead of facts that were not given, each by language.
        simpler: The simpler tool that the idea is set beside, where there is one.
    """

    model: str
    provider: str
    priced_on: str
    price_source: str
    tokens_in: int
    tokens_out: int
    calls_per_month: float | None
    usd_per_call: float
    usd_per_1000_calls: float
    usd_per_month: float | None
    assumptions: tuple[dict[str, str], ...] = ()
    simpler: SimplerCost | None = None


@dataclass(frozen=True, slots=True)
class SimplerCost:
    """What a simpler tool would cost for the same calls, at middle values.

    Attributes:
        kind: The technique, from the rules' closed list.
        usd_build: To build it once.
        usd_per_month_kept: To keep it right, without running it.
        usd_per_call: To run it once; None where that is not known.
        usd_per_month: Kept and run; None where no volume is known.
        times_dearer: How many times its running a call of the language model costs; below 1 where people do it.
        months_until_paid: Until building it is paid back by the model's cost saved; None where never or unknown.
    """

    kind: str
    usd_build: float
    usd_per_month_kept: float
    usd_per_call: float | None
    usd_per_month: float | None
    times_dearer: float | None
    months_until_paid: float | None


@dataclass(frozen=True, slots=True)
class Versions:
    """The versions behind a report.

    Attributes:
        fitcheck: The package's version.
        model: The model's name and the first digits of its hash.
        rules: How many rules were read.
    """

    fitcheck: str
    model: str
    rules: int


@dataclass(frozen=True, slots=True)
class Report:
    """The verdict on one idea, with every number behind it.

    Attributes:
        use_case: What was assessed.
        text: The normalised text; spans refer to it.
        lang: `en` or `zh`.
        verdict: The verdict.
        probabilities: Of the four learned verdicts; they sum to 1, and `unclear` has none of its own.
        ledger: The evidence; for each verdict the rows add up to its total.
        why_unclear: None, or `no task`, `nothing spoke`, `both sides spoke`, `too risky`.
        tasks: The clauses and their roles.
        concepts: What a reader notices: the core task's category, who decides and so on,
            each with its probability.
        rules: What the rules on the ledger say, by id: title, why and instead by language.
        instead: The technique to use for `overkill` and `unfit`, by language, else None.
        neighbours: The nearest labelled scenarios.
        cost: What the calls would cost, or None where no price could be had.
        questions: At most three facts worth asking for.
        parts: The jobs of a mixed idea, each with a verdict of its own; empty for an idea of one job.
        turn: The smallest change that gets a better verdict; None where there is none, or until `Assessor.explain`
            looked for it.
        decisive: The clause that the verdict hangs on; None until `Assessor.explain` looked for it.
        notes: Short remarks for the reader, by language.
        info: Versions.
    """

    use_case: UseCase
    text: str
    lang: Language
    verdict: Verdict
    probabilities: dict[str, float]
    ledger: tuple[Evidence, ...]
    why_unclear: str | None = None
    tasks: tuple[Task, ...] = ()
    concepts: dict[str, tuple[str, float]] = field(default_factory=dict)
    rules: dict[str, dict[str, dict[str, str]]] = field(default_factory=dict)
    instead: dict[str, str] | None = None
    neighbours: tuple[Neighbour, ...] = ()
    cost: Cost | None = None
    questions: tuple[Question, ...] = ()
    parts: tuple[Part, ...] = ()
    turn: Turn | None = None
    decisive: Decisive | None = None
    notes: tuple[dict[str, str], ...] = ()
    info: Versions | None = None

    @property
    def probability(self) -> float:
        """The probability of the strongest of the four verdicts; where the verdict is unclear, of the one withheld."""
        return max(self.probabilities.values())

    @property
    def core_task(self) -> str:
        """The clauses that the verdict is about, in the idea's own words."""
        return " / ".join(t.text for t in self.tasks if t.role == "core")

    @property
    def lens(self) -> tuple[LensFinding, ...]:
        """The business findings, one for each axis; they stand beside the verdict and never enter its sum."""
        from importlib import import_module

        found: tuple[LensFinding, ...] = import_module("fitcheck.lens").read_lens(self)
        return found

    @property
    def plan(self) -> Plan | None:
        """What to do next: the alternative for `overkill` and `unfit`, guardrails and first tests for the others."""
        from importlib import import_module

        plan: Plan | None = import_module("fitcheck.plans").plan_for(self)
        return plan

    def answer(self, fact: str | Question, value: Any, assessor: Any = None) -> Report:
        """Return the report on the same idea with one more fact, such as the answer to one of its questions.

        Args:
            fact: A field of `UseCase`, or one of `questions`; the facts for which that asks are taken along.
            value: The fact's value, or an answer in the question's words, in either language; for one of `questions`
                also the answer's number, from 1.
            assessor: The `Assessor` that wrote this report; None for the shipped rules and model.

        Raises:
            UseCaseError: The fact is unknown, or the value does not fit.
        """
        from importlib import import_module

        changed = import_module("fitcheck.asking.answers").with_answer(self.use_case, fact, value, self.questions)
        report: Report = (assessor or import_module("fitcheck.pipeline")).assess(changed)
        return report

    def totals(self) -> dict[str, float]:
        """Add the ledger up: log-odds per verdict, in nats, exact to 0.01."""
        return {v.value: _total(e.log_odds for e in self.ledger if e.verdict is v) for v in LEARNED}

    def to_dict(self) -> dict[str, Any]:
        """Return the report as plain values that `json.dumps` takes."""
        values = {
            name: getattr(self, name)
            for name in self.__slots__
            if name
            not in (
                "use_case",
                "tasks",
                "ledger",
                "neighbours",
                "cost",
                "questions",
                "parts",
                "turn",
                "decisive",
                "info",
            )
        }
        turn = self.turn
        return values | {
            "use_case": self.use_case.model_dump(exclude_none=True),
            "probability": self.probability,
            "core_task": self.core_task,
            "totals": self.totals(),
            "tasks": [asdict(t) for t in self.tasks],
            "ledger": [asdict(e) for e in self.ledger],
            "neighbours": [asdict(n) for n in self.neighbours],
            "cost": self.cost and asdict(self.cost),
            "questions": [asdict(q) for q in self.questions],
            "parts": [asdict(p) for p in self.parts],
            "turn": turn and asdict(turn) | {"use_case": turn.use_case.model_dump(exclude_none=True)},
            "lens": [asdict(f) for f in self.lens],
            "plan": self.plan and asdict(self.plan),
            "decisive": self.decisive and asdict(self.decisive),
            "info": self.info and asdict(self.info),
        }

    def to_json(self, *, indent: int | None = 2) -> str:
        """Return the report as JSON."""
        import json

        return json.dumps(self.to_dict(), ensure_ascii=False, indent=indent)

    def __str__(self) -> str:
        from importlib import import_module

        # the one upward step of the layers: a record that prints itself asks the renderer by name
        text: str = import_module("fitcheck.render").report_text(self)
        return text

    def _repr_html_(self) -> str:
        from importlib import import_module

        text: str = import_module("fitcheck.render.html").report_html(self)
        return text


_NESTED = frozenset(
    ("use_case", "tasks", "ledger", "neighbours", "cost", "questions", "parts", "turn", "decisive", "info")
)
"""The fields that need more than themselves to become plain values."""


def _total(values: Iterator[float]) -> float:
    return round(math.fsum(values), 2)
