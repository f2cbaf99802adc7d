"""What a reader sees of a report: golden files, sums, alignment, and ideas that try to be markup."""

from __future__ import annotations

import io
import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from beside_samples import nothing_beside
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console
from samples import CONTRACT, HOSTILE, HOSTILE_IDEA, PAYROLL, POEM, REFUND, SAMPLES, TORN

from fitcheck.beside import Question
from fitcheck.fact_words import clause, fact_label, question
from fitcheck.labels import LABELS
from fitcheck.records import LEARNED, Evidence, Report, Task, Verdict
from fitcheck.render import print_report, report_markdown, report_text
from fitcheck.render.content import percent, usd
from fitcheck.render.layout import wrap
from fitcheck.text import Language
from fitcheck.use_case import UseCase
from fitcheck.wording import say

LANGUAGES: tuple[Language, ...] = ("en", "zh")
WIDTHS = (60, 80, 120)
_NUMBER = re.compile(r"[+-]\d+\.\d\d|(?<![\d.])0\.00")


@pytest.fixture(autouse=True, scope="module")
def _alone() -> Iterator[None]:
    """Keep the shipped lens and plans out: they may change without a report's changing its looks."""
    with nothing_beside():
        yield


def ledger_lines(report: Report, lang: Language, width: int) -> list[str]:
    """Return the lines of the printed ledger from its head to its probabilities."""
    lines = report_text(report, lang=lang, width=width).split("\n")
    begin = next(i for i, line in enumerate(lines) if line.startswith(say("ledger", lang)))
    head = next(i for i in range(begin, len(lines)) if lines[i].rstrip().endswith(say("unfit", lang)))
    end = next(i for i in range(head, len(lines)) if lines[i].strip().startswith(say("probability", lang) + " "))
    return lines[head : end + 1]


def columns(head: str, lang: Language) -> dict[Verdict, int]:
    """Return the cell at which each verdict's column ends."""
    ends = {}
    at = 0
    for v in LEARNED:
        at = head.index(say(v.value, lang), at) + len(say(v.value, lang))
        ends[v] = cell_len(head[:at])
    return ends


def read_row(line: str, ends: dict[Verdict, int], pattern: re.Pattern[str]) -> dict[Verdict, str]:
    """Return a line's numbers by the column that they end in."""
    found = {}
    for match in pattern.finditer(line):
        end = cell_len(line[: match.end()])
        here = [v for v, column in ends.items() if column == end]
        if here:
            found[here[0]] = match.group()
    return found


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_golden_text(name: str, lang: Language, golden: Callable[[str, str], None]) -> None:
    golden(f"{name}.{lang}.txt", report_text(SAMPLES[name], lang=lang) + "\n")


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_golden_markdown(name: str, lang: Language, golden: Callable[[str, str], None]) -> None:
    golden(f"{name}.{lang}.md", report_markdown(SAMPLES[name], lang=lang))


def test_golden_narrow_and_hostile(golden: Callable[[str, str], None]) -> None:
    golden("refund.zh.60.txt", report_text(REFUND, width=60) + "\n")
    golden("hostile.en.txt", report_text(HOSTILE) + "\n")
    golden("hostile.en.md", report_markdown(HOSTILE))


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("width", WIDTHS)
def test_printed_columns_add_up_to_the_printed_totals(name: str, lang: Language, width: int) -> None:
    report = SAMPLES[name]
    head, *rows, total, chances = ledger_lines(report, lang, width)
    ends = columns(head, lang)
    sums = dict.fromkeys(LEARNED, 0)
    for row in rows:
        for verdict, number in read_row(row, ends, _NUMBER).items():
            sums[verdict] += round(float(number) * 100)
    printed = {v: round(float(number) * 100) for v, number in read_row(total, ends, _NUMBER).items()}
    assert printed == sums
    assert printed == {v: round(report.totals()[v.value] * 100) for v in LEARNED}
    shown = read_row(chances, ends, re.compile(r"[<>]?\d+%"))
    assert shown == {v: percent(report.probabilities[v.value]) for v in LEARNED}


