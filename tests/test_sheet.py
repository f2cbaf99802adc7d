"""The sheet: numbers that can be traced, overridden and drawn, and functions that agree with their arrays."""

from __future__ import annotations

import ast
import math
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from fitcheck.cost.formulas import EXACT, compiled, drawn_functions, figure, names_in, written_out
from fitcheck.cost.sheet import DRAWS, Input, Line, Range, Sheet, exact
from fitcheck.cost.sheet import given as said
from fitcheck.errors import CostError

DRAWN = drawn_functions()


def plain(name: str, low: Any, mid: Any, high: Any, **more: Any) -> Input:
    return exact(name, (str(low), str(mid), str(high)), "USD", name, "数", "a test", **more)


# random sheets: some inputs with ranges, and lines over whatever stands before them


@st.composite
def sheets(draw: st.DrawFn) -> Sheet:
    amounts = st.decimals("0.01", "1000", places=2)
    inputs = []
    for at in range(draw(st.integers(2, 5))):
        low, mid, high = sorted(draw(st.tuples(amounts, amounts, amounts)))
        spread = draw(st.sampled_from(["bounds", "p80"]))
        inputs.append(plain(f"in_{at}", low, mid, high, spread=spread))
    names = [one.name for one in inputs]
    lines = []
    for at in range(draw(st.integers(1, 6))):
        left, right = draw(st.sampled_from(names)), draw(st.sampled_from(names))
        form = draw(
            st.sampled_from(["{} + {}", "{} * {}", "{} - {}", "ratio({}, {})", "maximum({}, {})", "{} + {} * 3"])
        )
        lines.append(Line(f"line_{at}", form.format(left, right), "USD", "a line", "行"))
        names.append(lines[-1].name)
    try:
        return Sheet(inputs, lines)
    except CostError as error:  # nought times what is without bound
        assert "can't be worked out of" in str(error) and "Infinity" in str(error)
        reject()


def by_fractions(formula: str, values: dict[str, Fraction]) -> Fraction:
    """Work a formula out in exact fractions, by a road of its own."""

    def value(node: ast.AST) -> Fraction:
        if isinstance(node, ast.Name):
            return values[node.id]
        if isinstance(node, ast.Constant):
            return Fraction(str(node.value))
        if isinstance(node, ast.Call):
            assert isinstance(node.func, ast.Name)
            left, right = (value(a) for a in node.args)
            return max(left, right) if node.func.id == "maximum" else left / right
        assert isinstance(node, ast.BinOp)
        left, right = value(node.left), value(node.right)
        return {ast.Add: left + right, ast.Mult: left * right, ast.Sub: left - right}[type(node.op)]

    return value(ast.parse(formula, mode="eval").body)


@given(sheet=sheets())
def test_every_line_recomputes_by_hand(sheet: Sheet) -> None:
    known = {name: Fraction(one.mid) for name, one in sheet.inputs.items()}
    for name, line in sheet.lines.items():
        try:
            known[name] = by_fractions(line.formula, known)
        except ZeroDivisionError:  # a ratio by nought is without bound, and what rests on it too
            assert not sheet[name].is_finite() or sheet[name] == 0
            return
        difference = abs(Fraction(sheet[name]) - known[name])
        assert difference <= Fraction(1, 10**15) * max(1, *(abs(v) for v in known.values())) ** 2, name


@given(sheet=sheets())
@settings(max_examples=50, deadline=None)
def test_the_middle_lies_inside_the_range(sheet: Sheet) -> None:
    for name in (*sheet.inputs, *sheet.lines):
        found = sheet.range(name)
        if not found.mid.is_nan():
            assert found.low <= found.mid <= found.high, name


@given(sheet=sheets())
@settings(max_examples=30, deadline=None)
def test_the_same_seed_draws_the_same_and_another_seed_does_not(sheet: Sheet) -> None:
    again = Sheet(sheet.inputs.values(), sheet.lines.values())
    other = Sheet(sheet.inputs.values(), sheet.lines.values(), seed=1)
    for name in sheet.draws:
        np.testing.assert_array_equal(sheet.draws[name], again.draws[name])
    unsure = [name for name, one in sheet.inputs.items() if one.low < one.mid < one.high]
    assert all((sheet.draws[name] != other.draws[name]).any() for name in unsure)


