"""A portfolio's sums, groups and themes, what it reads from tables, and its Markdown, workbook and notebook display."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from beside_samples import FINDINGS, MIXED, fed_beside, finding, findings
from command_line import ok, refused
from hypothesis import given
from hypothesis import strategies as st
from portfolios import MARKUP, ByKind, Letters, hostile, many, priced
from samples import HOSTILE, PAYROLL, POEM, REFUND

from fitcheck.errors import UseCaseError
from fitcheck.lens.axes import AXES
from fitcheck.portfolio import Entry, Portfolio
from fitcheck.portfolio.contents import pack
from fitcheck.portfolio.glance import portfolio_glance
from fitcheck.portfolio.groups import NEAR, Theme, find_groups, find_themes
from fitcheck.portfolio.page import inert_json
from fitcheck.portfolio.reading import our_columns, read_portfolio
from fitcheck.portfolio.sums import alternatives, asks, lens_counts, money, need_by_verdict, usd_value_per_month
from fitcheck.portfolio.words import PAGE
from fitcheck.records import LEARNED, Report, Verdict
from fitcheck.render.content import percent
from fitcheck.row_errors import error_words
from fitcheck.tables.shape import NOT_STORED


@pytest.fixture(autouse=True, scope="module")
def _fed() -> Iterator[None]:
    """Let the reports have findings and plans made by hand."""
    with fed_beside():
        yield


def entries(*reports: Report, owner: str = "") -> list[Entry]:
    return [Entry(number, report, owner=owner) for number, report in enumerate(reports, 1)]


# sums


def test_money_is_added_by_verdict() -> None:
    added = money(entries(priced(Verdict.FIT, 10), priced(Verdict.ASSIST, 5), priced(Verdict.UNFIT, 7)))
    assert (added.usd_to_build, added.usd_burnt) == (15, 7)


def test_an_unknown_volume_adds_nothing_and_is_not_counted() -> None:
    added = money(entries(priced(Verdict.FIT, None), priced(Verdict.FIT, 3)))
    assert (added.usd_per_month["fit"], added.n_known["fit"]) == (3, 1)


def test_only_cheaper_tools_save() -> None:
    dear, cheap = priced(Verdict.OVERKILL, 10, simpler_usd=600), priced(Verdict.OVERKILL, 900, simpler_usd=600)
    added = money(entries(dear, cheap))
    assert (added.n_cheaper, added.n_dearer, added.usd_saved, added.usd_build) == (1, 1, 300, 4000)


def test_a_fit_is_never_set_beside_a_simpler_tool() -> None:
    added = money(entries(priced(Verdict.FIT, 900, simpler_usd=600)))
    assert (added.n_cheaper, added.n_dearer) == (0, 0)


def test_alternatives_are_grouped_by_technique() -> None:
    found = alternatives(entries(priced(Verdict.OVERKILL, 10, simpler_usd=5), priced(Verdict.UNFIT, 20, simpler_usd=5)))
    assert [(a.kind, a.members, a.usd_model, a.usd_saved) for a in found] == [("validator", (0, 1), 30, 20)]


def test_a_techniques_money_says_of_how_many_ideas_it_is(tmp_path: Path) -> None:
    known, unknown = priced(Verdict.OVERKILL, 20, simpler_usd=5), priced(Verdict.OVERKILL, None, simpler_usd=5)
    portfolio = Portfolio.of([known, unknown], encoder=Letters())
    assert [a.usd_simpler for a in alternatives(portfolio.entries)] == [5]
    words = (
        "with known money | by model, USD/month | kept and run, USD/month | saved where cheaper | to set up, USD once"
    )
    text = portfolio.to_markdown(lang="en")
    assert words in text
    assert "| a validator | 2 | 1 | 20.00 | 5.00 | 15.00 | 4,000 |" in text
    assert pack(portfolio)["instead"] == [["validator", [0, 1], 1, 20, 5, 15, 4000]]
    portfolio.to_xlsx(tmp_path / "t.xlsx", lang="en")
    rows = openpyxl.load_workbook(tmp_path / "t.xlsx")["Summary"].iter_rows(max_col=7, values_only=True)
    assert ("a validator", 2, 1, 20, 5, 15, 4000) in rows


def test_questions_are_grouped_by_fact_with_whom_to_ask() -> None:
    found = {a.fact: a for a in asks(entries(PAYROLL, PAYROLL, owner="Ann"))}
    assert (found["format"].members, found["format"].turned) == ((0, 1), (0, 1))
    assert found["format"].by_owner == (("Ann", 2),)
    assert found["human_review"].turned == ()


def test_value_is_what_an_answer_is_worth_and_the_work_that_it_saves() -> None:
    worth = priced(Verdict.FIT, 1, usd_value_per_call=0.5, minutes_saved_per_call=3, usd_wage_per_hour=40)
    assert usd_value_per_month(worth) == pytest.approx(1000 * (0.5 + 2))
    assert usd_value_per_month(priced(Verdict.FIT, 1)) is None


def test_ideas_are_counted_by_each_axis_and_value() -> None:
    found = lens_counts([FINDINGS, (), findings(finding("dependence", "exit"), finding("need", "need"))])
    assert list(found) == list(AXES)
    assert found["dependence"] == {"locked": (0,), "exit": (2,)}
    assert found["need"] == {"need": (2,), "unsaid": (0,)}
    assert lens_counts([()]) == {}


def test_need_stands_against_the_verdict() -> None:
    portfolio = Portfolio.of([POEM, REFUND, UseCaseError("x"), POEM], encoder=Letters())
    found = need_by_verdict(portfolio.entries, portfolio.lenses)
    assert found["decoration"] == {"fit": 2, "assist": 0, "overkill": 0, "unfit": 0, "unclear": 0}
    assert found["unsaid"]["unfit"] == 1


def test_findings_are_read_once_for_all_forms(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    read: list[Report] = []
    monkeypatch.setattr("fitcheck.lens.read_lens", lambda report: read.append(report) or FINDINGS)
    portfolio = Portfolio.of([POEM, REFUND], encoder=Letters())
    pack(portfolio)
    portfolio.to_markdown()
    portfolio.to_xlsx(tmp_path / "t.xlsx")
    assert len(read) == 2


@given(st.lists(st.sampled_from(["fit", "assist", "overkill", "unfit"]), max_size=20))
def test_counts_add_up_to_the_ideas(verdicts: list[str]) -> None:
    portfolio = Portfolio.of([priced(Verdict(v), 1) for v in verdicts], encoder=Letters())
    assert sum(portfolio.counts.values()) == len(portfolio) == len(verdicts)


def test_as_many_owners_as_ideas() -> None:
    with pytest.raises(ValueError, match="owners: 1 for 2 ideas"):
        Portfolio.of([PAYROLL, POEM], owners=["Ann"])


# groups and themes


def unit(*rows: list[float]) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    vectors = np.array(rows, dtype=np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def test_near_ideas_make_a_group() -> None:
    vectors = unit([1, 0, 0], [0, 1, 0], [1, 0.1, 0], [1, 0.05, 0])
    (group,) = find_groups(entries(PAYROLL, POEM, PAYROLL, PAYROLL), vectors)
    assert sorted(group.members) == [0, 2, 3]
    assert group.members[0] == 3, "the one nearest to all others stands first"


def test_a_chain_is_cut_where_its_ends_are_far_apart() -> None:
    step = np.arccos(NEAR) * 0.99
    vectors = unit(*([np.cos(i * step), np.sin(i * step)] for i in range(8)))
    groups = find_groups(entries(*[PAYROLL] * 8), vectors)
    assert max(len(g.members) for g in groups) <= 3


@given(st.integers(0, 2**32 - 1))
def test_no_idea_is_in_two_groups(seed: int) -> None:
    vectors = unit(*np.random.default_rng(seed).normal(1, 0.6, (30, 4)).tolist())
    members = [i for g in find_groups(entries(*[PAYROLL] * 30), vectors) for i in g.members]
    assert len(members) == len(set(members))


def test_the_shipped_encoder_finds_the_same_tool_proposed_twice() -> None:
    texts = [
        "Use an LLM to draft replies to customer complaints; an agent checks each reply before it goes out.",
        "Draft replies to complaints of customers with an LLM. An agent checks every reply before it is sent out.",
        "Forecast next week's demand for each product from three years of sales figures.",
    ]
    reports = [replace(POEM, text=text) for text in texts]
    assert [sorted(g.members) for g in Portfolio.of(reports).groups] == [[0, 1]]


def test_an_idea_that_could_not_be_judged_is_in_no_group() -> None:
    error = UseCaseError("empty")
    assert Portfolio.of([error, error], encoder=Letters()).groups == ()


def test_each_judged_idea_has_one_theme() -> None:
    portfolio = many(40)
    members = [i for theme in portfolio.themes for i in theme.members]
    assert sorted(members) == list(range(39))


def test_a_theme_is_named_by_words_of_its_own() -> None:
    texts = ["translate manuals into German"] * 10 + ["forecast demand of bicycles"] * 10
    reports = entries(*(replace(POEM, text=text) for text in texts))
    vectors = unit(*([[1, 0]] * 10 + [[0, 1]] * 10))
    # half of all ideas hold each word, so nothing is distinctive enough to be a name
    assert all(theme.words == () for theme in find_themes(reports, vectors))
    rare = entries(*(replace(POEM, text=t) for t in [*texts, *["write a poem"] * 80]))
    named = find_themes(rare, unit(*([[1, 0, 0]] * 10 + [[0, 1, 0]] * 10 + [[0, 0, 1]] * 80)))
    assert {"german", "manuals"} <= {word for theme in named for word in theme.words}


def test_a_theme_has_the_name_of_a_category_only_where_half_of_it_share_it() -> None:
    def of(category: str) -> Report:
        return replace(POEM, concepts={**POEM.concepts, "category": (category, 0.9)})

    few, half = ["forecasting"] * 4 + ["validation", "optimisation"] * 3, ["forecasting"] * 5 + ["validation"] * 5
    reports = [of(c) for c in few + half]
    vectors = unit(*([[1, 0]] * 10 + [[0, 1]] * 10))
    assert sorted(t.category for t in find_themes(entries(*reports), vectors)) == ["", "forecasting"]


def test_a_theme_without_a_shared_category_is_named_neutrally() -> None:
    portfolio = many(40)
    portfolio.__dict__["_together"] = ((), (Theme((0, 1), "", ("routes", "payroll")),))
    assert "| mixed | routes · payroll | 2 |" in portfolio.to_markdown(lang="en")
    assert "| 混合 | routes · payroll | 2 |" in portfolio.to_markdown(lang="zh")


# tables


@pytest.fixture
def scored(tmp_path: Path) -> Path:
    path = tmp_path / "scored.csv"
    path.write_text(
        "idea,Division,Submitted by,calls_per_month,"
        "verdict,probability,p_fit,p_assist,p_overkill,p_unfit,decides,error\n"
        "overkill payroll,HR,Ann,1000,overkill,0.9,0,0,0.9,0.1,model,\n"
        "unfit refunds,Sales,Bo,,fit,0.9,0.9,0,0,0.1,model,\n"
        ",Sales,Bo,,,,,,,,,the idea is empty\n",
        "utf-8",
    )
    return path


def test_the_columns_of_an_earlier_run_are_no_facts(scored: Path) -> None:
    judge = ByKind()
    read_portfolio(scored, assessor=judge)
    assert [(i.calls_per_month, i.decides) for i in judge.seen[:2]] == [(1000, None), (None, None)]


def test_a_fact_column_of_the_users_own_is_read_beside_ours(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    head = "idea,decides,verdict,probability,p_fit,p_assist,p_overkill,p_unfit,fitcheck_decides,error"
    path.write_text(f"{head}\nfit poem,person,fit,1,1,0,0,0,model,\n", "utf-8")
    judge = ByKind()
    read_portfolio(path, assessor=judge)
    assert judge.seen[0].decides == "person"


def test_verdicts_that_differ_from_the_tables_are_counted(scored: Path) -> None:
    portfolio, _ = read_portfolio(scored, assessor=ByKind())
    assert portfolio.n_different == 1


def test_one_verdict_differs_and_several_differ(scored: Path) -> None:
    portfolio, _ = read_portfolio(scored, assessor=ByKind())
    assert "1 verdict differs from that in the table" in portfolio.to_markdown(lang="en")
    several = replace(portfolio, n_different=2).to_markdown(lang="en")
    assert "2 verdicts differ from those in the table" in several
    assert "or changed by hand" in several


def test_a_table_without_verdicts_can_not_differ(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("idea\nfit poem\n", "utf-8")
    assert read_portfolio(path, assessor=ByKind())[0].n_different is None


def test_departments_and_owners_are_known_by_name(scored: Path) -> None:
    portfolio, _ = read_portfolio(scored, assessor=ByKind())
    assert [(e.department, e.owner) for e in portfolio.entries[:2]] == [("HR", "Ann"), ("Sales", "Bo")]


def test_a_row_that_can_not_be_judged_keeps_its_place(scored: Path) -> None:
    portfolio, _ = read_portfolio(scored, assessor=ByKind())
    assert [e.verdict for e in portfolio.entries] == ["overkill", "unfit", "error"]


def test_an_unknown_department_column_is_named_with_those_there_are(scored: Path) -> None:
    with pytest.raises(UseCaseError, match=r"no column is called 'Dept'; its columns are 'idea', 'Division'"):
        read_portfolio(scored, assessor=ByKind(), department="Dept")


def test_too_many_ideas_for_a_page_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fitcheck.portfolio.reading.MAX_IDEAS", 2)
    path = tmp_path / "t.csv"
    path.write_text("idea\na\nb\nc\n", "utf-8")
    with pytest.raises(UseCaseError, match="3 ideas, and a report holds at most 2"):
        read_portfolio(path, assessor=ByKind())


def test_a_verdict_column_alone_is_the_users_own() -> None:
    assert our_columns(["idea", "verdict", "error"]) == {}


# the page's values


def test_every_ledger_on_the_page_adds_up() -> None:
    ideas = [i for i in pack(many(20))["ideas"] if "x" in i]
    for idea in ideas:
        rows, totals = idea["x"][10], idea["x"][11]
        for v in range(len(LEARNED)):
            assert sum(row[2][v] or 0 for row in rows) == pytest.approx(totals[v], abs=1e-9)
    assert ideas


def test_an_ideas_values_and_findings_are_on_the_page() -> None:
    values = pack(Portfolio.of([MIXED], encoder=Letters()))
    (idea,) = values["ideas"]
    places = {axis: values[int(idea["l"][at])] for at, (axis, values, _) in enumerate(values["axes"])}
    assert places == {f.axis: f.value for f in FINDINGS}
    parts, spoken, plan = idea["x"][-3:]
    told = [values["texts"][part[0]] for part in parts]
    assert told == ["read the releases as they come in", "then buy or sell before the others do"]
    assert [values["axes"][f[0]][0] for f in spoken] == ["role", "innovation", "payer", "dependence", "price"]
    assert values["texts"][plan[0]][1] == "经过回测的交易模型，加上担责的人"


def test_the_page_gets_percentages_and_amounts_that_round_as_in_markdown() -> None:
    chances = {"fit": 0.92497, "assist": 0.07501, "overkill": 0.00001, "unfit": 0.00001}
    portfolio = Portfolio.of([replace(priced(Verdict.FIT, 1234567.8), probabilities=chances)], encoder=Letters())
    packed = pack(portfolio)
    (idea,) = packed["ideas"]
    assert [percent(p) for p in idea["p"]] == [percent(p) for p in chances.values()]
    assert (idea["usd"], packed["money"]["usd"][0]) == (1234568, 1234568)
    small = pack(Portfolio.of([priced(Verdict.OVERKILL, 0.003844, simpler_usd=5)], encoder=Letters()))
    assert small["instead"][0][3] == small["ideas"][0]["usd"] == 0.00384


def test_the_page_says_everything_in_both_languages() -> None:
    assert all(len(pair) == 2 and all(pair) for pair in PAGE.values())
    assert all(len(pair) == 2 and all(pair) for pair in pack(many(5))["words"].values())


def test_a_volume_beyond_all_sense_breaks_no_page(tmp_path: Path) -> None:
    absurd = priced(Verdict.UNFIT, 1e308, simpler_usd=1e308, usd_value_per_call=1e300)
    portfolio = Portfolio.of([absurd, absurd], encoder=Letters())
    portfolio.to_xlsx(tmp_path / "t.xlsx")
    assert "Infinity" not in inert_json(pack(portfolio))
    assert portfolio.to_markdown()


@given(st.text())
def test_json_on_the_page_is_the_same_json_without_marks(text: str) -> None:
    written = inert_json([text])
    assert json.loads(written) == [text]
    assert not re.search("[<>&\u2028\u2029]", written)


# other forms


class Tags(HTMLParser):
    """Collects the elements and attributes that a browser would see."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.names: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.names.update(name for name, _ in attrs)


