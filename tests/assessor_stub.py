"""An assessor that judges by an idea's first word, for tests of what stands round it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, ClassVar

from samples import CONTRACT, PAYROLL, POEM

from fitcheck.records import Report
from fitcheck.use_case import UseCase

__all__ = ["Stub"]


class Stub:
    """Gives a report made by hand, and remembers how it was made and what it judged."""

    made: ClassVar[list[dict[str, Any]]] = []
    judged: ClassVar[list[str]] = []
    rules: ClassVar[dict[str, Any]] = {}

    def __init__(self, **settings: Any) -> None:
        self.made.append(settings)

    def assess_each(self, ideas: Iterable[UseCase], *, today: dt.date | None = None) -> Iterator[Report]:
        for idea in ideas:
            self.judged.append(str(idea.id))
            report = {"Payroll": PAYROLL, "Contract": CONTRACT}.get(idea.text.split()[0], POEM)
            yield replace(report, use_case=idea)
