"""A portfolio at a glance, for a notebook."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from fitcheck.portfolio import sums
from fitcheck.portfolio.record import VERDICTS
from fitcheck.portfolio.words import tell
from fitcheck.render.content import shorten, usd
from fitcheck.render.html import HUES, badge
from fitcheck.row_errors import error_words
from fitcheck.text import Language

if TYPE_CHECKING:
    from fitcheck.portfolio.record import Entry, Portfolio

__all__ = ["portfolio_glance"]

_MAX_IDEAS = 10
_CELL = "text-align:start;padding:.15em .9em .15em 0;border:0;background:none"


def portfolio_glance(portfolio: Portfolio, lang: Language) -> str:
    """Return counts, money and the first ideas as a piece of HTML without a script."""
    counts = portfolio.counts
    judged = [f"{badge(v, lang)} {counts[v]:,}" for v in VERDICTS]
    judged += [f"<b>{html.escape(tell('error', lang))}</b> {counts['error']:,}"] if counts["error"] else []
    strip = "".join(
        f'<span style="flex:{counts[v]};background:{HUES[v]};height:.6em"></span>' for v in VERDICTS if counts[v]
    )
    added = sums.money(portfolio.entries)
    money = ""
    if any(added.n_known.values()):
        told = (("to build", added.usd_to_build), ("burnt", added.usd_burnt))
        pairs = [(tell("usd", lang, usd=usd(amount)), html.escape(tell(key, lang))) for key, amount in told]
        # in Chinese the amount comes last
        money = " · ".join(" ".join(reversed(pair) if lang == "zh" else pair) for pair in pairs)
        money = f"<div>{money}</div>"
    rows = "".join(_row(entry, lang) for entry in portfolio.entries[:_MAX_IDEAS])
    more = len(portfolio) - _MAX_IDEAS
    rest = f'<div style="opacity:.7">{html.escape(tell("more", lang, n=f"{more:,}"))}</div>' if more > 0 else ""
    return (
        '<div style="border:1px solid rgba(128,128,128,.4);border-radius:8px;padding:.6em .9em;max-width:70em">'
        f"<div>{' &nbsp; '.join(judged)}</div>"
        f'<div style="display:flex;border-radius:.3em;overflow:hidden;margin:.4em 0">{strip}</div>'
        f'{money}<table style="border-collapse:collapse;border:0;margin:.4em 0">{rows}</table>{rest}</div>'
    )


def _row(entry: Entry, lang: Language) -> str:
    report = entry.report
    mark = badge(entry.verdict, lang) if report is not None else f"<b>{html.escape(tell('error', lang))}</b>"
    words = html.escape(shorten(report.use_case.text if report is not None else error_words(entry.error, lang), 110))
    cells = "".join(f'<td style="{_CELL}">{cell}</td>' for cell in (entry.number, mark, words))
    return f'<tr style="background:none">{cells}</tr>'
