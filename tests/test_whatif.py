"""Other facts: what is worked out once is what working it out anew gives."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fitcheck.combine import hundredths
from fitcheck.matching import Matcher
from fitcheck.reading import known_concepts
from fitcheck.rule_packs import load_rules
from fitcheck.tasks import split_tasks
from fitcheck.whatif import OtherFacts

TODAY = dt.date(2026, 6, 1)
TEXT = "The model decides on refunds up to 50 dollars and a person checks each; a regex already pulls the order number"
FACTS: dict[str, tuple[Any, ...]] = {
    "decides": ("model", "person", "method"),
    "human_review": (True, False),
    "stakes": ("high", "low"),
    "format": ("fixed", "free"),
    "existing_quality": ("works", "poor"),
    "error_tolerance": ("none", "some"),
    "same_answer_required": (True, False),
    "usd_per_error": (0.0, 1_000_000.0),
}
KNOWN = st.fixed_dictionaries({}, optional={name: st.sampled_from(values) for name, values in FACTS.items()})


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    """Return a matcher of the shipped rules."""
    return Matcher(load_rules())


@settings(deadline=None, max_examples=50)
@given(facts=KNOWN, all_changes=st.lists(KNOWN, min_size=1, max_size=4))
def test_evidence_is_what_weighing_anew_gives(
    matcher: Matcher, facts: dict[str, Any], all_changes: list[dict[str, Any]]
) -> None:
    hits = matcher.scan(TEXT, split_tasks(TEXT))
    guessed = {"decides": "model", "review": "yes", "existing": "unsaid", "category": "classification"}
    concepts = {**guessed, **known_concepts(facts)}
    others = OtherFacts(matcher, TEXT, hits, facts=facts, concepts=concepts, scale=matcher.scale, today=TODAY)
    for changes in (*all_changes, *all_changes):
        changed = {**facts, **changes}
        its = {**guessed, **known_concepts(changed)}
        evidence, sums = others.evidence(changes, changed, its)
        assert evidence == matcher.weigh(TEXT, hits, facts=changed, concepts=its, today=TODAY)
        assert sums == hundredths(evidence)
