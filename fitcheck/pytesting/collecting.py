"""What pytest collects from `*.fit.toml` files: one item for each idea and requirement.

Nothing passes because there was nothing to check: an empty or broken file, a folder without use cases, a policy that
can't be read and a waiver that is expired or unused are items that fail.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from fitcheck.errors import FitcheckError
from fitcheck.pytesting.items import (
    DriftItem,
    FitcheckItem,
    IdeaItem,
    PolicyItem,
    RequirementItem,
    WaiverItem,
    failing,
    in_node_id,
)
from fitcheck.pytesting.session import Checked, lock_path, may_apply

if TYPE_CHECKING:
    from fitcheck.policy import Entry

__all__ = ["Collecting"]


class Collecting:
    """The hooks of a session that collects use cases."""

    def __init__(self, config: pytest.Config) -> None:
        self.checked = Checked(config)

    def pytest_collect_file(self, file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
        """Collect files whose names end as those of a registry do."""
        if ".fit." not in file_path.name.casefold():
            return None
        from fitcheck.policy.registry import ENDINGS

        if not file_path.name.casefold().endswith(ENDINGS):
            return None
        file: FitFile = FitFile.from_parent(parent, path=file_path)
        file.checked = self.checked
        return file

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self, session: pytest.Session) -> None:
        """Find ideas by their ids as they are written, where those can't be part of a node id."""
        session.config.args = [_selecting(arg, session.config) for arg in session.config.args]

    @pytest.hookimpl(wrapper=True)
    def pytest_make_collect_report(
        self, collector: pytest.Collector
    ) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
        """Collect, after all files, what belongs to none."""
        report = yield
        if isinstance(collector, pytest.Session) and report.passed:
            last: Rest = Rest.from_parent(collector, name="fitcheck", nodeid="")
            last.checked = self.checked
            report.result.append(last)
        return report

    @pytest.hookimpl(trylast=True)
    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Note which ideas will be asked for, now that the others are deselected."""
        wanted = {item.entry.id: item.entry for item in session.items if isinstance(item, RequirementItem)}
        self.checked.waiting = list(reversed(wanted.values()))


class FitFile(pytest.File):
    """A file of use cases."""

    checked: Checked

    def collect(self) -> Iterator[pytest.Item | pytest.Collector]:
        """Yield a collector for each idea, or one item that fails where the file can't be read.

        Where what all of them hang on can't be read, the first file yields one item that fails, the others none.
        """
        from fitcheck.policy import read_registry
        from fitcheck.policy.escaping import shown_path

        try:
            entries = read_registry([self.path])
            for entry in entries:
                other = self.checked.entries.setdefault(entry.id, entry)
                if other.path != entry.path:
                    here, there = (f"{shown_path(e.path)}:{e.line}" for e in (entry, other))
                    what = f"{here}: the id {entry.id!r} stands at {there} too; give each use case its own"
                    yield failing(self, "readable", what)
                    return
        except FitcheckError as error:
            yield failing(self, "readable", str(error))
            return
        broken = self.checked.broken
        # an idea that is selected by name has to be found, and tells what is broken itself
        if broken is not None and (broken[0] == "policy" or _is_about_files(self.config)):
            if self.checked.told_in in (None, self.path):
                self.checked.told_in = self.path
                yield self._failing_for_all(*broken)
            return
        for entry in entries:
            idea: Idea = Idea.from_parent(self, name=in_node_id(entry.id))
            idea.entry, idea.checked = entry, self.checked
            yield idea

    def _failing_for_all(self, name: str, error: FitcheckError) -> pytest.Item:
        """Return the one item that fails in place of all; -k finds it by the names that theirs would have."""
        item = failing(self, name, str(error))
        policy = self.checked.policy
        item.extra_keyword_matches.update(self.checked.entries)
        if not isinstance(policy, FitcheckError):
            item.extra_keyword_matches.update(requirement.id for requirement in policy.requirements)
        return item


class Idea(pytest.Collector):
    """One use case."""

    entry: Entry
    checked: Checked

    def collect(self) -> Iterator[pytest.Item]:
        """Yield an item for each requirement of the policy, and one for the lock file where there is one."""
        assert not isinstance(self.checked.policy, FitcheckError)
        for requirement in self.checked.policy.requirements:
            if may_apply(requirement, self.entry):
                yield self._item(RequirementItem, requirement.id)
        if lock_path(self.config).is_file():
            yield self._item(DriftItem, "drift")

    def _item(self, kind: type[IdeaItem], name: str) -> pytest.Item:
        item: IdeaItem = kind.from_parent(self, name=name)
        item.entry, item.checked = self.entry, self.checked
        return item


class Rest(pytest.Collector):
    """What belongs to no file: the policy, waivers, and the finding that there is nothing to check."""

    checked: Checked

    def collect(self) -> Iterator[pytest.Item]:
        """Yield their items; the session's other items are collected already."""
        has_own = any(isinstance(item, FitcheckItem) for item in self.session.items)
        if not has_own and _expects_use_cases(self.config):
            yield failing(self, "use-cases", _nothing_there(self.config))
        elif has_own and _is_about_files(self.config):
            yield from _about_policy(self, self.checked)


