"""Queueing: published values of Erlang's formulas, what must hold for any load, and numbers against arrays."""

from __future__ import annotations

import itertools
import math
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fitcheck.cost.queueing import erlang_b, erlang_c, late_calls, mean_wait_s, servers, servers_drawn

# published values


# the traffic tables of telephone engineering: the load that so many lines carry at a loss of 1%
@pytest.mark.parametrize(
    ("lines", "erlangs"), [(1, 0.0101), (2, 0.1526), (5, 1.361), (10, 4.461), (20, 12.031), (50, 37.901), (100, 84.064)]
)
def test_the_loss_of_the_traffic_tables(lines: int, erlangs: float) -> None:
    assert erlang_b(lines, erlangs) == pytest.approx(0.01, rel=2e-3)


# textbook cases with round answers: one server waits as often as it is busy; C(2, 1) = 1/3; C(3, 2) = 4/9
@pytest.mark.parametrize(
    ("slots", "load", "waits"), [(1, 0.8, 0.8), (1, 0.3, 0.3), (2, 1.0, 1 / 3), (3, 2.0, 4 / 9), (4, 3.0, 27 / 53)]
)
def test_the_waits_of_textbooks(slots: int, load: float, waits: float) -> None:
    assert erlang_c(slots, load) == pytest.approx(waits, rel=1e-12)


def test_a_call_centre_s_worked_example() -> None:
    # 100 calls in half an hour, three minutes each: 10 erlangs; 14 people answer 88.8% within 20 seconds
    assert erlang_c(14, 10.0) == pytest.approx(0.174, abs=5e-4)
    assert 1 - late_calls(14, 10.0, 180, 20) == pytest.approx(0.888, abs=5e-4)
    assert mean_wait_s(14, 10.0, 180) == pytest.approx(7.8, abs=0.05)
    assert servers(Decimal(100) / 1800, 180, 1, 20, Decimal("0.2")) == 14


def test_the_support_centre_of_a_manual() -> None:
    # reference.wolfram.com, ErlangC: 30 calls an hour, five minutes each; 90% are to wait not at all
    assert servers(Decimal(30) / 3600, 300, 1, 0, Decimal("0.1")) == 6
    assert erlang_c(5, 2.5) > 0.1 > erlang_c(6, 2.5)


def test_one_server_waits_as_pollaczek_and_khinchin_say() -> None:
    # r S (1 + v) / (2 (1 - r)), where v is the service times' squared coefficient of variation
    used, service_s, squared = 0.7, 3.0, 0.25
    exact = used * service_s * (1 + squared) / (2 * (1 - used))
    assert mean_wait_s(1, used, service_s, variability=(1 + squared) / 2) == pytest.approx(exact, rel=1e-12)


# what must hold

LOADS = st.floats(0.01, 300)


@given(load=LOADS, slots=st.integers(1, 400))
def test_the_loss_obeys_erlang_s_recursion(load: float, slots: int) -> None:
    before = erlang_b(slots - 1, load) if slots > 1 else 1.0
    assert erlang_b(slots, load) == pytest.approx(load * before / (slots + load * before), rel=1e-9, abs=1e-14)


@given(load=LOADS, slots=st.integers(1, 400))
def test_waiting_is_a_share_and_rarer_with_more_slots(load: float, slots: int) -> None:
    assert 0 <= erlang_c(slots + 1, load) <= erlang_c(slots, load) <= 1


@pytest.mark.parametrize("slots", [2_001, 50_000, 10**7])
@pytest.mark.parametrize("short", [0.3, 1.0, 2.5])
def test_the_integral_and_the_gamma_function_agree_at_any_size(slots: int, short: float) -> None:
    from scipy.special import gammaincc, gammaln

    load = slots - short * math.sqrt(slots)
    exactly = math.exp(slots * math.log(load) - load - gammaln(slots + 1)) / gammaincc(slots + 1, load)
    assert erlang_b(slots, load) == pytest.approx(exactly, rel=1e-6)


def test_sum_and_integral_meet() -> None:
    summed, integrated = erlang_b(2_000, 1_950.0), erlang_b(2_001, 1_950.0)
    assert integrated == pytest.approx(1_950 * summed / (2_001 + 1_950 * summed), rel=1e-7)