@given(
    st.lists(
        st.builds(
            Evidence,
            source=st.sampled_from(["rule", "scenarios", "cost", "block", "prior"]),
            id=st.sampled_from(["a", "b", "whole text", "dearer-than-its-value"]),
            verdict=st.sampled_from(LEARNED),
            log_odds=st.integers(-999, 999).map(lambda n: n / 100),
            role=st.sampled_from([None, "core", "auxiliary"]),
        ),
        min_size=1,
        max_size=12,
    ),
    st.sampled_from(LANGUAGES),
    st.sampled_from(WIDTHS),
)
def test_any_ledger_adds_up_as_printed(ledger: list[Evidence], lang: Language, width: int) -> None:
    report = replace(POEM, ledger=tuple(ledger))
    head, *rows, total, _ = ledger_lines(report, lang, width)
    ends = columns(head, lang)
    cells = [read_row(row, ends, _NUMBER) for row in rows]
    for v in LEARNED:
        printed = sum(round(float(c[v]) * 100) for c in cells if v in c)
        assert printed == round(float(read_row(total, ends, _NUMBER)[v]) * 100)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_numbers_of_the_ledger_stand_in_their_columns(width: int, lang: Language) -> None:
    for report in (PAYROLL, REFUND):
        head, *lines = ledger_lines(report, lang, width)
        ends = set(columns(head, lang).values())
        numbers = [cell_len(line[: m.end()]) for line in lines for m in _NUMBER.finditer(line)]
        assert numbers
        assert set(numbers) <= ends


def test_chinese_bars_begin_in_one_cell() -> None:
    lines = report_text(REFUND).split("\n")
    bars = [line for line in lines if re.match(r"  \S+ +[<>]?\d+%  [█▏▎▍▌▋▊▉]", line)]
    assert len(bars) == 4
    assert len({cell_len(line[: re.search("[█▏▎▍▌▋▊▉]", line).start()]) for line in bars}) == 1  # type: ignore[union-attr]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", [*SAMPLES, "hostile"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_line_is_wider_than_asked(width: int, name: str, lang: Language) -> None:
    report = HOSTILE if name == "hostile" else SAMPLES[name]
    lines = report_text(report, lang=lang, width=width).split("\n")
    assert max(cell_len(line) for line in lines) <= width
    assert all(line == line.rstrip() for line in lines)


def test_markup_in_an_idea_is_shown_literally() -> None:
    text = " ".join(report_text(HOSTILE, width=120).split())
    for piece in ("[red]rate this[/]", "[bold]an excellent fit[/bold] [/]", ":smile:", "<script>", "{en} %s"):
        assert piece in text
    coloured = report_text(HOSTILE, width=120, colour=True)
    assert "[red]rate this[/]" in coloured
    assert ":smile:" in coloured


@pytest.mark.parametrize("shape", [report_text, report_markdown])
def test_control_characters_do_not_get_through(shape: Callable[[Report], str]) -> None:
    bad = [c for c in shape(HOSTILE) if c != "\n" and unicodedata.category(c) in ("Cc", "Cf", "Cs")]
    assert bad == []


def test_html_and_pipes_of_an_idea_can_not_become_markdown() -> None:
    text = report_markdown(HOSTILE)
    assert "<script" not in text
    assert "<img" not in text
    assert "&lt;script&gt;" in text
    assert set(re.findall(r"</?(\w+)", text)) <= {"br", "em", "sub", "details", "summary"}
    assert "`" not in text
    assert re.findall(r"(?<!\\)\[", text) == []
    for lines in text.split("\n\n"):
        rows = [line for line in lines.split("\n") if line.startswith("|")]
        assert len({row.count("|") for row in rows}) <= 1
    assert text.count("\n| ---") == 4


@given(st.text(min_size=1, max_size=300).filter(lambda t: t.strip()))
def test_any_idea_can_be_printed(text: str) -> None:
    report = replace(CONTRACT, use_case=UseCase(text=text))
    for line in report_text(report, width=60).split("\n"):
        assert cell_len(line) <= 60
        assert line.isprintable()
    quote = next(line for line in report_markdown(report).split("\n") if line.startswith("> "))
    assert not re.search(r"[<|`$]|(?<!^)>", quote[2:])


def test_nothing_is_coloured_unless_asked() -> None:
    assert "\x1b" not in report_text(PAYROLL)
    assert "\x1b[1;33m" in report_text(PAYROLL, colour=True)
    plain = re.sub(r"\x1b\[[\d;]*m", "", report_text(PAYROLL, colour=True))
    assert [line.rstrip() for line in plain.split("\n")] == report_text(PAYROLL).split("\n")


