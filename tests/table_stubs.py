"""Assessors of a few lines, for tests of tables: they go to worker processes as the real one does."""

from __future__ import annotations

import datetime as dt
import os
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fitcheck.errors import FitcheckError, UseCaseError
from fitcheck.records import Report, Verdict
from fitcheck.text import detect_language, normalise
from fitcheck.use_case import UseCase


def report_on(use_case: UseCase) -> Report:
    text = normalise(use_case.text)
    verdict = Verdict.OVERKILL if "payroll" in text or "工资" in text else Verdict.FIT
    return Report(
        use_case=use_case,
        text=text,
        lang=detect_language(text),
        verdict=verdict,
        probabilities={"fit": 0.1, "assist": 0.1, "overkill": 0.1, "unfit": 0.1} | {verdict.value: 0.7},
        ledger=(),
        concepts={"category": ("arithmetic-reporting", 0.9), "decides": ("person", 0.8)},
    )


@dataclass
class Stub:
    """Judges at once, or after a wait per idea; writes down what it was asked, in a file that all processes share."""

    seconds: float = 0.0
    seen: Path | None = None
    facts: dict[str, Any] = field(default_factory=dict)

    def assess_each(
        self, ideas: Iterable[UseCase], *, today: dt.date | None = None
    ) -> Iterator[Report | FitcheckError]:
        for idea in ideas:
            self.meet(idea)
            if self.seconds:
                time.sleep(self.seconds)
            if self.seen is not None:
                with self.seen.open("a") as file:
                    file.write(f"{idea.text}\n")
            self.facts = idea.facts()
            try:
                yield report_on(idea)
            except FitcheckError as error:
                yield error

    def meet(self, idea: UseCase) -> None:
        """Meet an idea; others do worse things here."""


@dataclass
class DiesOnce(Stub):
    """Its process ends at the idea "die", the first time that one meets it."""

    mark: Path = Path("no such mark")

    def meet(self, idea: UseCase) -> None:
        if idea.text.startswith("die") and not self.mark.exists():
            self.mark.touch()
            os._exit(9)


@dataclass
class DiesAlways(Stub):
    """Its process ends at the idea "die"."""

    def meet(self, idea: UseCase) -> None:
        if idea.text.startswith("die"):
            os._exit(9)


@dataclass
class CannotLoad(Stub):
    """It raises what a broken rule pack raises."""

    def meet(self, idea: UseCase) -> None:
        raise UseCaseError("the pack is broken")


@dataclass
class Interrupted(Stub):
    """Ctrl-C comes at the idea "stop", as long as `mark` is not there."""

    mark: Path = Path("no such mark")

    def meet(self, idea: UseCase) -> None:
        if idea.text.startswith("stop") and not self.mark.exists():
            raise KeyboardInterrupt
