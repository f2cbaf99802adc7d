"""A plan for people: in a terminal, and in Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fitcheck.beside import Plan, PlanStep
from fitcheck.records import Report, Verdict
from fitcheck.render import content
from fitcheck.render.layout import COLOURS, MAX_WIDTH, WIDTH, Page
from fitcheck.render.markup import escape
from fitcheck.text import Language
from fitcheck.wording import SYMBOLS, say

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["plan_markdown", "plan_text", "print_plan"]

_IDEA_CHARS = 320
_HEADS: dict[str, tuple[str, str]] = {
    "do": ("Steps", "步骤"),
    "guard": ("Guardrails", "护栏"),
    "measure": ("Measure first", "先量什么"),
    "baseline": ("Has to beat", "要赢过什么"),
    "case": ("Ten test cases to write", "先写十个测试用例"),
}
_NUMBERED = ("do", "case")
_TOOLS = ("Open-source tools", "开源工具")
_COST = ("Cost", "成本")
_NONE = (
    'No plan yet, since the verdict is unclear. fitcheck ask "…" asks for what is missing.',
    "结论还说不清，先不列计划。fitcheck ask “…” 会问清缺什么。",
)


def plan_text(report: Report, *, lang: Language | None = None, width: int | None = None) -> str:
    """Return a report's plan as lines for a terminal.

    Args:
        report: The report.
        lang: The reader's language; None for the report's own.
        width: In cells; None for 80.
    """
    page = Page(width or WIDTH)
    _write(page, report, lang or report.lang)
    return page.text()


def print_plan(report: Report, console: Console, *, lang: Language | None = None) -> None:
    """Print a report's plan to a console, in colour where the console has colours."""
    page = Page(min(console.width, MAX_WIDTH))
    _write(page, report, lang or report.lang)
    page.print(console)


def plan_markdown(report: Report, *, lang: Language | None = None) -> str:
    """Return a report's plan as Markdown; what the idea says can't become markup.

    Args:
        report: The report.
        lang: The reader's language; None for the report's own.
    """
    lang = lang or report.lang
    plan = report.plan
    head = f"**{SYMBOLS[report.verdict]} {say(report.verdict.value, lang)}**{_sure(report)}"
    idea = f"> {escape(content.shorten(report.use_case.text, _IDEA_CHARS))}"
    if plan is None:
        return "\n".join([head, "", idea, "", escape(_of(_NONE, lang))])
    lines = [f"## {escape(plan.title[lang])}", "", head, "", idea, ""]
    lines += [f"### {_of(_TOOLS, lang)}", ""]
    for tool in plan.tools:
        licence, does = escape(tool.licence), escape(tool.does[lang])
        lines.append(f"- [{escape(tool.name)}](<{tool.url}>) ({licence}): {does}")
    lines.append("")
    for kind, steps in _groups(plan):
        lines += [f"### {_of(_HEADS[kind], lang)}", ""]
        mark = "{}." if kind in _NUMBERED else "-"
        lines += [f"{mark.format(n)} {escape(s.words[lang])}" for n, s in enumerate(steps, 1)]
        lines.append("")
    if plan.cost is not None:
        lines += [f"### {_of(_COST, lang)}", "", escape(plan.cost[lang]), ""]
    return "\n".join(lines).rstrip()


def _write(page: Page, report: Report, lang: Language) -> None:
    verdict = report.verdict.value
    page.line((f"{SYMBOLS[verdict]} {say(verdict, lang)}", f"bold {COLOURS[verdict]}"), _sure(report))
    page.paragraph(f"“{content.shorten(report.use_case.text, _IDEA_CHARS)}”", style="italic")
    plan = report.plan
    if plan is None:
        page.blank()
        page.paragraph(_of(_NONE, lang))
        return
    page.heading(plan.title[lang])
    if plan.cost is not None:
        page.paragraph(plan.cost[lang])
    page.heading(_of(_TOOLS, lang))
    for tool in plan.tools:
        page.line("  ", (tool.name, "bold"), (f"  {tool.licence}", "dim"))
        page.paragraph(tool.does[lang], indent=4)
        page.paragraph(tool.url, indent=4, style="dim")
    for kind, steps in _groups(plan):
        page.heading(_of(_HEADS[kind], lang))
        for number, step in enumerate(steps, 1):
            mark = f"{number:>2}." if kind in _NUMBERED else " -"
            page.entry([(mark, "bold")], step.words[lang])


def _groups(plan: Plan) -> list[tuple[str, list[PlanStep]]]:
    """Return the steps by kind."""
    groups = [(kind, [s for s in plan.steps if s.kind == kind]) for kind in _HEADS]
    return [(kind, steps) for kind, steps in groups if steps]


def _sure(report: Report) -> str:
    if report.verdict is Verdict.UNCLEAR:
        return ""
    return f"  {content.percent(report.probabilities[report.verdict.value])}"


def _of(pair: tuple[str, str], lang: Language) -> str:
    return pair[1] if lang == "zh" else pair[0]
