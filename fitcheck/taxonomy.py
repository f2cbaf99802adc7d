"""The closed lists: verdicts, the core task's categories, and what else a reader notices before judging."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["CATEGORIES", "CATEGORY_VERDICT", "CONCEPTS", "LEARNED", "Verdict"]


class Verdict(StrEnum):
    """What the proposer of an idea should do."""

    FIT = "fit"
    ASSIST = "assist"
    OVERKILL = "overkill"
    UNFIT = "unfit"
    UNCLEAR = "unclear"


LEARNED: tuple[Verdict, ...] = (Verdict.FIT, Verdict.ASSIST, Verdict.OVERKILL, Verdict.UNFIT)
"""The verdicts that evidence argues for; `unclear` is an abstention."""

_USUAL: tuple[tuple[Verdict, str], ...] = (
    (
        Verdict.FIT,
        "creative-writing image-media-generation ideation-naming marketing-copy polishing-proofreading "
        "translation-localisation official-drafting",
    ),
    (Verdict.ASSIST, "legal-drafting clinical-drafting"),
    (
        Verdict.FIT,
        "correspondence-drafting report-drafting plain-language code-generation code-explanation code-review "
        "test-generation code-migration text-to-query summarisation document-qa customer-conversation "
        "general-assistant text-classification free-extraction document-comparison tutoring-training "
        "role-play-companion data-labelling content-moderation",
    ),
    (
        Verdict.ASSIST,
        "evidence-gathering decision-brief expert-review-support financial-reading commentary-on-numbers "
        "model-features in-person-leadership",
    ),
    (
        Verdict.OVERKILL,
        "fixed-extraction validation lookup arithmetic-reporting conversion rule-routing threshold-alert "
        "exact-matching template-fill keyword-filter business-rules workflow-automation",
    ),
    (
        Verdict.UNFIT,
        "causal-inference fact-verification investment-trading forecasting tabular-prediction "
        "anomaly-fraud-security recommendation-ranking optimisation image-recognition medical-imaging-signals "
        "speech-ocr sensor-control simulation-science biometrics autonomous-decision autonomous-action "
        "bodily-work",
    ),
    (Verdict.UNCLEAR, "model-infrastructure"),
)

CATEGORY_VERDICT: dict[str, Verdict] = {name: verdict for verdict, names in _USUAL for name in names.split()}
"""Each category's usual verdict; the single case may differ."""

CATEGORIES: tuple[str, ...] = tuple(CATEGORY_VERDICT)
DECIDES = ("model", "person", "method", "none")
INPUTS = ("text", "code", "records", "numbers", "image", "audio", "sensor", "physical", "mixed")
FORMATS = ("fixed", "free")
STAKES = ("high", "low")
REVIEW = ("yes", "no", "unsaid")
EXISTING = ("works", "poor", "unsaid")

CONCEPTS: dict[str, tuple[str, ...]] = {
    "category": CATEGORIES,
    "decides": DECIDES,
    "input": INPUTS,
    "format": FORMATS,
    "stakes": STAKES,
    "review": REVIEW,
    "existing": EXISTING,
}
"""What a reader notices before judging, and the closed list of each."""