def seen_in(markup: str) -> Tags:
    tags = Tags()
    tags.feed(markup)
    return tags


@pytest.mark.parametrize("report", [HOSTILE, PAYROLL, REFUND], ids=["hostile", "payroll", "refund"])
def test_a_report_in_a_notebook_holds_only_our_elements(report: Report) -> None:
    seen = seen_in(report._repr_html_())
    assert seen.tags <= {"div", "span", "b", "i", "br", "small", "details", "summary", "table", "tr", "th", "td",
                         "ol", "li"}  # fmt: skip
    assert seen.names <= {"style", "dir"}


def test_a_report_in_a_notebook_shows_its_ledger() -> None:
    markup = PAYROLL._repr_html_()
    for v in LEARNED:
        assert f"{PAYROLL.totals()[v.value]:+.2f}" in markup


def test_a_portfolio_in_a_notebook_holds_only_our_elements() -> None:
    seen = seen_in(hostile()._repr_html_())
    assert seen.tags <= {"div", "span", "b", "table", "tr", "td"}
    assert seen.names <= {"style"}


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_markdown_can_not_become_markup(lang: str) -> None:
    text = hostile().to_markdown(lang=lang)  # type: ignore[arg-type]
    assert seen_in(text).tags == set()
    assert "](" not in text.replace("\\](", "").replace("\\]\\(", "")


