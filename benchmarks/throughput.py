"""How far the predicted serving speed is from measurements: `python -m benchmarks.throughput [--data FILE]`.

Each model is predicted by a fit to the others (`--shipped`: by the numbers that fitcheck ships).
`--fit` fits to all of them and writes the numbers that fitcheck ships.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.layout import number, open_console, percent, table
from benchmarks.sets import data_folder
from benchmarks.throughput_rows import COLUMNS, READING, Row, RowsError, read_rows
from fitcheck.cost.fitted import FITTED_FILE, shipped
from fitcheck.cost.notes import unmeasured

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from benchmarks.throughput_fit import Stack

__all__ = ["main"]

_TARGET = "output tokens/s by card"
_ENOUGH_OF_A_FAMILY = 20
_WHERE = (
    "Not there: {path} (name another file by --data, or its folder by FITCHECK_DATA).\n"
    "Published measurements to make one of: NVIDIA/TensorRT-LLM docs/source/performance/perf-overview.md and\n"
    "ai-dynamo/aiconfigurator silicon_sample.csv (both Apache-2.0), and MLPerf Inference results.\n"
    "columns: {columns}; ttft_ms, tpot_ms and source where known"
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and return the exit code: 0 also where the table is absent, 2 for a broken one."""
    options = _parser().parse_args(arguments)
    path = Path(options.data) if options.data else data_folder(None) / "throughput.csv"
    if path.is_dir():
        path /= "throughput.csv"
    if not path.is_file():
        print(_WHERE.format(path=path, columns=", ".join(COLUMNS)))
        return 0
    try:
        rows, unread = read_rows(path)
        figures = _measure(rows, unread, is_shipped=options.shipped)
        if options.fit:
            _write_fit(rows, figures)
    except RowsError as error:
        print(f"benchmarks.throughput: {error}", file=sys.stderr)
        return 2
    _show(figures)
    if options.json:
        Path(options.json).write_text(json.dumps(figures, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        print(f"all figures: {options.json}", file=sys.stderr)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.throughput", description="How far the predicted serving speed is from measurements."
    )
    parser.add_argument("--data", metavar="FILE", help="measurements; else throughput.csv in FITCHECK_DATA")
    parser.add_argument("--json", metavar="FILE", help="write every figure to this file too")
    way = parser.add_mutually_exclusive_group()
    way.add_argument("--shipped", action="store_true", help="judge the shipped numbers as they are, without a fit")
    way.add_argument("--fit", action="store_true", help=f"fit to all rows and write {FITTED_FILE.name}")
    return parser


def _measure(rows: Sequence[Row], unread: Mapping[str, int], *, is_shipped: bool) -> dict[str, Any]:
    from benchmarks.throughput_fit import errors_left_out, leave_groups_out, log_speed, stack

    if not rows:
        raise RowsError(f"no row could be read: {'; '.join(unread)}")
    s = stack(rows)
    groups = len(set(s.groups))
    if is_shipped:
        fit = shipped()
        predicted = log_speed(s, fit.efficiencies)
        low, high = _shipped_interval(rows, predicted)
        how = f"numbers shipped on {fit.day}, fitted to {fit.rows:,} rows: models that were among them are no test"
    elif groups > 2:
        predicted, low, high = leave_groups_out(s)
        how = "each model left out in turn, with its variants, and predicted by a fit to the others"
    elif groups > 1:
        predicted = errors_left_out(s) + s.log_speed
        low, high = _shipped_interval(rows, predicted)
        how = "each of two models predicted by a fit to the other; too few for an interval, so the shipped one"
    else:
        raise RowsError("one model can't be judged by a fit to others; use --shipped")
    return {
        "how": how,
        "target": _TARGET,
        "rows": len(rows),
        "unread": dict(unread),
        "beyond_peak": int(s.beyond_peak.sum()),
        "all": _errors(s, predicted, low, high, [True] * len(rows)),
        **{f"by_{what}": _by(s, predicted, low, high, [label(row) for row in rows]) for what, label in _LABELS.items()},
        "groups": {g: sorted({r.labels["model"] for r in rows if r.group == g}) for g in sorted(set(s.groups))},
        "reading": list(READING),
    }


def _shipped_interval(rows: Sequence[Row], predicted: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    import numpy as np

    fit = shipped()
    wider = np.array([unmeasured(row.model, row.gpu, row.setting, fit)[0] for row in rows])
    return predicted + wider * np.log(fit.low), predicted + wider * np.log(fit.high)


_LABELS: Mapping[str, Callable[[Row], str]] = {
    "model": lambda row: row.group,
    "gpu": lambda row: row.labels["gpu"],
    "backend": lambda row: row.setting.backend,
    "precision": lambda row: row.setting.precision,
    "source": lambda row: row.labels["source"] or "not said",
}


def _by(
    s: Stack, predicted: NDArray[Any], low: NDArray[Any], high: NDArray[Any], labels: Sequence[str]
) -> dict[str, dict[str, float]]:
    counts = Counter(labels)
    return {
        label: _errors(s, predicted, low, high, [one == label for one in labels]) for label, _ in counts.most_common()
    }


def _errors(
    s: Stack, predicted: NDArray[Any], low: NDArray[Any], high: NDArray[Any], which: Sequence[bool]
) -> dict[str, float]:
    import numpy as np

    picked = np.array(which)
    measured = s.log_speed[picked]
    log_error = predicted[picked] - measured
    error = np.abs(np.expm1(log_error)) * 100
    return {
        "rows": int(picked.sum()),
        "mean_percent": round(float(error.mean()), 1),
        "median_percent": round(float(np.median(error)), 1),
        "within_twice": round(float((np.abs(log_error) <= np.log(2)).mean()), 3),
        "in_interval": round(float(((low[picked] <= measured) & (measured <= high[picked])).mean()), 3),
        "median_ratio": round(float(np.exp(np.median(log_error))), 3),
    }


def _show(figures: Mapping[str, Any]) -> None:
    console = open_console()
    console.print(f"{figures['rows']:,} measurements; {figures['how']}")
    for reason, count in figures["unread"].items():
        console.print(f"  {count} rows left out: {reason}", markup=False)
    if figures["beyond_peak"]:
        console.print(
            f"  {figures['beyond_peak']} rows ask for more arithmetic than the cards' rated peak; "
            "they are judged, and not learned from"
        )
    heads = ("mean error", "median", "within 2x", "in 80% interval", "median ratio")
    table(console, f"Error of {_TARGET}", ("", "rows", *heads), [_cells("all", figures["all"])])
    for what in _LABELS:
        rows = [_cells(label, values) for label, values in figures[f"by_{what}"].items()]
        table(console, f"By {what}", (what, "rows", *heads), rows)
    merged = {group: names for group, names in figures["groups"].items() if len(names) > 1}
    for group, names in merged.items():
        console.print(f"{group}: {', '.join(names)}", markup=False)
    for line in figures["reading"]:
        console.print(f"- {line}", style="dim", markup=False)


def _cells(label: str, values: Mapping[str, float]) -> list[str]:
    return [
        label,
        f"{values['rows']:,}",
        f"{values['mean_percent']:.1f}%",
        f"{values['median_percent']:.1f}%",
        number(values["within_twice"]),
        percent(values["in_interval"]),
        f"{values['median_ratio']:.2f}",
    ]


def _write_fit(rows: Sequence[Row], figures: dict[str, Any]) -> None:
    import numpy as np

    from benchmarks.throughput_fit import (
        errors_left_out,
        fit,
        fit_first_token,
        interval_of,
        stack,
        without_family,
    )

    s = stack(rows)
    efficiencies = fit(s)
    errors = errors_left_out(s)
    below, above = interval_of(errors, s.groups)
    first, first_error = fit_first_token(s, efficiencies, np.array([r.ttft_ms or np.nan for r in rows]))
    counts = Counter(s.families.tolist())
    values = {
        "day": dt.date.today().isoformat(),
        "rows": len(rows),
        "sources": sorted({row.labels["source"] for row in rows} - {""}),
        "families": sorted(family for family, count in counts.items() if count >= _ENOUGH_OF_A_FAMILY),
        "error": {
            "how": figures["how"],
            **figures["all"],
            "first_token": first_error,
            "by_model": {name: one["mean_percent"] for name, one in figures["by_model"].items()},
        },
        "interval": {
            "low": round(float(np.exp(below)), 4),
            "high": round(float(np.exp(above)), 4),
            "other_family": round(without_family(s, errors) or 1.0, 3),
        },
        "efficiencies": asdict(efficiencies),
        "first_token": asdict(first),
    }
    FITTED_FILE.write_text(json.dumps(values, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    shipped.cache_clear()
    print(f"written: {FITTED_FILE}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
