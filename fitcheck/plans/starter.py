"""The test cases of a plan as a table to fill in."""

from __future__ import annotations

from pathlib import Path

from fitcheck.beside import Plan
from fitcheck.errors import UseCaseError
from fitcheck.plans.choosing import FIRST_HOUR, plan_values
from fitcheck.text import Language

__all__ = ["case_rows", "write_cases"]

_HEAD = {
    "en": ("case", "kind", "input", "expected", "note"),
    "zh": ("编号", "类型", "输入", "期望输出", "备注"),
}
_NOTE = {"en": "right: {words}", "zh": "正确的样子：{words}"}


def case_rows(plan: Plan, lang: Language) -> list[tuple[str, ...]]:
    """Return the table of a plan's test cases, its head first.

    A plan that keeps the model has ten kinds of its own; one that replaces it has the ten kinds of real cases to
    try the alternative on. `input` and `expected` are left for the reader to write.

    Returns:
        Eleven rows of five cells: case number, kind of case, input, expected, note.
    """
    cases = plan_values(plan.id).get("case") or plan_values(FIRST_HOUR)["case"]
    rows: list[tuple[str, ...]] = [_HEAD[lang]]
    for number, case in enumerate(cases, 1):
        rows.append((str(number), case[lang], "", "", _NOTE[lang].format(words=case["right"][lang])))
    return rows


def write_cases(plan: Plan, path: Path, lang: Language) -> int:
    """Write a plan's test cases as a CSV file that spreadsheets open, and never over another file.

    Returns:
        How many cases were written.

    Raises:
        UseCaseError: The file is there, or can't be written.
    """
    import csv
    from io import StringIO

    rows = case_rows(plan, lang)
    text = StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    try:
        with path.open("x", encoding="utf-8-sig", newline="") as file:  # the mark tells spreadsheets that it is UTF-8
            file.write(text.getvalue())
    except FileExistsError:
        raise UseCaseError(f"{path}: is there already, and may hold your cases; name another file") from None
    except OSError as error:
        raise UseCaseError(f"{path}: {error.strerror or error}") from None
    return len(rows) - 1
