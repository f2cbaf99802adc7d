"""Records: frozen, strict about facts, and a report that adds up."""

from __future__ import annotations

import dataclasses
import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from samples import PAYROLL

from fitcheck.errors import UseCaseError, quote_line
from fitcheck.records import LEARNED, Evidence, Report, Task, Verdict
from fitcheck.use_case import UseCase

NUMBERS = ["calls_per_month", "calls_per_user_per_day", "latency_budget_s", "usd_per_error", "usd_wage_per_hour"]
COUNTS = ["users", "tokens_in", "tokens_out", "labelled_examples"]


def test_what_is_not_given_is_unknown() -> None:
    use_case = UseCase(text="Draft replies", id="a-1")
    assert use_case.facts() == {}
    assert all(getattr(use_case, name) is None for name in UseCase.model_fields if name not in ("text", "id"))


def test_facts_that_are_given_are_known_even_if_false_or_zero() -> None:
    use_case = UseCase(text="Draft replies", human_review=False, calls_per_month=0, suppliers=())
    assert use_case.facts() == {"human_review": False, "calls_per_month": 0.0, "suppliers": ()}


def test_every_fact_is_described() -> None:
    assert [n for n, f in UseCase.model_fields.items() if not (f.description or "").endswith(".")] == []


def test_records_are_frozen() -> None:
    use_case = UseCase(text="Draft replies")
    with pytest.raises(ValidationError, match="frozen"):
        use_case.text = "other"  # type: ignore[misc]
    for record in (Task("a", 0, 1, "core"), Evidence("rule", "a", Verdict.FIT, 1.0), PAYROLL):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(record, dataclasses.fields(record)[0].name, "other")


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"text": "a", "huamn_review": True}, "human_review"),
        ({"text": "a", "colour": "red"}, "colour"),
        ({"id": "a"}, "the field 'text' is missing"),
        ({"text": "a", "output": "poem"}, "output = 'poem': "),
        ({"text": "a", "cached_share": 1.5}, "cached_share = 1.5: "),
        ({"text": None}, "text = None: "),
        *(({"text": "a", name: bad}, f"{name} = {bad!r}: ") for name in NUMBERS for bad in (-1, float("inf"), "many")),
        *(({"text": "a", name: bad}, f"{name} = {bad!r}: ") for name in COUNTS for bad in (-1, 1.5, 10**16)),
    ],
)
def test_a_fact_that_does_not_fit_is_named(values: dict[str, Any], said: str) -> None:
    with pytest.raises(UseCaseError) as caught:
        UseCase.read(values, where="row 7")
    assert str(caught.value).startswith("row 7: ")
    assert said in str(caught.value)


def test_a_use_case_built_directly_meets_the_same_errors() -> None:
    with pytest.raises(UseCaseError, match=r"^the idea: unknown field 'stake'; did you mean 'stakes'\?$"):
        UseCase(text="a", stake="high")  # type: ignore[call-arg]
    with pytest.raises(UseCaseError, match=r"^the idea: users = 'many': "):
        UseCase(text="a", users="many")  # type: ignore[arg-type]
    # as pydantic has it where a use case is a part of another record
    with pytest.raises(ValidationError, match="stake"):
        UseCase.model_validate({"text": "a", "stake": "high"})


def test_all_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(UseCaseError, match=r"users = -1: .*; output = 'poem': "):
        UseCase.read({"text": "a", "output": "poem", "users": -1})


def test_not_a_number_is_refused() -> None:
    with pytest.raises(UseCaseError, match="calls_per_month = nan"):
        UseCase.read({"text": "a", "calls_per_month": float("nan")})


def test_four_verdicts_are_learned_and_the_fifth_abstains() -> None:
    assert [v.value for v in LEARNED] == ["fit", "assist", "overkill", "unfit"]
    assert set(Verdict) - set(LEARNED) == {Verdict.UNCLEAR}
    assert Verdict("fit") is Verdict.FIT == "fit"


def report(ledger: list[Evidence]) -> Report:
    """Return a report with a ledger and nothing else."""
    shares = dict.fromkeys((v.value for v in LEARNED), 0.25)
    return Report(UseCase(text="a"), "a", "en", Verdict.FIT, shares, tuple(ledger))


@settings(deadline=None)
@given(
    st.lists(
        st.builds(
            Evidence,
            st.just("rule"),
            st.just("a"),
            st.sampled_from(LEARNED),
            st.integers(-500, 500).map(lambda cents: cents / 100),
        ),
        max_size=30,
    )
)
def test_a_reports_rows_add_up_as_printed(ledger: list[Evidence]) -> None:
    for verdict, total in report(ledger).totals().items():
        printed = sum((Decimal(f"{e.log_odds:.2f}") for e in ledger if e.verdict == verdict), Decimal(0))
        assert Decimal(f"{total:.2f}") == printed


def test_the_probability_is_that_of_the_strongest_even_where_it_abstains() -> None:
    abstaining = dataclasses.replace(PAYROLL, verdict=Verdict.UNCLEAR, why_unclear="both sides spoke")
    assert abstaining.probability == max(PAYROLL.probabilities.values())


def test_the_core_task_is_in_the_ideas_own_words() -> None:
    tasks = (Task("Sum it", 0, 6, "core"), Task("then write", 8, 18, "auxiliary"), Task("rank", 20, 24, "core"))
    assert dataclasses.replace(PAYROLL, tasks=tasks).core_task == "Sum it / rank"


def test_json_holds_the_whole_report() -> None:
    values = json.loads(PAYROLL.to_json())
    fields = {f.name for f in dataclasses.fields(Report)}
    assert values.keys() == fields | {"probability", "core_task", "totals", "lens", "plan"}
    assert values["verdict"] == PAYROLL.verdict.value
    assert values["totals"] == PAYROLL.totals()
    assert [row["log_odds"] for row in values["ledger"]] == [e.log_odds for e in PAYROLL.ledger]
    assert values["use_case"] == PAYROLL.use_case.model_dump(exclude_none=True)


def test_json_keeps_chinese_readable() -> None:
    chinese = dataclasses.replace(PAYROLL, text="算工资")
    assert '"text": "算工资"' in chinese.to_json()
    assert "\n" not in chinese.to_json(indent=None)


def test_a_printed_report_is_the_ledger() -> None:
    assert "overkill" in str(PAYROLL).lower()


def test_an_error_quotes_the_line_and_cuts_a_long_one() -> None:
    assert quote_line("a.toml", None, None, "empty") == "a.toml: empty"
    assert quote_line("a.toml", 3, None, "what") == "a.toml:3: what"
    assert quote_line("a.toml", 3, "x = 1\r\n", "what") == "a.toml:3: what\n    3 | x = 1"
    assert quote_line("a.toml", 3, "y" * 500, "what").endswith("| " + "y" * 157 + "...")
