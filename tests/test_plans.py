"""Plans: every file reads, every verdict and category gets one, and the money is told honestly."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import get_args

import pytest

from fitcheck.alternatives import ALTERNATIVES
from fitcheck.beside import Plan
from fitcheck.cli import main
from fitcheck.cost import with_simpler
from fitcheck.errors import RuleError, UseCaseError
from fitcheck.pipeline import Assessor
from fitcheck.plans import case_rows, plan_for, write_cases
from fitcheck.plans.choosing import FIRST_HOUR, plan_id, plan_of, plan_path
from fitcheck.plans.files import PlanFile, read_cases, read_plan_file
from fitcheck.plans.index import BY_CATEGORY, BY_TECHNIQUE, ONLY_FOR
from fitcheck.plans.money import two_digits
from fitcheck.records import Cost, Report, Verdict
from fitcheck.render.plan_page import plan_markdown, plan_text
from fitcheck.resources import rules_dir
from fitcheck.rule_packs import load_rules
from fitcheck.rules import Technique
from fitcheck.taxonomy import CATEGORIES
from fitcheck.use_case import UseCase

FOLDER = rules_dir() / "plans"


@pytest.fixture(scope="module")
def assessor() -> Assessor:
    return Assessor(reading="first")


FILES = sorted(FOLDER.glob("*/*.toml"))
PLANS: dict[str, PlanFile] = {f"{f.parent.name}/{f.stem}": read_plan_file(f) for f in FILES}
REPLACE = {p.id: p for p in PLANS.values() if p.kind == "replace"}
GUARD = {p.id: p for p in PLANS.values() if p.kind == "guard"}
FIT, ASSIST, OVERKILL, UNFIT, UNCLEAR = Verdict
CHINESE = re.compile(r"[\u4e00-\u9fff]")

COST = Cost("gpt-4o-mini", "openai", "2026-11-01", "here", 200, 300, None, 0.0004, 0.4, None)


def report_of(
    verdict: Verdict,
    category: str = "forecasting",
    *,
    technique: str | None = None,
    goes_in: str = "text",
    calls: float | None = None,
    **facts: object,
) -> Report:
    """Return a report made by hand, with its cost and the simpler tool's beside it."""
    cost = replace(COST, calls_per_month=calls, usd_per_month=None if calls is None else calls * COST.usd_per_call)
    return Report(
        use_case=UseCase.model_validate({"text": "an idea", **facts}),
        text="an idea",
        lang="en",
        verdict=verdict,
        probabilities={v.value: 0.7 if v is verdict else 0.1 for v in (FIT, ASSIST, OVERKILL, UNFIT)},
        ledger=(),
        concepts={"category": (category, 0.9), "input": (goes_in, 0.9)},
        instead=None if technique is None else {"kind": technique, "en": "that", "zh": "那个"},
        cost=cost if technique is None else with_simpler(cost, technique),
    )


def texts(plan: PlanFile) -> list[dict[str, str]]:
    """Return all that a plan says, in both languages."""
    said = [plan.title, *(t.does for t in plan.tool), *plan.step, *plan.guard, *plan.measure, *plan.baseline]
    said += [one for one in (plan.first_hour, plan.person) if one is not None]
    said += [one for case in plan.case for one in (case, case.right)]
    return [{"en": one.en, "zh": one.zh} for one in said]


def written(tmp_path: Path, change: tuple[str, str], source: str = "guard/letters") -> Path:
    """Write a copy of a shipped plan with one thing changed."""
    text = plan_path(source).read_text("utf-8")
    assert change[0] in text
    path = tmp_path / f"{source}.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text.replace(*change, 1), "utf-8")
    return path


# ---- the files


def test_there_are_plans_of_both_kinds() -> None:
    assert len(REPLACE) >= 35
    assert len(GUARD) >= 30
    assert len(REPLACE) + len(GUARD) == len(FILES)


@pytest.mark.parametrize("name", PLANS)
def test_a_plan_speaks_both_languages(name: str) -> None:
    for said in texts(PLANS[name]):
        assert CHINESE.search(said["zh"]), said
        assert not CHINESE.search(re.sub(r'[“"][^”"]*[”"]', "", said["en"])), said


