"""Uses that fitcheck knows: their assumptions, each with a range and a source, read from `presets/*.toml`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from fitcheck.cost.figures import input_of
from fitcheck.cost.sheet import Input, Line
from fitcheck.errors import CostError

if TYPE_CHECKING:
    from fitcheck.cost.asking import CostQuestion
    from fitcheck.cost.budget import Asked

__all__ = ["AGREED", "Api", "Own", "Preset", "load_preset", "load_presets", "preset_names"]

AGREED = ("volume_factor", "price_factor", "hardware_factor")
"""Inputs that every estimate has, which a preset's formulas may use."""


@dataclass(frozen=True, slots=True)
class Api:
    """The model by API that a preset is priced with.

    Attributes:
        provider: Who serves it.
        model: Its name.
        batch: Whether answers may wait, at the batch price.
    """

    provider: str
    model: str
    batch: bool = False


@dataclass(frozen=True, slots=True)
class Own:
    """The open model and the card that a preset is priced with.

    Attributes:
        model: Its name.
        gpu: The card's name.
        precision: Of the weights, such as `fp8`; None for the model's own.
    """

    model: str
    gpu: str
    precision: str | None = None


@dataclass(frozen=True, slots=True)
class Preset:
    """A use with its assumptions.

    Attributes:
        id: Its name on the command line.
        title: What it is, by language.
        about: What it does and leaves out, by language.
        people: What is counted, which is also the command line's option, such as `developers`.
        people_input: The input that the count sets.
        way: How it is run unless said otherwise.
        api: The model by API.
        own: The model and card of one's own.
        max_ttft_ms: Longest time to the first token, milliseconds.
        max_tpot_ms: Longest time for each further token, milliseconds.
        instead: The simpler technique to set beside it.
        inputs: Its assumptions.
        lines: Its formulas, over its inputs and `AGREED`.
        notes: What is left out, by language.
    """

    id: str
    title: dict[str, str]
    about: dict[str, str]
    people: str
    people_input: str
    way: Literal["api", "own"]
    api: Api
    own: Own
    max_ttft_ms: float | None
    max_tpot_ms: float | None
    instead: str | None
    inputs: tuple[Input, ...]
    lines: tuple[Line, ...]
    notes: tuple[dict[str, str], ...]

    def fill(self, question: CostQuestion) -> CostQuestion:
        """Return a question with the preset's choices where nothing was said.

        A model that is named is the one of the way asked for; the other way keeps the preset's.
        """
        way = question.way or ("own" if question.gpu is not None else self.way)
        named_own = question.model if way == "own" else None
        named_api = question.model if way == "api" else None
        api_model = question.api_model or named_api
        own_model = question.own_model or named_own
        wants_own = way == "own" or question.gpu is not None
        is_own_precision = own_model is None and question.gpu in (None, self.own.gpu)
        return replace(
            question,
            way=way,
            api_model=api_model or self.api.model,
            provider=question.provider or (self.api.provider if api_model is None else None),
            batch=question.batch or (self.api.batch and api_model is None),
            own_model=own_model or self.own.model,
            gpu=(question.gpu if question.gpu is not None else self.own.gpu) if wants_own else None,
            precision=question.precision or (self.own.precision if is_own_precision else None),
            max_ttft_ms=self.max_ttft_ms if question.max_ttft_ms is None else question.max_ttft_ms,
            max_tpot_ms=self.max_tpot_ms if question.max_tpot_ms is None else question.max_tpot_ms,
            instead=question.instead or self.instead,
        )

    def add_to(self, asked: Asked, question: CostQuestion) -> None:
        """Add the assumptions and formulas to an estimate in the making; what a user said wins.

        Raises:
            CostError: `people` makes no sense, or calls are given, which the preset works out.
        """
        if question.calls is not None:
            raise CostError(
                f"calls: {self.id} works them out; give --{self.people}, or set what they are worked out from "
                "(--explain shows it)"
            )
        one = next(i for i in self.inputs if i.name == self.people_input)
        are_users = one.unit == "people"
        people = question.users if question.people is None and are_users else question.people
        if people is not None:
            asked.add([input_of(one.name, people, one.unit, one.en, one.zh, field=self.people, above=True, most=10**9)])
        if are_users and one.name != "users":
            asked.add([], [Line("users", one.name, one.unit, one.en, one.zh)])
        given = {
            "active_days_per_month": ("days_per_month", question.days_per_month),
            "minutes_saved_per_use": ("minutes_saved", question.minutes_saved),
            "usd_wage_per_hour": ("wage", question.wage),
        }
        for one in self.inputs:
            field, value = given.get(one.name, ("", None))
            asked.add([one if value is None else input_of(one.name, value, one.unit, one.en, one.zh, field=field)])
        asked.add([], self.lines)
        asked.notes += self.notes


@lru_cache(maxsize=1)
def preset_names() -> tuple[str, ...]:
    """Return the names of the presets that ship, in alphabetical order."""
    folder = files("fitcheck.cost") / "presets"
    return tuple(sorted(p.name.removesuffix(".toml") for p in folder.iterdir() if p.name.endswith(".toml")))


def load_presets() -> tuple[Preset, ...]:
    """Return all presets that ship."""
    return tuple(load_preset(name) for name in preset_names())


@lru_cache(maxsize=16)
def load_preset(name: str) -> Preset:
    """Return a preset by its name.

    Raises:
        CostError: There is none of that name; it offers the nearest.

    >>> load_preset("code-assistant").people
    'developers'
    """
    known = preset_names()
    if name not in known:
        near = get_close_matches(name, known, n=2, cutoff=0.4)
        todo = f"did you mean {' or '.join(near)}?" if near else f"there are {', '.join(known)}"
        raise CostError(f"preset: {name!r} is no preset; {todo}")
    from fitcheck.cost.preset_file import read_preset

    return read_preset(Path(str(files("fitcheck.cost") / "presets" / f"{name}.toml")))
