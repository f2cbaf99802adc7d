"""The records of a portfolio: its ideas, what they add up to, and which belong together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from fitcheck.beside import LensFinding
from fitcheck.errors import FitcheckError
from fitcheck.records import Report
from fitcheck.text import Language

if TYPE_CHECKING:
    from fitcheck.encoder import Encoder
    from fitcheck.portfolio.groups import Group, Theme

__all__ = ["VERDICTS", "Entry", "Portfolio"]

VERDICTS = ("fit", "assist", "overkill", "unfit", "unclear")


@dataclass(frozen=True, slots=True)
class Entry:
    """One idea of a portfolio.

    Attributes:
        number: Its row in the table, from 1.
        report: Its report; None where it could not be judged.
        error: Why it could not be judged, or what could not be read of it though it was; else empty.
        department: Of which department it is, as the table says; else empty.
        owner: Whom to ask, as the table says; else empty.
    """

    number: int
    report: Report | None
    error: str = ""
    department: str = ""
    owner: str = ""

    @property
    def verdict(self) -> str:
        """The verdict, or `error`."""
        return self.report.verdict.value if self.report is not None else "error"

    @property
    def usd_per_month(self) -> float | None:
        """What its calls would cost, USD per month; None where that is not known."""
        return self.report.cost.usd_per_month if self.report is not None and self.report.cost is not None else None


@dataclass(frozen=True)
class Portfolio:
    """Ideas judged together.

    Attributes:
        entries: The ideas, in the table's order.
        title: What the page is called; empty for a title of its own.
        source: The table's name; empty where there is none.
        department_column: The name of the column of departments; empty where there is none.
        owner_column: The name of the column that says whom to ask; empty where there is none.
        n_different: Ideas whose verdict in the table is another one; None where the table holds no verdicts.
        made: The day, ISO 8601.
        encoder: What finds ideas alike; None for the shipped static encoder.
    """

    entries: tuple[Entry, ...]
    title: str = ""
    source: str = ""
    department_column: str = ""
    owner_column: str = ""
    n_different: int | None = None
    made: str = ""
    encoder: Encoder | None = None

    @classmethod
    def of(
        cls,
        outcomes: Iterable[Report | FitcheckError],
        *,
        title: str = "",
        departments: Sequence[str] | None = None,
        owners: Sequence[str] | None = None,
        encoder: Encoder | None = None,
    ) -> Portfolio:
        """Put reports together.

        Args:
            outcomes: Reports, and errors for ideas that could not be judged, as `Assessor.assess_each` yields them.
            title: What the page is called.
            departments: One for each outcome, or None.
            owners: Whom to ask, one for each outcome, or None.
            encoder: What finds ideas alike; None for the shipped static encoder.

        Raises:
            ValueError: There are not as many departments or owners as outcomes.
        """
        found = list(outcomes)
        for name, values in (("departments", departments), ("owners", owners)):
            if values is not None and len(values) != len(found):
                raise ValueError(f"{name}: {len(values)} for {len(found)} ideas; give one for each")
        entries = tuple(
            Entry(
                number=number,
                report=outcome if isinstance(outcome, Report) else None,
                error="" if isinstance(outcome, Report) else str(outcome),
                department=departments[number - 1] if departments is not None else "",
                owner=owners[number - 1] if owners is not None else "",
            )
            for number, outcome in enumerate(found, 1)
        )
        return cls(
            entries,
            title=title,
            department_column="department" if departments is not None else "",
            owner_column="owner" if owners is not None else "",
            made=dt.date.today().isoformat(),
            encoder=encoder,
        )

    def __len__(self) -> int:
        return len(self.entries)

    @property
    def lang(self) -> Language:
        """The language of most ideas."""
        chinese = sum(e.report.lang == "zh" for e in self.entries if e.report is not None)
        judged = sum(e.report is not None for e in self.entries)
        return "zh" if 2 * chinese > judged else "en"

    @property
    def counts(self) -> dict[str, int]:
        """How many ideas have each verdict, `error` last."""
        counts = dict.fromkeys((*VERDICTS, "error"), 0)
        for entry in self.entries:
            counts[entry.verdict] += 1
        return counts

    @cached_property
    def _together(self) -> tuple[tuple[Group, ...], tuple[Theme, ...]]:
        from fitcheck.portfolio.groups import find_groups, find_themes, read_vectors

        vectors = read_vectors(self.entries, self.encoder)
        return find_groups(self.entries, vectors), find_themes(self.entries, vectors)

    @cached_property
    def lenses(self) -> tuple[tuple[LensFinding, ...], ...]:
        """The business findings of each idea, in order; none for what could not be judged."""
        return tuple(e.report.lens if e.report is not None else () for e in self.entries)

    @property
    def groups(self) -> tuple[Group, ...]:
        """Ideas that say nearly the same, the largest groups first."""
        return self._together[0]

    @property
    def themes(self) -> tuple[Theme, ...]:
        """Ideas of one subject, the largest themes first."""
        return self._together[1]

    def to_html(self, *, lang: Language | None = None) -> str:
        """Return one self-contained page; it opens in `lang`, and switches between both languages."""
        from fitcheck.portfolio.page import portfolio_page

        return portfolio_page(self, lang or self.lang)

    def to_markdown(self, *, lang: Language | None = None) -> str:
        """Return a summary for a merge request."""
        from fitcheck.portfolio.markdown import portfolio_markdown

        return portfolio_markdown(self, lang or self.lang)

    def to_xlsx(self, path: Path | str, *, lang: Language | None = None) -> None:
        """Write a workbook; it appears whole or not at all.

        Raises:
            UseCaseError: The extra `tables` is not installed, or the file can't be written.
        """
        from fitcheck.portfolio.workbook import write_workbook

        write_workbook(self, Path(path), lang or self.lang)

    def _repr_html_(self) -> str:
        from fitcheck.portfolio.glance import portfolio_glance

        return portfolio_glance(self, self.lang)
