"""Queries as text: a tokenizer and the guard that stands before the engine."""

from __future__ import annotations