@given(sheet=sheets(), data=st.data(), value=st.decimals("0.01", "1000", places=2))
def test_overriding_an_input_changes_only_what_rests_on_it(sheet: Sheet, data: st.DataObject, value: Decimal) -> None:
    name = data.draw(st.sampled_from(list(sheet.inputs)))
    changed = sheet.at(**{name: value})
    assert changed[name] == value
    for other, before in sheet.values.items():
        if name not in sheet.needed(other):
            assert changed[other] == before or before.is_nan()


@given(sheet=sheets(), data=st.data())
def test_overriding_with_the_same_value_changes_nothing(sheet: Sheet, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(list(sheet.inputs)))
    assert str(sheet.at(**{name: sheet[name]})) == str(sheet.values)


@given(sheet=sheets())
def test_every_line_can_be_written_out(sheet: Sheet) -> None:
    for name, line in sheet.lines.items():
        text = sheet.explain(name)
        assert not any(other in text for other in names_in(line.formula) if other in sheet.values)


# exact money


@given(cents=st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=30))
def test_sums_of_money_are_exact(cents: list[int]) -> None:
    inputs = [exact(f"in_{i}", str(Decimal(c) / 100), "USD", "a", "数", "a test") for i, c in enumerate(cents)]
    sheet = Sheet(inputs, [Line("total", " + ".join(one.name for one in inputs), "USD", "total", "合计")])
    assert sheet["total"] == Decimal(sum(cents)) / 100


def test_a_tenth_and_two_tenths_are_three_tenths() -> None:
    sheet = Sheet(
        [plain("a", "0.1", "0.1", "0.1"), plain("b", "0.2", "0.2", "0.2")], [Line("c", "a + b", "", "c", "和")]
    )
    assert sheet["c"] == Decimal("0.3")


def test_the_sheet_does_not_depend_on_the_caller_s_precision() -> None:
    inputs, lines = [said("a", 2, "", "a", "数"), said("b", 3, "", "b", "数")], [Line("c", "a / b", "", "c", "商")]
    with localcontext(prec=4):
        rough = Sheet(inputs, lines)["c"]
    assert rough == Sheet(inputs, lines)["c"]
    assert len(str(rough)) > 20


# draws


@given(numbers=st.lists(st.decimals("0.1", "100", places=1), min_size=3, max_size=3, unique=True))
@settings(max_examples=30, deadline=None)
def test_bounds_are_never_passed_and_half_lies_below_the_middle(numbers: list[Decimal]) -> None:
    low, mid, high = sorted(numbers)
    drawn = Sheet([plain("a", low, mid, high)], []).draws["a"]
    assert drawn.shape == (DRAWS,)
    assert low <= Decimal(drawn.min()) + Decimal("1e-9")
    assert Decimal(drawn.max()) - Decimal("1e-9") <= high
    assert np.mean(drawn < float(mid)) == pytest.approx(0.5, abs=0.001)


@given(numbers=st.lists(st.decimals("0.1", "100", places=1), min_size=3, max_size=3, unique=True))
@settings(max_examples=30, deadline=None)
def test_an_80_percent_range_holds_80_percent_of_the_draws(numbers: list[Decimal]) -> None:
    low, mid, high = (float(v) for v in sorted(numbers))
    drawn = Sheet([plain("a", low, mid, high, spread="p80")], []).draws["a"]
    assert np.mean((drawn >= low) & (drawn <= high)) == pytest.approx(0.8, abs=0.002)
    assert np.mean(drawn < mid) == pytest.approx(0.5, abs=0.001)


def test_a_fixed_input_is_the_same_in_every_draw() -> None:
    assert set(Sheet([plain("a", 2, 2, 2)], []).draws["a"]) == {2.0}


def test_inputs_are_drawn_independently() -> None:
    drawn = Sheet([plain("a", 1, 2, 3), plain("b", 1, 2, 3)], []).draws
    assert abs(np.corrcoef(drawn["a"], drawn["b"])[0, 1]) < 0.1


