"""What stands beside a verdict, in Markdown, in full but for the test cases of a plan."""

from __future__ import annotations

from collections.abc import Sequence

from fitcheck.beside import LensFinding, Part, Plan
from fitcheck.render import content
from fitcheck.render.beside_words import FindingWords, lens_words, part_tool, plan_steps
from fitcheck.render.markup import escape, table
from fitcheck.text import Language
from fitcheck.wording import SYMBOLS, say

__all__ = ["lens_markdown", "parts_markdown", "plan_markdown", "turn_markdown"]

_KINDS = ("do", "guard", "measure", "baseline")


def parts_markdown(parts: Sequence[Part], lang: Language) -> list[str]:
    """Return the jobs of a mixed idea as a table."""
    if not parts:
        return []
    rows = []
    for part in parts:
        verdict = part.verdict.value
        sure = content.percent(part.probabilities[verdict]) if verdict in part.probabilities else ""
        mark = f"{SYMBOLS[verdict]} **{say(verdict, lang)}**"
        rows.append([f"“{escape(part.text)}”", mark, escape(part_tool(part, lang)), escape(sure)])
    head = [say("part", lang), say("verdict", lang), say("tool", lang), say("probability", lang)]
    return [f"### {say('parts', lang)}", "", *table(head, rows, right=1), ""]


def turn_markdown(lines: Sequence[str], lang: Language) -> list[str]:
    """Return what would turn the verdict: the change, and the idea as changed."""
    if not lines:
        return []
    change, *changed = lines
    quotes = [part for line in changed for part in (f"  > {escape(line)}", "")]
    return [f"### {say('turn', lang)}", "", f"- {escape(change)}", "", *quotes]


def lens_markdown(findings: Sequence[LensFinding], lang: Language) -> list[str]:
    """Return all findings: what says something as a table, then what is usual, then what is open."""
    if not findings:
        return []
    words = lens_words(findings, lang)
    lines = [f"### {say('lens', lang)}", "", f"<sub>{escape(say('lens remark', lang))}</sub>", ""]
    if words.spoken:
        head = [say(key, lang) for key in ("finding", "answer", "rests on", "do it", "sure")]
        lines += [*table(head, [_row(f) for f in words.spoken], right=1), ""]
    if words.unsaid:
        names = say("list", lang).join(f.axis for f in words.unsaid)
        lines.append(f"- {escape(say('not said', lang, names=names))}")
        lines += [f"  - {escape(f.do)}" for f in words.unsaid if f.do]
    if words.usual:
        lines.append(f"- {escape(say('as usual', lang, names=' · '.join(f.value for f in words.usual)))}")
    return [*lines, ""]


def _row(finding: FindingWords) -> list[str]:
    value = f"**{escape(finding.value)}**" if finding.warns else escape(finding.value)
    says = f"<br>{escape(finding.says)}" if finding.says else ""
    return [escape(finding.axis), f"{value}{says}", escape(finding.rests_on), escape(finding.do), escape(finding.sure)]


def plan_markdown(plan: Plan | None, lang: Language) -> list[str]:
    """Return a plan: its tools, its steps by kind and its cost; the test cases are left to the command."""
    if plan is None:
        return []
    lines = [f"### {say('plan', lang)}", "", f"**{escape(plan.title.get(lang, ''))}**", ""]
    lines += [
        f"- **{escape(t.name)}** ({escape(t.licence)}, {escape(t.url)}): {escape(t.does.get(lang, ''))}"
        for t in plan.tools
    ]
    lines += [""] if plan.tools else []
    for kind in _KINDS:
        if steps := plan_steps(plan, kind, lang):
            marks = (f"{n}." if kind == "do" else "-" for n in range(1, len(steps) + 1))
            lines += [f"{say(f'step {kind}', lang)}", ""]
            lines += [*(f"{mark} {escape(step)}" for mark, step in zip(marks, steps, strict=True)), ""]
    if plan.cost is not None:
        lines += [f"{say('plan cost', lang)}", "", escape(plan.cost.get(lang, "")), ""]
    return [*lines, f"<sub>{escape(say('more plan', lang))}</sub>", ""]
