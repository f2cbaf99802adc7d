"""The commands: each reads its options, calls one function and prints what it returns."""

from fitcheck.commands import judging, money, packs
from fitcheck.commands.options import app

__all__ = ["app", "judging", "money", "packs"]
