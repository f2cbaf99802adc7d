"""Data frames: the same kind comes back, with all that was in it and the verdicts beside it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import narwhals as nw
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from columnar_stub import Columnar

from fitcheck.arrow import SCORED_SCHEMA, loaded, score_batch
from fitcheck.batch import score_file
from fitcheck.cells import OUTPUT_COLUMNS
from fitcheck.errors import UseCaseError
from fitcheck.frames import score_table
from fitcheck.pipeline import Assessor

ROOT = Path(__file__).parent.parent
IDEAS = ["Compute monthly payroll", None, "Draft letters that a clerk edits", "", "每月计算工资"]
VERDICTS = ["overkill", None, "fit", None, "overkill"]
DATA = {"ref": [7, 8, 9, 7, 7], "idea": IDEAS}

KINDS: dict[str, Callable[[Any], Any]] = {
    "pandas": pd.DataFrame,
    "pandas of arrow": lambda data: pd.DataFrame(data).convert_dtypes(dtype_backend="pyarrow"),
    "pandas of objects": lambda data: pd.DataFrame(data, dtype=object),
    "polars": pl.DataFrame,
    "lazy polars": pl.LazyFrame,
    "pyarrow": pa.table,
    "narwhals": lambda data: nw.from_native(pl.DataFrame(data)),
}


@pytest.fixture(scope="module")
def fast() -> Assessor:
    return Assessor(reading="fast")


def as_lists(frame: Any) -> dict[str, list[Any]]:
    """Return a frame's columns with None for what is missing."""
    narwhal = nw.from_native(frame)
    eager = narwhal.collect() if isinstance(narwhal, nw.LazyFrame) else narwhal
    return {str(k): v.to_pylist() for k, v in zip(eager.columns, eager.to_arrow().columns, strict=True)}


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_kind_comes_back(kind: str, fast: Assessor) -> None:
    frame = KINDS[kind](DATA)
    scored = score_table(frame, assessor=fast)
    assert type(scored) is type(frame)
    found = as_lists(scored)
    assert list(found) == ["ref", "idea", *OUTPUT_COLUMNS]
    assert found["verdict"] == VERDICTS
    assert [error is None for error in found["error"]] == [v is not None for v in VERDICTS]
    assert found["ref"] == DATA["ref"]


@pytest.mark.parametrize("kind", KINDS)
def test_no_rows_give_no_rows_with_the_columns(kind: str) -> None:
    frame = KINDS[kind]({"idea": ["x"]})
    found = as_lists(score_table(frame.head(0) if hasattr(frame, "head") else frame.slice(0, 0)))
    assert found == {"idea": []} | {name: [] for name in OUTPUT_COLUMNS}


@pytest.mark.parametrize("kind", KINDS)
def test_the_frame_that_was_given_stays_as_it_was(kind: str) -> None:
    frame = KINDS[kind](DATA)
    score_table(frame, assessor=Columnar())  # type: ignore[arg-type]
    assert as_lists(frame) == as_lists(KINDS[kind](DATA))


def test_a_pandas_index_is_kept_even_where_it_repeats() -> None:
    frame = pd.DataFrame(DATA, index=pd.Index([5, 5, 1, 0, 5], name="row"))
    scored = score_table(frame, assessor=Columnar())  # type: ignore[arg-type]
    assert scored.index.equals(frame.index) and scored.index.name == "row"
    assert scored["verdict"].to_list()[2] == "fit"
    pd.testing.assert_frame_equal(scored[["ref", "idea"]], frame)


def test_types_are_those_of_the_frames_library() -> None:
    judge: Any = Columnar()
    in_pandas = score_table(pd.DataFrame(DATA), assessor=judge)
    assert str(in_pandas["verdict"].dtype) == "category"
    assert in_pandas["p_fit"].dtype == "float32"
    in_polars = score_table(pl.DataFrame(DATA), assessor=judge)
    assert in_polars.schema["verdict"] == pl.Categorical
    assert in_polars.schema["usd_per_month"] == pl.Float64
    in_arrow = score_table(pa.table(DATA), assessor=judge)
    assert [in_arrow.schema.field(name).type for name in OUTPUT_COLUMNS] == SCORED_SCHEMA.types


def test_a_lazy_frame_is_judged_when_it_is_collected() -> None:
    judge: Any = Columnar()
    scored = score_table(pl.LazyFrame(DATA), assessor=judge)
    assert judge.asked == []
    assert scored.collect_schema() == score_table(pl.DataFrame(DATA), assessor=judge).schema
    assert scored.select("ref", "verdict").collect().rows() == list(zip(DATA["ref"], VERDICTS, strict=True))


def test_only_the_columns_that_were_asked_for_are_added() -> None:
    judge: Any = Columnar()
    assert list(score_table(pd.DataFrame(DATA), assessor=judge, columns=["error", "verdict"])) == [
        *DATA,
        "error",
        "verdict",
    ]
    with pytest.raises(UseCaseError, match="no column 'verdit' is added; did you mean 'verdict'"):
        score_table(pd.DataFrame(DATA), assessor=judge, columns=["verdit"])


