"""The policy's file: what is read, what is refused, what comes along."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from policy_stub import TODAY, Stub, entry, policy

from fitcheck.errors import UseCaseError
from fitcheck.policy import check_entries, load_policy
from fitcheck.policy.document import SHIPPED, find_policy, shipped_path
from fitcheck.policy.errors import PolicyError
from fitcheck.policy.formats import FORMATS, format_result
from fitcheck.policy.requirements import KINDS

OWNER = '[[require]]\nrequirement = "owner"\n'
WAIVER = '[[waiver]]\nidea = "a"\nrequirement = "owner"\nwho = "ann"\nwhy = "pilot"\nuntil = 2026-12-01\n'


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_policy_explains_itself_in_both_languages(name: str) -> None:
    shipped = load_policy(Path(name), start=Path("."))
    assert shipped.name == name
    for one in shipped.requirements:
        if one.id != "expected-verdict":
            assert one.reason("en") != one.reason("zh")
            assert one.reason("zh")
    assert shipped_path(name).read_text("utf-8").startswith(f"# {name}: ")


def test_every_kind_of_requirement_has_a_title_and_a_text_in_both_languages() -> None:
    for kind in KINDS.values():
        for said in (kind.title, kind.text):
            assert said.en
            assert said.zh
            assert said.en != said.zh


def test_an_asserted_verdict_is_looked_at_in_any_policy(tmp_path: Path) -> None:
    assert [r.id for r in policy(tmp_path, OWNER).requirements] == ["owner", "expected-verdict"]
    off = policy(tmp_path, OWNER + '[[require]]\nrequirement = "expected-verdict"\nseverity = "off"\n')
    assert [r.id for r in off.requirements] == ["owner"]


def test_a_policy_extends_another_and_changes_it(tmp_path: Path) -> None:
    (tmp_path / "base.toml").write_text('extends = "cost-first"\nlang = "zh"\n' + OWNER.replace("owner", "approval"))
    mine = policy(
        tmp_path,
        'extends = ["base.toml"]\nrisk = 0.1\n'
        '[[require]]\nrequirement = "cost-per-month"\nat_most_usd = 7\n'
        '[[require]]\nrequirement = "cost-per-call"\nseverity = "off"\n',
    )
    by_id = {r.id: r for r in mine.requirements}
    assert getattr(by_id["cost-per-month"], "at_most_usd") == 7  # noqa: B009
    assert "cost-per-call" not in by_id
    assert {"approval", "owner", "known-facts"} <= set(by_id)
    assert (mine.lang, mine.risk) == ("zh", 0.1)
    assert mine.places["cost-per-month"] == (tmp_path / "fitcheck-policy.toml", 3)
    assert mine.places["known-facts"][0] == shipped_path("cost-first")
    assert len(mine.files) == 3


def test_a_policy_may_stand_in_pyproject(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "sub").mkdir()
    project = tmp_path / "pyproject.toml"
    project.write_text('[project]\nname = "x"\n[[tool.fitcheck.policy.require]]\nrequirement = "owner"\n')
    found = load_policy(None, start=tmp_path / "sub")
    assert [r.id for r in found.requirements][:1] == ["owner"]
    assert found.places["owner"] == (project, 3)
    project.write_text('[project]\nname = "x"\n[[tool.fitcheck.policy.require]]\nrequirement = "ownre"\n')
    with pytest.raises(PolicyError, match=r"pyproject.toml:4: unknown requirement 'ownre'; did you mean 'owner'\?"):
        load_policy(None, start=tmp_path)


def test_a_policy_is_looked_for_up_to_the_repository(tmp_path: Path) -> None:
    inner = tmp_path / "repo" / "deep"
    inner.mkdir(parents=True)
    policy(tmp_path, OWNER)
    assert find_policy(inner) == (tmp_path / "fitcheck-policy.toml").resolve()
    (tmp_path / "repo" / ".git").mkdir()
    assert find_policy(inner) is None
    with pytest.raises(PolicyError, match=r"no policy: .* --policy balanced \| cost-first \| strict"):
        load_policy(None, start=inner)


def test_two_policies_in_one_folder_are_refused(tmp_path: Path) -> None:
    policy(tmp_path, OWNER)
    (tmp_path / "pyproject.toml").write_text('[tool.fitcheck.policy]\nrequire = [{ requirement = "owner" }]\n')
    with pytest.raises(PolicyError, match="keep one of them"):
        load_policy(None, start=tmp_path)


def test_an_unknown_policy_name_offers_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match=r"no policy is called 'stric'; did you mean 'strict'\?"):
        load_policy(Path("stric"), start=tmp_path)


VERDICTS = '[[require]]\nrequirement = "allowed-verdicts"\n'


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("", None, "the policy is empty"),
        ('title = "x"\n', None, "it requires nothing"),
        (OWNER + 'severity = "off"\n', None, "every requirement is off"),
        ("[[require]\n", 1, "not valid TOML"),
        ("[require]\nx = 1\n", 1, "write [[require]], in double brackets"),
        ('[[requires]]\nrequirement = "owner"\n', 1, "unknown key 'requires'; did you mean 'require'?"),
        ('[[require]]\nseverity = "error"\n', 1, "write requirement = "),
        (VERDICTS + 'allow = ["fit", "asist"]\n', 3, "did you mean 'assist'?"),
        (VERDICTS + "allow = []\n", 3, 'allow = []: write a list, such as allow = ["fit", "assist"]'),
        (VERDICTS + 'allow = "fit"\n', 3, 'allow = \'fit\': write a list, such as allow = ["fit", "assist"]'),
        ('[[require]]\nrequirement = "models"\nallow = "gpt-4o*"\n', 3, 'such as allow = ["gpt-4o*"]'),
        ('[[require]]\nrequirement = "models"\ndeny = []\n', 3, 'write a list, such as deny = ["…"]'),
        ('[[require]]\nrequirement = "approval"\nverdicts = []\n', 3, 'such as verdicts = ["assist"]'),
        (VERDICTS + 'allow = ["unclear"]\n', 1, "it allows nothing: no verdict passes allowed-verdicts"),
        (VERDICTS + 'alow = ["fit"]\n', 3, "allowed-verdicts knows no 'alow'; did you mean 'allow'?"),
        (VERDICTS, 1, "allow is missing"),
        (
            VERDICTS + 'allow = ["fit"]\n' + VERDICTS + 'id = "more"\nallow = ["overkill"]\n',
            4,
            "it allows nothing: no verdict passes more",
        ),
        ('[[require]]\nrequirement = "models"\nallow = ["a"]\ndeny = ["a*"]\n', 1, "it allows nothing"),
        ('[[require]]\nrequirement = "models"\ndeny = ["*"]\n', 1, "it allows nothing"),
        ('[[require]]\nrequirement = "models"\n', 1, "it asks nothing"),
        ('[[require]]\nrequirement = "known-facts"\n', 1, "it asks nothing"),
        ('[[require]]\nrequirement = "known-facts"\nfacts = ["stake"]\n', 3, "did you mean 'stakes'?"),
        ('[[require]]\nrequirement = "cost-per-month"\nat_most_usd = -1\n', 3, "at_most_usd = -1"),
        ('[[require]]\nrequirement = "cost-per-month"\nat_most_usd = nan\n', 3, "at_most_usd = nan"),
        ('[[require]]\nrequirement = "least-probability"\nat_least = 1.2\n', 3, "at_least = 1.2"),
        (OWNER + 'severity = "fatal"\n', 3, "severity = 'fatal'"),
        (OWNER + 'where = { stakes = "hihg" }\n', 3, "stakes is never 'hihg'; did you mean 'high'?"),
        (OWNER + "where = { department = [] }\n", 3, "it is for no idea"),
        (OWNER + OWNER, 4, "two requirements are called 'owner'"),
        (OWNER + WAIVER.replace('"owner"', '"ownr"'), 5, "no requirement 'ownr'; did you mean 'owner'?"),
        (OWNER + WAIVER.replace('why = "pilot"\n', ""), 3, "why is missing"),
        (OWNER + WAIVER.replace('"pilot"', '""'), 7, "why = ''"),
        (OWNER + WAIVER.replace("2026-12-01", '"soon"'), 8, "until = 'soon'"),
        (
            OWNER + WAIVER.replace("2026-12-01", "2026-12-01T12:00:00Z"),
            8,
            "until = 2026-12-01T12:00:00+00:00: write a day without a time and without quotes, such as until = 2027",
        ),
        (OWNER + WAIVER.replace("until", "untill"), 8, "a waiver knows no 'untill'; did you mean 'until'?"),
        (OWNER + WAIVER + WAIVER, 9, "is waived for 'a' in line 3 too"),
        ('extends = "stric"\n' + OWNER, 1, "did you mean 'strict'?"),
        ('extends = "fitcheck-policy.toml"\n' + OWNER, 1, "extends itself"),
        ('extra_rules = "nowhere"\n' + OWNER, 1, "no rule pack there"),
        ("risk = 2\n" + OWNER, 1, "risk = 2"),
    ],
)
def test_a_broken_policy_quotes_the_line(tmp_path: Path, text: str, line: int | None, what: str) -> None:
    with pytest.raises(PolicyError) as caught:
        policy(tmp_path, text)
    assert what in str(caught.value)
    if line is not None:
        assert f"fitcheck-policy.toml:{line}: " in str(caught.value)
        assert f"\n    {line} | {text.splitlines()[line - 1]}" in str(caught.value)


def test_policies_that_extend_each_other_in_a_circle_are_refused(tmp_path: Path) -> None:
    (tmp_path / "b.toml").write_text('extends = "fitcheck-policy.toml"\n' + OWNER)
    with pytest.raises(PolicyError, match="extends itself"):
        policy(tmp_path, 'extends = "b.toml"\n' + OWNER)


def problems(tmp_path: Path, waiver: str, *, owner: str | None = None, registry: set[str] | None = None) -> list[str]:
    checked = check_entries(
        [entry("a", owner=owner)], policy(tmp_path, OWNER + waiver), Stub(), today=TODAY, registry=registry
    )
    assert checked.failed() is bool(checked.problems) or owner is None
    return [f"{p.line} {p.kind} {p.message}" for p in checked.problems]


def test_a_waiver_that_holds_lets_its_idea_pass(tmp_path: Path) -> None:
    checked = check_entries([entry("a")], policy(tmp_path, OWNER + WAIVER), Stub(), today=TODAY)
    (finding,) = checked.findings
    assert finding.waived is not None
    assert finding.waived.who == "ann"
    assert not checked.failed()


def test_a_waiver_holds_on_its_last_day_and_not_after_it(tmp_path: Path) -> None:
    on_day = WAIVER.replace("2026-12-01", TODAY.isoformat())
    assert not check_entries([entry("a")], policy(tmp_path, OWNER + on_day), Stub(), today=TODAY).failed()
    before = policy(tmp_path, OWNER + WAIVER.replace("2026-12-01", "2026-11-19"))
    late = check_entries([entry("a")], before, Stub(), today=TODAY)
    assert late.failed()
    assert [f.waived for f in late.findings] == [None]
    assert [p.kind for p in late.problems] == ["waiver-expired"]


def test_an_unused_waiver_is_an_error(tmp_path: Path) -> None:
    (said,) = problems(tmp_path, WAIVER, owner="ann")
    assert said.startswith("3 waiver-unused the waiver of owner for 'a' is not needed")


def test_a_waiver_for_an_idea_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    (said,) = problems(tmp_path, WAIVER.replace('idea = "a"', 'idea = "aa"'))
    assert said == "3 waiver-unknown the waiver is for 'aa', and no use case is called that; did you mean 'a'?"


def test_a_waiver_for_an_idea_outside_the_checked_part_is_left_alone(tmp_path: Path) -> None:
    assert problems(tmp_path, WAIVER.replace('idea = "a"', 'idea = "b"'), registry={"a", "b"}) == []


def test_no_entry_is_no_pass(tmp_path: Path) -> None:
    with pytest.raises(UseCaseError, match="an empty registry is no pass"):
        check_entries([], policy(tmp_path, OWNER), Stub())


def test_a_key_of_where_that_looks_misspelt_is_refused(tmp_path: Path) -> None:
    narrow = policy(tmp_path, OWNER + 'where = { departement = "hr" }\n')
    with pytest.raises(PolicyError, match=r"toml:1: owner: where = .* did you mean 'department'\?"):
        check_entries([entry(attributes={"department": "hr"})], narrow, Stub(), today=TODAY)


def test_a_key_of_where_is_compared_with_what_no_idea_has_yet(tmp_path: Path) -> None:
    narrow = policy(tmp_path, OWNER + 'where = { departmnt = "hr" }\n')
    with pytest.raises(PolicyError, match=r"toml:1: owner: where = .* did you mean 'department'\?"):
        check_entries([entry()], narrow, Stub(), today=TODAY)
    usual = policy(tmp_path, OWNER + 'where = { department = "hr" }\n')
    assert check_entries([entry()], usual, Stub(), today=TODAY).idle == ("owner",)


def test_a_requirement_that_is_for_no_idea_is_told(tmp_path: Path) -> None:
    narrow = policy(tmp_path, OWNER + 'where = { region = "eu" }\n')
    assert check_entries([entry()], narrow, Stub(), today=TODAY).idle == ("owner",)


def test_a_column_that_may_be_a_fact_is_a_warning(tmp_path: Path) -> None:
    loaded = policy(tmp_path, OWNER)
    doubtful = [replace(entry(n, owner="bo"), doubtful={"人工复合": "人工复核"}) for n in ("a", "b")]
    result = check_entries(doubtful, loaded, Stub(), today=TODAY)
    (told,) = result.problems
    assert (told.kind, told.severity, result.failed()) == ("column-doubtful", "warning", False)
    assert told.message == "the column '人工复合' is read as an attribute; did you mean '人工复核'?"
    for form in FORMATS:
        assert "column-doubtful" in format_result(result, form)


def test_a_model_that_looks_mistyped_in_a_list_is_a_warning(tmp_path: Path) -> None:
    text = '[[require]]\nrequirement = "models"\ndeny = ["deepseek-chta", "our-own-70b", "qwen-max"]\n'
    result = check_entries([entry(model="gpt-4o-mini")], policy(tmp_path, text), Stub(), today=TODAY)
    (told,) = result.problems
    assert (told.kind, told.line, told.severity, result.failed()) == ("model-unknown", 1, "warning", False)
    assert "deny names 'deepseek-chta', which no price list knows; did you mean 'deepseek-chat'?" in told.message


def test_a_model_that_an_idea_uses_is_no_slip(tmp_path: Path) -> None:
    loaded = policy(tmp_path, '[[require]]\nrequirement = "models"\nallow = ["deepseek-chta"]\n')
    assert check_entries([entry(model="deepseek-chta")], loaded, Stub(), today=TODAY).problems == ()
