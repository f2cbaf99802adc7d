"""What to ask: questions, plausible answers, and what a named task says."""
