"""An assessor of a few lines that answers in whole columns, so that the model plays no part."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from fitcheck.errors import FitcheckError
from fitcheck.records import LEARNED, Verdict
from fitcheck.rule_packs import load_rules
from fitcheck.rules import Rule
from fitcheck.sift import WHYS
from fitcheck.taxonomy import CONCEPTS
from fitcheck.text import detect_language

RULES = {rule.id: rule for rule in load_rules()}


@dataclass
class Columns:
    """What `Assessor.columns` returns."""

    verdict: npt.NDArray[np.int8]
    probabilities: npt.NDArray[np.float32]
    category: npt.NDArray[np.int8]
    decides: npt.NDArray[np.int8]
    reasons: npt.NDArray[np.int16]
    why: npt.NDArray[np.int8]
    chinese: npt.NDArray[np.bool_]
    errors: dict[int, str]


@dataclass
class Columnar:
    """Calls payroll overkill for the reason of one rule, all else fit, and nothing without a letter an idea."""

    columnar: bool = True
    rules: dict[str, Rule] = field(default_factory=lambda: RULES)
    rule: str = "exact-arithmetic"
    risk: float | None = None
    asked: list[int] = field(default_factory=list)

    def columns(self, texts: Sequence[str]) -> Columns:
        self.asked.append(len(texts))
        n = len(texts)
        is_payroll = np.array(["payroll" in t or "工资" in t for t in texts], bool)
        verdict = np.where(is_payroll, LEARNED.index(Verdict.OVERKILL), LEARNED.index(Verdict.FIT)).astype(np.int8)
        verdict[["?" in t for t in texts]] = list(Verdict).index(Verdict.UNCLEAR)
        probabilities = np.full((n, 4), 0.1, np.float32)
        probabilities[np.arange(n), np.minimum(verdict, 3)] = 0.7
        reasons = np.full((n, 3), -1, np.int16)
        reasons[is_payroll, 0] = list(self.rules).index(self.rule)
        category = np.full(n, CONCEPTS["category"].index("arithmetic-reporting"), np.int8)
        reason = WHYS.index("nothing spoke" if self.risk is None else "too risky")
        why = np.where(verdict == list(Verdict).index(Verdict.UNCLEAR), reason, -1).astype(np.int8)
        errors = {i: "the idea\nis empty" for i, t in enumerate(texts) if not any(map(str.isalpha, t))}
        chinese = np.array([detect_language(t) == "zh" for t in texts], bool)
        return Columns(verdict, probabilities, category, np.zeros(n, np.int8), reasons, why, chinese, errors)

    def assess_each(self, ideas: Iterable[object]) -> Iterator[FitcheckError]:
        raise AssertionError("the columns were not taken")
        yield
