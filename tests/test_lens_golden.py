"""Hand-picked ideas with all findings beside their verdicts, as golden reports in both languages."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable

import pytest
from lens_ideas import LENS_IDEAS, LensIdea

from fitcheck import Assessor
from fitcheck.beside import LensFinding
from fitcheck.labels import axis_label, value_label
from fitcheck.lens.axes import AXES, USUAL
from fitcheck.records import Report
from fitcheck.render import content
from fitcheck.render.beside_words import lens_words, part_tool, turn_lines
from fitcheck.render.markup import escape, table
from fitcheck.text import Language
from fitcheck.wording import SYMBOLS, say

LANGUAGES: tuple[Language, ...] = ("en", "zh")
_EXPECTED = {"en": "a careful reader expects", "zh": "细心的读者期望"}
_LEAST_RIGHT = 0.7
_TODAY = dt.date(2026, 11, 23)


@pytest.fixture(scope="module")
def explained() -> dict[tuple[str, str], Report]:
    """Return the report on each idea in each language, with what would turn it."""
    asked = [(idea, lang) for idea in LENS_IDEAS for lang in LANGUAGES]
    assessor = Assessor()
    reports = assessor.assess_many([idea.text(lang) for idea, lang in asked], today=_TODAY)
    return {(i.id, lang): assessor.explain(report) for (i, lang), report in zip(asked, reports, strict=True)}


def told(idea: LensIdea, report: Report, lang: Language) -> list[str]:
    """Return one idea's report: the verdict, every finding, parts, turn and plan, and what a reader expects else."""
    verdict = report.verdict.value
    lines = [f"## {idea.id}", "", f"> {escape(report.use_case.text)}", ""]
    lines += [f"{SYMBOLS[verdict]} **{say(verdict, lang)}** · {content.percent(report.probability)}", ""]
    words = lens_words(report.lens, lang)
    by_axis = {f.axis: f for f in (*words.spoken, *words.usual, *words.unsaid)}
    rows = []
    for finding in report.lens:
        f = by_axis[axis_label(finding.axis, lang)]
        strong = "**" if f in words.spoken else ""
        cells = (f.axis, f.value, f.rests_on, f.says, f.do, f.sure)
        rows.append([escape(cells[0]), f"{strong}{escape(cells[1])}{strong}", *(escape(c) for c in cells[2:])])
    head = [say(key, lang) for key in ("finding", "answer", "rests on", "why", "do it", "sure")]
    lines += [*table(head, rows, right=1), ""]
    for part in report.parts:
        mark = say(part.verdict.value, lang)
        lines.append(f"- {say('part', lang)}: “{escape(part.text)}” {mark}, {escape(part_tool(part, lang))}")
    if turn := turn_lines(report.turn, lang):
        lines.append(f"- {say('turn', lang)}: {escape(' '.join(turn))}")
    if plan := report.plan:
        lines.append(f"- {say('plan', lang)}: {escape(plan.title[lang])}")
    other = [
        f"{axis_label(f.axis, lang)} ({value_label(f.axis, idea.expected[f.axis], lang)})"
        for f in report.lens
        if f.value != idea.expected.get(f.axis, f.value)
    ]
    lines += [f"- {_EXPECTED[lang]}: {escape(say('list', lang).join(other))}"] if other else []
    return [*lines, ""]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_golden_findings(
    lang: Language, explained: dict[tuple[str, str], Report], golden: Callable[[str, str], None]
) -> None:
    lines = [line for idea in LENS_IDEAS for line in told(idea, explained[idea.id, lang], lang)]
    golden(f"lens.{lang}.md", "\n".join(lines).rstrip() + "\n")


def test_together_the_ideas_say_every_value() -> None:
    said = {(axis, value) for idea in LENS_IDEAS for axis, value in idea.expected.items()}
    silent = {(axis, USUAL[axis]) for idea in LENS_IDEAS for axis in AXES.keys() - idea.expected.keys()}
    assert said | silent == {(axis, value) for axis, values in AXES.items() for value in values}
    assert len(LENS_IDEAS) >= 20


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_axis_answers_for_every_idea(lang: Language, explained: dict[tuple[str, str], Report]) -> None:
    for idea in LENS_IDEAS:
        found = explained[idea.id, lang].lens
        assert [f.axis for f in found] == list(AXES)
        assert all(f.value in AXES[f.axis] and f.says[lang] and f.do[lang] for f in found)


def test_quotes_are_words_of_the_idea(explained: dict[tuple[str, str], Report]) -> None:
    for report in explained.values():
        for f in report.lens:
            if f.quote:
                assert report.text[f.start : f.start + len(f.quote)].casefold() == f.quote.casefold()


def disagreements(explained: dict[tuple[str, str], Report], lang: Language) -> list[tuple[str, str, str, LensFinding]]:
    """Return where a finding is another than a careful reader expects: idea, axis, what was expected, the finding."""
    return [
        (idea.id, axis, value, found)
        for idea in LENS_IDEAS
        for axis, value in idea.expected.items()
        for found in explained[idea.id, lang].lens
        if found.axis == axis and found.value != value
    ]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_findings_are_what_a_careful_reader_expects(lang: Language, explained: dict[tuple[str, str], Report]) -> None:
    wrong = disagreements(explained, lang)
    n_expected = sum(len(idea.expected) for idea in LENS_IDEAS)
    by_axis = Counter(axis for _, axis, _, _ in wrong)
    lines = [f"{name} {axis}: {value} expected, {f.value} found ({f.basis})" for name, axis, value, f in wrong]
    assert len(wrong) <= (1 - _LEAST_RIGHT) * n_expected, f"{by_axis}\n" + "\n".join(lines)
