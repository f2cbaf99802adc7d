"""A relaxed pattern is found wherever its own is."""

from __future__ import annotations

import re

import pytest
import re2
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from fitcheck import injection
from fitcheck.patterns import LatePattern, relaxed

# making texts of ORDERS takes minutes; the orders of test_injection are found through it
PATTERNS = {n: v for n, v in vars(injection).items() if isinstance(v, LatePattern) and n != "ORDERS"}


@pytest.mark.parametrize("name", sorted(PATTERNS))
@given(data=st.data())
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_relaxed_pattern_lets_all_through_that_its_own_finds(name: str, data: st.DataObject) -> None:
    source = PATTERNS[name].source
    text = data.draw(st.from_regex(source))
    assume("\n" not in text)
    assume(PATTERNS[name].search(text) is not None)
    assert re2.compile(relaxed(source)).search(text) is not None


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (r"a{2,3}b", "aab"),
        (r"[\w-]{1,4}x", "é-x"),
        (r"(?<![a-z])fit(?=[)\]])", "fit)"),
        (r"^\d+\$", "٣$"),
        (r"[^\u3400-\u9fff]z", "oz"),
    ],
)
def test_what_is_left_out_and_widened(source: str, text: str) -> None:
    assert re.search(source, text) is not None
    assert re2.compile(relaxed(source)).search(text) is not None


def test_a_bracket_that_stays_open_is_told() -> None:
    with pytest.raises(ValueError, match="bracket is not closed"):
        relaxed("a(?=b")
