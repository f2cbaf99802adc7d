"""Requirements on the verdict and on what it rests on."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, ClassVar

from pydantic import Field

from fitcheck.policy.escaping import shown_path
from fitcheck.policy.keys import name_zh
from fitcheck.policy.requirements.shape import Breach, Case, Names, Requirement, Said, Verdicts, same
from fitcheck.records import Report, Verdict
from fitcheck.wording import say

__all__ = ["AllowedVerdicts", "ExpectedVerdict", "ForbiddenRules", "FreshEvidence", "LeastProbability"]


class AllowedVerdicts(Requirement):
    """Only these verdicts are allowed."""

    title: ClassVar[Said] = Said("Allowed verdicts", "允许的结论")
    text: ClassVar[Said] = Said(
        "An idea is built with a language model only where the verdict is one of those allowed.",
        "只有结论在允许之列的想法才用大模型来做。",
    )
    allow: Annotated[Verdicts, Field(examples=[(Verdict.FIT, Verdict.ASSIST)])]

    def ask(self, case: Case) -> Breach | None:
        verdict = case.report.verdict
        if verdict in self.allow:
            return None
        allowed = ", ".join(v.value for v in self.allow)
        allowed_zh = "、".join(say(v.value, "zh") for v in self.allow)
        return Breach(
            Said(
                f"the verdict is {_sure(case.report)}; allowed: {allowed}",
                f"结论为{_sure_zh(case.report)}；允许：{allowed_zh}",
            ),
            better(case.report),
        )


class ExpectedVerdict(Requirement):
    """The verdict is the one that the entry asserts."""

    title: ClassVar[Said] = Said("Expected verdict", "与预期结论一致")
    text: ClassVar[Said] = Said(
        "The verdict is still the one that the registry asserts with expect.",
        "结论仍与登记表中 expect 所写一致。",
    )
    needed: bool = False

    def applies(self, case: Case) -> bool:
        return self.needed or case.entry.expect is not None

    def ask(self, case: Case) -> Breach | None:
        expected = case.entry.expect
        if expected is None:
            return Breach(
                Said("no verdict is asserted", "没有写明预期结论"),
                Said(f'write expect = "{case.report.verdict.value}" if that is right', "写上 expect = …"),
            )
        if case.report.verdict.value == expected:
            return None
        return Breach(
            Said(
                f"the verdict is {_sure(case.report)}; the registry expects {expected}",
                f"结论为{_sure_zh(case.report)}；登记表预期为{say(expected, 'zh')}",
            ),
            Said(
                f'say what has changed in the idea or its facts, or write expect = "{case.report.verdict.value}"',
                f'补充想法或事实的变化，或改为 expect = "{case.report.verdict.value}"',
            ),
        )


class LeastProbability(Requirement):
    """The verdict is sure enough."""

    title: ClassVar[Said] = Said("Least probability", "最低把握")
    text: ClassVar[Said] = Said(
        "The verdict's probability is at least this: one minus the risk that is accepted.",
        "结论的概率不低于此值，即一减去可接受的风险。",
    )
    at_least: Annotated[float, Field(gt=0, le=1)]

    def ask(self, case: Case) -> Breach | None:
        found = case.report.probability
        if found >= self.at_least:
            return None
        return Breach(
            Said(
                f"the verdict has a probability of {found:.2f}, and {self.at_least:.2f} is asked",
                f"结论的概率为 {found:.2f}，要求至少 {self.at_least:.2f}",
            ),
            better(case.report),
        )


class FreshEvidence(Requirement):
    """No evidence on the ledger has passed its expiry date."""

    title: ClassVar[Said] = Said("Fresh evidence", "依据未过期")
    text: ClassVar[Said] = Said(
        "No rule that the verdict leans on rests on a source past its expiry date.",
        "结论所依据的规则，其来源都未过有效期。",
    )

    def ask(self, case: Case) -> Breach | None:
        stale = list(dict.fromkeys(row.id for row in case.report.ledger if row.stale))
        if not stale:
            return None
        names = ", ".join(stale)
        return Breach(
            Said(f"the verdict leans on evidence past its date: {names}", f"结论依据的来源已过期：{names}"),
            Said(
                "update fitcheck, or read what is new with fitcheck rules --stale",
                "更新 fitcheck，或用 fitcheck rules --stale 查看",
            ),
        )


class ForbiddenRules(Requirement):
    """None of these rules argues about the core task."""

    title: ClassVar[Said] = Said("Forbidden rules", "不得触发的规则")
    text: ClassVar[Said] = Said(
        "None of the named rules finds what it looks for in the idea.", "所列规则都没有在想法中找到其要找的内容。"
    )
    rules: Names

    def ask(self, case: Case) -> Breach | None:
        ids = (i for row in case.report.ledger if row.source in ("rule", "block") for i in (row.id, *row.also))
        found = [i for i in dict.fromkeys(ids) if same(i, self.rules)]
        if not found:
            return None
        titles = [case.report.rules.get(i, {}).get("title", {"en": i, "zh": i}) for i in found]
        quotes = [row.quote for row in case.report.ledger if row.id in found and row.quote]
        quoted = f' ("{quotes[0]}")' if quotes else ""
        return Breach(
            Said(
                f"{'; '.join(t['en'] for t in titles)} [{', '.join(found)}]{quoted}",
                f"{'；'.join(t['zh'] for t in titles)} [{', '.join(found)}]{quoted}",
            ),
            _explained(found[0], case.packs),
        )


def _explained(rule: str, packs: Sequence[Path]) -> Said:
    """Return the command that explains a rule; one of a pack of one's own has to be named by its file."""
    from fitcheck.rule_packs import rule_files

    # a rule's file has the rule's name
    own = next((file for pack in packs for file in rule_files(pack) if file.stem == rule), None)
    command = f"fitcheck explain {rule}" + ("" if own is None else f" --rules {shlex.quote(shown_path(own))}")
    return Said(f"{command} says why, and what to do", f"{command} 说明原因与做法")


