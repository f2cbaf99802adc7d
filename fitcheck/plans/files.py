"""What a plan's file holds: `rules/plans/<kind>/<id>.toml`, read and checked.

A plan of the kind `replace` says how to do the job without a language model; one of the kind `guard` says
what to put round the model. Errors name the file and quote the author's line.
"""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from fitcheck.errors import RuleError, quote_line
from fitcheck.rules import Bilingual, Technique
from fitcheck.taxonomy import CATEGORIES, Verdict
from fitcheck.toml_lines import find_line, read_toml

__all__ = ["LICENCES", "CaseFile", "KnownTool", "PlanFile", "TestCase", "read_cases", "read_plan_file"]

Kind = Literal["replace", "guard"]

LICENCES = frozenset(
    (
        "AGPL-3.0-only",
        "AGPL-3.0-or-later",
        "Apache-2.0",
        "BSD-2-Clause",
        "BSD-3-Clause",
        "EPL-2.0",
        "GPL-2.0-only",
        "GPL-2.0-or-later",
        "GPL-3.0-only",
        "GPL-3.0-or-later",
        "ISC",
        "LGPL-2.1-only",
        "LGPL-2.1-or-later",
        "LGPL-3.0-only",
        "LGPL-3.0-or-later",
        "MIT",
        "MPL-2.0",
        "PostgreSQL",
    )
)
"""SPDX identifiers of open-source licences that a plan's tool may bear."""

_VERDICTS: dict[str, frozenset[Verdict]] = {
    "replace": frozenset((Verdict.OVERKILL, Verdict.UNFIT)),
    "guard": frozenset((Verdict.FIT, Verdict.ASSIST)),
}
_M = TypeVar("_M", bound=BaseModel)
_URL = re.compile(r"https://[^\s/]+\.[^\s]+")


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


def _open_source(licence: str) -> str:
    for one in re.split(r" (?:OR|AND) ", licence):
        if one.partition(" WITH ")[0] not in LICENCES:
            raise ValueError(f"{one!r} is no SPDX identifier of an open-source licence, such as Apache-2.0")
    return licence


def _web_address(url: str) -> str:
    if not _URL.fullmatch(url):
        raise ValueError("give the https address of its home or repository")
    return url


def _listed(names: tuple[str, ...]) -> tuple[str, ...]:
    for name in names:
        if name not in CATEGORIES:
            raise ValueError(f"{name!r} is no category")
    return names


class KnownTool(_Strict):
    """An open-source tool that does the job.

    Attributes:
        seen: The day on which its address and licence were looked up in a copy of its repository or package page;
            None where no such copy was at hand, so that the next reader looks there first.
    """

    name: str = Field(min_length=1)
    url: Annotated[str, AfterValidator(_web_address)]
    licence: Annotated[str, AfterValidator(_open_source)]
    does: Bilingual
    seen: dt.date | None = None


class TestCase(Bilingual):
    """A kind of test case to write, and what a right answer to it does."""

    __test__ = False  # it is no test of pytest's

    right: Bilingual


class CaseFile(_Strict):
    """The kinds of real cases to try an alternative on in its first hour."""

    schema_: Literal[1] = Field(alias="schema")
    case: tuple[TestCase, ...] = Field(min_length=10, max_length=10)


class PlanFile(_Strict):
    """One plan.

    Attributes:
        kind: The folder that the file lies in.
        techniques: For `replace`: what it sets in the model's place.
        categories: For `guard`, the core tasks that it is for; for `replace`, those that it is for alone, where the
            technique does very different jobs.
        inputs: For `replace`, the inputs that it is for alone.
        verdicts: The verdicts that it is for.
        first_hour: For `replace`: what to try before anything is built.
        person: For `guard`: the person's part, where the verdict is `assist`.
    """

    schema_: Literal[1] = Field(alias="schema")
    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    kind: Kind
    title: Bilingual
    techniques: tuple[Technique, ...] = ()
    categories: Annotated[tuple[str, ...], AfterValidator(_listed)] = ()
    inputs: tuple[Literal["text", "code", "records", "numbers", "image", "audio", "sensor", "physical"], ...] = ()
    verdicts: tuple[Verdict, ...] = Field(min_length=1)
    tool: tuple[KnownTool, ...] = Field(min_length=2, max_length=5)
    first_hour: Bilingual | None = None
    person: Bilingual | None = None
    step: tuple[Bilingual, ...] = Field(min_length=4, max_length=7)
    guard: tuple[Bilingual, ...] = ()
    measure: tuple[Bilingual, ...] = ()
    baseline: tuple[Bilingual, ...] = ()
    case: tuple[TestCase, ...] = ()

    @model_validator(mode="after")
    def _whole(self) -> PlanFile:
        if foreign := set(self.verdicts) - _VERDICTS[self.kind]:
            raise ValueError(f"a {self.kind} plan is not for the verdict {min(foreign).value}")
        if self.kind == "replace":
            self._need("first_hour", self.first_hour is not None, "a replace plan says what to try in the first hour")
            self._need("techniques", bool(self.techniques), "a replace plan names the techniques that it is for")
            return self
        self._need("person", self.person is not None, "a guard plan says what the person's part is")
        self._need("categories", bool(self.categories), "a guard plan names the categories that it is for")
        self._need("guard", 3 <= len(self.guard) <= 5, "a guard plan has 3 to 5 [[guard]]")
        self._need("measure", 1 <= len(self.measure) <= 3, "a guard plan has 1 to 3 [[measure]]")
        self._need("baseline", 1 <= len(self.baseline) <= 2, "a guard plan has 1 or 2 [[baseline]]")
        self._need("case", len(self.case) == 10, f"a guard plan has ten [[case]], this one {len(self.case)}")
        return self

    @staticmethod
    def _need(name: str, holds: bool, words: str) -> None:
        if not holds:
            raise ValueError(f"{name}: {words}")


def read_plan_file(path: Path) -> PlanFile:
    """Read one plan.

    Args:
        path: The file; its folder names the kind.

    Raises:
        RuleError: The file is broken; names the line and quotes it.
    """
    values = read_toml(path)
    if "kind" in values:
        raise RuleError(quote_line(path, *find_line(path, ("kind",)), "the folder's name is the kind; drop this"))
    plan = _checked(PlanFile, path, {**values, "kind": path.parent.name})
    if plan.id != path.stem:
        line = find_line(path, ("id",))
        raise RuleError(quote_line(path, *line, f"the id must be the file's name, {path.stem!r}"))
    return plan


def read_cases(path: Path) -> tuple[TestCase, ...]:
    """Read the kinds of real cases for an alternative's first hour.

    Raises:
        RuleError: The file is broken; names the line and quotes it.
    """
    return _checked(CaseFile, path, read_toml(path)).case


def _checked(model: type[_M], path: Path, values: dict[str, Any]) -> _M:
    try:
        return model.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        message = first["msg"].removeprefix("Value error, ")
        loc = first["loc"] or (message.partition(":")[0],)
        what = f"{'.'.join(str(p) for p in first['loc'])}: {message}" if first["loc"] else message
        raise RuleError(quote_line(path, *find_line(path, loc), what)) from None
