"""What own cards cost: how many a load needs, and what they take in money, power, room and people.

All of it is a part of a sheet, over `calls_per_month`, `active_days_per_month`, `tokens_in`,
`tokens_out`, `tokens_cached_share` and `hardware_factor`.
"""

from __future__ import annotations

from typing import Literal

from fitcheck.cost.capacity import Card, Part, Served, capacity_lines, card_lines, check_gpus, share_carried
from fitcheck.cost.crossing import BreakEven, break_even_volume, cost_curve
from fitcheck.cost.figures import Figure, input_of
from fitcheck.cost.hardware import CardPrice, Region, Server, assumption, card_price, find_region, server_around
from fitcheck.cost.sheet import Line, exact
from fitcheck.errors import CostError

__all__ = ["BreakEven", "break_even_volume", "check_gpus", "cost_curve", "own_lines", "share_carried"]

Deal = Literal["rent", "buy"]
_AT = {
    "list": "list price",
    "street": "what dealers and second-hand markets ask",
    "contract": "contract price",
    "blocked": "sold past an export ban",
}


def own_lines(
    served: Served,
    card: Card,
    *,
    tokens_in: int,
    tokens_out: int,
    gpus: int | None = None,
    rent: Figure | None = None,
    buy: Figure | None = None,
    deal: Deal = "rent",
    kwh: Figure | None = None,
    pue: Figure | None = None,
    region: str = "world",
    spare_replicas: int = 1,
) -> Part:
    """Return the inputs and lines that price own cards.

    Args:
        served: How fast one replica serves calls of `tokens_in` and `tokens_out`.
        card: The card that it runs on.
        tokens_in: Input tokens of the calls that `served` is about.
        tokens_out: Output tokens of these calls.
        gpus: How many cards there are; as many as the busiest hour needs if None.
        rent: USD an hour and card.
        buy: USD a card, without its server.
        deal: Rent or purchase at the known prices, where neither price is given.
        kwh: USD a kilowatt-hour; for bought cards.
        pue: Power usage effectiveness, 1 to 5.
        region: Where the cards stand: `world`, `us`, `eu`, `china`; for electricity and staff.
        spare_replicas: Replicas beyond those that the load needs; without effect where `gpus` is given.

    Raises:
        CostError: A figure makes no sense, both prices are given, or none is known.
    """
    place = find_region(region)
    price = card_price(card.name)
    is_bought = _is_bought(card, price, rent, buy, deal)
    if kwh is not None and not is_bought:
        raise CostError("kwh: rent has electricity in it; give kwh with bought cards (buy, or deal='buy')")
    server = server_around(price.server if price else "pcie")
    parts = [
        capacity_lines(served, tokens_in, tokens_out),
        card_lines(served, card, gpus, spare_replicas, is_bought),
        _energy(card, server, place, pue),
        _purchase(card, price, server, place, buy, kwh) if is_bought else _rent(card, price, rent),
        _people(place),
        _total(is_bought),
    ]
    return [one for inputs, _ in parts for one in inputs], [line for _, lines in parts for line in lines]


def _is_bought(card: Card, price: CardPrice | None, rent: Figure | None, buy: Figure | None, deal: Deal) -> bool:
    if rent is not None and buy is not None:
        raise CostError("rent, buy: give one of the two prices")
    if deal not in ("rent", "buy"):
        raise CostError(f"deal: {deal!r} is neither rent nor buy")
    if rent is None and buy is None and price is None:
        raise CostError(f"gpu: no price of {card.name!r} is known; give rent (USD an hour) or buy (USD a card)")
    return buy is not None or (rent is None and deal == "buy")


