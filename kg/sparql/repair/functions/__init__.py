"""Functions and aggregates in Python that a rewritten query calls in the place of what the engine does badly."""
