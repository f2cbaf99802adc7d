"""Requirements on what people have to do and say."""

from __future__ import annotations

from typing import ClassVar

from pydantic import field_validator, model_validator

from fitcheck.policy.keys import attribute_of, attribute_toml, key_of, name_zh
from fitcheck.policy.requirements.shape import Breach, Case, Requirement, Said, Verdicts, near
from fitcheck.records import Verdict
from fitcheck.use_case import UseCase
from fitcheck.wording import say

__all__ = ["Approval", "KnownFacts", "Owner"]

_FACTS = tuple(name for name in UseCase.model_fields if name not in ("text", "id"))


class Approval(Requirement):
    """A person approves what the model does."""

    title: ClassVar[Said] = Said("A person approves", "须由人批准")
    text: ClassVar[Said] = Said(
        "Where the verdict is assist, a person checks each output before it takes effect.",
        "结论为辅助时，每项输出须经人检查后才生效。",
    )
    verdicts: Verdicts = (Verdict.ASSIST,)

    def applies(self, case: Case) -> bool:
        return case.report.verdict in self.verdicts

    def ask(self, case: Case) -> Breach | None:
        review, decides = case.use_case.human_review, case.use_case.decides
        if review or (review is None and decides == "person"):
            return None
        verdict = case.report.verdict.value
        unsaid = review is None
        return Breach(
            Said(
                f"the verdict is {verdict}, and " + ("nobody is said to approve" if unsaid else "nobody approves"),
                f"结论为{say(verdict, 'zh')}，但" + ("没有说明由谁批准" if unsaid else "无人批准"),
            ),
            Said(
                "have a person check each output before it takes effect, and write human_review = true",
                "让人在每项输出生效前检查，并写明 human_review = true",
            ),
        )


class KnownFacts(Requirement):
    """These facts and attributes are given."""

    title: ClassVar[Said] = Said("Known facts", "须写明的事实")
    text: ClassVar[Said] = Said(
        "The named facts and attributes are given: what nobody knows, nobody can approve.",
        "所列事实与属性须写明：无人知晓，便无人能批准。",
    )
    facts: tuple[str, ...] = ()
    attributes: tuple[str, ...] = ()

    @field_validator("facts")
    @classmethod
    def _are_facts(cls, facts: tuple[str, ...]) -> tuple[str, ...]:
        # a slip in English is told, where a table's reader would guess
        meant = [name if name.isascii() else key_of(name) for name in facts]
        for name, fact in zip(facts, meant, strict=True):
            if fact not in _FACTS:
                raise ValueError(f"{name!r} is no fact; {near(name, _FACTS)} (your own keys go into attributes)")
        return tuple(meant)

    @model_validator(mode="after")
    def _asks_something(self) -> KnownFacts:
        if not self.facts and not self.attributes:
            raise ValueError('it asks nothing; name facts = ["calls_per_month", …] or attributes = ["department", …]')
        return self

    def ask(self, case: Case) -> Breach | None:
        missing = [name for name in self.facts if getattr(case.use_case, name) is None]
        missing += [name for name in self.attributes if not (attribute_of(case.entry.attributes, name) or "").strip()]
        if not missing:
            return None
        names, names_zh = ", ".join(missing), "、".join(map(name_zh, missing))
        in_table = case.entry.path.suffix.casefold() != ".toml"
        keys = ", ".join(name if name in self.facts or in_table else attribute_toml(name) for name in missing)
        return Breach(Said(f"not given: {names}", f"没有写明：{names_zh}"), Said(f"write {keys}", f"请写明 {keys}"))


class Owner(Requirement):
    """Somebody answers for the idea."""

    title: ClassVar[Said] = Said("Owner", "负责人")
    text: ClassVar[Said] = Said("Somebody is named who answers for the idea.", "须写明由谁对该想法负责。")

    def ask(self, case: Case) -> Breach | None:
        if case.entry.owner is not None:
            return None
        return Breach(
            Said("no owner is named", "没有写明负责人"),
            Said('write owner = "…": who answers for it', '写明 owner = "…"：由谁负责'),
        )