def test_markdown_has_every_part() -> None:
    text = many(30).to_markdown(lang="en")
    heads = [line for line in text.splitlines() if line.startswith("## ")]
    assert heads == [
        *("## Cost by month", "## Proposed more than once", "## Themes"),
        *("## What to ask whom", "## What to use instead", "## Are they worth doing?", "## Ideas"),
    ]


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> openpyxl.Workbook:
    path = tmp_path_factory.mktemp("book") / "portfolio.xlsx"
    hostile().to_xlsx(path, lang="en")
    return openpyxl.load_workbook(path)


def test_a_workbook_has_its_sheets(workbook: openpyxl.Workbook) -> None:
    assert workbook.sheetnames == ["Summary", "Ideas", "Groups", "Questions", "Findings"]
    assert len(workbook["Summary"]._charts) == 2
    assert workbook["Ideas"].auto_filter.ref is not None


def test_small_amounts_and_near_certainty_are_not_rounded_away_in_a_workbook(tmp_path: Path) -> None:
    chances = {"fit": 0.9991, "assist": 0.0003, "overkill": 0.0003, "unfit": 0.0003}
    report = replace(priced(Verdict.FIT, 0.00384), probabilities=chances)
    Portfolio.of([report], encoder=Letters()).to_xlsx(tmp_path / "t.xlsx", lang="en")
    cells = openpyxl.load_workbook(tmp_path / "t.xlsx")["Ideas"][2]
    assert cells[7].number_format.endswith(";General")
    assert '">99%"' in cells[2].number_format


