"""`fitcheck batch` as a process: its options, what it says, and how it ends."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from command_line import ok, refused, run
from test_table_forms import sheet, write

IDEA = "Draft replies to customer mails; a clerk edits each one before it goes out"
ROWS = [{"ref": "1", "idea": IDEA}, {"ref": "2", "idea": ""}]


def test_formats_by_name_and_by_option(tmp_path: Path) -> None:
    source = write(tmp_path / "in.csv", ROWS)
    done = run("batch", source, "-o", tmp_path / "out.parquet")
    assert done.returncode == 0, done.stderr
    assert pq.read_table(tmp_path / "out.parquet")["ref"].to_pylist() == ["1", "2"]
    lines = ok("batch", "-", "-o", "-", "--format", "jsonl", "-q", stdin=(tmp_path / "out.parquet").read_bytes())
    found = [json.loads(line) for line in lines.splitlines()]
    assert [row["fitcheck_verdict"] for row in found] == [row["verdict"] for row in found]
    assert "fitcheck: error: " in refused("batch", source, "--from-format", "parquet")


def test_a_mapping_and_a_sheet(tmp_path: Path) -> None:
    sheet(tmp_path / "in.xlsx", [["Wish", "Vol"], [IDEA, 900]], name="Two")
    (tmp_path / "map.toml").write_text('text = "Wish"\ncalls_per_month = "Vol"\n')
    done = run("batch", tmp_path / "in.xlsx", "--sheet", "Two", "--columns", tmp_path / "map.toml", "-o", "-")
    (row,) = csv.DictReader(io.StringIO(done.stdout))
    assert float(row["usd_per_month"]) > 0
    assert "(ideas from 'Wish', facts from Vol)" in done.stderr


def test_a_run_without_one_judged_row_fails(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("idea,users\n,many\n,3\n")
    done = run("batch", tmp_path / "in.csv", "-q")
    assert done.returncode == 2
    assert "none of the 2 rows could be judged; the first says: " in done.stderr
    assert len((tmp_path / "in.scored.csv").read_text().splitlines()) == 3


def test_cells_that_cannot_be_read_are_told_and_the_rows_judged(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text(f"idea,users,stakes\n{IDEA},many,high\n{IDEA},3,low\n{IDEA},4,rather\n")
    done = run("batch", tmp_path / "in.csv", "-o", "-")
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert all(row["verdict"] for row in rows)
    assert [row["error"].split(":")[0] for row in rows] == ["column 'users'", "", "column 'stakes'"]
    assert "not with all facts; the first, line 2: column 'users': users = 'many'" in done.stderr
    assert "2 rows were judged" in done.stderr


def test_a_name_that_is_no_tables_is_refused_before_anything_is_judged(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text(f"idea\n{IDEA}\n")
    assert "name the output .csv, .xlsx" in refused("batch", tmp_path / "in.csv", "-o", tmp_path / "out.docx")
    assert [p.name for p in tmp_path.iterdir()] == ["in.csv"]


def test_a_quote_that_is_never_closed_hides_no_rows(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text(f'idea,note\n{IDEA},fine\n{IDEA},"two screens\n{IDEA},x\n{IDEA},x\n')
    said = refused("batch", tmp_path / "in.csv")
    assert "in.csv:3: a quote opens here and is not closed, so the 2 lines below would be one cell" in said
    (tmp_path / "in.csv").write_text(f'idea,note\n{IDEA},"two\n{IDEA},b\n{IDEA},"hello, world"\n')
    assert "in.csv:2: a quote opens here" in refused("batch", tmp_path / "in.csv")
    (tmp_path / "in.csv").write_text(f'idea,note,size\n"{IDEA}\nand more",fine,5" pipe\n')
    assert run("batch", tmp_path / "in.csv", "-o", "-").returncode == 0


def test_a_packed_table_is_read_from_standard_input() -> None:
    assert len(ok("batch", "-", "-o", "-", stdin=gzip.compress(f"idea\n{IDEA}\n".encode())).splitlines()) == 2


@pytest.mark.parametrize("source", [".", "/", ""])
@pytest.mark.parametrize("command", ["batch", "report"])
def test_a_folder_is_no_table(command: str, source: str) -> None:
    assert "is no table's name" in refused(command, source)


def test_the_fast_reading_takes_no_rules(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text(f"idea\n{IDEA}\n")
    assert "--fast reads words alone" in refused("batch", tmp_path / "in.csv", "--fast", "--rules", tmp_path)


@pytest.mark.parametrize("name", ["out.parquet.gz", "out.xlsx.gz"])
def test_what_is_packed_in_itself_is_not_packed_again(tmp_path: Path, name: str) -> None:
    (tmp_path / "in.csv").write_text(f"idea\n{IDEA}\n")
    assert "leave out .gz" in refused("batch", tmp_path / "in.csv", "-o", tmp_path / name)


@pytest.mark.parametrize("reading", [[], ["--fast"]])
def test_a_model_without_a_price_costs_no_verdict(tmp_path: Path, reading: list[str]) -> None:
    (tmp_path / "in.csv").write_text(f"idea,model,calls_per_month\n{IDEA},gpt-99,900\n{IDEA},gpt-4o-mini,900\n")
    done = run("batch", tmp_path / "in.csv", "-o", "-", *reading)
    unknown, known = csv.DictReader(io.StringIO(done.stdout))
    assert unknown["verdict"] == known["verdict"] != ""
    assert (unknown["usd_per_month"], known["error"]) == ("", "")
    assert "no model 'gpt-99'" in unknown["error"]
    assert float(known["usd_per_month"]) > 0


def test_the_unit_in_a_columns_name_counts(tmp_path: Path) -> None:
    rows = "".join(f"{IDEA},{cell},gpt-4o-mini\n" for cell in ("2", "2万", "约2次"))
    (tmp_path / "in.csv").write_text("想法,月调用量（万次）,模型\n" + rows, encoding="utf-8")
    (tmp_path / "plain.csv").write_text(f"想法,月调用量,模型\n{IDEA},20000,gpt-4o-mini\n", encoding="utf-8")
    scored, plain = (
        [row["usd_per_month"] for row in csv.DictReader(io.StringIO(run("batch", tmp_path / name, "-o", "-").stdout))]
        for name in ("in.csv", "plain.csv")
    )
    assert scored == plain * 3


@pytest.mark.parametrize(
    "name",
    ["calls per month (k, est.)", "月调用量（百次）", "latency budget (ms)", "hourly wage (cents)", "时薪（港币）"],
)
def test_a_column_in_a_size_that_is_not_known_is_no_fact(tmp_path: Path, name: str) -> None:
    (tmp_path / "in.csv").write_text(f'idea,"{name}"\n{IDEA},5\n', encoding="utf-8")
    assert "facts from" not in run("batch", tmp_path / "in.csv", "-o", "-").stderr


def test_a_column_in_another_currency_is_no_fact(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text(f"想法,时薪（港元）\n{IDEA},40\n", encoding="utf-8")
    assert "facts from" not in run("batch", tmp_path / "in.csv", "-o", "-").stderr
    (tmp_path / "in.csv").write_text(f"想法,时薪（美元）\n{IDEA},40\n", encoding="utf-8")
    assert "facts from 时薪（美元）" in run("batch", tmp_path / "in.csv", "-o", "-").stderr


def test_a_broken_pack_is_said_once_with_workers(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("idea\n" + f"{IDEA}\n" * 1100)
    message = refused("batch", tmp_path / "in.csv", "--rules", tmp_path / "absent", "--processes", "2")
    assert message.count("\n") == 1
    assert "absent: no such file or folder" in message
    assert [p.name for p in tmp_path.iterdir()] == ["in.csv"]


def test_workers_and_one_process_agree(tmp_path: Path) -> None:
    write(tmp_path / "in.csv", [{"idea": f"{IDEA}, {n}"} for n in range(600)])
    one = ok("batch", tmp_path / "in.csv", "-o", "-", "-q", "--fast", "--processes", "1")
    assert ok("batch", tmp_path / "in.csv", "-o", "-", "-q", "--fast", "--processes", "2") == one
    assert {row["error"] for row in csv.DictReader(io.StringIO(one))} == {""}


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (("--sheet", "x"), "--sheet names a sheet of a workbook, and this is CSV"),
        (("--columns", "absent.toml"), "absent.toml: No such file"),
        (("--format", "docx"), "docx"),
        (("--processes", "0"), "--processes"),
        (("-o", "out.ods"), ".ods is read but not written"),
    ],
)
def test_options_that_cannot_be(tmp_path: Path, arguments: tuple[str, ...], what: str) -> None:
    assert what in refused("batch", write(tmp_path / "in.csv", ROWS), *arguments)


def test_who_stops_reading_is_told_nothing(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("idea\n" + f"{IDEA}\n" * 3000)
    process = subprocess.Popen(
        [sys.executable, "-m", "fitcheck", "batch", tmp_path / "in.csv", "-o", "-", "-q", "--fast"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait(timeout=30) == 141


def test_a_terminal_sees_progress_and_a_quiet_one_nothing(tmp_path: Path) -> None:
    source = write(tmp_path / "in.csv", ROWS)

    def seen(*options: str) -> bytes:
        ours, theirs = pty.openpty()
        try:
            subprocess.run(
                [sys.executable, "-m", "fitcheck", "batch", source, *options],
                stderr=theirs,
                check=True,
                env=os.environ | {"TERM": "xterm"},
            )
            os.close(theirs)
            found = b""
            while chunk := _read(ours):
                found += chunk
            return found
        finally:
            os.close(ours)

    assert "━".encode() in seen()
    assert seen("--quiet") == b""


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 1 << 16)
    except OSError:
        return b""


def test_a_table_is_told_in_the_language_asked_for(tmp_path: Path) -> None:
    source = write(tmp_path / "in.csv", ROWS)
    for fast in ((), ("--fast",)):
        rows = list(csv.DictReader(io.StringIO(ok("batch", source, "-o", "-", "-q", "--lang", "zh", *fast))))
        assert re.search("[一-鿿]", rows[0]["reasons"])
        assert rows[1]["error"].startswith("想法是空的")
        (english, _) = csv.DictReader(io.StringIO(ok("batch", source, "-o", "-", "-q", "--lang", "en", *fast)))
        assert english["verdict"] == rows[0]["verdict"]
        assert not re.search("[一-鿿]", english["reasons"])


@pytest.mark.parametrize("command", ["batch", "assess"])
def test_the_help_says_whose_the_probability_of_unclear_is(command: str) -> None:
    told = " ".join(ok(command, "--help").split())
    assert "withheld" in told[told.index("probability") :]
