"""A portfolio as an Excel workbook: a summary with charts, the ideas, the groups, the questions."""

from __future__ import annotations

import math
import secrets
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fitcheck.asking.answers import answer_words
from fitcheck.errors import ModelUnavailable, UseCaseError
from fitcheck.fact_words import question
from fitcheck.labels import LABELS, TECHNIQUES, axis_label, label, value_label
from fitcheck.portfolio import sums
from fitcheck.portfolio.record import VERDICTS
from fitcheck.portfolio.words import INSTEAD_COLUMNS, column_words, tell
from fitcheck.records import LEARNED
from fitcheck.render import content
from fitcheck.render.beside_words import lens_words
from fitcheck.row_errors import error_words
from fitcheck.tables import inert
from fitcheck.tables.workbook import TABLES_EXTRA
from fitcheck.text import Language
from fitcheck.wording import say

if TYPE_CHECKING:
    from fitcheck.portfolio.record import Entry, Portfolio

__all__ = ["write_workbook"]

_COLOURS = {"fit": "#17794A", "assist": "#1C6FB5", "overkill": "#A86400", "unfit": "#BF332C", "unclear": "#7650AC"}
_PALE = {"fit": "#DDF3E6", "assist": "#DCEBFA", "overkill": "#FBECD2", "unfit": "#FBE0DE", "unclear": "#ECE4F8"}
_MAX_CELL_CHARS = 32_000
_TEXTS_ONLY = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def write_workbook(portfolio: Portfolio, path: Path, lang: Language) -> None:
    """Write the workbook; it appears whole or not at all, and no cell of it is computed.

    Raises:
        ModelUnavailable: The library that writes workbooks is not installed.
        UseCaseError: The file can't be written.
    """
    try:
        from xlsxwriter import Workbook
    except ImportError:
        raise ModelUnavailable(f"writing a workbook needs the extra tables: {TABLES_EXTRA}") from None
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        with beside.open("xb") as file:
            book = Workbook(file, _TEXTS_ONLY)
            pages = _Pages(book, portfolio, lang)
            pages.summary()
            pages.ideas()
            pages.groups()
            pages.questions()
            pages.findings()
            book.close()
        beside.replace(path)
    except OSError as error:
        raise UseCaseError(f"{path}: can't be written: {error.strerror or error}") from None
    finally:
        beside.unlink(missing_ok=True)


