"""GPU cards: memory, bandwidth and arithmetic of what people own.

The cards lie in `gpus.toml`, each with its source; a card's figures can be given by hand, as a
mapping or a TOML file with the same names.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from difflib import get_close_matches
from functools import lru_cache
from math import isfinite
from pathlib import Path
from typing import Any

from fitcheck.cost.names import Names
from fitcheck.errors import CostError

__all__ = ["GPUS_FILE", "GpuCard", "find_gpu", "gpu_from", "gpu_names", "gpus_that_hold", "read_gpu"]

GPUS_FILE = Path(__file__).with_name("gpus.toml")
"""The cards that fitcheck knows."""


@dataclass(frozen=True, slots=True)
class GpuCard:
    """One accelerator card.

    Attributes:
        name: Its name.
        memory_gib: Memory, GiB.
        bandwidth_gb_s: Memory bandwidth, GB/s.
        bf16_tflops: Dense 16-bit arithmetic, TFLOPS.
        fp8_tflops: Dense fp8 arithmetic; 0 where the card has none.
        int8_tflops: Dense int8 arithmetic, TOPS; 0 where the card has none.
        fp4_tflops: Dense fp4 arithmetic; 0 where the card has none.
        tdp_w: Rated power of the card alone, W; 0 where it is not known.
        link_gb_s: All traffic of its links to other cards, both directions summed, GB/s.
        per_server: Cards in one usual server.
        family: Architecture, such as `hopper`; what the speed figures are calibrated by.
        aliases: Other names.
        source: Where the figures are from.
        seen: The day on which they were looked up; empty where they were not looked up again.
    """

    name: str
    memory_gib: float
    bandwidth_gb_s: float
    bf16_tflops: float
    fp8_tflops: float = 0.0
    int8_tflops: float = 0.0
    fp4_tflops: float = 0.0
    tdp_w: float = 0.0
    link_gb_s: float = 64.0
    per_server: int = 8
    family: str = "other"
    aliases: tuple[str, ...] = ()
    source: str = "given by hand"
    seen: str = ""

    def rate_flops(self, precision: str) -> float:
        """Return the arithmetic of one precision in FLOP/s.

        What the card has no units for is unpacked and computed in the next wider format that it has;
        four-bit integers always in 16 bits.
        """
        fp8 = self.fp8_tflops or self.bf16_tflops
        rates = {
            "bf16": self.bf16_tflops,
            "fp8": fp8,
            "int8": self.int8_tflops or self.bf16_tflops,
            "fp4": self.fp4_tflops or fp8,
            "int4": self.bf16_tflops,
        }
        return rates[precision] * 1e12

    def unpacks(self, precision: str) -> bool:
        """Say whether weights of a precision must be unpacked before the card can compute with them."""
        has = {"bf16": self.bf16_tflops, "fp8": self.fp8_tflops, "int8": self.int8_tflops, "fp4": self.fp4_tflops}
        return not has.get(precision, 0.0)


_MEMORY = re.compile(r"[\s-](?P<gib>\d+)\s?gi?b(?:\s*hbm\w*)?", re.IGNORECASE)
# makers count in powers of ten, in powers of two, and before or after what is kept back
_SAME_SIZE = 0.12
_NUMBERS = (
    "memory_gib",
    "bandwidth_gb_s",
    "bf16_tflops",
    "fp8_tflops",
    "int8_tflops",
    "fp4_tflops",
    "tdp_w",
    "link_gb_s",
)
_NEEDED = ("name", "memory_gib", "bandwidth_gb_s", "bf16_tflops")


@lru_cache(maxsize=1)
def _cards() -> Names[GpuCard]:
    return Names("gpu", [gpu_from(row) for row in tomllib.loads(GPUS_FILE.read_text("utf-8"))["gpu"]])


def find_gpu(gpu: str | Path | Mapping[str, Any] | GpuCard) -> GpuCard:
    """Return a card by name, or as its figures are given.

    Args:
        gpu: A name, in which case and punctuation do not matter; a TOML file with a card's figures; the figures
            themselves; or a card, which is returned as it is.

    Raises:
        CostError: No card has that name, and the nearest ones are offered; or the figures can't be read.

    >>> find_gpu("h100_sxm").memory_gib, find_gpu("昇腾910B").name
    (80, 'Ascend 910B')
    """
    if isinstance(gpu, GpuCard):
        return gpu
    if isinstance(gpu, Mapping):
        return gpu_from(gpu)
    if isinstance(gpu, Path) or str(gpu).endswith(".toml"):
        return read_gpu(gpu)
    found = _cards().find(str(gpu)) or _of_that_size(str(gpu))
    if found is None:
        raise CostError(f"gpu: no card for {gpu!r}; {_cards().near(str(gpu))}; or give its figures in a TOML file")
    return found


def _of_that_size(name: str) -> GpuCard | None:
    """Return the card of a name that says its memory too, where it has about that much."""
    said = _MEMORY.search(name)
    found = _cards().find(_MEMORY.sub("", name)) if said else None
    if said is None or found is None or abs(found.memory_gib / float(said["gib"]) - 1) > _SAME_SIZE:
        return None
    return found


def gpu_names() -> tuple[str, ...]:
    """Return the names of all cards, in the order of the file."""
    return _cards().names


def gpus_that_hold(need_gib: float, gpus: int) -> tuple[str, ...]:
    """Return up to three cards, smallest first, of which so many hold that much memory."""
    fitting = [find_gpu(name) for name in gpu_names()]
    fitting = sorted((c for c in fitting if c.memory_gib * gpus >= need_gib), key=lambda c: c.memory_gib)
    return tuple(card.name for card in fitting[:3])


def gpu_from(figures: Mapping[str, Any]) -> GpuCard:
    """Make a card of figures given by hand.

    Args:
        figures: By the names of `GpuCard`; needed are name, memory_gib, bandwidth_gb_s and bf16_tflops.

    Raises:
        CostError: A figure is missing, unknown, of a wrong type, or not a number above 0.

    >>> gpu_from({"name": "mine", "memory_gib": 24, "bandwidth_gb_s": 900, "bf16_tflops": 140}).unpacks("fp8")
    True
    """
    known = [f.name for f in fields(GpuCard)]
    for key in figures:
        if key not in known:
            near = get_close_matches(str(key), known, n=2, cutoff=0.5) or known[:5]
            raise CostError(f"gpu: {key!r} is no figure of a card; did you mean {' or '.join(near)}?")
    missing = [key for key in _NEEDED if key not in figures]
    if missing:
        raise CostError(f"gpu: the card lacks {', '.join(missing)}; give {', '.join(_NEEDED)} at least")
    for key in _NUMBERS:
        value = figures.get(key, 1)
        if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value) or value <= 0:
            raise CostError(f"gpu: {key} is {value!r}; give a number above 0, or leave it out where the card has none")
    per_server = figures.get("per_server", 1)
    if isinstance(per_server, bool) or not isinstance(per_server, int) or per_server < 1:
        raise CostError(f"gpu: per_server is {per_server!r}; give a whole number of 1 or more")
    for key in ("name", "family", "source", "seen"):
        if not isinstance(figures.get(key, ""), str):
            raise CostError(f"gpu: {key} is {figures[key]!r}; give a text")
    aliases = figures.get("aliases", ())
    if not isinstance(aliases, list | tuple) or not all(isinstance(one, str) for one in aliases):
        raise CostError(f"gpu: aliases is {aliases!r}; give a list of names")
    return GpuCard(**{**figures, "aliases": tuple(aliases)})


def read_gpu(path: Path | str) -> GpuCard:
    """Read a card's figures from a TOML file.

    Raises:
        CostError: The file can't be read, or a figure is missing or wrong.
    """
    try:
        figures = tomllib.loads(Path(path).read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CostError(f"gpu: {path} can't be read as a card in TOML: {error}") from error
    try:
        return gpu_from(figures)
    except CostError as error:
        raise CostError(f"{path}: {error}") from None
