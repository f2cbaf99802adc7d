"""A portfolio in Markdown, for a merge request or a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fitcheck.fact_words import question
from fitcheck.labels import LABELS, TECHNIQUES, axis_label, label, value_label
from fitcheck.portfolio import sums
from fitcheck.portfolio.record import VERDICTS
from fitcheck.portfolio.words import INSTEAD_COLUMNS, tell
from fitcheck.render.beside_words import is_warned
from fitcheck.render.content import percent, shorten, usd
from fitcheck.render.layout import bar
from fitcheck.render.markup import escape, table
from fitcheck.row_errors import error_words
from fitcheck.text import Language
from fitcheck.wording import SYMBOLS, say

if TYPE_CHECKING:
    from fitcheck.portfolio.record import Entry, Portfolio

__all__ = ["portfolio_markdown"]

# a merge request's description holds some 65,000 characters
_MAX_IDEAS = 150
_MAX_GROUPS = 15
_MAX_IN_GROUP = 5
_MAX_REMARKS = 20
_MAX_ROWS = 12
_REMARK_CHARS = 400
_BAR = 20
_IDEA_CHARS = 110


def portfolio_markdown(portfolio: Portfolio, lang: Language) -> str:
    """Return a summary and the first ideas; what the ideas say can't become markup."""
    parts = (
        *_head(portfolio, lang),
        *_money(portfolio, lang),
        *_groups(portfolio, lang),
        *_themes(portfolio, lang),
        *_asks(portfolio, lang),
        *_instead(portfolio, lang),
        *_lens(portfolio, lang),
        *_ideas(portfolio, lang),
        *_unread(portfolio, lang),
    )
    return "\n".join(parts).rstrip("\n") + "\n"


def _mark(verdict: str, lang: Language) -> str:
    return f"! {tell('error', lang)}" if verdict == "error" else f"{SYMBOLS[verdict]} {say(verdict, lang)}"


def _count(n: int, lang: Language) -> str:
    return tell("1 idea", lang) if n == 1 else tell("n ideas", lang, n=f"{n:,}")


def _line(entry: Entry, lang: Language) -> str:
    if entry.report is None:
        return escape(shorten(error_words(entry.error, lang), _IDEA_CHARS))
    return escape(shorten(entry.report.use_case.text, _IDEA_CHARS))


def _head(portfolio: Portfolio, lang: Language) -> list[str]:
    about = [shorten(portfolio.source), _count(len(portfolio), lang)]
    about += [tell("made", lang, date=portfolio.made)] if portfolio.made else []
    total = max(1, len(portfolio))
    rows = [
        [_mark(verdict, lang), f"{n:,}", bar(n / total, _BAR), escape(percent(n / total))]
        for verdict, n in portfolio.counts.items()
        if n or verdict != "error"
    ]
    lines = [f"# {escape(portfolio.title) or tell('title', lang)}", "", escape(" · ".join(filter(None, about))), ""]
    if portfolio.n_different:
        key = "1 different" if portfolio.n_different == 1 else "different"
        lines += [f"> {tell(key, lang, n=f'{portfolio.n_different:,}')}", ""]
    return [*lines, *table([tell("verdict", lang), tell("count", lang), "", ""], rows), ""]


def _money(portfolio: Portfolio, lang: Language) -> list[str]:
    added = sums.money(portfolio.entries)
    lines = [f"## {tell('months', lang)}", ""]
    known = sum(added.n_known.values())
    if not known:
        return [*lines, tell("no volume", lang), ""]
    rows = [
        [_mark(verdict, lang), f"{added.n_known[verdict]:,}", usd(amount)]
        for verdict, amount in added.usd_per_month.items()
        if added.n_known[verdict]
    ]
    lines += table([tell("verdict", lang), tell("asked", lang), tell("usd month", lang)], rows, right=2)
    gap = "：" if lang == "zh" else ": "
    told = [("to build", added.usd_to_build), ("burnt", added.usd_burnt)]
    told += [("saved", added.usd_saved)] if added.n_cheaper else []
    lines += ["", *(f"- {tell(key, lang)}{gap}{tell('usd', lang, usd=usd(amount))}" for key, amount in told)]
    counted = (("cheaper", added.n_cheaper), ("dearer", added.n_dearer))
    remarks = [tell(key, lang, n=f"{n:,}") for key, n in counted if n]
    remarks += [tell("orders", lang)] if remarks else []
    remarks.append(tell("known of", lang, n=f"{known:,}", m=f"{len(portfolio):,}"))
    return [*lines, *(f"- {remark}" for remark in remarks), ""]


def _groups(portfolio: Portfolio, lang: Language) -> list[str]:
    lines = [f"## {tell('groups', lang)}", ""]
    if not portfolio.groups:
        return [*lines, tell("no groups", lang), ""]
    for group in portfolio.groups[:_MAX_GROUPS]:
        lines.append(f"- {tell('group', lang, n=f'{len(group.members):,}', s=f'{group.similarity:.2f}')}")
        for place in group.members[:_MAX_IN_GROUP]:
            entry = portfolio.entries[place]
            whose = f" ({escape(shorten(entry.department, 40))})" if entry.department else ""
            lines.append(f"  - {entry.number}: {_mark(entry.verdict, lang)} {_line(entry, lang)}{whose}")
        if len(group.members) > _MAX_IN_GROUP:
            lines.append(f"  - {tell('more', lang, n=f'{len(group.members) - _MAX_IN_GROUP:,}')}")
    if len(portfolio.groups) > _MAX_GROUPS:
        lines.append(f"- {tell('more', lang, n=f'{len(portfolio.groups) - _MAX_GROUPS:,}')}")
    return [*lines, ""]


