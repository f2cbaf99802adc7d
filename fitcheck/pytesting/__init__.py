"""Use cases as pytest items; `fitcheck.pytest_plugin` imports this only where it is to collect them."""
