"""One use case kept beside the code, as a TOML file states it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from fitcheck.errors import UseCaseError
from fitcheck.policy.escaping import quoted, shown, shown_path
from fitcheck.policy.keys import attribute_toml, key_of
from fitcheck.policy.toml_places import Place, line_at, toml_places
from fitcheck.records import Verdict
from fitcheck.text import normalise
from fitcheck.use_case import UseCase
from fitcheck.wording import say

__all__ = [
    "OWN_KEYS",
    "Entry",
    "entries_of_toml",
    "is_slip",
    "made_id",
    "refuse_bad_id",
    "verdict_asserted",
    "verdict_meant",
]

OWN_KEYS = ("expect", "owner", "attributes")
"""What an entry has beside the fields of `UseCase`."""

_LONGEST_ID = 200
_SLIP = 0.75
_MOST_ATTRIBUTES = 100


@dataclass(frozen=True, slots=True)
class Entry:
    """One use case of a registry.

    Attributes:
        id: Unique in the registry; given, or made from the file's name and a number.
        use_case: The idea and its facts.
        expect: The verdict that is asserted, or None.
        owner: Who answers for it, or None.
        attributes: Whatever else is written beside it: department, criticality, agreement, exit_plan, …
        path: The file that it stands in.
        line: The line that it begins on, from 1.
        doubtful: Columns of its table that are read as attributes and look like another name of a fact, and those.
    """

    id: str
    use_case: UseCase
    expect: str | None
    owner: str | None
    attributes: Mapping[str, str]
    path: Path
    line: int
    doubtful: Mapping[str, str] = field(default_factory=dict)


def entries_of_toml(text: str, path: Path) -> Iterator[Entry]:
    """Yield the use cases of a TOML file: its `[[use_case]]` tables, or the one at its top.

    Args:
        text: The file's text.
        path: The file, for errors and for ids that are not given.

    Raises:
        UseCaseError: Not TOML, nothing in it, an unknown key or a value that does not fit; quotes the line.
    """
    import tomli

    where = shown_path(path)
    text = text.replace("\r\n", "\n")
    try:
        values: dict[str, Any] = tomli.loads(text)
    except tomli.TOMLDecodeError as error:
        lines = text.split("\n")
        line = lines[error.lineno - 1] if 0 < error.lineno <= len(lines) else None
        raise UseCaseError(quoted(path, error.lineno, line, f"not valid TOML: {error.msg}")) from None
    except RecursionError:
        raise UseCaseError(f"{where}: not TOML that can be read: nested too deeply") from None
    if not values:
        raise UseCaseError(f'{where}: nothing in it; write [[use_case]], and under it id = "…" and text = "…"')
    places = toml_places(text)
    file = _File(path, text, places)
    if "use_case" not in values:
        yield file.entry(values, (), None)
        return
    for key in values:
        if key != "use_case":
            meant = get_close_matches(key, ["use_case"], cutoff=0.75)
            hint = "did you mean [[use_case]]?" if meant else "put it into one of them"
            what = f"{key!r} stands beside the [[use_case]] tables; {hint}"
            raise UseCaseError(file.quote((key,), what))
    tables = values["use_case"]
    if not isinstance(tables, list) or not all(isinstance(t, dict) for t in tables):
        raise UseCaseError(file.quote(("use_case",), "write [[use_case]], in double brackets, once for each idea"))
    if not tables:
        raise UseCaseError(file.quote(("use_case",), "no use case in it"))
    for number, table in enumerate(tables):
        yield file.entry(table, ("use_case", number), number + 1)


@dataclass(frozen=True, slots=True)
class _File:
    """A TOML file being read, for errors that quote it."""

    path: Path
    text: str
    places: Mapping[Place, int]

    def quote(self, place: Place, what: str) -> str:
        return quoted(self.path, *line_at(self.text, self.places, place), what)

    def entry(self, table: Mapping[str, Any], place: Place, number: int | None) -> Entry:
        for key in table:
            if key not in UseCase.model_fields and key not in OWN_KEYS:
                hint = _hint(key, at_top=not place)
                raise UseCaseError(self.quote((*place, key), f"unknown key {key!r}; {hint}"))
        facts = {key: value for key, value in table.items() if key not in OWN_KEYS}
        if "text" not in facts:
            raise UseCaseError(self.quote(place, 'the idea is missing: write text = "…"'))
        use_case = self._use_case(facts, place)
        own_id = table.get("id")
        if own_id is not None:
            try:
                refuse_bad_id(own_id)
            except UseCaseError as error:
                raise UseCaseError(self.quote((*place, "id"), str(error))) from None
        entry_id = own_id if own_id is not None else made_id(self.path, number)
        expect = table.get("expect")
        try:
            asserted = verdict_asserted(expect)
        except UseCaseError as error:
            raise UseCaseError(self.quote((*place, "expect"), str(error))) from None
        owner = table.get("owner")
        if owner is not None and (not isinstance(owner, str) or not owner.strip()):
            raise UseCaseError(self.quote((*place, "owner"), f"owner = {owner!r}: write a name or an address, quoted"))
        attributes = table.get("attributes", {})
        if not isinstance(attributes, dict):
            raise UseCaseError(self.quote((*place, "attributes"), "write a table: [use_case.attributes]"))
        return Entry(
            id=entry_id,
            use_case=use_case.model_copy(update={"id": entry_id}),
            expect=asserted,
            owner=owner,
            attributes=self._attributes(attributes, place),
            path=self.path,
            line=self.places.get(place, 1) if place else 1,
        )

    def _use_case(self, facts: Mapping[str, Any], place: Place) -> UseCase:
        try:
            use_case = UseCase.read(facts, where="")
            normalise(use_case.text)
        except UseCaseError:
            for key, value in facts.items():
                try:
                    one = UseCase.read({"text": "-"} | {key: value}, where="")
                    if key == "text":
                        normalise(one.text)
                except UseCaseError as error:
                    raise UseCaseError(self.quote((*place, key), str(error).removeprefix(": "))) from None
            raise
        return use_case

    def _attributes(self, attributes: Mapping[str, Any], place: Place) -> dict[str, str]:
        flat = dict(_flat(attributes))
        if len(flat) > _MOST_ATTRIBUTES:
            raise UseCaseError(self.quote((*place, "attributes"), f"over {_MOST_ATTRIBUTES} attributes"))
        return flat


def _hint(key: str, *, at_top: bool) -> str:
    """Return what a key that is not known may stand for: one that is, or one's own, which is an attribute."""
    known = [*UseCase.model_fields, *OWN_KEYS, *(("use_case",) if at_top else ())]
    meant = key_of(key)
    if meant in known:
        return f"did you mean {meant!r}?"
    near = get_close_matches(key, known, n=1)
    if near == ["use_case"]:
        return "did you mean [[use_case]]?"
    own = f"if it is your own, write {shown(attribute_toml(key))} = …"
    if not near:
        return own
    return f"did you mean {near[0]!r}?" if is_slip(key, near[0]) else f"did you mean {near[0]!r}? I{own[1:]}"