def test_no_cell_of_a_workbook_is_computed(workbook: openpyxl.Workbook) -> None:
    cells = [c for sheet in workbook for row in sheet.iter_rows() for c in row if c.value is not None]
    assert cells
    assert all(c.data_type != "f" and c.hyperlink is None for c in cells)
    assert not [c.value for c in cells if isinstance(c.value, str) and c.value.startswith(("=", "@", "+"))]


def test_a_workbook_holds_every_idea(workbook: openpyxl.Workbook) -> None:
    assert workbook["Ideas"].max_row == len(hostile()) + 1


# the command


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("table") / "ideas.csv"
    lines = [f'"{text.replace(chr(34), chr(34) * 2)} Polish the newsletter.",1000' for text in MARKUP]
    path.write_text("\n".join(["idea,calls_per_month", *lines]) + "\n", "utf-8")
    return path


def test_the_command_writes_a_page_and_says_so(table: Path, tmp_path: Path) -> None:
    out = tmp_path / "page.html"
    assert ok("report", table, "-o", out) == ""
    page = out.read_text("utf-8")
    assert page.startswith("<!doctype html>")
    assert page.count("</script>") == 3
    assert [p.name for p in tmp_path.iterdir()] == ["page.html"]


def test_the_command_writes_markdown_to_a_pipe(table: Path) -> None:
    assert ok("report", table, "--format", "markdown", "-o", "-", "--lang", "zh").startswith("# 哪些想法值得用大模型")


