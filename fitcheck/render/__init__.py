"""A report for people: in a terminal, and in Markdown.

`content.py` says what a report tells, `terminal.py` and `markdown.py` how it looks;
so both tell the same. JSON is `Report.to_json`.
"""

from fitcheck.render.markdown import report_markdown
from fitcheck.render.terminal import print_report, report_text

__all__ = ["print_report", "report_markdown", "report_text"]