def _selecting(arg: str, config: pytest.Config) -> str:
    """Return an argument with the node id of the idea whose id it holds; any other as it is."""
    from fitcheck.policy import read_registry
    from fitcheck.policy.registry import ENDINGS

    place, colons, rest = arg.partition("::")
    if not colons or not place.casefold().endswith(ENDINGS):
        return arg
    try:
        entries = read_registry([config.invocation_params.dir / place])
    except FitcheckError:
        return arg  # the file's own item tells
    # an id may begin with another one
    for name in sorted((entry.id for entry in entries), key=len, reverse=True):
        if rest == name or rest.startswith(f"{name}::"):
            return f"{place}::{in_node_id(name)}{rest.removeprefix(name)}"
    return arg


def _about_policy(rest: Rest, checked: Checked) -> list[pytest.Item]:
    """Return an item for the policy, and one for each waiver of a collected idea; of any, where all was collected."""
    if checked.broken is not None or isinstance(checked.policy, FitcheckError):
        return []  # the first file's item tells
    is_whole = any(place == rest.config.rootpath for place in _places(rest.config))
    file = _from_rootdir(checked.policy.path, rest.config)
    about: PolicyItem = PolicyItem.from_parent(rest, name="policy", nodeid=f"{file}::policy")
    about.checked = checked
    items: list[pytest.Item] = [about] if checked.entries else []
    for waiver in checked.policy.waivers:
        if is_whole or waiver.idea in checked.entries:
            name = in_node_id(f"waiver of {waiver.requirement} for {waiver.idea}")
            nodeid = f"{_from_rootdir(waiver.path, rest.config)}::{name}"
            item: WaiverItem = WaiverItem.from_parent(rest, name=name, nodeid=nodeid)
            item.waiver, item.checked = waiver, checked
            items.append(item)
    return items


def _from_rootdir(path: Path, config: pytest.Config) -> str:
    try:
        return path.resolve().relative_to(config.rootpath).as_posix()
    except ValueError:
        return path.name


def _places(config: pytest.Config) -> list[Path]:
    return [(config.invocation_params.dir / arg.split("::")[0]).resolve() for arg in config.args]


def _is_about_files(config: pytest.Config) -> bool:
    """Say whether files or folders were named, and no single test."""
    return not any("::" in arg for arg in config.args)


def _expects_use_cases(config: pytest.Config) -> bool:
    """Say whether finding no use case is a failure: where folders were named with --fitcheck, or all was to be run."""
    places = _places(config)
    if config.getoption("fitcheck"):
        return _is_about_files(config) and any(place.is_dir() for place in places)
    usual = [(config.rootpath / path).resolve() for path in config.getini("testpaths")] or [config.rootpath]
    return set(usual) <= set(places) or config.rootpath in places


def _nothing_there(config: pytest.Config) -> str:
    names = ", ".join(str(place) for place in _places(config))
    return (
        f"no use case among what was collected ({names}), and nothing to check is no pass: write a *.fit.toml file "
        "(fitcheck init writes one), add its folder to testpaths, or switch this off by fitcheck = false"
    )