@pytest.mark.parametrize("name", GUARD)
def test_the_test_cases_of_a_plan_are_ten_kinds(name: str) -> None:
    cases = GUARD[name].case
    assert len({c.en for c in cases}) == len({c.zh for c in cases}) == 10


@pytest.mark.parametrize("name", REPLACE)
def test_an_alternative_is_tried_on_twenty_real_cases_first(name: str) -> None:
    hour = REPLACE[name].first_hour
    assert hour is not None
    assert re.search(r"\b20\b", hour.en)
    assert "20" in hour.zh


def test_no_two_plans_say_the_same() -> None:
    for part in ("title", "first_hour", "person"):
        told = [getattr(p, part) for p in PLANS.values() if getattr(p, part) is not None]
        assert len({t.en for t in told}) == len({t.zh for t in told}) == len(told), part
    long = Counter(s.en for p in PLANS.values() for s in (*p.step, *p.guard))
    assert [s for s, n in long.items() if n > 1] == []


def test_a_tool_has_one_address_and_one_licence_everywhere() -> None:
    facts: dict[str, set[tuple[str, str]]] = {}
    for plan in PLANS.values():
        assert len({t.name for t in plan.tool}) == len(plan.tool), plan.id
        for tool in plan.tool:
            facts.setdefault(tool.name, set()).add((tool.url, tool.licence))
    assert len(facts) > 100
    assert {name: found for name, found in facts.items() if len(found) > 1} == {}


def test_most_tools_were_looked_up() -> None:
    seen = {t.name: t.seen is not None for p in PLANS.values() for t in p.tool}
    assert sum(seen.values()) >= 0.8 * len(seen)


def test_tools_are_told_of_each_job_in_words_of_its_own() -> None:
    told = Counter((t.name, t.does.en) for p in PLANS.values() for t in p.tool)
    assert max(told.values()) <= 4


# ---- the index


def test_the_index_says_what_the_files_say() -> None:
    by_technique: dict[str, str] = {}
    only_for: dict[tuple[str, str], str] = {}
    for plan in REPLACE.values():
        for technique in plan.techniques:
            narrower = (*plan.categories, *plan.inputs)
            only_for |= {(technique, one): plan.id for one in narrower}
            by_technique |= {} if narrower else {technique: plan.id}
    assert by_technique == BY_TECHNIQUE
    assert only_for == ONLY_FOR
    assert {c: p.id for p in GUARD.values() for c in p.categories} == BY_CATEGORY


def test_every_technique_has_a_plan() -> None:
    assert set(BY_TECHNIQUE) == set(get_args(Technique))


def test_no_plan_is_out_of_reach() -> None:
    assert {*BY_TECHNIQUE.values(), *ONLY_FOR.values()} == set(REPLACE)
    assert set(BY_CATEGORY.values()) == set(GUARD)


@pytest.mark.parametrize("verdict", [FIT, ASSIST, OVERKILL, UNFIT])
def test_every_category_gets_a_plan_for_that_verdict(verdict: Verdict) -> None:
    for category in CATEGORIES:
        report = report_of(verdict, category)
        assert verdict in PLANS[plan_id(report)].verdicts
        assert plan_for(report) is not None


def test_what_rules_and_categories_name_leads_to_its_own_technique() -> None:
    kinds = {r.instead.kind for r in load_rules()} | {kind for kind, _, _ in ALTERNATIVES.values()}
    for kind in kinds:
        assert kind in PLANS[plan_id(report_of(UNFIT, technique=kind))].techniques


def test_an_unclear_idea_has_no_plan() -> None:
    assert plan_for(report_of(UNCLEAR)) is None
    with pytest.raises(ValueError, match="unclear"):
        plan_id(report_of(UNCLEAR))


@pytest.mark.parametrize(
    ("technique", "category", "goes_in", "plan"),
    [
        ("vision-model", "image-recognition", "image", "vision-model"),
        ("vision-model", "medical-imaging-signals", "image", "cleared-medical-device"),
        ("ocr-or-speech-recogniser", "speech-ocr", "image", "text-recognition"),
        ("ocr-or-speech-recogniser", "speech-ocr", "audio", "speech-recognition"),
        ("anomaly-detector", "sensor-control", "sensor", "machine-anomalies"),
        ("rules-engine", "rule-routing", "text", "routing-rules"),
        ("rules-engine", "business-rules", "records", "written-rules"),
    ],
)
def test_one_technique_has_a_plan_for_each_of_its_jobs(technique: str, category: str, goes_in: str, plan: str) -> None:
    assert plan_id(report_of(UNFIT, category, technique=technique, goes_in=goes_in)) == f"replace/{plan}"


