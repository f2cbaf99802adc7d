"""A report in HTML for a notebook: compact, without a script, readable on light and dark ground."""

from __future__ import annotations

import html

from fitcheck.records import LEARNED, Report, Verdict
from fitcheck.render import content
from fitcheck.render.beside_words import FindingWords, lens_words, part_tool, plan_steps, turn_lines
from fitcheck.render.cost_line import cost_lines
from fitcheck.text import Language
from fitcheck.wording import SYMBOLS, say

__all__ = ["HUES", "badge", "report_html"]

HUES = {"fit": "#2a9d63", "assist": "#3187d6", "overkill": "#c27c0e", "unfit": "#dc5048", "unclear": "#8f68c9"}
"""A colour for each verdict that can be read on white and on black."""

_IDEA_CHARS = 400
_FRAME = (
    "border:1px solid rgba(128,128,128,.4);border-radius:8px;padding:.6em .9em;margin:.3em 0;max-width:60em;"
    "line-height:1.45;text-align:start"
)
_CELL = "text-align:start;padding:.1em .8em .1em 0;border:0;background:none"
_NUMBER = "text-align:end;padding:.1em 0 .1em .8em;border:0;background:none;font-variant-numeric:tabular-nums"


def badge(verdict: str, lang: Language) -> str:
    """Return a verdict with its mark, in its colour."""
    return f'<b style="color:{HUES[verdict]}">{SYMBOLS[verdict]} {html.escape(say(verdict, lang))}</b>'


def report_html(report: Report, *, lang: Language | None = None) -> str:
    """Return a report as a piece of HTML; what the idea says can't become markup.

    Args:
        report: The report.
        lang: The reader's language; None for the report's own.
    """
    lang = lang or report.lang
    verdict = report.verdict.value
    sure = "" if report.verdict is Verdict.UNCLEAR else f" {content.percent(report.probabilities[verdict])}"
    lines = [
        f"<div>{badge(verdict, lang)}<b>{html.escape(sure)}</b>{_name(report)}</div>",
        f"<div>{html.escape(content.verdict_sentence(report, lang))}</div>",
        f'<div dir="auto" style="opacity:.75;margin:.4em 0"><i>“{_short(report.use_case.text)}”</i></div>',
        *(_reason(r, lang) for r in content.reasons(report, lang)),
    ]
    if advice := content.advice(report, lang):
        lines.append(f"<div><b>{html.escape(advice[0])}</b> {html.escape(advice[1])}</div>")
    lines += [*_parts(report, lang), *_turn(report, lang)]
    if report.cost is not None:
        head, _ = cost_lines(report.cost, lang)
        lines.append(f"<div><b>{html.escape(say('cost', lang))}</b> {html.escape(head)}</div>")
    folded = f"{_lens(report, lang)}{_plan(report, lang)}{_ledger(report, lang)}"
    return f'<div style="{_FRAME}">{"".join(lines)}{folded}</div>'


def _name(report: Report) -> str:
    return (
        f' <span style="opacity:.7">{html.escape(content.clean(report.use_case.id))}</span>'
        if report.use_case.id
        else ""
    )


def _short(text: str) -> str:
    return html.escape(content.shorten(text, _IDEA_CHARS))


def _parts(report: Report, lang: Language) -> list[str]:
    if not report.parts:
        return []
    lines = [
        f"<div>{badge(part.verdict.value, lang)} “{_short(part.text)}” "
        f'<span style="opacity:.75">{html.escape(part_tool(part, lang))}</span></div>'
        for part in report.parts
    ]
    return [f"<div><b>{html.escape(say('parts', lang))}</b></div>", *lines]


def _turn(report: Report, lang: Language) -> list[str]:
    lines = turn_lines(report.turn, lang)
    if not lines:
        return []
    told = "".join(f'<div dir="auto" style="opacity:.75">{html.escape(line)}</div>' for line in lines[1:])
    return [f"<div><b>{html.escape(say('turn', lang))}</b> {html.escape(lines[0])}</div>{told}"]


