"""The pytest plugin: silent unless used, one item for each idea and requirement, nothing passes for want of a check."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import replace
from importlib.metadata import entry_points
from pathlib import Path
from xml.etree import ElementTree

import pytest
from assessor_stub import Stub
from samples import POEM

# an inner run forgets the modules that it was the first to import, and numpy can't be imported twice
import fitcheck.pipeline
import fitcheck.policy.baseline
import fitcheck.policy.checking
import fitcheck.policy.drift
import fitcheck.policy.entry_tables
import fitcheck.policy.reading
import fitcheck.policy.telling
import fitcheck.pytesting.collecting
import fitcheck.render
import fitcheck.tables  # noqa: F401
from benchmarks.plugin_start import main as plugin_start
from fitcheck.errors import UseCaseError
from fitcheck.policy import check_entries, load_policy
from fitcheck.policy.drift import update_lock
from fitcheck.policy.judging import load_assessor
from fitcheck.policy.registry import read_registry
from fitcheck.records import Report
from fitcheck.use_case import UseCase

pytest_plugins = ["pytester"]

ROOT = Path(__file__).parent.parent
# where fitcheck is installed, its entry point has pytest load the plugin
INSTALLED = any(point.name == "fitcheck" for point in entry_points(group="pytest11"))
PLUGIN = () if INSTALLED else ("-p", "fitcheck.pytest_plugin")
QUIET = ("-q", "-rA", "-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:hypothesispytest", *PLUGIN)


POLICY = """
[[require]]
requirement = "allowed-verdicts"
allow = ["fit", "assist"]
[[require]]
requirement = "owner"
[[require]]
requirement = "approval"
"""
GOOD = '[[use_case]]\nid = "poem"\ntext = "Poem for a colleague"\nowner = "me"\n'
IN_PROJECT = "[tool.pytest.ini_options]\n" + POLICY.replace("[[", "[[tool.fitcheck.policy.")
BAD = '[[use_case]]\nid = "pay"\ntext = "Payroll by model"\nowner = "me"\n'


@pytest.fixture
def repo(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    monkeypatch.setattr("fitcheck.pipeline.Assessor", Stub)
    monkeypatch.setattr(Stub, "made", [])
    monkeypatch.setattr(Stub, "judged", [])
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    pytester.makepyfile("def test_own():\n    pass\n")
    return pytester


def put(repo: pytest.Pytester, **files: str) -> None:
    """Write files whose names are given with __ for a dot."""
    for name, text in files.items():
        (repo.path / name.replace("__", ".")).write_text(text, "utf-8")


def ran(repo: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    return repo.runpytest_inprocess(*QUIET, *arguments)


def outcomes(result: pytest.RunResult) -> dict[str, int]:
    return {name: n for name, n in result.parseoutcomes().items() if name != "warnings"}


def test_a_project_that_does_not_use_it_sees_nothing(repo: pytest.Pytester) -> None:
    put(repo, ideas__fit__toml=BAD)
    result = ran(repo)
    assert outcomes(result) == {"passed": 1}
    assert "fit.toml" not in result.stdout.str()


def test_where_it_is_not_used_nothing_heavy_is_imported(tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\n", "utf-8")
    (tmp_path / "test_own.py").write_text("def test_own():\n    pass\n", "utf-8")
    code = (
        "import sys, pytest; assert pytest.main(['-q', '-p', 'fitcheck.pytest_plugin']) == 0; "
        "print(*sorted(m for m in sys.modules if m.split('.')[0] in "
        "('fitcheck', 'numpy', 'pydantic', 'typer', 'rich', 're2', 'tomli')))"
    )
    paths = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    env = os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONPATH": paths}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=env, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1].split() == ["fitcheck", "fitcheck.pytest_plugin"]


@pytest.mark.parametrize(
    ("files", "arguments", "is_on"),
    [
        ({"fitcheck-policy__toml": POLICY}, (), True),
        ({"pyproject__toml": IN_PROJECT}, (), True),
        ({"fitcheck-policy__toml": POLICY}, ("--no-fitcheck",), False),
        ({"fitcheck-policy__toml": POLICY, "pytest__ini": "[pytest]\nfitcheck = false\n"}, (), False),
        ({"pytest__ini": "[pytest]\nfitcheck = true\nfitcheck_policy = balanced\n"}, (), True),
        ({"pytest__ini": "[pytest]\nfitcheck = true\n"}, ("--no-fitcheck",), False),
        ({}, ("--fitcheck", "--fitcheck-policy=balanced"), True),
        ({}, ("--fitcheck-policy=balanced",), True),
        ({"pytest__ini": "[pytest]\nfitcheck_policy = balanced\n"}, (), True),
        ({}, ("--fitcheck-policy=balanced", "--no-fitcheck"), False),
    ],
)  # fmt: skip
def test_what_switches_it_on_and_off(
    repo: pytest.Pytester, files: dict[str, str], arguments: tuple[str, ...], is_on: bool
) -> None:
    put(repo, ideas__fit__toml=GOOD, **files)
    result = ran(repo, "--collect-only", *arguments)
    assert ("ideas.fit.toml::poem::allowed-verdicts" in result.stdout.str()) is is_on


def test_one_item_for_each_idea_and_requirement(repo: pytest.Pytester) -> None:
    put(repo, **{"fitcheck-policy__toml": POLICY}, ideas__fit__toml=GOOD + BAD + 'expect = "overkill"\n')
    lines = ran(repo, "--collect-only", "ideas.fit.toml").stdout.lines
    assert [line for line in lines if "::" in line] == [
        "ideas.fit.toml::poem::allowed-verdicts",
        "ideas.fit.toml::poem::owner",
        "ideas.fit.toml::poem::approval",
        "ideas.fit.toml::pay::allowed-verdicts",
        "ideas.fit.toml::pay::owner",
        "ideas.fit.toml::pay::approval",
        "ideas.fit.toml::pay::expected-verdict",
        "fitcheck-policy.toml::policy",
    ]
    assert Stub.judged == []


def test_tables_of_use_cases_are_collected_too(repo: pytest.Pytester) -> None:
    put(repo, **{"fitcheck-policy__toml": POLICY}, ideas__fit__csv="id,text,owner\npay,Payroll by model,me\n")
    assert outcomes(ran(repo, "ideas.fit.csv", "-k", "allowed-verdicts")) == {"failed": 1, "deselected": 3}


def test_an_item_is_selected_by_its_name_and_by_the_marker(repo: pytest.Pytester) -> None:
    put(repo, **{"fitcheck-policy__toml": POLICY}, ideas__fit__toml=GOOD + BAD)
    assert outcomes(ran(repo, "ideas.fit.toml::poem::owner")) == {"passed": 1}
    assert outcomes(ran(repo, "-m", "not fitcheck", "--strict-markers")) == {"passed": 1, "deselected": 7}


def test_a_failure_shows_the_reason_and_the_ledger(repo: pytest.Pytester) -> None:
    put(repo, **{"fitcheck-policy__toml": POLICY}, ideas__fit__toml=GOOD + BAD)
    result = ran(repo)
    assert outcomes(result) == {"passed": 5, "failed": 1, "skipped": 2}
    result.stdout.fnmatch_lines(
        [
            "*pay: allowed-verdicts*",
            "pay: the verdict is overkill*",
            "  ideas.fit.toml:5: allowed-verdicts",
            "  → *",
            "Why: Payroll is exact arithmetic (overkill +1.60): *",
            "Ledger (log-odds in nats; the columns add up)",
            "  Payroll is exact arithmetic*+1.60",
            "  probability*>99%*",
        ]
    )
    assert "Traceback" not in result.stdout.str()
    assert ".py:" not in result.stdout.str().split("short test summary")[0]


def test_ideas_are_judged_once_and_only_those_that_are_asked_for(repo: pytest.Pytester) -> None:
    put(repo, **{"fitcheck-policy__toml": POLICY}, ideas__fit__toml=GOOD + BAD + GOOD.replace("poem", "other"))
    ran(repo, "-k", "poem or pay")
    assert sorted(Stub.judged) == ["pay", "poem"]


def test_messages_in_chinese(repo: pytest.Pytester) -> None:
    put(repo, **{"fitcheck-policy__toml": POLICY}, ideas__fit__toml=BAD)
    ran(repo, "--fitcheck-lang=zh").stdout.fnmatch_lines(["大材小用 overkill (*", "账本 (*"])


def test_a_warning_is_no_failure(repo: pytest.Pytester) -> None:
    put(
        repo,
        **{"fitcheck-policy__toml": POLICY.replace('"owner"', '"owner"\nseverity = "warning"')},
        ideas__fit__toml=GOOD.replace('owner = "me"', ""),
        pytest__ini="[pytest]\n",
    )
    result = ran(repo, "-W", "default")
    assert "failed" not in outcomes(result)
    result.stdout.fnmatch_lines(["*ideas.fit.toml:1: FitcheckWarning: poem: no owner is named; write owner = *"])


WAIVER = '[[waiver]]\nidea = "{idea}"\nrequirement = "{what}"\nwho = "CIO"\nwhy = "pilot"\nuntil = {until}\n'


def test_a_waived_requirement_is_an_expected_failure(repo: pytest.Pytester) -> None:
    waiver = WAIVER.format(idea="pay", what="allowed-verdicts", until="2999-01-01")
    put(repo, **{"fitcheck-policy__toml": POLICY + waiver}, ideas__fit__toml=BAD)
    result = ran(repo)
    assert outcomes(result) == {"passed": 4, "xfailed": 1, "skipped": 1}
    result.stdout.fnmatch_lines(["XFAIL *allowed-verdicts - waived by CIO until 2999-01-01: pilot *"])


def test_what_the_baseline_knows_is_an_expected_failure(repo: pytest.Pytester) -> None:
    known = {"schema": 1, "known": {"pay": ["allowed-verdicts", "owner"]}}
    put(repo, **{"fitcheck-policy__toml": POLICY, "old__json": json.dumps(known)}, ideas__fit__toml=BAD)
    result = ran(repo, "--fitcheck-baseline=old.json")
    assert outcomes(result) == {"passed": 3, "xfailed": 1, "skipped": 1}
    result.stdout.fnmatch_lines(["XFAIL *allowed-verdicts - in the baseline: the verdict is overkill*"])
    assert outcomes(ran(repo, "--fitcheck-baseline=none.json", "-k", "owner"))["failed"] == 1


def test_an_idea_that_can_not_be_judged_fails_alone(repo: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    judge = Stub.assess_each

    def assess_each(self: Stub, ideas: Iterable[UseCase], *, today: object = None) -> list[Report]:
        block = list(ideas)
        if any(idea.id == "pay" for idea in block):
            raise UseCaseError("it is beyond me")
        return list(judge(self, block))

    monkeypatch.setattr(Stub, "assess_each", assess_each)
    other = GOOD.replace("poem", "other")
    put(repo, **{"fitcheck-policy__toml": POLICY}, ideas__fit__toml=GOOD + BAD + other)
    result = ran(repo, "-k", "owner")
    assert outcomes(result) == {"passed": 2, "failed": 1, "deselected": 8}
    result.stdout.fnmatch_lines(["*it is beyond me", "FAILED ideas.fit.toml::pay::owner *"])


@pytest.mark.parametrize(
    ("idea", "what", "until", "told"),
    [
        ("pay", "owner", "2999-01-01", "*waiver of owner for 'pay' is not needed*"),
        ("pay", "allowed-verdicts", "2020-01-01", "*waiver of allowed-verdicts for 'pay' expired on 2020-01-01*"),
        ("pya", "allowed-verdicts", "2999-01-01", "the waiver is for 'pya', and no use case is called that*"),
    ],
)
def test_a_waiver_that_stands_for_nothing_fails(
    repo: pytest.Pytester, idea: str, what: str, until: str, told: str
) -> None:
    waiver = WAIVER.format(idea=idea, what=what, until=until)
    put(repo, **{"fitcheck-policy__toml": POLICY + waiver}, ideas__fit__toml=BAD)
    result = ran(repo, "-k", "waiver")
    assert outcomes(result)["failed"] == 1
    result.stdout.fnmatch_lines([told, f"FAILED fitcheck-policy.toml::waiver of {what} for {idea} *"])


def test_waivers_for_ideas_elsewhere_are_left_alone_where_a_part_is_run(repo: pytest.Pytester) -> None:
    waiver = WAIVER.format(idea="elsewhere", what="owner", until="2020-01-01")
    put(repo, **{"fitcheck-policy__toml": POLICY + waiver}, ideas__fit__toml=GOOD)
    assert "failed" not in outcomes(ran(repo, "ideas.fit.toml"))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "*ideas.fit.toml: nothing in it; write *use_case*"),
        ('[[use_case]]\ntext = "Poem\n', "ideas.fit.toml:2: not valid TOML*"),
        ('[[use_case]]\ntxt = "Poem"\n', "ideas.fit.toml:2: unknown key 'txt'; did you mean 'text'?"),
    ],
)
def test_a_file_that_can_not_be_checked_fails_as_an_item(repo: pytest.Pytester, text: str, told: str) -> None:
    put(repo, **{"fitcheck-policy__toml": POLICY}, ideas__fit__toml=text)
    result = ran(repo)
    assert outcomes(result) == {"passed": 1, "failed": 1}
    result.stdout.fnmatch_lines([told, "FAILED ideas.fit.toml::readable *"])


def test_a_folder_without_use_cases_fails_as_an_item(repo: pytest.Pytester) -> None:
    put(repo, **{"fitcheck-policy__toml": POLICY})
    (repo.path / "empty").mkdir()
    assert outcomes(ran(repo)) == {"passed": 1, "failed": 1}
    result = ran(repo, "--fitcheck", "empty")
    assert outcomes(result) == {"failed": 1}
    result.stdout.fnmatch_lines(["no use case among what was collected (*empty), and nothing to check is no pass*"])


def test_a_single_test_file_may_be_run_without_use_cases(repo: pytest.Pytester) -> None:
    put(repo, **{"fitcheck-policy__toml": POLICY})
    (repo.path / "unit").mkdir()
    (repo.path / "unit" / "test_unit.py").write_text("def test_unit():\n    pass\n", "utf-8")
    assert outcomes(ran(repo, "unit")) == {"passed": 1}
    assert outcomes(ran(repo, "--fitcheck", "unit/test_unit.py")) == {"passed": 1}


def test_a_broken_policy_fails_and_is_quoted(repo: pytest.Pytester) -> None:
    put(repo, **{"fitcheck-policy__toml": POLICY.replace("owner", "onwer")}, ideas__fit__toml=GOOD)
    result = ran(repo)
    assert outcomes(result) == {"passed": 1, "failed": 1}
    result.stdout.fnmatch_lines(["fitcheck-policy.toml:6: unknown requirement 'onwer'; did you mean 'owner'?"])


@pytest.mark.parametrize(
    ("files", "arguments", "name", "told"),
    [
        ({"fitcheck-policy__toml": "[[require]]\n"}, (), "policy", "fitcheck-policy.toml:1: write requirement = *"),
        ({"fitcheck-policy__toml": 'extra_rules = "pack"\n' + POLICY}, (), "rules", "*pack*broken.toml*"),
        ({"fitcheck-policy__toml": POLICY}, ("--fitcheck-baseline=no.json",), "baseline", "no.json: No such file*"),
        ({"fitcheck-policy__toml": POLICY, "fitcheck__lock": "{"}, (), "lock", "*fitcheck.lock:1: not valid JSON*"),
    ],
)
def test_what_all_items_hang_on_fails_once_where_it_is_broken(
    repo: pytest.Pytester, files: dict[str, str], arguments: tuple[str, ...], name: str, told: str
) -> None:
    (repo.path / "pack" / "house").mkdir(parents=True)
    (repo.path / "pack" / "house" / "broken.toml").write_text('id = "broken"\n', "utf-8")
    put(repo, **files, a__fit__toml=GOOD + BAD, b__fit__toml=GOOD.replace("poem", "other"))
    result = ran(repo, *arguments)
    assert outcomes(result) == {"passed": 1, "failed": 1}
    result.stdout.fnmatch_lines([told, f"FAILED a.fit.toml::{name} *"])
    # whoever picks some of the items is told too
    assert outcomes(ran(repo, "-k", "poem", *arguments))["failed"] == 1


def test_a_policy_narrowed_to_an_attribute_that_none_has_fails(repo: pytest.Pytester) -> None:
    narrowed = POLICY.replace('"owner"', '"owner"\nwhere = { departement = "hr" }')
    put(repo, **{"fitcheck-policy__toml": narrowed}, ideas__fit__toml=GOOD + 'attributes.department = "hr"\n')
    result = ran(repo)
    assert outcomes(result)["failed"] == 1
    result.stdout.fnmatch_lines(["*departement*did you mean 'department'?*"])


def test_what_looks_mistyped_is_a_warning(repo: pytest.Pytester) -> None:
    mistyped = POLICY + '[[require]]\nrequirement = "models"\nunknown = "allow"\ndeny = ["deepseek-chta"]\n'
    put(repo, **{"fitcheck-policy__toml": mistyped}, ideas__fit__toml=GOOD)
    ran(repo, "-W", "default").stdout.fnmatch_lines(
        ["*fitcheck-policy.toml:*: FitcheckWarning: models: deny names 'deepseek-chta'*"]
    )


def test_a_baseline_for_another_text_is_a_warning(repo: pytest.Pytester) -> None:
    put(repo, **{"fitcheck-policy__toml": POLICY}, ideas__fit__toml=GOOD.replace('owner = "me"', ""))
    (repo.path / "base.json").write_text('{"schema": 1, "known": {"poem": ["owner"]}, "texts": {"poem": "0"}}')
    result = ran(repo, "--fitcheck-baseline=base.json", "-W", "default")
    assert outcomes(result)["xfailed"] == 1
    result.stdout.fnmatch_lines(["*ideas.fit.toml:1: FitcheckWarning: the text of 'poem' changed since the baseline*"])


def test_an_id_that_stands_in_two_files_fails(repo: pytest.Pytester) -> None:
    put(repo, **{"fitcheck-policy__toml": POLICY}, a__fit__toml=GOOD, b__fit__toml=GOOD)
    result = ran(repo)
    assert outcomes(result)["failed"] == 1
    result.stdout.fnmatch_lines(["b.fit.toml:1: the id 'poem' stands at a.fit.toml:1 too; *"])


def test_odd_names_stay_on_one_line(repo: pytest.Pytester) -> None:
    put(repo, **{"fitcheck-policy__toml": POLICY}, ideas__fit__toml=BAD.replace('"pay"', '"a::b [1] 工资"'))
    result = ran(repo, "-k", "allowed-verdicts")
    assert outcomes(result) == {"failed": 1, "deselected": 4}
    result.stdout.fnmatch_lines(["a::b [[]1] 工资: the verdict is overkill*"])


@pytest.mark.parametrize("name", ["a::b [1] 工资", "a: :b (1) 工资"])
def test_an_idea_with_an_odd_name_is_selected_by_its_node_id(repo: pytest.Pytester, name: str) -> None:
    put(repo, **{"fitcheck-policy__toml": POLICY}, ideas__fit__toml=GOOD + BAD.replace('"pay"', '"a::b [1] 工资"'))
    result = ran(repo, f"ideas.fit.toml::{name}::owner")
    assert outcomes(result) == {"passed": 1}
    result.stdout.fnmatch_lines(["PASSED ideas.fit.toml::a: :b (1) 工资::owner"])
    assert outcomes(ran(repo, f"ideas.fit.toml::{name}")) == {"failed": 1, "passed": 1, "skipped": 1}


def test_an_idea_whose_id_begins_with_anothers_is_selected(repo: pytest.Pytester) -> None:
    ideas = BAD.replace('"pay"', '"poem::pay"').replace('owner = "me"\n', "")
    put(repo, **{"fitcheck-policy__toml": POLICY}, ideas__fit__toml=GOOD + ideas)
    assert outcomes(ran(repo, "ideas.fit.toml::poem::pay::owner")) == {"failed": 1}
    assert outcomes(ran(repo, "ideas.fit.toml::poem::owner")) == {"passed": 1}


def test_what_belongs_to_no_file_is_counted_among_the_collected(repo: pytest.Pytester) -> None:
    put(repo, **{"fitcheck-policy__toml": POLICY}, ideas__fit__toml=GOOD)
    result = repo.runpytest_inprocess("-p", "no:cacheprovider", "-p", "no:xdist", *PLUGIN, "-k", "zzz")
    result.stdout.fnmatch_lines(["collected 5 items / 5 deselected / 0 selected"])


@pytest.mark.parametrize(
    ("setting", "told"),
    [
        ("fitcheck_lang = de", "pytest.ini: fitcheck_lang = 'de': write en or zh"),
        ("fitcheck = maybe", "pytest.ini: fitcheck: invalid truth value 'maybe'; write true or false"),
    ],
)
def test_a_setting_that_is_none_is_refused_by_its_name(repo: pytest.Pytester, setting: str, told: str) -> None:
    put(repo, **{"fitcheck-policy__toml": POLICY}, ideas__fit__toml=GOOD, pytest__ini=f"[pytest]\n{setting}\n")
    result = ran(repo)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert told in result.stderr.str()


def test_the_lock_file_is_an_item_for_each_idea(repo: pytest.Pytester) -> None:
    put(repo, **{"fitcheck-policy__toml": POLICY}, ideas__fit__toml=GOOD)
    (entry,) = read_registry([repo.path / "ideas.fit.toml"])
    update_lock(repo.path / "fitcheck.lock", [(entry, replace(POEM, use_case=entry.use_case))], None)
    assert outcomes(ran(repo, "-k", "drift")) == {"passed": 1, "deselected": 5}
    put(repo, ideas__fit__toml=GOOD.replace("Poem", "Payroll"))
    result = ran(repo, "-k", "drift")
    assert outcomes(result)["failed"] == 1
    result.stdout.fnmatch_lines(["poem: the verdict turned from fit * to overkill *the idea's text was edited*"])


def test_the_fixtures_give_the_projects_own_policy_and_rules(repo: pytest.Pytester) -> None:
    (repo.path / "pack").mkdir()
    put(
        repo,
        **{"fitcheck-policy__toml": 'risk = 0.1\nextra_rules = "pack"\n' + POLICY},
        test_own__py="def test_own(fitcheck_assessor, fitcheck_policy):\n    assert fitcheck_policy.risk == 0.1\n",
    )
    repo.path.joinpath("test_the_fixtures_give_the_projects_own_policy_and_rules.py").unlink()
    assert outcomes(ran(repo, "test_own.py")) == {"passed": 1}
    assert Stub.made == [{"rules": None, "extra_rules": repo.path / "pack", "risk": 0.1}]


def test_without_a_policy_the_fixture_gives_the_shipped_assessor(repo: pytest.Pytester) -> None:
    (repo.path / ".git").mkdir()
    put(repo, test_own__py="def test_own(fitcheck_assessor):\n    assert fitcheck_assessor\n")
    assert outcomes(ran(repo, "test_own.py")) == {"passed": 1}
    assert Stub.made == [{}]


STUB_CONFTEST = f"""
import sys
sys.path[:0] = [{str(ROOT / "tests")!r}, {str(ROOT)!r}]
import types
from assessor_stub import Stub
# in place of the pipeline, which every worker would take a while to import
sys.modules["fitcheck.pipeline"] = types.SimpleNamespace(Assessor=Stub)
"""


def test_xdist_and_junit_agree_with_a_plain_run(repo: pytest.Pytester) -> None:
    waiver = WAIVER.format(idea="pay", what="owner", until="2999-01-01")
    pay = BAD.replace('owner = "me"\n', "")
    put(
        repo,
        **{"fitcheck-policy__toml": POLICY + waiver, "conftest__py": STUB_CONFTEST},
        ideas__fit__toml=GOOD + pay,
        empty__fit__toml="",
    )
    plain = outcomes(ran(repo))
    assert plain == {"passed": 5, "failed": 2, "skipped": 2, "xfailed": 1}
    spread = repo.runpytest_subprocess("-q", "-p", "no:cacheprovider", *PLUGIN, "-n", "2", "--junitxml=out.xml")
    assert outcomes(spread) == plain
    spread.stdout.fnmatch_lines(["pay: the verdict is overkill*", "Ledger (*"])
    by_name = {
        (c.attrib["classname"], c.attrib["name"]): c for c in ElementTree.parse(repo.path / "out.xml").iter("testcase")
    }
    assert {("empty.fit.toml", "readable"), ("fitcheck-policy.toml", "policy")} <= set(by_name)
    failure = by_name["ideas.fit.toml.pay", "allowed-verdicts"].find("failure")
    assert failure is not None
    assert "the verdict is overkill" in failure.attrib["message"]
    values = {
        p.attrib["name"]: p.attrib["value"] for p in by_name["ideas.fit.toml.pay", "allowed-verdicts"].iter("property")
    }
    assert values["fitcheck_verdict"] == "overkill"


def test_pytest_and_check_find_the_same_in_the_sample_repository(
    repo: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(ROOT / "tests" / "policy_sample", repo.path, dirs_exist_ok=True)
    policy = load_policy(None, start=repo.path)
    # whoever asks for the policy's assessor is given this one, which took a while to load
    monkeypatch.undo()
    assessor = load_assessor(policy)
    monkeypatch.setattr("fitcheck.pipeline.Assessor", lambda **settings: assessor)
    monkeypatch.chdir(repo.path)
    result = check_entries(read_registry([repo.path]), policy, assessor)
    assert len(result.entries) == 40
    failing = {f"{f.entry.id}::{f.requirement}" for f in result.findings if f.fails}
    lines = ran(repo, "--tb=no", "-W", "default").stdout.lines
    found = {line.split(" - ")[0].partition("::")[2].rstrip() for line in lines if line.startswith("FAILED ")}
    assert found == failing


def test_the_benchmark_prints_a_difference(capsys: pytest.CaptureFixture[str]) -> None:
    assert plugin_start(["--starts", "1"]) == 0
    assert "difference" in capsys.readouterr().out
