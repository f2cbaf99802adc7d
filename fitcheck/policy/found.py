"""What a check of entries against a policy finds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, Protocol

from fitcheck.errors import FitcheckError
from fitcheck.policy.document import Policy, Waiver
from fitcheck.policy.entries import Entry
from fitcheck.records import Report
from fitcheck.text import Language
from fitcheck.use_case import UseCase

__all__ = ["Assesses", "CheckResult", "Finding", "Outcome", "Problem"]


class Assesses(Protocol):
    """What judges ideas: an `Assessor`."""

    def assess_each(
        self, ideas: Iterable[UseCase], *, today: dt.date | None = None
    ) -> Iterator[Report | FitcheckError]:
        """Yield, for each idea and in order, a report or the error that it met."""
        ...


@dataclass(frozen=True, slots=True)
class Finding:
    """A requirement that an entry breaks.

    Attributes:
        entry: The entry.
        requirement: The requirement's id in the policy.
        severity: How much it counts: only an error fails a check.
        message: What is wrong, in one line.
        remedy: What would mend it, in one line.
        report: The report on the idea.
        waived: The waiver that covers it, or None.
        known: Whether the baseline holds it.
    """

    entry: Entry
    requirement: str
    severity: Literal["error", "warning"]
    message: str
    remedy: str
    report: Report | None
    waived: Waiver | None = None
    known: bool = False

    @property
    def fails(self) -> bool:
        """Whether it fails the check."""
        return self.severity == "error" and self.waived is None and not self.known


@dataclass(frozen=True, slots=True)
class Outcome:
    """One requirement asked of one entry; `finding` is None where it holds."""

    entry: Entry
    requirement: str
    report: Report
    finding: Finding | None


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with the policy itself, or doubtful about it or the registry.

    Attributes:
        kind: `waiver-expired`, `waiver-unused` or `waiver-unknown`, which are errors; and what only warns:
            `waiver-outdated` and `baseline-outdated` (the idea's text is another by now), `model-unknown` (a name in a
            list of models) and `column-doubtful` (a column that looks like a fact and is read as an attribute).
        path: The policy's file, or the registry's.
        line: The waiver's line, the requirement's or the idea's.
        severity: How much it counts: only an error fails a check.
    """

    kind: str
    path: Path
    line: int
    message: str
    remedy: str
    severity: Literal["error", "warning"] = "error"


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What a check found.

    Attributes:
        entries: What was checked.
        outcomes: Every requirement that was asked of every entry, entry by entry, in the policy's order.
        findings: Those outcomes' findings, and whatever else was found.
        policy: The policy.
        problems: What is wrong with its waivers, and what is doubtful.
        judged: Each entry and the report on its idea.
        idle: The ids of requirements whose `where` fits none of the entries.
        lang: The language of the messages.
    """

    entries: tuple[Entry, ...]
    outcomes: tuple[Outcome, ...]
    findings: tuple[Finding, ...]
    policy: Policy
    problems: tuple[Problem, ...] = ()
    judged: tuple[tuple[Entry, Report], ...] = ()
    idle: tuple[str, ...] = ()
    lang: Language = "en"

    def failed(self) -> bool:
        """Say whether the check fails: an error that is neither waived nor in the baseline, or a broken waiver."""
        return any(p.severity == "error" for p in self.problems) or any(f.fails for f in self.findings)

    def with_findings(self, findings: Sequence[Finding]) -> CheckResult:
        """Return a result with further findings, such as those of the lock file."""
        place = {entry.id: number for number, entry in enumerate(self.entries)}
        return replace(self, findings=tuple(sorted((*self.findings, *findings), key=lambda f: place[f.entry.id])))

    def with_problems(self, problems: Iterable[Problem]) -> CheckResult:
        """Return a result with further problems, such as waivers that the text has left behind."""
        return replace(self, problems=(*self.problems, *problems))

    def knowing(self, baseline: Collection[tuple[str, str]]) -> CheckResult:
        """Return a result in which the findings of a baseline are marked as known.

        Args:
            baseline: Ideas' ids and requirements' ids.
        """

        def mark(finding: Finding) -> Finding:
            known = finding.waived is None and (finding.entry.id, finding.requirement) in baseline
            return replace(finding, known=True) if known else finding

        return replace(
            self,
            findings=tuple(map(mark, self.findings)),
            outcomes=tuple(replace(o, finding=mark(o.finding)) if o.finding is not None else o for o in self.outcomes),
        )
