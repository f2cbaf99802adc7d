"""The benchmark of speed: made-up ideas, its arithmetic, and its command with stand-ins for the timed processes."""

from __future__ import annotations

import csv
import datetime as dt
import json
import sys
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from benchmarks import growth, llm_judge, one_run, processes, rows, speed, speed_runs
from benchmarks.peers import PEERS, Setup
from benchmarks.spread import Spread
from fitcheck import judge, reporting
from fitcheck.corpus import Scenario, load_corpus
from fitcheck.text import detect_language

SETUP = Setup((("Draft replies to customer mails", "fit"), ("起草给客户的回信", "fit")))
MINILM, TOKENIZER = PEERS["minilm_head"].title, PEERS["tokenizer"].title


def timed(ideas_per_s: float, peak_mb: float = 100.0) -> dict[str, float]:
    """What `benchmarks.one_run` prints."""
    figures = {"ideas": 10, "load_s": 1.0, "ready_s": 0.5, "peak_mb": peak_mb, "single_ms": 2.0, "single_ms_95": 4.0}
    return figures | dict.fromkeys(("ideas_per_s", "ideas_per_s_en", "ideas_per_s_zh"), ideas_per_s)


# made-up ideas


@pytest.fixture(scope="module")
def made_up() -> list[str]:
    return list(rows.ideas(2_000))


def test_ideas_are_the_same_each_time_and_all_different(made_up: list[str]) -> None:
    assert list(rows.ideas(2_000)) == made_up
    assert len(set(made_up)) == 2_000


def test_fewer_ideas_are_the_beginning_of_more(made_up: list[str]) -> None:
    assert list(islice(rows.ideas(10**9), 50)) == made_up[:50]


def test_another_seed_gives_other_ideas(made_up: list[str]) -> None:
    assert len(set(rows.ideas(2_000, seed=1)) & set(made_up)) < 20


def test_ideas_come_in_english_and_chinese_in_turn(made_up: list[str]) -> None:
    languages = [detect_language(text) for text in made_up]
    assert languages[::2].count("en") > 980
    assert languages[1::2].count("zh") > 980


def test_no_pair_of_pieces_comes_twice_before_all_have_come() -> None:
    import random

    pairs = rows._pairs("abcdef", "uvwxyz", random.Random(3))
    assert len(set(islice(pairs, 36))) == 36


def test_a_table_of_ideas_is_written(tmp_path: Path, made_up: list[str]) -> None:
    assert rows.main(["5", str(tmp_path / "ideas.csv")]) == 0
    with (tmp_path / "ideas.csv").open(encoding="utf-8", newline="") as file:
        assert [row["idea"] for row in csv.DictReader(file)] == made_up[:5]


def test_a_folder_that_is_not_there_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert rows.main(["5", str(tmp_path / "nowhere" / "ideas.csv")]) == 2
    assert "nowhere" in capsys.readouterr().err


# one timed run


def answering(answer: Callable[[list[str]], Any]) -> Callable[[Setup], Callable[[list[str]], Any]]:
    return lambda setup: answer


def test_a_timed_run_counts_ideas_by_language() -> None:
    seen: list[list[str]] = []
    texts = {"en": ["one", "two", "three"], "zh": ["甲", "乙"]}
    figures = one_run.measure(answering(lambda given: seen.append(given) or given), SETUP, texts, ["x", "y"])
    assert figures["ideas"] == 5
    assert figures["ideas_per_s"] > 0
    assert 10 < figures["peak_mb"] < 100_000
    assert 0 < figures["single_ms"] <= figures["single_ms_95"]
    assert seen == [["one", "two", "three"], ["甲", "乙"], ["x"], ["y"]]


def test_an_answer_too_few_is_an_error() -> None:
    with pytest.raises(RuntimeError, match="0 answers to 1 ideas"):
        one_run.measure(answering(lambda texts: []), SETUP, {"en": ["one"]})


def test_a_long_table_is_read_in_parts(tmp_path: Path) -> None:
    parts: list[list[str]] = []
    (tmp_path / "rows.jsonl").write_text('"a"\n"b"\n"c"\n', encoding="utf-8")
    load = answering(lambda texts: parts.append(texts) or texts)
    figures = one_run.measure_rows(load, SETUP, tmp_path / "rows.jsonl", ["before"], at_once=2)
    assert figures["ideas"] == 3 and figures["ready_s"] > 0
    assert parts == [["before"], ["a", "b"], ["c"]]


def test_a_scored_table_has_a_row_for_each_idea() -> None:
    work = one_run.RUNS["table_rows"](Setup(SETUP.training, reading="fast"))
    scored = work(["Draft replies to customer mails", "", "起草给客户的回信"])
    assert len(scored) == 3
    assert scored.column("error").is_valid().to_pylist() == [False, True, False]


