"""One model under its many names: dated, with a provider before it, or as somebody mistypes it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Sequence
from difflib import get_close_matches
from fnmatch import fnmatchcase
from functools import lru_cache

from fitcheck.cost.names import plain_name

__all__ = ["is_by_api_only", "is_denied", "model_meant", "spellings"]

# a snapshot's day or number, what points to the newest one, a provider's own mark after it, a precision
_ENDING = re.compile(
    r"(?:[-@_](?:20\d\d-?\d\d-?\d\d|\d{6}|\d{4}|\d\d-\d\d|00\d|latest|default)"
    r"|:(?:latest|default|free|beta|batch|extended|nitro|floor|online|0)"
    r"|(?<=\d{8})-v\d(?::\d+)?|-v\d:\d+"
    r"|-(?:instruct|it|hf|fp8|fp8-dynamic|bf16|fp16|nvfp4|fp4|mxfp4|awq|gptq|gguf|int4|int8|w4a16|w8a8))$"
)
# what providers put before a name: a path, "azure:", "us.anthropic.", "openai-"
_BEFORE = (
    re.compile(r".*/"),
    re.compile(r"[a-z_-]+:"),
    re.compile(r"(?:[a-z-]+\.)+"),
    re.compile(
        r"(?:(?:openai|azure|anthropic|google|meta|mistralai|deepseek-ai|amazon|aws|bedrock|vertex|openrouter|groq"
        r"|together)[-_])+"
    ),
)
# families whose weights their makers have never given away; others may run anywhere
_BY_API_ONLY = re.compile(
    r"(?:chatgpt|gpt-(?:3\.5|4|4o|4\.1|4\.5|5(?:\.\d)?)|o[134])"
    r"(?:-(?:4o|mini|nano|turbo|pro|preview|chat|codex|audio|search|realtime|vision|instruct|16k|32k))*"
    r"|claude-(?:instant|[12](?:[.-]\d)?|(?:3(?:[.-]\d)?-)?(?:opus|sonnet|haiku)(?:-\d(?:[.-]\d)?)?)"
)
_NEAR = 0.85
_NUMBER = re.compile(r"\d+")


def spellings(name: str) -> tuple[str, ...]:
    """Return a model's name as it is, and without a provider before it and a snapshot's date behind it.

    >>> spellings("openai/gpt-4o-mini")
    ('openai/gpt-4o-mini', 'gpt-4o-mini')
    >>> spellings("us.anthropic.claude-3-5-sonnet-20240620-v1:0")[-1]
    'claude-3-5-sonnet'
    """
    rest = name.strip().casefold()
    found = [rest]
    for before in _BEFORE:
        if (match := before.match(rest)) and match.end() < len(rest):
            rest = rest[match.end() :]
            found.append(rest)
    for one in tuple(found):
        while (shorter := _ENDING.sub("", one)) != one and shorter:
            one = shorter
            found.append(one)
    return tuple(dict.fromkeys(found))


def is_by_api_only(name: str) -> bool:
    """Say whether a model surely is one whose weights nobody can have; False where that is not known.

    >>> [is_by_api_only(name) for name in ("openai/gpt-4o-mini", "claude-sonnet-4-5", "gpt-oss-20b", "gpt4all-j")]
    [True, True, False, False]
    """
    return any(_BY_API_ONLY.fullmatch(re.sub(r"[\s_]+", "-", one)) for one in spellings(name))


def is_denied(name: str, provider: str | None, denied: Sequence[str]) -> bool:
    """Say whether a list denies a model, under whatever name it goes; `*` in the list stands for anything.

    A name that is denied without a date is denied with any; one that is denied with a date, with that date only.

    Args:
        name: As an idea names it.
        provider: Who serves it, as the idea says, or None: `openai/*` denies what openai is said to serve.
        denied: The list.

    >>> is_denied("openai/gpt-4o-mini-2024-07-18", None, ["GPT-4o mini"]), is_denied("gpt-4o", None, ["gpt-4o-mini"])
    (True, False)
    """
    called = spellings(name)
    if provider is not None:
        called += tuple(f"{provider.strip().casefold()}/{one}" for one in called)
    plain = {plain_name(one) for one in called}
    for one in denied:
        pattern = one.strip().casefold()
        if "*" in pattern:
            if any(fnmatchcase(each, pattern) for each in called):
                return True
        elif not plain.isdisjoint(map(plain_name, _without_pointer(pattern))):
            return True
    return False


def _without_pointer(name: str) -> tuple[str, ...]:
    """Return the undated spellings of a name: no provider before it, and nothing that points to the newest."""
    undated = [one for one in spellings(name) if name.endswith(one)]
    return tuple(one.removesuffix("-latest").removesuffix(":latest") for one in undated)


def model_meant(name: str, used: Collection[str], on: dt.date) -> str | None:
    """Return the model that a name which is none is likely to mean; None where it is one, or none is near.

    Args:
        name: As a policy lists it.
        used: Models that ideas name, which count as models whatever the price lists say.
        on: The day of the price list.

    >>> model_meant("deepseek-chta", (), dt.date(2026, 11, 22)), model_meant("our-own-model", (), dt.date(2026, 11, 22))
    ('deepseek-chat', None)
    """
    called = {plain_name(one) for one in spellings(name)}
    known = _known(on)
    in_use = (plain_name(spelt) for one in used for spelt in spellings(one))
    if "*" in name or not called.isdisjoint(known) or not called.isdisjoint(in_use):
        return None
    return _nearest(plain_name(spellings(name)[-1]), on)


@lru_cache(maxsize=1024)
def _nearest(key: str, on: dt.date) -> str | None:
    known = _known(on)
    for near in get_close_matches(key, known, n=3, cutoff=_NEAR):
        # another number is another version, of which the lists may not have heard
        if _NUMBER.sub("", near) != _NUMBER.sub("", key):
            return known[near]
    return None


@lru_cache(maxsize=2)
def _known(on: dt.date) -> dict[str, str]:
    """Return the models of the price lists and the model cards, by their plain names."""
    from fitcheck.cost.architectures import model_names
    from fitcheck.cost.listed import listed_models
    from fitcheck.cost.overlay import overlay_models

    listed = [model for _, model in listed_models()]
    ours = [name for _, names in overlay_models(on) for name in names]
    # a short name stands for its dated ones too
    names = (one for name in (*ours, *listed, *model_names()) for one in spellings(name)[::-1])
    known: dict[str, str] = {}
    for name in names:
        known.setdefault(plain_name(name), name)
    return known
