"""The lock file: what it keeps, that it is written whole and calmly, and what it says has moved."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import CONTRACT, PAYROLL, POEM

import fitcheck.commands.lock
from fitcheck.cli import main
from fitcheck.errors import UseCaseError
from fitcheck.policy import Entry
from fitcheck.policy.drift import compare, lock_findings, update_lock
from fitcheck.policy.lock import Lock, Locked, find_lock, read_lock, record, rules_version, write_lock
from fitcheck.records import Cost, Report, Verdict, Versions
from fitcheck.use_case import UseCase

assert fitcheck.commands.lock
DAY, LATER = dt.date(2026, 11, 1), dt.date(2026, 12, 1)


def entry(folder: Path, name: str = "pay", text: str = "Payroll by model", **facts: Any) -> Entry:
    path = folder / "ideas.fit.toml"
    return Entry(name, UseCase(text=text, id=name, **facts), None, None, {}, path, 1)


def locked(report: Report = PAYROLL, day: dt.date = DAY, *, text: str = "Payroll by model", **facts: Any) -> Locked:
    folder = Path("/repo")
    return record(entry(folder, text=text, **facts), report, rules="aaaa 187", today=day, beside=folder)


def judged(folder: Path, report: Report = PAYROLL, names: Sequence[str] = ("pay",)) -> list[tuple[Entry, Report]]:
    return [(entry(folder, name), report) for name in names]


def test_a_lock_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "fitcheck.lock"
    written = write_lock(path, {"pay": locked(suppliers=("a", "b"), human_review=True), "词": locked(POEM)})
    assert read_lock(path) == written
    assert written.ideas["pay"].facts == {"human_review": True, "suppliers": ["a", "b"]}


def test_the_block_of_an_idea() -> None:
    block = locked(calls_per_month=1200)
    assert (block.path, block.verdict, block.facts) == ("ideas.fit.toml", Verdict.OVERKILL, {"calls_per_month": 1200.0})
    assert block.cost is not None
    assert (block.cost.usd_per_month, block.cost.source) == (0.342, "genai-prices 0.2.3")
    assert block.ledger["rule exact-arithmetic core"] == "overkill +1.60"
    assert block.ledger["prior"] == "fit +0.42 assist +0.03 overkill -0.11 unfit -0.34"
    assert block.sizes()["scenarios whole text"]["overkill"] == 1.04


def test_the_ledger_that_is_kept_adds_up_to_the_reports() -> None:
    sizes = locked().sizes()
    for verdict, total in PAYROLL.totals().items():
        assert sum(row.get(verdict, 0.0) for row in sizes.values()) == pytest.approx(total)


def test_ideas_are_sorted_whatever_their_order(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    write_lock(one, {"b": locked(), "a": locked(POEM)})
    write_lock(other, {"a": locked(POEM), "b": locked()})
    assert one.read_bytes() == other.read_bytes()
    assert list(read_lock(one).ideas) == ["a", "b"]


def test_a_day_alone_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "fitcheck.lock"
    update_lock(path, judged(tmp_path), None, today=DAY)
    before = path.read_bytes()
    assert update_lock(path, judged(tmp_path), None, today=LATER) == []
    assert path.read_bytes() == before


def test_one_idea_is_one_block_of_the_difference(tmp_path: Path) -> None:
    path = tmp_path / "fitcheck.lock"
    update_lock(path, judged(tmp_path, names=("a", "b", "c")), None, today=DAY)
    before = read_lock(path)
    changed = [*judged(tmp_path, names=("a", "c")), *judged(tmp_path, POEM, names=("b",))]
    assert [f.entry.id for f in update_lock(path, changed, None, today=LATER) if f.severity == "error"] == ["b"]
    after = read_lock(path)
    assert (after.ideas["a"], after.ideas["c"]) == (before.ideas["a"], before.ideas["c"])
    assert after.ideas["b"].verdict is Verdict.FIT


def test_ideas_of_files_not_looked_at_are_kept_while_their_file_is_there(tmp_path: Path) -> None:
    path = tmp_path / "fitcheck.lock"
    (tmp_path / "there.fit.toml").write_text("", "utf-8")
    elsewhere = locked().model_copy(update={"path": "there.fit.toml"})
    gone = locked().model_copy(update={"path": "gone.fit.toml"})
    removed = locked()
    before = Lock(ideas={"elsewhere": elsewhere, "gone": gone, "removed": removed})
    assert list(write_lock(path, {"pay": locked()}, before=before).ideas) == ["elsewhere", "pay"]


def test_nothing_has_moved() -> None:
    assert compare(locked(), locked(day=LATER)) == []


def test_an_idea_that_is_not_recorded_is_a_warning() -> None:
    (drift,) = compare(None, locked())
    assert (drift.kind, drift.severity) == ("unrecorded", "warning")


def turned(now: Locked, before: Locked | None = None) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    drift = next(d for d in compare(before or locked(), now) if d.kind == "verdict")
    assert drift.severity == "error"
    return drift.message, drift.causes, drift.rows


def test_a_withheld_verdicts_probability_is_told_as_its_own() -> None:
    sure = replace(PAYROLL, probabilities={"fit": 0.01, "assist": 0.01, "overkill": 0.9664, "unfit": 0.0136})
    withheld = replace(sure, verdict=Verdict.UNCLEAR, why_unclear="too risky")
    unclear = locked(withheld).model_copy(update={"risk": 0.02})
    now, before = turned(unclear, locked(sure))[0], turned(locked(sure), unclear)[0]
    assert now.startswith(
        "the verdict turned from overkill (97%) to unclear (overkill had 97%, and the policy asks for 98%)"
    )
    assert "from unclear (overkill had 97%, and the policy asked for 98%) to overkill (97%)" in before
    close = unclear.model_copy(update={"risk": 0.033})
    assert "and the policy asks for 96.7%)" in turned(close, locked(sure))[0]
    assert "to unclear (overkill had 97%) since" in turned(locked(withheld), locked(sure))[0]
    assert "（大材小用的概率为 97%，策略要求 98%）" in compare(locked(sure), unclear, lang="zh")[0].message


def test_an_edited_idea_turns_a_verdict() -> None:
    message, causes, rows = turned(locked(CONTRACT, text="Contract by model"))
    assert message.startswith("the verdict turned from overkill (>99%) to assist (")
    assert message.endswith("since 2026-11-01")
    assert causes[0] == "the idea's text was edited"
    assert rows[:2] == (
        "scenarios whole text: fit -0.61 assist -0.20 overkill +1.04 unfit -0.23 → "
        "fit +0.36 assist +1.14 overkill -1.02 unfit -0.48",
        "scenarios core task: fit -0.95 assist -0.48 overkill +1.66 unfit -0.23 → absent",
    )


def test_white_space_is_no_edit() -> None:
    assert compare(locked(text="Payroll  by\n model"), locked()) == []


def test_a_changed_fact_is_named() -> None:
    _, causes, _ = turned(locked(CONTRACT, human_review=True))
    assert "human_review unknown → true" in causes


def test_another_model_and_other_rules_are_named() -> None:
    info = Versions("0.2.0", "bilingual-small ffffff", 84)
    now = locked(replace(CONTRACT, info=info)).model_copy(update={"rules": "bbbb 190"})
    _, causes, _ = turned(now)
    assert set(causes) >= {
        "another model (bilingual-small 3f9a1c → bilingual-small ffffff)",
        "other rules (aaaa 187 → bbbb 190)",
        "another fitcheck (0.1.0 → 0.2.0)",
    }


def test_another_risk_is_named_where_no_row_moved() -> None:
    now = locked(replace(PAYROLL, verdict=Verdict.UNCLEAR)).model_copy(update={"risk": 0.001})
    _, causes, rows = turned(now)
    assert (causes, rows) == (("another risk accepted (unknown → 0.001)",), ())


def priced(**changes: Any) -> Report:
    assert isinstance(PAYROLL.cost, Cost)
    return replace(PAYROLL, cost=replace(PAYROLL.cost, **changes))


def test_a_price_that_changed_is_told_with_both_sources() -> None:
    now = locked(priced(usd_per_1000_calls=0.5, usd_per_month=0.6, price_source="genai-prices 0.3.0"))
    (drift,) = compare(locked(), now)
    assert (drift.kind, drift.severity) == ("cost", "warning")
    assert drift.message == "the cost moved from 0.342 to 0.6 USD a month since 2026-11-01"
    assert drift.causes == (
        "the price changed, 0.285 → 0.5 USD per 1,000 calls (genai-prices 0.2.3 → genai-prices 0.3.0)",
    )


def test_a_volume_that_changed_moves_the_cost() -> None:
    now = locked(priced(calls_per_month=2400.0, usd_per_month=0.684), calls_per_month=2400)
    (drift,) = compare(locked(calls_per_month=1200), now)
    assert drift.causes == ("calls_per_month 1200 → 2400",)


def test_other_assumptions_move_the_cost() -> None:
    now = locked(priced(model="gpt-5-mini", tokens_in=2000, usd_per_month=0.7))
    (drift,) = compare(locked(), now)
    assert drift.causes == (
        "another model is priced (gpt-4o-mini, openai → gpt-5-mini, openai)",
        "other tokens are assumed (900+250 → 2000+250 a call)",
    )


def test_a_cost_that_is_no_longer_known_is_told() -> None:
    (drift,) = compare(locked(), locked(priced(usd_per_month=None, calls_per_month=None)))
    assert drift.message == "the cost moved from 0.342 to unknown USD a month since 2026-11-01"


def test_a_cost_that_hardly_moves_is_not_told() -> None:
    assert compare(locked(), locked(priced(usd_per_month=0.36))) == []


def test_evidence_that_expired_is_told() -> None:
    stale = tuple(replace(e, stale=e.id == "exact-arithmetic") for e in PAYROLL.ledger)
    (drift,) = compare(locked(), locked(replace(PAYROLL, ledger=stale)))
    assert (drift.kind, drift.severity) == ("expired", "warning")
    assert "rule exact-arithmetic core" in drift.message


def test_findings_say_what_turned_it_in_one_line_in_both_languages(tmp_path: Path) -> None:
    update_lock(tmp_path / "fitcheck.lock", judged(tmp_path), None, today=DAY)
    for lang, told in (("en", "what turned it: "), ("zh", "原因：")):
        findings = lock_findings(judged(tmp_path, CONTRACT), None, start=tmp_path, lang=lang, today=LATER)  # type: ignore[arg-type]
        turned_it = next(f for f in findings if f.severity == "error")
        assert turned_it.requirement == "drift"
        assert told in turned_it.message
        assert "rule exact-arithmetic core: overkill +1.60 → " in turned_it.message
        assert "\n" not in turned_it.message + turned_it.remedy


def test_without_a_lock_file_nothing_is_found(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    assert lock_findings(judged(tmp_path), None, start=tmp_path) == []


def test_the_lock_is_looked_for_up_to_the_repository(tmp_path: Path) -> None:
    inner = tmp_path / "repo" / "ideas"
    inner.mkdir(parents=True)
    (tmp_path / "repo" / ".git").mkdir()
    (tmp_path / "fitcheck.lock").write_text("{}", "utf-8")
    assert find_lock(inner) is None
    (tmp_path / "repo" / "fitcheck.lock").write_text("{}", "utf-8")
    assert find_lock(inner) == tmp_path / "repo" / "fitcheck.lock"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", r"fitcheck.lock:1: not valid JSON .*delete it and run: fitcheck lock"),
        ('{\n<<<<<<< ours\n"a": 1\n=======\n', r"fitcheck.lock:2: a merge conflict"),
        ("[]", "delete it and run"),
        ('{"schema": 2, "ideas": {}}', "written by a newer fitcheck"),
        ('{"schema": 1, "ideas": {"a": {}, "a": {}}}', "'a' stands there twice"),
        ('{"schema": 1, "ideas": {"a": {"verdict": "great"}}}', r"ideas\.a\."),
        ("[" * 100_000, "nested too deeply"),
        ("\udcff", "not UTF-8"),
    ],
)
def test_a_broken_lock_is_refused_with_a_remedy(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "fitcheck.lock"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(UseCaseError, match=told):
        read_lock(path)


@settings(max_examples=30)
@given(name=st.text(min_size=1), text=st.text(min_size=1))
def test_any_name_and_text_survive(name: str, text: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.getbasetemp() / "any.lock"
    block = locked(text=text).model_copy(update={"facts": {"existing_solution": text}})
    write_lock(path, {name: block})
    assert read_lock(path).ideas == {name: block}


def test_the_rules_version_follows_the_rules(tmp_path: Path) -> None:
    assert rules_version(None).endswith(" 203")


def test_the_command_records_and_says_what_moved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()
    ideas = tmp_path / "ideas.fit.toml"
    ideas.write_text('[[use_case]]\nid = "poem"\ntext = "Write a birthday poem for a colleague"\n', "utf-8")
    assert main(["lock"]) == 0
    assert capsys.readouterr().out == "fitcheck.lock: 1 use case recorded, 0 changes of verdict or cost\n"
    assert json.loads((tmp_path / "fitcheck.lock").read_text("utf-8"))["ideas"]["poem"]["verdict"] == "fit"
    ideas.write_text('[[use_case]]\nid = "poem"\ntext = "Calculate the monthly payroll"\n', "utf-8")
    assert main(["lock", "--lang", "zh"]) == 0
    out = capsys.readouterr().out
    assert "ideas.fit.toml:1: poem: 结论自 " in out
    assert out.endswith("fitcheck.lock：记录了 1 个用例，结论或花费 2 处变动；重写：poem\n")


def test_the_command_names_what_it_writes_anew_and_what_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from fitcheck.cli import main

    monkeypatch.chdir(tmp_path)
    ideas = tmp_path / "ideas.fit.toml"
    one = '[[use_case]]\nid = "{}"\ntext = "Write a {} for a colleague"\n'
    ideas.write_text(one.format("poem", "birthday poem") + one.format("song", "farewell song"), "utf-8")
    assert main(["lock"]) == 0
    ideas.write_text(one.format("poem", "short birthday poem"), "utf-8")
    capsys.readouterr()
    assert main(["lock"]) == 0
    assert capsys.readouterr().out.splitlines()[-1].endswith("; written anew: poem; gone and dropped: song")


def test_a_lock_file_in_a_folder_that_is_missing_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "nodir" / "fitcheck.lock"
    assert main(["lock", str(tmp_path), "--out", str(out)]) == 2
    assert f"there is no folder {out.parent.as_posix()}" in capsys.readouterr().err
    with pytest.raises(UseCaseError, match="there is no folder"):
        write_lock(out, {})