def test_pricing_is_switched_off_where_a_run_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    for room in (judge, reporting):
        monkeypatch.setattr(room, "price", room.price)  # put back after the test
    [report] = one_run.RUNS["unpriced"](Setup(SETUP.training, reading="fast"))(["Draft replies to customer mails"])
    assert report.use_case.calls_per_month == 40_000
    assert report.cost is None


def test_processes_share_the_work_and_keep_the_order(monkeypatch: pytest.MonkeyPatch) -> None:
    for limit in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "TOKENIZERS_PARALLELISM"):
        monkeypatch.setenv(limit, "")  # what the processes are told is taken back after the test
    spread = Spread(PEERS["tokenizer"].load, Setup(SETUP.training, processes=2))
    texts = [f"idea {number}" for number in range(100)]
    answers = spread(texts)
    spread.close()
    alone = PEERS["tokenizer"].load(SETUP)(texts)
    assert len(answers) == 100
    assert [one.ids for block in answers.blocks for one in block] == [one.ids for one in alone]
    assert spread.peak_mb > 20


# processes


def test_limits_set_for_other_work_do_not_tie_the_peers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    asked = "import os; print(os.environ.get('OMP_NUM_THREADS'), os.environ['HF_HUB_OFFLINE'])"
    assert processes.run([sys.executable, "-c", asked]).split() == ["None", "1"]


def test_memory_of_child_processes_counts() -> None:
    hold = "import time; held = b'x' * 60_000_000; time.sleep(.4)"
    alone = processes.run_timed([sys.executable, "-c", hold])
    family = processes.run_timed(
        [sys.executable, "-c", f"import subprocess, sys; subprocess.run([sys.executable, '-c', {hold!r}])\n{hold}"]
    )
    assert alone.peak_mb is not None and alone.peak_mb > 60
    assert family.peak_mb is not None and family.peak_mb > alone.peak_mb
    assert family.seconds > alone.seconds


def test_without_psutil_memory_is_not_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "find_spec", lambda name: None)
    assert processes.run_timed([sys.executable, "-c", ""]).peak_mb is None


def test_a_process_that_fails_is_named() -> None:
    with pytest.raises(processes.RunFailed, match=r"ended with 3:\n.*no model"):
        processes.run_timed([sys.executable, "-c", "import sys; print('no model', file=sys.stderr); sys.exit(3)"])


# side by side


def test_rounds_are_summed_up() -> None:
    ours = speed_runs.summary([timed(500, 100), timed(700, 120), timed(900, 110)])
    assert ours["ideas_per_s"] == {"best": 900, "median": 700}
    assert ours["single_ms"] == {"best": 2.0, "median": 2.0}
    assert ours["peak_mb"] == 120


def test_runs_are_set_beside_minilm_and_the_tokenizer() -> None:
    runs = {"ours": timed(700, 120), MINILM: timed(70, 960), TOKENIZER: timed(2_100, 30)}
    figures = speed_runs.ratios({name: speed_runs.summary([one]) for name, one in runs.items()})
    assert figures["ours"]["ideas_per_s"] == pytest.approx(10)
    assert figures["ours"]["less_memory"] == pytest.approx(8)
    assert figures["ours"]["tokenizer_times"] == pytest.approx(3)
    assert figures[MINILM] == {"tokenizer_times": pytest.approx(30)}
    assert speed_runs.ratios({"ours": speed_runs.summary([timed(700)])}) == {}


def test_what_is_not_installed_is_absent_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speed_runs, "find_spec", lambda name: None if name in ("setfit", "pyarrow") else "there")
    runs, absent = speed_runs.planned(4, minilm="/models/minilm", priced=True)
    assert absent[PEERS["setfit"].title] == "setfit is not installed: pip install 'usecase-fitcheck[bench]'"
    assert absent["fitcheck --fast, scored rows, score_table"].startswith("pyarrow not installed")
    assert runs[MINILM] == speed_runs.Run("minilm_head", ("--folder", "/models/minilm"))
    assert runs["fitcheck, probabilities, 4 processes"].arguments == ("--reading", "cascade", "--processes", "4")
    assert "fitcheck, reports with a volume" in runs


@pytest.fixture(scope="module")
def corpus() -> tuple[Scenario, ...]:
    return load_corpus()


@pytest.fixture
def no_processes(monkeypatch: pytest.MonkeyPatch, corpus: tuple[Scenario, ...]) -> list[Sequence[str]]:
    """Answer at once for every process that the benchmark would start; return what would have been started."""
    started: list[Sequence[str]] = []

    def run(command: Sequence[str]) -> str:
        started.append(command)
        if "benchmarks.rows" in command:
            assert rows.main(list(command[3:])) == 0
        if "setfit" in command:
            raise processes.RunFailed("ImportError: too new")
        return json.dumps(timed(50.0 if "minilm_head" in command else 500.0))

    def run_timed(command: Sequence[str]) -> processes.Timed:
        started.append(command)
        Path(command[command.index("-o") + 1]).touch()
        return processes.Timed(2.0, None)

    monkeypatch.setattr(speed, "load_corpus", lambda: corpus)
    monkeypatch.setattr(speed, "texts_of", lambda split: {"en": ["Draft a reply"] * 9, "zh": ["起草回信"] * 9})
    monkeypatch.setattr(speed, "run", run)
    monkeypatch.setattr(growth, "run", run)
    monkeypatch.setattr(growth, "run_timed", run_timed)
    monkeypatch.setattr(growth, "cores", lambda: 2)
    monkeypatch.setattr(speed, "cores", lambda: 2)
    monkeypatch.setattr(speed_runs, "find_spec", lambda name: "there")
    return started


