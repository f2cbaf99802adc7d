"""A report in a terminal: the verdict, why and what instead first; the ledger after."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fitcheck.records import LEARNED, Report, Verdict
from fitcheck.render import content
from fitcheck.render.beside_terminal import write_lens, write_parts, write_plan, write_turn
from fitcheck.render.beside_words import turn_lines
from fitcheck.render.cost_line import cost_lines
from fitcheck.render.layout import COLOURS, GAP, MAX_WIDTH, WIDTH, Page, bar, pad, widest, wrap
from fitcheck.text import Language
from fitcheck.wording import SYMBOLS, say

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["print_report", "report_text"]

_WIDE_ENOUGH_FOR_BARS = 76
_LEDGER_BAR = 10
_IDEA_CHARS = 320


def report_text(report: Report, *, lang: Language | None = None, width: int | None = None, colour: bool = False) -> str:
    """Return a report as lines for a terminal.

    Args:
        report: The report.
        lang: The reader's language; None for the report's own.
        width: In cells; None for 80. Below 50 lines are laid out for 50.
        colour: Whether to write ANSI colours.
    """
    page = Page(width or WIDTH)
    _write(page, report, lang or report.lang)
    return page.text(colour=colour)


def print_report(report: Report, console: Console, *, lang: Language | None = None) -> None:
    """Print a report to a console, in colour where the console has colours."""
    page = Page(min(console.width, MAX_WIDTH))
    _write(page, report, lang or report.lang)
    page.print(console)


def _write(page: Page, report: Report, lang: Language) -> None:
    _verdict(page, report, lang)
    _why(page, report, lang)
    _questions(page, report, lang)
    write_parts(page, report.parts, lang)
    write_turn(page, turn_lines(report.turn, lang), lang)
    _cost(page, report, lang)
    write_lens(page, report.lens, lang)
    write_plan(page, report.plan, lang)
    _reading(page, report, lang)
    _ledger(page, report, lang)
    _neighbours(page, report, lang)
    _end(page, report, lang)


def _verdict(page: Page, report: Report, lang: Language) -> None:
    verdict = report.verdict.value
    style = f"bold {COLOURS[verdict]}"
    sure = "" if report.verdict is Verdict.UNCLEAR else f"  {content.percent(report.probabilities[verdict])}"
    word = say(verdict, lang) if lang == "en" else f"{say(verdict, lang)} {verdict}"
    name = f"  {content.clean(report.use_case.id)}" if report.use_case.id else ""
    page.line((f"{SYMBOLS[verdict]} {word}", style), (sure, "bold"), (name, "dim"))
    page.paragraph(content.verdict_sentence(report, lang))
    page.blank()
    page.paragraph(f"“{content.shorten(report.use_case.text, _IDEA_CHARS)}”", style="italic")
    page.blank()
    if line := content.words_alone(report, lang):
        page.paragraph(line)
    words = {v: say(v.value, lang) for v in LEARNED}
    names = widest(words.values())
    room = min(40, page.width - 2 - names - GAP - 4 - GAP)
    for v in LEARNED:
        probability = report.probabilities[v.value]
        page.line(
            "  ",
            (pad(words[v], names + GAP), "bold" if v is report.verdict else ""),
            pad(content.percent(probability), 4, right=True),
            (f"  {bar(probability, room)}", COLOURS[v.value]),
        )
    if line := content.decisive_line(report, lang):
        page.blank()
        page.paragraph(line)


def _why(page: Page, report: Report, lang: Language) -> None:
    reasons = content.reasons(report, lang)
    if reasons:
        page.heading(say("why", lang))
        for reason in reasons:
            _reason(page, reason, lang)
    if counter := content.against(report, lang):
        page.heading(say("but", lang))
        _reason(page, counter, lang)
    if advice := content.advice(report, lang):
        heading, words = advice
        page.heading(heading)
        page.paragraph(words)


def _reason(page: Page, reason: content.Reason, lang: Language) -> None:
    size = f"{say(reason.verdict.value, lang)} {content.nats(reason.log_odds)}"
    *rows, last = wrap(reason.title, page.width - 2)
    for row in rows:
        page.line("  ", (row, "bold"))
    if widest([last]) + widest([size]) + 4 <= page.width:
        page.line("  ", (last, "bold"), "  ", (size, COLOURS[reason.verdict.value]))
    else:
        page.line("  ", (last, "bold"))
        page.line("  ", (size, COLOURS[reason.verdict.value]))
    if reason.why:
        page.paragraph(reason.why, indent=4)
    if reason.quote:
        page.paragraph(f"“{reason.quote}”", indent=4, style="dim")


def _questions(page: Page, report: Report, lang: Language) -> None:
    if report.questions:
        page.heading(say("questions", lang))
        for asked in report.questions:
            words, answers = content.question_lines(asked, lang)
            page.paragraph(words)
            names = widest(say(v.value, lang) for _, v in answers)
            for answer, verdict in answers:
                cell = (pad(say(verdict.value, lang), names), COLOURS[verdict.value])
                page.entry([("→", "dim"), cell], answer, indent=4)


def _cost(page: Page, report: Report, lang: Language) -> None:
    if report.cost is None:
        return
    head, below = cost_lines(report.cost, lang)
    page.heading(say("cost", lang))
    page.paragraph(head)
    for line in below:
        page.paragraph(line, indent=4, style="dim")


def _reading(page: Page, report: Report, lang: Language) -> None:
    concepts = content.concept_lines(report, lang)
    others = content.other_clauses(report, lang)
    core = content.shorten(report.core_task, _IDEA_CHARS)
    if not (concepts or others or core):
        return
    page.heading(say("read as", lang))
    names = widest([say("core words", lang), *(name for name, _ in others), *(name for name, _, _ in concepts)])
    sures = widest(sure for _, _, sure in concepts)
    if core:
        page.entry([(pad(say("core words", lang), names), "dim")], f"“{core}”")
    for name, words in others:
        page.entry([(pad(name, names), "dim")], words)
    for name, value, sure in concepts:
        page.entry([(pad(name, names), "dim"), (pad(sure, sures, right=True), "dim")], value)


def _ledger(page: Page, report: Report, lang: Language) -> None:
    if not report.ledger:
        return
    rows = content.ledger_rows(report, lang)
    page.heading(say("ledger", lang), say("unit", lang))
    heads = {v: say(v.value, lang) for v in LEARNED}
    columns = {v: max(6, widest([heads[v]])) for v in LEARNED}
    bars = _LEDGER_BAR if page.width >= _WIDE_ENOUGH_FOR_BARS else 0
    names = page.width - 2 - sum(columns.values()) - GAP * len(columns) - (bars + GAP if bars else 0)
    loudest = max(row.strongest[1] for row in rows)

    def cells(texts: dict[Verdict, str], style: dict[Verdict, str]) -> list[str | tuple[str, str]]:
        return [(" " * GAP + pad(texts.get(v, ""), columns[v], right=True), style.get(v, "")) for v in LEARNED]

    page.line("  ", " " * names, *cells(heads, {v: COLOURS[v.value] for v in LEARNED}))
    for row in rows:
        verdict, size = row.strongest
        first, *more = wrap(row.name, names)
        drawn = "  " + bar(size / loudest, bars) if bars and size > 0 else ""
        texts = {v: content.nats(s) for v, s in row.sizes.items()}
        page.line("  ", pad(first, names), *cells(texts, {verdict: "bold"}), (drawn, COLOURS[verdict.value]))
        for line in more:
            page.line("  ", line)
        _details(page, row, lang)
    page.line("  ", ("─" * (page.width - 2 - (bars + GAP if bars else 0)), "dim"))
    totals = {v: content.nats(report.totals()[v.value]) for v in LEARNED}
    chances = {v: content.percent(report.probabilities[v.value]) for v in LEARNED}
    chosen = {report.verdict: f"bold {COLOURS[report.verdict.value]}"}
    page.line("  ", (pad(say("total", lang), names), "bold"), *cells(totals, dict.fromkeys(LEARNED, "bold")))
    page.line("  ", pad(say("probability", lang), names), *cells(chances, chosen))
    page.paragraph(say("softmax", lang), style="dim")


def _details(page: Page, row: content.LedgerRow, lang: Language) -> None:
    if row.details:
        page.paragraph(" · ".join(row.details), indent=4, style="dim")
    if row.stale:
        page.paragraph(say("stale mark", lang), indent=4, style="yellow")


def _neighbours(page: Page, report: Report, lang: Language) -> None:
    if not report.neighbours:
        return
    page.heading(say("neighbours", lang), say("similarity", lang))
    names = widest(say(n.verdict.value, lang) for n in report.neighbours)
    for n in report.neighbours:
        cells = [
            (f"{n.similarity:.2f}", "dim"),
            (pad(say(n.verdict.value, lang), names), COLOURS[n.verdict.value]),
        ]
        page.entry(cells, content.shorten(n.text, 160))


def _end(page: Page, report: Report, lang: Language) -> None:
    if report.notes:
        page.heading(say("notes", lang))
        for note in report.notes:
            page.paragraph(content.clean(note[lang]))
    if versions := content.versions_line(report, lang):
        page.blank()
        page.paragraph(versions, indent=0, style="dim")
