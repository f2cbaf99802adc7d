"""The ledger: rows add up as printed, order is free, a dropped row moves its own sum by exactly itself."""

from __future__ import annotations

import math
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fitcheck.combine import Weights, cap, decide, evidence_of, prior_evidence, probabilities, totals
from fitcheck.records import LEARNED, Evidence, Verdict

FIT, ASSIST, OVERKILL, UNFIT, UNCLEAR = Verdict
SEVERITY = (UNFIT, OVERKILL, ASSIST, FIT)
NONE = Weights(prior=dict.fromkeys(LEARNED, 0.0), views={}, rules={})

CENTS = st.integers(-3000, 3000).map(lambda cents: cents / 100)
ROWS = st.builds(
    Evidence,
    st.sampled_from(["prior", "rule", "scenarios", "cost"]),
    st.sampled_from(["a", "b", "c"]),
    st.sampled_from(LEARNED),
    CENTS,
)
LEDGERS = st.lists(ROWS, max_size=25)


def said(verdict: Verdict, size: float, name: str = "r", role: str = "core") -> Evidence:
    """Return a rule's row."""
    return Evidence("rule", name, verdict, size, role=role)  # type: ignore[arg-type]


@settings(deadline=None)
@given(LEDGERS)
def test_rows_add_up_exactly_as_printed(ledger: list[Evidence]) -> None:
    for verdict, total in totals(ledger).items():
        printed = sum((Decimal(f"{e.log_odds:.2f}") for e in ledger if e.verdict == verdict), Decimal(0))
        assert Decimal(f"{total:.2f}") == printed


@settings(deadline=None)
@given(LEDGERS, st.randoms(use_true_random=False))
def test_order_is_free(ledger: list[Evidence], random: object) -> None:
    shuffled = list(ledger)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert totals(shuffled) == totals(ledger)
    assert probabilities(totals(shuffled)) == probabilities(totals(ledger))
    assert decide(shuffled, NONE, names_a_task=True) == decide(ledger, NONE, names_a_task=True)


@settings(deadline=None)
@given(st.lists(ROWS, min_size=1, max_size=25), st.data())
def test_a_dropped_row_moves_one_total_by_exactly_itself(ledger: list[Evidence], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(ledger) - 1))
    row, rest = ledger[place], ledger[:place] + ledger[place + 1 :]
    before, after = totals(ledger), totals(rest)
    for verdict in LEARNED:
        moved = Decimal(f"{before[verdict]:.2f}") - Decimal(f"{after[verdict]:.2f}")
        assert moved == (Decimal(f"{row.log_odds:.2f}") if verdict is row.verdict else 0)


@settings(deadline=None)
@given(LEDGERS)
def test_probabilities_are_the_softmax_of_the_totals(ledger: list[Evidence]) -> None:
    sums = totals(ledger)
    shares = probabilities(sums)
    assert list(shares) == [v.value for v in LEARNED]
    assert math.fsum(shares.values()) == pytest.approx(1, abs=1e-12)
    for one in LEARNED:
        for other in LEARNED:
            if shares[one] > 1e-200 and shares[other] > 1e-200:
                assert math.log(shares[one] / shares[other]) == pytest.approx(sums[one] - sums[other], abs=1e-9)


def test_probabilities_bear_large_totals() -> None:
    shares = probabilities({"fit": 5000.0, "assist": -5000.0, "overkill": 0.0, "unfit": 5000.0})
    assert shares == {"fit": 0.5, "assist": 0.0, "overkill": 0.0, "unfit": 0.5}


def test_an_empty_ledger_is_even() -> None:
    assert totals([]) == dict.fromkeys(("fit", "assist", "overkill", "unfit"), 0.0)
    assert set(probabilities(totals([])).values()) == {0.25}


# --- the rows that the fitted weights give ---


def test_the_prior_is_four_rows() -> None:
    weights = Weights(prior={"fit": 0.123, "assist": -0.456, "overkill": 0.0, "unfit": 0.333}, views={}, rules={})
    assert [(e.source, e.verdict, e.log_odds) for e in prior_evidence(weights)] == [
        ("prior", FIT, 0.12),
        ("prior", ASSIST, -0.46),
        ("prior", OVERKILL, 0.0),
        ("prior", UNFIT, 0.33),
    ]


def test_a_view_speaks_in_hundredths_and_zero_rows_are_left_out() -> None:
    rows = evidence_of("core task", [50, 0, -100, 0])
    assert [(e.verdict, e.log_odds, e.role) for e in rows] == [(FIT, 0.5, "core"), (OVERKILL, -1.0, "core")]
    assert [e.role for e in evidence_of("concepts", [1, 0, 0, 0])] == [None]


def test_a_view_of_another_length_is_an_error() -> None:
    with pytest.raises(ValueError, match="zip"):
        evidence_of("concepts", [1, 2])


def test_weights_are_read_off_a_card() -> None:
    card = {"weights": {"prior": {"fit": 0.1}, "views": {}, "rules": {"a": 0.5}, "least_margin": 0.2}, "model": "m"}
    weights = Weights.from_card(card)
    assert (weights.prior, weights.rules, weights.least_margin) == ({"fit": 0.1}, {"a": 0.5}, 0.2)
    assert (weights.default_rule, weights.least_probability) == (1.0, 0.4)


