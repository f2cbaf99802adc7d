"""Own cards: how many, what they cost, what they draw, and from which volume they are cheaper than the API."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fitcheck.cost import hardware
from fitcheck.cost.crossing import BreakEven, break_even_volume, cost_curve
from fitcheck.cost.hardware import HARDWARE, REGIONS, assumption, card_price, find_region, server_around
from fitcheck.cost.owning import check_gpus, own_lines, share_carried
from fitcheck.cost.sheet import Input, Line, Sheet, exact
from fitcheck.cost.sheet import given as said
from fitcheck.errors import CostError


@dataclass(frozen=True)
class Served:
    """A replica: 10 calls a second of 250 tokens, 50 at once, so 5 seconds a call."""

    gpus: int = 2
    concurrency: int = 50
    output_tokens_per_s: float = 2_500.0
    low: float = 2_000.0
    high: float = 3_000.0
    prefill_share: float = 0.4
    max_concurrency: int = 128


@dataclass(frozen=True)
class Card:
    name: str = "H100 SXM"
    tdp_w: float = 700.0
    per_server: int = 8


FIXED = {
    "busy_hours_per_day": 10,
    "peak_factor": 2,
    "wait_variability": 1,
    "availability": "0.99",
    "interest_share_per_year": "0.1",
    "years_of_use": 4,
    "resale_share": "0.1",
    "maintenance_share_per_year": "0.06",
    "usd_per_kw_month": 200,
    "pue": "1.5",
    "busy_over_load": 2,
    "idle_share_of_tdp": "0.2",
    "busy_share_of_tdp": "0.6",
    "usd_per_kwh": "0.1",
    "g_co2_per_kwh": 500,
    "kg_co2_per_card_made": 480,
    "engineers_base": "0.5",
    "gpus_per_engineer": 100,
    "usd_engineer_per_year": 120_000,
    "usd_software_per_gpu_year": 600,
    "server_w_per_card": 300,
    "usd_server_per_card": 10_000,
    "output_tokens_per_s_replica": 2_500,
}
"""Round values, so that a test can be worked out by hand."""


def sheet_of(
    calls: int | str = 1_000_000, *, fixed: dict[str, Any] | None = None, usd_per_call: str = "0.01", **asked: Any
) -> Sheet:
    """Return a sheet of own cards beside an API; `fixed` sets inputs to single values."""
    served, card = asked.pop("served", Served()), asked.pop("card", Card())
    inputs, lines = own_lines(served, card, tokens_in=1_000, tokens_out=250, **asked)
    base = [
        said("calls_given", calls, "calls", "calls", "调用"),
        said("active_days_per_month", 20, "days", "days", "天"),
        said("tokens_in", 1_000, "tokens", "in", "入"),
        said("tokens_out", 250, "tokens", "out", "出"),
        said("tokens_cached_share", 0, "share", "cached", "缓存"),
        said("volume_factor", 1, "", "volume", "量"),
        said("hardware_factor", 1, "", "cards", "卡"),
        said("usd_per_call_api", usd_per_call, "USD", "a call", "每次"),
    ]
    more = [
        Line("calls_per_month", "calls_given * volume_factor", "calls/month", "calls", "调用"),
        Line("usd_per_month_api", "usd_per_call_api * calls_per_month", "USD/month", "API", "API"),
    ]
    sheet = Sheet([*base, *inputs], [*more, *lines])
    known = {name: value for name, value in (fixed or {}).items() if name in sheet.inputs}
    return sheet.with_inputs({n: said(n, str(v), sheet.inputs[n].unit, n, n) for n, v in known.items()})


def by_hand(**asked: Any) -> Sheet:
    """Return a sheet in which every input is one round value."""
    return sheet_of(fixed={**FIXED, **asked.pop("fixed", {})}, **asked)


# how many cards


def test_the_busiest_hour_by_hand() -> None:
    sheet = by_hand(calls=1_440_000)
    # 72,000 a day in ten hours are 2 a second, twice that in the busiest hour
    assert sheet["calls_per_s_peak"] == 4
    assert sheet["calls_per_s_replica"] == 10
    assert sheet["seconds_per_call"] == 5


def test_replicas_cards_and_load_by_hand() -> None:
    sheet = by_hand(calls=14_400_000)
    # 40 a second, 5 seconds each: 200 of the 200 places of four replicas would never do, 250 do
    assert sheet["replicas_for_peak_own"] == 5
    assert sheet["replicas_own"] == 6
    assert sheet["gpus_own"] == 12
    # six replicas carry 60 a second: 157,680,000 in 730 hours
    assert sheet["load_own"] == Decimal(14_400_000) / 157_680_000


def test_availability_counts_where_it_asks_for_more_than_the_reserve() -> None:
    # 100 replicas that are up 97% of the time: 104, against 101 with one in reserve
    sheet = by_hand(calls=345_000_000, fixed={"availability": "0.97"})
    needed = sheet["replicas_for_peak_own"]
    assert sheet["replicas_own"] == -(-needed // Decimal("0.97")) > needed + 1


def test_the_smallest_load_takes_one_replica_and_its_reserve() -> None:
    assert by_hand(calls=1)["replicas_own"] == 2
    assert by_hand(calls=1, spare_replicas=0, fixed={"availability": 1})["replicas_own"] == 1


def test_bought_servers_are_whole() -> None:
    assert by_hand(calls=14_400_000, deal="buy")["gpus_own"] == 16
    assert by_hand(calls=14_400_000, deal="buy", fixed={"gpus_per_server": 4})["gpus_own"] == 12


def test_a_call_of_another_size_takes_its_share_of_reading_and_writing() -> None:
    sheet = by_hand()
    assert sheet["reading_share"] == Decimal("0.4")
    longer = sheet.at(tokens_in=2_000)
    assert longer["work_of_a_call"] == Decimal("1.4")
    assert longer["calls_per_s_replica"] == Decimal(10) / Decimal("1.4")
    assert sheet.at(tokens_out=500)["work_of_a_call"] == Decimal("1.6")


def test_cached_input_is_not_read_again() -> None:
    sheet = by_hand()
    # of a call's work .4 is reading, half of which a prefix cache spares
    half = sheet.at(tokens_cached_share=Decimal("0.5"))
    assert half["work_of_a_call"] == Decimal("0.8")
    assert half["calls_per_s_replica"] == Decimal("12.5")
    assert sheet.at(tokens_cached_share=1)["work_of_a_call"] == Decimal("0.6")


def test_a_shorter_wait_never_takes_fewer_cards() -> None:
    counts = [by_hand(calls=30_000_000, fixed={"max_wait_s": wait})["gpus_own"] for wait in (60, 5, 1, "0.1", 0)]
    assert counts == sorted(counts)
    assert counts[0] < counts[-1]


@given(calls=st.integers(1, 10**10), more=st.integers(1, 10**9))
@settings(max_examples=40, deadline=None)
def test_more_calls_never_take_fewer_cards_nor_less_money(calls: int, more: int) -> None:
    few, many = by_hand(calls=calls), by_hand(calls=calls + more)
    assert few["gpus_own"] <= many["gpus_own"]
    assert few["usd_per_month_own"] <= many["usd_per_month_own"]


@given(calls=st.integers(1, 10**11))
@settings(max_examples=40, deadline=None)
def test_cards_are_whole_replicas_and_never_more_than_fully_used(calls: int) -> None:
    sheet = sheet_of(calls)
    assert sheet["gpus_own"] % 2 == 0
    assert 0 < sheet["load_own"] < 1


# money


def test_rent_by_hand() -> None:
    sheet = by_hand(calls=14_400_000, rent="2.5")
    assert sheet["usd_per_month_cards_own"] == Decimal("2.5") * 12 * 730 == 21_900
    # half an engineer and 12 cards by 100
    assert sheet["usd_per_month_staff_own"] == Decimal("0.62") * 10_000
    assert sheet["usd_per_month_software_own"] == 600
    assert sheet["usd_per_month_own"] == 21_900 + 6_200 + 600
    assert sheet["usd_per_call_own"] == Decimal(28_700) / 14_400_000
    assert "usd_per_month_power_own" not in sheet


def test_purchase_by_hand() -> None:
    sheet = by_hand(calls=14_400_000, buy=30_000)
    assert sheet["usd_spent_own"] == 16 * 40_000
    assert sheet["usd_resale_per_card_own"] == 3_000
    # the annuity of 10% over four years is 0.3154708; 16 x (37,000 x 0.3154708 + 3,000 x 0.1), by twelve
    assert sheet["usd_per_month_cards_own"] == pytest.approx(Decimal("15963.226"), abs=Decimal("0.001"))
    assert sheet["usd_per_month_maintenance_own"] == 3_200
    assert sheet["usd_per_month_hosting_own"] == 16 * 200
    load = Decimal(14_400_000) * 2 / (16 * 10 * 3_600 * 730)
    watts = 700 * (Decimal("0.2") + Decimal("0.4") * 2 * load) + 300
    assert sheet["kwh_per_month_own"] == pytest.approx(16 * watts * 730 * Decimal("1.5") / 1_000, rel=Decimal("1e-20"))
    assert sheet["usd_per_month_power_own"] == sheet["kwh_per_month_own"] / 10


def test_shares_sum_to_the_month_exactly() -> None:
    for deal in ("rent", "buy"):
        sheet = sheet_of(3_333_333, deal=deal)
        shares = [n for n in sheet.lines if re.fullmatch(r"usd_per_month_[a-z]+_own", n)]
        assert sum(sheet[n] for n in shares) == sheet["usd_per_month_own"], deal
        assert len(shares) == (3 if deal == "rent" else 6)


def test_free_money_is_spread_evenly_and_interest_makes_it_dearer() -> None:
    free = by_hand(buy=30_000, fixed={"interest_share_per_year": 0, "resale_share": 0})
    assert free["usd_per_month_cards_own"] == pytest.approx(free["usd_spent_own"] / 48, rel=Decimal("1e-25"))
    assert free["usd_per_month_cards_own"] < by_hand(buy=30_000, fixed={"resale_share": 0})["usd_per_month_cards_own"]


# what owners of many cards pay, all in but staff, USD an hour and card: InferenceX's GPU_SPECS (SemiAnalysis),
# from the largest clouds to the small ones
@pytest.mark.parametrize(
    ("name", "least", "most"),
    [
        ("H100 SXM", 1.30, 1.69),
        ("H200 SXM", 1.41, 1.74),
        ("B200 SXM", 1.95, 2.34),
        ("GB200", 2.21, 2.75),
        ("MI300X", 1.12, 1.40),
        ("MI325X", 1.28, 1.60),
        ("MI355X", 1.48, 1.90),
    ],
)
def test_bought_cards_cost_about_what_their_owners_are_known_to_pay(name: str, least: float, most: float) -> None:
    from fitcheck.cost.cards import find_gpu

    sheet = sheet_of(10**9, card=find_gpu(name), deal="buy", region="us")
    usd = sheet["usd_per_month_own"] - sheet["usd_per_month_staff_own"]
    usd_per_hour = float(usd / (sheet["gpus_own"] * 730))
    assert 0.8 * least < usd_per_hour < 1.25 * most
    assert usd_per_hour == pytest.approx((least + most) / 2, rel=0.25)


def test_what_cards_cost_moves_with_the_hardware_factor_and_servers_don_t() -> None:
    sheet = by_hand(buy=30_000)
    assert sheet.at(hardware_factor=3)["usd_spent_own"] == 8 * (90_000 + 10_000)
    rented = by_hand(rent=2)
    assert rented.at(hardware_factor=3)["usd_per_month_cards_own"] == 3 * rented["usd_per_month_cards_own"]


def test_cards_cost_the_same_idle() -> None:
    assert by_hand(calls=1, rent=2)["usd_per_month_own"] == by_hand(calls=100_000, rent=2)["usd_per_month_own"]


def test_prices_not_given_come_from_the_table_with_source_and_range() -> None:
    rented = sheet_of().inputs["usd_per_gpu_hour"]
    assert (rented.low, rented.mid, rented.high) == card_price("H100 SXM").usd_per_hour  # type: ignore[union-attr]
    assert "RunPod" in rented.source
    assert "2026-11-22" in rented.source
    assert sheet_of(rent="2..3").inputs["usd_per_gpu_hour"].is_given


def test_a_blocked_supply_is_called_so() -> None:
    one = sheet_of(card=Card("H20", 400.0), deal="buy").inputs["usd_per_card"]
    assert one.source.startswith("sold past an export ban")


def test_a_region_sets_electricity_emissions_and_pay() -> None:
    china, us = (sheet_of(deal="buy", region=region) for region in ("china", "us"))
    assert china["usd_per_kwh"] < us["usd_per_kwh"]
    assert china["g_co2_per_kwh"] > us["g_co2_per_kwh"]
    assert china["usd_engineer_per_year"] < us["usd_engineer_per_year"]


def test_a_given_kwh_price_and_pue_win() -> None:
    sheet = sheet_of(deal="buy", kwh="0.31", pue="1.12", region="eu")
    assert (sheet["usd_per_kwh"], sheet["pue"]) == (Decimal("0.31"), Decimal("1.12"))


# power


def test_idle_cards_draw_power_all_night() -> None:
    sheet = by_hand(calls=1)
    idle_w = 700 * Decimal("0.2") + 300
    assert sheet["w_per_card_own"] == pytest.approx(idle_w, rel=Decimal("1e-6"))
    assert sheet["kwh_per_month_own"] == pytest.approx(4 * idle_w * 730 * Decimal("0.0015"), rel=Decimal("1e-6"))


def test_a_card_never_draws_more_than_while_it_computes() -> None:
    sheet = by_hand(calls=14_400_000, fixed={"busy_over_load": 100})
    assert sheet["busy_own"] == 1
    assert sheet["w_per_card_own"] == 700 * Decimal("0.6") + 300


def test_emissions_are_those_of_power_and_of_making_the_cards() -> None:
    sheet = by_hand()
    made = sheet["gpus_own"] * 480 / 48
    assert sheet["kg_co2_per_month_own"] == sheet["kwh_per_month_own"] / 2 + made
    unsure = sheet_of().range("kg_co2_per_month_own")
    assert unsure.low < unsure.mid < unsure.high


# cards that are there


def test_given_cards_are_paid_for_whether_used_or_not() -> None:
    sheet = by_hand(gpus=9, rent=2)
    assert (sheet["gpus_own"], sheet["replicas_own"]) == (9, 4)
    assert sheet["usd_per_month_cards_own"] == 9 * 2 * 730
    assert "spare_replicas" not in sheet


def test_too_few_cards_name_the_number_needed() -> None:
    sheet = by_hand(calls=14_400_000, gpus=8)
    with pytest.raises(CostError, match=r"gpus: 8 don't carry the busiest hour, 40 calls a second; 10 would \(5 repl"):
        check_gpus(sheet)
    check_gpus(by_hand(calls=14_400_000, gpus=10))


def test_cards_by_need_always_carry_it() -> None:
    check_gpus(by_hand(calls=14_400_000))
    assert share_carried(sheet_of(14_400_000)) == 1


def test_given_cards_may_carry_it_only_sometimes() -> None:
    shares = [share_carried(sheet_of(14_400_000, gpus=gpus)) for gpus in (2, 10, 100)]
    assert shares[0] < 0.05 < shares[1] < shares[2] == 1


def test_cards_that_are_off_most_of_the_month_do_not_carry_it() -> None:
    # 12 cards are six replicas, 60 calls a second: 14,400,000 take 66.7 hours
    with pytest.raises(CostError, match=r"^hours_on_per_month: in 60 hours 12 cards don't carry 14,400,000 calls"):
        check_gpus(by_hand(calls=14_400_000, fixed={"hours_on_per_month": 60}))
    check_gpus(by_hand(calls=14_400_000, fixed={"hours_on_per_month": 67}))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("gpus_per_replica", 0),
        ("calls_at_once", 0),
        ("calls_at_once", -5),
        ("hours_on_per_month", 0),
        ("hours_on_per_month", -1),
        ("availability", 0),
        ("availability", "1.2"),
    ],
)
def test_inputs_of_cards_that_make_no_sense_are_refused(name: str, value: int | str) -> None:
    with pytest.raises(CostError, match=f"^{name}: {value} makes no sense"):
        check_gpus(by_hand(fixed={name: value}))


def test_no_number_of_cards_carries_it() -> None:
    with pytest.raises(CostError, match=r"gpus: no number of cards .* late_share"):
        check_gpus(by_hand(fixed={"late_share": 0}))


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"gpus": 1}, r"gpus: one replica of the model takes 2; 1 is too few"),
        ({"gpus": 2.5}, r"gpus: .*2\.5 is too few"),
        ({"spare_replicas": -1}, r"spare_replicas: -1 makes no sense"),
        ({"rent": 2, "buy": 3}, r"rent, buy: give one"),
        ({"rent": -2}, r"^rent: -2 makes no sense"),
        ({"buy": "cheap"}, r"^buy: 'cheap' is no figure"),
        ({"pue": "0.9", "deal": "buy"}, r"pue: 0\.9 makes no sense; give 1 or more"),
        ({"kwh": -1, "deal": "buy"}, r"^kwh: -1 makes no sense"),
        ({"kwh": 1}, r"kwh: rent has electricity in it"),
        ({"rent": 2, "kwh": "0.1"}, r"kwh: rent has electricity in it"),
        ({"deal": "steal"}, r"deal: 'steal' is neither rent nor buy"),
        ({"region": "chin"}, r"region: 'chin' is not known; did you mean china\?"),
        ({"region": "moon"}, r"region: 'moon' is not known; there are world, us, eu, china"),
        ({"card": Card("Abacus")}, r"gpu: no price of 'Abacus' is known; give rent .* or buy"),
    ],
)
def test_bad_input_names_the_field(asked: dict[str, Any], message: str) -> None:
    with pytest.raises(CostError, match=message):
        sheet_of(**asked)


def test_a_call_without_output_is_refused() -> None:
    with pytest.raises(CostError, match="tokens_in, tokens_out: 10 and 0 make no call"):
        own_lines(Served(), Card(), tokens_in=10, tokens_out=0)


def test_a_card_without_a_known_price_takes_a_given_one() -> None:
    assert sheet_of(card=Card("Abacus"), rent=1)["usd_per_month_own"] > 0
    assert sheet_of(card=Card("Abacus"), buy=1_000)["usd_per_month_own"] > 0


def test_a_card_whose_rated_power_is_not_known_has_a_wide_range_of_it() -> None:
    one = sheet_of(card=Card("Abacus", 0.0), rent=1).inputs["card_tdp_w"]
    assert one.low < one.mid < one.high


def test_cards_of_the_table_of_gpus_fit() -> None:
    from fitcheck.cost.cards import find_gpu

    assert sheet_of(card=find_gpu("昇腾910B"), deal="buy")["gpus_own"] == 8


def test_a_replica_of_the_roofline_fits() -> None:
    from fitcheck.cost.cards import find_gpu
    from fitcheck.cost.roofline import throughput

    served = throughput("Llama-3.1-8B", "L40S", tokens_in=1_000, tokens_out=250, max_tpot_ms=40)
    sheet = sheet_of(served=served, card=find_gpu("L40S"))
    assert float(sheet["calls_per_s_replica"]) == pytest.approx(served.requests_per_s, rel=1e-4)
    speed = sheet.inputs["output_tokens_per_s_replica"]
    assert float(speed.low) == pytest.approx(served.low, rel=1e-4)
    assert 0 < sheet["reading_share"] < 1


def test_calls_beyond_a_replica_s_memory_wait() -> None:
    assert by_hand(served=replace(Served(), concurrency=500))["calls_at_once"] == 128


# break-even


def test_break_even_of_one_step_by_hand() -> None:
    # one replica pair of rented cards: 4 x 2 x 730, staff 0.54 x 10,000, software 200; 0.01 a call
    sheet = by_hand(rent=2)
    usd = Decimal(4 * 2 * 730 + 5_400 + 200)
    found = break_even_volume(sheet)
    assert found.calls_per_month.mid == pytest.approx(usd * 100, rel=Decimal("1e-5"))
    assert found.gpus == 4
    assert found.load == sheet.at(volume_factor=found.times_today)["load_own"]
    assert found.times_today == found.calls_per_month.mid / 1_000_000
    assert not found.is_cheaper_today


def crossings(sheet: Sheet, upto: float, points: int = 4_001) -> tuple[float, float]:
    """Return the first cheap volume and the last dear one, by exact evaluation on a plain grid."""
    volumes = np.linspace(upto / points, upto, points)
    cheap = []
    for volume in volumes:
        values = sheet.at(volume_factor=Decimal(volume) / 1_000_000)
        cheap.append(values["usd_per_month_own"] < values["usd_per_month_api"])
    dear = [v for v, is_cheap in zip(volumes, cheap, strict=True) if not is_cheap]
    return volumes[cheap.index(True)], dear[-1]


def test_on_a_staircase_the_first_crossing_is_not_the_last() -> None:
    # each step costs more than the volume between two steps saves
    served = replace(Served(), concurrency=4, output_tokens_per_s=200.0, low=200.0, high=200.0)
    sheet = by_hand(served=served, rent=2, usd_per_call="0.012", fixed={"output_tokens_per_s_replica": 200})
    found = break_even_volume(sheet)
    assert found.first_calls_per_month is not None
    assert found.first_calls_per_month < found.calls_per_month.mid
    first, last = crossings(sheet, float(found.calls_per_month.mid) * 1.5, 1_501)
    # the grid may step over a narrow gap between two steps, never find one that is not there
    assert float(found.first_calls_per_month) <= first
    assert last < float(found.calls_per_month.mid)
    for calls in (found.first_calls_per_month, found.calls_per_month.mid):
        before, at = (sheet.at(volume_factor=calls / 1_000_000 * share) for share in (Decimal("0.99999"), 1))
        assert before["usd_per_month_own"] >= before["usd_per_month_api"]
        assert at["usd_per_month_own"] < at["usd_per_month_api"]


@given(factor=st.floats(1.0001, 5_000))
@settings(max_examples=40, deadline=None)
def test_from_the_break_even_on_own_cards_stay_cheaper(factor: float) -> None:
    found = BREAK_EVEN
    values = STAIRS.at(volume_factor=found.times_today * Decimal(factor))
    assert values["usd_per_month_own"] < values["usd_per_month_api"]


def test_just_before_the_break_even_they_are_not() -> None:
    values = STAIRS.at(volume_factor=BREAK_EVEN.times_today * Decimal("0.9995"))
    assert values["usd_per_month_own"] >= values["usd_per_month_api"]


STAIRS = by_hand(deal="buy", usd_per_call="0.002")
BREAK_EVEN = break_even_volume(STAIRS)


def test_an_api_that_is_cheaper_than_a_full_card_is_never_beaten() -> None:
    found = break_even_volume(by_hand(usd_per_call="0.00001"))
    assert found.is_never
    assert found.load is None
    assert found.gpus is None
    assert found.first_calls_per_month is None
    assert found.to_dict()["calls_per_month"]["mid"] is None
    assert found.share_never == 1


def test_cards_that_are_cheaper_from_the_start() -> None:
    found = break_even_volume(by_hand(calls=1_000, usd_per_call="1000000"))
    assert found.is_cheaper_today
    assert found.calls_per_month.mid == pytest.approx(Decimal(1), rel=Decimal("1e-5"))


def test_given_cards_beat_the_api_only_up_to_what_they_carry() -> None:
    few, many = (break_even_volume(by_hand(gpus=gpus, rent=2)) for gpus in (2, 4))
    assert not few.is_never
    assert few.calls_per_month.mid < many.calls_per_month.mid
    sheet = by_hand(gpus=2, rent=2, usd_per_call="0.0001")
    assert break_even_volume(sheet).is_never
    assert sheet.at(volume_factor=1_000)["usd_per_month_own"] < sheet.at(volume_factor=1_000)["usd_per_month_api"]


def test_dearer_cards_move_it_up_and_a_dearer_api_down() -> None:
    mids = [
        break_even_volume(sheet).calls_per_month.mid
        for sheet in (by_hand(usd_per_call="0.02"), by_hand(), by_hand(fixed={"hardware_factor": 3}))
    ]
    assert mids == sorted(mids)
    assert len(set(mids)) == 3


def test_the_range_holds_the_middle_and_is_the_same_each_time() -> None:
    one, other = (break_even_volume(sheet_of(usd_per_call="0.02")) for _ in range(2))
    assert one == other
    assert one.calls_per_month.low < one.calls_per_month.mid < one.calls_per_month.high


def test_it_is_plain_data() -> None:
    found = BREAK_EVEN.to_dict()
    assert found["calls_per_month"]["mid"] == float(BREAK_EVEN.calls_per_month.mid)
    assert found["gpus"] % 8 == 0
    assert isinstance(BREAK_EVEN, BreakEven)


@pytest.mark.parametrize("kept", [[], ["calls_per_month"], ["calls_per_month", "usd_per_month_api"]])
def test_without_own_cards_an_api_or_a_volume_there_is_none(kept: list[str]) -> None:
    base = sheet_of()
    sheet = Sheet(base.inputs.values(), [base.lines[name] for name in kept])
    with pytest.raises(CostError, match=r"^(calls_per_month|usd_per_month_own): not in this estimate"):
        break_even_volume(sheet)


def test_without_calls_there_is_none() -> None:
    with pytest.raises(CostError, match=r"calls_per_month: no break-even without calls"):
        break_even_volume(sheet_of(0))


def test_the_curve_is_what_the_sheet_says() -> None:
    sheet = sheet_of()
    curve = cost_curve(sheet, [0.5, 1.0, 40.0], ["usd_per_month_own", "gpus_own", "hardware_factor"])
    for at, factor in enumerate(("0.5", "1", "40")):
        values = sheet.at(volume_factor=Decimal(factor))
        for name, figures in curve.items():
            assert figures[at] == pytest.approx(float(values[name]), rel=1e-9)


# the data


def test_every_card_that_can_be_named_has_a_price() -> None:
    gpus = tomllib.loads(HARDWARE.with_name("gpus.toml").read_text("utf-8"))["gpu"]
    assert len(gpus) > 25
    assert [row["name"] for row in gpus if card_price(row["name"]) is None] == []


def test_every_price_is_of_a_card_that_can_be_named() -> None:
    gpus = tomllib.loads(HARDWARE.with_name("gpus.toml").read_text("utf-8"))["gpu"]
    assert hardware._tables()["card"].keys() <= {row["name"] for row in gpus}


@pytest.mark.parametrize("name", sorted(hardware._tables()["card"]))
def test_a_card_s_row_is_sound(name: str) -> None:
    price = card_price(name)
    assert price is not None
    assert price.at in ("list", "street", "contract", "blocked")
    for low, mid, high in (price.usd_per_hour, price.usd, server_around(price.server).usd):
        assert 0 < low < mid < high
    assert re.search(r"\(20\d\d-\d\d-\d\d\)$|; not looked up$", price.source)


@pytest.mark.parametrize("name", REGIONS)
def test_a_region_s_row_is_sound(name: str) -> None:
    place = find_region(name)
    for low, mid, high in (place.usd_per_kwh, place.g_co2_per_kwh, place.usd_engineer_per_year):
        assert 0 < low < mid < high


def test_regions_are_those_of_the_file() -> None:
    assert tuple(hardware._tables()["region"]) == REGIONS


@pytest.mark.parametrize("deal", ["rent", "buy"])
def test_every_input_and_line_speaks_both_languages_and_names_its_source(deal: str) -> None:
    inputs, lines = own_lines(Served(), Card(), tokens_in=1_000, tokens_out=250, deal=deal)  # type: ignore[arg-type]
    for one in (*inputs, *lines):
        assert one.en, one.name
        assert re.search(r"[\u4e00-\u9fff]", one.zh), one.name
        assert re.fullmatch(r"[a-z][a-z0-9_]*", one.name), one.name
    assert all(isinstance(one, Input) and one.source for one in inputs)
    assert len(inputs) > 25


def test_every_assumption_of_the_file_is_used() -> None:
    used = {one.name for deal in ("rent", "buy") for one in own_lines(
        Served(), Card(), tokens_in=1, tokens_out=1, deal=deal  # type: ignore[arg-type]
    )[0]}  # fmt: skip
    assert hardware._tables()["input"].keys() <= used
    assert assumption("pue") == assumption("pue")


def test_a_given_input_that_stands_already_can_take_the_place_of_one_of_these() -> None:
    inputs, lines = own_lines(Served(), Card(), tokens_in=1_000, tokens_out=250)
    mine = exact("peak_factor", ("4", "5", "6"), "", "peak", "峰值", "measured")
    base = sheet_of()
    joined = [mine, *(one for one in base.inputs.values() if one.name != "peak_factor")]
    assert Sheet(joined, base.lines.values())["calls_per_s_peak"] > base["calls_per_s_peak"]
    assert {one.name for one in inputs} >= {"peak_factor"}
    assert len(lines) > 10


def test_importing_it_loads_nothing_heavy() -> None:
    code = (
        "import sys, fitcheck.cost.owning;"
        "print(sorted({'numpy', 'scipy', 'genai_prices', 'matplotlib'} & sys.modules.keys()))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.strip() == "[]"
