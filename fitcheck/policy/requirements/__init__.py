"""The closed list of what a policy can require."""

from __future__ import annotations

from fitcheck.policy.requirements.duties import Approval, KnownFacts, Owner
from fitcheck.policy.requirements.money import CostAgainstAlternative, CostPerCall, CostPerMonth
from fitcheck.policy.requirements.shape import AboutFacts, Breach, Case, Requirement, Said, near, same
from fitcheck.policy.requirements.supply import DataDeployment, Dependence, Models, Providers
from fitcheck.policy.requirements.verdicts import (
    AllowedVerdicts,
    ExpectedVerdict,
    ForbiddenRules,
    FreshEvidence,
    LeastProbability,
)

__all__ = [
    "KINDS",
    "AboutFacts",
    "AllowedVerdicts",
    "Breach",
    "Case",
    "ExpectedVerdict",
    "ForbiddenRules",
    "Models",
    "Requirement",
    "Said",
    "near",
    "same",
]

KINDS: dict[str, type[Requirement]] = {
    "allowed-verdicts": AllowedVerdicts,
    "expected-verdict": ExpectedVerdict,
    "least-probability": LeastProbability,
    "fresh-evidence": FreshEvidence,
    "forbidden-rules": ForbiddenRules,
    "approval": Approval,
    "cost-per-month": CostPerMonth,
    "cost-per-call": CostPerCall,
    "cost-against-alternative": CostAgainstAlternative,
    "data-deployment": DataDeployment,
    "dependence": Dependence,
    "models": Models,
    "providers": Providers,
    "known-facts": KnownFacts,
    "owner": Owner,
}
"""Each requirement by the name that a policy gives it."""
