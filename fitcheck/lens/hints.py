"""What a report's category and deciding voice suggest where neither facts nor words speak."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["Hint", "hint_on"]


@dataclass(frozen=True, slots=True)
class Hint:
    """A value that the report's concepts suggest.

    Attributes:
        value: Of the axis's closed list.
        share: How sure the concept is that suggests it, 0 to 1.
    """

    value: str
    share: float


def hint_on(axis: str, concepts: Mapping[str, tuple[str, float]]) -> Hint | None:
    """Return what the concepts suggest on an axis, or None.

    Args:
        axis: The axis.
        concepts: Of a report: each concept's value and its probability.

    >>> hint_on("track", {"category": ("marketing-copy", 0.9)})
    Hint(value='ads-marketing', share=0.9)
    """
    decides, decides_share = concepts.get("decides", ("none", 0.0))
    if axis == "role" and decides == "method":
        return Hint("auxiliary", decides_share)
    category, share = concepts.get("category", ("", 0.0))
    value = _BY_CATEGORY.get(axis, {}).get(category)
    return None if value is None else Hint(value, share)


def _spread(lists: Mapping[str, str]) -> dict[str, str]:
    return {category: value for value, categories in lists.items() for category in categories.split()}


_BY_CATEGORY: dict[str, dict[str, str]] = {
    "role": _spread(
        {
            "core": "creative-writing image-media-generation customer-conversation general-assistant "
            "tutoring-training role-play-companion autonomous-decision autonomous-action document-qa text-to-query "
            "investment-trading fact-verification",
            "auxiliary": "model-features commentary-on-numbers decision-brief",
        }
    ),
    "innovation": _spread(
        {
            "scene": "creative-writing image-media-generation role-play-companion",
            "way-of-working": "customer-conversation autonomous-decision autonomous-action text-classification "
            "content-moderation tutoring-training",
            "none": "fixed-extraction validation lookup arithmetic-reporting conversion rule-routing threshold-alert "
            "exact-matching template-fill keyword-filter business-rules workflow-automation",
        }
    ),
    "link": {"model-infrastructure": "model", "data-labelling": "data"},
    "track": _spread(
        {
            "ads-marketing": "marketing-copy",
            "education": "tutoring-training",
            "companion": "role-play-companion",
            "coding": "code-generation code-explanation code-review test-generation code-migration",
        }
    ),
}