# --- blocking ---


@settings(deadline=None)
@given(LEDGERS, st.lists(st.builds(said, st.sampled_from(LEARNED), CENTS, st.sampled_from("xyz")), max_size=4))
def test_no_better_verdict_stands_above_a_blocking_rule(ledger: list[Evidence], blocking: list[Evidence]) -> None:
    ledger = ledger + blocking
    rows = cap(ledger, blocking)
    assert all(e.source == "block" and e.log_odds < 0 for e in rows)
    best = decide(ledger + rows, NONE, names_a_task=True)
    likeliest = max(LEARNED, key=lambda v: best.probabilities[v])
    for block in blocking:
        assert SEVERITY.index(likeliest) <= SEVERITY.index(block.verdict)


@settings(deadline=None)
@given(LEDGERS)
def test_without_a_blocking_rule_nothing_is_capped(ledger: list[Evidence]) -> None:
    assert cap(ledger, []) == []


def test_a_cap_takes_just_what_it_needs() -> None:
    block = said(UNFIT, 1.0, "deadly")
    ledger = [block, said(FIT, 3.0, "a"), said(ASSIST, 1.0, "b"), said(OVERKILL, 0.9, "c")]
    rows = cap(ledger, [block])
    assert [(e.id, e.verdict, e.log_odds, e.role) for e in rows] == [
        ("deadly", FIT, -2.01, "core"),
        ("deadly", ASSIST, -0.01, "core"),
    ]
    assert totals(ledger + rows) == {"fit": 0.99, "assist": 0.99, "overkill": 0.9, "unfit": 1.0}


def test_assist_caps_fit_alone() -> None:
    block = said(ASSIST, 0.5)
    rows = cap([block, said(FIT, 2.0), said(OVERKILL, 3.0), said(UNFIT, 4.0)], [block])
    assert [(e.verdict, e.log_odds) for e in rows] == [(FIT, -1.51)]


def test_the_severest_of_several_blocking_rules_caps() -> None:
    blocking = [said(ASSIST, 9.0, "a"), said(UNFIT, 0.5, "z"), said(UNFIT, 0.5, "b")]
    rows = cap([*blocking, said(FIT, 2.0)], blocking)
    assert {(e.id, e.verdict) for e in rows} == {("b", FIT), ("b", ASSIST)}


# --- the verdict ---


def test_the_likeliest_verdict_stands() -> None:
    decision = decide([said(OVERKILL, 2.0)], NONE, names_a_task=True)
    assert (decision.verdict, decision.why_unclear) == (OVERKILL, None)
    assert decision.probabilities["overkill"] == pytest.approx(math.exp(2) / (math.exp(2) + 3))


def test_no_task_is_unclear_however_loud_the_rules_are() -> None:
    decision = decide([said(OVERKILL, 5.0)], NONE, names_a_task=False)
    assert (decision.verdict, decision.why_unclear) == (UNCLEAR, "no task")
    assert max(decision.probabilities, key=decision.probabilities.__getitem__) == "overkill"


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([], "nothing spoke"),
        ([Evidence("scenarios", "whole text", FIT, 0.3)], "nothing spoke"),
        # a prior alone never speaks, a whisper of a rule neither
        ([Evidence("prior", "prior", FIT, 0.3)], "nothing spoke"),
        ([said(FIT, 0.49)], "nothing spoke"),
        ([Evidence("scenarios", "whole text", FIT, 0.8)], None),
        ([said(FIT, 0.5)], None),
        ([Evidence("cost", "dear", OVERKILL, 0.5)], None),
    ],
)
def test_when_nothing_speaks(rows: list[Evidence], why: str | None) -> None:
    decision = decide(rows, NONE, names_a_task=True)
    assert decision.why_unclear == why
    assert (decision.verdict is UNCLEAR) == (why is not None)


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([said(FIT, 2.0, "a"), said(UNFIT, 2.0, "b")], "both sides spoke"),
        ([said(FIT, 2.0, "a"), said(UNFIT, 1.95, "b")], "both sides spoke"),
        ([said(FIT, 2.0, "a"), said(UNFIT, 1.5, "b")], None),
        # a draw that no rule stands behind on one side is no quarrel of rules
        ([said(FIT, 2.0, "a"), Evidence("scenarios", "whole text", UNFIT, 2.0)], None),
        ([said(FIT, 2.0, "a"), Evidence("cost", "dear", OVERKILL, 2.0)], "both sides spoke"),
    ],
)
def test_when_both_sides_speak(rows: list[Evidence], why: str | None) -> None:
    assert decide(rows, NONE, names_a_task=True).why_unclear == why


def test_the_thresholds_are_the_fitted_ones() -> None:
    strict = Weights(prior={}, views={}, rules={}, least_probability=0.9, least_margin=0.5)
    rows = [Evidence("scenarios", "whole text", FIT, 2.0)]
    assert decide(rows, strict, names_a_task=True).why_unclear == "nothing spoke"
    rows = [said(FIT, 2.0, "a"), said(UNFIT, 1.5, "b")]
    assert decide(rows, strict, names_a_task=True).why_unclear == "both sides spoke"
