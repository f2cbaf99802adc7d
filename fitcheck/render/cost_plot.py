"""An estimate as a picture: cost against volume with the break-even marked, and what moves it most."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from fitcheck.cost.answer import Estimate
from fitcheck.cost.crossing import cost_curve
from fitcheck.errors import CostError, ModelUnavailable
from fitcheck.render.cost_words import say_cost, subtitle
from fitcheck.text import Language

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["save_plot"]

_POINTS = 60
_DECADES = 2
_BARS = 8
_COLOURS = {"api": "#0072b2", "own": "#d55e00", "alternative": "#009e73"}
"""Okabe and Ito's, which people with colour-blindness tell apart; each line has a style of its own too."""
_STYLES = {"api": "-", "own": "--", "alternative": ":"}
_CHINESE_FONTS = ("Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC", "SimHei")
_FORMATS = (".svg", ".png", ".pdf")

_WORDS: dict[str, tuple[str, str]] = {
    "api": ("by API", "API"),
    "own": ("on own cards", "自有显卡"),
    "alternative": ("simpler tool", "更简单的工具"),
    "calls": ("calls a month", "每月调用次数"),
    "usd month": ("USD a month", "每月成本（美元）"),
    "usd call": ("USD a call", "每次调用成本（美元）"),
    "cny month": ("CNY a month", "每月成本（元）"),
    "cny call": ("CNY a call", "每次调用成本（元）"),
    "at_low": ("at its low end", "取低值时"),
    "at_high": ("at its high end", "取高值时"),
    "break-even": ("own cards are cheaper from here", "由此起自有显卡更便宜"),
    "now": ("this estimate", "本次估算"),
    "nothing": ("no input has a range", "没有带范围的输入"),
}


def save_plot(estimate: Estimate, path: Path, *, lang: Language = "en") -> Language:
    """Draw an estimate into a file.

    Args:
        estimate: The estimate.
        path: Ends in `.svg`, `.png` or `.pdf`; the file appears whole or not at all.
        lang: The reader's language. Chinese needs a font that has it; without one the picture is in English.

    Returns:
        The language that it is in.

    Raises:
        CostError: The file's ending is no format, or its folder is missing.
        ModelUnavailable: matplotlib is not installed.
    """
    ending = path.suffix.lower()
    if ending not in _FORMATS:
        raise CostError(f"plot: {path.name!r} ends in {ending or 'nothing'!r}; name a file in {', '.join(_FORMATS)}")
    try:
        import matplotlib
        from matplotlib.figure import Figure
    except ImportError:
        raise ModelUnavailable('drawing needs matplotlib: pip install "usecase-fitcheck[plot]"') from None

    if not path.resolve().parent.is_dir():
        raise CostError(f"plot: there is no folder {path.parent}; make it first")
    fonts, lang = _fonts(lang)
    # a fixed salt and no date: the same estimate gives the same file
    style: Any = {
        "font.family": "sans-serif",
        "font.sans-serif": [*fonts, "DejaVu Sans"],
        "svg.fonttype": "none",
        "svg.hashsalt": "fitcheck",
        "axes.unicode_minus": False,
    }
    with matplotlib.rc_context(style):
        drawing = Figure(figsize=(11, 4.8), layout="constrained")
        left, right = drawing.subplots(1, 2, width_ratios=[1.1, 1])
        title = estimate.title[lang] if estimate.title is not None else ""
        drawing.suptitle("\n".join(filter(None, (title, *subtitle(estimate, lang)))), fontsize=10)
        _volume(left, estimate, lang)
        _swings(right, estimate, lang)
        fresh = path.with_name(f".{path.name}.new")
        try:
            metadata: dict[str, Any] = (
                {} if ending == ".png" else {"Date": None} if ending == ".svg" else {"CreationDate": None}
            )
            drawing.savefig(fresh, format=ending[1:], dpi=150, metadata=metadata)
            fresh.replace(path)
        finally:
            fresh.unlink(missing_ok=True)
    return lang