def test_a_given_category_counts_before_the_read_one() -> None:
    given = report_of(FIT, "forecasting", task_category="summarisation")
    assert plan_id(given) == "guard/summaries"


def test_a_report_without_technique_falls_back_on_its_category() -> None:
    assert plan_id(report_of(UNFIT, "optimisation")) == "replace/solver"


# ---- the plan of a report


def test_the_first_hour_is_the_first_step() -> None:
    plan = plan_for(report_of(UNFIT, technique="solver"))
    assert plan is not None
    assert plan.steps[0].words["en"].startswith("First hour: ")
    assert plan.steps[0].words["zh"].startswith("第一个小时：")
    assert {s.kind for s in plan.steps} == {"do"}
    assert plan.tools[0].name == "OR-Tools"


def test_under_assist_the_person_comes_before_the_other_guardrails() -> None:
    person = GUARD["letters"].person
    assert person is not None
    fit, assist = (plan_of("guard/letters", v) for v in (FIT, ASSIST))
    assert next(s for s in assist.steps if s.kind == "guard").words["en"] == person.en
    assert person.en not in [s.words["en"] for s in fit.steps]
    assert len(assist.steps) == len(fit.steps) + 1


def test_a_report_reads_one_file_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    real = Path.read_bytes

    def noted(path: Path) -> bytes:
        read.append(path.name)
        return real(path)

    from fitcheck.plans import choosing

    choosing.plan_values.cache_clear()
    choosing.plan_of.cache_clear()
    monkeypatch.setattr(Path, "read_bytes", noted)
    report = report_of(FIT, "summarisation")
    assert plan_for(report) == plan_for(report)
    assert read == ["summaries.toml"]


# ---- money


def cost_in(lang: str, report: Report) -> str:
    plan = plan_for(report)
    assert plan is not None
    assert plan.cost is not None
    assert CHINESE.search(plan.cost["zh"])
    return plan.cost[lang]


def test_no_cost_known_no_cost_told() -> None:
    plan = plan_for(replace(report_of(UNFIT, technique="solver"), cost=None))
    assert plan is not None
    assert plan.cost is None


def test_a_program_is_told_with_building_and_keeping() -> None:
    assert "USD 8,000 to build and USD 800 a month to keep" in cost_in("en", report_of(UNFIT, technique="solver"))


def test_a_factor_beyond_belief_is_not_printed() -> None:
    words = cost_in("en", report_of(OVERKILL, technique="regex-or-parser"))
    assert "next to nothing" in words
    assert not re.search(r"\d{3},\d{3}", words)


def test_a_program_that_runs_long_is_not_called_cheap() -> None:
    assert "as much as the model's call or more" in cost_in("en", report_of(UNFIT, technique="simulation"))


def test_at_high_volume_it_says_when_building_is_paid_back() -> None:
    assert "paid back within a month" in cost_in("en", report_of(OVERKILL, technique="regex-or-parser", calls=1e8))


def test_at_low_volume_money_is_no_reason() -> None:
    assert "money is no reason" in cost_in("en", report_of(OVERKILL, technique="regex-or-parser", calls=1000))


def test_people_cost_their_minutes_and_carry_the_responsibility() -> None:
    words = cost_in("en", report_of(UNFIT, technique="person-decides", calls=200))
    assert "15 minutes of a person each" in words
    assert "50 hours a month for 200" in words


def test_a_given_wage_changes_the_price_and_not_the_minutes() -> None:
    report = report_of(UNFIT, technique="person-decides", usd_wage_per_hour=60)
    assert report.cost is not None
    dearer = replace(report, cost=with_simpler(report.cost, "person-decides", wage=60))
    words = cost_in("en", dearer)
    assert "15 minutes" in words
    assert "USD 15 at USD 60 an hour" in words


def test_no_sum_is_told_for_what_no_staff_could_do_by_hand() -> None:
    words = cost_in("en", report_of(UNFIT, technique="person-decides", calls=900_000))
    assert "nobody does each by hand" in words
    assert "6,800,000" not in words


