"""What to do next: the alternative and its tools, or the guardrails, a baseline and ten test cases.

The plans are data, `rules/plans/<kind>/<id>.toml`; `plan_for` picks one for a report and `case_rows` makes a
starter file of its test cases.
"""

from __future__ import annotations

from fitcheck.plans.choosing import plan_for
from fitcheck.plans.starter import case_rows, write_cases

__all__ = ["case_rows", "plan_for", "write_cases"]
