"""Tables in, tables out: with an assessor that is only a few lines, so that the model plays no part."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fitcheck.batch import score_file
from fitcheck.beside import Question
from fitcheck.cells import OUTPUT_COLUMNS, output_names, report_cells
from fitcheck.errors import FitcheckError, UseCaseError
from fitcheck.ideas import decode, detect_encoding
from fitcheck.records import Cost, Evidence, Report, Task, Verdict
from fitcheck.tables import inert, open_table
from fitcheck.text import detect_language, normalise
from fitcheck.use_case import UseCase

TITLES = {"en": "Arithmetic is exact", "zh": "算术要精确"}


def report_on(use_case: UseCase) -> Report:
    text = normalise(use_case.text)
    verdict = Verdict.OVERKILL if "payroll" in text or "工资" in text else Verdict.FIT
    probabilities = {"fit": 0.1, "assist": 0.1, "overkill": 0.1, "unfit": 0.1} | {verdict.value: 0.7}
    return Report(
        use_case=use_case,
        text=text,
        lang=detect_language(text),
        verdict=verdict,
        probabilities=probabilities,
        ledger=(
            Evidence("rule", "exact-arithmetic", Verdict.OVERKILL, 1.4, role="core"),
            Evidence("rule", "drafting", Verdict.FIT, 0.9, role="core"),
        ),
        tasks=(Task(text, 0, len(text), "core"),),
        concepts={"category": ("arithmetic-reporting", 0.9)},
        rules={
            "exact-arithmetic": {"title": TITLES},
            "drafting": {"title": {"en": "Drafting", "zh": "起草"}},
        },
        instead={"en": "a spreadsheet", "zh": "电子表格"} if verdict is Verdict.OVERKILL else None,
        cost=Cost("m", "p", "2026-01-01", "s", 1, 1, use_case.calls_per_month, 0.001, 1.0, 12.5, ())
        if use_case.calls_per_month
        else None,
        questions=(Question("human_review", (("yes", Verdict.FIT), ("no", Verdict.ASSIST)), 0.3),),
    )


class ReadsAhead:
    """Judges in blocks, as the real assessor does."""

    def __init__(self, block: int = 3) -> None:
        self.block = block
        self.seen = 0

    def assess_each(
        self, ideas: Iterable[UseCase], *, today: dt.date | None = None
    ) -> Iterator[Report | FitcheckError]:
        remaining = iter(ideas)
        while block := list(islice(remaining, self.block)):
            self.seen += len(block)
            for idea in block:
                try:
                    yield report_on(idea)
                except FitcheckError as error:
                    yield error


def score(tmp_path: Path, data: str | bytes, **options: object) -> list[dict[str, str]]:
    source = tmp_path / "in.csv"
    source.write_bytes(data.encode() if isinstance(data, str) else data)
    target = tmp_path / "out.csv"
    score_file(source, target, assessor=ReadsAhead(), **options)  # type: ignore[arg-type]
    return read(target)


def read(path: Path) -> list[dict[str, str]]:
    raw = path.read_bytes().decode("utf-8-sig")
    sample = raw.splitlines()[0]
    delimiter = max(",;\t", key=sample.count)
    limit = csv.field_size_limit(1 << 24)
    try:
        return list(csv.DictReader(io.StringIO(raw, newline=""), delimiter=delimiter))
    finally:
        csv.field_size_limit(limit)


def test_columns_are_kept_in_order_and_ours_follow(tmp_path: Path) -> None:
    rows = score(tmp_path, "ref,idea,owner\n7,Compute payroll,Ann\n8,Draft letters,Bo\n")
    assert list(rows[0]) == ["ref", "idea", "owner", *OUTPUT_COLUMNS]
    assert [r["ref"] for r in rows] == ["7", "8"]
    assert [r["verdict"] for r in rows] == ["overkill", "fit"]
    first = rows[0]
    assert first["probability"] == first["p_overkill"] == "0.7"
    assert first["reasons"] == "Arithmetic is exact"
    assert first["alternative"] == "a spreadsheet"
    assert first["category"] == "arithmetic-reporting"
    assert first["core_task"] == "Compute payroll"
    assert first["questions"] == (
        "Does a person check each output before it takes effect? "
        "a person checks each output → fit, nobody checks the output → assist"
    )
    assert first["usd_per_month"] == first["error"] == ""


def test_texts_are_in_the_ideas_language(tmp_path: Path) -> None:
    (row,) = score(tmp_path, "想法\n每月算工资\n")
    assert (row["reasons"], row["alternative"]) == ("算术要精确", "电子表格")


def test_texts_are_in_the_language_asked_for_whatever_the_ideas_is(tmp_path: Path) -> None:
    table = "idea,users\nCompute payroll,3\n每月算工资,many\n,4\n"
    rows = score(tmp_path, table, lang="zh")
    assert [row["reasons"] for row in rows] == ["算术要精确", "算术要精确", ""]
    assert [row["alternative"] for row in rows] == ["电子表格", "电子表格", ""]
    assert [row["verdict"] for row in rows] == ["overkill", "overkill", ""]
    assert [row["error"] for row in rows[:2]] == ["", "“users”列的 'many' 读不懂，评判时未计入"]
    assert rows[2]["error"].startswith("想法是空的")
    assert "是否" in rows[0]["questions"] or "？" in rows[0]["questions"]
    english = score(tmp_path, table, lang="en")
    assert [row["reasons"] for row in english] == ["Arithmetic is exact", "Arithmetic is exact", ""]
    assert english[2]["error"].startswith("the idea is empty")


@pytest.mark.parametrize("n_bad_first", [0, 1, 5])
def test_rows_that_cannot_be_judged_stay_where_they_are(tmp_path: Path, n_bad_first: int) -> None:
    lines = ["idea,tokens_in"] + [",5"] * n_bad_first + ["Draft a,5", "Draft b,many", "Draft c,5", ",7", "Draft d,-1"]
    rows = score(tmp_path, "\n".join(lines))
    assert [r["idea"] for r in rows] == [line.split(",")[0] for line in lines[1:]]
    unreadable = {"Draft b", "Draft d"}
    for row in rows:
        assert (row["verdict"] == "") == (row["idea"] == "")
        assert bool(row["error"]) == (row["idea"] in {"", *unreadable})
        assert row["error"].endswith("judged without it") == (row["idea"] in unreadable)
    assert "tokens_in" in next(r["error"] for r in rows if r["idea"] == "Draft b")


def test_summary_counts_every_row(tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_text("id,Idea,Calls per month\na,Compute payroll,900\nb,Draft,\nc,,\n")
    seen: list[tuple[int, int]] = []
    summary = score_file(source, assessor=ReadsAhead(), progress=lambda done, total: seen.append((done, total)))
    assert summary.target == tmp_path / "in.scored.csv"
    assert summary.rows == 3
    assert summary.by_verdict == {"fit": 1, "assist": 0, "overkill": 1, "unfit": 0, "unclear": 0, "error": 1}
    assert str(summary) == "3 ideas: 1 fit, 1 overkill, 1 error"
    assert summary.fact_columns == ("Calls per month",)
    assert seen == [(1, 3), (2, 3), (3, 3)]
    assert [r["usd_per_month"] for r in read(tmp_path / "in.scored.csv")] == ["12.5", "", ""]


def test_fact_columns_can_be_left_alone(tmp_path: Path) -> None:
    rows = score(tmp_path, "idea,model,format\nDraft,T-1000,PDF\n", use_facts=False)
    assert (rows[0]["error"], rows[0]["format"]) == ("", "PDF")
    assert "format" in score(tmp_path, "idea,model,format\nDraft,T-1000,PDF\n")[0]["error"]


def test_rows_stream(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("idea\n" + "Draft letters\n" * 1000)
    assessor = ReadsAhead(block=10)
    ahead: list[int] = []

    def look(done: int, _: int) -> None:
        ahead.append(assessor.seen - done)

    score_file(tmp_path / "in.csv", io.BytesIO(), assessor=assessor, progress=look)
    assert max(ahead) < 100


@pytest.mark.parametrize("name", ["Verdict", "error", "p_fit", "reasons"])
def test_clashing_names_are_prefixed(tmp_path: Path, name: str) -> None:
    (row,) = score(tmp_path, f"idea,{name}\nDraft,mine\n")
    assert row[name] == "mine"
    assert f"fitcheck_{name.lower()}" in row


def test_a_scored_table_can_be_scored_again(tmp_path: Path) -> None:
    once = score(tmp_path, "idea\nDraft\n")
    twice = score(tmp_path, (tmp_path / "out.csv").read_bytes())
    assert twice[0]["verdict"] == once[0]["verdict"] == twice[0]["fitcheck_verdict"]
    names = output_names(list(twice[0]))
    assert names[0] == "fitcheck_2_verdict"
    assert len({*names, *twice[0]}) == len(names) + len(twice[0])
    thrice = score(tmp_path, (tmp_path / "out.csv").read_bytes())
    assert list(thrice[0])[-1] == "fitcheck_2_error"
    assert output_names(list(thrice[0]))[0] == "fitcheck_3_verdict"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", pytest.param("cp1252", id="windows")])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_encodings_and_delimiters(tmp_path: Path, encoding: str, delimiter: str) -> None:
    western, chinese = "Résumé polishing – naïve “style” für Ämter", "用大模型润色每周的简报，编辑逐条修改"
    idea = western if encoding == "cp1252" else chinese
    rows = score(tmp_path, f"ref{delimiter}idea\n1{delimiter}{idea}\n2{delimiter}{idea}\n".encode(encoding))
    assert [r["idea"] for r in rows] == [idea, idea]
    assert {r["verdict"] for r in rows} == {"fit"}
    marked = (tmp_path / "out.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert marked == (encoding != "utf-8")


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("订单自动分类，客服复核后再回复客户。", "gb18030"),
        ("訂單自動分類，客服覆核後再回覆客戶，並整理會議記錄", "gb18030"),
        ("訂單自動分類，客服覆核後再回覆客戶，並整理會議記錄", "cp950"),
        ("想法描述,編號", "cp950"),
        ("café, naïve, größer, señor, Ångström", "cp1252"),
        ("MÄRZ, ÄRZTE, ÄÖÜ ÄÖÜÄÖÜ", "cp1252"),
        ("¥¥¥¥¥¥ £££", "cp1252"),
        ("für", "cp1252"),
        ("it’s “fine” – really", "cp1252"),
        ("plain", "utf-8"),
        ("写诗", "utf-8"),
    ],
)
def test_encoding_by_trial(text: str, encoding: str) -> None:
    assert detect_encoding(io.BytesIO(text.encode(encoding)), where="x") == encoding
    assert decode(text.encode(encoding), where="x").text == text


@given(st.text(min_size=1).filter(lambda t: t.encode("utf-8", "ignore").decode() == t))
@settings(max_examples=200)
def test_utf8_is_never_taken_for_another_encoding(text: str) -> None:
    idea = f"an idea: {''.join(c for c in text if ord(c) >= 32)}"
    assert decode(idea.encode(), where="x") == (idea, None)


def test_a_big5_table_of_traditional_chinese(tmp_path: Path) -> None:
    table = "編號,想法描述,調用量/月\r\n1,許功蓋用模型起草客戶信件|由專員逐封修改,5000\r\n"
    (row,) = score(tmp_path, table.encode("cp950"))
    assert (row["想法描述"], row["verdict"]) == ("許功蓋用模型起草客戶信件|由專員逐封修改", "fit")
    assert row["usd_per_month"] == "12.5"
    with open_table(tmp_path / "in.csv") as opened:
        assert opened.notes == (f"{tmp_path / 'in.csv'}: not UTF-8, read as Big5",)


def test_two_encodings_in_one_file(tmp_path: Path) -> None:
    data = "idea\n起草一封道歉信\n".encode() + "每月核对供应商发票的税额与订单\n".encode("gb18030")
    with pytest.raises(UseCaseError, match=r"in\.csv:3: not UTF-8, though line 2 is"):
        score(tmp_path, data)


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "empty"),
        (b"\n\n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"idea\n", "no row"),
        (b"idea\n\n\n", "no row"),
        (b"name,owner\nx,y\n", "its columns are 'name', 'owner'; name the one with --text-column"),
        (b"idea,Idea\nx,y\n", "two columns"),
        (b"idea,model,Model\nx,y,z\n", "two columns carry the fact model"),
        (b"PK\x03\x04whatever", "Excel"),
        ("idea\nx\n".encode("utf-16-le"), "UTF-16 without its mark"),
        (b"idea\n\x81\xff\n", "save it as UTF-8"),
        (b"\xef\xbb\xbfidea\n\xff\xfe\n", "begins with the mark of UTF-8"),
    ],
)
def test_tables_that_cannot_be_read(tmp_path: Path, data: bytes, what: str) -> None:
    with pytest.raises(UseCaseError, match=r"in\.csv:.*" + what):
        score(tmp_path, data)
    assert not (tmp_path / "out.csv").exists()


def test_the_column_may_be_named(tmp_path: Path) -> None:
    (row,) = score(tmp_path, "idea,What we want\nx,Compute payroll\n", text_column="what we want ")
    assert row["verdict"] == "overkill"
    with pytest.raises(UseCaseError, match=r"no column is called 'absent'; its columns are 'idea'"):
        score(tmp_path, "idea\nx\n", text_column="absent")


def test_line_breaks_quotes_and_long_fields(tmp_path: Path) -> None:
    long = "Draft letters. " * 20_000
    rows = score(tmp_path, f'idea,n\n"Draft\n""nice"" letters, daily",1\n"{long}",2\nDraft,3\n')
    assert rows[0]["idea"] == 'Draft\n"nice" letters, daily'
    assert rows[1]["idea"] == long
    assert "300,000 characters" in rows[1]["error"] or "299,999 characters" in rows[1]["error"]
    assert [r["verdict"] for r in rows] == ["fit", "", "fit"]
    assert csv.field_size_limit() == 131072


def test_ragged_rows(tmp_path: Path) -> None:
    rows = score(tmp_path, "ref,idea\n1,Draft\n2\n3,Draft letters, daily\n4,Draft\n")
    assert [r["idea"] for r in rows] == ["Draft", "", "Draft letters, daily", "Draft"]
    assert "empty" in rows[1]["error"]
    assert "has 3 cells and the header 2" in rows[2]["error"]


IDEA = "Draft letters to our customers and have each of them checked by a clerk"
GERMAN = f"1;Vertrieb;{IDEA}\n2;Einkauf;{IDEA}\n"


@pytest.mark.parametrize(
    ("above", "table", "note"),
    [
        ("Ideensammlung 2025\n", f"Nr;Bereich;Beschreibung der Idee\n{GERMAN}", (1, 2)),
        ("Ideen, Stand 2025;;\n;;\n\n", f"Nr;Bereich;Beschreibung der Idee\n{GERMAN}", (1, 4)),
        ("Ideas\n\n", f"no,unit,What we plan\n1,a,{IDEA}\n2,b,{IDEA}\n3,c,{IDEA}\n", (1, 3)),
        ("Ideas,\nas of May,\n", f"no,What we plan\n1,{IDEA}\n", (2, 3)),
        ('"Ideas\nof 2026"\n', f"no,Use case\n1,{IDEA}\n", (1, 3)),
        ("2026 年的想法\n", f"编号\t想法描述\n1\t{IDEA}\n", (1, 2)),
    ],
)  # fmt: skip
def test_titles_above_the_header_are_left_out(tmp_path: Path, above: str, table: str, note: tuple[int, int]) -> None:
    (tmp_path / "in.csv").write_text(above + table, encoding="utf-8")
    summary = score_file(tmp_path / "in.csv", tmp_path / "out.csv", assessor=ReadsAhead())
    n_rows, line = note
    left_out = f"in.csv: left out {n_rows} row{'s' * (n_rows > 1)} above the header (its line is {line})"
    assert left_out in summary.notes[0]
    assert summary.rows == summary.by_verdict["fit"] == table.count(IDEA)
    with open_table(tmp_path / "in.csv") as opened:
        assert next(opened.content.read(9)).places[0] == line + 1
    (tmp_path / "plain.csv").write_text(table, encoding="utf-8")
    assert not any("left out" in note for note in score_file(tmp_path / "plain.csv", assessor=ReadsAhead()).notes)
    scored = (tmp_path / "out.csv").read_bytes().removeprefix(b"\xef\xbb\xbf")
    assert scored == (tmp_path / "plain.scored.csv").read_bytes()


@pytest.mark.parametrize(
    "data",
    [
        "idea\nDraft letters,daily,by hand\nDraft,payroll,x\nDraft,a,b\nDraft,c,d\n",
        "What we wish\nDraft many letters, daily, by hand\nDraft letters, payroll, x\nDraft all letters, a, b\n",
        "What we wish\nDraft many letters to clients,daily\nDraft all of the letters,for payroll\n",
        "想要做的事\n用模型起草给客户的信,由专员逐封修改\n自动给订单分类,客服复核\n自动给发票分类,会计复核\n",
        f"wish,no\n{IDEA},\n{IDEA},7\n",
        f"Plan,,\n{IDEA},5,x\n{IDEA},5,x\n",
    ],
)
def test_a_first_row_is_no_title_where_that_is_not_plain(tmp_path: Path, data: str) -> None:
    rows = score(tmp_path, data)
    assert len(rows) == data.count("\n") - 1
    assert next(iter(rows[0])) == data.split("\n")[0].split(",")[0]


@pytest.mark.parametrize("blank", ["", ",,", " ,\t,", '"","",'])
def test_a_row_of_empty_cells_is_no_idea(tmp_path: Path, blank: str) -> None:
    (tmp_path / "in.csv").write_text(f"{blank}\nid,idea,n\n{blank}\na,Draft,\n{blank}\n,,5\nc,Draft,\n{blank}\n")
    summary = score_file(tmp_path / "in.csv", tmp_path / "out.csv", assessor=ReadsAhead())
    assert [(r["id"], r["n"]) for r in read(tmp_path / "out.csv")] == [("a", ""), ("", "5"), ("c", "")]
    assert str(summary) == "3 ideas: 2 fit, 1 error"
    with open_table(tmp_path / "in.csv") as table:
        assert [place for block in table.content.read(2) for place in block.places] == [4, 6, 7]


def test_a_list_without_quotes_is_one_column(tmp_path: Path) -> None:
    rows = score(tmp_path, "idea\nDraft letters, daily, and payroll\nDraft\n")
    assert [r["idea"] for r in rows] == ["Draft letters, daily, and payroll", "Draft"]
    assert [r["verdict"] for r in rows] == ["overkill", "fit"]


def test_nul_bytes_are_a_rows_error(tmp_path: Path) -> None:
    rows = score(tmp_path, b"idea,n\nDraft\x00 letters,1\nDraft,2\n")
    assert "NUL" in rows[0]["error"]
    assert rows[1]["verdict"] == "fit"
    assert b"\0" not in (tmp_path / "out.csv").read_bytes()


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "＝", " =", "\u00a0="])
def test_formulas_are_neutralised(tmp_path: Path, start: str) -> None:
    cell = f'{start}HYPERLINK("http://x.example","payroll")'
    quoted = cell.replace('"', '""')
    (row,) = score(tmp_path, f'idea,"{quoted}",n\n"{quoted}",x,-3.5\n')
    assert row["idea"] == "'" + cell
    assert "'" + cell in row
    assert row["n"] == "-3.5"
    assert row["core_task"].startswith("'") or row["core_task"][0].isalpha()


@pytest.mark.parametrize("number", ["-1", "+3", "-1,000.5", "-.5", "1e-9", "-5%", "-2E+3"])
def test_numbers_stay_numbers(number: str) -> None:
    assert inert(number) == number


@given(st.text())
def test_no_text_can_start_a_formula(text: str) -> None:
    cell = inert(text)
    assert not cell.lstrip(" \u00a0").startswith(tuple("=@\t\r\n＝＋－＠"))
    assert not cell.startswith(("+", "-")) or cell[1:2] in set("0123456789.")
    assert cell.removeprefix("'") in (text.replace("\0", ""), text.replace("\0", "").removeprefix("'"))


def test_errors_are_one_line() -> None:
    cells = report_cells(UseCaseError("=cmd|' /C calc'!A0\nmore"))
    assert cells == dict.fromkeys(OUTPUT_COLUMNS) | {"error": "=cmd|' /C calc'!A0 more"}


def test_the_file_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    class Breaks(ReadsAhead):
        def assess_each(
            self, ideas: Iterable[UseCase], *, today: dt.date | None = None
        ) -> Iterator[Report | FitcheckError]:
            yield from islice(super().assess_each(ideas), 2)
            raise KeyboardInterrupt

    (tmp_path / "in.csv").write_text("idea\n" + "Draft\n" * 9)
    (tmp_path / "out.csv").write_text("before")
    with pytest.raises(KeyboardInterrupt):
        score_file(tmp_path / "in.csv", tmp_path / "out.csv", assessor=Breaks())
    assert (tmp_path / "out.csv").read_text() == "before"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["in.csv", "out.csv"]


def test_a_link_stays_a_link_and_the_input_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("idea\nDraft\n")
    (tmp_path / "link.csv").symlink_to(tmp_path / "real.csv")
    score_file(tmp_path / "in.csv", tmp_path / "link.csv", assessor=ReadsAhead())
    assert (tmp_path / "link.csv").is_symlink()
    assert read(tmp_path / "real.csv")[0]["verdict"] == "fit"
    (tmp_path / "same.csv").symlink_to(tmp_path / "in.csv")
    for target in ("in.csv", "same.csv"):
        with pytest.raises(UseCaseError, match="would replace the input"):
            score_file(tmp_path / "in.csv", tmp_path / target, assessor=ReadsAhead())
    with pytest.raises(UseCaseError, match="a folder"):
        score_file(tmp_path / "in.csv", tmp_path, assessor=ReadsAhead())
    with pytest.raises(UseCaseError, match="does not exist"):
        score_file(tmp_path / "in.csv", tmp_path / "no" / "out.csv", assessor=ReadsAhead())


def test_without_rules_the_reason_is_the_scenarios() -> None:
    from dataclasses import replace

    report = replace(report_on(UseCase(text="Draft letters")), rules={}, ledger=())
    assert "fit" in str(report_cells(report)["reasons"])
    unclear = replace(report, verdict=Verdict.UNCLEAR, why_unclear="nothing spoke")
    assert str(report_cells(unclear)["reasons"]).startswith("Nothing spoke")


def test_a_stream_is_read_twice_and_left_open() -> None:
    stream = io.BytesIO(b"idea\nDraft\n")
    with open_table(stream) as table:
        assert list(table.rows()) == list(table.rows()) == [["Draft"]]
    assert not stream.closed
    with pytest.raises(UseCaseError, match="-o"):
        score_file(stream, assessor=ReadsAhead())


def test_a_device_is_written_and_never_replaced(tmp_path: Path) -> None:
    import os
    import stat

    (tmp_path / "in.csv").write_text("idea\nDraft\n")
    score_file(tmp_path / "in.csv", os.devnull, assessor=ReadsAhead())
    assert not stat.S_ISREG(os.stat(os.devnull).st_mode)
