"""A newer price list, fetched when a user asks for it, and never otherwise.

`update_prices()` fetches genai-prices' current list from the address that package itself
updates from, and keeps it in the user's data folder: the list as it came, and beside it
`prices.json`, in the shape of the copy that ships with fitcheck. That file names the list and
is written last and in one step, so an update counts as a whole or not at all. Later runs read
it as long as the installed genai-prices is not a newer release than the one that fetched it.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import sys
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fitcheck.errors import PriceUnknown

if TYPE_CHECKING:
    from genai_prices.data_snapshot import DataSnapshot

__all__ = ["data_folder", "stored_copy", "stored_list", "update_prices"]

_POINTER = "prices.json"


def data_folder() -> Path:
    """Return where fitcheck keeps what a user has fetched; nothing is created.

    A few lines of our own: every run asks, and importing platformdirs would be most of what asking takes.
    """
    home = os.path.expanduser("~")
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or os.path.join(home, "AppData", "Local")
    elif sys.platform == "darwin":
        base = os.path.join(home, "Library", "Application Support")
    else:
        base = os.environ.get("XDG_DATA_HOME") or os.path.join(home, ".local", "share")
    return Path(base, "fitcheck")


def update_prices(*, fetch: Callable[[], bytes] | None = None, today: dt.date | None = None) -> str:
    """Fetch the newest price list and keep it for later runs.

    Args:
        fetch: Returns the list as JSON; None for the address that genai-prices updates from.
        today: The day that the prices are named by; None for the present day (UTC).

    Returns:
        One sentence that says what is in force from now on.

    Raises:
        PriceUnknown: The list can't be reached, read or kept; what was in force stays in force.
    """
    from genai_prices import data_snapshot

    from fitcheck.cost.listed import bundled_list, forget_prices
    from fitcheck.cost.snapshot import build

    content = _fetched(fetch or _download)
    on = today or dt.datetime.now(dt.UTC).date()
    providers = _parsed(content)
    prices = data_snapshot.DataSnapshot(providers, from_auto_update=True, timestamp=_midnight(on))
    n_models, n_before = (sum(len(p.models) for p in known) for known in (providers, bundled_list().providers))
    if n_models < n_before / 2:
        raise PriceUnknown(
            f"the fetched price list has {n_models} models, the installed one {n_before}: it is not taken over"
        )
    copy = {**build(on, prices=prices), "fetched_on": on.isoformat(), "list": f"genai-prices-{on.isoformat()}.json"}
    try:
        _keep(content, copy)
    except OSError as error:
        raise PriceUnknown(
            f"the price list can't be kept in {data_folder()}: {error}; make the folder writable and try again"
        ) from error
    _read_copy.cache_clear()
    _read_list.cache_clear()
    forget_prices()
    return f"genai-prices updated on {on}: {len(providers)} providers, {n_models} models, kept in {data_folder()}"


def stored_copy() -> dict[str, Any] | None:
    """Return the fetched list's `prices.json` if there is one in force."""
    pointer = os.path.join(data_folder(), _POINTER)
    try:
        changed = os.stat(pointer).st_mtime_ns
    except OSError:
        return None
    return _read_copy(Path(pointer), changed)


def stored_list() -> DataSnapshot | None:
    """Return the fetched list if there is one in force; it is read once."""
    copy = stored_copy()
    return None if copy is None else _read_list(data_folder() / copy["list"], copy["fetched_on"])


@lru_cache(maxsize=4)
def _read_copy(pointer: Path, changed: int) -> dict[str, Any] | None:
    from fitcheck.cost.prices import list_version

    try:
        copy: dict[str, Any] = json.loads(pointer.read_text("utf-8"))
        if _release(list_version()) > _release(copy["version"]) or not (pointer.parent / copy["list"]).is_file():
            return None
    except (OSError, ValueError, KeyError, TypeError):
        # not ours, or cut short: the installed list is always there to answer
        return None
    return copy


@lru_cache(maxsize=2)
def _read_list(path: Path, fetched_on: str) -> DataSnapshot:
    from genai_prices import data_snapshot

    try:
        content = path.read_bytes()
    except OSError as error:
        raise PriceUnknown(f"the fetched price list {path} can't be read: {error}; fetch it again") from error
    day = dt.date.fromisoformat(fetched_on)
    return data_snapshot.DataSnapshot(_parsed(content), from_auto_update=True, timestamp=_midnight(day))


def _release(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".")[:3])


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time())


def _download() -> bytes:
    import httpx2
    from genai_prices.update_prices import UpdatePrices

    # its own fetch() parses at once; the list is kept as it came
    source = UpdatePrices()
    response = httpx2.get(source.url, timeout=source.request_timeout)
    response.raise_for_status()
    return bytes(response.content)


def _fetched(fetch: Callable[[], bytes]) -> bytes:
    import httpx2

    try:
        return fetch()
    except (OSError, httpx2.HTTPError) as error:
        raise PriceUnknown(
            f"the newest price list can't be fetched ({type(error).__name__}: {error}); check the network and try "
            "again: until then the prices in force stay in force"
        ) from error


def _parsed(content: bytes) -> list[Any]:
    # the package reads lists only inside its updater, and offers no other door to that reader
    from genai_prices.types import _providers_from_raw

    try:
        raw = json.loads(content)
        if not isinstance(raw, list) or not raw:
            raise ValueError("not a list of providers")
        return list(_providers_from_raw(raw))
    except (ValueError, TypeError, KeyError, AssertionError) as error:
        what = str(error).splitlines()[0][:200]
        raise PriceUnknown(
            f"the fetched price list can't be read ({what}); a newer genai-prices may be able to: "
            "pip install --upgrade genai-prices"
        ) from error


def _keep(content: bytes, copy: dict[str, Any]) -> None:
    folder = data_folder()
    folder.mkdir(parents=True, exist_ok=True)
    _write_whole(folder / copy["list"], content)
    _write_whole(folder / _POINTER, json.dumps(copy, indent=1).encode())
    for old in folder.glob("genai-prices-*.json"):
        if old.name != copy["list"]:
            old.unlink(missing_ok=True)


def _write_whole(path: Path, content: bytes) -> None:
    from tempfile import NamedTemporaryFile

    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as draft:
        try:
            draft.write(content)
            draft.flush()
            os.fsync(draft.fileno())
            draft.close()
            os.replace(draft.name, path)
        except BaseException:
            Path(draft.name).unlink(missing_ok=True)
            raise
