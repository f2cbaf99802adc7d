"""A report as short as a failing test may be: the idea, the verdict, why, what would turn it, the ledger."""

from __future__ import annotations

from fitcheck.records import LEARNED, Report, Verdict
from fitcheck.render import content
from fitcheck.render.beside_words import turn_lines
from fitcheck.render.cost_line import cost_lines
from fitcheck.render.layout import GAP, pad, widest, wrap
from fitcheck.text import Language
from fitcheck.wording import say

__all__ = ["as_listed", "told", "verdict_told"]

_WIDTH = 96
_NAME_CELLS = 44
_IDEA_CHARS = 320


def told(report: Report, *, lang: Language | None = None) -> str:
    """Return what a person needs to see why an idea was judged so, without opening a file.

    Args:
        report: The report.
        lang: The reader's language; None for the report's own.
    """
    lang = lang or report.lang
    lines = [
        f"“{content.shorten(report.use_case.text, _IDEA_CHARS)}”",
        verdict_told(report, lang),
        *(f"{say('why', lang)}: {reason}" for reason in _reasons(report, lang)),
    ]
    if advice := content.advice(report, lang):
        lines.append(f"{advice[0]}: {advice[1]}")
    # the change alone: the changed idea would take as much room as all the rest
    lines += [f"{say('turn', lang)}: {line}" for line in turn_lines(report.turn, lang)[:1]]
    if report.cost is not None:
        head, _ = cost_lines(report.cost, lang)
        lines.append(f"{say('cost', lang)}: {head}")
    wrapped = (row for line in lines for row in wrap(line, _WIDTH))
    return "\n".join([*wrapped, "", *_ledger(report, lang)])


def verdict_told(report: Report, lang: Language) -> str:
    """Return the verdict and the four probabilities in one line."""
    shares = ", ".join(f"{say(v.value, lang)} {content.percent(report.probabilities[v.value])}" for v in LEARNED)
    return f"{as_listed(report.verdict.value, lang)} ({shares})"


def as_listed(verdict: str, lang: Language) -> str:
    """Return a verdict's word; beside a Chinese one stands what is written in a file."""
    return verdict if lang == "en" else f"{say(verdict, lang)} {verdict}"


def _reasons(report: Report, lang: Language) -> list[str]:
    if report.why_unclear is not None:
        return [say(report.why_unclear, lang)]
    return [
        f"{r.title} ({say(r.verdict.value, lang)} {content.nats(r.log_odds)}){f': {r.why}' if r.why else ''}"
        for r in content.reasons(report, lang)
    ]


def _ledger(report: Report, lang: Language) -> list[str]:
    rows = content.ledger_rows(report, lang)
    heads = {v: say(v.value, lang) for v in LEARNED}
    columns = {v: max(6, widest([heads[v]])) for v in LEARNED}

    def line(name: str, cells: dict[Verdict, str], after: str = "") -> str:
        figures = "".join(" " * GAP + pad(cells.get(v, ""), columns[v], right=True) for v in LEARNED)
        return f"  {pad(name, _NAME_CELLS)}{figures}{' ' * GAP + after if after else ''}".rstrip()

    lines = [f"{say('ledger', lang)} ({say('unit', lang)})", line("", heads)]
    for row in rows:
        first, *more = wrap(row.name, _NAME_CELLS) or [""]
        stale = f"({say('stale mark', lang)})" if row.stale else ""
        lines.append(line(first, {v: content.nats(s) for v, s in row.sizes.items()}, stale))
        lines += [f"  {one}" for one in more]
        if row.details:
            lines += [f"    {one}" for one in wrap(" · ".join(row.details), _WIDTH - 4)]
    totals = report.totals()
    lines.append(line(say("total", lang), {v: content.nats(totals[v.value]) for v in LEARNED}))
    lines.append(line(say("probability", lang), {v: content.percent(report.probabilities[v.value]) for v in LEARNED}))
    return lines
