"""What stands beside a verdict, in a terminal: short by default, with a word on where the rest is."""

from __future__ import annotations

from collections.abc import Sequence

from fitcheck.beside import LensFinding, Part, Plan
from fitcheck.render import content
from fitcheck.render.beside_words import FindingWords, lens_words, part_tool, plan_steps
from fitcheck.render.layout import COLOURS, Page, pad, widest
from fitcheck.text import Language
from fitcheck.wording import SYMBOLS, say

__all__ = ["write_lens", "write_parts", "write_plan", "write_turn"]

_QUOTE_CHARS = 48
_STEP_CHARS = 150
_INSIDE = 4
_STEPS_SHOWN = 2
_TOOLS_SHOWN = 4


def write_parts(page: Page, parts: Sequence[Part], lang: Language) -> None:
    """Write the jobs of a mixed idea, each with its verdict and what does it."""
    if not parts:
        return
    page.heading(say("parts", lang), say("parts remark", lang))
    marks = [f"{SYMBOLS[p.verdict.value]} {say(p.verdict.value, lang)}" for p in parts]
    width = widest(marks)
    for part, mark in zip(parts, marks, strict=True):
        page.entry([(pad(mark, width), COLOURS[part.verdict.value])], f"“{content.shorten(part.text, 120)}”")
        page.paragraph(part_tool(part, lang), indent=2 + width + 2, style="dim")


def write_turn(page: Page, lines: Sequence[str], lang: Language) -> None:
    """Write what would turn the verdict: the change, and the idea as changed."""
    if not lines:
        return
    page.heading(say("turn", lang))
    change, *changed = lines
    page.paragraph(change)
    for line in changed:
        page.paragraph(line, indent=4, style="italic")


def write_lens(page: Page, findings: Sequence[LensFinding], lang: Language) -> None:
    """Write the findings that say something, a line or two each, and name the other axes."""
    if not findings:
        return
    words = lens_words(findings, lang)
    page.heading(say("lens", lang), say("lens remark", lang))
    names = widest(f.axis for f in words.spoken)
    sures = widest(f.sure for f in words.spoken)
    for finding in words.spoken:
        _finding(page, finding, names, sures)
    comma = say("list", lang)
    if words.unsaid:
        page.paragraph(say("not said", lang, names=comma.join(f.axis for f in words.unsaid)), style="dim")
    if words.usual:
        page.paragraph(say("as usual", lang, names=" · ".join(f.value for f in words.usual)), style="dim")


def _finding(page: Page, finding: FindingWords, names: int, sures: int) -> None:
    cells = [
        (pad(finding.axis, names), "dim"),
        (pad(finding.sure, sures, right=True), "dim"),
    ]
    quoted = finding.rests_on.startswith("“")
    quote = f"  “{content.shorten(finding.rests_on[1:-1], _QUOTE_CHARS)}”" if quoted else ""
    page.entry(cells, f"{'! ' if finding.warns else ''}{finding.value}{quote}", style="yellow" if finding.warns else "")
    # what only the figures tell, and what is to be mended, is said here; the rest in Markdown
    if finding.given or (finding.warns and not quoted):
        page.paragraph(finding.says, indent=_INSIDE, style="dim")
    if finding.warns and finding.do:
        page.paragraph(f"→ {finding.do}", indent=_INSIDE, hang=2, style="dim")


def write_plan(page: Page, plan: Plan | None, lang: Language) -> None:
    """Write a plan's title, first tools and first steps or guardrails, and how to see the whole."""
    if plan is None:
        return
    page.heading(say("plan", lang), content.clean(plan.title.get(lang, "")))
    if plan.tools:
        names = say("list", lang).join(content.clean(t.name) for t in plan.tools[:_TOOLS_SHOWN])
        page.paragraph(say("tools", lang, names=names))
    # where a model does the work, what keeps it safe comes before how it is built
    steps = plan_steps(plan, "guard", lang) or plan_steps(plan, "do", lang)
    for number, step in enumerate(steps[:_STEPS_SHOWN], 1):
        page.paragraph(f"{number} {content.shorten(step, _STEP_CHARS)}", hang=2)
    page.paragraph(say("more", lang), style="dim")
