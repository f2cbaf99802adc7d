"""What would turn a verdict: changes as data, tried by assessing."""
