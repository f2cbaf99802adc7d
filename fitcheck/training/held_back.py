"""Which scenarios of the train split the tuning of an encoder must not see."""

from __future__ import annotations

import hashlib

from fitcheck.corpus import Scenario
from fitcheck.training.views import corner_of

__all__ = ["is_held_back"]

_SHARE = 0.12


def is_held_back(scenario: Scenario) -> bool:
    """Say whether a scenario is kept from the tuning.

    Whole corners, one author's one sitting each, are held back: the weights of the second
    reading are fitted on them, as on writing that the network has not learned from.
    """
    digest = hashlib.sha256(f"held back {corner_of(scenario)}".encode()).digest()
    return int.from_bytes(digest[:4], "big") < _SHARE * 2**32
