"""Changes of an idea as data: one file under rules/turns/<verdict> is one change that may turn that verdict."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from fitcheck.errors import RuleError, UseCaseError, quote_line
from fitcheck.resources import rules_dir
from fitcheck.rules import Bilingual
from fitcheck.taxonomy import CATEGORIES, Verdict
from fitcheck.toml_lines import find_line, read_toml
from fitcheck.use_case import UseCase

__all__ = ["JOB", "TURNED", "Change", "load_changes", "read_change"]

TURNED = (Verdict.UNFIT, Verdict.OVERKILL, Verdict.ASSIST)
"""The verdicts that a change may better; each has its folder."""

JOB = "{job}"
"""Where a new sentence takes up the idea's own words."""


class Change(BaseModel):
    """One change of an idea.

    Attributes:
        order: Of two changes of one kind the one with the smaller number is the smaller.
        categories: The core tasks that it is for; none for all.
        by: Whether a person or a method does the job then; a method is handed no decision on people, money or acts.
        who: The one that does it.
        words: The change as a clause that may follow "if".
        add: A sentence to add to the idea.
        restate: A sentence to take the place of the one that names the job, whose words stand at `{job}`.
        facts: What facts become that were given and say something else.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    schema_: Literal[1] = Field(alias="schema")
    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    order: int = Field(ge=0)
    categories: tuple[str, ...]
    by: Literal["person", "method"]
    who: Bilingual
    words: Bilingual
    add: Bilingual | None = None
    restate: Bilingual | None = None
    facts: dict[str, Any] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _makes_sense(self) -> Change:
        unknown = [c for c in self.categories if c not in CATEGORIES]
        if unknown:
            raise ValueError(f"no such category: {unknown[0]!r}; see fitcheck.taxonomy.CATEGORIES")
        if self.add is None and self.restate is None:
            raise ValueError("nothing changes: give [add], [restate] or both")
        if self.restate is not None and not all(JOB in text for text in (self.restate.en, self.restate.zh)):
            raise ValueError(f"[restate] must hold {JOB} once in each language, where the idea's own words go")
        try:
            UseCase.read({"text": "-", **self.facts}, where="[facts]")
        except UseCaseError as error:
            raise ValueError(str(error)) from None
        return self


@lru_cache(maxsize=len(TURNED))
def load_changes(verdict: Verdict) -> tuple[Change, ...]:
    """Return the shipped changes that may turn a verdict, the smallest first.

    Raises:
        RuleError: A file is broken, or there is none.

    >>> load_changes(Verdict.UNFIT)[0].id
    'a-person-approves'
    """
    folder = rules_dir() / "turns" / verdict.value
    found = [read_change(file) for file in sorted(folder.glob("*.toml"))]
    if not found:
        raise RuleError(f"{folder}: no file of a change in it")
    return tuple(sorted(found, key=lambda change: (change.order, change.id)))


def read_change(path: Path) -> Change:
    """Read one change.

    Raises:
        RuleError: The file is broken; names the line and quotes it.
    """
    values = read_toml(path)
    try:
        change = Change.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(p) for p in first["loc"])
        what = f"{place}: {first['msg']}" if place else first["msg"].removeprefix("Value error, ")
        raise RuleError(quote_line(path, *find_line(path, first["loc"]), what)) from None
    if change.id != path.stem:
        raise RuleError(quote_line(path, *find_line(path, ("id",)), f"the id must be the file's name, {path.stem!r}"))
    return change
