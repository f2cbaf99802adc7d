"""`fitcheck check`: the sample repository with the real assessor, and the command with all its options."""

from __future__ import annotations

import datetime as dt
import json
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, ClassVar

import jsonschema
import pytest
from junitparser import JUnitXml
from policy_stub import Stub

import fitcheck.commands.check
from fitcheck.cli import main
from fitcheck.errors import FitcheckError
from fitcheck.pipeline import Assessor
from fitcheck.policy import CheckResult, check_entries, judging, load_policy, read_registry
from fitcheck.policy.formats import FORMATS, format_result
from fitcheck.policy.judging import AssessesInParallel, load_assessor
from fitcheck.policy.requirements import KINDS
from fitcheck.records import Report
from fitcheck.use_case import UseCase

SAMPLE = Path(__file__).parent / "policy_sample"
SCHEMA = json.loads((Path(__file__).parent / "schemas" / "sarif-2.1.0.json").read_text("utf-8-sig"))
TODAY = dt.date(2026, 11, 22)
NEW = {"hotline": "dependence", "nobodys": "owner", "contracts": "approval"}

assert fitcheck.commands.check.check is not None


class Remembering:
    """The real assessor, which judges each of the sample's ideas once."""

    def __init__(self, assessor: Assessor) -> None:
        self._assessor = assessor
        self._known: dict[UseCase, Report | FitcheckError] = {}
        self.rules = assessor.rules

    def assess_each(
        self, ideas: Iterable[UseCase], *, today: dt.date | None = None
    ) -> Iterator[Report | FitcheckError]:
        asked = list(ideas)
        new = [idea for idea in asked if idea not in self._known]
        self._known.update(zip(new, self._assessor.assess_each(new, today=TODAY), strict=True))
        return iter([self._known[idea] for idea in asked])


@pytest.fixture(scope="module")
def assessor() -> Remembering:
    return Remembering(load_assessor(load_policy(None, start=SAMPLE)))


@pytest.fixture(scope="module")
def sample(assessor: Remembering) -> CheckResult:
    return check_entries(read_registry([SAMPLE]), load_policy(None, start=SAMPLE), assessor, today=TODAY)


def broken(result: CheckResult) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for finding in result.findings:
        found.setdefault(finding.entry.id, set()).add(finding.requirement)
    return found


# the sample ----------------------------------------------------------------------------------------------------------


def test_the_sample_holds_forty_use_cases(sample: CheckResult) -> None:
    assert len(sample.entries) == 40
    assert {e.path.suffix for e in sample.entries} == {".toml", ".csv", ".jsonl"}


def test_each_use_case_breaks_what_it_is_meant_to(sample: CheckResult) -> None:
    meant = {
        e.id: {name.strip() for name in e.attributes["breaks"].replace(",", ";").split(";")}
        for e in sample.entries
        if e.attributes.get("breaks")
    }
    assert broken(sample) == meant


def test_every_requirement_fails_somewhere_and_holds_somewhere(sample: CheckResult) -> None:
    failed = {o.requirement for o in sample.outcomes if o.finding is not None}
    held = {o.requirement for o in sample.outcomes if o.finding is None}
    assert failed == held == {r.id for r in sample.policy.requirements}


def test_the_waivers_hold(sample: CheckResult) -> None:
    assert {(f.entry.id, f.requirement) for f in sample.findings if f.waived} == {
        ("payroll", "allowed-verdicts"),
        ("catalogue-texts", "cost-per-month"),
    }
    assert sample.problems == ()


def test_two_processes_find_what_one_does(sample: CheckResult) -> None:
    parallel = AssessesInParallel(sample.policy, 2)
    again = check_entries(sample.entries, sample.policy, parallel, today=TODAY)
    assert [report for _, report in again.judged] == [report for _, report in sample.judged]
    assert again.findings == sample.findings


