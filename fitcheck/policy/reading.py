"""A policy's file: read, extended, checked, with errors that quote the line."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from fitcheck.errors import UseCaseError
from fitcheck.ideas import decode
from fitcheck.policy.document import SHIPPED, SHIPPED_FOLDER, Policy, Waiver, shipped_path
from fitcheck.policy.errors import PolicyError
from fitcheck.policy.escaping import quoted, shown_path
from fitcheck.policy.requirements import KINDS, AllowedVerdicts, ExpectedVerdict, Requirement, near
from fitcheck.policy.toml_places import Place, line_at, toml_places
from fitcheck.records import Verdict

__all__ = ["read_policy"]

_MOST_BYTES = 4 << 20
_MOST_STEPS = 5
_IN_PROJECT: Place = ("tool", "fitcheck", "policy")
_LISTS = ("require", "waiver")
M = TypeVar("M", bound=BaseModel)


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Head(_Strict):
    """What stands above the lists."""

    title: str = ""
    about: str = ""
    extends: str | tuple[str, ...] = ()
    risk: Annotated[float, Field(ge=0, lt=1)] | None = None
    rules: str | None = None
    extra_rules: str | None = None
    lang: Literal["en", "zh"] | None = None


class _Waiver(_Strict):
    idea: str = Field(min_length=1)
    requirement: str = Field(min_length=1)
    who: str = Field(min_length=1)
    why: str = Field(min_length=1)
    until: dt.date


@dataclass(frozen=True, slots=True)
class _File:
    """A policy file being read, for errors that quote it."""

    path: Path
    text: str
    values: Mapping[str, Any]
    prefix: Place
    places: Mapping[Place, int]

    def error(self, place: Place, what: str) -> PolicyError:
        return PolicyError(quoted(self.path, *line_at(self.text, self.places, (*self.prefix, *place)), what))

    def line(self, place: Place) -> int:
        return self.places.get((*self.prefix, *place), 1)


@dataclass(slots=True)
class _Stated:
    """What a policy and those that it extends state, the later over the earlier."""

    requirements: dict[str, Requirement] = field(default_factory=dict)
    places: dict[str, tuple[Path, int]] = field(default_factory=dict)
    waivers: list[tuple[_File, Place, Waiver]] = field(default_factory=list)
    files: list[Path] = field(default_factory=list)
    risk: float | None = None
    rules: Path | None = None
    extra_rules: Path | None = None
    lang: Literal["en", "zh"] | None = None


def read_policy(path: Path) -> Policy:
    """Read a policy's file and those that it extends.

    Raises:
        PolicyError: It is broken, allows nothing or requires nothing; quotes the line.
    """
    stated = _Stated()
    file = _gather(path, stated, ())
    for owner, place, waiver in stated.waivers:
        known = stated.requirements
        if waiver.requirement not in known:
            what = f"the policy has no requirement {waiver.requirement!r}; {near(waiver.requirement, list(known))}"
            raise owner.error((*place, "requirement"), what)
    asked = [r for r in stated.requirements.values() if r.severity != "off"]
    _refuse_empty(asked, file)
    if not any(isinstance(r, ExpectedVerdict) for r in stated.requirements.values()):
        # a verdict that a registry asserts is always looked at
        asked.append(ExpectedVerdict(requirement="expected-verdict", id="expected-verdict"))
        stated.places["expected-verdict"] = (path, 1)
    return Policy(
        name=path.stem if path.parent == SHIPPED_FOLDER else path.name,
        path=path,
        requirements=tuple(asked),
        waivers=tuple(w for _, _, w in stated.waivers),
        risk=stated.risk,
        rules=stated.rules,
        extra_rules=stated.extra_rules,
        lang=stated.lang or "en",
        places=stated.places,
        files=tuple(stated.files),
    )


def _gather(path: Path, stated: _Stated, above: tuple[Path, ...]) -> _File:
    file = _open(path)
    head_values = {k: v for k, v in file.values.items() if k not in _LISTS}
    for key in head_values:
        if key not in _Head.model_fields:
            raise file.error((key,), f"unknown key {key!r}; {near(key, [*_Head.model_fields, *_LISTS])}")
    head = _checked(_Head, head_values, file, ())
    extended = (head.extends,) if isinstance(head.extends, str) else head.extends
    for name in extended:
        base = shipped_path(name) if name in SHIPPED else path.parent / name
        if base.resolve() in (p.resolve() for p in (*above, path)):
            raise file.error(("extends",), f"{name!r} extends itself")
        if len(above) >= _MOST_STEPS:
            raise file.error(("extends",), f"over {_MOST_STEPS} policies extend each other")
        if not base.is_file():
            raise file.error(("extends",), f"no policy is called {name!r}; {near(name, SHIPPED)}, or name a file")
        _gather(base, stated, (*above, path))
    stated.files.append(path)
    _take_requirements(file, stated)
    _take_waivers(file, stated)
    stated.risk = stated.risk if head.risk is None else head.risk
    stated.rules = _pack(file, "rules", head.rules) or stated.rules
    stated.extra_rules = _pack(file, "extra_rules", head.extra_rules) or stated.extra_rules
    stated.lang = head.lang or stated.lang
    return file


def _open(path: Path) -> _File:
    import tomli

    where = shown_path(path)
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise PolicyError(f"{where}: over {_MOST_BYTES >> 20} MB; a policy is written by people")
        text = decode(path.read_bytes(), where=where).text.removeprefix("\ufeff").replace("\r\n", "\n")
        values: dict[str, Any] = tomli.loads(text)
    except OSError as error:
        raise PolicyError(f"{where}: {error.strerror or error}") from None
    except UseCaseError as error:
        raise PolicyError(str(error)) from None
    except tomli.TOMLDecodeError as error:
        lines = text.split("\n")
        line = lines[error.lineno - 1] if 0 < error.lineno <= len(lines) else None
        raise PolicyError(quoted(path, error.lineno, line, f"not valid TOML: {error.msg}")) from None
    except RecursionError:
        raise PolicyError(f"{where}: not TOML that can be read: nested too deeply") from None
    prefix: Place = ()
    if path.name == "pyproject.toml":
        prefix = _IN_PROJECT
        for key in ("tool", "fitcheck", "policy"):
            inner = values.get(key)
            if not isinstance(inner, dict):
                raise PolicyError(f"{where}: no [tool.fitcheck.policy] in it")
            values = inner
    file = _File(path, text, values, prefix, toml_places(text))
    if not values:
        raise file.error((), 'the policy is empty: write [[require]], and under it requirement = "…"')
    for key in _LISTS:
        tables = values.get(key, [])
        if not isinstance(tables, list) or not all(isinstance(t, dict) for t in tables):
            raise file.error((key,), f"write [[{key}]], in double brackets, once for each")
    return file


def _take_requirements(file: _File, stated: _Stated) -> None:
    own: set[str] = set()
    for number, values in enumerate(file.values.get("require", ())):
        place: Place = ("require", number)
        kind = values.get("requirement")
        if kind is None:
            raise file.error(place, f'write requirement = "…", one of: {", ".join(KINDS)}')
        if not isinstance(kind, str) or kind not in KINDS:
            raise file.error((*place, "requirement"), f"unknown requirement {kind!r}; {near(str(kind), list(KINDS))}")
        name = values.get("id") or kind
        place_of_id: Place = (*place, "id" if "id" in values else "requirement")
        base = stated.requirements.get(name) if name not in own and isinstance(name, str) else None
        if values.get("severity") == "off" and base is not None and base.requirement == kind:
            # to turn one off, its settings need not be said again
            made = base.model_copy(update={"severity": "off"})
        else:
            known = KINDS[kind].model_fields
            for key in values:
                if key not in known:
                    raise file.error((*place, key), f"{kind} knows no {key!r}; {near(key, list(known))}")
            made = _checked(KINDS[kind], {**values, "id": name}, file, place)
        if name in own:
            what = f'two requirements are called {name!r}; give one an id of its own: id = "…"'
            raise file.error(place_of_id, what)
        own.add(name)
        stated.requirements[name] = made
        stated.places[name] = (file.path, file.line(place))


def _take_waivers(file: _File, stated: _Stated) -> None:
    known = {(w.idea, w.requirement): w for _, _, w in stated.waivers}
    for number, values in enumerate(file.values.get("waiver", ())):
        place: Place = ("waiver", number)
        for key in values:
            if key not in _Waiver.model_fields:
                raise file.error((*place, key), f"a waiver knows no {key!r}; {near(key, list(_Waiver.model_fields))}")
        read = _checked(_Waiver, values, file, place)
        waiver = Waiver(**read.model_dump(), path=file.path, line=file.line(place))
        other = known.setdefault((waiver.idea, waiver.requirement), waiver)
        if other is not waiver:
            what = f"{waiver.requirement} is waived for {waiver.idea!r} in line {other.line} too; keep one"
            raise file.error(place, what)
        stated.waivers.append((file, place, waiver))


def _pack(file: _File, key: str, value: str | None) -> Path | None:
    if value is None:
        return None
    pack = file.path.parent / value
    if not pack.exists():
        raise file.error((key,), f"no rule pack there: {shown_path(pack)}")
    return pack


def _checked(kind: type[M], values: Mapping[str, Any], file: _File, place: Place) -> M:
    try:
        return kind.model_validate(dict(values))
    except ValidationError as error:
        first = error.errors()[0]
        loc = tuple(p for p in first["loc"] if isinstance(p, (str, int)))
        what = first["msg"].removeprefix("Value error, ")
        if first["type"] == "missing":
            raise file.error(place, f"{loc[0]} is missing: write {loc[0]} = …") from None
        if first["type"] == "enum":
            what = near(str(first["input"]), [v.value for v in Verdict])
        named = str(loc[0]) if loc else ""
        if first["type"] in ("tuple_type", "too_short") and len(loc) == 1:
            what = f"write a list, such as {named} = {_such_as(kind, named, values.get(named))}"
        if first["type"].startswith("date_"):
            what = f"write a day without a time and without quotes, such as {named} = 2027-04-30"
        told = f"{named} = {_short(values.get(named))}: {what}" if named in values else what
        raise file.error((*place, named) if named else place, told) from None


def _such_as(kind: type[BaseModel], key: str, value: Any) -> str:
    """Return a list that a key may hold, as TOML has it: its example, what holds without it, or the value given."""
    info = kind.model_fields[key]
    example = next(iter(info.examples or ()), info.default if isinstance(info.default, tuple) else ())
    return json.dumps(list(example) or [value if isinstance(value, str) and value else "…"], ensure_ascii=False)


def _short(value: Any) -> str:
    """Return a value about as the file has it, cut off where it is long."""
    if isinstance(value, (dt.date, dt.time)):
        text = value.isoformat()
    else:
        text = str(value).lower() if isinstance(value, bool) else repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _refuse_empty(asked: list[Requirement], file: _File) -> None:
    if not asked:
        what = "it requires nothing" + (": every requirement is off" if file.values.get("require") else "")
        raise file.error((), f'{what}; write [[require]], and under it requirement = "…"')
    allowed = set(Verdict)
    for one in asked:
        if isinstance(one, AllowedVerdicts) and not one.where:
            allowed &= set(one.allow)
            if not allowed - {Verdict.UNCLEAR}:
                names = [v.get("id", v["requirement"]) for v in file.values.get("require", ())]
                place: Place = ("require", names.index(one.id)) if one.id in names else ()
                raise file.error(place, f"it allows nothing: no verdict passes {one.id}")
