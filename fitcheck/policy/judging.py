"""Who judges a registry: the policy's own assessor, here or in worker processes."""

from __future__ import annotations

import datetime as dt
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from itertools import islice
from multiprocessing import get_context
from typing import TYPE_CHECKING

from fitcheck.errors import FitcheckError
from fitcheck.policy.document import Policy
from fitcheck.pool import WorkerDied, no_interrupts, start_work
from fitcheck.records import Report
from fitcheck.use_case import UseCase

if TYPE_CHECKING:
    from fitcheck.pipeline import Assessor
    from fitcheck.rules import Rule

__all__ = ["AssessesInParallel", "load_assessor"]

_IDEAS_PER_TASK = 64
_TASKS_PER_WORKER = 3


def load_assessor(policy: Policy) -> Assessor:
    """Return the assessor that a policy asks for: its rules, and the risk that it accepts.

    Raises:
        RuleError: A rule file of its pack is broken.
    """
    from fitcheck.pipeline import Assessor

    return Assessor(rules=policy.rules, extra_rules=policy.extra_rules, risk=policy.risk)


@dataclass(frozen=True, slots=True)
class AssessesInParallel:
    """Worker processes that judge as the policy's own assessor does, in order and with bounded look-ahead.

    Attributes:
        policy: Its rules and its risk.
        processes: How many workers.
    """

    policy: Policy
    processes: int

    @property
    def rules(self) -> dict[str, Rule]:
        """The rules, by id."""
        from fitcheck.rule_packs import load_beside, load_rules

        pack = load_rules(self.policy.rules)
        if self.policy.extra_rules is not None:
            pack += load_beside(pack, self.policy.extra_rules)
        return {rule.id: rule for rule in pack}

    def assess_each(
        self, ideas: Iterable[UseCase], *, today: dt.date | None = None
    ) -> Iterator[Report | FitcheckError]:
        """See `Assessor.assess_each`.

        Raises:
            WorkerDied: A worker ended before its work was done.
        """
        remaining = iter(ideas)
        waiting: deque[Future[list[Report | FitcheckError]]] = deque()
        # spawned, never forked: a fork copies locks that other threads hold
        with ProcessPoolExecutor(
            self.processes, mp_context=get_context("spawn"), initializer=_start, initargs=(self.policy,)
        ) as pool:
            try:
                while block := list(islice(remaining, _IDEAS_PER_TASK)):
                    with no_interrupts():
                        waiting.append(pool.submit(_judge, block, today))
                    if len(waiting) >= _TASKS_PER_WORKER * self.processes:
                        yield from waiting.popleft().result()
                while waiting:
                    yield from waiting.popleft().result()
            except BrokenProcessPool:
                raise WorkerDied(
                    "a worker process died: killed, or out of memory; fewer --processes need less of it"
                ) from None
            finally:
                pool.shutdown(wait=False, cancel_futures=True)


_policy: Policy | None = None
_assessor: Assessor | None = None


def _start(policy: Policy) -> None:
    global _policy
    _policy = policy
    # one core each, deaf to Ctrl-C, and gone when the parent is
    start_work(None, None)  # type: ignore[arg-type]


def _judge(ideas: Sequence[UseCase], today: dt.date | None) -> list[Report | FitcheckError]:
    global _assessor
    if _assessor is None:
        if _policy is None:
            raise AssertionError("the worker was not started as one")
        _assessor = load_assessor(_policy)
    return list(_assessor.assess_each(ideas, today=today))
