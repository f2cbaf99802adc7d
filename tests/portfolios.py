"""Portfolios made by hand, for the tests of the page, the summary and the workbook."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from samples import BARE, CONTRACT, HOSTILE, PAYROLL, POEM, REFUND, TORN

from fitcheck.errors import FitcheckError, UseCaseError
from fitcheck.portfolio import Portfolio
from fitcheck.records import Cost, Report, SimplerCost, Verdict
from fitcheck.text import Language, detect_language
from fitcheck.use_case import UseCase

KINDS = (PAYROLL, REFUND, CONTRACT, POEM, TORN, BARE)


class Letters:
    """An encoder that counts letters: texts of the same letters are alike."""

    name = "letters"

    def encode(self, texts: Sequence[str]) -> np.ndarray[Any, np.dtype[np.float32]]:
        out = np.zeros((len(texts), 64), dtype=np.float32)
        for row, text in enumerate(texts):
            np.add.at(out[row], [ord(c) % 64 for c in text.lower() if c != " "], 1)
        return out / np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-9)


class ByKind:
    """Judges each idea as one of the hand-made reports, the first that its text names."""

    def __init__(self) -> None:
        self.seen: list[UseCase] = []

    def assess_each(self, ideas: Iterable[UseCase], *, today: object = None) -> Iterator[Report | FitcheckError]:
        for idea in ideas:
            self.seen.append(idea)
            if not idea.text.strip():
                yield UseCaseError("the idea is empty")
                continue
            yield named(idea)


def named(idea: UseCase) -> Report:
    kind = next((k for k in KINDS if k.verdict.value in idea.text), POEM)
    return replace(kind, use_case=idea, text=idea.text, lang=detect_language(idea.text))


def priced(verdict: Verdict, usd: float | None, simpler_usd: float | None = None, **facts: Any) -> Report:
    """Return a report with a cost by month, and a simpler tool's beside it."""
    beside = None
    if simpler_usd is not None:
        beside = SimplerCost("validator", 4000.0, simpler_usd, 0.0, simpler_usd, 100.0, 2.0)
    base = next(k for k in KINDS if k.verdict is verdict)
    assert PAYROLL.cost is not None
    cost: Cost = replace(
        PAYROLL.cost, usd_per_month=usd, calls_per_month=None if usd is None else usd * 1000, simpler=beside
    )
    instead = {"kind": "validator", "en": "a validator", "zh": "校验器"} if beside is not None else base.instead
    return replace(base, cost=cost, instead=instead, use_case=UseCase(text=base.use_case.text, **facts))


def many(n: int, lang: Language = "en") -> Portfolio:
    """Return a portfolio of `n` ideas of all kinds, with departments and owners; the last could not be judged."""
    reports: list[Report | FitcheckError] = []
    for i in range(n - 1):
        base = KINDS[i % len(KINDS)]
        text = f"{base.use_case.text} Variant {i} {'lighthouse' if i % 10 == 0 else 'harbour'}."
        assert PAYROLL.cost is not None
        cost = replace(PAYROLL.cost, usd_per_month=None if i % 3 == 0 else float(i))
        use_case = UseCase(text=text, id=f"ID-{i}")
        reports.append(replace(base, use_case=use_case, text=text, cost=cost, lang=lang))
    reports.append(UseCaseError("the idea is empty: say in a sentence what the model would do"))
    names = ("Finance", "HR", "Legal")
    people = ("Ann Lee", "王芳")
    return Portfolio.of(
        reports,
        departments=[names[i % 3] for i in range(n)],
        owners=[people[i % 2] for i in range(n)],
        encoder=Letters(),
    )


MARKUP = (
    "<script>window.hacked=1</script>",
    "</script><script>window.hacked=1</script>",
    '"><img src=x onerror="window.hacked=1">',
    "<!--<script>",
    "]]><svg onload=window.hacked=1>",
    "javascript:window.hacked=1",
    "a\u2028b\u2029c",
    "\u202egnp.exe\u202c",
    "${window.hacked=1}{{window.hacked=1}}",
    '=HYPERLINK("http://evil.example","x")',
    "@SUM(1+1)",
    "-2+3",
)


def hostile() -> Portfolio:
    """Return a portfolio in which every text that a user can write tries to become markup or a formula."""
    reports: list[Report | FitcheckError] = [HOSTILE, UseCaseError(MARKUP[2])]
    for i, text in enumerate(MARKUP):
        use_case = UseCase(text=f"{text} draft a letter", id=text)
        reports.append(replace(KINDS[i % 4], use_case=use_case, text=use_case.text))
    long = UseCase(text="Sort the mails. " * 6000)
    reports.append(replace(POEM, use_case=long, text=long.text))
    whose = [MARKUP[i % len(MARKUP)] for i in range(len(reports))]
    found = Portfolio.of(reports, title=MARKUP[1], departments=whose, owners=whose, encoder=Letters())
    return replace(found, source=MARKUP[2], department_column=MARKUP[0], owner_column=MARKUP[2])
