"""An idea as its proposer gives it: a text, and the facts that are known."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, field_validator

from fitcheck.errors import UseCaseError
from fitcheck.fact_values import truth_of
from fitcheck.quantities import QUANTITIES, read_quantity, remedy
from fitcheck.taxonomy import CATEGORIES

__all__ = ["CLOSED_LISTS", "TRUTHS", "UseCase"]

NonNegative = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Count = Annotated[int, Field(ge=0, le=10**15)]


class UseCase(BaseModel):
    """An idea and what is known about it. What is not given stays None: unknown, never a default.

    Raises:
        UseCaseError: A field is unknown or its value does not fit.

    >>> UseCase(text="Draft replies", stake="high")
    Traceback (most recent call last):
    fitcheck.errors.UseCaseError: the idea: unknown field 'stake'; did you mean 'stakes'?
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str = Field(description="The idea, in English or Chinese.")
    id: str | None = Field(default=None, description="Your own name for the idea.")

    # volume
    calls_per_month: NonNegative | None = Field(default=None, description="Calls to the model per month.")
    users: Count | None = Field(default=None, description="People who use it.")
    calls_per_user_per_day: NonNegative | None = Field(default=None, description="Calls per user and working day.")
    tokens_in: Count | None = Field(default=None, description="Input tokens per call.")
    tokens_out: Count | None = Field(default=None, description="Output tokens per call.")
    cached_share: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)] | None = Field(
        default=None, description="Share of the input tokens that a prompt cache serves, 0 to 1."
    )
    # what is asked of it
    latency_budget_s: NonNegative | None = Field(default=None, description="Longest bearable answer time, seconds.")
    output: Literal["text", "number", "label", "fields", "code", "image", "decision", "action"] | None = Field(
        default=None, description="What comes out."
    )
    input: Literal["text", "code", "records", "numbers", "image", "audio", "sensor", "physical", "mixed"] | None = (
        Field(default=None, description="What goes in.")
    )
    format: Literal["fixed", "free"] | None = Field(
        default=None, description="fixed: a pattern, list or rule gives the answer."
    )
    task_category: str | None = Field(default=None, description="The core task's category, of the closed list.")
    # what hangs on it
    decides: Literal["model", "person", "method", "none"] | None = Field(
        default=None, description="Whose word takes effect."
    )
    human_review: bool | None = Field(default=None, description="A person checks each output before it takes effect.")
    stakes: Literal["low", "high"] | None = Field(
        default=None, description="high: law, health, safety, money or rights hang on it."
    )
    error_tolerance: Literal["none", "some", "any"] | None = Field(default=None, description="Mistakes one can bear.")
    usd_per_error: NonNegative | None = Field(default=None, description="What one unseen mistake costs, USD.")
    same_answer_required: bool | None = Field(
        default=None, description="The same input must always give the same output."
    )
    data_sensitivity: Literal["public", "internal", "personal", "regulated"] | None = Field(
        default=None, description="The most sensitive data that goes in."
    )
    # what there is today
    existing_solution: str | None = Field(default=None, description="What does the job today.")
    existing_quality: Literal["works", "poor", "none"] | None = Field(
        default=None, description="How well today's solution does it."
    )
    labelled_examples: Count | None = Field(default=None, description="Labelled examples at hand.")
    without_it: Literal["stops", "slower", "nothing"] | None = Field(
        default=None, description="What happens without it: work stops, goes on slower, or nothing."
    )
    # how it would run
    deployment: Literal["api", "own_gpus"] | None = Field(default=None, description="Where the model runs.")
    model: str | None = Field(default=None, description="The model's name, such as gpt-4o-mini.")
    provider: str | None = Field(default=None, description="Who serves it, such as openai.")
    suppliers: tuple[str, ...] | None = Field(
        default=None,
        description='Upstream suppliers it depends on, each as a name or as "link: name", link one of '
        "hardware, cloud, model, data.",
    )
    swap_days: NonNegative | None = Field(default=None, description="Working days to change to another model.")
    exit_ready: bool | None = Field(default=None, description="It is written down how to leave the supplier.")
    data_rights: Literal["own", "licensed", "public", "unclear"] | None = Field(
        default=None, description="By what right the data is used."
    )
    data_terms: Literal["no-training", "may-train", "unknown"] | None = Field(
        default=None, description="Whether the supplier may train on what is sent."
    )
    # what it brings
    usd_value_per_call: NonNegative | None = Field(default=None, description="What one good answer is worth, USD.")
    minutes_saved_per_call: NonNegative | None = Field(default=None, description="Work saved per call, minutes.")
    usd_wage_per_hour: NonNegative | None = Field(default=None, description="Wage of who saves it, USD per hour.")
    payer: Literal["customers", "savings", "nobody"] | None = Field(
        default=None, description="Whose money pays for it: customers outside, own savings, or nobody's."
    )
    charge: Literal["subscription", "per-use", "value-added", "tipping", "none"] | None = Field(
        default=None, description="How money is asked."
    )
    moat: Literal["own-data", "workflow", "distribution", "tuned-model", "regulation", "none"] | None = Field(
        default=None, description="What it has that a platform's next release has not."
    )

    if not TYPE_CHECKING:  # type checkers read the fields

        def __init__(self, /, **values: Any) -> None:
            try:
                self.__pydantic_validator__.validate_python(values, self_instance=self)
            except ValidationError as error:
                raise UseCaseError(f"the idea: {_describe(error)}") from None

        # as pydantic marks its own: else it would call this one for each `model_validate` too
        __init__.__pydantic_base_init__ = True

    @field_validator(*QUANTITIES, mode="before")
    @classmethod
    def _as_people_write(cls, value: Any, info: ValidationInfo) -> Any:
        return read_quantity(info.field_name, value) if isinstance(value, str) and info.field_name else value

    @field_validator("human_review", "same_answer_required", "exit_ready", mode="before")
    @classmethod
    def _yes_or_no(cls, value: Any) -> Any:
        return truth_of(value) if isinstance(value, str) else value

    @field_validator("task_category")
    @classmethod
    def _of_the_list(cls, category: str | None) -> str | None:
        if category is not None and category not in CATEGORIES:
            near = get_close_matches(category, CATEGORIES, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(CATEGORIES)}"
            raise ValueError(f"no such category; {hint}")
        return category

    @classmethod
    def read(cls, values: Mapping[str, Any], *, where: str = "the idea") -> UseCase:
        """Build a use case from untrusted values.

        Args:
            values: Field names to values.
            where: Named in errors: a file, or a row.

        Raises:
            UseCaseError: A field is unknown or its value does not fit.

        >>> UseCase.read({"text": "Draft replies", "calls_per_month": 900}).calls_per_month
        900.0
        """
        try:
            return cls.model_validate(dict(values))
        except ValidationError as error:
            raise UseCaseError(f"{where}: {_describe(error)}") from None

    def facts(self) -> dict[str, Any]:
        """Return the facts that are known, without the text and the id."""
        if len(self.model_fields_set) == 1:  # the text alone
            return {}
        return {k: v for k, v in self if v is not None and k not in ("text", "id")}


