"""As many new ideas as you like, put together from the training scenarios: `python -m benchmarks.rows N OUT.csv`.

For measuring speed and memory only: an idea begins in one scenario and ends in another, so it says
nothing sensible, but it has the words, the lengths and the languages of real ones, and no cache knows it.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from benchmarks.options import positive
from fitcheck.corpus import load_corpus
from fitcheck.errors import CorpusError

__all__ = ["ideas", "main", "write_rows"]

_LANGUAGES = ("en", "zh")
_GAP = {"en": " ", "zh": ""}
_COMMA = {"en": ", ", "zh": "，"}
_FULL_STOP = {"en": ".", "zh": "。"}

# a full stop ends a sentence only before white space: 3.5 stays whole
_SENTENCE = re.compile(r".+?(?:[.!?;](?=\s)|[。！？；]|(?=\n)|$)", re.S)
_CLAUSE_MARK = re.compile(r",\s+|，")
_GOLDEN = 0.6180339887498949


@dataclass(frozen=True, slots=True)
class _Pieces:
    """What ideas of one language are made of, each piece once.

    Attributes:
        openings, middles, closings: Whole sentences: the first of a scenario, one between, the last.
        heads, tails: The two halves of a scenario's only sentence, cut at a comma.
        sizes: The number of sentences of each scenario, so that ideas are as long as scenarios.
    """

    openings: tuple[str, ...]
    middles: tuple[str, ...]
    closings: tuple[str, ...]
    heads: tuple[str, ...]
    tails: tuple[str, ...]
    sizes: tuple[int, ...]


def ideas(n: int, *, seed: int = 0) -> Iterator[str]:
    """Yield n ideas, English and Chinese in turn, all different and the same each time.

    Fewer ideas are the beginning of more ideas with the same seed. The corpora are read at the first
    one (some seconds) and their pieces are kept; nothing grows with n.

    Args:
        n: How many.
        seed: Another seed gives other ideas.

    Raises:
        fitcheck.CorpusError: The corpora are missing or broken.
    """
    chance = random.Random(seed)
    makers = [_make(_pieces()[lang], lang, chance) for lang in _LANGUAGES]
    for number in range(n):
        yield next(makers[number % len(makers)])


def _make(pieces: _Pieces, lang: str, chance: random.Random) -> Iterator[str]:
    comma, gap = _COMMA[lang], _GAP[lang]
    halves = _pairs(pieces.heads, pieces.tails, chance)
    ends = _pairs(pieces.openings, pieces.closings, chance)
    while True:
        size = chance.choice(pieces.sizes)
        if size == 1:
            yield comma.join(next(halves))
        else:
            opening, closing = next(ends)
            yield gap.join((opening, *chance.choices(pieces.middles, k=size - 2), closing))


def _pairs(firsts: Sequence[str], seconds: Sequence[str], chance: random.Random) -> Iterator[tuple[str, str]]:
    """Yield pairs at random, none twice before all have come.

    A step that shares no factor with the number of pairs visits each of them once, and a step of about
    the golden share of them leaves no pattern among neighbours; nothing has to be remembered.
    """
    n_pairs = len(firsts) * len(seconds)
    step = _coprime(int(n_pairs * _GOLDEN), n_pairs)
    at = chance.randrange(n_pairs)
    while True:
        first, second = divmod(at, len(seconds))
        yield firsts[first], seconds[second]
        at = (at + step) % n_pairs


def _coprime(near: int, n: int) -> int:
    from math import gcd

    while gcd(near, n) != 1:
        near += 1
    return near


@lru_cache(maxsize=1)
def _pieces() -> dict[str, _Pieces]:
    texts: dict[str, list[str]] = {lang: [] for lang in _LANGUAGES}
    for scenario in load_corpus():
        if scenario.split == "train":
            texts[scenario.lang].append(scenario.text)
    return {lang: _cut(found, lang) for lang, found in texts.items()}


def _cut(texts: Sequence[str], lang: str) -> _Pieces:
    """Cut texts into pieces; in sorted order, so that the corpora's files may be put in another order."""
    openings, middles, closings, heads, tails = (set[str]() for _ in range(5))
    sizes = []
    for text in texts:
        found = [s for s in (s.strip() for s in _SENTENCE.findall(text)) if s]
        sizes.append(len(found))
        if len(found) > 1:
            openings.add(_ended(found[0], lang))
            closings.add(found[-1])
            middles.update(_ended(s, lang) for s in found[1:-1])
        marks = list(_CLAUSE_MARK.finditer(found[0])) if len(found) == 1 else []
        if marks:
            middle = marks[len(marks) // 2]
            heads.add(text[: middle.start()])
            tails.add(text[middle.end() :])
    return _Pieces(
        tuple(sorted(openings)),
        tuple(sorted(middles)),
        tuple(sorted(closings)),
        tuple(sorted(heads)),
        tuple(sorted(tails)),
        tuple(sorted(sizes)),
    )


def _ended(sentence: str, lang: str) -> str:
    return sentence if sentence[-1] in ".!?;:。！？；：" else sentence + _FULL_STOP[lang]


def write_rows(file: Path, n: int, *, seed: int = 0) -> None:
    """Write n ideas: a CSV with the columns `id` and `idea`, or one JSON string a line for a name in .jsonl.

    Args:
        file: Where to.
        n: How many.
        seed: As in `ideas`.
    """
    with file.open("w", encoding="utf-8", newline="") as out:
        if file.suffix == ".jsonl":
            out.writelines(json.dumps(idea, ensure_ascii=False) + "\n" for idea in ideas(n, seed=seed))
        else:
            writer = csv.writer(out)
            writer.writerow(("id", "idea"))
            writer.writerows(enumerate(ideas(n, seed=seed), 1))


def main(arguments: Sequence[str] | None = None) -> int:
    """Write a table of ideas; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.rows", description="A table of made-up ideas.")
    parser.add_argument("n", type=positive, metavar="N", help="how many")
    parser.add_argument("file", type=Path, metavar="OUT", help="a .csv, or a .jsonl with one string a line")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="another seed gives other ideas")
    options = parser.parse_args(arguments)
    try:
        write_rows(options.file, options.n, seed=options.seed)
    except (CorpusError, OSError) as error:
        print(f"benchmarks.rows: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
