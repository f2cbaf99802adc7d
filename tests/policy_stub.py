"""An assessor for tests that says what the idea's text tells it to, and small registries and policies."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from fitcheck.errors import FitcheckError
from fitcheck.policy.document import Policy
from fitcheck.policy.entries import Entry
from fitcheck.policy.reading import read_policy
from fitcheck.records import Cost, Evidence, Report, SimplerCost, Verdict, Versions
from fitcheck.use_case import UseCase

TODAY = dt.date(2026, 11, 20)

COST = Cost(
    model="gpt-4o-mini",
    provider="openai",
    priced_on="2026-11-20",
    price_source="a list",
    tokens_in=900,
    tokens_out=200,
    calls_per_month=1000.0,
    usd_per_call=0.01,
    usd_per_1000_calls=10.0,
    usd_per_month=10.0,
)
SIMPLER = SimplerCost("regex-or-parser", 2000.0, 1.0, 0.0001, 1.1, 100.0, 12.0)


def report(text: str = "an idea", verdict: str = "fit", probability: float = 0.9, **changes: Any) -> Report:
    rest = (1 - probability) / 3
    made = Report(
        use_case=UseCase(text=text),
        text=text,
        lang="en",
        verdict=Verdict(verdict),
        probabilities={v: probability if v == verdict else rest for v in ("fit", "assist", "overkill", "unfit")},
        ledger=(Evidence("prior", "prior", Verdict.FIT, 0.1),),
        cost=COST,
        info=Versions("0.1.0", "stub", 1),
    )
    return replace(made, **changes)


def entry(name: str = "an-idea", *, text: str = "fit", **given: Any) -> Entry:
    own = {key: given.pop(key) for key in ("expect", "owner", "attributes", "path", "line") if key in given}
    return Entry(
        id=name,
        use_case=UseCase(text=text, id=name, **given),
        expect=own.get("expect"),
        owner=own.get("owner"),
        attributes=own.get("attributes", {}),
        path=own.get("path", Path("ideas.fit.toml")),
        line=own.get("line", 1),
    )


class Stub:
    """Its verdict is the first word of the idea's text, or `fit`; it counts what it was asked."""

    def __init__(self, **changes: Any) -> None:
        self.changes = changes
        self.asked: list[str] = []

    def assess_each(
        self, ideas: Iterable[UseCase], *, today: dt.date | None = None
    ) -> Iterator[Report | FitcheckError]:
        for idea in ideas:
            self.asked.append(idea.text)
            word = idea.text.split()[0]
            verdict = word if word in list(Verdict) else "fit"
            yield report(idea.text, verdict, **{"use_case": idea, **self.changes})


def policy(folder: Path, text: str, name: str = "fitcheck-policy.toml") -> Policy:
    path = folder / name
    path.write_text(text, "utf-8")
    return read_policy(path)
