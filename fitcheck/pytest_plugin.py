"""A pytest plugin: use cases kept beside the code are tests, and tests of one's own can assert an idea's verdict.

It stays silent in a project that doesn't use it. `*.fit.toml` files become tests where `--fitcheck` is given, where
the ini option `fitcheck` is true, where a policy is named, or where one lies at pytest's rootdir; `fitcheck = false`
and `--no-fitcheck` switch that off. The fixtures `fitcheck_assessor` and `fitcheck_policy` are there in any case.

Every pytest run imports this file, so nothing heavy may be imported by it; what collects is in
`fitcheck.pytesting`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from fitcheck.pipeline import Assessor
    from fitcheck.policy import Policy

__all__ = ["fitcheck_assessor", "fitcheck_policy", "is_on"]

_POLICY_FILE = "fitcheck-policy.toml"
_LANGUAGES = ("en", "zh")
_POLICY_TABLE = b"[tool.fitcheck.policy"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options, on the command line and in ini files."""
    group = parser.getgroup("fitcheck", "use cases of language models (fitcheck)")
    group.addoption(
        "--fitcheck",
        action="store_true",
        default=None,
        help="collect *.fit.toml files as tests; the default where a policy is named or lies at rootdir",
    )
    group.addoption(
        "--no-fitcheck", action="store_false", dest="fitcheck", help="leave *.fit.toml files alone, policy or not"
    )
    group.addoption(
        "--fitcheck-policy",
        metavar="FILE|NAME",
        help="the policy to hold them to: a file, or strict, balanced or cost-first",
    )
    group.addoption("--fitcheck-baseline", metavar="FILE", help="what is broken already and is not to fail")
    group.addoption("--fitcheck-lang", choices=_LANGUAGES, help="language of fitcheck's messages")
    parser.addini("fitcheck", "collect *.fit.toml files as tests (true or false)", type="bool", default=None)
    parser.addini("fitcheck_policy", "the policy to hold them to, from rootdir: a file, or a shipped one's name")
    parser.addini("fitcheck_baseline", "what is broken already and is not to fail: a file, from rootdir")
    parser.addini("fitcheck_lang", "language of fitcheck's messages: en or zh")


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker, and what collects where it is to collect."""
    config.addinivalue_line("markers", "fitcheck: a use case of a language model held to a policy (-m fitcheck)")
    if is_on(config):
        _refuse_other_language(config)
        from fitcheck.pytesting.collecting import Collecting

        config.pluginmanager.register(Collecting(config), "fitcheck-collecting")


def is_on(config: pytest.Config) -> bool:
    """Say whether use cases are collected: by the option, else the ini file, else a policy named or at rootdir.

    Raises:
        pytest.UsageError: The ini file says neither true nor false.
    """
    try:
        in_file = config.getini("fitcheck")
    except (pytest.UsageError, TypeError, ValueError) as error:
        raise pytest.UsageError(f"{_ini_file(config)}: fitcheck: {error}; write true or false") from None
    for wish in (config.getoption("fitcheck"), in_file):
        if wish is not None:
            return bool(wish)
    if config.getoption("fitcheck_policy") or config.getini("fitcheck_policy"):
        return True
    if (config.rootpath / _POLICY_FILE).is_file():
        return True
    try:
        return _POLICY_TABLE in (config.rootpath / "pyproject.toml").read_bytes()
    except OSError:
        return False


def _refuse_other_language(config: pytest.Config) -> None:
    given = config.getini("fitcheck_lang")
    if given and given not in _LANGUAGES:
        known = " or ".join(_LANGUAGES)
        raise pytest.UsageError(f"{_ini_file(config)}: fitcheck_lang = {given!r}: write {known}")


def _ini_file(config: pytest.Config) -> str:
    return "the ini file" if config.inipath is None else config.inipath.name


@pytest.fixture(scope="session")
def fitcheck_policy(pytestconfig: pytest.Config) -> Policy:
    """The project's policy: what --fitcheck-policy or the ini file names, else what lies at rootdir or above it."""
    from fitcheck.pytesting.session import read_policy

    return read_policy(pytestconfig)


@pytest.fixture(scope="session")
def fitcheck_assessor(pytestconfig: pytest.Config) -> Assessor:
    """An assessor with the rules and the risk that the project's policy names; the shipped one without a policy."""
    from fitcheck.pytesting.session import project_assessor

    return project_assessor(pytestconfig)
