"""How many cards a load needs: the busiest hour, what a replica carries, replicas in reserve, whole cards."""

from __future__ import annotations

from typing import Protocol

from fitcheck.cost.formulas import figure
from fitcheck.cost.hardware import assumption
from fitcheck.cost.sheet import Input, Line, Sheet, exact, given
from fitcheck.errors import CostError

__all__ = ["Card", "Part", "Served", "capacity_lines", "card_lines", "check_gpus", "share_carried"]

Part = tuple[list[Input], list[Line]]
"""A part of a sheet."""


class Served(Protocol):
    """How fast one replica of a model serves, as `throughput` works it out."""

    @property
    def gpus(self) -> int: ...
    @property
    def concurrency(self) -> int: ...
    @property
    def max_concurrency(self) -> int: ...
    @property
    def output_tokens_per_s(self) -> float: ...
    @property
    def low(self) -> float: ...
    @property
    def high(self) -> float: ...
    @property
    def prefill_share(self) -> float: ...


class Card(Protocol):
    """A card, as `gpus.toml` has it."""

    @property
    def name(self) -> str: ...
    @property
    def tdp_w(self) -> float: ...
    @property
    def per_server(self) -> int: ...


def capacity_lines(served: Served, tokens_in: int, tokens_out: int) -> Part:
    """Return what a replica carries, for calls of the sheet's size.

    A replica's time goes to reading prompts and to writing answers, in the shares of the calls that
    `served` is about; calls of another size take of each in proportion to their tokens. Input that a
    prefix cache serves (`tokens_cached_share`) is not read again, here as with an API. That time by
    call and the calls that it answers at once give the time that a call holds a place (Little 1961,
    Operations Research 9).
    """
    if tokens_in < 0 or tokens_out < 1:
        raise CostError(f"tokens_in, tokens_out: {tokens_in} and {tokens_out} make no call; give 0 and 1, or more")
    speeds = tuple(f"{v:.6g}" for v in (served.low, served.output_tokens_per_s, served.high))
    source = "calibrated roofline"
    inputs = [
        exact(
            "output_tokens_per_s_replica", speeds, "tokens/s", "output tokens of a replica, fully used",
            "单个副本满载时的输出速度", f"{source}, 80% interval", spread="p80",
        ),
        exact(
            "rated_tokens_in", max(tokens_in, 1), "tokens", "input tokens of a call at that speed",
            "该速度对应的每次输入词元", source,
        ),
        exact(
            "rated_tokens_out", tokens_out, "tokens", "output tokens of a call at that speed",
            "该速度对应的每次输出词元", source,
        ),
        exact(
            "reading_share", f"{served.prefill_share if tokens_in else 0:.4g}", "",
            "share of a replica's time that goes to reading prompts", "副本用于读取提示的时间占比", source,
        ),
        exact(
            "calls_at_once", min(served.concurrency, served.max_concurrency), "calls",
            "calls that a replica answers at once", "单个副本同时处理的调用数", source,
        ),
        *(assumption(n) for n in ("busy_hours_per_day", "peak_factor", "max_wait_s", "late_share", "wait_variability")),
    ]  # fmt: skip
    lines = [
        Line(
            "calls_per_s_peak",
            "ratio(calls_per_month * peak_factor, active_days_per_month * busy_hours_per_day * 3600)",
            "calls/s", "calls a second in the busiest hour", "最忙一小时每秒调用数",
        ),
        Line(
            "work_of_a_call",
            "reading_share * tokens_in * (1 - tokens_cached_share) / rated_tokens_in"
            " + (1 - reading_share) * tokens_out / rated_tokens_out",
            "", "work of a call against those of the rated speed; cached input is not read again",
            "一次调用相对于标定调用的工作量（缓存命中的输入不再读取）",
        ),
        Line(
            "calls_per_s_replica",
            "ratio(output_tokens_per_s_replica, rated_tokens_out * work_of_a_call)",
            "calls/s", "calls a second that a replica carries, fully used", "单个副本满载时每秒处理的调用数",
        ),
        Line(
            "seconds_per_call", "ratio(calls_at_once, calls_per_s_replica)",
            "s", "time that a call holds a place in a replica", "一次调用占用副本空位的时间",
        ),
        Line(
            "replicas_for_peak_own",
            "maximum(1, servers(calls_per_s_peak, seconds_per_call, calls_at_once, max_wait_s, late_share,"
            " wait_variability))",
            "replicas", "replicas with which few calls of the busiest hour wait (Erlang C)",
            "最忙一小时内少有等待所需的副本数（Erlang C）",
        ),
    ]  # fmt: skip
    return inputs, lines