def _energy(card: Card, server: Server, place: Region, pue: Figure | None) -> Part:
    """Return what the cards draw: idle power all the time, the rest while they compute, and the building's share."""
    tdp_w = (
        (f"{card.tdp_w:.6g}", "gpus.toml") if card.tdp_w > 0 else (("150", "400", "1000"), "not given with the card")
    )
    inputs = [
        exact("card_tdp_w", tdp_w[0], "W", f"rated power of a {card.name}", f"{card.name} 额定功耗", tdp_w[1]),
        *(assumption(name) for name in ("idle_share_of_tdp", "busy_share_of_tdp", "busy_over_load")),
        exact(
            "server_w_per_card", server.w, "W", f"{server.en}: power per card", f"{server.zh}（每卡功耗）",
            server.source,
        ),
        assumption("pue") if pue is None else input_of(
            "pue", pue, "", "power usage effectiveness", "电能使用效率（PUE）", field="pue", least=1, most=5
        ),
        exact(
            "g_co2_per_kwh", place.g_co2_per_kwh, "g/kWh", f"emissions of electricity, {place.en}",
            f"电力排放强度（{place.zh}）", place.co2_source,
        ),
        assumption("kg_co2_per_card_made"),
        assumption("years_of_use"),
    ]  # fmt: skip
    lines = [
        Line(
            "busy_own", "minimum(1, load_own * busy_over_load)",
            "", "share of the time in which a card computes", "显卡计算时间占比",
        ),
        Line(
            "w_per_card_own",
            "card_tdp_w * (idle_share_of_tdp + (busy_share_of_tdp - idle_share_of_tdp) * busy_own) + server_w_per_card",
            "W", "mean power of a card with its share of the server", "每卡平均功耗（含服务器分摊）",
        ),
        Line(
            "kwh_per_month_own", "gpus_own * w_per_card_own * hours_on_per_month * pue / 1000",
            "kWh/month", "electricity a month, at the building's meter", "每月用电量（含机房）",
        ),
        Line(
            "wh_per_call_own", "ratio(kwh_per_month_own * 1000, calls_per_month)",
            "Wh", "electricity a call", "每次调用用电量",
        ),
        Line(
            "kg_co2_per_month_own",
            "kwh_per_month_own * g_co2_per_kwh / 1000 + gpus_own * ratio(kg_co2_per_card_made, years_of_use * 12)",
            "kg CO2e/month", "emissions a month, with making the cards", "每月碳排放（含显卡制造）",
        ),
    ]  # fmt: skip
    return inputs, lines


def _rent(card: Card, price: CardPrice | None, rent: Figure | None) -> Part:
    words = (f"rent of a {card.name}", f"{card.name} 租金")
    if rent is not None:
        one = input_of("usd_per_gpu_hour", rent, "USD/hour", *words, field="rent", above=True)
    else:
        assert price is not None
        one = exact("usd_per_gpu_hour", price.usd_per_hour, "USD/hour", *words, price.source)
    line = Line(
        "usd_per_month_cards_own", "gpus_own * usd_per_gpu_hour * hours_on_per_month * hardware_factor",
        "USD/month", "rent of the cards, with power and room", "显卡租金（含电费与机房）",
    )  # fmt: skip
    return [one], [line]


