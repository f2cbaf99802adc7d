"""Ideas labelled on the lens's axes, by their author and blindly by a second reader."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NoReturn

from fitcheck.errors import CorpusError, quote_line
from fitcheck.lens.axes import AXES
from fitcheck.resources import corpora_dir
from fitcheck.text import Language

__all__ = ["LensScenario", "read_lens_scenarios"]

_WORDS = ("id", "pair", "lang", "form", "text", "verdict")
_VERDICTS = ("fit", "assist", "overkill", "unfit", "unclear")


@dataclass(frozen=True, slots=True)
class LensScenario:
    """One labelled idea.

    Attributes:
        pair: Shared by its English and its Chinese text, which stay on one side of the split.
        verdict: As its author judges it.
        labels: The author's value on every axis.
        second: The second reader's value on every axis; None where nobody read it again.
    """

    id: str
    pair: str
    lang: Language
    form: str
    text: str
    verdict: str
    labels: dict[str, str]
    second: dict[str, str] | None


def read_lens_scenarios(split: Literal["train", "test"], folder: Path | None = None) -> tuple[LensScenario, ...]:
    """Read the labelled ideas of one side of the split.

    Args:
        split: Which side.
        folder: The folder of `train.jsonl` and `test.jsonl`; None for the shipped one.

    Raises:
        CorpusError: The file is missing or a line is broken; names the file and quotes the line.

    >>> len(read_lens_scenarios("train")) > 300
    True
    """
    file = (folder or corpora_dir() / "lens") / f"{split}.jsonl"
    try:
        lines = file.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusError(f"{file}: can't be read ({error})") from None
    found: dict[str, LensScenario] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        one = _read(file, number, line)
        if one.id in found:
            _refuse(file, number, line, f"the id {one.id!r} stands twice; ids are unique")
        found[one.id] = one
    if not found:
        raise CorpusError(f"{file}: no scenario in it")
    return tuple(found.values())


def _read(file: Path, number: int, line: str) -> LensScenario:
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        _refuse(file, number, line, f"not valid JSON: {error}")
    if not isinstance(row, dict):
        _refuse(file, number, line, "each line is a JSON object")
    known = {*_WORDS, *AXES, "second"}
    if unknown := sorted(set(row) - known):
        _refuse(file, number, line, f"unknown key {unknown[0]!r}; known: {', '.join((*_WORDS, *AXES, 'second'))}")
    for key in _WORDS:
        if not isinstance(row.get(key), str) or not row[key].strip():
            _refuse(file, number, line, f"{key}: a text is missing")
    if row["lang"] not in ("en", "zh"):
        _refuse(file, number, line, f"lang: {row['lang']!r} is neither 'en' nor 'zh'")
    if row["verdict"] not in _VERDICTS:
        _refuse(file, number, line, f"verdict: {row['verdict']!r} is none of {', '.join(_VERDICTS)}")
    second = row.get("second")
    return LensScenario(
        **{key: row[key] for key in _WORDS},
        labels=_labels(file, number, line, row),
        second=None if second is None else _labels(file, number, line, second, "second."),
    )


def _labels(file: Path, number: int, line: str, row: Any, prefix: str = "") -> dict[str, str]:
    if not isinstance(row, dict):
        _refuse(file, number, line, f"{prefix.rstrip('.')}: give a value for each axis")
    for axis, values in AXES.items():
        if row.get(axis) not in values:
            _refuse(file, number, line, f"{prefix}{axis}: {row.get(axis)!r} is none of {', '.join(values)}")
    return {axis: row[axis] for axis in AXES}


def _refuse(file: Path, number: int, line: str, what: str) -> NoReturn:
    raise CorpusError(quote_line(file, number, line, what))