def _fonts(lang: Language) -> tuple[list[str], Language]:
    if lang == "en":
        return [], lang
    from matplotlib import font_manager

    known = set(font_manager.get_font_names())
    found = [name for name in _CHINESE_FONTS if name in known]
    return found, lang if found else "en"


def _say(key: str, lang: Language) -> str:
    en, zh = _WORDS[key]
    return zh if lang == "zh" else en


def _volume(axes: Axes, estimate: Estimate, lang: Language) -> None:
    sheet = estimate.sheet
    if "calls_per_month" not in sheet:
        axes.text(0.5, 0.5, say_cost("no volume", lang), ha="center", va="center", wrap=True, transform=axes.transAxes)
        axes.set_axis_off()
        return
    drawn = [way for way in _COLOURS if f"usd_per_month_{way}" in sheet]
    base = float(sheet["volume_factor"])
    factors = [base * 10 ** (_DECADES * (2 * i / (_POINTS - 1) - 1)) for i in range(_POINTS)]
    costs = cost_curve(sheet, factors, ("calls_per_month", *(f"usd_per_month_{way}" for way in drawn)))
    calls = costs["calls_per_month"]
    for way in drawn:
        axes.plot(calls, costs[f"usd_per_month_{way}"], _STYLES[way], color=_COLOURS[way], label=_say(way, lang), lw=2)
    now = float(sheet["calls_per_month"])
    for way in drawn:
        shown = sheet.range(f"usd_per_month_{way}")
        low, mid, high = (float(v) for v in (shown.low, shown.mid, shown.high))
        axes.errorbar(
            [now], [mid], [[mid - low], [high - mid]], fmt="o", color=_COLOURS[way], capsize=4,
            label=_say("now", lang) if way == (estimate.way if estimate.way in drawn else drawn[0]) else None,
        )  # fmt: skip
    even = estimate.break_even
    if even is not None and not even.is_never and calls[0] <= (at := float(even.calls_per_month.mid)) <= calls[-1]:
        axes.axvline(at, color="#666666", lw=1, ls="-.", label=_say("break-even", lang))
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel(_say("calls", lang))
    axes.set_ylabel(_say("usd month", lang))
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(_plain_number())
    axes.grid(True, which="major", alpha=0.3)
    axes.legend(frameon=False, fontsize=8)


def _swings(axes: Axes, estimate: Estimate, lang: Language) -> None:
    rows = estimate.sensitivity[:_BARS][::-1]
    if not rows:
        axes.text(0.5, 0.5, _say("nothing", lang), ha="center", va="center", transform=axes.transAxes)
        axes.set_axis_off()
        return
    mid = float(estimate.sheet[estimate.headline])
    for place, row in enumerate(rows):
        for end, colour in (("at_low", "#56b4e9"), ("at_high", "#e69f00")):
            label = _say(end, lang) if place == 0 else None
            axes.barh(place, row[end] - mid, left=mid, color=colour, height=0.6, label=label)
    axes.axvline(mid, color="#333333", lw=1)
    axes.set_yticks(range(len(rows)), [_wrapped(row[lang]) for row in rows], fontsize=8)
    axes.set_ylim(-0.6, max(len(rows), 4) - 0.4)
    axes.xaxis.set_major_formatter(_plain_number())
    code, _, period = estimate.headline.partition("_per_")
    axes.set_xlabel(_say(f"{code} {period}", lang))
    if len(rows) > 1:
        axes.legend(frameon=False, fontsize=8, loc="lower right")
    axes.set_title(say_cost("what moves", lang), fontsize=10)
    axes.grid(True, axis="x", alpha=0.3)


def _plain_number() -> Any:
    from matplotlib.ticker import FuncFormatter

    return FuncFormatter(lambda value, _: f"{value:,.0f}" if abs(value) >= 10 or not value else f"{value:.3g}")


def _wrapped(words: str) -> str:
    from fitcheck.render.layout import wrap

    return "\n".join(wrap(words, 30)[:3])