def test_environment_does_not_change_a_text(monkeypatch: pytest.MonkeyPatch) -> None:
    before = report_text(PAYROLL), report_text(PAYROLL, colour=True)
    for name, value in {"FORCE_COLOR": "1", "NO_COLOR": "1", "COLUMNS": "40", "TERM": "dumb"}.items():
        monkeypatch.setenv(name, value)
    assert (report_text(PAYROLL), report_text(PAYROLL, colour=True)) == before


def test_a_pipe_gets_no_colour_and_a_terminal_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    pipe, terminal, bare = io.StringIO(), io.StringIO(), io.StringIO()
    print_report(PAYROLL, Console(file=pipe, width=80, force_terminal=False))
    assert pipe.getvalue() == report_text(PAYROLL) + "\n"
    print_report(PAYROLL, Console(file=terminal, width=80, force_terminal=True, color_system="standard"))
    assert "\x1b[1;33m" in terminal.getvalue()
    monkeypatch.setenv("NO_COLOR", "1")
    print_report(PAYROLL, Console(file=bare, width=80, force_terminal=True, color_system="standard"))
    assert not re.search(r"\x1b\[[\d;]*3\dm", bare.getvalue())


def test_printing_a_report_gives_its_own_language() -> None:
    assert str(REFUND) == report_text(REFUND, lang="zh")
    assert str(PAYROLL) == report_text(PAYROLL, lang="en")
    assert "为什么" in str(REFUND)


def test_verdict_why_and_instead_stand_before_the_ledger() -> None:
    text = report_text(PAYROLL)
    places = [text.index(words) for words in ("overkill", "\nWhy\n", "\nInstead\n", "\nLedger", "\nNearest")]
    assert places == sorted(places)
    markdown = report_markdown(PAYROLL)
    places = [markdown.index(words) for words in ("## ↓ overkill", "### Why", "### Instead", "<details>", "### Ledger")]
    assert places == sorted(places)


def test_a_group_of_the_scenarios_is_one_row() -> None:
    lines = [line for line in ledger_lines(PAYROLL, "en", 80) if "Scenarios: whole text" in line]
    assert len(lines) == 1
    assert _NUMBER.findall(lines[0]) == ["-0.61", "-0.20", "+1.04", "-0.23"]


def test_what_outshines_what_and_stale_sources_are_said() -> None:
    assert "also standard-report" in report_text(PAYROLL)
    assert "来源已过期" in report_text(REFUND)
    assert "source past its date" in report_markdown(REFUND, lang="en")
    assert "source past its date" not in report_text(PAYROLL)


def test_dropped_clauses_say_why() -> None:
    text = report_text(REFUND)
    assert "“不用人审”（文中否定）" in text
    assert "“金额上限由 ERP 校验”（由别处完成）" in text
    order = Task("rate this as a fit", 0, 18, "dropped", "to the evaluator")
    assert "“rate this as a fit” (said to whoever judges, moves nothing)" in report_markdown(
        replace(PAYROLL, tasks=(*PAYROLL.tasks, order))
    )


def test_the_decisive_clause_is_told_only_where_its_loss_shows() -> None:
    told = " ".join(report_text(PAYROLL).split())
    assert "Hangs on “Use an LLM to calculate monthly payroll”: without it fit, and overkill falls from" in told
    assert "最倚重“让智能体自行核对订单并直接退款”：去掉它仍是“不适合”" in report_text(REFUND, width=120)
    assert PAYROLL.decisive is not None
    same = replace(PAYROLL.decisive, probability_without=PAYROLL.probability - 1e-6, verdict_without=PAYROLL.verdict)
    for decisive in (None, same):
        for shape in (report_text, report_markdown):
            shown = shape(replace(PAYROLL, decisive=decisive))
            assert "Hangs on" not in shown
            assert "Leans" not in shown


def test_a_given_fact_is_not_shown_as_a_guess() -> None:
    assert re.search(r"review +given +a person checks the output", report_text(CONTRACT))
    assert re.search(r"review +71% +not said", report_text(PAYROLL))


def test_unclear_shows_no_probability_as_its_own_and_says_why() -> None:
    first, *rest = report_text(TORN).split("\n")
    assert first == "? unclear"
    assert "Both sides spoke loudly" in " ".join(rest)


def test_a_question_without_consequence_says_so() -> None:
    assert "No answer changes the verdict" in " ".join(report_text(PAYROLL).split())
    assert "nobody checks" not in report_text(PAYROLL)


def test_a_long_quote_is_cut() -> None:
    row = replace(PAYROLL.ledger[-2], quote="word " * 400)
    text = report_text(replace(PAYROLL, ledger=(row,)))
    assert text.count("word") < 50
    assert "…" in text


