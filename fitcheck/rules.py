"""Rules as data: what one looks for, what it argues for, its page, its sources and its tests."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator, model_validator

from fitcheck.records import LEARNED, Verdict
from fitcheck.rule_words import did_you_mean
from fitcheck.use_case import UseCase

__all__ = ["Bilingual", "Block", "Condition", "Example", "Rule", "Technique", "with_boundaries"]

Technique = Literal[
    "language-model",
    "language-model-with-review",
    "retrieval-with-sources",
    "small-trained-classifier",
    "regex-or-parser",
    "lookup-or-sql",
    "plain-code-or-spreadsheet",
    "rules-engine",
    "template",
    "script-or-rpa",
    "converter",
    "validator",
    "keyword-search",
    "monitoring-thresholds",
    "exact-or-fuzzy-matching",
    "econometrics-or-experiment",
    "verification-with-sources",
    "quantitative-trading-model",
    "time-series-model",
    "gradient-boosted-trees",
    "anomaly-detector",
    "recommender",
    "solver",
    "vision-model",
    "ocr-or-speech-recogniser",
    "signal-model",
    "control-system",
    "simulation",
    "biometric-matcher",
    "person-decides",
    "approval-workflow",
    "human-work",
    "static-analysis",
    "measure-first",
    "other-software",
]
"""The closed list of what to use instead."""

_CONCEPTS = ("category", "decides", "input", "format", "stakes", "review", "existing")
_WEIGHT_ROLES = Literal["core", "auxiliary", "workflow", "dropped"]
_Size = Annotated[float, Field(gt=0, le=5, allow_inf_nan=False)]
_Bound = Annotated[float, Field(allow_inf_nan=False)]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Bilingual(_Strict):
    """One text in both languages."""

    en: str = Field(min_length=1)
    zh: str = Field(min_length=1)


class Instead(Bilingual):
    """What to use instead, or how to use the model well."""

    kind: Technique


class Patterns(_Strict):
    """RE2 patterns by language; any one is enough."""

    en: tuple[str, ...] = ()
    zh: tuple[str, ...] = ()

    def compiled(self) -> Iterator[str]:
        """Yield the patterns as they are matched, with English word boundaries."""
        yield from (with_boundaries(p) for p in self.en)
        yield from self.zh


class Condition(_Strict):
    """A test on one known fact; an unknown fact fails it."""

    equals: str | float | bool | None = None
    one_of: tuple[str | float | bool, ...] | None = None
    at_least: _Bound | None = None
    at_most: _Bound | None = None

    @model_validator(mode="after")
    def _one(self) -> Condition:
        if not self.model_fields_set:
            raise ValueError("give one of equals, one_of, at_least, at_most")
        return self

    def holds(self, value: Any) -> bool:
        """Say whether a known value passes."""
        if value is None:
            return False
        if self.equals is not None and value != self.equals:
            return False
        if self.one_of is not None and value not in self.one_of:
            return False
        if self.at_least is not None and not value >= self.at_least:
            return False
        return not (self.at_most is not None and not value <= self.at_most)


class Block(_Strict):
    """One way for a rule to fire: all its keys must hold."""

    text: Patterns | None = None
    unless: Patterns | None = None
    facts: dict[str, Condition] = Field(default_factory=dict)
    concepts: dict[str, str | tuple[str, ...]] = Field(default_factory=dict)

    @field_validator("facts")
    @classmethod
    def _known_facts(cls, facts: dict[str, Condition]) -> dict[str, Condition]:
        for name in facts:
            if name not in UseCase.model_fields or name in ("text", "id"):
                fields = [field for field in UseCase.model_fields if field not in ("text", "id")]
                raise ValueError(f"unknown fact {name!r}; {did_you_mean(name, fields)}")
        return facts

    @field_validator("concepts")
    @classmethod
    def _known_concepts(cls, concepts: dict[str, Any]) -> dict[str, Any]:
        for name in concepts:
            if name not in _CONCEPTS:
                raise ValueError(f"unknown concept {name!r}; {did_you_mean(name, _CONCEPTS)}")
        return concepts

    @model_validator(mode="after")
    def _speaks(self) -> Block:
        if not (self.text and (self.text.en or self.text.zh)) and not self.facts and not self.concepts:
            raise ValueError("a [[when]] block needs text, facts or concepts")
        return self


class Source(_Strict):
    """Where a rule's claim is from."""

    claim: str = Field(min_length=1)
    figure: str | None = None
    title: str = Field(min_length=1)
    url: str | None = None
    seen: dt.date
    expires: dt.date | None = None


class Example(_Strict):
    """A text and whether the rule fires on it."""

    lang: Literal["en", "zh"]
    text: str = Field(min_length=1)
    fires: Literal["core", "auxiliary", "workflow", "dropped", "no"]
    facts: dict[str, Any] = Field(default_factory=dict)


def _exactly_one(sizes: dict[Verdict, float]) -> dict[Verdict, float]:
    if len(sizes) != 1 or next(iter(sizes)) not in LEARNED:
        raise ValueError("name exactly one of fit, assist, overkill, unfit")
    return sizes


class Rule(_Strict):
    """One heuristic: what it looks for, what it argues for, why, and how we know.

    Attributes:
        family: The folder that the file lies in.
        weight: By role, the verdict argued for and its size in log-odds (nats, above 0).
    """

    schema_: Literal[1] = Field(alias="schema")
    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    family: str
    severity: Literal["note", "high", "block"] = "note"
    weight: dict[_WEIGHT_ROLES, Annotated[dict[Verdict, _Size], AfterValidator(_exactly_one)]] = Field(min_length=1)
    title: Bilingual
    why: Bilingual
    instead: Instead
    when: tuple[Block, ...] = Field(min_length=1)
    source: tuple[Source, ...] = Field(min_length=1)
    example: tuple[Example, ...] = ()

    def argues(self, role: str) -> tuple[Verdict, float] | None:
        """Return the verdict and the log-odds in nats for a role, or None where it is silent."""
        sizes = self.weight.get(role)  # type: ignore[call-overload]
        if sizes is None and role == "workflow":
            sizes = self.weight.get("auxiliary")
        return next(iter(sizes.items())) if sizes else None

    def expired(self, today: dt.date) -> bool:
        """Say whether any source has passed its expiry date."""
        return any(s.expires is not None and s.expires < today for s in self.source)


def with_boundaries(pattern: str) -> str:
    """Put word boundaries round an English pattern.

    RE2's `\\b` knows ASCII words only, so it holds beside Chinese too.

    >>> with_boundaries("invoice numbers?|IBANs?")
    '\\\\b(?:invoice numbers?|IBANs?)\\\\b'
    """
    return rf"\b(?:{pattern})\b"