def _purchase(
    card: Card, price: CardPrice | None, server: Server, place: Region, buy: Figure | None, kwh: Figure | None
) -> Part:
    """Return what bought cards cost a month.

    Capital is recovered in equal payments, (P - S) A + S r a year with P spent, S its sale in the end, A the
    annuity at interest r (the capital recovery factor with salvage: Park, Contemporary Engineering Economics).
    """
    words = (f"price of a {card.name}", f"{card.name} 单价")
    if buy is not None:
        one = input_of("usd_per_card", buy, "USD", *words, field="buy", above=True)
    else:
        assert price is not None
        one = exact("usd_per_card", price.usd, "USD", *words, f"{_AT[price.at]}; {price.source}")
    inputs = [
        one,
        exact(
            "usd_server_per_card", server.usd, "USD", f"{server.en}, per card", f"{server.zh}（每卡）", server.source
        ),
        *(assumption(n) for n in ("interest_share_per_year", "resale_share", "maintenance_share_per_year")),
        input_of("usd_per_kwh", kwh, "USD/kWh", "electricity", "电价", field="kwh") if kwh is not None else exact(
            "usd_per_kwh", place.usd_per_kwh, "USD/kWh", f"electricity, {place.en}", f"电价（{place.zh}）",
            place.kwh_source,
        ),
        assumption("usd_per_kw_month"),
    ]  # fmt: skip
    lines = [
        Line(
            "usd_spent_per_card_own", "usd_per_card * hardware_factor + usd_server_per_card",
            "USD", "purchase of a card with its share of a server", "每卡购置费（含服务器分摊）",
        ),
        Line(
            "usd_resale_per_card_own", "usd_per_card * hardware_factor * resale_share",
            "USD", "sale of a card in the end", "每卡到期残值",
        ),
        Line(
            "usd_per_month_per_card_own",
            "((usd_spent_per_card_own - usd_resale_per_card_own) * annuity(interest_share_per_year, years_of_use)"
            " + usd_resale_per_card_own * interest_share_per_year) / 12",
            "USD/month", "a card with its share of a server, with interest", "每卡每月摊销（含利息）",
        ),
        Line(
            "usd_per_month_cards_own", "gpus_own * usd_per_month_per_card_own",
            "USD/month", "cards and servers, with interest", "显卡与服务器摊销（含利息）",
        ),
        Line("usd_spent_own", "gpus_own * usd_spent_per_card_own", "USD", "purchase at the start", "初始购置费"),
        Line(
            "usd_per_month_maintenance_own", "usd_spent_own * maintenance_share_per_year / 12",
            "USD/month", "support and parts", "维保与部件",
        ),
        Line(
            "usd_per_month_power_own", "kwh_per_month_own * usd_per_kwh",
            "USD/month", "electricity", "电费",
        ),
        Line(
            "usd_per_month_hosting_own",
            "gpus_own * (card_tdp_w + server_w_per_card) / 1000 * usd_per_kw_month",
            "USD/month", "room in a data centre", "机房费用",
        ),
    ]  # fmt: skip
    return inputs, lines


def _people(place: Region) -> Part:
    inputs = [
        *(assumption(name) for name in ("engineers_base", "gpus_per_engineer")),
        exact(
            "usd_engineer_per_year", place.usd_engineer_per_year, "USD/year",
            f"an operations engineer, all costs, {place.en}", f"运维工程师年成本（{place.zh}）", place.staff_source,
        ),
        assumption("usd_software_per_gpu_year"),
    ]  # fmt: skip
    lines = [
        Line(
            "engineers_own", "engineers_base + ratio(gpus_own, gpus_per_engineer)",
            "people", "operations engineers", "运维工程师人数",
        ),
        Line(
            "usd_per_month_staff_own", "engineers_own * usd_engineer_per_year / 12",
            "USD/month", "operations engineers", "运维人力",
        ),
        Line(
            "usd_per_month_software_own", "gpus_own * usd_software_per_gpu_year / 12",
            "USD/month", "software licences", "软件许可",
        ),
    ]  # fmt: skip
    return inputs, lines


def _total(is_bought: bool) -> Part:
    shares = ["cards", "maintenance", "power", "hosting"] if is_bought else ["cards"]
    formula = " + ".join(f"usd_per_month_{share}_own" for share in (*shares, "staff", "software"))
    kind, kind_zh = ("bought", "购买") if is_bought else ("rented", "租用")
    return [], [
        Line("usd_per_month_own", formula, "USD/month", f"a month on {kind} cards", f"每月（{kind_zh}显卡）"),
        Line(
            "usd_per_call_own", "ratio(usd_per_month_own, calls_per_month)",
            "USD", f"a call on {kind} cards", f"每次调用（{kind_zh}显卡）",
        ),
    ]  # fmt: skip
