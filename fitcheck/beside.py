"""The frozen records of what stands beside a verdict: questions, findings, a change, parts, a plan."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, Literal

from fitcheck.taxonomy import Verdict
from fitcheck.use_case import UseCase

__all__ = ["LensFinding", "Part", "Plan", "PlanStep", "Question", "Tool", "Turn"]


@dataclass(frozen=True, slots=True)
class Question:
    """A fact worth asking for.

    Attributes:
        fact: A field of `UseCase`.
        answers: Each plausible value and the verdict that it would lead to.
        shift: The largest change of a probability over the answers, 0 to 1.
        given: The facts under which the answers lead there, where the idea alone names no task; else empty.
        stated: What the idea's text says of it and how to confirm that, by language; empty where it says nothing clear.
    """

    fact: str
    answers: tuple[tuple[str, Verdict], ...]
    shift: float
    given: dict[str, Any] = field(default_factory=dict)
    stated: dict[str, str] = field(default_factory=dict)

    @property
    def words(self) -> dict[str, str]:
        """The question in plain words, by language.

        >>> Question("human_review", (), 0.2).words["en"]
        'Does a person check each output before it takes effect?'
        """
        asked: dict[str, str] = import_module("fitcheck.asking.answers").both_words(self)
        return asked

    @property
    def answer_words(self) -> dict[str, tuple[str, ...]]:
        """Its answers in plain words, in the order of `answers`, by language."""
        said: dict[str, tuple[str, ...]] = import_module("fitcheck.asking.answers").both_answers(self)
        return said


@dataclass(frozen=True, slots=True)
class LensFinding:
    """One business finding: it stands beside the verdict and never enters its sum.

    Attributes:
        axis: What is asked, such as `need`.
        value: The answer, of the axis's closed list; `unsaid` where not enough is said.
        confidence: How sure the answer is, 0 to 1.
        basis: What it rests on: the idea's words, given facts, the cost, what scenarios like it are labelled, or
            the usual answer where nothing speaks.
        says: The finding in a sentence or two, by language.
        do: What to do about it, by language.
        quote: The words that it rests on, as written; empty where there are none.
        start: Where `quote` begins in the normalised text; -1 where there is none.
        facts: The facts that it rests on, as fields of `UseCase`.
        sources: Where the question is from, as title and, where there is one, url.
        rule: The file under rules/lens that spoke; empty where none did.
    """

    axis: str
    value: str
    confidence: float
    basis: Literal["words", "facts", "cost", "scenarios", "usual"]
    says: dict[str, str]
    do: dict[str, str]
    quote: str = ""
    start: int = -1
    facts: tuple[str, ...] = ()
    sources: tuple[dict[str, str], ...] = ()
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Turn:
    """The smallest change of an idea that gets a better verdict, found by assessing the changed idea.

    Attributes:
        kind: Which change it is, such as `a-person-approves`.
        words: The change in a sentence, by language.
        use_case: The idea as changed.
        verdict: The verdict on the changed idea.
        probability: Of that verdict, 0 to 1.
        changes: The facts that are changed; empty where the text is.
    """

    kind: str
    words: dict[str, str]
    use_case: UseCase
    verdict: Verdict
    probability: float
    changes: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Part:
    """One of the jobs of a mixed idea, judged by itself.

    Attributes:
        text: Its words, as written.
        start: Where they begin in the normalised text, in characters.
        end: Where they end.
        verdict: The verdict on this part.
        probabilities: Of the four learned verdicts; they sum to 1.
        category: Its task's category.
        instead: The technique to use for `overkill` and `unfit`, by language, else None.
    """

    text: str
    start: int
    end: int
    verdict: Verdict
    probabilities: dict[str, float]
    category: str
    instead: dict[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Tool:
    """A well-kept open-source tool that does the job.

    Attributes:
        name: Its name.
        url: Where it is kept.
        licence: Its licence, as an SPDX identifier.
        does: What it does here, by language.
    """

    name: str
    url: str
    licence: str
    does: dict[str, str]


@dataclass(frozen=True, slots=True)
class PlanStep:
    """One step of a plan.

    Attributes:
        kind: `do`, a step of the work; `guard`, a guardrail to put in place; `measure`, what to measure first;
            `baseline`, what it has to beat; `case`, a test case to write.
        words: The step, by language.
    """

    kind: Literal["do", "guard", "measure", "baseline", "case"]
    words: dict[str, str]


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do next.

    Attributes:
        id: The file under rules/plans that it is from.
        title: The plan in a few words, by language.
        steps: Its steps, in order.
        tools: Tools that do the job, the first to try first.
        cost: The alternative's cost beside the language model's, by language; None where neither is known.
    """

    id: str
    title: dict[str, str]
    steps: tuple[PlanStep, ...]
    tools: tuple[Tool, ...] = ()
    cost: dict[str, str] | None = None
