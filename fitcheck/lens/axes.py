"""The lens's axes: what is asked of an idea besides whether a model can do it, and the closed list of answers."""

from __future__ import annotations

from typing import Final

__all__ = ["AXES", "USUAL"]

AXES: Final[dict[str, tuple[str, ...]]] = {
    "need": ("need", "decoration", "unsaid"),
    "role": ("core", "auxiliary", "workflow"),
    "innovation": ("scene", "way-of-working", "tool", "none"),
    "payer": ("customers", "savings", "nobody", "unsaid"),
    "assets": ("heavy-without-means", "heavy-with-means", "light"),
    "trap": ("technology-first", "custom-delivery", "none"),
    "dependence": ("locked", "exit", "unsaid"),
    "price": ("subsidised", "hoped", "unsaid"),
    "link": ("compute", "model", "data", "application", "spans"),
    "data": ("lawful", "doubtful", "unsaid"),
    "data-use": ("guarded", "exposed", "unsaid"),
    "moat": ("internal", "own-data", "workflow", "distribution", "tuned-model", "regulation", "none"),
    "track": ("ads-marketing", "education", "companion", "coding", "small-tool", "agents", "none"),
    "charge": ("subscription", "per-use", "value-added", "tipping", "unsaid"),
}
"""Each axis and its values, in the order in which they are reported and in which equally strong ones win."""

USUAL: Final[dict[str, str]] = {
    "need": "unsaid",
    "role": "workflow",
    "innovation": "tool",
    "payer": "unsaid",
    "assets": "light",
    "trap": "none",
    "dependence": "unsaid",
    "price": "unsaid",
    "link": "application",
    "data": "unsaid",
    "data-use": "unsaid",
    "moat": "internal",
    "track": "none",
    "charge": "unsaid",
}
"""The answer where nothing speaks."""
