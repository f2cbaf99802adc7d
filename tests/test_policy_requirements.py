"""Each requirement: when it holds, when it does not, and what it then says."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import pytest
from policy_stub import COST, SIMPLER, TODAY, Stub, entry, policy

from fitcheck.beside import Turn
from fitcheck.errors import PriceUnknown, UseCaseError
from fitcheck.policy import CheckResult, Entry, check_entries
from fitcheck.policy.errors import PolicyError
from fitcheck.policy.requirements import KINDS
from fitcheck.records import Evidence, Verdict
from fitcheck.use_case import UseCase


def check(folder: Path, settings: str, one: Entry, **changes: Any) -> CheckResult:
    text = "\n".join(["[[require]]", *settings.split("; ")]).replace("is ", "requirement = ", 1)
    return check_entries([one], policy(folder, text + "\n"), Stub(**changes), today=TODAY)


def attrs(**values: str) -> dict[str, Any]:
    return {"attributes": values}


PRICED_AT_100 = {"cost": replace(COST, usd_per_month=100.0)}
NO_VOLUME = {"cost": replace(COST, usd_per_month=None, calls_per_month=None)}
NO_COST: dict[str, Any] = {"cost": None}
DEARER = {"cost": replace(COST, simpler=SIMPLER)}
DEARER_BY_CALL = {"cost": replace(NO_VOLUME["cost"], simpler=replace(SIMPLER, usd_per_month=None))}
DEARER_NOT_KEPT = {
    "cost": replace(NO_VOLUME["cost"], simpler=replace(SIMPLER, usd_per_month=None, usd_per_month_kept=0.0))
}
CHEAPER = {"cost": replace(COST, simpler=replace(SIMPLER, usd_per_month=11.0))}
FIRED = {
    "ledger": (Evidence("rule", "exact-arithmetic", Verdict.OVERKILL, 1.6, "core", "calculate", 3, also=("payroll",)),)
}
STALE = {"ledger": (Evidence("rule", "planning", Verdict.UNFIT, 1.0, "core", "plan", 0, stale=True),)}
API = {"deployment": "api", "data_sensitivity": "personal"}

# what the policy asks, the entry, what the report says, and a piece of the message; None where it holds
CASES: list[tuple[str, Entry, dict[str, Any], str | None]] = [
    ('is "allowed-verdicts"; allow = ["fit", "assist"]', entry(text="assist"), {}, None),
    ('is "allowed-verdicts"; allow = ["fit"]', entry(text="unfit"), {}, "the verdict is unfit (0.90); allowed: fit"),
    (
        'is "allowed-verdicts"; allow = ["fit"]',
        entry(text="unclear"),
        {"probabilities": {"fit": 0.04, "unfit": 0.96}, "why_unclear": "too risky"},
        "the verdict is unclear (unfit had 0.96, and the policy asks for more); allowed: fit",
    ),
    ('is "expected-verdict"', entry(expect="fit"), {}, None),
    ('is "expected-verdict"', entry(expect="assist"), {}, "is fit (0.90); the registry expects assist"),
    ('is "expected-verdict"', entry(), {}, None),
    ('is "expected-verdict"; needed = true', entry(), {}, "no verdict is asserted"),
    ('is "least-probability"; at_least = 0.5', entry(), {}, None),
    ('is "least-probability"; at_least = 0.95', entry(), {}, "a probability of 0.90, and 0.95 is asked"),
    ('is "fresh-evidence"', entry(), FIRED, None),
    ('is "fresh-evidence"', entry(), STALE, "leans on evidence past its date: planning"),
    ('is "forbidden-rules"; rules = ["legal-advice"]', entry(), FIRED, None),
    ('is "forbidden-rules"; rules = ["exact-*"]', entry(), FIRED, '[exact-arithmetic] ("calculate")'),
    ('is "forbidden-rules"; rules = ["payroll"]', entry(), FIRED, "[payroll]"),
    ('is "approval"', entry(text="assist", human_review=True), {}, None),
    ('is "approval"', entry(text="assist", decides="person"), {}, None),
    ('is "approval"', entry(text="fit"), {}, None),
    ('is "approval"', entry(text="assist"), {}, "nobody is said to approve"),
    ('is "approval"', entry(text="assist", human_review=False, decides="person"), {}, "and nobody approves"),
    ('is "approval"; verdicts = ["fit"]', entry(text="fit"), {}, "the verdict is fit, and nobody is said"),
    ('is "cost-per-month"; at_most_usd = 100', entry(), PRICED_AT_100, None),
    ('is "cost-per-month"; at_most_usd = 99', entry(), PRICED_AT_100, "100.00 USD a month (gpt-4o-mini); at most 99"),
    ('is "cost-per-month"; at_most_usd = 99', entry(), NO_VOLUME, "no volume is given"),
    ('is "cost-per-month"; at_most_usd = 99; unknown = "allow"', entry(), NO_VOLUME, None),
    ('is "cost-per-month"; at_most_usd = 99', entry(), {"cost": None}, "no price is listed"),
    ('is "cost-per-call"; at_most_usd = 0.01', entry(), {}, None),
    ('is "cost-per-call"; at_most_usd = 0.009', entry(), {}, "0.01 USD a call (gpt-4o-mini); at most 0.009"),
    ('is "cost-per-call"; at_most_usd = 0.009', entry(), {"cost": None}, "the cost is not known"),
    ('is "cost-against-alternative"', entry(), {}, None),
    ('is "cost-against-alternative"', entry(), CHEAPER, None),
    ('is "cost-against-alternative"', entry(), DEARER, "9.09 times what regex-or-parser costs to run"),
    ('is "cost-against-alternative"', entry(), DEARER_BY_CALL, "not known: no volume is given"),
    ('is "cost-against-alternative"; unknown = "allow"', entry(), DEARER_BY_CALL, None),
    ('is "cost-against-alternative"; at_most_times = 100', entry(), DEARER_BY_CALL, None),
    ('is "cost-against-alternative"', entry(), DEARER_NOT_KEPT, "100 times what regex-or-parser costs"),
    ('is "cost-against-alternative"; at_most_times = 10', entry(), DEARER, None),
    ('is "data-deployment"', entry(data_sensitivity="public", deployment="api"), {}, None),
    ('is "data-deployment"', entry(data_sensitivity="regulated", deployment="own_gpus"), {}, None),
    ('is "data-deployment"', entry(**API, **attrs(agreement="DPA-1")), {}, None),
    ('is "data-deployment"', entry(**API), {}, "personal data goes to an API without an agreement"),
    *(
        ('is "data-deployment"', entry(**API, **attrs(agreement=said)), {}, "to an API without an agreement")
        for said in ("false", "None", "no", "n/a", "TBD", "-", "无", "暂无")
    ),
    *(
        (
            'is "data-deployment"',
            entry(data_sensitivity="personal", deployment="own_gpus", model=name, provider="openai"),
            {},
            f"personal data, and {name} is served by API only: it can't run on own cards" if by_api else None,
        )
        for name, by_api in (("gpt-4o-mini", True), ("anthropic/claude-sonnet-4", True), ("gpt-oss-120b", False))
    ),
    ('is "data-deployment"', entry(deployment="api"), {}, "not said how sensitive the data is"),
    ('is "data-deployment"; unknown = "allow"', entry(deployment="api"), {}, None),
    ('is "data-deployment"', entry(data_sensitivity="personal"), {}, "not said where the model runs"),
    ('is "data-deployment"; unknown = "allow"', entry(data_sensitivity="personal"), {}, None),
    (
        'is "data-deployment"; agreements = ["DPA-1"]',
        entry(**API, **attrs(agreement="DPA-2")),
        {},
        "the agreement 'DPA-2' is none that the policy names",
    ),
    (
        'is "data-deployment"; providers = ["azure"]',
        entry(**API, provider="openai", **attrs(agreement="x")),
        {},
        "personal data goes to openai, which is not allowed it",
    ),
    ('is "data-deployment"; providers = ["azure"]', entry(**API, provider="Azure", **attrs(agreement="x")), {}, None),
    ('is "data-deployment"; providers = ["azure"]', entry(**API, **attrs(agreement="x")), {}, "no provider is named"),
    ('is "dependence"', entry(**attrs(criticality="low")), {}, None),
    ('is "dependence"', entry(), {}, "not said how critical it is"),
    ('is "dependence"; unknown = "allow"', entry(), {}, None),
    ('is "dependence"', entry(suppliers=("a", "b"), **attrs(criticality="high", exit_plan="x")), {}, None),
    (
        'is "dependence"',
        entry(suppliers=("a", "A "), **attrs(criticality="High", exit_plan="x")),
        {},
        "critical, with 1 supplier; at least 2 are asked",
    ),
    ('is "dependence"', entry(suppliers=("a", "b"), **attrs(criticality="high")), {}, "no exit plan"),
    ('is "dependence"; exit_plan = false', entry(**attrs(criticality="high")), {}, "its suppliers are not named"),
    ('is "dependence"; exit_plan = false', entry(deployment="own_gpus", **attrs(criticality="high")), {}, None),
    ('is "allowed-verdicts"; allow = ["适合", "辅助"]', entry(text="assist"), {}, None),
    ('is "allowed-verdicts"; allow = ["适合"]', entry(text="unfit"), {}, "the verdict is unfit (0.90); allowed: fit"),
    ('is "approval"; verdicts = ["适合"]', entry(text="fit"), {}, "the verdict is fit, and nobody is said"),
    ('is "dependence"', entry(**attrs(关键程度="高")), {}, "critical, and its suppliers are not named"),
    ('is "dependence"; critical = ["高"]', entry(**attrs(criticality="high")), {}, "its suppliers are not named"),
    ('is "dependence"', entry(**attrs(criticality="低")), {}, None),
    ('is "data-deployment"; classes = ["个人"]', entry(**API), {}, "personal data goes to an API without"),
    ('is "known-facts"; facts = ["部署方式"]', entry(), {}, "not given: deployment"),
    ('is "models"; allow = ["gpt-4o*"]', entry(model="GPT-4o-mini"), {}, None),
    ('is "models"; allow = ["gpt-4o*"]', entry(model="gpt-3.5-turbo"), {}, "the model gpt-3.5-turbo is not allowed"),
    ('is "models"; deny = ["gpt-3*"]', entry(model="gpt-3.5-turbo"), {}, "the model gpt-3.5-turbo is denied"),
    *(
        ('is "models"; deny = ["gpt-4o-mini"]', entry(model=name), NO_COST, f"the model {name} is denied")
        for name in (
            *("gpt-4o-mini-2024-07-18", "openai/gpt-4o-mini", "gpt-4o-mini-latest", "azure:GPT-4o mini"),
            *("gpt4o-mini", "openrouter/openai/gpt-4o-mini:free", "azure-gpt-4o-mini-2024-07-18"),
        )
    ),
    ('is "models"; deny = ["gpt4o-mini"]', entry(model="gpt-4o-mini"), NO_COST, "the model gpt-4o-mini is denied"),
    ('is "models"; deny = ["openai/gpt-4o-mini"]', entry(model="gpt-4o-mini"), NO_COST, "is denied"),
    ('is "models"; deny = ["openai/*"]', entry(model="gpt-4o-mini", provider="openai"), NO_COST, "is denied"),
    ('is "models"; deny = ["openai/*"]', entry(model="gpt-4o-mini", provider="azure"), NO_COST, None),
    ('is "models"; deny = ["gpt-4o-mini"]', entry(model="通义千问-Plus"), {}, "is denied"),
    ('is "models"; deny = ["gpt-4o-mini"]', entry(model="gpt-4o"), NO_COST, None),
    ('is "models"; deny = ["gpt-4o-mini-2024-07-18"]', entry(model="gpt-4o-mini"), NO_COST, None),
    (
        'is "models"; allow = ["gpt-4o-2024-08-06"]; deny = ["gpt-4o"]',
        entry(model="gpt-4o-2024-08-06"),
        NO_COST,
        None,
    ),
    (
        'is "models"; deny = ["claude-3.5-sonnet"]',
        entry(model="us.anthropic.claude-3-5-sonnet-20240620-v1:0"),
        NO_COST,
        "is denied",
    ),
    ('is "models"; deny = ["gpt-3*"]', entry(), {}, "no model is named"),
    ('is "models"; deny = ["gpt-3*"]; unknown = "allow"', entry(), {}, None),
    ('is "providers"; allow = ["azure"]', entry(provider="azure"), {}, None),
    ('is "providers"; allow = ["azure"]', entry(provider="openai"), {}, "the provider openai is not allowed"),
    ('is "providers"; allow = ["azure"]', entry(deployment="own_gpus"), {}, None),
    (
        'is "providers"; allow = ["azure"]',
        entry(deployment="own_gpus", model="gpt-4o-mini", provider="openai"),
        {},
        "the provider openai is not allowed",
    ),
    (
        'is "dependence"; least_suppliers = 1',
        entry(suppliers=("a",), **attrs(criticality="high", exit_plan="none")),
        {},
        "no exit plan",
    ),
    ('is "known-facts"; facts = ["stakes"]', entry(stakes="low"), {}, None),
    ('is "known-facts"; facts = ["human_review"]', entry(human_review=False), {}, None),
    (
        'is "known-facts"; facts = ["stakes", "users"]; attributes = ["team"]',
        entry(stakes="low", **attrs(team=" ")),
        {},
        "not given: users, team",
    ),
    ('is "owner"', entry(owner="ann"), {}, None),
    ('is "owner"', entry(), {}, "no owner is named"),
]


@pytest.mark.parametrize(("settings", "one", "changes", "message"), CASES)
def test_a_requirement_fails_and_passes_for_its_reason(
    tmp_path: Path, settings: str, one: Entry, changes: dict[str, Any], message: str | None
) -> None:
    findings = check(tmp_path, settings, one, **changes).findings
    if message is None:
        assert findings == ()
    else:
        (finding,) = findings
        assert message in finding.message
        assert finding.remedy
        assert finding.requirement == settings.split('"')[1]


def test_every_requirement_was_seen_to_fail_and_to_pass() -> None:
    failed = {settings.split('"')[1] for settings, _, _, message in CASES if message is not None}
    passed = {settings.split('"')[1] for settings, _, _, message in CASES if message is None}
    assert failed == passed == set(KINDS)


@pytest.mark.parametrize(("settings", "one", "changes", "message"), [c for c in CASES if c[3] is not None])
def test_a_breach_is_told_in_chinese_too(
    tmp_path: Path, settings: str, one: Entry, changes: dict[str, Any], message: str
) -> None:
    text = "\n".join(['lang = "zh"', "[[require]]", *settings.split("; ")]).replace("is ", "requirement = ", 1)
    (finding,) = check_entries([one], policy(tmp_path, text + "\n"), Stub(**changes), today=TODAY).findings
    assert any("一" <= c <= "鿿" for c in finding.message + finding.remedy)


NARROWED = [
    ('{ department = "hr" }', True),
    ('{ department = ["it", "HR"] }', True),
    ('{ department = "it" }', False),
    ('{ department = "hr", stakes = "high" }', True),
    ('{ department = "hr", stakes = "low" }', False),
    ('{ verdict = "fit" }', True),
    ('{ verdict = ["assist", "unfit"] }', False),
    ("{ human_review = true }", True),
    ("{ human_review = false }", False),
    ("{ calls_per_month = 900 }", True),
    ('{ suppliers = "azure" }', True),
    ('{ id = "an-*" }', True),
    ('{ id = "other" }', False),
    ('{ tags = "b" }', True),
    ('{ region = "eu" }', False),
    ('{ deployment = "api" }', False),
    ('{ "部门" = "HR" }', True),
    ('{ "部门" = "it" }', False),
    ('{ Department = "hr" }', True),
    ('{ "负责人" = "ann" }', False),
    ('{ "利害" = "高" }', True),
    ('{ "利害" = "低" }', False),
    ('{ "月调用量" = 900 }', True),
]


def test_an_attribute_answers_to_each_of_its_names(tmp_path: Path) -> None:
    one = entry(data_sensitivity="personal", deployment="api", **attrs(协议="DPA-1", 部门="客服部"))
    assert check(tmp_path, 'is "data-deployment"', one).findings == ()
    assert check(tmp_path, 'is "known-facts"; attributes = ["department", "数据协议"]', one).findings == ()
    assert len(check(tmp_path, 'is "owner"; where = { department = "客服部" }', one).findings) == 1


def test_names_are_told_in_chinese(tmp_path: Path) -> None:
    text = 'lang = "zh"\n[[require]]\nrequirement = "known-facts"\nfacts = ["deployment"]\n'
    text += 'attributes = ["department", "team"]\n'
    (finding,) = check_entries([entry()], policy(tmp_path, text), Stub(), today=TODAY).findings
    assert finding.message == "没有写明：部署方式（deployment）、部门（department）、team"
    text = 'lang = "zh"\n[[require]]\nrequirement = "cost-against-alternative"\n'
    (finding,) = check_entries([entry()], policy(tmp_path, text), Stub(**DEARER), today=TODAY).findings
    assert finding.message.startswith("为正则表达式或解析器运行费用的 ")


@pytest.mark.parametrize(
    "where",
    [
        '{ criticality = "高" }',
        '{ "关键程度" = ["高", "关键"] }',
        '{ verdict = "适合" }',
        '{ deployment = "接口" }',
        '{ human_review = "是" }',
        '{ "人工复核" = "是" }',
    ],
)
def test_a_requirement_can_be_narrowed_in_chinese_words(tmp_path: Path, where: str) -> None:
    one = entry(deployment="api", human_review=True, **attrs(criticality="high"))
    assert check(tmp_path, f'is "owner"; where = {where}', one).findings
    other = entry(text="assist", deployment="own_gpus", human_review=False, **attrs(criticality="low"))
    assert not check(tmp_path, f'is "owner"; where = {where}', other).findings


@pytest.mark.parametrize(("where", "is_for"), NARROWED)
def test_a_requirement_can_be_narrowed(tmp_path: Path, where: str, is_for: bool) -> None:
    one = entry(
        stakes="high",
        human_review=True,
        calls_per_month=900,
        suppliers=("openai", "Azure"),
        **attrs(department="hr", tags="a; b"),
    )
    assert bool(check(tmp_path, f'is "owner"; where = {where}', one).findings) is is_for


def test_what_does_not_apply_is_no_outcome(tmp_path: Path) -> None:
    assert check(tmp_path, 'is "approval"', entry(text="fit")).outcomes == ()


def test_a_warning_does_not_fail_a_check(tmp_path: Path) -> None:
    checked = check(tmp_path, 'is "owner"; severity = "warning"', entry())
    assert [f.severity for f in checked.findings] == ["warning"]
    assert not checked.failed()


def test_the_remedy_names_the_tool_to_use_instead(tmp_path: Path) -> None:
    instead = {"kind": "template", "en": "A template.", "zh": "模板。"}
    (finding,) = check(
        tmp_path, 'is "allowed-verdicts"; allow = ["fit"]', entry(text="overkill"), instead=instead
    ).findings
    assert finding.remedy == "use instead: A template."


def test_the_remedy_names_the_fact_that_turns_the_verdict(tmp_path: Path) -> None:
    words = {"en": "a person checks each output", "zh": "每份输出都有人复核"}
    changed = UseCase(text="unfit", human_review=True)
    turn = Turn("human_review=yes", words, changed, Verdict.ASSIST, 0.8, {"human_review": True})
    (finding,) = check(tmp_path, 'is "allowed-verdicts"; allow = ["fit"]', entry(text="unfit"), turn=turn).findings
    assert finding.remedy == "if a person checks each output, it would be assist"


def test_the_remedy_for_an_attribute_is_what_can_be_written(tmp_path: Path) -> None:
    settings = 'is "known-facts"; facts = ["stakes"]; attributes = ["department", "cost centre"]'
    (finding,) = check(tmp_path, settings, entry()).findings
    assert finding.remedy == 'write stakes, attributes.department, attributes."cost centre"'
    (finding,) = check(tmp_path, settings, entry(path=Path("ideas.fit.csv"))).findings
    assert finding.remedy == "write stakes, department, cost centre"


def test_a_forbidden_rule_that_there_is_not_offers_the_nearest(tmp_path: Path) -> None:
    class Known(Stub):
        rules: ClassVar = {"exact-arithmetic": None, "payroll": None}

    asked = policy(tmp_path, '[[require]]\nrequirement = "forbidden-rules"\nrules = ["exact-aritmetic"]\n')
    with pytest.raises(PolicyError, match=r"no rule 'exact-aritmetic'; did you mean 'exact-arithmetic'\?"):
        check_entries([entry()], asked, Known(), today=TODAY)


def test_a_pattern_that_forbids_no_rule_is_refused(tmp_path: Path) -> None:
    class Known(Stub):
        rules: ClassVar = {"exact-arithmetic": None, "our-invoices": None}

    settings = '[[require]]\nrequirement = "forbidden-rules"\nrules = '
    with pytest.raises(PolicyError, match=r"toml:1: .*'zzz\*' matches no rule, so nothing is forbidden; known: exact-"):
        check_entries([entry()], policy(tmp_path, settings + '["exact-*", "zzz*"]\n'), Known(), today=TODAY)
    assert not check_entries([entry()], policy(tmp_path, settings + '["our-*"]\n'), Known(), today=TODAY).findings


def test_a_rule_of_ones_own_is_explained_by_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "our rules" / "money").mkdir(parents=True)
    (tmp_path / "our rules" / "money" / "payroll.toml").touch()
    settings = 'extra_rules = "our rules"\n[[require]]\nrequirement = "forbidden-rules"\nrules = '
    remedies = [
        check_entries([entry()], policy(tmp_path, settings + names), Stub(**FIRED), today=TODAY).findings[0].remedy
        for names in ('["payroll"]\n', '["exact-*"]\n')
    ]
    assert remedies == [
        "fitcheck explain payroll --rules 'our rules/money/payroll.toml' says why, and what to do",
        "fitcheck explain exact-arithmetic says why, and what to do",
    ]


def test_a_model_without_a_listed_price_is_judged_and_has_no_cost(tmp_path: Path) -> None:
    checked = check(tmp_path, 'is "cost-per-call"; at_most_usd = 1', entry(model="our-own-llama"))
    assert [f.message for f in checked.findings] == ["the cost is not known: no price is listed"]
    assert checked.judged[0][1].use_case.model == "our-own-llama"


def test_an_idea_that_can_not_be_judged_is_named_with_its_place(tmp_path: Path) -> None:
    class Breaks(Stub):
        def assess_each(self, ideas: Any, *, today: Any = None) -> Any:
            # as a block of ideas does: the error comes before any answer
            block = list(ideas)
            if any(idea.text == "bad" for idea in block):
                raise PriceUnknown("no such price")
            yield from super().assess_each(block, today=today)

    asked = policy(tmp_path, '[[require]]\nrequirement = "owner"\n')
    with pytest.raises(UseCaseError, match=r"ideas.fit.toml:7: b: no such price"):
        check_entries([entry("a"), entry("b", text="bad", line=7)], asked, Breaks(), today=TODAY)