def test_the_whole_benchmark_prints_every_part(
    no_processes: list[Sequence[str]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "speed.json"
    few = ["--rounds", "1", "--starts", "2", "--texts", "3", "--rows", "20", "10"]
    assert speed.main([*few, "--json", str(file)]) == 0
    out = capsys.readouterr().out
    written = json.loads(file.read_text(encoding="utf-8"))
    assert set(written["cold_start_s"]["fitcheck --version"]) == {"best", "median"}
    assert written["ratios"]["fitcheck --fast, probabilities"]["ideas_per_s"] == pytest.approx(10)
    assert written["absent"] == {PEERS["setfit"].title: "ImportError: too new"}
    assert "Absent: SetFit MiniLM, predict: ImportError: too new" in out
    assert [bill["model"] for bill in written["llm_judge"]] == [judge.model for judge in llm_judge.JUDGES]
    assert written["growth"]["linearity"]["fast, 2 processes"] == pytest.approx(1)
    assert written["growth"]["commands"]["cascade, 20 rows"]["rows_per_s"] == pytest.approx(10)
    assert "Without psutil" in out


def test_parts_can_be_left_out(no_processes: list[Sequence[str]], capsys: pytest.CaptureFixture[str]) -> None:
    assert speed.main(["--rounds", "1", "--texts", "3", "--rows", "10", "--only", "growth"]) == 0
    assert all("minilm_head" not in command for command in no_processes)
    assert "judged by an LLM" not in capsys.readouterr().out


def test_without_pyarrow_growth_says_what_to_install(
    no_processes: list[Sequence[str]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(speed_runs, "find_spec", lambda name: None)
    assert speed.main(["--texts", "3", "--only", "growth"]) == 0
    assert "No growth: pyarrow and narwhals not installed: pip install" in capsys.readouterr().out


def test_a_run_of_fitcheck_that_fails_ends_the_benchmark(
    no_processes: list[Sequence[str]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(speed, "fitcheck_command", lambda: [sys.executable, "-c", "import sys; sys.exit('no model')"])
    monkeypatch.setattr(speed, "run", processes.run)
    assert speed.main(["--starts", "1", "--only", "cold"]) == 2
    assert "no model" in capsys.readouterr().err


# growth


def test_processes_between_one_and_all_are_tried_at_one_size_only() -> None:
    tried = [(c.processes, c.rows) for c in growth.cells([100_000, 1_000, 10_000], 6) if c.reading == "cascade"]
    few, most = [(1, 1_000), (6, 1_000)], [(1, 100_000), (6, 100_000)]
    assert tried == [*few, (1, 10_000), (2, 10_000), (4, 10_000), (6, 10_000), *most]


def test_linearity_is_the_time_of_a_row_in_the_largest_table_over_the_smallest() -> None:
    cells = {
        growth.Cell("fast", 1, n): {"us_per_row": us} for n, us in ((1_000, 100.0), (10_000, 90.0), (10**6, 115.0))
    }
    cells[growth.Cell("cascade", 1, 1_000)] = {"us_per_row": 1.0}
    assert growth.linearity(cells) == {"fast, 1 processes": pytest.approx(1.15)}


# the bill of an LLM judge


def test_a_judge_is_paid_for_the_guide_the_idea_and_the_answer() -> None:
    judge = llm_judge.Judge("gpt-4o-mini", "openai", 0.5, 100.0, "assumed")
    [bill] = llm_judge.bills({"en": ["Draft a reply"] * 3, "zh": ["起草回信"]}, [judge], on=dt.date(2026, 11, 1))
    assert llm_judge.PROMPT_TOKENS < bill["tokens_in"] < llm_judge.PROMPT_TOKENS + 10
    # USD .15 and .60 a million tokens; half of it by the batch price
    usd_per_call = (0.15 * bill["tokens_in"] + 0.60 * llm_judge.ANSWER_TOKENS) / 1e6
    assert bill["usd"] == pytest.approx(4 * usd_per_call)
    assert bill["usd_least"] == pytest.approx(2 * usd_per_call)
    assert bill["usd_a_million"] == pytest.approx(1e6 * usd_per_call)
    assert bill["hours_singly"] == pytest.approx(4 * 2.0 / 3600)
    assert bill["hours_a_million"] == pytest.approx(1e6 * 2.0 / 3600 / 50)
