"""A baseline: what an old portfolio breaks already, so that only what is new fails."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fitcheck.policy.errors import PolicyError
from fitcheck.policy.escaping import quoted, shown_path
from fitcheck.policy.found import Finding
from fitcheck.policy.lock import text_hash
from fitcheck.policy.writing import write_whole

__all__ = ["Baseline", "Known", "read_baseline", "write_baseline"]

Known = tuple[str, str]
"""An idea's id and a requirement's id."""

_ABOUT = "Written by fitcheck check --write-baseline: findings that were there when the policy came. Shorten it."
_MOST_BYTES = 64 << 20


@dataclass(frozen=True, slots=True)
class Baseline:
    """A baseline that was read.

    Attributes:
        known: What is broken already.
        texts: A hash of the text of each idea when it was written, by id; empty where an older fitcheck wrote it.
    """

    known: frozenset[Known] = frozenset()
    texts: Mapping[str, str] = field(default_factory=dict)


def read_baseline(path: Path) -> Baseline:
    """Read a baseline.

    Raises:
        PolicyError: No such file, or not one that `write_baseline` wrote.
    """
    where = shown_path(path)
    anew = "write it anew: fitcheck check --write-baseline FILE"
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise PolicyError(f"{where}: over {_MOST_BYTES >> 20} MB; {anew}")
        text = path.read_text("utf-8")
        values: Any = json.loads(text)
    except OSError as error:
        raise PolicyError(f"{where}: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise PolicyError(f"{where}: not UTF-8; {anew}") from None
    except json.JSONDecodeError as error:
        lines = text.split("\n")
        line = lines[error.lineno - 1] if error.lineno <= len(lines) else None
        raise PolicyError(quoted(path, error.lineno, line, f"not JSON: {error.msg}; {anew}")) from None
    except RecursionError:
        raise PolicyError(f"{where}: nested too deeply; {anew}") from None
    known = values.get("known") if isinstance(values, dict) and values.get("schema") == 1 else None
    if not isinstance(known, dict) or not all(
        isinstance(names, list) and all(isinstance(n, str) for n in names) for names in known.values()
    ):
        raise PolicyError(f"{where}: not a baseline; {anew}")
    texts = values.get("texts", {})
    if not isinstance(texts, dict) or not all(isinstance(one, str) for one in texts.values()):
        raise PolicyError(f"{where}: not a baseline; {anew}")
    return Baseline(frozenset((idea, name) for idea, names in known.items() for name in names), texts)


def write_baseline(path: Path, findings: Iterable[Finding]) -> int:
    """Write what is found, and not waived, as a baseline: whole, or not at all.

    Returns:
        How many findings it holds.
    """
    known: dict[str, set[str]] = {}
    texts: dict[str, str] = {}
    for finding in findings:
        if finding.waived is None:
            known.setdefault(finding.entry.id, set()).add(finding.requirement)
            texts[finding.entry.id] = text_hash(finding.entry.use_case.text)
    values = {
        "about": _ABOUT,
        "schema": 1,
        "known": {idea: sorted(known[idea]) for idea in sorted(known)},
        "texts": dict(sorted(texts.items())),
    }
    write_whole(path, json.dumps(values, ensure_ascii=False, indent=1) + "\n")
    return sum(map(len, known.values()))
