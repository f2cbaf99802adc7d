"""Latencies of one way of serving, and how many requests keep within limits of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fitcheck.cost.fitted import Fitted
from fitcheck.cost.steps import Demand, cycle_s, prefill_s, step_s
from fitcheck.errors import CostError

__all__ = ["Serving"]


@dataclass(frozen=True, slots=True)
class Serving:
    """One way of serving, at any number of requests at once.

    Attributes:
        d: What it asks of each card.
        fit: The fitted numbers.
        backend: The serving program.
    """

    d: Demand
    fit: Fitted
    backend: str

    def cycle_s(self, batch: float) -> float:
        """Return the time that a request takes from first to last, s."""
        return cycle_s(self.d, self.fit.efficiencies, batch)

    def first_s(self, batch: float) -> float:
        """Return the time to the first token, s."""
        t = self.fit.first_token
        fixed: float = getattr(t, f"{self.backend}_s")
        prompts = prefill_s(self.d, self.fit.efficiencies) * (t.own_prompts + t.others_prompts * (batch - 1))
        # the first token is one of the cycle's, and never takes all of it
        return min(fixed + step_s(self.d, self.fit.efficiencies, batch) + prompts, 0.9 * self.cycle_s(batch))

    def token_s(self, batch: float) -> float:
        """Return the mean time of each further token, s."""
        return (self.cycle_s(batch) - self.first_s(batch)) / max(self.d.tokens_out - 1, 1)

    def most_within(self, most: int, max_tpot_ms: float | None, max_ttft_ms: float | None) -> int:
        """Return the most requests at once within the limits: every time grows with their number.

        Raises:
            CostError: Not even one request is fast enough.
        """
        for name, limit, seconds in self._limits(max_tpot_ms, max_ttft_ms):
            if seconds(1) * 1000 > limit:
                raise CostError(
                    f"{name}: {limit:g} ms can't be kept even for one request, which takes {seconds(1) * 1000:.3g} ms; "
                    "allow more, or give more or faster cards, fewer bits or shorter prompts"
                )
            low, high = 1, most
            while low < high:
                middle = (low + high + 1) // 2
                low, high = (middle, high) if seconds(middle) * 1000 <= limit else (low, middle - 1)
            most = low
        return most

    def _limits(
        self, max_tpot_ms: float | None, max_ttft_ms: float | None
    ) -> list[tuple[str, float, Callable[[float], float]]]:
        named = (("max_tpot_ms", max_tpot_ms, self.token_s), ("max_ttft_ms", max_ttft_ms, self.first_s))
        return [(name, limit, seconds) for name, limit, seconds in named if limit is not None]

    def broken(self, batch: float, max_tpot_ms: float | None, max_ttft_ms: float | None) -> list[str]:
        """Return the names of the limits that do not hold."""
        return [n for n, limit, seconds in self._limits(max_tpot_ms, max_ttft_ms) if seconds(batch) * 1000 > limit]
