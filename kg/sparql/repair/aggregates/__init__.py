"""Aggregates: what is passed over, what is counted, and which are the engine's own."""
