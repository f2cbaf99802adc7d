"""What the items of one pytest session share: the policy, the assessor, and what was judged so far."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from fitcheck.errors import FitcheckError

if TYPE_CHECKING:
    from fitcheck.pipeline import Assessor
    from fitcheck.policy import Entry, Finding, Policy
    from fitcheck.policy.baseline import Baseline
    from fitcheck.policy.checking import CheckResult, Outcome, Problem
    from fitcheck.policy.lock import Lock, Locked
    from fitcheck.policy.requirements import Requirement
    from fitcheck.records import Report
    from fitcheck.text import Language
    from fitcheck.use_case import UseCase

__all__ = ["Checked", "UnreadError", "lock_path", "may_apply", "project_assessor", "read_policy"]

_BLOCK = 256


def read_policy(config: pytest.Config) -> Policy:
    """Return the policy that the options or the ini file name, else what lies at rootdir or above it.

    Raises:
        FitcheckError: There is none, or it is broken.
    """
    from fitcheck.policy import load_policy

    given = config.getoption("fitcheck_policy") or config.getini("fitcheck_policy")
    if not given:
        return load_policy(None, start=config.rootpath)
    return load_policy(_existing(config, given) or Path(given), start=config.rootpath)


def _existing(config: pytest.Config, given: str) -> Path | None:
    """Return the file that a relative path means: below the folder of the call, else below rootdir."""
    places = (config.invocation_params.dir / given, config.rootpath / given)
    return next((place for place in places if place.exists()), None)


def project_assessor(config: pytest.Config) -> Assessor:
    """Return the session's assessor: with the rules and the risk of the project's policy, where there is one."""
    if _ASSESSOR not in config.stash:
        from fitcheck.pipeline import Assessor
        from fitcheck.policy.document import find_policy

        named = config.getoption("fitcheck_policy") or config.getini("fitcheck_policy")
        if named or find_policy(config.rootpath) is not None:
            policy = read_policy(config)
            assessor = Assessor(rules=policy.rules, extra_rules=policy.extra_rules, risk=policy.risk)
        else:
            assessor = Assessor()
        config.stash[_ASSESSOR] = assessor
    return config.stash[_ASSESSOR]


_ASSESSOR: pytest.StashKey[Assessor] = pytest.StashKey()


@dataclass
class Checked:
    """What the items of one session share. Ideas are judged when their first item runs, in blocks where one can.

    Attributes:
        entries: Those that were collected, by id.
        told_in: The file whose items say what is broken for all of them; None until one does.
    """

    config: pytest.Config
    entries: dict[str, Entry] = field(default_factory=dict)
    _reports: dict[UseCase, Report | FitcheckError] = field(default_factory=dict)
    _results: dict[str, CheckResult] = field(default_factory=dict)
    waiting: list[Entry] = field(default_factory=list)
    told_in: Path | None = None

    @cached_property
    def policy(self) -> Policy | FitcheckError:
        """The policy, or what is wrong with it."""
        try:
            return read_policy(self.config)
        except FitcheckError as error:
            return error

    @cached_property
    def lang(self) -> Language | None:
        """The language of messages; None for the policy's."""
        given: Any = self.config.getoption("fitcheck_lang") or self.config.getini("fitcheck_lang") or None
        return given if given in ("en", "zh") else None

    @cached_property
    def baseline(self) -> Baseline:
        """Ideas and requirements of which it is known that they are broken.

        Raises:
            PolicyError: The baseline that was named can't be read.
        """
        from fitcheck.policy.baseline import Baseline, read_baseline

        given = self.config.getoption("fitcheck_baseline") or self.config.getini("fitcheck_baseline")
        return read_baseline(_existing(self.config, given) or Path(given)) if given else Baseline()

    @cached_property
    def lock(self) -> Lock:
        """What stands in rootdir's lock file.

        Raises:
            UseCaseError: It is broken.
        """
        from fitcheck.policy.lock import read_lock

        return read_lock(lock_path(self.config))

    def outdated(self, finding: Finding) -> Iterator[Problem]:
        """Yield a warning where the text that a waiver or the baseline was for is another by now."""
        from fitcheck.policy.outdated import outdated

        assert not isinstance(self.policy, FitcheckError)
        lock = self.lock.ideas if lock_path(self.config).is_file() else {}
        locked = {name: one.text for name, one in lock.items()}
        yield from outdated([finding], locked, self.baseline.texts, self.lang or self.policy.lang)

    @cached_property
    def broken(self) -> tuple[str, FitcheckError] | None:
        """What all items hang on and that can't be read, by its name, and what is wrong with it; else None.

        It is the policy, a rule pack that the policy names, the baseline or the lock file.
        """
        if isinstance(self.policy, FitcheckError):
            return "policy", self.policy
        needed: dict[str, Callable[[], object]] = {"baseline": lambda: self.baseline}
        if self.policy.rules is not None or self.policy.extra_rules is not None:
            needed["rules"] = lambda: self._rules
        if lock_path(self.config).is_file():
            needed["lock"] = lambda: self.lock
        for name, read in needed.items():
            try:
                read()
            except FitcheckError as error:
                return name, error
        return None

    @cached_property
    def _rules(self) -> str:
        from fitcheck.policy.lock import rules_version

        assert not isinstance(self.policy, FitcheckError)
        return rules_version(self.policy)

    def locked_now(self, entry: Entry, report: Report) -> Locked:
        """Return what the lock file would say of an idea today."""
        from fitcheck.policy.lock import record

        assert not isinstance(self.policy, FitcheckError)
        folder = self.config.rootpath
        return record(entry, report, rules=self._rules, today=dt.date.today(), beside=folder, risk=self.policy.risk)

    def outcome(self, entry: Entry, requirement: str) -> Outcome | None:
        """Return how an idea does by a requirement; None where the policy does not ask it of the idea."""
        return next((o for o in self._checked(entry).outcomes if o.requirement == requirement), None)

    def problems(self, entry: Entry) -> tuple[Problem, ...]:
        """Return what is wrong with the waivers for an idea."""
        return self._checked(entry).problems

    def report(self, entry: Entry) -> Report:
        """Return the report on an idea.

        Raises:
            FitcheckError: The idea can't be judged.
        """
        return self._checked(entry).judged[0][1]

    def assess_each(
        self, ideas: Iterable[UseCase], *, today: dt.date | None = None
    ) -> Iterator[Report | FitcheckError]:
        """Yield reports like an assessor, each idea being judged once."""
        for idea in ideas:
            if idea not in self._reports:
                self._judge(self._block(idea), today)
            yield self._reports[idea]

    def _judge(self, block: Sequence[UseCase], today: dt.date | None) -> None:
        """Judge ideas at once; where one of them can't be judged, find out which."""
        try:
            judged = list(project_assessor(self.config).assess_each(block, today=today))
        except FitcheckError as error:
            if len(block) == 1:
                self._reports[block[0]] = error
                return
            middle = len(block) // 2
            self._judge(block[:middle], today)
            self._judge(block[middle:], today)
        else:
            self._reports.update(zip(block, judged, strict=True))

    def _block(self, first: UseCase) -> list[UseCase]:
        """Return an idea and those to judge along with it: many at once is quicker, but a worker gets only some."""
        block = {first: None}
        while self.waiting and len(block) < _BLOCK and not hasattr(self.config, "workerinput"):
            idea = self.waiting.pop().use_case
            if idea not in self._reports:
                block[idea] = None
        return list(block)

    def _checked(self, entry: Entry) -> CheckResult:
        if entry.id not in self._results:
            from fitcheck.policy import check_entries

            if isinstance(self.policy, FitcheckError):
                raise self.policy
            asked = tuple(r for r in self.policy.requirements if may_apply(r, entry))
            policy = replace(self.policy, requirements=asked)
            result = check_entries([entry], policy, self, lang=self.lang, registry=self.entries.keys())
            self._results[entry.id] = result.knowing(self.baseline.known)
        return self._results[entry.id]


class UnreadError(Exception):
    """The verdict was asked for before it was known."""


class _Unread:
    """Stands for the report while items are collected: ideas are judged only when their items run."""

    def __getattr__(self, name: str) -> Any:
        raise UnreadError(name)


def lock_path(config: pytest.Config) -> Path:
    """Return where rootdir's lock file would be."""
    return config.rootpath / "fitcheck.lock"


def may_apply(requirement: Requirement, entry: Entry) -> bool:
    """Say whether a requirement is asked of an idea, as far as that can be known before it is judged."""
    from fitcheck.policy.requirements import Case

    unread: Any = _Unread()
    case = Case(entry, unread, dt.date.today())
    try:
        return requirement.is_for(case) and requirement.applies(case)
    except UnreadError:
        return True
