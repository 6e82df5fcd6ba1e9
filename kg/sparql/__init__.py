"""Queries as text: a tokenizer, the guard that stands before the engine, and SERVICE planned and asked politely."""

from __future__ import annotations