def test_a_study_is_paid_for_once() -> None:
    words = cost_in("en", report_of(UNFIT, technique="econometrics-or-experiment", calls=1e6))
    assert "paid for once and not per call" in words
    assert "hours a month" not in words


def test_assist_names_the_hours_of_looking_over() -> None:
    assert "33 hours" in cost_in("en", report_of(ASSIST, "legal-drafting"))
    assert "100 hours a month" in cost_in("en", report_of(ASSIST, "legal-drafting", calls=3000))
    assert "Nobody can look over every output" in cost_in("en", report_of(ASSIST, "legal-drafting", calls=1e7))


def test_fit_names_the_calls_alone() -> None:
    words = cost_in("en", report_of(FIT, "summarisation", calls=5000))
    assert words.startswith("The model's calls cost about USD 2 a month")


@pytest.mark.parametrize(
    ("value", "words"), [(0.0, "0"), (1234567.0, "1,200,000"), (9.96, "10"), (3.5, "3.5"), (0.000123, "0.00012")]
)
def test_an_order_of_magnitude_has_two_digits(value: float, words: str) -> None:
    assert two_digits(value) == words


# ---- the starter file


def plan(name: str, verdict: Verdict) -> Plan:
    return plan_of(name, verdict)


def test_the_starter_holds_the_plans_ten_cases() -> None:
    head, *rows = case_rows(plan("guard/letters", FIT), "en")
    assert head == ("case", "kind", "input", "expected", "note")
    assert [r[0] for r in rows] == [str(n) for n in range(1, 11)]
    assert [r[1] for r in rows] == [c.en for c in GUARD["letters"].case]
    assert {(r[2], r[3]) for r in rows} == {("", "")}


def test_an_alternative_is_tried_on_the_kinds_of_real_cases() -> None:
    head, *rows = case_rows(plan("replace/solver", UNFIT), "zh")
    assert head[1] == "类型"
    assert [r[1] for r in rows] == [c.zh for c in read_cases(plan_path(FIRST_HOUR))]


def test_a_spreadsheet_reads_the_starter_back(tmp_path: Path) -> None:
    path = tmp_path / "cases.csv"
    assert write_cases(plan("guard/letters", FIT), path, "zh") == 10
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(StringIO(path.read_text("utf-8-sig"))))
    assert rows == [list(r) for r in case_rows(plan("guard/letters", FIT), "zh")]


def test_a_starter_is_never_written_over_another_file(tmp_path: Path) -> None:
    path = tmp_path / "cases.csv"
    path.write_text("mine", "utf-8")
    with pytest.raises(UseCaseError, match=r"cases\.csv: is there already"):
        write_cases(plan("guard/letters", FIT), path, "en")
    assert path.read_text("utf-8") == "mine"


def test_a_starter_in_no_folder_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(UseCaseError, match="No such file"):
        write_cases(plan("guard/letters", FIT), tmp_path / "none" / "cases.csv", "en")


# ---- broken files


@pytest.mark.parametrize(
    ("change", "says", "quotes"),
    [
        (('id = "letters"', 'id = "Letters"'), "id: String should match pattern", 'id = "Letters"'),
        (('id = "letters"', 'id = "other"'), "the id must be the file's name, 'letters'", 'id = "other"'),
        (("correspondence-drafting", "letters-drafting"), "'letters-drafting' is no category", "letters-drafting"),
        (('licence = "MIT"', 'licence = "Fair"'), "'Fair' is no SPDX identifier", 'licence = "Fair"'),
        (("https://github.com/zammad", "github.com/zammad"), "give the https address", "github.com/zammad"),
        (('["fit", "assist"]', '["unfit"]'), "a guard plan is not for the verdict unfit", None),
        (("[[baseline]]", "[[guard]]"), "a guard plan has 1 or 2 [[baseline]]", None),
        (("schema = 1", "schema = 1\nkind = 'guard'"), "the folder's name is the kind", "kind = 'guard'"),
        (("[[step]]", "[[step"), "not valid TOML", "[[step"),
    ],
)
def test_an_error_names_the_file_and_quotes_the_line(
    tmp_path: Path, change: tuple[str, str], says: str, quotes: str | None
) -> None:
    path = written(tmp_path, change)
    with pytest.raises(RuleError) as error:
        read_plan_file(path)
    message = str(error.value)
    assert message.startswith(str(path))
    assert says in message
    if quotes is not None:
        assert quotes in message.splitlines()[-1]
        assert re.search(r"\n    \d+ \| ", message)


