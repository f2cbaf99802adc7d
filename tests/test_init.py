"""`fitcheck init`, and the CI jobs and the hook that come along: they say and do what they promise."""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

import fitcheck.commands.check
import fitcheck.commands.start
from fitcheck.cli import main
from fitcheck.pipeline import Assessor
from fitcheck.policy import CheckResult, check_entries, load_policy, read_registry
from fitcheck.policy.starting import CI_FILES, write_starter

assert fitcheck.commands.check, fitcheck.commands.start
ROOT = Path(__file__).parent.parent
STARTER = ROOT / "fitcheck" / "policy" / "starter"
PACKAGE = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["name"]


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def assessor() -> Assessor:
    return Assessor()


def checked(folder: Path, assessor: Assessor) -> CheckResult:
    return check_entries(read_registry([folder]), load_policy(None, start=folder), assessor)


def mend(folder: Path) -> None:
    """Do what the comment in the example says."""
    ideas = folder / "use-cases.fit.toml"
    text, n_lines = re.subn("^# (attributes.agreement)", r"\1", ideas.read_text("utf-8"), flags=re.M)
    assert n_lines == 1
    ideas.write_text(text, "utf-8")


def test_it_writes_use_cases_a_policy_and_a_job(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init"]) == 0
    written = [str(p.relative_to(repo)) for p in sorted(repo.rglob("*")) if p.is_file()]
    assert written == [".github/workflows/fitcheck.yml", "fitcheck-policy.toml", "use-cases.fit.toml"]
    out = capsys.readouterr().out
    assert "wrote use-cases.fit.toml\n" in out
    assert "1. fitcheck check    fails on purpose" in out


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_first_check_fails_for_one_reason_and_the_comment_mends_it(
    repo: Path, assessor: Assessor, lang: str
) -> None:
    assert main(["init", "--lang", lang]) == 0
    result = checked(repo, assessor)
    assert [(f.entry.id, f.requirement, f.severity) for f in result.findings] == [
        ("complaint-answers", "data-deployment", "error")
    ]
    mend(repo)
    result = checked(repo, assessor)
    assert (result.findings, result.problems, result.failed()) == ((), (), False)


def test_both_languages_say_the_same() -> None:
    en, zh = (tomllib.loads((STARTER / f"use-cases.{lang}.toml").read_text("utf-8")) for lang in ("en", "zh"))
    without_text = [[{**idea, "text": ""} for idea in each["use_case"]] for each in (en, zh)]
    assert without_text[0] == without_text[1]
    policies = [tomllib.loads((STARTER / f"policy.{lang}.toml").read_text("utf-8")) for lang in ("en", "zh")]
    assert policies[1].pop("lang") == "zh"
    assert policies[0] == policies[1]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_is_commented_out_in_the_policy_is_valid(repo: Path, lang: str) -> None:
    main(["init", "--lang", lang])
    path = repo / "fitcheck-policy.toml"
    path.write_text(re.sub(r"^# (\[\[|[a-z_]+ = )", r"\1", path.read_text("utf-8"), flags=re.M), "utf-8")
    policy = load_policy(None, start=repo)
    assert policy.risk == 0.2
    assert "allowed-in-finance" in [r.id for r in policy.requirements]
    assert [w.idea for w in policy.waivers] == ["complaint-answers"]


def test_nothing_is_written_over(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["init"])
    for file in ("use-cases.fit.toml", "fitcheck-policy.toml", CI_FILES["github"]):
        (repo / file).write_text("mine", "utf-8")
    capsys.readouterr()
    assert main(["init"]) == 0
    assert {(repo / f).read_text("utf-8") for f in ("use-cases.fit.toml", "fitcheck-policy.toml")} == {"mine"}
    out = capsys.readouterr().out
    assert "kept use-cases.fit.toml: it was there" in out
    assert "kept fitcheck-policy.toml: it was there" in out
    assert f"Add this job to {CI_FILES['github']}:" in out


def test_a_link_that_leads_nowhere_is_left_alone(repo: Path) -> None:
    (repo / "fitcheck-policy.toml").symlink_to(repo / "elsewhere.toml")
    write_starter(repo, ci="none")
    assert not (repo / "elsewhere.toml").exists()


def test_a_policy_in_pyproject_is_not_doubled(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (repo / "pyproject.toml").write_text('[tool.fitcheck.policy]\nextends = "strict"\n', "utf-8")
    assert main(["init", "--ci", "none"]) == 0
    assert not (repo / "fitcheck-policy.toml").exists()
    assert "kept pyproject.toml, so fitcheck-policy.toml was not written" in capsys.readouterr().out


def test_examples_are_not_put_beside_use_cases_that_are_there(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (repo / "own.fit.csv").write_text("id,text\na,Write a poem\n", "utf-8")
    assert main(["init", "--ci", "none"]) == 0
    out = capsys.readouterr().out
    assert "kept own.fit.csv, so use-cases.fit.toml was not written" in out
    assert "on purpose" not in out


def test_a_folder_of_a_repository_is_checked_from_its_root(repo: Path) -> None:
    main(["init", "docs/ai use", "--ci", "gitlab"])
    job = yaml.safe_load((repo / ".gitlab-ci.yml").read_text("utf-8"))["fitcheck"]
    assert "fitcheck check 'docs/ai use' --format gitlab -o gl-code-quality-report.json" in job["script"]
    assert (repo / "docs" / "ai use" / "fitcheck-policy.toml").is_file()


def test_a_file_for_a_folder_is_refused(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (repo / "there").write_text("", "utf-8")
    assert main(["init", "there"]) == 2
    assert "there: a file; name a folder" in capsys.readouterr().err


@pytest.mark.parametrize("server", sorted(CI_FILES))
def test_the_examples_are_what_init_writes(server: str) -> None:
    assert (ROOT / "examples" / "ci" / f"{server}.yml").read_bytes() == (STARTER / f"{server}.yml").read_bytes()


@pytest.fixture
def shell(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder to put on PATH: pip notes what it is asked for, fitcheck is this one."""
    folder = tmp_path_factory.mktemp("bin")
    scripts = {"pip": 'echo "$@" >> "$PIP_LOG"', "fitcheck": f'exec "{sys.executable}" -m fitcheck "$@"'}
    for name, line in scripts.items():
        script = folder / name
        script.write_text(f"#!/bin/sh\n{line}\n", "utf-8")
        script.chmod(script.stat().st_mode | stat.S_IXUSR)
    return folder


def run(line: str, repo: Path, shell: Path) -> subprocess.CompletedProcess[str]:
    """Run a line as a CI server does."""
    env = os.environ | {
        "PATH": f"{shell}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]),
        "PIP_LOG": str(repo / "pip.log"),
        "GITHUB_STEP_SUMMARY": str(repo / "summary.md"),
    }
    return subprocess.run(
        ["bash", "-eo", "pipefail", "-c", line],
        cwd=repo, env=env, capture_output=True, text=True, encoding="utf-8", timeout=120, check=False,
    )  # fmt: skip


def test_the_github_job_fails_with_marks_and_a_summary(repo: Path, shell: Path) -> None:
    main(["init", "--ci", "github"])
    workflow: Any = yaml.safe_load((repo / CI_FILES["github"]).read_text("utf-8"))
    # YAML 1.1 reads the bare word on as true
    assert set(workflow) == {"name", True, "permissions", "jobs"}
    steps = workflow["jobs"]["fitcheck"]["steps"]
    assert all(("uses" in step) != ("run" in step) for step in steps)
    install, marks, summary = (run(step["run"], repo, shell) for step in steps if "run" in step)
    assert install.returncode == 0
    assert (repo / "pip.log").read_text("utf-8") == f"install {PACKAGE}\n"
    assert (marks.returncode, summary.returncode) == (1, 1), marks.stderr
    assert marks.stdout.startswith("::error file=use-cases.fit.toml,line=19,")
    assert "complaint-answers" in (repo / "summary.md").read_text("utf-8")
    assert next(step for step in steps if "SUMMARY" in step.get("run", ""))["if"] == "always()"


def test_the_gitlab_job_passes_and_leaves_its_report(repo: Path, shell: Path) -> None:
    main(["init", "--ci", "gitlab"])
    mend(repo)
    job: Any = yaml.safe_load((repo / CI_FILES["gitlab"]).read_text("utf-8"))["fitcheck"]
    for line in job["script"]:
        done = run(line, repo, shell)
        assert done.returncode == 0, done.stderr
    assert (repo / "pip.log").read_text("utf-8") == f"install {PACKAGE}\n"
    report = repo / job["artifacts"]["reports"]["codequality"]
    assert json.loads(report.read_text("utf-8")) == []


def hooks() -> list[dict[str, Any]]:
    own = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    example = yaml.safe_load((ROOT / "examples" / "ci" / "pre-commit-config.yaml").read_text("utf-8"))
    (local,) = example["repos"]
    assert local["repo"] == "local"
    return [*own, *local["hooks"]]


@pytest.mark.parametrize("hook", hooks(), ids=["hooks", "config"])
def test_the_pre_commit_hook_checks_all_whatever_a_commit_changes(hook: dict[str, Any]) -> None:
    assert (hook["id"], hook["entry"], hook["language"]) == ("fitcheck", "fitcheck check", "python")
    assert hook["pass_filenames"] is False
    # pre-commit names no deleted file, so with a pattern the commit that deletes one would pass unchecked
    assert hook["always_run"] is True
    assert "files" not in hook
    assert hook.get("additional_dependencies", [PACKAGE]) == [PACKAGE]
