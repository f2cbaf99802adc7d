"""Figures laid out for a terminal."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from benchmarks.sets import VERDICTS

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["number", "open_console", "percent", "print_set", "signed", "table"]

_PLAIN_WIDTH = 130
_SMALL_GROUP = 20
"""Groups below this many rows are pooled on the screen; the JSON holds each."""


def open_console() -> Console:
    """Return a console on standard output, wide enough for the tables where output is piped."""
    from rich.console import Console

    return Console(width=None if sys.stdout.isatty() else _PLAIN_WIDTH, highlight=False)


def number(value: float | None, digits: int = 3) -> str:
    """Write a figure between -1 and 1 the short way, `.712`; `-` where there is none."""
    if value is None:
        return "-"
    text = f"{value:.{digits}f}"
    return text.replace("0.", ".", 1) if text.startswith(("0.", "-0.")) else text


def percent(value: float | None) -> str:
    """Write a share as a percentage; `-` where there is none."""
    return "-" if value is None else f"{100 * value:.1f}%"


def signed(value: float | None) -> str:
    """Write a difference of shares in points with its sign."""
    return "-" if value is None else f"{100 * value:+.1f}"


def table(
    console: Console, title: str, columns: Sequence[str], rows: Sequence[Sequence[str]], *, text: int = 1
) -> None:
    """Print a table.

    Args:
        console: Where to.
        title: Its title.
        columns: Column heads.
        rows: Cells.
        text: How many of the first columns hold words; the others are numbers, set right.
    """
    from rich import box
    from rich.table import Table
    from rich.text import Text

    laid = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for index, column in enumerate(columns):
        words = index < text or column == "conditions"
        laid.add_column(column, justify="left" if words else "right", no_wrap=not words, overflow="fold")
    for row in rows:
        laid.add_row(*(Text(cell) for cell in row))
    console.print(Text(title, style="bold"))
    console.print(laid)


def print_set(console: Console, name: str, figures: Mapping[str, Any]) -> None:
    """Print all figures of one set."""
    console.rule(f"[bold]{name}[/bold]  {figures['rows']:,} rows", align="left")
    console.print(figures["title"], style="dim")
    if figures["not_readable"]:
        console.print(f"{figures['not_readable']} texts could not be read and count as unclear")
    fast = figures["probabilities_alone"]
    console.print(
        f"Assessor.probabilities and the reports' differ by at most {number(fast['largest_difference'])}; "
        f"on {fast['other_verdict']} rows another of the four leads"
    )
    if "four_verdicts" in figures:
        _print_verdicts(console, figures)
    else:
        _print_yes_no(console, figures)


def _print_verdicts(console: Console, figures: Mapping[str, Any]) -> None:
    four, abstaining = figures["four_verdicts"], figures["with_abstention"]
    yes_no, every = figures["yes_no"], figures["all_rows"]
    console.print(
        f"\nFour verdicts: the strongest of four probabilities on the {four['n']} rows labelled with one of the four\n"
        f"  accuracy {number(four['accuracy'])} {_interval(four['accuracy_interval'])}"
        f"   kappa {number(four['kappa'])} {_interval(four['kappa_interval'])}"
        f"   macro-F1 {number(four['macro_f1'])}   calibration error {number(four['calibration_error'])}\n"
        f"With abstention: the report's verdict on the same rows\n"
        f"  abstains on {percent(abstaining['abstention_rate'])}"
        f"   accuracy when answering {number(abstaining['accuracy_when_answering'])}\n"
        f"All {every['n']} rows, unclear as a fifth label ({every['unclear_labels']} rows carry it, "
        f"{every['unclear_said']} were called it)\n"
        f"  accuracy {number(every['accuracy'])}   kappa {number(every['kappa'])}"
        f"   macro-F1 {number(every['macro_f1'])}\n"
        f"Yes (fit, assist) or no, p(fit) + p(assist) >= .5\n"
        f"  accuracy {number(yes_no['accuracy'])}   kappa {number(yes_no['kappa'])}   AUC {number(yes_no['auc'])}"
        f"   calibration error {number(yes_no['calibration_error'])}"
    )
    table(
        console,
        "With --risk: the share of these rows that is answered, and how often it is right",
        ("risk", "answered", "accuracy"),
        [[risk, percent(r["answered"]), number(r["accuracy"])] for risk, r in figures["with_risk"].items()],
    )
    if figures["why_unclear"]:
        console.print("Why unclear: " + ", ".join(f"{why} {n}" for why, n in figures["why_unclear"].items()))
    console.print()
    ours = ["fitcheck", number(four["accuracy"]), number(four["kappa"]), number(four["auc"])]
    _print_anchors(console, figures, [*ours, number(yes_no["accuracy"]), "this run; has seen no label of this set"])
    _print_labels(console, "By verdict (four verdicts)", figures["by_verdict"])
    _print_confusion(console, "Strongest of four; rows are labels, columns answers", figures["confusion"])
    _print_confusion(console, "Report's verdict", figures["confusion_with_abstention"])
    for kind, groups in figures["by"].items():
        rows = [
            [
                value,
                f"{g['n']:,}",
                number(g["accuracy"]),
                number(g["macro_f1"]),
                number(g["kappa"]),
                number(g["yes_no_accuracy"]),
                number(g["auc"]),
                percent(g["abstention_rate"]),
                number(g["accuracy_when_answering"]),
            ]
            for value, g in groups.items()
        ]
        heads = ("n", "accuracy", "macro-F1", "kappa", "yes/no", "AUC", "abstains", "when answering")
        table(console, f"By {kind}", (kind, *heads), rows)
    for pool, gap in figures["zh_minus_en"].items():
        if gap["difference"] is not None:
            console.print(
                f"Chinese minus English, {pool}: {signed(gap['difference'])} points "
                f"{_interval(gap['interval'], points=True)} ({gap['n_zh']} and {gap['n_en']} rows)"
            )
    console.print()
    if "concepts" in figures:
        rows = [
            [
                concept,
                f"{c['n']:,}",
                number(c["accuracy"]),
                number(c["macro_f1"]),
                number(c["kappa"]),
                number(c["most_common_share"]),
                f"{c['not_read']:,}",
            ]
            for concept, c in figures["concepts"].items()
        ]
        columns = ("concept", "n", "accuracy", "macro-F1", "kappa", "always most common", "not read")
        table(console, "Concepts", columns, rows)
    if "contrast_families" in figures:
        families, twins = figures["contrast_families"], figures["twins"]
        console.print(
            f"Contrast families (members differ in verdict) with every member right: "
            f"{percent(families['all_right'])} of {families['families']} "
            f"(accuracy inside them {number(families['accuracy_inside'])}; "
            f"independent mistakes at that rate would give {percent(families['if_independent'])})\n"
            f"English and Chinese twins with the same answer: {percent(twins['same_answer'])} of {twins['pairs']}\n"
        )


def _print_yes_no(console: Console, figures: Mapping[str, Any]) -> None:
    ours = figures["yes_no"]
    console.print(
        f"\nYes or no, p(fit) + p(assist) >= .5, on all {ours['n']:,} rows ({percent(ours['share_yes'])} yes)\n"
        f"  accuracy {number(ours['accuracy'])}   macro-F1 {number(ours['macro_f1'])}   kappa {number(ours['kappa'])}"
        f"   AUC {number(ours['auc'])}   calibration error {number(ours['calibration_error'])}\n"
        f"  abstains on {percent(ours['abstention_rate'])}"
        f"   accuracy when answering {number(ours['accuracy_when_answering'])}\n"
    )
    by_task = figures.get("by_core_task")
    if by_task:
        console.print(
            f"By what the core task is, whatever the verdict: accuracy {number(by_task['accuracy'])}"
            f"   kappa {number(by_task['kappa'])}   AUC {number(by_task['auc'])}\n"
        )
    row = ["fitcheck", number(ours["accuracy"]), number(ours["kappa"]), number(ours["auc"])]
    _print_anchors(console, figures, [*row, "", "this run; has seen no label of this set"])
    _print_labels(console, "By label", figures["by_verdict"])
    _print_confusion(console, "Report's verdict by label", figures["verdicts_by_label"])
    for kind, groups in figures["by"].items():
        rows = [
            [
                value,
                f"{g['n']:,}",
                percent(g["share_yes"]),
                number(g["accuracy"]),
                number(g["macro_f1"]),
                number(g["kappa"]),
                number(g["auc"]),
                percent(g["abstention_rate"]),
                number(g["accuracy_when_answering"]),
            ]
            for value, g in groups.items()
            if g["n"] >= _SMALL_GROUP
        ]
        left_out = [g["n"] for g in groups.values() if g["n"] < _SMALL_GROUP]
        title = f"By {kind}"
        if left_out:
            title += f" (and {len(left_out)} smaller ones with {sum(left_out)} rows, in the JSON)"
        heads = ("n", "yes", "accuracy", "macro-F1", "kappa", "AUC", "abstains", "when answering")
        table(console, title, (kind, *heads), rows)


def _print_anchors(console: Console, figures: Mapping[str, Any], ours: list[str]) -> None:
    rows = [ours]
    for anchor in figures["anchors"]:
        more = "; ".join(f"{name.replace('_', ' ')} {number(v, 2)}" for name, v in anchor["more"].items())
        conditions = anchor["conditions"] + (f" ({more})" if more else "")
        figures_of = [number(anchor[key]) for key in ("accuracy", "kappa", "auc", "yes_no")]
        rows.append([anchor["who"], *figures_of, conditions])
    for who, other in figures.get("others", {}).items():
        rows.append([who, number(other["accuracy"]), number(other["kappa"]), "-", "-", "computed here, same rows"])
    plain = figures["always_most_common"]
    if plain:
        row = [f"always {plain['answer']}", number(plain["accuracy"]), number(plain["kappa"])]
        rows.append([*row, "-", "-", "computed here, same rows"])
    table(console, "Beside others", ("who", "accuracy", "kappa", "AUC", "yes/no", "conditions"), rows)


def _print_labels(console: Console, title: str, labels: Mapping[str, Any]) -> None:
    rows = [
        [label, f"{f['n']:,}", f"{f['said']:,}", number(f["precision"]), number(f["recall"]), number(f["f1"])]
        for label, f in labels.items()
    ]
    table(console, title, ("label", "n", "said", "precision", "recall", "F1"), rows)


def _print_confusion(console: Console, title: str, counts: Mapping[str, Mapping[str, int]]) -> None:
    answers = list(next(iter(counts.values())))
    if not any(row.get("unclear") for row in counts.values()) and "unclear" not in counts:
        answers = [a for a in answers if a in VERDICTS] or answers
    rows = [[label, *(f"{row[a]:,}" for a in answers)] for label, row in counts.items()]
    table(console, title, ("label", *answers), rows)


def _interval(interval: Sequence[float] | None, *, points: bool = False) -> str:
    if interval is None:
        return ""
    low, high = interval
    return f"({signed(low)} to {signed(high)})" if points else f"({number(low)} to {number(high)})"