# the command ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def repository(tmp_path: Path, assessor: Remembering, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Lend a copy of the sample as a working folder, and the assessor that is loaded already."""
    monkeypatch.setattr(judging, "load_assessor", lambda policy: assessor)
    shutil.copytree(SAMPLE, tmp_path / "repo")
    monkeypatch.chdir(tmp_path / "repo")
    yield tmp_path / "repo"


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Lend a small registry that holds, and a stub that judges it."""
    monkeypatch.setattr(judging, "load_assessor", lambda policy: Stub())
    (tmp_path / "fitcheck-policy.toml").write_text('[[require]]\nrequirement = "owner"\n')
    (tmp_path / "a.fit.toml").write_text(
        '[[use_case]]\nid = "a"\ntext = "x"\nowner = "ann"\n[[use_case]]\nid = "b"\ntext = "y"\nowner = "bo"\n'
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


def check(*arguments: str) -> int:
    return main(["check", *arguments])


def disown(folder: Path, owner: str = "bo") -> None:
    path = folder / "a.fit.toml"
    path.write_text(path.read_text().replace(f'owner = "{owner}"\n', ""))


def test_a_broken_policy_fails_with_one(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check() == 1
    out = capsys.readouterr().out
    assert "use-cases/support.fit.toml:94: nobodys owner: no owner is named\n" in out
    assert out.splitlines()[-1].startswith("Failed (fitcheck-policy.toml): ")


def test_a_rule_pack_that_its_own_check_refuses_is_named(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check() == 1
    told = capsys.readouterr().err
    assert "note: house-rules: its rules were used, but fitcheck rules --check house-rules refuses them: " in told
    assert "house-rules/house/handwriting.toml:2: en has 0 examples that fire" in told
    assert check("--quiet") == 1
    assert capsys.readouterr().err == ""


def test_with_the_baseline_only_new_findings_fail(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check("--baseline", "fitcheck-baseline.json", "--format", "json") == 1
    values = json.loads(capsys.readouterr().out)
    assert {f["idea"]: f["requirement"] for f in values["findings"] if f["fails"]} == NEW


def test_a_baseline_is_written_and_then_holds(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check("--write-baseline", "base.json") == 0
    assert check("--baseline", "base.json") == 0
    assert capsys.readouterr().out.splitlines()[-1].startswith("Passed (fitcheck-policy.toml): 40 use cases")


def test_a_mended_baseline_is_told(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (small / "base.json").write_text('{"schema": 1, "known": {"a": ["owner"]}}')
    assert check("--baseline", "base.json") == 0
    assert "1 of 1 findings of the baseline are mended" in capsys.readouterr().err


def rewrite(folder: Path) -> None:
    path = folder / "a.fit.toml"
    path.write_text(path.read_text().replace('"y"', '"Decide who is dismissed"'))


def test_a_waiver_for_a_text_that_was_rewritten_is_doubted(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with (small / "fitcheck-policy.toml").open("a") as file:
        file.write('[[waiver]]\nidea = "b"\nrequirement = "owner"\nwho = "c"\nwhy = "w"\nuntil = 2100-01-01\n')
    disown(small)
    assert main(["lock"]) == 0
    assert check() == 0
    assert "waiver-outdated" not in capsys.readouterr().out
    rewrite(small)
    assert check() == 0
    out = capsys.readouterr().out
    assert "toml:3: waiver-outdated (warning): the text of 'b' changed since fitcheck.lock was written: look at" in out
    assert out.endswith("1 warning, 1 waived\n")
    for form in FORMATS:
        assert check("--format", form) == 0
        assert "waiver-outdated" in capsys.readouterr().out
    assert check("--lang", "zh") == 0
    assert "请重新审视其对 owner 的豁免" in capsys.readouterr().out


def test_a_baseline_for_a_text_that_was_rewritten_is_doubted(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    disown(small)
    assert check("--write-baseline", "base.json") == 0
    (small / "old.json").write_text('{"schema": 1, "known": {"b": ["owner"]}}')
    rewrite(small)
    capsys.readouterr()
    assert check("--baseline", "base.json") == 0
    told = "a.fit.toml:5: baseline-outdated (warning): the text of 'b' changed since the baseline was written: look"
    assert told in capsys.readouterr().out
    # one that an older version wrote knows no texts
    assert check("--baseline", "old.json") == 0
    assert "baseline-outdated" not in capsys.readouterr().out
    assert main(["lock"]) == 0
    (small / "a.fit.toml").write_text((small / "a.fit.toml").read_text().replace("dismissed", "promoted"))
    capsys.readouterr()
    assert check("--baseline", "old.json") == 0
    assert "the text of 'b' changed since fitcheck.lock was written" in capsys.readouterr().out


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{",
        '{"schema": 2}',
        '{"schema": 1, "known": {"a": "b"}}',
        '{"schema": 1, "known": {}, "texts": 3}',
        "[" * 100_000,
        "\xff",
    ],
)
def test_what_is_no_baseline_is_refused(small: Path, text: str, capsys: pytest.CaptureFixture[str]) -> None:
    (small / "base.json").write_bytes(text.encode("latin-1"))
    assert check("--baseline", "base.json") == 2
    assert "base.json" in capsys.readouterr().err


def test_a_policy_that_holds_passes_with_zero(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check() == 0
    assert capsys.readouterr().out == "Passed (fitcheck-policy.toml): 2 use cases, 2 requirements asked\n"


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (["nowhere"], "nowhere: No such file or directory"),
        (["--policy", "stric"], "did you mean 'strict'?"),
        (["--policy", "nowhere.toml"], "nowhere.toml: No such file"),
        (["--baseline", "nowhere.json"], "nowhere.json: No such file"),
        (["--diff", "HEAD"], "needs a git repository"),
        (["--baseline", "x", "--write-baseline", "y"], "leave out --baseline"),
        (["--diff", "HEAD", "--write-baseline", "y"], "leave out --diff"),
        (["--format", "xml"], "xml"),
    ],
)
def test_bad_input_ends_with_two(
    small: Path, arguments: list[str], what: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check(*arguments) == 2
    assert what in capsys.readouterr().err


def test_an_empty_folder_is_no_pass(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (small / "empty").mkdir()
    assert check("empty") == 2
    assert "no use case in it" in capsys.readouterr().err


def test_a_policy_that_asks_nothing_of_anyone_is_no_pass(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (small / "fitcheck-policy.toml").write_text('[[require]]\nrequirement = "owner"\nwhere = { region = "eu" }\n')
    assert check() == 2
    assert "fitcheck-policy.toml:1: none of its requirements is for any of the 2 use cases" in capsys.readouterr().err


def test_messages_come_in_chinese(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    disown(small)
    assert check("--lang", "zh") == 1
    assert "b owner: 没有写明负责人" in capsys.readouterr().out


@pytest.mark.parametrize("form", ["json", "junit", "sarif", "github", "gitlab", "markdown"])
def test_a_result_is_written_to_a_file_and_told_in_the_log(
    repository: Path, form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check("--format", form, "-o", "out") == 1
    text = (repository / "out").read_text("utf-8")
    assert "Failed (fitcheck-policy.toml)" in capsys.readouterr().out
    if form == "sarif":
        jsonschema.validate(json.loads(text), SCHEMA)
    elif form == "junit":
        assert JUnitXml.fromstring(text.encode()).tests > 200
    elif form in ("json", "gitlab"):
        assert json.loads(text)
    assert "nobodys" in text
    assert not (repository / "out.new").exists()


@pytest.mark.parametrize("form", FORMATS)
def test_what_can_not_be_read_is_written_over_the_last_report(
    small: Path, form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check("--format", form, "-o", "out") == 0
    (small / "a.fit.toml").write_text('text = "x"\nstakes = "huge"\n')
    assert check("--format", form, "-o", "out") == 2
    text = (small / "out").read_text("utf-8")
    assert "stakes = " in text
    assert "Passed" not in text
    capsys.readouterr()
    assert check("--format", form) == 2
    shown = capsys.readouterr()
    assert shown.out == ("" if form == "text" else text)
    assert "a.fit.toml:2: stakes = 'huge'" in shown.err
    if form == "sarif":
        jsonschema.validate(json.loads(text), SCHEMA)
        assert len(json.loads(text)["runs"][0]["results"]) == 1
    elif form == "junit":
        assert JUnitXml.fromstring(text.encode()).errors == 1
    elif form == "json":
        assert json.loads(text)["passed"] is False
    elif form == "gitlab":
        assert json.loads(text)[0]["location"] == {"path": "a.fit.toml", "lines": {"begin": 2}}
    elif form == "github":
        assert text.startswith("::error file=a.fit.toml,line=2,title=fitcheck::a.fit.toml:2: stakes = 'huge'")
        assert text.count("\n") == 1


class Stopped:
    """An assessor that is interrupted, or that looks at what stands there before it ends."""

    rules: ClassVar[dict[str, Any]] = {}

    def __init__(self, error: BaseException) -> None:
        self.error = error
        self.seen: list[bool] = []

    def assess_each(self, ideas: Iterable[UseCase], *, today: dt.date | None = None) -> Iterator[Report]:
        self.seen.append(Path("out").exists())
        raise self.error


@pytest.mark.parametrize("form", FORMATS)
def test_an_interrupted_check_leaves_no_earlier_report(small: Path, form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert check("--format", form, "-o", "out") == 0
    earlier = (small / "out").read_text("utf-8")
    stopped = Stopped(KeyboardInterrupt())
    monkeypatch.setattr(judging, "load_assessor", lambda policy: stopped)
    assert check("--format", form, "-o", "out") == 130
    assert stopped.seen == [False], "a run that is killed here leaves the earlier report"
    text = (small / "out").read_text("utf-8")
    assert text != earlier
    assert "interrupted" in text
    if form == "junit":
        assert JUnitXml.fromstring(text.encode()).errors == 1
    elif form == "json":
        assert json.loads(text)["passed"] is False
    assert not (small / "out.new").exists()


def test_a_check_that_breaks_leaves_no_earlier_report(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert check("-o", "out") == 0
    monkeypatch.setattr(judging, "load_assessor", lambda policy: Stopped(ZeroDivisionError()))
    with pytest.raises(ZeroDivisionError):
        check("-o", "out")
    assert not (small / "out").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ["-o", "a.fit.toml"],
        ["-o", "fitcheck-policy.toml"],
        ["--policy", "p.toml", "-o", "p.toml"],
        ["--write-baseline", "b", "-o", "./b"],
    ],
)
def test_a_result_replaces_nothing_that_is_read(
    small: Path, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copy("fitcheck-policy.toml", "p.toml")
    before = {path: path.read_bytes() for path in small.iterdir()}
    assert check(*arguments) == 2
    assert "would replace what the check reads" in capsys.readouterr().err
    assert {path: path.read_bytes() for path in small.iterdir()} == before


def test_an_error_without_a_place_is_an_annotation_too(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check("nowhere", "--format", "github") == 2
    assert capsys.readouterr().out == "::error title=fitcheck::nowhere: No such file or directory\n"


@pytest.mark.parametrize("option", ["-o", "--write-baseline"])
def test_a_folder_that_is_missing_is_named(small: Path, option: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert check(option, "nodir/x.txt") == 2
    assert "nodir/x.txt: there is no folder nodir; make it first" in capsys.readouterr().err


def test_a_path_that_is_missing_is_named_where_there_is_no_policy(
    small: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (small / "fitcheck-policy.toml").unlink()
    assert check("nowhere") == 2
    assert capsys.readouterr().err == "fitcheck: error: nowhere: No such file or directory\n"


def test_a_waiver_for_an_idea_in_a_file_that_was_not_named_is_left_alone(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check("use-cases/claims.fit.toml") == 0
    assert "waiver" not in capsys.readouterr().out


# since a revision ----------------------------------------------------------------------------------------------------


def git(folder: Path, *arguments: str) -> None:
    own = ["-c", "user.name=x", "-c", "user.email=x@example.com", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *own, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def versioned(small: Path) -> Path:
    git(small, "init", "-q")
    git(small, "add", ".")
    git(small, "commit", "-qm", "x")
    return small


def since(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, list[str], str]:
    code = check("--diff", "HEAD", "--format", "json", *arguments)
    streams = capsys.readouterr()
    values: dict[str, Any] = json.loads(streams.out)
    return code, [u["id"] for u in values["use_cases"]], streams.err


def test_nothing_changed_passes_and_says_so(versioned: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, ids, err = since(capsys)
    assert (code, ids) == (0, [])
    assert "0 of 2 use cases changed since HEAD" in err


def test_only_changed_and_new_ideas_are_checked(versioned: Path, capsys: pytest.CaptureFixture[str]) -> None:
    disown(versioned)
    (versioned / "new.fit.csv").write_text("id,text\nnew,Draft replies\n")
    code, ids, _ = since(capsys)
    assert (code, ids) == (1, ["b", "new"])


def test_a_file_that_git_ignores_counts_as_changed(versioned: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (versioned / ".gitignore").write_text("new.fit.csv\n")
    (versioned / "new.fit.csv").write_text("id,text\nnew,Draft replies\n")
    assert since(capsys)[:2] == (1, ["new"])


def test_a_shipped_policy_is_none_that_changes(versioned: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert since(capsys, "--policy", "strict")[:2] == (0, [])


def test_ideas_outside_the_repository_are_refused(
    versioned: Path, tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path_factory.mktemp("other") / "x.fit.toml"
    other.write_text('text = "z"\n')
    assert check("--diff", "HEAD", "a.fit.toml", str(other)) == 2
    assert "outside the git repository" in capsys.readouterr().err


def test_an_idea_that_moved_has_not_changed(versioned: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "# a remark\n\n" + (versioned / "a.fit.toml").read_text()
    (versioned / "sub").mkdir()
    (versioned / "sub/b.fit.toml").write_text(text)
    (versioned / "a.fit.toml").unlink()
    assert since(capsys)[:2] == (0, [])


def test_a_changed_policy_makes_all_ideas_count(versioned: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with (versioned / "fitcheck-policy.toml").open("a") as file:
        file.write("why = 'so'\n")
    code, ids, err = since(capsys)
    assert (code, ids) == (0, ["a", "b"])
    assert "fitcheck-policy.toml changed, and every verdict hangs on it" in err


def test_waivers_of_unchanged_ideas_are_left_alone(versioned: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with (versioned / "fitcheck-policy.toml").open("a") as file:
        file.write('[[waiver]]\nidea = "a"\nrequirement = "owner"\nwho = "c"\nwhy = "d"\nuntil = 2098-01-01\n')
    disown(versioned, "ann")
    git(versioned, "commit", "-qam", "y")
    disown(versioned)
    code, ids, _ = since(capsys)
    assert (code, ids) == (1, ["b"])


@pytest.mark.parametrize("revision", ["nowhere", "--output=x", "HEAD; ls", ""])
def test_an_unknown_revision_is_refused(versioned: Path, revision: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert check(f"--diff={revision}") == 2
    assert "git knows no such revision" in capsys.readouterr().err
    assert not (versioned / "x").exists()


# the page ------------------------------------------------------------------------------------------------------------


def test_the_page_tells_what_happens(tmp_path: Path, assessor: Remembering, monkeypatch: pytest.MonkeyPatch) -> None:
    page = (Path(__file__).parent.parent / "docs" / "policy.md").read_text("utf-8")
    ideas, allowed, owner, waiver, *_ = re.findall(r"```toml\n(.*?)```", page, re.S)
    first, second = re.findall(r"```console\n\$ fitcheck check\n(.*?)```", page, re.S)
    monkeypatch.chdir(tmp_path)

    def told() -> str:
        policy = load_policy(None, start=Path("."))
        return format_result(check_entries(read_registry([Path(".")]), policy, assessor, today=TODAY), "text")

    Path("use-cases.fit.toml").write_text(ideas, "utf-8")
    Path("fitcheck-policy.toml").write_text(allowed, "utf-8")
    assert told() == first
    Path("use-cases.fit.toml").write_text(ideas + owner, "utf-8")
    Path("fitcheck-policy.toml").write_text(allowed + waiver, "utf-8")
    assert told() == second


def test_the_page_names_every_requirement_and_format() -> None:
    page = (Path(__file__).parent.parent / "docs" / "policy.md").read_text("utf-8")
    for name in (*KINDS, *FORMATS):
        assert f"`{name}`" in page, name
    rows = [line.split("|") for line in page.splitlines() if line.count("|") == 4]
    for name, kind in KINDS.items():
        own = set(kind.model_fields) - {"requirement", "id", "severity", "where", "why"}
        (cells,) = [row for row in rows if f"`{name}`" in row[1]]
        assert own == set(re.findall(r"`([a-z_]+)`", cells[2])), name