def card_lines(served: Served, card: Card, gpus: int | None, spare_replicas: int, is_bought: bool) -> Part:
    """Return how many cards there are, and what share of their capacity the calls use."""
    each = exact(
        "gpus_per_replica", served.gpus, "cards", f"{card.name} cards in a replica", f"每个副本的 {card.name} 卡数",
        "the fewest that hold the model, or as asked",
    )  # fmt: skip
    hours = assumption("hours_on_per_month")
    count_words = ("cards, paid for whether used or not", "显卡数（无论是否用满都要付费）")
    inputs, lines = [each, hours], []
    if gpus is not None:
        if isinstance(gpus, bool) or not isinstance(gpus, int) or gpus < served.gpus:
            raise CostError(f"gpus: one replica of the model takes {served.gpus}; {gpus!r} is too few")
        inputs.append(given("gpus", gpus, "cards", "cards that there are", "现有显卡数"))
        lines += [
            Line(
                "replicas_own", "floor(ratio(gpus, gpus_per_replica))", "replicas", "replicas on them", "可部署的副本数"
            ),
            Line("gpus_own", "gpus", "cards", *count_words),
        ]  # fmt: skip
    else:
        if isinstance(spare_replicas, bool) or not isinstance(spare_replicas, int) or spare_replicas < 0:
            raise CostError(f"spare_replicas: {spare_replicas!r} makes no sense; give 0 or more")
        spare = exact(
            "spare_replicas", spare_replicas, "replicas", "replicas in reserve, should one fail", "备用副本数",
            "chosen: one more than needed; 0 where an outage may wait",
        )  # fmt: skip
        inputs += [spare, assumption("availability")]
        lines.append(
            Line(
                "replicas_own",
                "maximum(replicas_for_peak_own + spare_replicas, ceil(ratio(replicas_for_peak_own, availability)))",
                "replicas", "replicas with those in reserve", "含备用的副本数",
            )
        )  # fmt: skip
        formula = "replicas_own * gpus_per_replica"
        if is_bought:
            inputs.append(
                exact(
                    "gpus_per_server", card.per_server, "cards", "cards in a server; servers are bought whole",
                    "每台服务器的卡数（按整机购买）", "usual for this card",
                )
            )  # fmt: skip
            formula = f"ceil(ratio({formula}, gpus_per_server)) * gpus_per_server"
        lines.append(Line("gpus_own", formula, "cards", *count_words))
    lines.append(
        Line(
            "load_own",
            "ratio(calls_per_month * gpus_per_replica,"
            " gpus_own * calls_per_s_replica * 3600 * hours_on_per_month)",
            "", "mean share of the cards' capacity in use", "显卡平均负载率",
        )
    )  # fmt: skip
    return inputs, lines


def check_gpus(sheet: Sheet) -> None:
    """Say whether the cards carry the busiest hour and, in the hours that they are on, the month.

    Raises:
        CostError: The given ones don't, and the message names the number that would; or no number would;
            or an input of theirs makes no sense.
    """
    _check_inputs(sheet)
    needed, each = sheet["replicas_for_peak_own"], sheet["gpus_per_replica"]
    if not sheet["gpus_own"].is_finite() or not needed.is_finite():
        raise CostError("gpus: no number of cards carries that load; check calls, tokens, max_wait_s and late_share")
    if needed <= sheet["replicas_own"]:
        if sheet["load_own"] > 1:
            raise CostError(
                f"hours_on_per_month: in {figure(sheet['hours_on_per_month'])} hours {figure(sheet['gpus_own'])} cards "
                f"don't carry {figure(sheet['calls_per_month'])} calls, which would take {figure(sheet['load_own'])} "
                "times what they can; give more hours, fewer calls, or more cards (gpus)"
            )
        return
    raise CostError(
        f"gpus: {sheet['gpus']} don't carry the busiest hour, {figure(sheet['calls_per_s_peak'])} calls a second; "
        f"{figure(needed * each)} would ({figure(needed)} replicas of {figure(each)}), or fewer at a lower peak_factor"
    )


def _check_inputs(sheet: Sheet) -> None:
    for name in ("gpus_per_replica", "calls_at_once", "hours_on_per_month", "availability"):
        one = sheet.inputs.get(name)
        if one is not None and one.low <= 0:
            raise CostError(f"{name}: {one.low} makes no sense; give more than 0")
    up = sheet.inputs.get("availability")
    if up is not None and up.high > 1:
        raise CostError(f"availability: {up.high} makes no sense; give a share, more than 0 and at most 1")


def share_carried(sheet: Sheet) -> float:
    """Return the share of the draws in which the cards carry the busiest hour; 1 where they are as many as needed."""
    drawn = sheet.draws
    return float((drawn["replicas_for_peak_own"] <= drawn["replicas_own"]).mean())
