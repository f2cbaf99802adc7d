"""The portfolio's page in headless Chromium: it loads, filters, sorts, opens ledgers, and runs nothing of its ideas."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from beside_samples import MIXED, PLAN, fed_beside, finding, findings
from portfolios import MARKUP, Letters, hostile, many, priced
from samples import TORN

from benchmarks.browser import Browser, find_chromium
from benchmarks.page import generate
from fitcheck.beside import Tool
from fitcheck.portfolio import Portfolio
from fitcheck.records import Verdict
from fitcheck.use_case import UseCase

ROWS = "[...document.querySelectorAll('.grid .body [role=row]')]"
OPEN = "document.getElementById('ledger').open"


@pytest.fixture(autouse=True, scope="module")
def _fed() -> Iterator[None]:
    """Let the reports have findings and plans made by hand."""
    with fed_beside():
        yield


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    try:
        find_chromium()
    except FileNotFoundError as error:
        # the one thing that pip can't bring; CI brings it
        pytest.skip(str(error))
    with Browser() as browser, browser.sized(1280, 900):
        yield browser


@pytest.fixture(scope="module")
def portfolio() -> Portfolio:
    return many(400)


@pytest.fixture(scope="module")
def file(portfolio: Portfolio, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "portfolio.html"
    path.write_text(portfolio.to_html(lang="en"), "utf-8")
    return path


@pytest.fixture(scope="module")
def hostile_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "hostile.html"
    path.write_text(hostile().to_html(lang="en"), "utf-8")
    return path


@pytest.fixture
def page(browser: Browser, file: Path) -> Browser:
    browser.open(file)
    return browser


def count(page: Browser) -> int:
    """Return how many ideas the table says are left."""
    said = page.run("document.querySelector('[role=status]').textContent")
    return int(re.findall(r"\d+", said.replace(",", ""))[0])


def search(page: Browser, words: str) -> None:
    page.press("/", 191, "/")
    page.type(words)


def test_the_page_loads_without_a_word_on_the_console(page: Browser) -> None:
    page.run("new Promise((done) => setTimeout(done, 300))")
    assert page.problems == []


def test_the_page_asks_for_nothing_but_itself(page: Browser, file: Path) -> None:
    assert page.requests == [file.as_uri()]


def test_the_counts_are_the_portfolios(page: Browser, portfolio: Portfolio) -> None:
    shown = page.run("[...document.querySelectorAll('.tile[data-verdict] b')].map((b) => Number(b.textContent))")
    assert shown == list(portfolio.counts.values())


def test_only_the_rows_in_sight_are_drawn(page: Browser) -> None:
    assert page.run("document.querySelector('.grid').getAttribute('aria-rowcount')") == "401"
    assert page.run(f"{ROWS}.length") < 60


def test_a_verdict_filters(page: Browser, portfolio: Portfolio) -> None:
    page.run("document.querySelector('.tile.unfit').click()")
    assert count(page) == portfolio.counts["unfit"]


def test_a_search_filters_by_every_word(page: Browser) -> None:
    search(page, "lighthouse variant")
    assert count(page) == 40


def test_a_cost_filters(page: Browser, portfolio: Portfolio) -> None:
    page.run("""(() => { const field = document.querySelector('[data-filter=least]'); field.value = '300';
                field.dispatchEvent(new Event('input')); })()""")
    assert count(page) == sum((e.usd_per_month or 0) >= 300 for e in portfolio.entries)


def test_a_department_filters(page: Browser, portfolio: Portfolio) -> None:
    page.run("""(() => { const field = document.querySelector('[data-filter=department]'); field.value = 'Legal';
                field.dispatchEvent(new Event('change')); })()""")
    assert count(page) == sum(e.department == "Legal" for e in portfolio.entries)


def test_filters_can_be_cleared(page: Browser) -> None:
    search(page, "no such words")
    assert count(page) == 0
    page.run("document.getElementById('clear').click()")
    assert count(page) == 400


def test_a_click_on_a_head_sorts_and_a_second_one_turns_round(page: Browser, portfolio: Portfolio) -> None:
    costs = sorted({e.usd_per_month for e in portfolio.entries if e.usd_per_month is not None})
    place = page.run("[...document.querySelectorAll('[data-column]')].findIndex((h) => h.dataset.column === 'usd')")
    first = f"{ROWS}[0].children[{place}].textContent"
    head = "document.querySelector('[data-column=usd] button').click()"
    page.run(head)
    assert float(page.run(first)) == costs[-1]
    page.run(head)
    assert float(page.run(first)) == costs[0]
    assert page.run("document.querySelector('[data-column=usd]').getAttribute('aria-sort')") == "ascending"


def test_the_keyboard_walks_opens_and_closes(page: Browser) -> None:
    page.run("document.querySelector('.grid').focus()")
    for _ in range(20):
        page.press("ArrowDown", 40)
    assert page.run("document.querySelector('.grid').getAttribute('aria-activedescendant')") == "row-20"
    page.press("Enter", 13, "\r")
    assert page.run(OPEN) is True
    page.press("Escape", 27)
    assert page.run(OPEN) is False
    assert page.run("document.activeElement.getAttribute('role')") == "grid"


def test_a_slash_goes_to_the_search(page: Browser) -> None:
    page.press("/", 191, "/")
    assert page.run("document.activeElement.id") == "search"


def test_a_ledger_adds_up_on_the_page(page: Browser) -> None:
    page.run(f"{ROWS}[0].click()")
    read = """[...document.querySelectorAll('.sums PART tr:first-child, .sums PART tr')].map((row) =>
        [...row.querySelectorAll('.num')].map((cell) => Number(cell.textContent.replace('−', '-')) || 0))"""
    rows, totals = page.run(read.replace("PART", "tbody")), page.run(read.replace("PART", "tfoot"))[0]
    assert len(rows) > 3
    assert [round(sum(column), 2) for column in zip(*rows, strict=True)] == totals


def test_an_ideas_panel_tells_every_part(page: Browser) -> None:
    page.run(f"{ROWS}[0].click()")
    heads = page.run("[...document.querySelectorAll('#ledger h3')].map((h) => h.textContent)")
    assert {
        "Why",
        "Ledger",
        "How the idea was read",
        "Nearest labelled scenarios",
        "Worth asking",
        "Cost by API",
    } <= set(heads)


def test_the_page_speaks_both_languages(page: Browser) -> None:
    page.run("document.getElementById('switch-language').click()")
    assert page.run("document.documentElement.lang") == "zh-CN"
    assert page.run("document.getElementById('table-head').textContent") == "想法"
    page.run(f"{ROWS}[0].click()")
    assert "账本" in page.run("[...document.querySelectorAll('#ledger h3')].map((h) => h.textContent)")


def test_a_chinese_page_has_chinese_heads_and_one_word_for_dollars(page: Browser) -> None:
    page.run("document.getElementById('switch-language').click()")
    heads = page.run("[...document.querySelectorAll('[data-column]')].map((h) => h.textContent)")
    assert {"部门", "负责人"} <= set(heads)
    tiles = page.run("[...document.querySelectorAll('.tiles.money .tile b')].map((b) => b.textContent)")
    assert any("美元" in tile for tile in tiles)
    assert not any("USD" in tile for tile in tiles)


def test_a_column_keeps_the_name_of_its_own(browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "own.html"
    path.write_text(replace(many(20), department_column="Division").to_html(lang="zh"), "utf-8")
    browser.open(path)
    assert "Division" in browser.run("[...document.querySelectorAll('[data-column]')].map((h) => h.textContent)")


def test_a_ledgers_head_tells_an_id_from_the_row(browser: Browser, tmp_path: Path) -> None:
    reports = [replace(TORN, use_case=UseCase(text=TORN.text, id=name)) for name in ("1", "17")]
    path = tmp_path / "ids.html"
    path.write_text(Portfolio.of(reports, encoder=Letters()).to_html(lang="en"), "utf-8")
    browser.open(path)
    for place, words in enumerate(("no. 1", "id 17 · no. 2")):
        browser.run(f"{ROWS}[{place}].click()")
        assert browser.run("document.querySelector('#ledger .bar .dim').textContent") == words
        browser.press("Escape", 27)


def test_light_and_dark_can_be_switched(page: Browser) -> None:
    ground = "getComputedStyle(document.body).backgroundColor"
    before = page.run(ground)
    page.run("document.getElementById('theme').click()")
    assert page.run(ground) != before


def test_a_dot_of_the_chart_opens_its_idea(page: Browser) -> None:
    page.run("document.getElementById('map-canvas').scrollIntoView({block: 'center', behavior: 'instant'})")
    x, y = page.run("""(() => { const chart = Chart.getChart('map-canvas');
        const part = chart.data.datasets.findIndex((d) => d.data.length);
        const dot = chart.getDatasetMeta(part).data[0]; const box = chart.canvas.getBoundingClientRect();
        return [box.left + dot.x, box.top + dot.y]; })()""")
    for kind in ("mousePressed", "mouseReleased"):
        page.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)
    page.until(OPEN, timeout_s=5)


def test_a_dot_is_the_larger_the_more_it_costs(page: Browser) -> None:
    radii = page.run("""(() => { const chart = Chart.getChart('map-canvas');
        const part = chart.data.datasets.findIndex((d) => d.filled && d.data.length > 1);
        return chart.getDatasetMeta(part).data.map((dot) => dot.options.radius); })()""")
    assert radii == sorted(radii, reverse=True)
    assert radii[0] > 2 * radii[-1]


def test_a_large_tables_chart_is_a_sample_within_its_plot(browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "large.html"
    path.write_text(many(2600).to_html(lang="en"), "utf-8")
    browser.open(path)
    chart = "Chart.getChart('map-canvas')"
    shown = browser.run(f"{chart}.data.datasets.reduce((n, d) => n + d.data.length, 0)")
    told = browser.run("document.getElementById('map-left').textContent")
    assert shown == 2000
    assert "a sample of 2,000 of 2,599 ideas. 1 idea without" in told
    assert browser.run(f"{chart}.options.clip") == 0


def test_a_small_tables_chart_holds_every_idea(page: Browser) -> None:
    assert "sample" not in page.run("document.getElementById('map-left').textContent")


def test_a_group_can_be_shown_alone_in_the_table(page: Browser, portfolio: Portfolio) -> None:
    page.run("document.querySelector('.group .go').click()")
    assert count(page) == len(portfolio.groups[0].members)


def test_what_is_printed_holds_the_ideas(page: Browser) -> None:
    page.run("window.dispatchEvent(new Event('beforeprint'))")
    assert page.run("document.querySelectorAll('#printed tbody tr').length") == 400


def test_the_timed_page_holds_no_idea_twice() -> None:
    assert len({idea.text for idea in generate(300)}) == 300


def test_the_table_of_techniques_is_not_cut_off(browser: Browser, tmp_path: Path) -> None:
    reports = [priced(Verdict.OVERKILL, 1234567.8, simpler_usd=600)]
    path = tmp_path / "techniques.html"
    path.write_text(Portfolio.of(reports, encoder=Letters()).to_html(lang="en"), "utf-8")
    browser.open(path)
    part = "[...document.querySelectorAll('.scroll')].find((s) => s.textContent.includes('kept and run'))"
    assert browser.run(f"{part}.scrollWidth <= {part}.clientWidth") is True


def test_a_narrow_window_needs_no_sideways_scrolling(browser: Browser, file: Path) -> None:
    with browser.sized(390, 844):
        browser.open(file)
        assert browser.run("document.documentElement.scrollWidth") <= 390


def test_hostile_ideas_run_nothing(browser: Browser, hostile_file: Path) -> None:
    browser.open(hostile_file)
    for place in range(len(hostile())):
        browser.run(f"{ROWS}[{place}]?.click()")
        browser.press("Escape", 27)
    browser.run("document.getElementById('switch-language').click()")
    browser.run("window.dispatchEvent(new Event('beforeprint'))")
    browser.run("new Promise((done) => setTimeout(done, 300))")
    assert browser.run("typeof window.hacked") == "undefined"
    assert browser.problems == []
    assert browser.requests == [hostile_file.as_uri()]


def test_hostile_ideas_make_no_elements(browser: Browser, hostile_file: Path) -> None:
    browser.open(hostile_file)
    assert browser.run("document.querySelectorAll('img, svg, iframe, a, object, embed, form, link').length") == 0
    assert browser.run("document.scripts.length") == 3


def test_hostile_ideas_are_shown_as_they_were_written(browser: Browser, hostile_file: Path) -> None:
    browser.open(hostile_file)
    search(browser, "window.hacked=1")
    text = browser.run("document.querySelector('.grid').textContent")
    assert all(words in text for words in (MARKUP[0], MARKUP[1], MARKUP[2]))


def test_the_policy_refuses_a_script_that_is_not_ours(browser: Browser, hostile_file: Path) -> None:
    browser.open(hostile_file)
    browser.run(
        "document.body.append(Object.assign(document.createElement('script'), {textContent: 'window.hacked = 1'}))"
    )
    assert browser.run("typeof window.hacked") == "undefined"
    assert any("Content Security Policy" in problem for problem in browser.problems)


def test_percentages_and_amounts_are_written_as_in_markdown(browser: Browser, tmp_path: Path) -> None:
    amounts = (7.5, 0.003844, 99.999, 1234567.8, 15.596, 0.2)
    reports = [replace(priced(Verdict.FIT, amount), probabilities=chances(0.92497)) for amount in amounts]
    reports += [replace(TORN, probabilities=chances(0.6)), *[priced(Verdict.UNFIT, 1)]]
    found = Portfolio.of(reports, encoder=Letters())
    path = tmp_path / "page.html"
    path.write_text(found.to_html(lang="en"), "utf-8")
    browser.open(path)
    place = "[...document.querySelectorAll('[data-column]')].findIndex((h) => h.dataset.column === '{}')"
    for column, at in (("sure", 1), ("usd", -2)):
        shown = browser.run(f"{ROWS}.map((row) => row.children[{place.format(column)}].textContent)")
        table = found.to_markdown(lang="en").split("## Ideas")[1].strip().splitlines()[2:]
        assert shown == [line.split(" | ")[at] for line in table]
    shares = browser.run("[...document.querySelectorAll('.tile[data-verdict] .dim')].map((d) => d.textContent)")
    # 1 of 8 is 12.5%, 6 of 8 is 75%
    assert shares[:5] == ["75%", "0%", "0%", "12%", "12%"]


def chances(fit: float) -> dict[str, float]:
    """Return probabilities, the rest evenly spread."""
    return {"fit": fit, **dict.fromkeys(("assist", "overkill", "unfit"), (1 - fit) / 3)}


def test_a_warning_and_a_finding_show_their_ideas(page: Browser, portfolio: Portfolio) -> None:
    locked = sum(any(f.value == "locked" for f in lens) for lens in portfolio.lenses)
    page.run("document.querySelector('[data-finding=\"dependence:locked\"]').click()")
    assert count(page) == locked
    page.run("[...document.querySelectorAll('.chip')].find((c) => c.textContent.startsWith('a way out')).click()")
    assert count(page) == portfolio.counts["overkill"]


def test_need_against_verdict_counts_every_judged_idea(page: Browser, portfolio: Portfolio) -> None:
    cells = "[...document.querySelectorAll('#lens table')][0].querySelectorAll('td .go')"
    shown = page.run(f"[...{cells}].map((b) => Number(b.textContent))")
    assert sum(shown) == len(portfolio) - portfolio.counts["error"]
    page.run(f"{cells}[0].click()")
    assert count(page) == shown[0]


def test_an_ideas_panel_tells_parts_turn_findings_and_plan(browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "mixed.html"
    path.write_text(Portfolio.of([MIXED], encoder=Letters()).to_html(lang="zh"), "utf-8")
    browser.open(path)
    browser.run(f"{ROWS}[0].click()")
    told = browser.run("document.getElementById('ledger').textContent")
    for words in (
        "拆开看",
        "财经文本阅读",
        "模型替做决定的分析师读新闻。",
        "绑死一家供应商",
        "没说：刚需与否",
        "vnpy",
        "开发约 4 万美元",
    ):
        assert words in told
    links = browser.run("[...document.querySelectorAll('#ledger a')].map((a) => a.href)")
    assert links == ["https://www.backtrader.com/", "https://www.vnpy.com/"]


def test_findings_and_plans_can_not_run_or_link_to_scripts(browser: Browser, tmp_path: Path) -> None:
    bad = {"en": MARKUP[2], "zh": MARKUP[2]}
    plan = replace(PLAN, title=bad, cost=bad, tools=(Tool(MARKUP[0], MARKUP[5], "MIT", bad),))
    told = findings(finding("need", "decoration", basis="words", quote=MARKUP[1], start=0, says=bad, do=bad))
    path = tmp_path / "bad.html"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("fitcheck.lens.read_lens", lambda _: told)
        patch.setattr("fitcheck.plans.plan_for", lambda _: plan)
        path.write_text(Portfolio.of([MIXED], encoder=Letters()).to_html(lang="en"), "utf-8")
    browser.open(path)
    browser.run(f"{ROWS}[0].click()")
    assert browser.run("document.querySelectorAll('#ledger a, #ledger img, main img').length") == 0
    assert MARKUP[1] in browser.run("document.getElementById('ledger').textContent")
    assert browser.run("window.hacked === undefined")
    assert browser.problems == []