def test_ranges_are_numbers_or_nothing_in_json() -> None:
    assert Range(Decimal(1), Decimal("2.5"), Decimal("Infinity")).to_dict() == {"low": 1.0, "mid": 2.5, "high": None}


# sensitivity


def test_what_moves_a_figure_most_comes_first() -> None:
    inputs = [plain("small", 1, 2, 3), plain("large", 0, 50, 100), plain("fixed", 4, 4, 4), plain("unused", 1, 2, 3)]
    sheet = Sheet(inputs, [Line("sum", "small + large + fixed", "USD", "sum", "和")])
    rows = sheet.sensitivity("sum")
    assert [(one.name, low, high) for one, low, high in rows] == [("large", 6, 106), ("small", 55, 57)]
    assert [one.name for one, _, _ in sheet.sensitivity("sum", top=1)] == ["large"]


# errors

SMALL_SHEET = Sheet([plain("peak_factor", 1, 1, 1)], [])


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Sheet([plain("a", 1, 1, 1), plain("a", 2, 2, 2)], []), r"a: stands twice"),
        (lambda: Sheet([plain("a", 1, 1, 1)], [Line("a", "1 + 1", "", "a", "数")]), r"a: stands twice"),
        (lambda: Sheet([plain("a", 1, 1, 1)], [Line("b", "a + c", "", "b", "数")]), r"b: name 'c' is not defined"),
        (lambda: Sheet([], [Line("b", "0.5 + 1", "", "b", "数")]), r"'0\.5 \+ 1': a formula holds whole numbers"),
        (lambda: Sheet([], [Line("b", "__import__('os')", "", "b", "数")]), r"a formula holds whole numbers"),
        (lambda: Sheet([], [Line("b", "open", "", "b", "数")]), r"b: name 'open' is not defined"),
        (lambda: plain("a", 3, 2, 1), r"a: low 3, middle 2 and high 1 are not in order"),
        (lambda: plain("a", 1, 2, "NaN"), r"a: a range needs finite numbers"),
        (lambda: plain("a", 1, 2, "Infinity"), r"a: a range needs finite numbers"),
        (lambda: SMALL_SHEET.with_inputs({"peak_facto": said("p", 1, "", "p", "峰")}), r"did you mean peak_factor\?"),
        (lambda: SMALL_SHEET.with_inputs({"else": said("e", 1, "", "e", "余")}), r"else: .*; inputs are peak_factor$"),
    ],
)
def test_errors_name_what_is_wrong(make: Any, message: str) -> None:
    with pytest.raises(CostError, match=message):
        make()


def test_an_input_knows_whether_a_user_said_it() -> None:
    assert said("a", 1, "", "a", "数").is_given
    assert not plain("a", 1, 2, 3).is_given


# figures


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("0", "0"),
        ("1234567.89", "1,234,568"),
        ("0.000254999", "0.000255"),
        ("-3.14159", "-3.142"),
        ("12.5", "12.5"),
        ("Infinity", "never"),
        ("NaN", "unknown"),
    ],
)
def test_figures_are_written_as_people_read_them(value: str, text: str) -> None:
    assert figure(Decimal(value)) == text


def test_a_formula_is_written_with_its_brackets() -> None:
    values = {"a": Decimal(1), "b": Decimal(2), "c": Decimal(3)}
    assert written_out("(a + b) * c - a / (b * c) - (a - b)", values) == "(1 + 2) x 3 - 1 / (2 x 3) - (1 - 2)"
    assert written_out("maximum(a, -b) ** 2", values) == "maximum(1, -2) ^ 2"


# functions: numbers and arrays agree

