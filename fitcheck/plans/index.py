"""Which plan is for what, so that one report reads one file.

The files under rules/plans say the same in their `techniques`, `categories` and `inputs`; a test compares the two.
"""

from __future__ import annotations

__all__ = ["BY_CATEGORY", "BY_TECHNIQUE", "JOB_OF_RULE", "ONLY_FOR"]

BY_TECHNIQUE: dict[str, str] = {
    "language-model": "smaller-job-for-the-model",
    "language-model-with-review": "smaller-job-for-the-model",
    "retrieval-with-sources": "search-that-shows-its-sources",
    "small-trained-classifier": "small-classifier",
    "regex-or-parser": "patterns-and-parsers",
    "lookup-or-sql": "lookup-and-queries",
    "plain-code-or-spreadsheet": "formulas-and-code",
    "rules-engine": "written-rules",
    "template": "templates",
    "script-or-rpa": "scripts-and-schedulers",
    "converter": "converters",
    "validator": "validators",
    "keyword-search": "word-lists-and-search",
    "monitoring-thresholds": "limits-and-reminders",
    "exact-or-fuzzy-matching": "joins-and-matching",
    "econometrics-or-experiment": "experiments-and-econometrics",
    "verification-with-sources": "checking-against-sources",
    "quantitative-trading-model": "backtested-strategy",
    "time-series-model": "forecasting-model",
    "gradient-boosted-trees": "scores-from-records",
    "anomaly-detector": "fraud-and-intrusion",
    "recommender": "recommender",
    "solver": "solver",
    "vision-model": "vision-model",
    "ocr-or-speech-recogniser": "text-recognition",
    "signal-model": "signals-and-sound",
    "control-system": "controller",
    "simulation": "simulation",
    "biometric-matcher": "biometric-matcher",
    "person-decides": "a-person-decides",
    "approval-workflow": "approval-workflow",
    "human-work": "people-on-the-spot",
    "static-analysis": "static-analysis",
    "measure-first": "measure-first",
    "other-software": "ready-made-software",
}
"""Technique -> plan of the kind `replace`."""

ONLY_FOR: dict[tuple[str, str], str] = {
    ("vision-model", "medical-imaging-signals"): "cleared-medical-device",
    ("ocr-or-speech-recogniser", "audio"): "speech-recognition",
    ("anomaly-detector", "sensor-control"): "machine-anomalies",
    ("rules-engine", "rule-routing"): "routing-rules",
    ("human-work", "in-person-leadership"): "people-who-meet",
    ("person-decides", "investment-trading"): "a-person-negotiates",
}
"""(technique, category or input) -> the plan for that job alone."""

BY_CATEGORY: dict[str, str] = {
    category: plan
    for plan, categories in {
        "creative-work": "creative-writing ideation-naming",
        "pictures-and-media": "image-media-generation",
        "marketing": "marketing-copy",
        "editing": "polishing-proofreading plain-language",
        "translation": "translation-localisation",
        "official-papers": "official-drafting",
        "legal-drafts": "legal-drafting",
        "clinical-drafts": "clinical-drafting",
        "letters": "correspondence-drafting",
        "reports": "report-drafting",
        "code-changes": "code-generation code-migration test-generation",
        "code-reading": "code-explanation code-review",
        "questions-to-queries": "text-to-query",
        "summaries": "summarisation",
        "answers-from-documents": "document-qa",
        "customer-chat": "customer-conversation",
        "staff-assistant": "general-assistant",
        "labels-by-meaning": "text-classification data-labelling",
        "facts-from-free-text": "free-extraction",
        "comparing-documents": "document-comparison",
        "teaching": "tutoring-training",
        "companions": "role-play-companion",
        "moderation": "content-moderation",
        "evidence": "evidence-gathering fact-verification",
        "decision-briefs": "decision-brief autonomous-decision",
        "expert-reviews": "expert-review-support",
        "financial-texts": "financial-reading investment-trading",
        "words-beside-numbers": "commentary-on-numbers",
        "beside-another-method": (
            "causal-inference forecasting tabular-prediction anomaly-fraud-security recommendation-ranking "
            "optimisation simulation-science"
        ),
        "features-for-a-model": "model-features",
        "people-work": "in-person-leadership bodily-work",
        "actions-with-approval": "autonomous-action",
        "words-after-recognition": ("image-recognition medical-imaging-signals speech-ocr sensor-control biometrics"),
        "the-rest-after-the-rules": (
            "fixed-extraction validation lookup arithmetic-reporting conversion rule-routing threshold-alert "
            "exact-matching template-fill keyword-filter business-rules workflow-automation"
        ),
        "any-job": "model-infrastructure",
    }.items()
    for category in categories.split()
}
"""Category -> plan of the kind `guard`."""

JOB_OF_RULE: dict[str, str] = {
    "plain-language": "plain-language",
    "polish-and-proofread": "polishing-proofreading",
    "translation": "translation-localisation",
    "letters-and-replies": "correspondence-drafting",
    "official-papers": "official-drafting",
    "write-ups-from-notes": "report-drafting",
    "ads-and-listings": "marketing-copy",
    "ideas-and-names": "ideation-naming",
    "pictures-and-sound-made-new": "image-media-generation",
    "stage-and-game-text": "creative-writing",
    "stories-and-verse": "creative-writing",
    "answers-with-sources": "document-qa",
    "facts-from-free-wording": "free-extraction",
    "summarise-given-texts": "summarisation",
    "tag-and-route-free-text": "text-classification",
    "explain-code": "code-explanation",
    "local-code-review": "code-review",
    "migrate-code": "code-migration",
    "questions-to-queries": "text-to-query",
    "write-code": "code-generation",
    "write-tests": "test-generation",
    "role-play-and-companions": "role-play-companion",
    "service-chat": "customer-conversation",
    "staff-assistant": "general-assistant",
    "teaching-and-practice": "tutoring-training",
}
"""The id of a rule that knows one job -> that job's category."""
