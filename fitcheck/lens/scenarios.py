"""Ideas labelled on the lens's axes, by their author and blindly by a second reader."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NoReturn

from fitcheck.corpus import load_corpus
from fitcheck.errors import CorpusError, quote_line
from fitcheck.lens.axes import AXES
from fitcheck.resources import corpora_dir
from fitcheck.text import Language

__all__ = ["LensScenario", "PartlyLabelled", "read_lens_scenarios", "read_partly_labelled"]

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


@dataclass(frozen=True, slots=True)
class PartlyLabelled:
    """A sentence, or an idea of the corpora, labelled on some axes.

    Attributes:
        text: The text.
        labels: The values on the axes that were read.
    """

    text: str
    labels: dict[str, str]


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
    found: dict[str, LensScenario] = {}
    for number, line, row in _rows(file):
        one = _read(file, number, line, row)
        if one.id in found:
            _refuse(file, number, line, f"the id {one.id!r} stands twice; ids are unique")
        found[one.id] = one
    if not found:
        raise CorpusError(f"{file}: no scenario in it")
    return tuple(found.values())


def read_partly_labelled(folder: Path | None = None) -> tuple[PartlyLabelled, ...]:
    """Read the single sentences, and the ideas of the corpora's train split, that were labelled on some axes.

    Args:
        folder: The folder of `sentences.jsonl` and `borrowed.jsonl`; None for the shipped one.

    Raises:
        CorpusError: A file is missing or a line is broken; names the file and quotes the line.
    """
    folder = folder or corpora_dir() / "lens"
    texts = {s.id: s.text for s in load_corpus() if s.split == "train"}
    found = []
    for name, key in (("sentences.jsonl", "text"), ("borrowed.jsonl", "id")):
        for number, line, row in _rows(folder / name):
            told = row.get(key)
            if not isinstance(told, str) or not told.strip():
                _refuse(folder / name, number, line, f"{key}: a text is missing")
            if key == "id" and told not in texts:
                _refuse(folder / name, number, line, f"id: no idea {told!r} in the corpora's train split")
            found.append(PartlyLabelled(texts[told] if key == "id" else told, _some(folder / name, number, line, row)))
    return tuple(found)


def _rows(file: Path) -> Iterator[tuple[int, str, dict[str, Any]]]:
    """Yield the objects of a file of JSON lines, each with its number and its line."""
    try:
        lines = file.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusError(f"{file}: can't be read ({error})") from None
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            _refuse(file, number, line, f"not valid JSON: {error}")
        if not isinstance(row, dict):
            _refuse(file, number, line, "each line is a JSON object")
        yield number, line, row


def _some(file: Path, number: int, line: str, row: dict[str, Any]) -> dict[str, str]:
    labels = {axis: row[axis] for axis in AXES if axis in row}
    for axis, value in labels.items():
        if value not in AXES[axis]:
            _refuse(file, number, line, f"{axis}: {value!r} is none of {', '.join(AXES[axis])}")
    if not labels:
        _refuse(file, number, line, "no axis is labelled")
    return labels


def _read(file: Path, number: int, line: str, row: dict[str, Any]) -> LensScenario:
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