def is_slip(key: str, meant: str) -> bool:
    """Say whether a name is so near another that it can hardly be one of its own.

    >>> is_slip("human_reveiw", "human_review"), is_slip("department", "deployment")
    (True, False)
    """
    return bool(get_close_matches(key, [meant], cutoff=_SLIP))


def _flat(values: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Yield attributes as texts; those of nested tables with dots in their names, lists with semicolons."""
    for key, value in values.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{key}.")
        elif isinstance(value, list):
            yield f"{prefix}{key}", "; ".join(_word(one) for one in value)
        else:
            yield f"{prefix}{key}", _word(value)


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, (dt.date, dt.time)) else str(value)


def made_id(path: Path, number: int | None) -> str:
    """Return the id of an entry that has none: the file's name without its endings, and a number from 1.

    >>> made_id(Path("a/support.fit.toml"), 2), made_id(Path("a/support.fit.toml"), None)
    ('support-2', 'support')
    """
    stem = shown(path.name.split(".", 1)[0] or path.name)[:_LONGEST_ID]
    return stem if number is None else f"{stem}-{number}"


def refuse_bad_id(name: Any) -> None:
    """Refuse an id that could not be printed, or written into a waiver.

    Raises:
        UseCaseError: It is no text, empty, too long, or has a line break or a control character in it.
    """
    if not isinstance(name, str) or not name.strip() or name != name.strip():
        raise UseCaseError(f"id = {name!r}: write a short name in quotes, without space at its ends")
    if len(name) > _LONGEST_ID or shown(name) != name:
        raise UseCaseError(f"id = {name[:40]!r}: one line of at most {_LONGEST_ID} characters that can be seen")


def verdict_asserted(value: Any) -> str | None:
    """Return the verdict that an entry asserts, by its name or by the word that Chinese reports print, or None.

    Raises:
        UseCaseError: It is no verdict.

    >>> verdict_asserted("fit"), verdict_asserted("大材小用")
    ('fit', 'overkill')
    """
    if value is None:
        return None
    verdicts = [v.value for v in Verdict]
    meant = verdict_meant(value)
    if meant in verdicts:
        return str(meant)
    near = get_close_matches(str(value).lower(), verdicts, n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(verdicts)}"
    raise UseCaseError(f"expect = {value!r} is no verdict; {hint}")


def verdict_meant(value: Any) -> Any:
    """Return the verdict for the word that Chinese reports print for it; anything else as it is.

    >>> verdict_meant("适合"), verdict_meant("fit"), verdict_meant("maybe")
    ('fit', 'fit', 'maybe')
    """
    return next((v.value for v in Verdict if isinstance(value, str) and value.strip() == say(v.value, "zh")), value)