def _themes(portfolio: Portfolio, lang: Language) -> list[str]:
    if not portfolio.themes:
        return []
    rows = [
        [
            label(t.category, lang) if t.category else tell("mixed", lang),
            escape(" · ".join(t.words)),
            f"{len(t.members):,}",
        ]
        for t in portfolio.themes
    ]
    return [
        f"## {tell('themes', lang)}",
        "",
        *table([tell(key, lang) for key in ("shared category", "key words", "asked")], rows, right=1),
        "",
    ]


def _asks(portfolio: Portfolio, lang: Language) -> list[str]:
    found = sums.asks(portfolio.entries)
    if not found:
        return []
    rows = []
    for ask in found:
        owners = ", ".join(f"{escape(shorten(owner, 40))} ({n})" for owner, n in ask.by_owner[:6])
        rows.append([escape(question(ask.fact, lang)), owners, f"{len(ask.members):,}", f"{len(ask.turned):,}"])
    head = [tell("fact", lang), tell("whom", lang), tell("asked", lang), tell("turned", lang)]
    return [f"## {tell('asks', lang)}", "", *table(head, rows, right=2), ""]


def _instead(portfolio: Portfolio, lang: Language) -> list[str]:
    found = sums.alternatives(portfolio.entries)
    if not found:
        return []
    rows = []
    for a in found:
        name = TECHNIQUES.get(a.kind, (a.kind, a.kind))[lang == "zh"]
        amounts = [usd(x) if a.n_known else "–" for x in (a.usd_model, a.usd_simpler, a.usd_saved, a.usd_build)]
        rows.append([escape(name), f"{len(a.members):,}", f"{a.n_known:,}", *amounts])
    head = [tell(key, lang) for key in INSTEAD_COLUMNS]
    return [f"## {tell('instead', lang)}", "", *table(head, rows, right=6), ""]


def _lens(portfolio: Portfolio, lang: Language) -> list[str]:
    found = sums.lens_counts(portfolio.lenses)
    if not found:
        return []
    lines = [f"## {tell('lens', lang)}", ""]
    if needs := sums.need_by_verdict(portfolio.entries, portfolio.lenses):
        rows = [[value_label("need", need, lang), *(f"{n:,}" for n in by.values())] for need, by in needs.items()]
        head = [tell("need against verdict", lang), *(_mark(v, lang) for v in VERDICTS)]
        lines += [*table(head, rows, right=len(VERDICTS)), ""]
    rows = []
    for axis, values in found.items():
        counts = [_value(axis, v, len(places), lang) for v, places in values.items()]
        rows.append([escape(axis_label(axis, lang)), " · ".join(counts)])
    return [*lines, *table([tell("finding", lang), tell("value", lang)], rows), ""]


def _value(axis: str, value: str, n: int, lang: Language) -> str:
    strong = "**" if is_warned(axis, value) else ""
    return f"{strong}{escape(value_label(axis, value, lang))}{strong} {n:,}"


def _ideas(portfolio: Portfolio, lang: Language) -> list[str]:
    rows = []
    for entry in portfolio.entries[:_MAX_IDEAS]:
        report = entry.report
        category = report.concepts.get("category") if report is not None else None
        amount = entry.usd_per_month
        rows.append(
            [
                _mark(entry.verdict, lang),
                escape(percent(report.probability)) if report is not None and report.why_unclear is None else "",
                _line(entry, lang),
                label(category[0], lang) if category is not None and category[0] in LABELS else "",
                usd(amount) if amount is not None else "–",
                str(entry.number),
            ]
        )
    head = [tell(key, lang) for key in ("verdict", "probability", "idea", "category", "cost", "number")]
    lines = [f"## {tell('table', lang)}", "", *table(head, rows, right=2), ""]
    if len(portfolio) > _MAX_IDEAS:
        lines += [tell("more", lang, n=f"{len(portfolio) - _MAX_IDEAS:,}"), ""]
    return lines


def _unread(portfolio: Portfolio, lang: Language) -> list[str]:
    """List what could not be read of ideas that were judged all the same, each remark once with its rows."""
    rows: dict[str, list[int]] = {}
    for entry in portfolio.entries:
        if entry.report is not None and entry.error:
            rows.setdefault(error_words(entry.error, lang), []).append(entry.number)
    if not rows:
        return []
    n = sum(map(len, rows.values()))
    lines = [f"## {tell('unread', lang)}", "", tell("1 unread" if n == 1 else "n unread", lang, n=f"{n:,}"), ""]
    for remark, numbers in [*rows.items()][:_MAX_REMARKS]:
        shown = ("、" if lang == "zh" else ", ").join(map(str, numbers[:_MAX_ROWS]))
        if len(numbers) > _MAX_ROWS:
            shown += f" {tell('more', lang, n=f'{len(numbers) - _MAX_ROWS:,}')}"
        gap = "：" if lang == "zh" else ": "
        lines.append(f"- {tell('number', lang)} {shown}{gap}{escape(shorten(remark, _REMARK_CHARS))}")
    if len(rows) > _MAX_REMARKS:
        lines.append(f"- {tell('more', lang, n=f'{len(rows) - _MAX_REMARKS:,}')}")
    return [*lines, ""]