CLOSED_LISTS: dict[str, tuple[str, ...]] = {
    name: get_args(kind)
    for name, info in UseCase.model_fields.items()
    for kind in get_args(info.annotation)
    if get_origin(kind) is Literal
}
"""The facts that have one of a few values, and these."""
TRUTHS = tuple(name for name, info in UseCase.model_fields.items() if bool in get_args(info.annotation))
"""The facts that are yes or no."""

_NO_NUMBER = ("float_parsing", "float_type", "int_parsing", "int_type", "int_parsing_size")


def _describe(error: ValidationError) -> str:
    parts = []
    for item in error.errors():
        name = ".".join(str(p) for p in item["loc"])
        if item["type"] == "extra_forbidden":
            near = get_close_matches(name, UseCase.model_fields, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(UseCase.model_fields)}"
            parts.append(f"unknown field {name!r}; {hint}")
        elif item["type"] == "missing":
            parts.append(f"the field {name!r} is missing")
        elif item["type"] in ("bool_parsing", "bool_type"):
            parts.append(f"{name} = {item['input']!r}: write yes or no (true, false, on, off, 1 and 0 will do too)")
        elif item["type"] == "value_error":
            parts.append(f"{name} = {item['input']!r}: {item['ctx']['error']}")
        else:
            what = "" if item["type"] in _NO_NUMBER else f"{item['msg'][:1].lower()}{item['msg'][1:]}"
            parts.append(f"{name} = {item['input']!r}: {'; '.join(filter(None, (what, remedy(name))))}")
    return "; ".join(parts)