class _Pages:
    """The sheets of one workbook."""

    def __init__(self, book: Any, portfolio: Portfolio, lang: Language) -> None:
        self._book, self._portfolio, self._lang = book, portfolio, lang
        self._bold = book.add_format({"bold": True, "bottom": 1, "valign": "top", "text_wrap": True})
        self._title = book.add_format({"bold": True, "font_size": 16})
        self._wrap = book.add_format({"text_wrap": True, "valign": "top"})
        self._top = book.add_format({"valign": "top"})
        self._share = book.add_format({"num_format": '[<0.005]"<1%";[>=0.995]">99%";0%', "valign": "top"})
        self._money = book.add_format({"num_format": "[>=99.995]#,##0;[>=0.995]0.00;General", "valign": "top"})
        self._marks = {v: book.add_format({"font_color": _COLOURS[v], "bg_color": _PALE[v]}) for v in VERDICTS}

    def _add(self, key: str, heads: Sequence[str], widths: Sequence[int]) -> Any:
        sheet = self._book.add_worksheet(tell(key, self._lang))
        for at, (head, width) in enumerate(zip(heads, widths, strict=True)):
            sheet.set_column(at, at, width)
            sheet.write_string(0, at, inert(content.shorten(head, 200)), self._bold)
        sheet.freeze_panes(1, 0)
        return sheet

    def _row(self, sheet: Any, row: int, cells: Sequence[Any], formats: dict[int, Any] | None = None) -> None:
        for at, cell in enumerate(cells):
            shape = (formats or {}).get(at, self._wrap if isinstance(cell, str) else self._top)
            if isinstance(cell, str):
                sheet.write_string(row, at, inert(content.clean(cell)[:_MAX_CELL_CHARS]), shape)
            elif cell is not None and math.isfinite(cell):
                sheet.write_number(row, at, cell, shape)

    def _name(self, verdict: str) -> str:
        return tell("error", self._lang) if verdict == "error" else say(verdict, self._lang)

    def summary(self) -> None:
        """Write the counts, the money and the techniques, with two charts."""
        portfolio, lang = self._portfolio, self._lang
        name = tell("summary sheet", lang)
        sheet = self._book.add_worksheet(name)
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, 7, 18)
        sheet.write_string(0, 0, inert(content.shorten(portfolio.title, 200)) or tell("title", lang), self._title)
        about = [content.shorten(portfolio.source), tell("n ideas", lang, n=f"{len(portfolio):,}")]
        about += [tell("made", lang, date=portfolio.made)] if portfolio.made else []
        sheet.write_string(1, 0, inert(" · ".join(filter(None, about))))
        if portfolio.n_different:
            key = "1 different" if portfolio.n_different == 1 else "different"
            sheet.write_string(2, 0, tell(key, lang, n=f"{portfolio.n_different:,}"))
        added = sums.money(portfolio.entries)
        for at, key in enumerate(("verdict", "count", "usd month")):
            sheet.write_string(3, at, tell(key, lang), self._bold)
        for row, verdict in enumerate((*VERDICTS, "error"), 4):
            cells = [self._name(verdict), portfolio.counts[verdict], added.usd_per_month.get(verdict)]
            self._row(sheet, row, cells, {0: self._marks.get(verdict, self._top), 2: self._money})
        told = {"to build": added.usd_to_build, "burnt": added.usd_burnt, "saved": added.usd_saved}
        for row, (key, amount) in enumerate(told.items(), 11):
            self._row(sheet, row, [tell(key, lang), None, amount], {2: self._money})
        for at, head in enumerate(tell(key, lang) for key in INSTEAD_COLUMNS):
            sheet.write_string(15, at, head, self._bold)
        for row, a in enumerate(sums.alternatives(portfolio.entries), 16):
            words = TECHNIQUES.get(a.kind, (a.kind, a.kind))[lang == "zh"]
            amounts = (a.usd_model, a.usd_simpler, a.usd_saved, a.usd_build)
            cells = [words, len(a.members), a.n_known, *(x if a.n_known else None for x in amounts)]
            self._row(sheet, row, cells, dict.fromkeys(range(3, 7), self._money))
        self._counts(sheet, 18 + len(sums.alternatives(portfolio.entries)))
        points = [{"fill": {"color": _COLOURS[v]}} for v in VERDICTS]
        for column, key, place in ((1, "at a glance", "J4"), (2, "months", "J20")):
            chart = self._book.add_chart({"type": "bar"})
            series = {"categories": [name, 4, 0, 8, 0], "values": [name, 4, column, 8, column], "points": points}
            chart.add_series(series | {"name": tell(key, lang), "gap": 60})
            chart.set_title({"name": tell(key, lang)})
            chart.set_legend({"none": True})
            chart.set_y_axis({"reverse": True})
            sheet.insert_chart(place, chart, {"description": tell(key, lang)})

    def _counts(self, sheet: Any, row: int) -> None:
        """Write, from a row on, how many ideas each answer of each axis has, by verdict."""
        lang, entries = self._lang, self._portfolio.entries
        found = sums.lens_counts(self._portfolio.lenses)
        if not found:
            return
        heads = [tell("finding", lang), tell("value", lang), tell("asked", lang), *(say(v, lang) for v in VERDICTS)]
        for at, head in enumerate(heads):
            sheet.write_string(row, at, head, self._bold)
        for axis, values in found.items():
            for value, places in values.items():
                row += 1
                counts = Counter(entries[place].verdict for place in places)
                words = [axis_label(axis, lang), value_label(axis, value, lang)]
                self._row(sheet, row, [*words, len(places), *(counts[v] for v in VERDICTS)])

    def ideas(self) -> None:
        """Write the ideas, with filters and the verdicts' colours."""
        portfolio, lang = self._portfolio, self._lang
        keys = ["number", "verdict", "probability", "idea", "category", "department", "owner", "cost"]
        heads = [*(tell(k, lang) for k in keys), tell("reasons", lang), tell("alternative", lang)]
        heads += [f"p {say(v.value, lang)}" for v in LEARNED]
        heads[5] = column_words("department", portfolio.department_column)[lang == "zh"]
        heads[6] = column_words("owner", portfolio.owner_column)[lang == "zh"]
        sheet = self._add("ideas sheet", heads, [6, 13, 9, 60, 22, 16, 16, 12, 40, 34, 9, 9, 9, 9])
        shapes = {2: self._share, 7: self._money, **dict.fromkeys(range(10, 14), self._share)}
        for row, entry in enumerate(portfolio.entries, 1):
            self._row(sheet, row, self._cells(entry), shapes)
        last = max(1, len(portfolio))
        sheet.autofilter(0, 0, last, len(heads) - 1)
        for verdict in VERDICTS:
            rule = {
                "type": "cell",
                "criteria": "==",
                "value": f'"{self._name(verdict)}"',
                "format": self._marks[verdict],
            }
            sheet.conditional_format(1, 1, last, 1, rule)
        sheet.conditional_format(1, 7, last, 7, {"type": "data_bar", "bar_color": "#9DC3E6"})

    def _cells(self, entry: Entry) -> list[Any]:
        report, lang = entry.report, self._lang
        first = [entry.number, self._name(entry.verdict)]
        whose = [entry.department, entry.owner]
        if report is None:
            return [*first, None, error_words(entry.error, lang), "", *whose, None]
        category = report.concepts.get("category")
        titles = [reason.title for reason in content.reasons(report, lang)]
        return [
            *first,
            report.probability if report.why_unclear is None else None,
            report.use_case.text,
            label(category[0], lang) if category is not None and category[0] in LABELS else "",
            *whose,
            entry.usd_per_month,
            ("；" if lang == "zh" else "; ").join(filter(None, (*titles, error_words(entry.error, lang)))),
            (report.instead or {}).get(lang, ""),
            *(report.probabilities[v.value] for v in LEARNED),
        ]

    def groups(self) -> None:
        """Write the near-duplicates, one row for each idea of a group."""
        heads = [
            *(tell(k, self._lang) for k in ("groups sheet", "similarity", "number", "verdict", "idea", "department"))
        ]
        sheet = self._add("groups sheet", heads, [9, 10, 8, 13, 90, 18])
        row = 1
        for number, group in enumerate(self._portfolio.groups, 1):
            for place in group.members:
                e = self._portfolio.entries[place]
                text = e.report.use_case.text if e.report is not None else ""
                self._row(sheet, row, [number, group.similarity, e.number, self._name(e.verdict), text, e.department])
                row += 1
        sheet.autofilter(0, 0, max(1, row - 1), len(heads) - 1)

    def questions(self) -> None:
        """Write each open question of each idea, with whom to ask and what the answers would do."""
        lang = self._lang
        heads = [tell(k, lang) for k in ("number", "owner", "idea", "fact", "turn")]
        heads[1] = column_words("owner", self._portfolio.owner_column)[lang == "zh"]
        sheet = self._add("questions sheet", heads, [8, 18, 60, 44, 60])
        row = 1
        for entry in self._portfolio.entries:
            for asked in entry.report.questions if entry.report is not None else ():
                turns = [
                    say(
                        "if",
                        lang,
                        clause=answer_words(asked.fact, content.clean(answer), lang),
                        verdict=self._name(v.value),
                    )
                    for answer, v in asked.answers
                    if entry.verdict != v.value
                ]
                text = entry.report.use_case.text if entry.report is not None else ""
                self._row(sheet, row, [entry.number, entry.owner, text, question(asked.fact, lang), " ".join(turns)])
                row += 1
        sheet.autofilter(0, 0, max(1, row - 1), len(heads) - 1)

    def findings(self) -> None:
        """Write the findings that say something, one row each; without any there is no such sheet."""
        lang = self._lang
        if not any(self._portfolio.lenses):
            return
        keys = ("number", "verdict", "idea", "finding", "value", "says", "rests on", "what to do", "probability")
        sheet = self._add("lens sheet", [tell(k, lang) for k in keys], [8, 13, 50, 18, 26, 50, 36, 50, 9])
        row = 1
        for entry, lens in zip(self._portfolio.entries, self._portfolio.lenses, strict=True):
            text = entry.report.use_case.text if entry.report is not None else ""
            for f in lens_words(lens, lang).spoken:
                told = [f.axis, f.value, f.says, f.rests_on, f.do, f.sure]
                self._row(sheet, row, [entry.number, self._name(entry.verdict), text, *told])
                row += 1
        sheet.autofilter(0, 0, max(1, row - 1), len(keys) - 1)
