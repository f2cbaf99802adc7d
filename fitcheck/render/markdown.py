"""A report in Markdown, for a merge request or a page."""

from __future__ import annotations

from fitcheck.records import LEARNED, Report, Verdict
from fitcheck.render import content
from fitcheck.render.beside_markdown import lens_markdown, parts_markdown, plan_markdown, turn_markdown
from fitcheck.render.beside_words import turn_lines
from fitcheck.render.cost_line import cost_lines
from fitcheck.render.layout import bar
from fitcheck.render.markup import escape, table
from fitcheck.text import Language
from fitcheck.wording import SYMBOLS, say

__all__ = ["report_markdown"]

_BAR = 20
_IDEA_CHARS = 600


def report_markdown(report: Report, *, lang: Language | None = None) -> str:
    """Return a report as Markdown; what the idea says can't become markup.

    Args:
        report: The report.
        lang: The reader's language; None for the report's own.
    """
    lang = lang or report.lang
    parts = (
        *_verdict(report, lang),
        *_why(report, lang),
        *_what_else(report, lang),
        *_cost(report, lang),
        *lens_markdown(report.lens, lang),
        *plan_markdown(report.plan, lang),
        *_numbers(report, lang),
    )
    return "\n".join(parts).rstrip("\n") + "\n"


def _verdict(report: Report, lang: Language) -> list[str]:
    verdict = report.verdict.value
    word = say(verdict, lang) if lang == "en" else f"{say(verdict, lang)} {verdict}"
    sure = "" if report.verdict is Verdict.UNCLEAR else f" · {content.percent(report.probabilities[verdict])}"
    name = f" · {escape(report.use_case.id)}" if report.use_case.id else ""
    rows = []
    for v in LEARNED:
        probability = report.probabilities[v.value]
        strong = "**" if v is report.verdict else ""
        words = f"{strong}{say(v.value, lang)}{strong}"
        rows.append([words, bar(probability, _BAR), escape(content.percent(probability))])
    return [
        f"## {SYMBOLS[verdict]} {word}{sure}{name}",
        "",
        content.verdict_sentence(report, lang),
        "",
        f"> {escape(content.shorten(report.use_case.text, _IDEA_CHARS))}",
        "",
        *([escape(line), ""] if (line := content.words_alone(report, lang)) else ()),
        *table([say("verdict", lang), "", say("probability", lang)], rows, right=1),
        "",
        *([escape(line), ""] if (line := content.decisive_line(report, lang)) else ()),
    ]


def _why(report: Report, lang: Language) -> list[str]:
    lines: list[str] = []
    if reasons := content.reasons(report, lang):
        lines += [f"### {say('why', lang)}", "", *(_reason(r, lang) for r in reasons), ""]
    if counter := content.against(report, lang):
        lines += [f"### {say('but', lang)}", "", _reason(counter, lang), ""]
    if advice := content.advice(report, lang):
        lines += [f"### {advice[0]}", "", escape(advice[1]), ""]
    return lines


def _reason(reason: content.Reason, lang: Language) -> str:
    size = f"{say(reason.verdict.value, lang)} {content.nats(reason.log_odds)}"
    why = f"<br>{escape(reason.why)}" if reason.why else ""
    quote = f"<br><em>“{escape(reason.quote)}”</em>" if reason.quote else ""
    return f"- **{escape(reason.title)}** ({size}){why}{quote}"


def _what_else(report: Report, lang: Language) -> list[str]:
    lines: list[str] = []
    if report.questions:
        lines += [f"### {say('questions', lang)}", ""]
        for asked in report.questions:
            words, answers = content.question_lines(asked, lang)
            lines.append(f"- {escape(words)}")
            lines += [f"  - {escape(answer)} → **{say(v.value, lang)}**" for answer, v in answers]
        lines.append("")
    lines += parts_markdown(report.parts, lang)
    return lines + turn_markdown(turn_lines(report.turn, lang), lang)


def _cost(report: Report, lang: Language) -> list[str]:
    if report.cost is None:
        return []
    head, below = cost_lines(report.cost, lang)
    return [f"### {say('cost', lang)}", "", f"**{escape(head)}**", "", *(f"- {escape(b)}" for b in below), ""]


def _numbers(report: Report, lang: Language) -> list[str]:
    """Return the reading, the ledger, the scenarios and the notes, folded away below the verdict."""
    inner = [*_reading(report, lang), *_ledger(report, lang), *_neighbours(report, lang)]
    lines = [f"<details>\n<summary>{say('numbers', lang)}</summary>", "", *inner, "</details>", ""] if inner else []
    if report.notes:
        lines += [f"### {say('notes', lang)}", "", *(f"- {escape(n[lang])}" for n in report.notes), ""]
    if versions := content.versions_line(report, lang):
        lines += [f"<sub>{escape(versions)}</sub>", ""]
    return lines


def _reading(report: Report, lang: Language) -> list[str]:
    rows = []
    if core := content.shorten(report.core_task, _IDEA_CHARS):
        rows.append([say("core words", lang), f"“{escape(core)}”", ""])
    rows += [[name, escape(words), ""] for name, words in content.other_clauses(report, lang)]
    rows += [[escape(name), escape(value), escape(sure)] for name, value, sure in content.concept_lines(report, lang)]
    if not rows:
        return []
    return [f"### {say('read as', lang)}", "", *table(["", "", ""], rows, right=1), ""]


def _ledger(report: Report, lang: Language) -> list[str]:
    if not report.ledger:
        return []
    rows = []
    for row in content.ledger_rows(report, lang):
        details = f"<br><sub>{escape(' · '.join(row.details))}</sub>" if row.details else ""
        stale = f"<br><sub>**{say('stale mark', lang)}**</sub>" if row.stale else ""
        sizes = [content.nats(row.sizes[v]) if v in row.sizes else "" for v in LEARNED]
        rows.append([f"{escape(row.name)}{details}{stale}", *sizes])
    totals = [f"**{content.nats(report.totals()[v.value])}**" for v in LEARNED]
    rows.append([f"**{say('total', lang)}**", *totals])
    rows.append([say("probability", lang), *(escape(content.percent(report.probabilities[v.value])) for v in LEARNED)])
    head = [say("evidence", lang), *(say(v.value, lang) for v in LEARNED)]
    sums = f"{say('unit', lang)}{'；' if lang == 'zh' else '; '}{say('softmax', lang)}"
    return [f"### {say('ledger', lang)}", "", *table(head, rows, right=4), "", f"<sub>{sums}</sub>", ""]


def _neighbours(report: Report, lang: Language) -> list[str]:
    if not report.neighbours:
        return []
    rows = [
        [escape(content.shorten(n.text, 200)), say(n.verdict.value, lang), f"{n.similarity:.2f}"]
        for n in report.neighbours
    ]
    head = [say("scenario", lang), say("verdict", lang), say("similarity", lang)]
    return [f"### {say('neighbours', lang)}", "", *table(head, rows, right=1), ""]
