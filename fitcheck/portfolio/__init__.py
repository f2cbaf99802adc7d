"""The portfolio: many reports as one page, one Markdown summary, one workbook.

>>> from fitcheck.portfolio import Portfolio
>>> Portfolio.of([]).counts["fit"]
0
"""

from fitcheck.portfolio.record import Entry, Portfolio

__all__ = ["Entry", "Portfolio"]
