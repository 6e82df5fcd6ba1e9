"""A project out of tables that were there before: a mapping, terms, a shape and a question for each of them."""

from __future__ import annotations

from kg.tables.starting.files import start

__all__ = ["start"]
