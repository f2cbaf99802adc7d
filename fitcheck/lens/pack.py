"""All files of the lens, read once: from one kept file while the folder stays as it is, else from the folder."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict

from fitcheck.errors import RuleError, quote_line
from fitcheck.lens.axes import AXES
from fitcheck.lens.files import AXIS_FILE, AxisWords, LensRule, read_axis, read_lens_rule
from fitcheck.resources import model_dir, rules_dir
from fitcheck.toml_lines import find_line

if TYPE_CHECKING:
    from fitcheck.matching import Matcher

__all__ = ["KEPT", "LensPack", "lens_files", "load_lens", "save_lens"]

KEPT = "lens.json.z"
"""The lens's files in one, with the literals of their patterns, in the model's folder, compressed."""


class LensPack(BaseModel):
    """The words of every axis and the rules that speak on them.

    Attributes:
        axes: By name, in the order of `AXES`.
        rules: Sorted by axis and id.
        literals: What a text must hold for a pattern to match, by pattern; empty where it was not worked out.
    """

    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True)

    axes: dict[str, AxisWords]
    rules: tuple[LensRule, ...]
    literals: dict[str, Any] = {}

    @cached_property
    def said(self) -> dict[tuple[str, str], tuple[dict[str, str], dict[str, str]]]:
        """What each axis's each value means and what to do about it, by language."""
        return {
            (axis, value.name): (value.says.model_dump(), value.do.model_dump())
            for axis, words in self.axes.items()
            for value in words.value
        }

    @cached_property
    def sources(self) -> dict[str, tuple[dict[str, str], ...]]:
        """Where each axis's question is from: title and, where there is one, url."""
        return {
            axis: tuple({"title": s.title} | ({"url": s.url} if s.url else {}) for s in words.source)
            for axis, words in self.axes.items()
        }

    def is_borne_out(self, axis: str, value: str, folded: str) -> bool:
        """Say whether a folded text holds a word that a value can't do without, where it names such words."""
        pattern = self._only_with.get((axis, value))
        return pattern is None or pattern.search(folded) is not None

    @cached_property
    def _only_with(self) -> dict[tuple[str, str], Any]:
        import re2

        named = {
            (axis, value.name): value.only_with
            for axis, words in self.axes.items()
            for value in words.value
            if value.only_with is not None
        }
        return {key: re2.compile("|".join(f"(?:{one})" for one in words.compiled())) for key, words in named.items()}

    @cached_property
    def matcher(self) -> Matcher:
        """Finds where the rules' words stand; it needs no more of a rule than its blocks."""
        from fitcheck.matching import Matcher

        return Matcher(self.rules, literals=self.literals)  # type: ignore[arg-type]


def lens_files(folder: Path) -> list[Path]:
    """Return the rule files of a folder, without the words of the axes."""
    return sorted(f for f in folder.glob("*/*.toml") if f.name != AXIS_FILE)


@lru_cache(maxsize=4)
def load_lens(path: Path | None = None) -> LensPack:
    """Read the lens's files.

    Args:
        path: A folder of `<axis>/<id>.toml` with an `axis.toml` for every axis; None for the shipped one.

    Raises:
        RuleError: A file is broken or an axis has no words; names the file and quotes the line.

    >>> len(load_lens().axes)
    14
    """
    folder = path or rules_dir() / "lens"
    if path is None and (kept := _kept(folder)) is not None:
        return kept
    return _read(folder, compile_patterns=path is not None)


def save_lens(target: Path, folder: Path | None = None) -> LensPack:
    """Keep the shipped files in one, for `load_lens` to read while the folder stays as it is.

    Args:
        target: The file to write, `KEPT` in the model's folder.
        folder: The lens's files; None for the shipped ones.
    """
    from fitcheck.literals import required_literals

    folder = folder or rules_dir() / "lens"
    pack = _read(folder, compile_patterns=True)
    literals = {pattern: required_literals(pattern) for pattern in _patterns(pack.rules)}
    pack = pack.model_copy(update={"literals": literals})
    fresh = target.with_suffix(".new")
    values = pack.model_dump(mode="json", by_alias=True, exclude={"rules": {"__all__": {"example", "source"}}})
    # the patterns stand in the rules already
    values["literals"] = [pack.literals[pattern] for pattern in sorted(pack.literals)]
    body = json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()
    fresh.write_bytes(_files_hash(folder).encode() + b"\n" + zlib.compress(body, 9))
    fresh.replace(target)
    return pack


def _read(folder: Path, *, compile_patterns: bool) -> LensPack:
    axes = {}
    for axis in AXES:
        file = folder / axis / AXIS_FILE
        if not file.is_file():
            raise RuleError(f"{file}: missing; every axis has a file with its words")
        axes[axis] = read_axis(file)
    rules = [read_lens_rule(file, compile_patterns=compile_patterns) for file in lens_files(folder)]
    seen: dict[str, LensRule] = {}
    for rule in rules:
        if rule.id in seen:
            file = folder / rule.axis / f"{rule.id}.toml"
            what = f"the name stands in {seen[rule.id].axis}/ too; give this file another"
            raise RuleError(quote_line(file, *find_line(file, ("axis",)), what))
        seen[rule.id] = rule
    return LensPack(axes=axes, rules=tuple(sorted(rules, key=lambda r: (list(AXES).index(r.axis), r.id))))


def _kept(folder: Path) -> LensPack | None:
    """Return the kept pack, or None where it is missing or out of date."""
    try:
        digest, _, body = (model_dir() / KEPT).read_bytes().partition(b"\n")
        if digest.decode("ascii", "replace") != _files_hash(folder):
            return None
        values = json.loads(zlib.decompress(body))
        literals = values.pop("literals")
        pack = LensPack.model_validate(values)
        return pack.model_copy(update={"literals": dict(zip(sorted(_patterns(pack.rules)), literals, strict=True))})
    except (OSError, ValueError, KeyError, zlib.error):
        return None


def _patterns(rules: Sequence[LensRule]) -> set[str]:
    """Return every pattern of the rules as it is matched."""
    texts = (patterns for rule in rules for block in rule.when for patterns in (block.text, block.unless))
    return {pattern for patterns in texts if patterns is not None for pattern in patterns.compiled()}


def _files_hash(folder: Path) -> str:
    digest = hashlib.sha256()
    for file in sorted(folder.glob("*/*.toml")):
        content = file.read_bytes().replace(b"\r\n", b"\n")
        digest.update(f"{file.parent.name}/{file.name} {len(content)}\n".encode() + content)
    return digest.hexdigest()
