"""Rule packs: a folder of `<family>/<id>.toml` files, one rule each, as they are read, checked and kept.

Errors name the file and quote the author's line.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Literal, get_args

from pydantic import TypeAdapter, ValidationError

from fitcheck.errors import RuleError, quote_line
from fitcheck.resources import model_dir, rules_dir
from fitcheck.rule_words import what_is_wrong
from fitcheck.rules import Block, Patterns, Rule
from fitcheck.toml_lines import find_line, read_toml

__all__ = [
    "BESIDE",
    "PACK",
    "load_beside",
    "load_rules",
    "read_rule",
    "rule_files",
    "rules_hash",
    "save_pack",
    "try_patterns",
]

BESIDE = frozenset(("lens", "plans", "turns"))
"""Folders of files of another kind: what they say never enters a verdict's sum."""

PACK = "rules.json"
"""The shipped rules in one file, in the model's folder."""


def rule_files(path: Path) -> list[Path]:
    """Return the rule files of a folder, or the one file that is named; what is beside the verdict is left out."""
    if path.is_file():
        return [path]
    return sorted(f for f in path.glob("**/*.toml") if BESIDE.isdisjoint(f.relative_to(path).parts[:-1]))


def load_rules(path: Path | str | None = None) -> tuple[Rule, ...]:
    """Read every rule of a folder, or one rule file.

    Args:
        path: A folder of `<family>/<id>.toml`, or one file; None for the shipped rules.

    Returns:
        The rules, sorted by family and id.

    Raises:
        RuleError: A file is broken, an id stands twice, or there are no rules.

    >>> len(load_rules()) >= 80
    True
    """
    folder = Path(path) if path is not None else rules_dir()
    if path is None and (kept := _kept_pack(folder)) is not None:
        return kept
    if not folder.exists():
        raise RuleError(f"{folder}: no such file or folder; give a folder of <family>/<id>.toml files")
    files = rule_files(folder)
    if not files:
        raise RuleError(f"{folder}: no rule file in it; a pack holds <family>/<id>.toml files")
    # the shipped pack's patterns are compiled by its tests; compiling them all on every start takes longer than judging
    rules = [read_rule(f, compile_patterns=path is not None) for f in files]
    seen: dict[str, Path] = {}
    for rule, file in zip(rules, files, strict=True):
        if rule.id in seen:
            raise RuleError(quote_line(file, *find_line(file, ("id",)), f"the id stands in {seen[rule.id]} too"))
        seen[rule.id] = file
    return tuple(sorted(rules, key=lambda r: (r.family, r.id)))


def load_beside(pack: Sequence[Rule], path: Path | str) -> tuple[Rule, ...]:
    """Read the rules that are to argue beside a pack's.

    Args:
        pack: The rules that are there.
        path: A folder or a rule file, as `load_rules` takes it.

    Returns:
        The rules of `path` alone.

    Raises:
        RuleError: As from `load_rules`, or an id is one of the pack's; names the file.
    """
    extra = load_rules(path)
    there = {rule.id: rule for rule in pack}
    for file in rule_files(Path(path)):  # a file is called by its rule's id
        if (other := there.get(file.stem)) is not None:
            what = f"a rule of {other.family}/ has this id already; give yours an id of its own, and name the file so"
            raise RuleError(quote_line(file, *find_line(file, ("id",)), what))
    return extra


def save_pack(rules: Sequence[Rule], folder: Path, target: Path) -> None:
    """Keep a folder's rules in one file, for `load_rules` to read while the folder stays as it is.

    Reading one file of JSON is quicker than reading a folder of TOML, which matters on every start.
    """
    fresh = target.with_suffix(".new")
    fresh.write_bytes(_files_hash(folder).encode() + b"\n" + _pack_adapter().dump_json(tuple(rules), by_alias=True))
    fresh.replace(target)


def _kept_pack(folder: Path) -> tuple[Rule, ...] | None:
    """Return the kept rules of the shipped folder, or None where they are missing or out of date."""
    try:
        digest, _, body = (model_dir() / PACK).read_bytes().partition(b"\n")
        if digest.decode("ascii", "replace") != _files_hash(folder):
            return None
        return _pack_adapter().validate_json(body)
    except (OSError, ValueError):
        return None


@lru_cache(maxsize=1)
def _pack_adapter() -> TypeAdapter[tuple[Rule, ...]]:
    return TypeAdapter(tuple[Rule, ...])


def _files_hash(folder: Path) -> str:
    digest = hashlib.sha256()
    for file in sorted(f for f in folder.glob("*/*.toml") if f.parent.name not in BESIDE):
        content = file.read_bytes().replace(b"\r\n", b"\n")
        digest.update(f"{file.parent.name}/{file.name} {len(content)}\n".encode() + content)
    return digest.hexdigest()


def rules_hash(rules: Sequence[Rule]) -> str:
    """Return a hash over all that decides when rules fire and what they weigh (16 hex digits)."""
    digest = hashlib.sha256()
    for rule in rules:
        blocks = [b.model_dump(mode="json") for b in rule.when]
        digest.update(repr((rule.id, rule.family, rule.severity, sorted(rule.weight.items()), blocks)).encode())
    return digest.hexdigest()[:16]


def read_rule(path: Path, *, compile_patterns: bool = True) -> Rule:
    """Read one rule file.

    Args:
        path: The file.
        compile_patterns: Try each pattern, so that a broken one is named with its line.

    Raises:
        RuleError: The file is broken; names the line and quotes it.
    """
    values = read_toml(path)
    if "family" in values:
        raise RuleError(quote_line(path, *find_line(path, ("family",)), "the folder's name is the family; drop this"))
    try:
        rule = Rule.model_validate({**values, "family": path.parent.name})
    except ValidationError as error:
        what, place = what_is_wrong(error, Rule)
        raise RuleError(quote_line(path, *find_line(path, place), what)) from None
    if rule.id != path.stem:
        line = find_line(path, ("id",))
        raise RuleError(quote_line(path, *line, f"the id must be the file's name, {path.stem!r}"))
    if compile_patterns:
        try_patterns(rule.when, path)
    return rule


def try_patterns(blocks: Sequence[Block], path: Path) -> None:
    """Refuse patterns that RE2 can't take, or that match nothing at all.

    Raises:
        RuleError: Names the line and quotes it.
    """
    import re2

    options = re2.Options()
    options.log_errors = False
    options.max_mem = 4 << 20
    for number, block in enumerate(blocks):
        for key in ("text", "unless"):
            patterns: Patterns | None = getattr(block, key)
            if patterns is None:
                continue
            for lang in get_args(Literal["en", "zh"]):
                for index, pattern in enumerate(getattr(patterns, lang)):
                    loc = ("when", number, key, lang, index)
                    try:
                        compiled = re2.compile(pattern, options)
                    except re2.error as error:
                        what = error.args[0].decode() if isinstance(error.args[0], bytes) else str(error)
                        what = f"not a pattern that RE2 takes ({what}): {pattern!r}"
                        raise RuleError(quote_line(path, *find_line(path, loc, pattern), what)) from None
                    if pattern == "":
                        what = "an empty pattern; write what the rule looks for, or drop it from the list"
                        raise RuleError(quote_line(path, *find_line(path, loc, pattern), what))
                    if compiled.search("") is not None:
                        what = f"matches the empty string, so it would fire everywhere: {pattern!r}"
                        raise RuleError(quote_line(path, *find_line(path, loc, pattern), what))
