"""The commands: each reads its options, calls one function and prints what it returns."""

from fitcheck.commands import ask, check, judging, lock, money, packs, plan, portfolio, start, tables
from fitcheck.commands.options import app

__all__ = ["app", "ask", "check", "judging", "lock", "money", "packs", "plan", "portfolio", "start", "tables"]

_ORDER = (
    *("assess", "ask", "plan", "batch", "report", "cost"),
    *("init", "check", "lock", "rules", "explain", "corpora", "train"),
)
# as a newcomer meets them, not as the files are named
app.registered_commands.sort(key=lambda one: _ORDER.index(one.name or getattr(one.callback, "__name__", "")))