def test_a_plan_without_its_tenth_case_is_refused(tmp_path: Path) -> None:
    text = plan_path("guard/letters").read_text("utf-8")
    path = tmp_path / "guard" / "letters.toml"
    path.parent.mkdir()
    path.write_text(text[: text.rindex("[[case]]")], "utf-8")
    with pytest.raises(RuleError, match=r"a guard plan has ten \[\[case\]\], this one 9"):
        read_plan_file(path)


def test_an_alternative_without_first_hour_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, ("[first_hour]", "[person]"), "replace/solver")
    with pytest.raises(RuleError, match="says what to try in the first hour"):
        read_plan_file(path)


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "guard" / "letters.toml"
    path.parent.mkdir()
    path.write_bytes(b"schema = 1\nid = '\xff'")
    with pytest.raises(RuleError, match="not UTF-8"):
        read_plan_file(path)


def test_a_missing_plan_is_named() -> None:
    with pytest.raises(RuleError, match=r"nowhere\.toml: No such file"):
        plan_of("guard/nowhere", FIT)


# ---- what people see


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("width", [60, 80])
def test_a_plan_fits_the_terminal(lang: str, width: int) -> None:
    from rich.cells import cell_len

    for report in (report_of(ASSIST, "legal-drafting"), report_of(UNFIT, technique="solver", calls=100)):
        text = plan_text(report, lang=lang, width=width)  # type: ignore[arg-type]
        assert max(cell_len(line) for line in text.splitlines()) <= width
        assert ("步骤" if lang == "zh" else "Steps") in text


def test_markdown_numbers_the_steps_and_links_the_tools() -> None:
    text = plan_markdown(report_of(UNFIT, technique="solver"))
    assert text.startswith("## Let a solver plan, within the limits")
    assert "- [OR-Tools](<https://github.com/google/or-tools>) (Apache-2.0): " in text
    assert "\n1. First hour: " in text


def test_an_idea_is_no_markup_in_a_plan() -> None:
    hostile = report_of(FIT, "summarisation").use_case.model_copy(update={"text": "<script>[x](y)"})
    text = plan_markdown(replace(report_of(FIT, "summarisation"), use_case=hostile))
    assert "<script>" not in text
    assert "[x](y)" not in text


def test_an_unclear_idea_is_told_where_to_go() -> None:
    assert "fitcheck ask" in plan_text(report_of(UNCLEAR))
    assert "fitcheck ask" in plan_markdown(report_of(UNCLEAR), lang="zh")


def test_the_command_prints_the_plan_and_writes_the_cases(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cases = tmp_path / "cases.csv"
    idea = "Draft replies to customer mails; a clerk edits each before it goes out"
    assert main(["plan", idea, "--json", "--cases", str(cases)]) == 0
    out, err = capsys.readouterr()
    told = json.loads(out)
    assert told["verdict"] == "fit"
    assert told["plan"]["id"] == "guard/letters"
    assert f"wrote 10 cases to {cases}" in err
    assert len(list(csv.reader(StringIO(cases.read_text("utf-8-sig"))))) == 11


def test_the_command_has_no_cases_for_an_unclear_idea(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", "AI for our invoices", "--cases", str(tmp_path / "cases.csv")]) == 2
    assert "the verdict is unclear, so there is no plan" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("idea", "plan"),
    [
        ("Proofread the annual report", "guard/editing"),
        ("Transcribe the board meetings and decide which managers get a bonus", "replace/a-person-decides"),
        ("Write job ads and rank the applicants", "replace/a-person-decides"),
        ("Summarise the call transcripts and compute each agent's handling time", "guard/summaries"),
        ("Transcribe the interviews word by word", "replace/speech-recognition"),
        ("把会议录音转写成文字，决定哪些员工拿奖金", "replace/a-person-decides"),
    ],
)
def test_the_plan_is_for_what_the_report_says(assessor: Assessor, idea: str, plan: str) -> None:
    assert plan_id(assessor.assess(idea)) == plan