def test_the_report_never_replaces_the_table(tmp_path: Path) -> None:
    path = tmp_path / "ideas.md"
    path.write_text("idea\nPolish the newsletter\n", "utf-8")
    assert "would replace the table" in refused("report", path, "-o", path)


def test_an_ending_that_says_nothing_is_refused(table: Path, tmp_path: Path) -> None:
    assert "end the name in .html, .md or .xlsx" in refused("report", table, "-o", tmp_path / "page.pdf")


def test_markdown_tells_what_could_not_be_read_once_below_the_ideas() -> None:
    remark = "column 'wage': usd_wage_per_hour = 'forty': write one amount; judged without it"
    found = [*(replace(e, error=remark) for e in entries(PAYROLL, PAYROLL)), Entry(3, POEM)]
    portfolio = Portfolio(tuple(found), encoder=Letters())
    ideas, below = portfolio.to_markdown(lang="en").split("## Judged without some of their facts")
    assert portfolio.groups
    assert "forty" not in ideas
    assert "2 ideas were judged without a fact" in below
    assert below.count("forty") == 1
    assert "- no. 1, 2: column 'wage'" in below
    assert "序号 1、2：“wage”列的 'forty' 读不懂" in portfolio.to_markdown(lang="zh")


def test_what_could_not_be_read_of_a_judged_row_is_told_in_every_form(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("idea,users,calls per month,model\nDraft replies,many,5,gpt-99\n", "utf-8")
    told = ("users = 'many'", "judged without a cost")
    for name in ("out.md", "out.html"):
        ok("report", tmp_path / "in.csv", "-o", tmp_path / name)
    assert "users = 'many'" in (tmp_path / "out.md").read_text("utf-8")
    ok("report", tmp_path / "in.csv", "-o", tmp_path / "out.xlsx")
    cells = [cell.value for row in openpyxl.load_workbook(tmp_path / "out.xlsx").worksheets[1] for cell in row]
    assert all(any(words in str(cell) for cell in cells) for words in told)


def test_a_chinese_page_tells_errors_and_amounts_in_chinese() -> None:
    error = UseCaseError(
        "the idea is empty: say in a sentence what the model would do, for whom, and what happens with the result"
    )
    portfolio = Portfolio.of([error, priced(Verdict.FIT, 1.0)], encoder=Letters())
    chinese = portfolio.to_markdown(lang="zh")
    assert "想法是空的" in chinese
    assert "the idea is empty" not in chinese
    assert "the idea is empty" in portfolio.to_markdown(lang="en")
    packed = pack(portfolio)
    en, zh = packed["texts"][packed["ideas"][0]["err"]]
    assert en.startswith("the idea is empty")
    assert zh.startswith("想法是空的")


def test_a_chinese_summary_of_money_has_one_word_for_dollars() -> None:
    portfolio = Portfolio.of([priced(Verdict.FIT, 1.0), priced(Verdict.UNFIT, 2.0)], encoder=Letters())
    assert "USD" in portfolio.to_markdown(lang="en")
    assert "USD" not in portfolio.to_markdown(lang="zh")
    assert "USD" not in portfolio_glance(portfolio, "zh")
    assert "美元" in portfolio_glance(portfolio, "zh")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (
            "column 'n': users = 'many': input should be a valid integer; judged without it; "
            "no model 'gpt-9' at 'openai'; name one; judged without a cost",
            "“n”列的 'many' 读不懂，评判时未计入；价目里没有模型 gpt-9，评判时未计费用",
        ),
        (
            f"column 'a': {NOT_STORED}; column 'b': {NOT_STORED}; judged without it",
            "“a”列的公式没有存下结果，评判时未计入：请用 Excel 打开文件并保存；"
            "“b”列的公式没有存下结果，评判时未计入：请用 Excel 打开文件并保存",
        ),
        (NOT_STORED, "想法是公式，但没有存下结果：请用 Excel 打开文件并保存"),
        ("this row has no idea: the cell is empty", "这一行没有想法：单元格是空的"),
        ("another thing", "another thing"),
    ],
)
def test_errors_of_rows_have_chinese_words(error: str, words: str) -> None:
    assert error_words(error, "zh") == words
    assert error_words(error, "en") == error
