"""Each format of tables, in and out, with an assessor of a few lines."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import io
import json
import os
import re
import sys
import zipfile
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook
from table_stubs import Stub

from fitcheck.batch import BatchSummary, score_file
from fitcheck.cells import NUMBER_COLUMNS, OUTPUT_COLUMNS
from fitcheck.errors import ModelUnavailable, UseCaseError
from fitcheck.tables import open_table
from fitcheck.tables.shape import unique_names

ROWS: list[dict[str, Any]] = [
    {"ref": "7", "idea": "Compute payroll", "owner": "安"},
    {"ref": "8", "idea": "Draft letters\nin two lines", "owner": '=HYPERLINK("x")'},
    {"ref": "9", "idea": "", "owner": "Bo, Co; Do"},
]


def write(path: Path, rows: Sequence[dict[str, Any]] = ROWS) -> Path:
    """Write rows in the format that a path names."""
    names = list(rows[0])
    opened = gzip.open if path.name.endswith(".gz") else open
    match path.name.removesuffix(".gz").rpartition(".")[2]:
        case "xlsx":
            sheet(path, [names, *([row[n] for n in names] for row in rows)])
        case "parquet":
            pq.write_table(pa.Table.from_pylist(list(rows)), path)
        case "json":
            with opened(path, "wt", encoding="utf-8") as file:
                json.dump(rows, file, ensure_ascii=False, indent=2)
        case "jsonl":
            with opened(path, "wt", encoding="utf-8") as file:
                file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        case ending:
            with opened(path, "wt", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, names, delimiter="\t" if ending == "tsv" else ",")
                writer.writeheader()
                writer.writerows(rows)
    return path


def sheet(path: Path, rows: Sequence[Sequence[Any]], name: str = "Ideas") -> None:
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet(name)
        for number, row in enumerate(rows):
            for at, cell in enumerate(row):
                page.write_string(number, at, cell) if isinstance(cell, str) else page.write(number, at, cell)


def read(path: Path) -> list[dict[str, Any]]:
    """Read what a run wrote."""
    raw = path.read_bytes()
    if path.name.endswith(".gz"):
        raw = gzip.decompress(raw)
    match path.name.removesuffix(".gz").rpartition(".")[2]:
        case "xlsx":
            first, *rest = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python(skip_empty_area=False)
            return [dict(zip(map(str, first), row, strict=True)) for row in rest]
        case "parquet":
            return pq.read_table(path).to_pylist()
        case "json":
            loaded: list[dict[str, Any]] = json.loads(raw)
            return loaded
        case "jsonl":
            return [json.loads(line) for line in raw.splitlines()]
        case ending:
            text = io.StringIO(raw.decode("utf-8-sig"), newline="")
            return list(csv.DictReader(text, delimiter="\t" if ending == "tsv" else ","))


def score(source: Path, target: Path, **options: Any) -> tuple[list[dict[str, Any]], BatchSummary]:
    summary = score_file(source, target, assessor=Stub(), **options)
    return read(target), summary


FORMS = ("csv", "tsv", "xlsx", "jsonl", "json", "parquet", "csv.gz", "jsonl.gz")


@pytest.mark.parametrize("out", FORMS)
@pytest.mark.parametrize("into", FORMS)
def test_every_format_in_and_out(tmp_path: Path, into: str, out: str) -> None:
    rows, summary = score(write(tmp_path / f"in.{into}"), tmp_path / f"out.{out}")
    assert list(rows[0]) == ["ref", "idea", "owner", *OUTPUT_COLUMNS]
    assert [str(row["ref"]) for row in rows] == ["7", "8", "9"]
    assert [row["idea"] or "" for row in rows] == [row["idea"] for row in ROWS]
    assert [row["verdict"] or "" for row in rows] == ["overkill", "fit", ""]
    assert "empty" in rows[2]["error"]
    assert not rows[0]["error"]
    assert float(rows[0]["p_overkill"]) == 0.7
    assert summary.by_verdict["error"] == 1
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted([f"in.{into}", f"out.{out}"])


@pytest.mark.parametrize("out", ["csv", "tsv", "xlsx"])
def test_formulas_are_neutralised_in_files_for_spreadsheets(tmp_path: Path, out: str) -> None:
    rows, _ = score(write(tmp_path / "in.jsonl"), tmp_path / f"out.{out}")
    assert rows[1]["owner"] == '\'=HYPERLINK("x")'
    assert rows[0]["owner"] == "安"


@pytest.mark.parametrize("out", ["jsonl", "json", "parquet"])
def test_values_go_out_as_they_are_elsewhere(tmp_path: Path, out: str) -> None:
    rows, _ = score(write(tmp_path / "in.csv"), tmp_path / f"out.{out}")
    assert rows[1]["owner"] == '=HYPERLINK("x")'
    assert rows[2]["verdict"] is None
    assert rows[0]["error"] is None


def test_a_sheet_with_a_title_and_merged_names_and_500_ideas(tmp_path: Path) -> None:
    path = tmp_path / "in.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("Read me").write("A1", "Fill in the second sheet")
        page = book.add_worksheet("Ideas 2026")
        page.merge_range("B2:F2", "Inventory of ideas, 2026")
        page.merge_range("B4:B5", "Ref")
        page.merge_range("C4:D4", "Project")
        page.write_row("C5", ["Name", "Use case"])
        page.merge_range("E4:E5", "Handed in")
        page.merge_range("F4:F5", "月调用量（次）")
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for number in range(500):
            page.write_row(5 + number, 1, [number, f"n{number}", f"Draft letter {number}"])
            page.write_datetime(5 + number, 4, dt.datetime(2026, 1, 5), day)
            page.write_number(5 + number, 5, 1200.0)
    rows, summary = score(path, tmp_path / "out.csv")
    assert list(rows[0])[:5] == ["Ref", "Name", "Use case", "Handed in", "月调用量（次）"]
    assert [row["Ref"] for row in rows] == [str(n) for n in range(500)]
    assert {(row["Handed in"], row["月调用量（次）"], row["verdict"]) for row in rows} == {
        ("2026-01-05", "1200", "fit")
    }
    assert summary.fact_columns == ("月调用量（次）",)
    assert "read the sheet 'Ideas 2026'" in summary.notes[0]
    assert "left out 1 row above the header" in summary.notes[1]
    with pytest.raises(UseCaseError, match=r"no sheet is called 'x'; its sheets are 'Read me', 'Ideas 2026'"):
        score(path, tmp_path / "out.csv", sheet="x")
    with pytest.raises(UseCaseError, match=r"in\.xlsx:"):
        score(path, tmp_path / "out.csv", sheet="Read me")


def test_a_merged_name_is_the_header_when_the_line_below_names_only_others(tmp_path: Path) -> None:
    path = tmp_path / "in.xlsx"
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet()
        page.merge_range("A1:A2", "想法")
        page.merge_range("B1:C1", "Cost")
        page.write_row("B2", ["low", "high"])
        page.write_row("A3", ["起草信件", 1.5, 2.0])
    rows, _ = score(path, tmp_path / "out.csv")
    assert [(r["想法"], r["low"], r["high"]) for r in rows] == [("起草信件", "1.5", "2")]


def test_numbers_and_days_stay_what_they_are_from_sheet_to_sheet(tmp_path: Path) -> None:
    path = tmp_path / "in.xlsx"
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["idea", "n", "when", "sure"])
        page.write_row(1, 0, ["Draft letters", 3.25])
        page.write_datetime(1, 2, dt.datetime(2026, 3, 4), book.add_format({"num_format": "yyyy-mm-dd"}))
        page.write_boolean(1, 3, True)
    rows, _ = score(path, tmp_path / "out.xlsx")
    assert (rows[0]["n"], rows[0]["when"], rows[0]["sure"]) == (3.25, dt.date(2026, 3, 4), True)
    assert rows[0]["p_fit"] == 0.7


def open_document(path: Path, rows: list[list[str]]) -> Path:
    """Write a sheet of texts; what begins with = is a formula without a stored result."""
    office = "urn:oasis:names:tc:opendocument:xmlns:{}:1.0"
    lines = ""
    for row in rows:
        cells = [
            f'<table:table-cell table:formula="of:{cell}"/>'
            if cell.startswith("=")
            else f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>'
            for cell in row
        ]
        lines += f"<table:table-row>{''.join(cells)}</table:table-row>"
    names = " ".join(f'xmlns:{name}="{office.format(name)}"' for name in ("office", "table", "text"))
    content = (
        f'<office:document-content {names}><office:body><office:spreadsheet><table:table table:name="T">{lines}'
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        file.writestr("content.xml", content)
        file.writestr("META-INF/manifest.xml", f'<manifest:manifest xmlns:manifest="{office.format("manifest")}"/>')
    return path


def test_formulas_of_opendocument_without_a_stored_result_are_told(tmp_path: Path) -> None:
    cells = [
        ["", "", ""],
        ["", "idea", "users"],
        ["", "Draft", "=2*3"],
        ["", "Draft", "5"],
        ["", "=A1", "5"],
        ["", "=A1", "=2"],
    ]
    rows, summary = score(open_document(tmp_path / "in.ods", cells), tmp_path / "out.csv")
    stored = "a formula whose result is not stored: open the file in Excel and save it"
    told = [f"column 'users': {stored}; judged without it", "", stored, stored]
    assert [row["error"] or "" for row in rows] == told
    assert f"row 3: column 'users': {stored}" in summary.notes[-1]


def test_opendocument_sheets_are_read(tmp_path: Path) -> None:
    path = open_document(tmp_path / "in.ods", [["ref", "想法"], ["1", "起草信件"]])
    rows, _ = score(path, tmp_path / "out.csv")
    assert [(row["ref"], row["想法"], row["verdict"]) for row in rows] == [("1", "起草信件", "fit")]


def test_parquet_keeps_its_types_and_is_read_within_row_groups(tmp_path: Path) -> None:
    table = pa.table(
        {
            "idea": pa.array(["Draft letters", None, "Compute payroll"] * 1000).dictionary_encode(),
            "when": pa.array([1, None, 3] * 1000, pa.timestamp("ns", "UTC")),
            "tags": pa.array([["a"], [], None] * 1000),
            "n": pa.array(range(3000), pa.int16()),
        }
    )
    pq.write_table(table, tmp_path / "in.parquet", row_group_size=700)
    rows, _ = score(tmp_path / "in.parquet", tmp_path / "out.parquet", processes=1)
    out = pq.read_table(tmp_path / "out.parquet")
    assert out.select(table.column_names).equals(table)
    assert {str(out.schema.field(n).type) for n in NUMBER_COLUMNS} == {"double"}
    assert [row["verdict"] for row in rows[:3]] == ["fit", None, "overkill"]
    as_text, _ = score(tmp_path / "in.parquet", tmp_path / "out.csv", processes=1)
    assert as_text[0]["tags"] == '["a"]'
    assert as_text[0]["when"].startswith("1970-01-01")


def test_json_keeps_values_and_finds_all_keys(tmp_path: Path) -> None:
    lines = [
        {"idea": "Draft letters", "n": 1, "deep": {"a": [1, None]}},
        {"idea": "Draft letters", "late": "x", "n": 2.5, "odd": "\ud800"},
    ]
    (tmp_path / "in.jsonl").write_text("\n".join(map(json.dumps, lines)) + "\n\n")
    rows, _ = score(tmp_path / "in.jsonl", tmp_path / "out.jsonl")
    assert list(rows[0])[:5] == ["idea", "n", "deep", "late", "odd"]
    assert rows[0]["deep"] == {"a": [1, None]}
    assert (rows[1]["late"], rows[1]["n"], rows[1]["odd"]) == ("x", 2.5, "\ud800")
    typed, _ = score(tmp_path / "in.jsonl", tmp_path / "out.parquet")
    assert (typed[0]["n"], typed[0]["deep"], typed[1]["odd"]) == (1.0, '{"a": [1, null]}', "?")


@given(
    st.lists(
        st.fixed_dictionaries(
            {"idea": st.text()}, optional={"a": st.none() | st.integers() | st.text() | st.booleans()}
        ),
        min_size=1,
        max_size=5,
    )
)
@settings(max_examples=25, deadline=None)
def test_json_lists_are_read_as_json_reads_them(rows: list[dict[str, Any]]) -> None:
    for text in (json.dumps(rows), json.dumps(rows, indent=3), "\n".join(map(json.dumps, rows))):
        with open_table(io.BytesIO(text.encode()), form="json") as table:
            found = [dict(zip(table.columns, row, strict=True)) for row in table.rows()]
        assert [{k: v for k, v in row.items() if v is not None} for row in found] == [
            {k: v for k, v in row.items() if v is not None} for row in rows
        ]


def test_a_long_json_list_is_read_piece_by_piece(tmp_path: Path) -> None:
    long = [{"idea": "Draft letters " * (1 if n else 100_000), "n": n} for n in range(30_000)]
    (tmp_path / "in.json").write_text(json.dumps(long))
    with open_table(tmp_path / "in.json") as table:
        assert [row[1] for row in table.rows()] == list(range(30_000))


@pytest.mark.parametrize(
    ("name", "data", "what"),
    [
        ("in.jsonl", b'{"idea": "x"}\n{"idea": \n', r"in\.jsonl:2: not a JSON object"),
        ("in.jsonl", b"[1]\n", "item 1 of the list is not an object"),
        ("in.jsonl", b'"x"\n', r"in\.jsonl:1: not a JSON object"),
        ("in.jsonl", b'{"idea": ' + b"[" * 100_000, "nested too deeply|not a JSON object"),
        ("in.json", b'[{"idea": "x"}, {"idea"', "object 2 can't be read, or the file is cut off"),
        ("in.json", b'[{"idea": "x"}] 7', "more text after the list's end"),
        ("in.json", b"[]", "empty"),
        ("in.jsonl", b"", "empty"),
        ("in.xlsx", b"", "empty"),
        ("in.xlsx", b"PK\x03\x04 nothing more", "Excel workbook that can't be read"),
        ("in.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "Excel workbook"),
        ("in.xlsx", b"<html>", "not an Excel workbook"),
        ("in.parquet", b"PAR1 and then nothing", "Parquet that can't be read"),
        ("in.parquet", b"idea\nx\n", "not Parquet"),
        ("in.csv.gz", gzip.compress(b"idea\nx\n", mtime=0)[:-6], "damaged or cut off"),
        ("in.csv.gz", gzip.compress(gzip.compress(b"idea\nx\n", mtime=0), mtime=0), "packed twice"),
    ],
)
def test_damaged_files(tmp_path: Path, name: str, data: bytes, what: str) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(UseCaseError, match=what) as raised:
        score(tmp_path / name, tmp_path / "out.csv")
    assert name in str(raised.value)
    assert [p.name for p in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("cut", [0.3, 0.6, 0.9, 0.99])
@pytest.mark.parametrize("name", ["in.xlsx", "in.parquet"])
def test_files_that_were_cut_off(tmp_path: Path, name: str, cut: float) -> None:
    rows = [{"idea": f"Draft letter {n}", "n": str(n)} for n in range(2000)]
    whole = write(tmp_path / name, rows).read_bytes()
    (tmp_path / name).write_bytes(whole[: int(cut * len(whole))])
    with pytest.raises(UseCaseError, match=name):
        score(tmp_path / name, tmp_path / "out.csv")


def test_a_folder_is_no_table(tmp_path: Path) -> None:
    with pytest.raises(UseCaseError, match="a folder; name a file, or judge a folder of Parquet with --engine spark"):
        score(tmp_path, tmp_path / "out.csv")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_json_of_any_encoding(tmp_path: Path, encoding: str) -> None:
    text = "\n".join(json.dumps({"想法": "用大模型起草给客户的信件，专员修改"}, ensure_ascii=False) for _ in range(20))
    (tmp_path / "in.jsonl").write_bytes(text.encode(encoding))
    rows, _ = score(tmp_path / "in.jsonl", tmp_path / "out.jsonl")
    assert rows[0]["想法"] == "用大模型起草给客户的信件，专员修改"


def test_gb18030_from_a_chinese_spreadsheet(tmp_path: Path) -> None:
    lines = ["编号,想法,月调用量,人工复核"] + [
        f"{n},用大模型起草第{n}封信件，专员修改后发出,1.2万,是" for n in range(50)
    ]
    (tmp_path / "in.csv").write_bytes("\r\n".join(lines).encode("gb18030"))
    rows, summary = score(tmp_path / "in.csv", tmp_path / "out.csv")
    assert [row["编号"] for row in rows] == [str(n) for n in range(50)]
    assert {row["verdict"] for row in rows} == {"fit"}
    assert summary.fact_columns == ("月调用量", "人工复核")
    assert "read as GB18030" in summary.notes[0]


@pytest.mark.parametrize("form", ["csv", "tsv", "xlsx", "jsonl", "json", "parquet"])
def test_a_stream_is_known_by_its_content(tmp_path: Path, form: str) -> None:
    stream = io.BytesIO(write(tmp_path / f"in.{form}").read_bytes())
    with open_table(stream) as table:
        assert table.form == {"tsv": "csv"}.get(form, form)
        assert [row[1] or "" for row in table.rows()] == [row["idea"] for row in ROWS]


def test_the_output_is_named_after_the_input(tmp_path: Path) -> None:
    for name, out in [("a.tsv", "a.scored.tsv"), ("a.xlsx", "a.scored.xlsx"), ("a.csv.gz", "a.scored.csv.gz")]:
        assert score_file(write(tmp_path / name), assessor=Stub()).target == tmp_path / out
    with pytest.raises(UseCaseError, match=r"\.xls is read but not written; name the output \.xlsx"):
        score(tmp_path / "a.tsv", tmp_path / "out.xls")


def test_a_format_that_is_asked_for_wins_over_the_name(tmp_path: Path) -> None:
    score_file(write(tmp_path / "in.csv"), tmp_path / "out.csv", assessor=Stub(), out_form="jsonl")
    assert [json.loads(line)["ref"] for line in (tmp_path / "out.csv").read_text().splitlines()] == ["7", "8", "9"]


def test_a_cell_of_60_megabytes(tmp_path: Path) -> None:
    with (tmp_path / "in.csv").open("w") as file:
        file.write("idea,n\n" + "x" * (60 << 20) + ",1\nDraft letters,2\n")
    summary = score_file(tmp_path / "in.csv", tmp_path / "out.csv", assessor=Stub())
    assert summary.by_verdict["error"] == summary.by_verdict["fit"] == 1
    assert "62,914,560 characters" in str(summary.first_error)
    assert (tmp_path / "out.csv").stat().st_size > 60 << 20


def test_what_a_sheet_cannot_hold(tmp_path: Path) -> None:
    long = "Draft letters. " * 5000
    rows, summary = score(write(tmp_path / "in.csv", [{"idea": long}]), tmp_path / "out.xlsx")
    assert rows[0]["idea"].startswith(long[:32_000])
    assert rows[0]["idea"].endswith("[cut: 75,000 characters, and a cell holds 32,767]")
    assert "had to be cut" in summary.notes[-1]
    (tmp_path / "in.csv").write_text("idea\n" + "x\n" * 1_048_576)
    with pytest.raises(UseCaseError, match=r"a sheet holds 1,048,575 rows .* write \.csv or \.parquet"):
        score(tmp_path / "in.csv", tmp_path / "out.xlsx")


@given(st.lists(st.sampled_from(["", "a", "a_2", "column", "column_2", "b"]), min_size=1))
def test_names_are_made_unique(columns: list[str]) -> None:
    names = unique_names(columns)
    assert len(set(names)) == len(columns)
    assert all(
        written in (name, "") or columns.index(written) < at
        for at, (name, written) in enumerate(zip(names, columns, strict=True))
    )


def test_columns_of_one_name_are_kept(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("idea,owner,owner\nDraft letters,a,b\n")
    rows, _ = score(tmp_path / "in.csv", tmp_path / "out.jsonl")
    assert (rows[0]["owner"], rows[0]["owner_2"]) == ("a", "b")


def test_a_full_disk_leaves_no_file(tmp_path: Path) -> None:
    write(tmp_path / "in.csv", [{"idea": "Draft letters"}] * 100)
    for form in ("csv", "jsonl", "parquet", "xlsx"):
        with (
            open("/dev/full", "wb", buffering=0) as full,
            pytest.raises(UseCaseError, match="standard output: can't be written"),
        ):
            score_file(tmp_path / "in.csv", full, assessor=Stub(), out_form=form)  # type: ignore[arg-type]
    assert os.listdir(tmp_path) == ["in.csv"]


def test_blocks_are_no_longer_than_asked(tmp_path: Path) -> None:
    for form in ("csv", "jsonl", "xlsx", "parquet"):
        with open_table(write(tmp_path / f"in.{form}", [{"idea": f"Draft letter {n}"} for n in range(25)])) as table:
            assert [b.n_rows for b in islice(table.content.read(10), 9)] == [10, 10, 5]


@pytest.mark.parametrize(
    ("library", "into", "out"),
    [
        ("python_calamine", "in.xlsx", "out.csv"),
        ("pyarrow.parquet", "in.parquet", "out.csv"),
        ("xlsxwriter", "in.csv", "out.xlsx"),
        ("pyarrow.parquet", "in.csv", "out.parquet"),
    ],
)
def test_a_missing_library_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, library: str, into: str, out: str
) -> None:
    write(tmp_path / into)
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(ModelUnavailable, match=r'needs the extra tables: pip install "usecase-fitcheck\[tables\]"'):
        score_file(tmp_path / into, tmp_path / out, assessor=Stub())
    assert [p.name for p in tmp_path.iterdir()] == [into]


@pytest.mark.parametrize(
    ("name", "place"),
    [("a.csv", "line 7"), ("a.csv.gz", "line 7"), ("a.xlsx", "row 6"), ("a.jsonl", "line 3"), ("a.json", "object 2")],
)
def test_a_lost_fact_is_told_with_its_place_in_the_file(tmp_path: Path, name: str, place: str) -> None:
    path = tmp_path / name
    if name.startswith("a.csv"):
        data = b'idea,users\n\n"Draft\nletters",5\n\n\nDraft,many\nDraft,more\n'
        path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    elif name == "a.xlsx":
        sheet(path, [["Ideas of 2026"], [], ["idea", "users"], ["Draft", 5], [], ["Draft", "many"], ["Draft", "more"]])
    else:
        lines = [json.dumps({"idea": "Draft", "users": users}) for users in (5, "many", "more")]
        path.write_text("\n\n".join(lines) if name == "a.jsonl" else f"[{','.join(lines)}]")
    _, summary = score(path, tmp_path / "out.csv")
    assert f"2 rows were judged, but not with all facts; the first, {place}: column 'users'" in summary.notes[-1]


def test_places_go_on_from_batch_to_batch_of_parquet(tmp_path: Path) -> None:
    pq.write_table(pa.table({"idea": ["Draft"] * 5, "users": ["5"] * 4 + ["many"]}), tmp_path / "a.parquet")
    with open_table(tmp_path / "a.parquet") as table:
        assert [list(block.places) for block in table.content.read(2)] == [[1, 2], [3, 4], [5]]
    _, summary = score(tmp_path / "a.parquet", tmp_path / "out.csv")
    assert "the first, row 5: column 'users'" in summary.notes[-1]


IDEA = "Draft letters to our customers and have each of them checked by a clerk"
PLANS = [["No", "Unit", "What we plan"], [1, "Sales", IDEA], [2, "Purchase", IDEA]]


def book(path: Path, sheets: dict[str, Sequence[Sequence[Any]]]) -> Path:
    with xlsxwriter.Workbook(path) as written:
        for name, rows in sheets.items():
            page = written.add_worksheet(name)
            for number, row in enumerate(rows):
                page.write_row(number, 0, row)
    return path


@pytest.mark.parametrize(
    "cover",
    [[["Ideas of 2026"]], [["Summary"]], [["Ideas of 2026"], [], ["Please hand them in by May"], ["Ask Ann"]]],
    ids=["title", "known-name", "lines"],
)
def test_a_cover_gives_way_to_the_only_table(tmp_path: Path, cover: Sequence[Sequence[Any]]) -> None:
    path = book(tmp_path / "in.xlsx", {"Cover": cover, "Plans": PLANS, "Units": [["Sales"], ["Purchase"]]})
    rows, summary = score(path, tmp_path / "out.csv")
    assert [row["What we plan"] for row in rows] == [IDEA, IDEA]
    assert "read the sheet 'Plans'; the others are 'Cover', 'Units' (--sheet NAME reads another)" in summary.notes[0]


def test_sheets_with_rows_are_named_where_none_is_plain(tmp_path: Path) -> None:
    path = book(tmp_path / "in.xlsx", {"Cover": [["Ideas of 2026"]], "North": PLANS, "South": PLANS, "More": []})
    what = r"the sheet 'Cover' has a header \(Ideas of 2026\) and no row; rows stand in 'North', 'South': .*--sheet"
    for options in ({}, {"sheet": "Cover"}):
        with pytest.raises(UseCaseError, match=what):
            score(path, tmp_path / "out.csv", **options)
    assert len(score(path, tmp_path / "out.csv", sheet="South")[0]) == 2
    empty = book(tmp_path / "in.xlsx", {"Ideas": [["id", "idea"]]})
    with pytest.raises(UseCaseError, match=r"the table has a header \(id, idea\) and no row$"):
        score(empty, tmp_path / "out.csv")


def test_a_list_of_ideas_on_the_first_sheet_is_no_cover(tmp_path: Path) -> None:
    units = [["Unit", "Head"], ["Sales", "Ann"]]
    path = book(tmp_path / "in.xlsx", {"Wishes": [["What we wish"], [IDEA]], "Units": units})
    rows, _ = score(path, tmp_path / "out.csv")
    assert [row["What we wish"] for row in rows] == [IDEA]


def formulas(path: Path, rows: Sequence[Sequence[str]], prefix: str = "") -> Path:
    """Write a workbook as programs do that compute nothing: its formulas, which begin with "=", have no results."""
    with xlsxwriter.Workbook(path) as written:
        page = written.add_worksheet("Ideas")
        for number, row in enumerate(rows):
            for at, cell in enumerate(row):
                if cell.startswith("="):
                    page.write_formula(number, at, cell, value="EMPTY" if cell == '=""' else "LOST")
                elif cell:
                    page.write(number, at, cell)
    with zipfile.ZipFile(path) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    name = "xl/worksheets/sheet1.xml"
    parts[name] = re.sub(rb' t="str"><f>([^<]*)</f><v>LOST</v>', rb"><f>\1</f><v></v>", parts[name])
    parts[name] = parts[name].replace(b"<v>EMPTY</v>", b"<v></v>")
    if prefix:
        parts[name] = re.sub(rb"<(/?)(?=[a-z])", rb"<\1x:", parts[name]).replace(b"xmlns=", b"xmlns:x=", 1)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for part, data in parts.items():
            packed.writestr(part, data)
    return path


@pytest.mark.parametrize("prefix", ["", "x:"])
@pytest.mark.parametrize("processes", [1, 2])
def test_formulas_without_a_stored_result_are_named(tmp_path: Path, processes: int, prefix: str) -> None:
    made = '=CONCATENATE("Draft"," letters")'
    rows = [
        ["", "Ideas of 2026"],
        ["", "idea", "users", "stakes", "note"],
        ["", "Draft", "=2*3", "huge", "=1+1"],
        ["", made, "5"],
        ["", "", "=2*4"],
        ["", '=""', "7"],
        ["", made, "=2*5"],
        ["", "Draft", "8"],
        ["", made],
    ]
    path = formulas(tmp_path / "in.xlsx", rows, prefix)
    stored = "a formula whose result is not stored: open the file in Excel and save it"
    for out in ("out.csv", "out.parquet"):
        read_back, summary = score(path, tmp_path / out, processes=processes)
        assert [row["idea"] or "" for row in read_back] == ["Draft", "", "", "", "Draft", ""]
        errors = [row["error"] or "" for row in read_back]
        assert errors[0].startswith(f"column 'users': {stored}; judged without it; column 'stakes': stakes = 'huge'")
        assert [error == stored for error in errors] == [False, True, False, True, False, True]
        assert "empty" in errors[2] and not errors[4]
        assert f"the first, row 3: column 'users': {stored}" in summary.notes[-1]
        assert f"{path}: 1 formula without a stored value in column 'note'; open the file in" in "\n".join(
            summary.notes
        )
        assert summary.by_verdict["error"] == 4
    with open_table(path) as table:
        assert [place for block in table.content.read(2) for place in block.places] == [3, 4, 6, 7, 8, 9]


def test_the_last_row_is_read_once(tmp_path: Path) -> None:
    path = formulas(tmp_path / "in.xlsx", [["idea", "users"], ["Draft", "5"], ["Draft", "=2*5"]])
    assert [row["users"] for row in score(path, tmp_path / "out.csv")[0]] == ["5", ""]


def test_other_workbooks_are_read_as_before_without_formulas(tmp_path: Path) -> None:
    path = formulas(tmp_path / "in.xlsx", [["idea", "users"], ["Draft", ""], ["", ""], ["Draft", '=""']])
    with open_table(path) as table:
        assert [block.unstored for block in table.content.read(9)] == [{}]
        assert table.n_rows == 2


def test_whole_numbers_of_16_digits_and_more_stay_as_they_stand(tmp_path: Path) -> None:
    numbers = [1_234_567_890_123_450, 9_007_199_254_740_991, 110_101_199_003_071_000]
    rows = [["ref", "size", "idea"], *([number, number, IDEA] for number in numbers), [1, 0.5, IDEA]]
    path = book(tmp_path / "in.xlsx", {"Ideas": rows})
    for out in ("out.csv", "out.jsonl", "out.xlsx"):
        assert [int(row["ref"]) for row in score(path, tmp_path / out)[0]] == [*numbers, 1]
    assert ",110101199003071000," in (tmp_path / "out.csv").read_text("utf-8-sig")
    assert ".0" not in "".join(row["ref"] for row in score(path, tmp_path / "out.csv")[0])
    assert [row["size"] for row in score(path, tmp_path / "out.parquet")[0]] == [*map(float, numbers), 0.5]


def test_cells_of_other_columns_that_are_read_as_empty_are_counted_by_column(tmp_path: Path) -> None:
    rows = [["idea", "Budget", "Note"], [IDEA, "=2*3", "a"], [IDEA, "=2*4", "b"], [IDEA, "=2*5", '=""']]
    _, summary = score(formulas(tmp_path / "in.xlsx", rows), tmp_path / "out.csv")
    where = tmp_path / "in.xlsx"
    assert summary.notes == (
        f"{where}: 3 formulas without a stored value in column 'Budget'; open the file in Excel and save it",
    )
    with xlsxwriter.Workbook(where) as written:
        page = written.add_worksheet("Ideas")
        page.write_row(0, 0, ["idea", "Budget"])
        page.write_row(1, 0, [IDEA, 7])
        page.write_row(2, 0, [IDEA])
        page.write_formula(2, 1, "=NA()", value="#N/A")
    _, summary = score(where, tmp_path / "out.csv")
    assert summary.notes == (f"{where}: 1 error value, such as #N/A, in column 'Budget': read as empty",)