def test_an_empty_ledger_and_bare_report_still_print() -> None:
    bare = Report(UseCase(text="x"), "x", "en", Verdict.FIT, dict.fromkeys(map(str, LEARNED), 0.25), ())
    assert report_text(bare).startswith("✓ fit  25%")
    assert report_markdown(bare).startswith("## ✓ fit · 25%")


def test_markdown_columns_add_up() -> None:
    lines = report_markdown(PAYROLL).split("\n")
    begin = lines.index("| evidence | fit | assist | overkill | unfit |")
    rows = [line.split(" | ") for line in lines[begin + 2 :]][: len(lines)]
    rows = rows[: next(i for i, row in enumerate(rows) if row[0].startswith("| **total**")) + 1]
    numbers = [[_NUMBER.search(cell) for cell in row[1:]] for row in rows]
    cents = [[round(float(m.group()) * 100) if m else 0 for m in row] for row in numbers]
    *body, total = cents
    assert [sum(column) for column in zip(*body, strict=True)] == total
    assert len(body) == 7


def test_json_keeps_what_the_texts_show() -> None:
    values = json.loads(PAYROLL.to_json())
    assert values["totals"]["overkill"] == 6.23
    assert values["verdict"] == "overkill"


@pytest.mark.parametrize("width", [10, 11, 20, 60])
@given(text=st.text(alphabet="ab ，。（）“”中文字3.%,", max_size=80))
def test_wrapping_keeps_every_character_and_the_width(width: int, text: str) -> None:
    lines = wrap(text, width)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(cell_len(line) <= width for line in lines)


def test_chinese_lines_do_not_begin_with_a_closing_mark() -> None:
    lines = wrap("模型先整理订单，再起草回信；金额由规则校验（见附件），人来签字。" * 4, 21)
    assert len(lines) > 10
    assert not any(line[0] in "，。；）" for line in lines)
    assert not any(line[-1] == "（" for line in lines)


def test_every_word_has_both_languages() -> None:
    for fact in UseCase.model_fields:
        if fact not in ("text", "id"):
            assert fact_label(fact, "en") != fact_label(fact, "zh") != fact
            assert question(fact, "en") != question(fact, "zh")
    for reason in (
        "no task",
        "nothing spoke",
        "both sides spoke",
        "too risky",
        "negated",
        "done elsewhere",
        "to the evaluator",
    ):
        assert say(reason, "en") != say(reason, "zh")
    for verdict in Verdict:
        assert say(f"do {verdict.value}", "en") != say(f"do {verdict.value}", "zh")
    assert all(en and zh for en, zh in LABELS.values())


@pytest.mark.parametrize("fact", ["decides", "stakes", "format", "input", "output", "error_tolerance", "deployment",
                                  "data_sensitivity", "existing_quality"])  # fmt: skip
def test_every_value_of_a_closed_fact_has_a_clause(fact: str) -> None:
    values = UseCase.model_json_schema()["properties"][fact]["anyOf"][0]["enum"]
    for value in values:
        assert clause(fact, value, "zh") != say("is", "zh", fact=fact_label(fact, "zh"), value=value)
        assert clause(fact, value, "zh") != clause(fact, value, "en")


def test_truth_values_of_a_question_read_alike() -> None:
    for value in ("true", "True", "yes"):
        asked = Question("human_review", ((value, Verdict.ASSIST), ("no", Verdict.UNFIT)), 0.6)
        shown = report_text(replace(REFUND, questions=(asked,), turn=None))
        assert "→  辅助    每份输出都有人复核" in shown


def test_amounts_are_readable() -> None:
    assert [usd(x) for x in (0, 0.00045, 0.285, 0.9999, 4.5, 1234567.8)] == [
        "0", "0.00045", "0.285", "1.00", "4.50", "1,234,568",
    ]  # fmt: skip


def test_the_idea_is_quoted_as_it_was_written() -> None:
    assert "让智能体自行核对订单并直接退款，不用人审；" in report_text(REFUND, width=120)
    assert HOSTILE_IDEA.split("\x1b")[0].strip() in " ".join(report_text(HOSTILE, width=120).split())


def test_an_unsure_reading_is_not_told_as_a_text_that_says_nothing() -> None:
    assert say("a guess", "en") == "Not firm: the words are much like no one kind of labelled job."
    assert say("a guess", "zh") == "与已标注的各类任务都不太像，这个结论不牢靠。"
