"""Finding a card by one of its names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Generic, Protocol, TypeVar

__all__ = ["Named", "Names", "plain_name"]

_ENDINGS = re.compile(
    r"-(instruct|chat|base|it|hf|fp8|fp8-dynamic|bf16|fp16|nvfp4|fp4|mxfp4|awq|gptq|int4|int8|w4a16|w8a8|"
    r"preview|thinking|v\d|\d{4})$"
)
# makers' names, passed over where a name is unknown with them
_MAKERS = re.compile(r"virtualized|nvidia|geforce|tesla|amd|instinct|huawei|meta-|英伟达|华为", re.IGNORECASE)


class Named(Protocol):
    """What has a name and other names."""

    @property
    def name(self) -> str: ...

    @property
    def aliases(self) -> tuple[str, ...]: ...


Card = TypeVar("Card", bound=Named)


def plain_name(name: str) -> str:
    """Reduce a name to its letters and digits, in lower case, without a publisher before a slash.

    >>> plain_name("meta-llama/Llama-3.1 70B"), plain_name("昇腾 910B")
    ('llama3170b', '昇腾910b')
    """
    return re.sub(r"[\W_]+", "", name.rsplit("/", 1)[-1].lower())


class Names(Generic[Card]):
    """Cards by all their names.

    Args:
        what: What the cards are of, for messages.
        cards: The cards; no two may share a name.
    """

    def __init__(self, what: str, cards: Sequence[Card]) -> None:
        self.what = what
        self.names = tuple(card.name for card in cards)
        self._by_name: dict[str, Card] = {}
        for card in cards:
            for name in (card.name, *card.aliases):
                key = plain_name(name)
                if self._by_name.setdefault(key, card) is not card:
                    raise ValueError(f"two {what} cards have the name {name!r}")

    def find(self, name: str) -> Card | None:
        """Return the card of that name, or None.

        Where a name is unknown, it is tried again without its maker, and without endings that name a precision or
        a tuning.
        """
        rest = name.strip().rsplit("/", 1)[-1].lower()
        return self._without_endings(rest) or self._without_endings(_MAKERS.sub("", rest))

    def _without_endings(self, rest: str) -> Card | None:
        while True:
            card = self._by_name.get(plain_name(rest))
            if card is not None or not _ENDINGS.search(rest):
                return card
            rest = _ENDINGS.sub("", rest)

    def near(self, name: str) -> str:
        """Say which names come nearest.

        Returns:
            Words such as `the nearest are H100 SXM, H100 NVL`, or the first names where none is near.
        """
        keys = get_close_matches(plain_name(name), self._by_name, n=8, cutoff=0.5)
        nearest = list(dict.fromkeys(self._by_name[key].name for key in keys))[:3]
        if not nearest:
            return f"known are {', '.join(self.names[:6])} and {len(self.names) - 6} more"
        return f"the nearest are {', '.join(nearest)}"
