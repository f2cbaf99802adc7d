"""The jobs that an idea names: their words, their verbs, and the parts of a mixed idea."""
