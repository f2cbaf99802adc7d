"""The command line as people meet it: each test runs a real process."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from command_line import ok, refused, run

import fitcheck
from fitcheck.cli import main
from fitcheck.commands.tables import heeding_interrupts
from fitcheck.rule_packs import load_rules
from fitcheck.show import refuse_file_name

COMMANDS = ("assess", "batch", "cost", "rules", "explain", "corpora", "train")
IDEA = "Draft replies to customer mails; a clerk edits each one before it goes out"


def imported(*arguments: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "fitcheck", *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=True,
    )
    return set(re.findall(r"^import time:.*\|\s*([\w.]+)$", done.stderr, re.MULTILINE))


def test_version_imports_next_to_nothing() -> None:
    assert ok("--version") == f"fitcheck {fitcheck.__version__}\n"
    assert not imported("--version") & {"typer", "rich", "numpy", "pydantic", "re2", "importlib.metadata"}


def test_an_idea_imports_no_heavy_library() -> None:
    heavy = {"torch", "sentence_transformers", "sklearn", "scipy", "pandas", "rich.console", "onnxruntime"}
    assert not imported(IDEA, "--json") & heavy


@pytest.mark.parametrize("arguments", [(), ("--help",), ("-h",)])
def test_help_names_every_command(arguments: tuple[str, ...]) -> None:
    text = ok(*arguments)
    assert all(re.search(rf"^  {name} ", text, re.MULTILINE) for name in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_examples(command: str) -> None:
    text = ok(command, "--help")
    assert "Examples:" in text
    assert f"fitcheck {command}" in text or command == "assess"


def test_a_text_is_assessed() -> None:
    short, long = json.loads(ok(IDEA, "--json")), json.loads(ok("assess", IDEA, "--json"))
    assert short == long
    assert short["verdict"] in {"fit", "assist", "overkill", "unfit", "unclear"}
    assert short["text"] == IDEA
    for verdict, total in short["totals"].items():
        assert total == round(sum(e["log_odds"] for e in short["ledger"] if e["verdict"] == verdict), 2)


def test_words_without_quotes_are_one_text() -> None:
    assert json.loads(ok(*IDEA.split(), "--json"))["text"] == IDEA


def test_markdown_and_terminal() -> None:
    markdown, plain = ok(IDEA, "--markdown"), ok(IDEA)
    assert "| --- |" in markdown or "| ---" in markdown
    assert "\x1b" not in plain + markdown
    assert IDEA[:30] in plain
    assert "适合" in ok(IDEA, "--lang", "zh") or "辅助" in ok(IDEA, "--lang", "zh")


def test_standard_input_of_any_encoding() -> None:
    text = "用大模型起草客户邮件的回复，专员逐封修改后再发出"
    for encoding, note in (("utf-8", ""), ("utf-8-sig", ""), ("gb18030", "GB18030"), ("utf-16", "UTF-16")):
        done = run("-", "--json", stdin=text.encode(encoding))
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["text"].startswith("用大模型起草")
        assert bool(done.stderr) == bool(note)
        assert note in done.stderr


def test_facts_reach_the_use_case() -> None:
    values = json.loads(
        ok(IDEA, "--json", "--calls-per-month", "900", "--tokens-in", "500", "--tokens-out", "200", "--model",
           "gpt-4o-mini", "--no-human-review", "--fact", "stakes=high", "--fact", "suppliers=openai,azure")
    )["use_case"]  # fmt: skip
    assert values == {
        "text": IDEA,
        "calls_per_month": 900.0,
        "tokens_in": 500,
        "tokens_out": 200,
        "model": "gpt-4o-mini",
        "human_review": False,
        "stakes": "high",
        "suppliers": ["openai", "azure"],
    }


def test_an_idea_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "idea.toml"
    file.write_text(f'text = "{IDEA}"\nhuman_review = true\ntokens_in = 700\n', encoding="utf-8")
    values = json.loads(ok("--from", file, "--json", "--tokens-in", "900"))["use_case"]
    assert values == {"text": IDEA, "human_review": True, "tokens_in": 900}
    assert "given twice" in refused("--from", file, "another idea")


REGISTERED = f'''
[[use_case]]
id = "replies"
text = "{IDEA}"
owner = "me"
expect = "fit"
tokens_in = 700
attributes.department = "hr"
[[use_case]]
id = "pay"
text = "Use an LLM to calculate monthly payroll"
model = "our-own-model"
'''


@pytest.mark.parametrize("name", ["hr.fit.toml", "hr.toml"])
def test_a_registered_idea_is_assessed_by_its_id(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    file.write_text(REGISTERED, encoding="utf-8")
    values = json.loads(ok("--from", file, "--id", "replies", "--json", "--tokens-out", "90"))["use_case"]
    assert values == {"text": IDEA, "id": "replies", "tokens_in": 700, "tokens_out": 90}
    assert "2 use cases; choose one by --id ID: replies, pay" in refused("--from", file)
    assert "no use case is called 'replys'; did you mean 'replies'?" in refused(
        "plan", "--from", file, "--id", "replys"
    )
    assert "--from FILE" in refused(IDEA, "--id", "pay")


def test_a_file_of_one_registered_idea_is_assessed_as_a_check_reads_it(tmp_path: Path) -> None:
    file = tmp_path / "pay.fit.toml"
    file.write_text('text = "Payroll by model"\nowner = "me"\nmodel = "our-own-model"\n', encoding="utf-8")
    done = run("--from", file, "--json")
    assert done.returncode == 0, done.stderr
    assert "'our-own-model'" in done.stderr
    assert "judged without a cost" in done.stderr
    report = json.loads(done.stdout)
    assert (report["use_case"]["id"], report["use_case"]["model"], report["cost"]) == ("pay", "our-own-model", None)


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (("ruels",), "did you mean 'rules'?"),
        (("explain", "exact-arithmetc"), "did you mean exact-arithmetic"),
        (("explain",), "Missing argument"),
        (("rules", "--chekc"), "No such option: --chekc"),
        ((IDEA, "--json", "--markdown"), "exclude each other"),
        ((IDEA, "--lang", "fr"), "fr"),
        ((IDEA, "--fact", "tokens_in"), "write name=value"),
        ((IDEA, "--fact", "tokens_inn=4"), "did you mean 'tokens_in'?"),
        ((IDEA, "--fact", "stakes=huge"), "stakes"),
        ((IDEA, "--tokens-in", "-4"), "tokens_in"),
        ((IDEA, "--rules", "absent"), "absent: no such file or folder"),
        ((IDEA, "--extra-rules", "absent"), "absent: no such file or folder"),
        (("--json",), "no idea is given"),
        (("batch", "absent.csv"), "absent.csv: No such file"),
        (("rules", "absent"), "absent: no such file or folder"),
        (("rules", "--check", "absent"), "absent: no such file or folder"),
        (("corpora", "absent"), "absent: no such file or folder"),
        (("corpora", "--check", "absent"), "absent"),
    ],
)
def test_errors_are_one_message_and_exit_code_2(arguments: tuple[str, ...], what: str) -> None:
    assert what in refused(*arguments)


@pytest.mark.parametrize("name", ["nosuch.csv", "想法.xlsx", "a/b.json", "notes.MD", "idea.toml", "t.parquet"])
@pytest.mark.parametrize("command", [(), ("assess",), ("plan",), ("ask",)])
def test_the_name_of_a_file_that_is_not_there_is_refused(name: str, command: tuple[str, ...]) -> None:
    said = refused(*command, name)
    assert f"{name!r} is a file's name, not an idea, and no such file is there" in said


@pytest.mark.parametrize("idea", ["Fill in orders.csv", "汇总成report.csv", "把每张发票的税额核对一遍再写进结果.xlsx"])
def test_a_sentence_that_ends_in_a_file_is_an_idea(idea: str) -> None:
    refuse_file_name(idea)


def test_a_text_file_that_is_there_is_no_idea_either(tmp_path: Path) -> None:
    (tmp_path / "idea.txt").write_text("Draft replies", "utf-8")
    assert f"run: fitcheck - < {tmp_path / 'idea.txt'}" in refused(tmp_path / "idea.txt")


def test_a_file_name_is_not_an_idea(tmp_path: Path) -> None:
    (tmp_path / "ideas.csv").write_text("idea\nx\n")
    assert "fitcheck batch" in refused(tmp_path / "ideas.csv")


def test_batch(tmp_path: Path) -> None:
    (tmp_path / "ideas.csv").write_text(f'ref,idea\n1,"{IDEA}"\n2,\n3,用大模型写广告文案\n', encoding="utf-8")
    done = run("batch", tmp_path / "ideas.csv")
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    assert "3 ideas: " in done.stderr
    assert "1 error" in done.stderr
    assert "\x1b" not in done.stderr
    written = (tmp_path / "ideas.scored.csv").read_text("utf-8")
    rows = list(csv.DictReader(io.StringIO(written)))
    assert [r["ref"] for r in rows] == ["1", "2", "3"]
    assert [bool(r["verdict"]) for r in rows] == [True, False, True]
    quiet = run("batch", "-", "-o", "-", "--quiet", stdin=(tmp_path / "ideas.csv").read_bytes())
    assert quiet.stderr == ""
    assert quiet.stdout == written


def test_batch_and_single_agree(tmp_path: Path) -> None:
    (tmp_path / "ideas.csv").write_text(f"idea,human_review\n{IDEA},no\n", encoding="utf-8")
    (row,) = csv.DictReader(io.StringIO(ok("batch", tmp_path / "ideas.csv", "-o", "-", "-q")))
    report = json.loads(ok(IDEA, "--no-human-review", "--json"))
    assert row["verdict"] == report["verdict"]
    for name, p in report["probabilities"].items():
        assert float(row[f"p_{name}"]) == pytest.approx(p, abs=5e-5)


def test_rules_and_their_pages() -> None:
    rules = load_rules()
    table = ok("rules")
    assert all(rule.id in table for rule in rules)
    assert {r["id"] for r in json.loads(ok("rules", "--json"))} == {rule.id for rule in rules}
    stale = json.loads(ok("rules", "--stale", "--json"))
    assert all(r["stale"] for r in stale)
    first = rules[0]
    assert first.title.en in ok("explain", first.id)
    assert first.title.zh in ok("explain", first.id, "--lang", "zh")
    assert json.loads(ok("explain", first.id, "--json"))["id"] == first.id
    assert ok("explain", first.id, "--markdown").startswith("#")


def test_checking_a_pack(tmp_path: Path) -> None:
    first = load_rules()[0]
    source = Path(__file__).parents[1] / "rules" / first.family / f"{first.id}.toml"
    folder = tmp_path / first.family
    folder.mkdir()
    (folder / source.name).write_bytes(source.read_bytes())
    done = run("rules", "--check", tmp_path)
    assert "1 rules on" in done.stdout
    assert done.returncode == 0, done.stdout
    (folder / "broken.toml").write_text("schema = 1\nid = broken\n")
    few = Path(__file__).parents[1] / "corpora" / "memo.jsonl"
    done = run("rules", "--check", tmp_path, "--corpora", few)
    assert done.returncode == 2
    assert f"{folder / 'broken.toml'}:2: error: not valid TOML" in done.stdout
    as_json = run("rules", "--check", tmp_path, "--corpora", few, "--json")
    assert as_json.returncode == 2
    assert json.loads(as_json.stdout)["findings"][0]["line"] == 2


def test_corpora(tmp_path: Path) -> None:
    assert json.loads(ok("corpora", "--json"))["scenarios"] > 2000
    assert "scenarios of" in ok("corpora")
    (tmp_path / "a.jsonl").write_text("{}\n")
    done = run("corpora", "--check", tmp_path)
    assert done.returncode == 2
    assert "a.jsonl:1: error: missing" in done.stdout


def test_a_closed_pipe_is_quiet() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "fitcheck", "rules", "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.read(10)
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait(timeout=30) == 141


def test_an_interrupt_is_quiet_and_leaves_nothing_but_what_the_next_run_goes_on_from(tmp_path: Path) -> None:
    (tmp_path / "ideas.csv").write_text("idea\n" + f"{IDEA}\n" * 200_000)
    process = subprocess.Popen(
        [sys.executable, "-X", "faulthandler", "-m", "fitcheck", "batch", tmp_path / "ideas.csv"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    deadline = time.monotonic() + 30
    while len(list(tmp_path.iterdir())) < 2 and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    try:
        out, err = process.communicate(timeout=30)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGABRT)  # it prints where every thread stands
        pytest.fail(f"still there after 30 s: {process.communicate(timeout=30)[1].decode()}")
    assert (process.returncode, out, err) == (130, b"", b"")
    # whether a first block was judged by then hangs on the machine
    assert {p.name for p in tmp_path.iterdir()} - {".ideas.scored.csv.fitcheck"} == {"ideas.csv"}


def test_an_interrupt_before_anything_was_judged_says_so_to_a_person(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("fitcheck.batch.score_file", interrupt)
    assert main(["batch", str(tmp_path / "in.csv")]) == 130
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    assert main(["batch", str(tmp_path / "in.csv"), "--quiet"]) == 130
    assert capsys.readouterr().err == ""
    assert main(["batch", str(tmp_path / "in.csv")]) == 130
    assert "nothing was judged yet, and nothing is written" in capsys.readouterr().err


def test_an_interrupt_that_is_swallowed_is_remembered() -> None:
    # another test's Spark session leaves a handler of its own in this process
    found = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with heeding_interrupts() as interrupted:
            assert not interrupted()
            with contextlib.suppress(KeyboardInterrupt):
                signal.raise_signal(signal.SIGINT)
            assert interrupted()
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    finally:
        signal.signal(signal.SIGINT, found)


@pytest.mark.parametrize("encoding", ["ascii", "gbk", "cp1252"])
def test_output_never_fails_for_an_encoding(encoding: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "fitcheck", "用大模型写诗，作者自己挑选", "--lang", "zh"],
        capture_output=True,
        check=False,
        timeout=60,
        env=os.environ | {"PYTHONIOENCODING": encoding},
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.decode(encoding)


def test_pipes_carry_utf8_whatever_the_locale() -> None:
    text = ok("写诗", "--json", LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    assert json.loads(text)["lang"] == "zh"
