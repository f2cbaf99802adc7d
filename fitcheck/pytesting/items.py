"""The items: one requirement of one idea, an idea's drift, a waiver, and what fails because it can't be checked."""

from __future__ import annotations

import contextlib
import datetime as dt
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from fitcheck.errors import FitcheckError
from fitcheck.pytesting.session import Checked, UnreadError, project_assessor

if TYPE_CHECKING:
    from fitcheck.policy import Entry, Finding
    from fitcheck.policy.document import Waiver
    from fitcheck.policy.found import Problem
    from fitcheck.records import Report
    from fitcheck.rules import Rule
    from fitcheck.use_case import UseCase

__all__ = [
    "DriftItem",
    "FailingItem",
    "FitcheckItem",
    "FitcheckWarning",
    "IdeaItem",
    "PolicyItem",
    "RequirementItem",
    "WaiverItem",
    "failing",
    "in_node_id",
]


# pytest takes all from the first square bracket on for a test's parameters
_ROUND = str.maketrans("[]", "()")


class FitcheckWarning(UserWarning):
    """A requirement that is only to warn does not hold."""


class FitcheckItem(pytest.Item):
    """An item of fitcheck's."""

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.add_marker("fitcheck")

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Show what fitcheck says and no traceback: it would lead into fitcheck."""
        if isinstance(excinfo.value, FitcheckError):
            return excinfo.getrepr(style="value")
        return super().repr_failure(excinfo)


class FailingItem(FitcheckItem):
    message = ""

    def runtest(self) -> None:
        pytest.fail(self.message, pytrace=False)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        return self.path, None, self.name


def failing(parent: pytest.Collector, name: str, message: str) -> FailingItem:
    item: FailingItem = FailingItem.from_parent(parent, name=name)
    item.message = message
    return item


class IdeaItem(FitcheckItem):
    entry: Entry
    checked: Checked

    def reportinfo(self) -> tuple[Path, int | None, str]:
        return self.entry.path, self.entry.line - 1, f"{in_node_id(self.entry.id)}: {self.name}"

    def _note(self, report: Report) -> None:
        """Leave the verdict in the JUnit file, beside the item."""
        self.user_properties.append(("fitcheck_verdict", report.verdict.value))
        self.user_properties.append(("fitcheck_probability", f"{report.probability:.4f}"))

    def _tell(self, finding: Finding) -> None:
        """Fail, or warn where that is all that the finding is to do."""
        from fitcheck.policy.escaping import shown, shown_path
        from fitcheck.policy.telling import told

        head = f"{shown(self.entry.id)}: {finding.message}"
        place = f"{shown_path(self.entry.path)}:{self.entry.line}"
        if finding.severity != "error":
            # told where the idea stands, not where this line does
            where = shown_path(self.entry.path)
            warnings.warn_explicit(f"{head}; {finding.remedy}", FitcheckWarning, where, self.entry.line)
            return
        lines = [head, f"  {place}: {finding.requirement}", f"  → {finding.remedy}"]
        if finding.report is not None:
            lines += ["", told(finding.report, lang=self.checked.lang)]
        pytest.fail("\n".join(lines), pytrace=False)


class RequirementItem(IdeaItem):
    """One requirement of the policy, asked of one idea."""

    def runtest(self) -> None:
        """Fail with the reason and the ledger; a waived requirement is an expected failure."""
        outcome = self.checked.outcome(self.entry, self.name)
        if outcome is None:
            pytest.skip("the policy asks this of other verdicts only")
        self._note(outcome.report)
        finding = outcome.finding
        if finding is None:
            return
        for problem in self.checked.outdated(finding):
            _warn(problem)
        if finding.waived is not None:
            waiver = finding.waived
            pytest.xfail(f"waived by {waiver.who} until {waiver.until}: {waiver.why} ({finding.message})")
        if finding.known:
            pytest.xfail(f"in the baseline: {finding.message}")
        self._tell(finding)


class DriftItem(IdeaItem):
    """One idea, compared with what the lock file says of it."""

    def runtest(self) -> None:
        """Fail where the verdict turned, warn of the rest, and say what turned it."""
        from fitcheck.policy.drift import drift_findings

        locked, policy = self.checked.lock, self.checked.policy
        assert not isinstance(policy, FitcheckError)
        report = self.checked.report(self.entry)
        self._note(report)
        now = {self.entry.id: self.checked.locked_now(self.entry, report)}
        for finding in drift_findings(locked, now, [(self.entry, report)], lang=self.checked.lang or policy.lang):
            if (self.entry.id, self.name) in self.checked.baseline.known:
                pytest.xfail(f"in the baseline: {finding.message}")
            self._tell(finding)


class WaiverItem(FitcheckItem):
    """One waiver of the policy."""

    waiver: Waiver
    checked: Checked

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Point at the waiver's line."""
        return self.waiver.path, self.waiver.line - 1, self.name

    def runtest(self) -> None:
        """Fail where the waiver is expired, unused, or for an idea that isn't there."""
        policy = self.checked.policy
        assert not isinstance(policy, FitcheckError)
        entry = self.checked.entries.get(self.waiver.idea)
        if entry is not None:
            problems = self.checked.problems(entry)
        else:
            from fitcheck.policy import read_registry
            from fitcheck.policy.waivers import waiver_problems

            # tables of use cases are no items, and may hold it
            known = {e.id for e in read_registry([self.config.rootpath])} | self.checked.entries.keys()
            lang = self.checked.lang or policy.lang
            problems = tuple(waiver_problems(policy, [], [], dt.date.today(), lang, known))
        found = [p for p in problems if (p.path, p.line) == (self.waiver.path, self.waiver.line)]
        if found:
            from fitcheck.policy.escaping import shown_path

            told = (f"{p.message}\n  {shown_path(p.path)}:{p.line}: {p.kind}\n  → {p.remedy}" for p in found)
            pytest.fail("\n".join(told), pytrace=False)


