"""Use cases: one function is one thing that somebody wants done, in one transaction."""
