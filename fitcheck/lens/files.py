"""The files under rules/lens: one TOML file is one rule of an axis, with its sources and its tests.

A rule's place is `rules/lens/<axis>/<id>.toml`; beside the rules stands `axis.toml`, the words of the axis.
Errors name the file and quote the author's line.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from fitcheck.errors import RuleError, quote_line
from fitcheck.lens.axes import AXES, USUAL
from fitcheck.rule_packs import try_patterns
from fitcheck.rules import Bilingual, Block, Patterns, Source
from fitcheck.toml_lines import find_line, read_toml

__all__ = ["AXIS_FILE", "AxisWords", "Example", "LensRule", "ValueWords", "read_axis", "read_lens_rule"]

AXIS_FILE = "axis.toml"


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Example(_Strict):
    """A text and whether the rule fires on it."""

    lang: Literal["en", "zh"]
    text: str = Field(min_length=1)
    fires: bool
    facts: dict[str, Any] = Field(default_factory=dict)


class LensRule(_Strict):
    """What speaks for one value of one axis.

    Attributes:
        id: The file's name.
        strength: How often it is right where it speaks, 0 to 1.
        says: A sentence more exact than the value's own, by language.
        do: What to do, more exact than the value's own, by language.
        when: Any one of these blocks is enough.
        source: At least one in a file; the kept pack leaves sources and examples out.
    """

    schema_: Literal[1] = Field(alias="schema")
    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    axis: str
    value: str
    strength: Annotated[float, Field(gt=0, le=1)]
    says: Bilingual | None = None
    do: Bilingual | None = None
    when: tuple[Block, ...] = Field(min_length=1)
    source: tuple[Source, ...] = ()
    example: tuple[Example, ...] = ()


class ValueWords(_Strict):
    """What one value is called, what it means and what to do about it.

    Attributes:
        name: Of the axis's closed list.
        label: A few words.
        says: The finding in a sentence or two.
        do: What to do about it.
        only_with: Words one of which stands in any text that this is true of. Where none does, a trained model that
            says so all the same is not believed.
    """

    name: str
    label: Bilingual
    says: Bilingual
    do: Bilingual
    only_with: Patterns | None = None


class AxisWords(_Strict):
    """The words of one axis.

    Attributes:
        rows: The rows of the brief that it answers.
        usual: The answer where nothing speaks.
        label: The axis in a few words.
        asks: What it asks, as a question.
        source: Where the question is from.
        value: Its values, in order.
    """

    schema_: Literal[1] = Field(alias="schema")
    axis: str
    rows: tuple[int, ...] = Field(min_length=1)
    usual: str
    label: Bilingual
    asks: Bilingual
    source: tuple[Source, ...] = Field(min_length=1)
    value: tuple[ValueWords, ...]

    @field_validator("axis")
    @classmethod
    def _known(cls, axis: str) -> str:
        if axis not in AXES:
            raise ValueError(f"no such axis {axis!r}; known: {', '.join(AXES)}")
        return axis

    @model_validator(mode="after")
    def _whole(self) -> AxisWords:
        names = tuple(v.name for v in self.value)
        if names != AXES[self.axis]:
            raise ValueError(f"the values must be {', '.join(AXES[self.axis])} in this order, not {', '.join(names)}")
        if self.usual != USUAL[self.axis]:
            raise ValueError(f"the usual value of {self.axis} is {USUAL[self.axis]!r}")
        return self


def read_lens_rule(path: Path, *, compile_patterns: bool = True) -> LensRule:
    """Read one rule file.

    Args:
        path: `<axis>/<id>.toml`.
        compile_patterns: Try each pattern, so that a broken one is named with its line.

    Raises:
        RuleError: The file is broken; names the line and quotes it.
    """
    values = read_toml(path)
    if "id" in values:
        raise RuleError(quote_line(path, *find_line(path, ("id",)), "the file's name is the id; drop this"))
    rule = _checked(path, LensRule, {**values, "id": path.stem})
    if not rule.source:
        raise RuleError(f"{path}: a rule says where it is from; add a [[source]] with claim, title and seen")
    _refuse_other_axis(path, rule.axis)
    if rule.value not in AXES[rule.axis]:
        what = f"no such value of {rule.axis}; known: {', '.join(AXES[rule.axis])}"
        raise RuleError(quote_line(path, *find_line(path, ("value",)), what))
    if compile_patterns:
        try_patterns(rule.when, path)
    return rule


def read_axis(path: Path) -> AxisWords:
    """Read the words of one axis.

    Raises:
        RuleError: The file is broken; names the line and quotes it.
    """
    axis = _checked(path, AxisWords, read_toml(path))
    _refuse_other_axis(path, axis.axis)
    return axis


def _refuse_other_axis(path: Path, axis: str) -> None:
    folder = path.parent.name
    if folder not in AXES:
        raise RuleError(f"{path}: a file lies in its axis's folder, and {folder}/ is none; known: {', '.join(AXES)}")
    if axis != folder:
        what = f"the file lies in {folder}/, so its axis must be {folder!r}"
        raise RuleError(quote_line(path, *find_line(path, ("axis",)), what))


_Model = TypeVar("_Model", bound=BaseModel)


def _checked(path: Path, model: type[_Model], values: dict[str, Any]) -> _Model:
    try:
        return model.model_validate(values)
    except ValidationError as error:
        # a name that is not known explains one that is missing
        first = min(error.errors(), key=lambda e: e["type"] != "extra_forbidden")
        what = f"{'.'.join(str(p) for p in first['loc'])}: {first['msg'].removeprefix('Value error, ')}".lstrip(": ")
        raise RuleError(quote_line(path, *find_line(path, first["loc"]), what)) from None