def _warn(problem: Problem) -> None:
    """Warn of what is doubtful, at its own place."""
    from fitcheck.policy.escaping import shown_path

    told = f"{problem.message}; {problem.remedy}"
    warnings.warn_explicit(told, FitcheckWarning, shown_path(problem.path), problem.line)


class PolicyItem(FitcheckItem):
    """The policy, as far as it can be wrong only beside the use cases: names of rules and attributes that are none."""

    checked: Checked

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Point at the policy."""
        assert not isinstance(self.checked.policy, FitcheckError)
        return self.checked.policy.path, None, self.name

    def runtest(self) -> None:
        """Fail where a check of all that was collected would be refused, and warn of what is doubtful."""
        from fitcheck.policy import check_entries
        from fitcheck.policy.doubts import doubts

        policy = self.checked.policy
        assert not isinstance(policy, FitcheckError)
        entries = list(self.checked.entries.values())
        unasked = _Unasked(project_assessor(self.config).rules)
        with contextlib.suppress(UnreadError):
            check_entries(entries, policy, unasked, lang=self.checked.lang)
        for problem in doubts(policy, entries, dt.date.today(), self.checked.lang or policy.lang):
            _warn(problem)


@dataclass(frozen=True, slots=True)
class _Unasked:
    """Stands for an assessor where no idea is to be judged."""

    rules: dict[str, Rule]

    def assess_each(
        self, ideas: Iterable[UseCase], *, today: dt.date | None = None
    ) -> Iterator[Report | FitcheckError]:
        raise UnreadError("an idea")


def in_node_id(name: str) -> str:
    """Return a name that can be part of a node id, on one line and without what splits one: `::` and brackets.

    >>> in_node_id("a::b[1]")
    'a: :b(1)'
    """
    from fitcheck.policy.escaping import shown

    return shown(name).replace("::", ": :").translate(_ROUND)