def test_names_that_are_taken_stay_apart() -> None:
    frame = pl.DataFrame({"idea": ["payroll"], "VERDICT": ["mine"], "error": [1]})
    scored = score_table(frame, assessor=Columnar(), columns=["verdict", "error"])  # type: ignore[arg-type]
    assert scored.columns == ["idea", "VERDICT", "error", "fitcheck_verdict", "fitcheck_error"]
    assert scored.row(0) == ("payroll", "mine", 1, "overkill", None)


def test_what_is_no_text_is_an_error_of_its_row(fast: Assessor) -> None:
    frame = pd.DataFrame(
        {"idea": ["Compute payroll", 3.5, float("nan"), pd.NA, ["x"], "bad \ud800 half"]}, dtype=object
    )
    scored = score_table(frame, assessor=fast)
    errors = scored["error"].to_list()
    assert "no text but float: 3.5" in errors[1]
    assert all("no idea: the cell is empty" in e for e in errors[2:4])
    assert "no text but list" in errors[4]
    assert scored["verdict"].notna().to_list() == [True, False, False, False, False, True]


def test_facts_are_known_by_name_in_both_languages_or_named(fast: Assessor) -> None:
    data = {"想法": ["Draft letters that a clerk edits"], "月调用量": ["4万"], "Model name": ["gpt-4o-mini"], "v": [10]}
    usd = as_lists(score_table(pl.DataFrame(data), assessor=fast))["usd_per_month"][0]
    named = score_table(
        pl.DataFrame(data),
        assessor=fast,
        facts={"calls_per_month": "v", "model": "model name"},
        columns=["usd_per_month"],
    )
    assert usd > 0
    assert named["usd_per_month"][0] == pytest.approx(usd * 10 / 40_000)
    assert score_table(pl.DataFrame(data), assessor=fast, facts={})["usd_per_month"][0] is None


def test_the_column_of_ideas_is_known_by_its_sentences() -> None:
    frame = pd.DataFrame({"a": ["x1", "x2"], "b": ["Sort the mails of our customers by topic"] * 2, "c": [1, 2]})
    assert score_table(frame, assessor=Columnar(), columns=["verdict"])["verdict"].to_list() == ["fit", "fit"]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("frame", "options", "what"),
    [
        (pl.DataFrame({"idea": ["x"], "n": [1]}), {"text": "idee"}, "no column is called 'idee'.*did you mean 'idea'"),
        (pl.DataFrame({"idea": ["x"], "n": [1]}), {"text": "n"}, "the column 'n' holds Int64, and ideas are text"),
        (pl.DataFrame({"n": [1], "m": ["x"]}), {}, "its columns are 'n', 'm'; name the column of ideas with text="),
        (pl.LazyFrame({"n": [1], "m": ["x"]}), {}, "its columns are 'n', 'm'; name the column of ideas with text="),
        (pl.DataFrame({"idea": ["x"]}), {"facts": {"calls_per_mont": "idea"}}, "did you mean 'calls_per_month'"),
        (pl.DataFrame({"idea": ["x"]}), {"facts": {"users": "n"}}, "no column is called 'n'"),
        (pd.DataFrame([["x", "y"]], columns=["idea", "idea"]), {}, "two columns are called 'idea'; rename one"),
        (pd.Series(["x"]), {}, "takes frames of pandas, polars and pyarrow, not Series"),
        ({"idea": ["x"]}, {}, "not dict; PySpark has fitcheck.spark.score"),
        (pd.DataFrame(), {}, "its columns are none"),
    ],
)
def test_what_cannot_be_read(frame: Any, options: dict[str, Any], what: str) -> None:
    with pytest.raises(UseCaseError, match=what):
        score_table(frame, assessor=Columnar(), **options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("names", "options", "what"),
    [
        ([0, 1], {"text": 0}, r"the column name 0 is no text .*table.columns = table.columns.map\(str\)"),
        ([0, 1], {}, "the column name 0 is no text"),
        ([0, "n"], {}, "the column name 0 is no text"),
        ([0, "n"], {"text": "0"}, "the column name 0 is no text"),
        (["idea", 1], {"facts": {"users": "1"}}, "the column name 1 is no text"),
        ([("a", "idea"), ("a", "n")], {}, r"the column name \('a', 'idea'\) is no text .*'_'.join"),
        ([("a", "idea"), ("a", "n")], {"text": "idea"}, r"the column name \('a', 'idea'\) is no text"),
    ],
)
def test_column_names_that_are_no_text_are_refused(names: list[Any], options: dict[str, Any], what: str) -> None:
    columns = pd.MultiIndex.from_tuples(names) if isinstance(names[0], tuple) else names
    frame = pd.DataFrame([["Draft mails to the customers, please", 1]] * 2, columns=columns)
    with pytest.raises(UseCaseError, match=what):
        score_table(frame, assessor=Columnar(), **options)  # type: ignore[arg-type]


