"""Copy the assumed models' prices from genai-prices into `prices.json`, or check the copy.

python -m fitcheck.cost.snapshot           write the copy
python -m fitcheck.cost.snapshot --check   say whether it still is what the installed list says
"""

from __future__ import annotations

import datetime as dt
import json
import sys
from typing import TYPE_CHECKING, Any

from fitcheck.cost.prices import SNAPSHOT, Rate, list_version
from fitcheck.errors import PriceUnknown

if TYPE_CHECKING:
    from genai_prices.data_snapshot import DataSnapshot

__all__ = ["build", "main"]


def build(read_on: dt.date, *, prices: DataSnapshot | None = None) -> dict[str, Any]:
    """Build the copy from a price list.

    Args:
        read_on: The day on which the list is read.
        prices: The list; None for the installed one.
    """
    from fitcheck.cost.line import ASSUMED_MODELS
    from fitcheck.cost.listed import bundled_list, listed_price, start_days

    source = prices or bundled_list()
    models = {}
    for provider, model in ASSUMED_MODELS:
        try:
            days = start_days(model, provider, prices=source)
        except PriceUnknown:
            # a fetched list may have dropped a model; it is then looked up where it still stands
            continue
        steps = [listed_price(model, provider, day, prices=source) for day in days]
        models[f"{provider}/{model}"] = {
            "provider": steps[0].provider,
            "listed_as": steps[0].listed_as,
            "held_since": days[0].isoformat(),
            "context": steps[-1].context,
            "rates": [
                {
                    "from": price.on.isoformat(),
                    "input": _plain(price.input),
                    "output": _plain(price.output),
                    "cache_read": _plain(price.cache_read),
                    "output_image": _plain(price.output_image),
                    "usd_per_request": str(price.usd_per_request),
                }
                for price in steps
            ],
        }
    return {"package": "genai-prices", "version": list_version(), "read_on": read_on.isoformat(), "models": models}


def _plain(rate: Rate) -> list[list[int | str]]:
    return [[above, str(usd)] for above, usd in rate]


def main(arguments: list[str]) -> int:
    """Write the copy, or with `--check` return 1 where it has gone stale."""
    old = json.loads(SNAPSHOT.read_text("utf-8")) if SNAPSHOT.exists() else None
    if arguments == ["--check"]:
        fresh = old is not None and old == build(dt.date.fromisoformat(old["read_on"]))
        print(f"{SNAPSHOT.name}: {'as listed' if fresh else 'stale; run python -m fitcheck.cost.snapshot'}")
        return 0 if fresh else 1
    if arguments:
        print(__doc__)
        return 2
    today = dt.datetime.now(dt.UTC).date()
    if old is None:
        # the list's readers ask for the day of the copy while the first one is being made
        SNAPSHOT.write_text(json.dumps({"version": "", "read_on": today.isoformat(), "models": {}}), "utf-8")
    SNAPSHOT.write_text(json.dumps(build(today), indent=1) + "\n", "utf-8")
    print(f"{SNAPSHOT.name}: written from genai-prices {list_version()}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