def better(report: Report) -> Said:
    """Return what would better a verdict: another tool, the fact that turns it, or the facts to say."""
    if report.instead is not None:
        return Said(f"use instead: {report.instead['en']}", f"改用：{report.instead['zh']}")
    if report.turn is not None:
        return Said(
            f"if {report.turn.words['en']}, it would be {report.turn.verdict.value}",
            f"若{report.turn.words['zh']}，则为{say(report.turn.verdict.value, 'zh')}",
        )
    if report.questions:
        facts = [q.fact for q in report.questions]
        return Said(f"say what is known about {', '.join(facts)}", f"补充这些事实：{'、'.join(map(name_zh, facts))}")
    return Said(
        "say more: what the model does, for whom, and what happens with the result",
        "再说详细些：模型做什么、给谁用、结果怎么用",
    )


def _sure(report: Report) -> str:
    """Return the verdict and its probability; of an unclear one, whose the probability is."""
    verdict, found = report.verdict, f"{report.probability:.2f}"
    if verdict is not Verdict.UNCLEAR:
        return f"{verdict.value} ({found})"
    asked = ", and the policy asks for more" if report.why_unclear == "too risky" else ""
    return f"{verdict.value} ({_leading(report)} had {found}{asked})"


def _sure_zh(report: Report) -> str:
    verdict, found = say(report.verdict.value, "zh"), f"{report.probability:.2f}"
    if report.verdict is not Verdict.UNCLEAR:
        return f"{verdict}（{found}）"
    asked = "，策略要求更高" if report.why_unclear == "too risky" else ""
    return f"{verdict}（{say(_leading(report), 'zh')}的概率为 {found}{asked}）"


def _leading(report: Report) -> str:
    return max(report.probabilities, key=lambda verdict: report.probabilities[verdict])