def test_a_column_that_is_not_read_may_have_any_name() -> None:
    frame = pd.DataFrame([["Compute payroll", 1]], columns=["idea", 0])
    scored = score_table(frame, assessor=Columnar(), columns=["verdict"])  # type: ignore[arg-type]
    assert list(scored) == ["idea", 0, "verdict"] and scored["verdict"][0] == "overkill"


def test_what_does_not_judge_is_refused() -> None:
    with pytest.raises(UseCaseError, match=r"assessor = 'fast': give an Assessor, such as .*reading='fast'"):
        score_table(pd.DataFrame(DATA), assessor="fast")  # type: ignore[arg-type]


def test_large_frames_are_judged_in_parts_of_bounded_size() -> None:
    judge: Any = Columnar()
    n = 20_001
    scored = score_table(
        pa.table({"idea": [f"payroll {i}" if i % 3 else f"letter {i}" for i in range(n)]}), assessor=judge
    )
    assert sum(judge.asked) == n and max(judge.asked) < n / 2
    assert scored["verdict"].combine_chunks().to_pylist() == ["overkill" if i % 3 else "fit" for i in range(n)]


def test_the_shipped_assessor_is_loaded_once() -> None:
    score_table(pl.DataFrame({"idea": ["Draft a letter"]}))
    before = loaded.cache_info().misses
    score_table(pl.DataFrame({"idea": ["Draft a letter"]}))
    assert loaded.cache_info().misses == before


def test_threads_may_share_an_assessor(fast: Assessor) -> None:
    frame = pl.DataFrame({"idea": [f"Draft letter {i}, then compute payroll {i}" for i in range(60)]})
    alone = score_table(frame, assessor=fast)
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda _: score_table(frame, assessor=fast), range(4)))
    assert all(one.equals(alone) for one in together)


def test_the_dask_lines_of_the_page_run(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "clusters.md").read_text("utf-8")
    (lines,) = re.findall(r"<!-- tested: dask -->\n```python\n(.*?)```", page, re.S)
    (tmp_path / "ideas").mkdir()
    texts = [f"{text} number {i}" for i in range(20) for text in ("Compute payroll", "Draft letter")]
    for k in (0, 1):
        pq.write_table(pa.table({"idea": texts[k::2]}), tmp_path / "ideas" / f"{k}.parquet")
    # as a process: Dask starts others, which import the main module anew
    script = tmp_path / "script.py"
    script.write_text("if __name__ == '__main__':\n" + "".join(f"    {line}\n" for line in lines.splitlines()))
    done = subprocess.run(
        [sys.executable, script.name], cwd=tmp_path, capture_output=True, text=True, timeout=120,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    scored = pq.read_table(tmp_path / "scored")
    expected = score_table(pa.table({"idea": [*texts[::2], *texts[1::2]]}))
    assert scored["idea"].to_pylist() == expected["idea"].to_pylist()
    assert scored["verdict"].to_pylist() == expected["verdict"].to_pylist()


def test_a_map_of_facts_leaves_the_columns_known_by_name_as_batch_does(tmp_path: Path, fast: Assessor) -> None:
    data = {"idea": ["Draft letters that a clerk edits"], "calls_per_month": [40_000], "Vol": [5_000]}
    frame, facts = pl.DataFrame(data), {"tokens_in": "Vol"}
    frame.write_csv(tmp_path / "ideas.csv")
    score_file(tmp_path / "ideas.csv", tmp_path / "out.csv", assessor=fast, mapping=facts)
    (by_batch,) = pl.read_csv(tmp_path / "out.csv")["usd_per_month"]
    batch = frame.to_arrow().to_batches()[0]
    assert by_batch > 0
    assert score_table(frame, facts={"输入tokens": "Vol"}, assessor=fast)["usd_per_month"].to_list() == [by_batch]
    assert score_table(frame, facts=facts, assessor=fast)["usd_per_month"].to_list() == [by_batch]
    assert score_batch(batch, facts=facts, text="idea", assessor=fast)["usd_per_month"].to_pylist() == [by_batch]


@pytest.mark.parametrize("kind", ["pandas", "pyarrow"])
def test_columns_of_one_name_that_are_not_read_stay(kind: str, fast: Assessor) -> None:
    names = ["note", "idea", "note", "users"]
    cells = [["a"], ["Compute monthly payroll"], ["b"], [3]]
    frame = pa.table(cells, names=names) if kind == "pyarrow" else pd.DataFrame([[c[0] for c in cells]], columns=names)
    scored: Any = score_table(frame, assessor=fast, columns=["verdict"])
    assert type(scored) is type(frame)
    table = (
        scored if kind == "pyarrow" else pa.Table.from_arrays([*map(pa.array, scored.to_numpy().T)], names=list(scored))
    )
    assert table.column_names == [*names, "verdict"]
    assert [column.to_pylist()[0] for column in table.columns] == ["a", "Compute monthly payroll", "b", 3, "overkill"]
    with pytest.raises(UseCaseError, match="two columns are called 'note'; rename one"):
        score_table(frame, text="note", assessor=fast)
    with pytest.raises(UseCaseError, match="two columns are called 'note'; rename one"):
        score_table(frame, facts={"model": "note"}, assessor=fast)
