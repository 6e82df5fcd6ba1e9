"""Expressions whose value the engine does not find, or finds wrongly: numbers, truth, REPLACE and BNODE."""
