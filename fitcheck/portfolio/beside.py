"""What stands beside the verdicts, as the plain values that the page's script reads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from string import digits
from typing import Any

from fitcheck.beside import LensFinding, Part, Plan
from fitcheck.labels import axis_label, value_label
from fitcheck.lens.axes import AXES
from fitcheck.render.beside_words import FindingWords, is_spoken, is_warned, lens_words, part_tool, plan_steps
from fitcheck.render.content import clean, shorten

__all__ = ["axis_words", "packed_axes", "packed_lens", "packed_parts", "packed_plan", "packed_values"]

_KINDS = ("do", "guard", "measure", "baseline")
_PLACES = {axis: {value: digits[i] for i, value in enumerate(values)} for axis, values in AXES.items()}

Texts = Callable[[str, str], int]


def packed_axes() -> list[list[Any]]:
    """Return each axis with its values and, for each value, whether it is to be mended."""
    return [[axis, list(values), [int(is_warned(axis, v)) for v in values]] for axis, values in AXES.items()]


def axis_words() -> dict[str, tuple[str, str]]:
    """Return the words of the axes and of their values, by the script's keys."""
    words = {f"a:{axis}": (axis_label(axis, "en"), axis_label(axis, "zh")) for axis in AXES}
    return words | {
        f"n:{axis}:{v}": (value_label(axis, v, "en"), value_label(axis, v, "zh"))
        for axis, values in AXES.items()
        for v in values
    }


def packed_values(lens: Sequence[LensFinding]) -> str:
    """Return the values of all axes, a digit each, by their places in the axes' lists; empty without a lens.

    >>> from fitcheck.lens.axes import USUAL
    >>> packed_values([LensFinding(a, v, 0.5, "usual", {}, {}) for a, v in USUAL.items()])
    '22232223220064'
    """
    values = {f.axis: f.value for f in lens}
    return "".join(_PLACES[axis][values[axis]] for axis in AXES) if values else ""


def packed_lens(lens: Sequence[LensFinding], texts: Texts) -> list[list[Any]]:
    """Return the findings that say something: axis, sentence, what to do, what it rests on, how sure, whether bad."""
    spoken = [f for f in lens if is_spoken(f)]
    en, zh = lens_words(lens, "en").spoken, lens_words(lens, "zh").spoken
    places = list(AXES)
    return [
        [places.index(f.axis), *_both(a, b, texts), *([1] if a.warns else [])]
        for f, a, b in zip(spoken, en, zh, strict=True)
    ]


def _both(en: FindingWords, zh: FindingWords, texts: Texts) -> list[int]:
    pairs = ((en.says, zh.says), (en.do, zh.do), (en.rests_on, zh.rests_on), (en.sure, zh.sure))
    return [texts(a, b) for a, b in pairs]


def packed_parts(parts: Sequence[Part], texts: Texts) -> list[list[Any]]:
    """Return the jobs of a mixed idea: words, verdict, and what does it."""
    return [
        [texts(words, words), part.verdict.value, texts(part_tool(part, "en"), part_tool(part, "zh"))]
        for part in parts
        for words in [shorten(part.text, 300)]
    ]


def packed_plan(plan: Plan | None, texts: Texts) -> list[Any] | int:
    """Return a plan: title, tools, steps by kind but for the test cases, cost; 0 where there is none."""
    if plan is None:
        return 0

    def told(words: dict[str, str]) -> int:
        return texts(clean(words.get("en", "")), clean(words.get("zh", "")))

    def same(words: str) -> int:
        return texts(clean(words), clean(words))

    steps = [
        [kind, [texts(a, b) for a, b in zip(plan_steps(plan, kind, "en"), plan_steps(plan, kind, "zh"), strict=True)]]
        for kind in _KINDS
    ]
    tools = [[same(t.name), same(t.url), told(t.does)] for t in plan.tools]
    return [told(plan.title), tools, [s for s in steps if s[1]], [told(plan.cost)] if plan.cost is not None else 0]
