"""What all requirements share: their settings, what they are asked about, and what they answer."""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, NamedTuple, get_args, get_origin

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator

from fitcheck.errors import UseCaseError
from fitcheck.policy.entries import Entry, verdict_meant
from fitcheck.policy.keys import attribute_of, criticality_meant, key_of
from fitcheck.records import Report, Verdict
from fitcheck.tables.facts import fact_from_cell
from fitcheck.text import Language
from fitcheck.use_case import UseCase

__all__ = [
    "AboutFacts",
    "Breach",
    "Case",
    "Names",
    "Requirement",
    "Said",
    "Severity",
    "Verdicts",
    "near",
    "same",
    "value_meant",
    "word",
]

Severity = Literal["error", "warning", "off"]
Names = Annotated[tuple[Annotated[str, Field(min_length=1)], ...], Field(min_length=1)]
Plain = str | bool | float
Verdicts = Annotated[tuple[Annotated[Verdict, BeforeValidator(verdict_meant)], ...], Field(min_length=1)]
"""Verdicts by their names, or by the words that Chinese reports print."""


class Said(NamedTuple):
    """One sentence in both languages."""

    en: str
    zh: str


@dataclass(frozen=True, slots=True)
class Breach:
    """Why a requirement does not hold, and what would mend it."""

    message: Said
    remedy: Said


@dataclass(frozen=True, slots=True)
class Case:
    """An entry, what was found about it, and the day.

    Attributes:
        packs: The rule packs of one's own that it was judged by.
    """

    entry: Entry
    report: Report
    today: dt.date
    packs: tuple[Path, ...] = ()

    @property
    def use_case(self) -> UseCase:
        """The idea and its facts."""
        return self.entry.use_case


class Requirement(BaseModel, ABC):
    """One thing that a policy asks of every idea to which it applies.

    Attributes:
        requirement: Its kind, from the closed list.
        id: Its name in waivers and findings; its kind if not given.
        severity: Only an error fails a check; `off` takes away what an extended policy asks.
        where: The ideas that it is for: each key must have (one of) the values given.
        why: The organisation's own reason, printed with a finding; a text, or one for each language.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=False)

    title: ClassVar[Said]
    text: ClassVar[Said]

    requirement: str
    id: str = Field(default="", pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")
    severity: Severity = "error"
    where: dict[str, Plain | tuple[Plain, ...]] = Field(default_factory=dict)
    why: str | dict[Literal["en", "zh"], str] | None = None

    def reason(self, lang: Language) -> str | None:
        """Return the organisation's own reason in a language, or in the one that it is written in."""
        if isinstance(self.why, dict):
            return self.why.get(lang) or next(iter(self.why.values()), None)
        return self.why

    @field_validator("where")
    @classmethod
    def _known_values(cls, where: dict[str, Any]) -> dict[str, Any]:
        meant = {key: tuple(value_meant(key, value) for value in _listed(wanted)) for key, wanted in where.items()}
        for key, wanted in meant.items():
            for value in wanted:
                known = _CLOSED.get(key)
                if known and word(value) not in known:
                    raise ValueError(f"{key} is never {value!r}; {near(word(value), known)}")
            if not wanted:
                raise ValueError(f"{key} = []: no value, so it is for no idea; name one, or drop the key")
        return meant

    def is_for(self, case: Case) -> bool:
        """Say whether it is for an idea at all, by `where`."""
        return all(_matches(key, _listed(wanted), case) for key, wanted in self.where.items())

    def applies(self, case: Case) -> bool:
        """Say whether there is anything to ask of an idea that it is for."""
        return True

    @abstractmethod
    def ask(self, case: Case) -> Breach | None:
        """Return why it does not hold, or None where it does."""


class AboutFacts(Requirement):
    """A requirement on facts, which may not be known.

    Attributes:
        unknown: Whether it fails or is left alone where the facts that it needs are not given.
    """

    unknown: Literal["fail", "allow"] = "fail"

    def not_known(self, message: Said, remedy: Said) -> Breach | None:
        """Return the breach that an unknown fact is, or None where unknown facts are allowed."""
        return Breach(message, remedy) if self.unknown == "fail" else None


def word(value: Any) -> str:
    """Return a value as it is compared: case and the kind of number play no part."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return f"{value:.15g}"
    return str(value).strip().casefold()


def same(one: str, others: Sequence[str]) -> bool:
    """Say whether a name is among others, or matches one with * in it; case plays no part."""
    return any(fnmatchcase(one.strip().casefold(), other.strip().casefold()) for other in others)


def near(wrong: str, known: Sequence[str], lang: Language = "en") -> str:
    """Return a hint: the nearest known word, or all of them.

    >>> near("asist", ["fit", "assist"]), near("x", ["fit", "assist"])
    ("did you mean 'assist'?", 'known: fit, assist')
    """
    found = get_close_matches(wrong, known, n=1)
    if lang == "zh":
        return f"是否指 {found[0]!r}？" if found else f"已有：{'、'.join(known)}"
    return f"did you mean {found[0]!r}?" if found else f"known: {', '.join(known)}"


def _listed(wanted: Any) -> tuple[Any, ...]:
    return tuple(wanted) if isinstance(wanted, (tuple, list)) else (wanted,)


def _matches(key: str, wanted: Sequence[Any], case: Case) -> bool:
    entry = case.entry
    if key not in _CLOSED and key not in UseCase.model_fields and key not in entry.attributes:
        # as a table's column may be called, and its cells be written
        key, named = key_of(key), key
        wanted = [value_meant(key, value) if key != named else value for value in wanted]
    if key == "id":
        return same(entry.id, [word(w) for w in wanted])
    if key == "verdict":
        actual: Any = case.report.verdict.value
    elif key == "owner":
        actual = entry.owner
    elif key == "expect":
        actual = entry.expect
    elif key in UseCase.model_fields:
        actual = getattr(case.use_case, key)
    else:
        return _attribute_is(entry.attributes, key, wanted)
    words = {word(a) for a in actual} if isinstance(actual, tuple) else set() if actual is None else {word(actual)}
    return not words.isdisjoint(map(word, wanted))


def value_meant(key: str, value: Any) -> Any:
    """Return a value as the reader of tables takes it: 接口 means api; one that it does not know as it is."""
    if not isinstance(value, str) or key not in _CLOSED:
        return value
    if key in ("verdict", "expect"):
        return verdict_meant(value)
    try:
        meant = fact_from_cell(key, value, value)
    except UseCaseError:
        return value
    if "true" in _CLOSED[key]:
        return {"yes": True, "no": False}.get(meant, value)
    return value if meant is None else meant


def _attribute_is(attributes: Mapping[str, str], key: str, wanted: Sequence[Any]) -> bool:
    def compared(value: Any) -> str:
        known = key_of(key) == "criticality" and isinstance(value, str)
        return word(criticality_meant(value) if known else value)

    actual = attribute_of(attributes, key)
    asked = {compared(value) for value in wanted}
    return actual is not None and not asked.isdisjoint(map(compared, (actual, *actual.split(";"))))


def _closed() -> dict[str, tuple[str, ...]]:
    lists: dict[str, tuple[str, ...]] = {"verdict": tuple(v.value for v in Verdict)}
    lists["expect"] = lists["verdict"]
    for name, info in UseCase.model_fields.items():
        for kind in get_args(info.annotation):
            if get_origin(kind) is Literal:
                lists[name] = get_args(kind)
            elif kind is bool:
                lists[name] = ("true", "false")
    return lists


_CLOSED = _closed()
