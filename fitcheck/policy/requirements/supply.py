"""Requirements on where the model runs, who serves it, and what hangs on them."""

from __future__ import annotations

from difflib import get_close_matches
from functools import partial
from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field, model_validator

from fitcheck.fact_values import NOT_KNOWN, fold_word, truth_of
from fitcheck.policy.keys import attribute_of, criticality_meant
from fitcheck.policy.model_names import is_by_api_only, is_denied
from fitcheck.policy.requirements.shape import AboutFacts, Breach, Case, Names, Said, same, value_meant, word

__all__ = ["DataDeployment", "Dependence", "Models", "Providers"]

_Class = Annotated[
    Literal["public", "internal", "personal", "regulated"],
    BeforeValidator(partial(value_meant, "data_sensitivity")),
]
_CLASS_ZH = {"public": "公开", "internal": "内部", "personal": "个人", "regulated": "受监管"}
_NOTHING = NOT_KNOWN | {"none", "no", "false", "nil", "null", "nothing", "no agreement", "no plan", "暂无", "尚无"}


def _stated(case: Case, attribute: str) -> str:
    """Return what an attribute names; empty where it is not given, or says that there is nothing."""
    said = (attribute_of(case.entry.attributes, attribute) or "").strip()
    return "" if truth_of(said) == "no" or {said, fold_word(said)} & _NOTHING else said


def _on_own_cards(case: Case) -> bool:
    """Say whether the model runs on own cards, as the idea says and as can be."""
    model = case.use_case.model
    return case.use_case.deployment == "own_gpus" and (model is None or not is_by_api_only(model))


class DataDeployment(AboutFacts):
    """Sensitive data goes to an API only under a named agreement."""

    title: ClassVar[Said] = Said("Data and deployment", "数据与部署")
    text: ClassVar[Said] = Said(
        "Personal or regulated data goes to an API only under a named agreement, and only to providers allowed.",
        "个人或受监管数据只有在写明协议、且服务商获准时，才可发往 API。",
    )
    classes: Annotated[tuple[_Class, ...], Field(min_length=1)] = ("personal", "regulated")
    agreements: Names | None = None
    providers: Names | None = None

    def applies(self, case: Case) -> bool:
        data = case.use_case.data_sensitivity
        return data in self.classes or (data is None and self.unknown == "fail")

    def ask(self, case: Case) -> Breach | None:
        data, deployment = case.use_case.data_sensitivity, case.use_case.deployment
        if data is None:
            return self.not_known(
                Said("it is not said how sensitive the data is", "没有写明数据敏感度"),
                Said(
                    'write data_sensitivity = "public", "internal", "personal" or "regulated"',
                    '写明 data_sensitivity = "public"、"internal"、"personal" 或 "regulated"',
                ),
            )
        if _on_own_cards(case):
            return None
        if deployment == "own_gpus":
            model = case.use_case.model
            return Breach(
                Said(
                    f"{data} data, and {model} is served by API only: it can't run on own cards",
                    f"{_CLASS_ZH[data]}数据，而 {model} 只以 API 提供，不能在自有显卡上运行",
                ),
                Said(
                    'name the model that runs there, or write deployment = "api" and the agreement',
                    '写明实际运行的模型，或写 deployment = "api" 并写明协议',
                ),
            )
        if deployment is None and self.unknown == "allow":
            return None
        if deployment is None:
            return self.not_known(
                Said(
                    f"{data} data, and it is not said where the model runs",
                    f"{_CLASS_ZH[data]}数据，但没有写明部署方式",
                ),
                Said('write deployment = "api" or "own_gpus"', '写明 deployment = "api" 或 "own_gpus"'),
            )
        return self._by_api(case, data)

    def _by_api(self, case: Case, data: str) -> Breach | None:
        zh = _CLASS_ZH[data]
        agreement = _stated(case, "agreement")
        if not agreement:
            return Breach(
                Said(f"{data} data goes to an API without an agreement", f"{zh}数据发往 API，却没有协议"),
                Said(
                    'name the agreement (attributes.agreement = "…"), or run the model on your own cards',
                    '写明协议（attributes.agreement = "…"），或在自有显卡上运行',
                ),
            )
        if self.agreements is not None and not same(agreement, self.agreements):
            close = get_close_matches(agreement, self.agreements, n=1)
            return Breach(
                Said(
                    f"the agreement {agreement!r} is none that the policy names", f"协议 {agreement!r} 不在政策所列之内"
                ),
                Said(
                    f"did you mean {close[0]!r}?" if close else f"named are: {', '.join(self.agreements)}",
                    f"是否指 {close[0]!r}？" if close else f"所列协议：{'、'.join(self.agreements)}",
                ),
            )
        if self.providers is None:
            return None
        allowed = ", ".join(self.providers)
        if case.use_case.provider is None:
            return self.not_known(
                Said(f"{data} data goes to an API, and no provider is named", f"{zh}数据发往 API，却没有写明服务商"),
                Said(f"write provider = …, one of: {allowed}", f"写明 provider = …，可选：{allowed}"),
            )
        if same(case.use_case.provider, self.providers):
            return None
        return Breach(
            Said(
                f"{data} data goes to {case.use_case.provider}, which is not allowed it",
                f"{zh}数据发往未获准的 {case.use_case.provider}",
            ),
            Said(f"allowed: {allowed}", f"获准的有：{allowed}"),
        )