def test_no_slot_is_free_for_a_load_as_large_as_the_slots() -> None:
    assert erlang_c(5, 5.0) == 1
    assert late_calls(5, 5.0, 1, 100) == 1
    assert math.isinf(mean_wait_s(5, 5.0, 1))


CASES = st.tuples(
    st.decimals("0.001", "1000", places=3),
    st.decimals("0.1", "60", places=2),
    st.integers(1, 256),
    st.decimals("0", "10", places=1),
    st.sampled_from([Decimal("0.01"), Decimal("0.05"), Decimal("0.2")]),
    st.decimals("0.5", "4", places=1),
)


@given(case=CASES)
@settings(max_examples=150, deadline=None)
def test_one_server_fewer_would_be_too_few(case: tuple[Decimal, Decimal, int, Decimal, Decimal, Decimal]) -> None:
    rate, service_s, slots, wait_s, late, uneven = case
    count = int(servers(*case))
    load = float(rate) * float(service_s)
    times = (float(service_s), float(wait_s), float(uneven))
    assert late_calls(count * slots, load, *times) <= float(late) * (1 + 1e-8)
    assert late_calls((count - 1) * slots, load, *times) > float(late)


@given(cases=st.lists(CASES, min_size=1, max_size=20))
@settings(max_examples=60, deadline=None)
def test_arrays_say_what_numbers_say(cases: list[tuple[Decimal, ...]]) -> None:
    drawn = servers_drawn(*(np.array([float(v) for v in column]) for column in zip(*cases, strict=True)))
    for found, case in zip(drawn, cases, strict=True):
        exact = int(servers(*case))
        if found != exact:  # only where the share of late calls is the limit itself, to the last digits
            load, slots = float(case[0] * case[1]), int(case[2]) * min(exact, int(found))
            times = (float(case[1]), float(case[3]), float(case[5]))
            assert late_calls(slots, load, *times) == pytest.approx(float(case[4]), rel=1e-6)


def test_a_share_that_is_the_limit_itself_is_enough() -> None:
    # one server waits as often as it is busy, here a twentieth
    assert servers(Decimal("0.01"), 5, 1, 0, Decimal("0.05")) == servers_drawn(0.01, 5, 1, 0, 0.05) == 1


def test_more_calls_never_take_fewer_servers() -> None:
    counts = [servers(Decimal(rate), 8, 16, 1, Decimal("0.05"), 2) for rate in range(1, 200, 7)]
    assert counts == sorted(counts)
    assert counts[0] < counts[-1]


def test_a_shorter_wait_or_burstier_calls_take_more() -> None:
    def count(wait_s: str, uneven: str) -> Decimal:
        return servers(Decimal(40), Decimal(10), 1, Decimal(wait_s), Decimal("0.05"), Decimal(uneven))

    assert count("0.5", "1") > count("5", "1")
    assert count("1", "4") > count("1", "1")


# edges


def test_nothing_arrives() -> None:
    assert servers(0, 10, 4, 1, Decimal("0.05")) == 0
    assert servers_drawn(0, 10, 4, 1, 0.05) == 0


@pytest.mark.parametrize(
    "broken",
    [
        {"calls_per_s": Decimal("Infinity")},
        {"calls_per_s": Decimal("1e30")},
        {"late_share": Decimal(0)},
        {"slots": Decimal(0)},
    ],
)
def test_what_no_number_of_servers_carries_is_without_bound(broken: dict[str, Decimal]) -> None:
    case = {"calls_per_s": Decimal(3), "service_s": Decimal(2), "slots": Decimal(4)}
    case |= {"wait_s": Decimal(1), "late_share": Decimal("0.05"), "variability": Decimal(1)} | broken
    assert servers(**case) == Decimal("Infinity")
    assert np.isinf(servers_drawn(*(float(v) for v in case.values())))


def test_the_unknown_stays_unknown() -> None:
    assert servers(Decimal("NaN"), 1, 1, 1, Decimal("0.1")).is_nan()
    assert np.isnan(servers_drawn(math.nan, 1, 1, 1, 0.1))


def test_shapes_broadcast() -> None:
    found = servers_drawn(np.array([[1.0], [50.0]]), 8.0, np.array([1.0, 4.0, 16.0]), 1.0, 0.05)
    assert found.shape == (2, 3)
    for (row, rate), (column, slots) in itertools.product(enumerate((1, 50)), enumerate((1, 4, 16))):
        assert found[row, column] == int(servers(rate, 8, slots, 1, Decimal("0.05")))