AMOUNTS = st.decimals("-1000", "1000", places=2)
POSITIVE = st.decimals("0.01", "1000", places=2)
SMALL = st.decimals("0", "0.5", places=3)
ARGUMENTS: dict[str, st.SearchStrategy[tuple[Decimal, ...]]] = {
    "annuity": st.tuples(SMALL, st.one_of(st.just(Decimal(0)), st.decimals("0.5", "12", places=1))),
    "break_even": st.tuples(AMOUNTS, AMOUNTS),
    "ceil": st.tuples(AMOUNTS),
    "floor": st.tuples(AMOUNTS),
    "maximum": st.lists(AMOUNTS, min_size=1, max_size=4).map(tuple),
    "minimum": st.lists(AMOUNTS, min_size=1, max_size=4).map(tuple),
    "ratio": st.tuples(AMOUNTS, st.one_of(AMOUNTS, st.just(Decimal(0)))),
    "servers": st.tuples(
        POSITIVE, st.just(Decimal(5)), st.integers(1, 99).map(Decimal), SMALL, st.just(Decimal("0.05"))
    ),
    "tier": st.tuples(POSITIVE, st.just(Decimal(0)), POSITIVE, st.just(Decimal(500)), POSITIVE),
    "until_paid": st.tuples(AMOUNTS, AMOUNTS),
    "within": st.tuples(AMOUNTS, AMOUNTS),
}


def test_both_tables_hold_the_same_functions_and_each_is_tested() -> None:
    assert EXACT.keys() == DRAWN.keys()
    assert EXACT.keys() == ARGUMENTS.keys()


@pytest.mark.parametrize("name", sorted(ARGUMENTS))
@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_numbers_and_arrays_agree(name: str, data: st.DataObject) -> None:
    cases = data.draw(st.lists(ARGUMENTS[name], min_size=1, max_size=8))
    cases = [case for case in cases if len(case) == len(cases[0])]
    columns = [np.array([float(v) for v in column]) for column in zip(*cases, strict=True)]
    with np.errstate(all="ignore"):
        drawn = np.broadcast_to(DRAWN[name](*columns), (len(cases),))
    for found, case in zip(drawn, cases, strict=True):
        by_number = float(EXACT[name](*case))
        assert (math.isnan(found) and math.isnan(by_number)) or found == pytest.approx(by_number, rel=1e-9), case


@pytest.mark.parametrize("name", sorted(ARGUMENTS))
@given(data=st.data())
@settings(max_examples=10, deadline=None)
def test_arrays_take_single_numbers_among_draws(name: str, data: st.DataObject) -> None:
    case = data.draw(ARGUMENTS[name])
    with np.errstate(all="ignore"):
        single = np.asarray(DRAWN[name](*(float(v) for v in case)))
        mixed = np.asarray(DRAWN[name](np.full(3, float(case[0])), *(float(v) for v in case[1:])))
    np.testing.assert_allclose(np.broadcast_to(mixed, (3,)), np.broadcast_to(single, (3,)))


def test_known_values_of_the_functions() -> None:
    assert EXACT["annuity"](Decimal("0.08"), Decimal(4)) == pytest.approx(Decimal("0.301921"), abs=Decimal("1e-6"))
    assert EXACT["annuity"](Decimal(0), Decimal(4)) == Decimal("0.25")
    assert EXACT["annuity"](Decimal("0.08"), Decimal(0)) == Decimal("Infinity")
    assert (EXACT["ceil"](Decimal("1.2")), EXACT["floor"](Decimal("-1.2"))) == (2, -2)
    assert EXACT["floor"](Decimal("Infinity")) == Decimal("Infinity")
    assert (EXACT["ratio"](1, 0), EXACT["ratio"](0, 0), EXACT["ratio"](1, 4)) == (
        Decimal("Infinity"),
        0,
        Decimal("0.25"),
    )
    assert [EXACT["tier"](Decimal(v), 0, Decimal(1), 200, Decimal(2)) for v in (0, 1, 200, 201)] == [1, 1, 1, 2]
    assert EXACT["until_paid"](Decimal(10), Decimal(-1)) == Decimal("Infinity")
    assert [EXACT["within"](v, 5) for v in (4, 5, 6)] == [4, 5, Decimal("Infinity")]
    assert EXACT["within"](Decimal("NaN"), 5).is_nan() and EXACT["within"](5, Decimal("NaN")).is_nan()


def test_a_formula_is_compiled_once() -> None:
    assert compiled("a + b") is compiled("a + b")
