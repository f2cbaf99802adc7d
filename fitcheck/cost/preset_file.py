"""Reading a preset's file, with errors that quote its line."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NoReturn

from fitcheck.cost.formulas import EXACT, compiled, names_in
from fitcheck.cost.presets import AGREED, Api, Own, Preset
from fitcheck.cost.sheet import Input, Line
from fitcheck.errors import CostError, quote_line
from fitcheck.toml_lines import find_line, line_of

__all__ = ["read_preset"]

_FIELDS = {
    "schema": int,
    "id": str,
    "title": list,
    "about": list,
    "way": str,
    "people": dict,
    "api": dict,
    "own": dict,
    "input": dict,
    "line": dict,
}
_OPTIONAL = {"instead": str, "latency": dict, "note": list}
_INPUT = {"range": list, "unit": str, "words": list, "source": str}
_LINE = {"formula": str, "unit": str, "words": list}
_PARTS = {"people": ("option", "input"), "api": ("provider", "model"), "own": ("model", "gpu")}
_LIMITS = ("max_ttft_ms", "max_tpot_ms")
_NEEDED = ("calls_per_month", "tokens_in", "tokens_out", "hours_saved_gross_per_month")


def read_preset(path: Path) -> Preset:
    """Read a preset from a file.

    Raises:
        CostError: The file is broken; the message names the file and quotes the line.
    """
    try:
        text = path.read_text("utf-8")
        read = tomllib.loads(text, parse_float=Decimal)
    except (OSError, UnicodeDecodeError) as error:
        raise CostError(f"{path}: can't be read: {error}") from None
    except tomllib.TOMLDecodeError as error:
        raise CostError(quote_line(path, *line_of(text, error), f"no TOML: {error}")) from None
    return _Reader(path, read).preset()


class _Reader:
    def __init__(self, path: Path, read: Mapping[str, Any]) -> None:
        self.path = path
        self.read = read

    def preset(self) -> Preset:
        read = self.read
        self.fields("", read, _FIELDS, _OPTIONAL)
        if read["schema"] != 1:
            self.fail("schema", f"schema {read['schema']} is unknown; write 1")
        if read["way"] not in ("api", "own"):
            self.fail("way", f"{read['way']!r} is no way; write api or own")
        for part, names in _PARTS.items():
            for name in names:
                if not isinstance(read[part].get(name), str):
                    self.fail(part, f"{part} lacks {name}")
        inputs = tuple(self.input(name, row) for name, row in read["input"].items())
        lines = self.lines({one.name for one in inputs})
        people = read["people"]
        if people["input"] not in read["input"]:
            self.fail("people", f"people sets the input {people['input']!r}, which the file lacks")
        limits = read.get("latency", {})
        for name in limits:
            if name not in _LIMITS:
                self.fail("latency", f"{name} is no limit; there are {' and '.join(_LIMITS)}")
        return Preset(
            id=read["id"],
            title=self.pair("title", read["title"]),
            about=self.pair("about", read["about"]),
            people=people["option"],
            people_input=people["input"],
            way=read["way"],
            api=self.made(Api, "api"),
            own=self.made(Own, "own"),
            max_ttft_ms=float(limits["max_ttft_ms"]) if "max_ttft_ms" in limits else None,
            max_tpot_ms=float(limits["max_tpot_ms"]) if "max_tpot_ms" in limits else None,
            instead=read.get("instead"),
            inputs=inputs,
            lines=lines,
            notes=tuple({"en": note["en"], "zh": note["zh"]} for note in read.get("note", ())),
        )

    def made(self, kind: type[Any], part: str) -> Any:
        try:
            return kind(**self.read[part])
        except TypeError as error:
            self.fail(part, f"{part}: {str(error).split(') ')[-1]}")

    def input(self, name: str, row: Mapping[str, Any]) -> Input:
        place = f"[input.{name}]"
        self.fields(place, row, _INPUT)
        values = row["range"]
        if len(values) != 3 or any(isinstance(v, bool) or not isinstance(v, int | Decimal) for v in values):
            self.fail(place, f"{name}: range is three numbers: low, middle, high")
        if not row["source"].strip():
            self.fail(place, f"{name}: a range needs its source; say 'order of magnitude' where it is one")
        words = self.pair(place, row["words"])
        low, mid, high = (Decimal(v) for v in values)
        try:
            return Input(name, low, mid, high, row["unit"], words["en"], words["zh"], row["source"])
        except CostError as error:
            self.fail(place, str(error))

    def lines(self, known: set[str]) -> tuple[Line, ...]:
        lines = []
        seen = {*known, *AGREED, *EXACT}
        for name, row in self.read["line"].items():
            place = f"[line.{name}]"
            self.fields(place, row, _LINE)
            try:
                compiled(row["formula"])
                unknown = sorted(names_in(row["formula"]) - seen)
            except (CostError, SyntaxError) as error:
                self.fail(place, f"{name}: {error}")
            if unknown:
                self.fail(place, f"{name}: the formula uses {', '.join(unknown)}, which stands nowhere above it")
            if name in seen:
                self.fail(place, f"{name}: stands twice")
            words = self.pair(place, row["words"])
            lines.append(Line(name, row["formula"], row["unit"], words["en"], words["zh"]))
            seen.add(name)
        for name in _NEEDED:
            if name not in seen:
                self.fail("line", f"there is no line and no input {name}, which every preset needs")
        return tuple(lines)

    def pair(self, place: str, words: list[Any]) -> dict[str, str]:
        if len(words) != 2 or not all(isinstance(w, str) and w.strip() for w in words):
            self.fail(place, 'words are two texts: ["English", "Chinese"]')
        return {"en": words[0], "zh": words[1]}

    def fields(
        self, place: str, row: Any, needed: Mapping[str, type], optional: Mapping[str, type] | None = None
    ) -> None:
        if not isinstance(row, dict):
            self.fail(place, "should be a table")
        known = {**needed, **(optional or {})}
        for name, value in row.items():
            if name not in known:
                near = get_close_matches(name, known, n=1, cutoff=0.5)
                self.fail(place or name, f"{name} is unknown; " + (f"did you mean {near[0]}?" if near else "drop it"))
            if not isinstance(value, known[name]):
                self.fail(place or name, f"{name} should be a {known[name].__name__}")
        for name in needed:
            if name not in row:
                self.fail(place, f"{place or 'the file'} lacks {name}")

    def fail(self, place: str, what: str) -> NoReturn:
        needle = place if place.startswith("[") else None
        number, line = find_line(self.path, () if needle else (place,), needle) if place else (None, None)
        raise CostError(quote_line(self.path, number, line, what))