def _lens(report: Report, lang: Language) -> str:
    """Return the lens's findings, folded."""
    words = lens_words(report.lens, lang)
    rows = [_finding(f) for f in words.spoken]
    unsaid = say("list", lang).join(f.axis for f in words.unsaid)
    usual = " · ".join(f.value for f in words.usual)
    rest = [
        f'<div style="opacity:.75">{html.escape(say(key, lang, names=names))}</div>'
        for key, names in (("not said", unsaid), ("as usual", usual))
        if names
    ]
    if not rows and not rest:
        return ""
    table = f'<table style="border-collapse:collapse;border:0;margin:.3em 0">{"".join(rows)}</table>' if rows else ""
    return f"<details><summary>{html.escape(say('lens', lang))}</summary>{table}{''.join(rest)}</details>"


def _finding(f: FindingWords) -> str:
    value = f"<b>{html.escape(f.value)}</b>" if f.warns else html.escape(f.value)
    told = html.escape(" → ".join(filter(None, (f.says, f.do))))
    return (
        f'<tr style="background:none"><th style="{_CELL}">{html.escape(f.axis)}</th><td style="{_CELL}">{value} '
        f'<small style="opacity:.7">{html.escape(f.rests_on)}</small><br>{told}</td>'
        f'<td style="{_NUMBER}">{html.escape(f.sure)}</td></tr>'
    )


def _plan(report: Report, lang: Language) -> str:
    """Return the plan's title, tools and steps, folded."""
    plan = report.plan
    if plan is None:
        return ""
    title = html.escape(content.clean(plan.title.get(lang, "")))
    names = say("list", lang).join(content.clean(t.name) for t in plan.tools)
    tools = f"<div>{html.escape(say('tools', lang, names=names))}</div>" if names else ""
    steps = plan_steps(plan, "do", lang) + plan_steps(plan, "guard", lang)
    told = "".join(f"<li>{html.escape(step)}</li>" for step in steps)
    summary = f"{html.escape(say('plan', lang))}: {title}" if lang == "en" else f"{say('plan', lang)}：{title}"
    return f"<details><summary>{summary}</summary>{tools}<ol>{told}</ol></details>"


def _reason(reason: content.Reason, lang: Language) -> str:
    why = f"<br>{html.escape(reason.why)}" if reason.why else ""
    size = f"{html.escape(say(reason.verdict.value, lang))} {content.nats(reason.log_odds)}"
    return f"<div>• <b>{html.escape(reason.title)}</b> ({size}){why}</div>"


def _ledger(report: Report, lang: Language) -> str:
    """Return the ledger, folded."""
    if not report.ledger:
        return ""
    head = "".join(f'<th style="{_NUMBER}">{html.escape(say(v.value, lang))}</th>' for v in LEARNED)
    rows = [f'<tr style="background:none"><th style="{_CELL}"></th>{head}</tr>']
    for row in content.ledger_rows(report, lang):
        details = f'<br><small style="opacity:.7">{html.escape(" · ".join(row.details))}</small>' if row.details else ""
        sizes = [content.nats(row.sizes[v]) if v in row.sizes else "" for v in LEARNED]
        rows.append(_row(f"{html.escape(row.name)}{details}", sizes))
    totals = report.totals()
    rows.append(_row(f"<b>{html.escape(say('total', lang))}</b>", [content.nats(totals[v.value]) for v in LEARNED]))
    chances = [html.escape(content.percent(report.probabilities[v.value])) for v in LEARNED]
    rows.append(_row(html.escape(say("probability", lang)), chances))
    table = f'<table style="border-collapse:collapse;border:0;margin:.3em 0">{"".join(rows)}</table>'
    return f"<details><summary>{html.escape(say('ledger', lang))}</summary>{table}</details>"


def _row(name: str, numbers: list[str]) -> str:
    cells = "".join(f'<td style="{_NUMBER}">{n}</td>' for n in numbers)
    return f'<tr style="background:none"><td style="{_CELL}">{name}</td>{cells}</tr>'
