"""What an idea's calls would cost by API, and where that decides."""

from fitcheck.cost.estimate import cost_evidence, estimate_cost
from fitcheck.records import Cost

__all__ = ["Cost", "cost_evidence", "estimate_cost"]
