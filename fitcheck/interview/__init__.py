"""An interview in the terminal: questions one at a time, until the verdict is firm."""
