"""The business findings that stand beside a verdict: need, money, dependence.

An axis is answered by what is most to be trusted: given facts, then the idea's own words, then what scenarios
like it are labelled, then what its category suggests, and where nothing speaks the usual answer.
"""

from __future__ import annotations

from fitcheck.lens.axes import AXES, USUAL
from fitcheck.lens.finding import read_lens
from fitcheck.lens.pack import load_lens

__all__ = ["AXES", "USUAL", "load_lens", "read_lens"]
