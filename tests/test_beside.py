"""What stands beside a verdict, as readers see it: parts, a turn, the lens's findings, a plan."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from beside_samples import FINDINGS, MIXED, PLAN, fed_beside, finding, findings, nothing_beside
from rich.cells import cell_len
from samples import HOSTILE_IDEA, PAYROLL

from fitcheck.beside import LensFinding, Part, PlanStep, Tool
from fitcheck.cells import OUTPUT_COLUMNS, added_columns, report_cells, table_cells
from fitcheck.errors import UseCaseError
from fitcheck.labels import AXIS_LABELS, VALUE_LABELS, axis_label, value_label
from fitcheck.lens.axes import AXES, USUAL
from fitcheck.records import Evidence, Report, Verdict
from fitcheck.render import report_markdown, report_text
from fitcheck.render.beside_words import lens_words
from fitcheck.render.html import report_html
from fitcheck.tables.columns import fact_indices
from fitcheck.text import Language

LANGUAGES: tuple[Language, ...] = ("en", "zh")
SHAPES = (report_text, report_markdown, report_html)


@pytest.fixture(autouse=True, scope="module")
def _fed() -> Iterator[None]:
    with fed_beside():
        yield


def with_findings(patch: pytest.MonkeyPatch, *told: LensFinding) -> None:
    patch.setattr("fitcheck.lens.read_lens", lambda _: findings(*told))


def section(text: str, heading: str) -> str:
    """Return a part of a terminal report, from its heading to the next."""
    lines = text.split("\n")
    begin = next(i for i, line in enumerate(lines) if line.startswith(heading))
    end = next((i for i in range(begin, len(lines)) if not lines[i]), len(lines))
    return "\n".join(lines[begin:end])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_golden_reports(lang: Language, golden: Callable[[str, str], None]) -> None:
    golden(f"mixed.{lang}.txt", report_text(MIXED, lang=lang) + "\n")
    golden(f"mixed.{lang}.60.txt", report_text(MIXED, lang=lang, width=60) + "\n")
    golden(f"mixed.{lang}.md", report_markdown(MIXED, lang=lang))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("width", [50, 60, 80, 120])
def test_no_line_is_wider_than_asked(lang: Language, width: int) -> None:
    lines = report_text(MIXED, lang=lang, width=width).split("\n")
    assert max(map(cell_len, lines)) <= width


@pytest.mark.parametrize("width", [60, 80])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_plain_idea_gains_few_lines(lang: Language, width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    with_findings(
        monkeypatch, finding("role", "core", basis="scenarios"), finding("innovation", "tool", basis="scenarios")
    )
    whole = report_text(PAYROLL, lang=lang, width=width).count("\n")
    with nothing_beside():
        alone = report_text(PAYROLL, lang=lang, width=width).count("\n")
    assert whole - alone <= {80: 12, 60: 18}[width]


def test_each_part_has_its_verdict_and_its_tool() -> None:
    told = section(report_text(MIXED), "Parts")
    assert "◐ assist  “read the releases as they come in”\n            reading financial texts" in told
    assert "✗ unfit   “then buy or sell before the others do”\n            a tested trading model" in told


def test_parts_are_told_only_of_a_mixed_idea() -> None:
    for shape in SHAPES:
        assert "Parts" not in shape(replace(MIXED, parts=()))


@pytest.mark.parametrize("shape", SHAPES)
def test_a_change_of_words_is_told_with_the_changed_idea(shape: Callable[[Report], str]) -> None:
    told = " ".join(shape(MIXED).split())
    assert "The model reads the news for the analyst who decides. Then: assist (83%)." in told
    assert "note for the analyst what they say; she decides." in told


def test_a_change_of_a_fact_is_told_as_a_condition() -> None:
    assert MIXED.turn is not None
    turn = replace(MIXED.turn, words={"en": "a person decides", "zh": "由人决定"}, changes={"decides": "person"})
    assert "If a person decides: assist." in report_text(replace(MIXED, turn=turn))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("shape", SHAPES)
def test_every_axis_answers(shape: Callable[..., str], lang: Language) -> None:
    told = " ".join(shape(MIXED, lang=lang).split())
    for f in FINDINGS:
        name, value = axis_label(f.axis, lang), value_label(f.axis, f.value, lang)
        assert (name if f.value == "unsaid" else value) in told, f.axis


def test_findings_that_say_something_come_first_and_the_others_are_named() -> None:
    words = lens_words(FINDINGS, "en")
    assert [f.axis for f in words.spoken] == ["the model's part", "what is new", "who pays", "dependence", "price"]
    assert [f.axis for f in words.unsaid] == ["need", "data rights", "data use", "charge"]
    assert len(words.spoken) + len(words.unsaid) + len(words.usual) == len(AXES)


def test_a_finding_shows_its_words_or_its_facts() -> None:
    told = report_markdown(MIXED)
    assert "| “The desk runs wholly on one vendor's model” |" in told
    assert "given: who pays, value of an answer in USD" in told


def test_what_is_to_be_mended_says_how_in_a_terminal_and_the_rest_in_markdown() -> None:
    text, markdown = (" ".join(shape(MIXED).split()) for shape in (report_text, report_markdown))
    assert "! locked to one supplier" in text
    assert "Run the same test set on a second model" in text
    assert "Measure the output itself." not in text
    assert "Measure the output itself." in markdown


def test_figures_of_a_given_fact_are_told_in_a_terminal() -> None:
    assert "USD 0.40 comes back for each call" in " ".join(report_text(MIXED).split())


def test_role_and_innovation_are_told_even_where_usual_but_not_where_guessed() -> None:
    guessed = findings(finding("role", USUAL["role"]), finding("innovation", USUAL["innovation"], basis="words"))
    assert [f.axis for f in lens_words(guessed, "en").spoken] == ["what is new"]


def test_a_plan_is_short_in_a_terminal() -> None:
    told = section(report_text(MIXED), "Plan")
    assert told.startswith("Plan  A tested trading model, and people who answer for it\n  tools: backtrader, vnpy\n")
    assert "fitcheck plan" in told
    assert "Trade on paper" not in told


def test_a_plan_in_markdown_has_all_but_its_test_cases() -> None:
    told = report_markdown(MIXED)
    for words in (
        "3. Trade on paper for a quarter.",
        "(MIT, https://www.vnpy.com)",
        "Holding the index.",
        "USD 40,000",
    ):
        assert words in told
    assert "withdrawn an hour later" not in told


def test_a_plan_of_guardrails_shows_those() -> None:
    plan = replace(PLAN, tools=(), steps=(PlanStep("guard", {"en": "A person sends it.", "zh": "由人发送。"}),))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("fitcheck.plans.plan_for", lambda _: plan)
        assert "1 A person sends it." in section(report_text(MIXED), "Plan")
        assert "Guardrails\n\n- A person sends it." in report_markdown(MIXED)


def test_nothing_is_told_of_nothing() -> None:
    with nothing_beside():
        for shape in SHAPES:
            told = shape(replace(MIXED, parts=(), turn=None))
            assert not any(words in told for words in ("Is it worth doing", "Plan", "Parts", "turn it"))


def test_hostile_words_do_not_become_markup(monkeypatch: pytest.MonkeyPatch) -> None:
    bad = {"en": HOSTILE_IDEA, "zh": HOSTILE_IDEA}
    with_findings(
        monkeypatch, finding("need", "decoration", basis="words", quote=HOSTILE_IDEA, start=0, says=bad, do=bad)
    )
    plan = replace(PLAN, title=bad, cost=bad, tools=(Tool(HOSTILE_IDEA, HOSTILE_IDEA, "<MIT>", bad),))
    monkeypatch.setattr("fitcheck.plans.plan_for", lambda _: plan)
    assert MIXED.turn is not None
    part = Part(HOSTILE_IDEA, 0, 9, Verdict.UNFIT, {"unfit": 1.0}, "<b>", bad)
    turn = replace(MIXED.turn, words=bad, use_case=MIXED.turn.use_case.model_copy(update={"text": HOSTILE_IDEA}))
    report = replace(MIXED, parts=(part,), turn=turn)
    for shape in SHAPES:
        told = shape(report)
        assert "<script" not in (told if shape is not report_text else "")
        assert "\x1b" not in told
        assert "\u202e" not in told
    rows = [line for line in report_markdown(report).split("\n") if line.startswith("| **")]
    assert rows
    assert "`" not in report_markdown(report).replace("&#96;", "")


def test_json_carries_what_stands_beside() -> None:
    values = json.loads(MIXED.to_json())
    assert [p["verdict"] for p in values["parts"]] == ["assist", "unfit"]
    assert [f["axis"] for f in values["lens"]] == list(AXES)
    assert values["plan"]["title"]["en"] == PLAN.title["en"]
    assert values["turn"]["use_case"]["text"].startswith("Read the earnings releases")


# the table's columns


VALUES = {own.axis: own.value for own in FINDINGS}


def test_cells_of_what_stands_beside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fitcheck.cells.lens_values", lambda reports: [VALUES for _ in reports])
    cells = report_cells(MIXED)
    assert cells["parts"] == ("read the releases as they come in: assist; then buy or sell before the others do: unfit")
    assert (cells["role"], cells["need"]) == ("core", "unsaid")
    assert cells["findings"] == ("innovation: way-of-working; payer: savings; dependence: locked; price: subsidised")


def test_the_findings_of_a_block_are_read_together(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    monkeypatch.setattr("fitcheck.cells.lens_values", lambda reports: read.append(len(reports)) or [VALUES] * 3)
    rows = list(table_cells([MIXED, UseCaseError("empty"), MIXED, MIXED]))
    assert read == [3]
    assert [row["role"] for row in rows] == ["core", None, "core", "core"]


def test_a_fast_reading_has_nothing_beside_its_verdict() -> None:
    fast = replace(MIXED, parts=(), ledger=(*MIXED.ledger, Evidence("scenarios", "wording", Verdict.UNFIT, 0.1)))
    assert {report_cells(fast)[name] for name in ("parts", "role", "need", "findings")} == {None}


def test_a_table_scored_by_an_earlier_version_is_known() -> None:
    before = [name for name in OUTPUT_COLUMNS if name not in ("parts", "role", "need", "findings")]
    assert added_columns(["idea", *before, "decides"]) == (range(1, 15),)
    assert fact_indices(["idea", *before, "stakes"], 0, "t.csv", {}) == {"stakes": 15}


@pytest.mark.parametrize("prefix", ["", "fitcheck_", "fitcheck_fitcheck_", "fitcheck_2_", "fitcheck_10_"])
def test_answers_of_an_earlier_run_are_no_facts(prefix: str) -> None:
    names = ["idea", *(prefix + name for name in OUTPUT_COLUMNS)]
    names[2] = "probability"
    assert fact_indices(names, 0, "t.csv", {}) == {}


def test_a_users_own_columns_of_like_names_are_no_answers() -> None:
    assert added_columns(["idea", "verdict", "role", "need", "error"]) == ()


# words


def test_every_axis_and_value_has_words_in_both_languages() -> None:
    assert AXIS_LABELS.keys() == AXES.keys()
    assert VALUE_LABELS.keys() == {(a, v) for a, values in AXES.items() for v in values if v != "unsaid"}
    for en, zh in (*AXIS_LABELS.values(), *VALUE_LABELS.values()):
        assert en.isascii()
        assert not zh.isascii()
    for axis in AXES:
        assert len({VALUE_LABELS[k] for k in VALUE_LABELS if k[0] == axis}) == sum(k[0] == axis for k in VALUE_LABELS)
