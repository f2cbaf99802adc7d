"""What a rule's author did wrong, in words: the place in the file, what is wrong there, and what to write instead."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from fitcheck.records import LEARNED

__all__ = ["did_you_mean", "what_is_wrong"]

Place = tuple[int | str, ...]

_TABLES = ("when", "source", "example")


def what_is_wrong(error: ValidationError, model: type[BaseModel]) -> tuple[str, Place]:
    """Return what to tell of a file that a model refused, and the place that it is about.

    A key that is misspelt is told before the one that is missing for it.

    Args:
        error: The model's.
        model: What the file's top level is.

    Returns:
        Words such as `titel: unknown key; did you mean 'title'?`, and ("titel",); the place is () where only the
        file as a whole can be named.
    """
    found = error.errors()
    missing = {e["loc"] for e in found if e["type"] == "missing"}
    misspelt = (
        e
        for e in found
        if e["type"] == "extra_forbidden"
        and any(loc[:-1] == e["loc"][:-1] and _near(str(e["loc"][-1]), [str(loc[-1])]) for loc in missing)
    )
    first = next(misspelt, found[0])
    place: Place = tuple(p for p in first["loc"] if p != "[key]")
    what = _words(first["type"], first["msg"], first["loc"], first["input"], model)
    # what is missing has no line of its own
    return f"{'.'.join(map(str, place))}: {what}", place[:-1] if first["type"] == "missing" else place


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return the nearest of some names as a question, or where none is near the names themselves.

    >>> did_you_mean("titel", ["title", "why"]), did_you_mean("colour", ["title", "why"])
    ("did you mean 'title'?", 'known: title, why')
    """
    names = list(known)
    near = _near(name, names)
    return f"did you mean {near!r}?" if near else f"known: {', '.join(names)}"


def _near(name: str, known: Sequence[str]) -> str | None:
    return next(iter(get_close_matches(name, known, n=1)), None)


def _words(kind: str, message: str, loc: Place, value: Any, model: type[BaseModel]) -> str:
    what = message.removeprefix("Value error, ")
    if kind == "extra_forbidden":
        return f"unknown key; {did_you_mean(str(loc[-1]), _keys(model, loc[:-1]))}"
    if loc[0] == "weight" and kind == "enum":
        verdicts = [v.value for v in LEARNED]
        near = _near(str(value), verdicts)
        return f"name exactly one of {', '.join(verdicts)}" + (f"; did you mean {near!r}?" if near else "")
    if loc[0] == "weight" and kind == "dict_type":
        return f"write a verdict and its size, such as {{ overkill = {_toml(value)} }}"
    if kind == "literal_error" and isinstance(value, str):
        near = _near(value, message.split("'")[1::2])
        return f"did you mean {near!r}? {what}" if near else what
    if kind == "tuple_type":
        key = str(loc[-1])
        written = (
            f"with two brackets: [[{key}]]" if loc == (key,) and key in _TABLES else f"as a list: {_listed(value)}"
        )
        return f"write it {written}"
    if kind == "model_type" and "facts" in loc:
        return f"write it as a test, such as {{ equals = {_toml(value)} }}"
    return what


def _listed(value: Any) -> str:
    return f"[{_toml(value)}]" if isinstance(value, str | int | float) else "[…]"


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f"'{value}'" if isinstance(value, str) else str(value)


def _keys(model: type[BaseModel], loc: Place) -> list[str]:
    """Return the keys that may stand at a place."""
    for part in loc:
        field = model.model_fields.get(str(part)) if isinstance(part, str) else None
        if field is not None and (inner := next(_models(field.annotation), None)) is not None:
            model = inner
    return [field.alias or name for name, field in model.model_fields.items() if name != "family"]


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)