class Dependence(AboutFacts):
    """A critical need does not hang on one supplier."""

    title: ClassVar[Said] = Said("Dependence", "依赖")
    text: ClassVar[Said] = Said(
        "A critical need does not hang on a single supplier, and has a plan for leaving.",
        "关键需求不依赖单一供应商，且有退出方案。",
    )
    critical: Names = ("critical", "high")
    least_suppliers: Annotated[int, Field(ge=1, le=100)] = 2
    exit_plan: bool = True

    def applies(self, case: Case) -> bool:
        criticality = attribute_of(case.entry.attributes, "criticality")
        if criticality is None:
            return self.unknown == "fail"
        return word(criticality_meant(criticality)) in {word(criticality_meant(name)) for name in self.critical}

    def ask(self, case: Case) -> Breach | None:
        if attribute_of(case.entry.attributes, "criticality") is None:
            return self.not_known(
                Said("it is not said how critical it is", "没有写明关键程度"),
                Said('write attributes.criticality = "low" or "high"', '写明 attributes.criticality = "low" 或 "high"'),
            )
        parts = [part for part in (self._suppliers(case), self._exit(case)) if part is not None]
        if not parts:
            return None
        return Breach(
            Said("; ".join(p.message.en for p in parts), "；".join(p.message.zh for p in parts)),
            Said("; ".join(p.remedy.en for p in parts), "；".join(p.remedy.zh for p in parts)),
        )

    def _suppliers(self, case: Case) -> Breach | None:
        # a model on one's own cards can be kept whatever its maker does
        if _on_own_cards(case):
            return None
        suppliers = case.use_case.suppliers
        if suppliers is None:
            return self.not_known(
                Said("critical, and its suppliers are not named", "属关键需求，但没有写明供应商"),
                Said('write suppliers = ["…", "…"]', '写明 suppliers = ["…", "…"]'),
            )
        n_suppliers = len({word(name) for name in suppliers})
        if n_suppliers >= self.least_suppliers:
            return None
        return Breach(
            Said(
                f"critical, with {n_suppliers} supplier{'' if n_suppliers == 1 else 's'}; "
                f"at least {self.least_suppliers} are asked",
                f"属关键需求，仅有 {n_suppliers} 家供应商；至少需 {self.least_suppliers} 家",
            ),
            Said("name a second supplier that could take over", "写明可接替的另一家供应商"),
        )

    def _exit(self, case: Case) -> Breach | None:
        if not self.exit_plan or _stated(case, "exit_plan"):
            return None
        return Breach(
            Said("no exit plan", "没有退出方案"),
            Said('write attributes.exit_plan = "…": how to do without', '写明 attributes.exit_plan = "…"：如何替代'),
        )


class _Listed(AboutFacts):
    """Names that are allowed, or denied."""

    allow: Names | None = None
    deny: Names | None = None

    @model_validator(mode="after")
    def _allows_something(self) -> _Listed:
        if self.allow is None and self.deny is None:
            raise ValueError('it asks nothing; write allow = ["…"] or deny = ["…"]')
        if self.allow is not None and self.deny is not None and all(same(name, self.deny) for name in self.allow):
            raise ValueError("it allows nothing: all that it allows is denied too")
        if self.deny is not None and "*" in self.deny:
            raise ValueError("it allows nothing: it denies *")
        return self

    def _denies(self, case: Case, name: str) -> bool:
        return self.deny is not None and same(name, self.deny)

    def _ask(self, case: Case, name: str | None, field: str, field_zh: str) -> Breach | None:
        allowed = ", ".join(self.allow or ())
        if name is None:
            return self.not_known(
                Said(f"no {field} is named", f"没有写明{field_zh}"), Said(f'write {field} = "…"', f'写明 {field} = "…"')
            )
        denied = self._denies(case, name)
        if not denied and (self.allow is None or same(name, self.allow)):
            return None
        return Breach(
            Said(f"the {field} {name} is {'denied' if denied else 'not allowed'}", f"{field_zh} {name} 不被允许"),
            Said(
                f"allowed: {allowed}" if allowed else "take another",
                f"允许：{allowed}" if allowed else "请换一个",
            ),
        )


class Models(_Listed):
    """Only these models, or none of those."""

    title: ClassVar[Said] = Said("Models", "模型")
    text: ClassVar[Said] = Said(
        "The model is one that is allowed; * stands for anything.", "所用模型须获准；* 代表任意。"
    )

    def ask(self, case: Case) -> Breach | None:
        return self._ask(case, case.use_case.model, "model", "模型")

    def _denies(self, case: Case, name: str) -> bool:
        """Say whether a model is denied under any of its names; one that is allowed by its own is no other name."""
        if self.deny is None or same(name, self.deny):
            return self.deny is not None
        if word(name) in map(word, self.allow or ()):
            return False
        # the price list knows more names: 通义千问-Plus is qwen-plus
        priced = () if case.report.cost is None else (case.report.cost.model,)
        return any(is_denied(one, case.use_case.provider, self.deny) for one in (name, *priced))


class Providers(_Listed):
    """Only these providers, or none of those."""

    title: ClassVar[Said] = Said("Providers", "服务商")
    text: ClassVar[Said] = Said(
        "Who serves the model by API is one that is allowed; * stands for anything.",
        "以 API 提供模型的服务商须获准；* 代表任意。",
    )

    def applies(self, case: Case) -> bool:
        return not _on_own_cards(case)

    def ask(self, case: Case) -> Breach | None:
        return self._ask(case, case.use_case.provider, "provider", "服务商")
