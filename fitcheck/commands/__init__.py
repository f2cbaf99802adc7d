"""The commands: each reads its options, calls one function and prints what it returns."""

from fitcheck.commands import check, judging, lock, money, packs, portfolio, start, tables
from fitcheck.commands.options import app

__all__ = ["app", "check", "judging", "lock", "money", "packs", "portfolio", "start", "tables"]

_ORDER = ("assess", "batch", "report", "cost", "init", "check", "lock", "rules", "explain", "corpora", "train")
# as a newcomer meets them, not as the files are named
app.registered_commands.sort(key=lambda one: _ORDER.index(one.name or getattr(one.callback, "__name__", "")))
