"""`fitcheck train`: everything in `fitcheck/model/`, rebuilt from rules/ and corpora/."""

from fitcheck.training.rebuild import train

__all__ = ["train"]
