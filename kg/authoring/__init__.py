"""Help for those who write claims: terms that are looked up, and schemas that editors complete from."""

from kg.authoring.schema import KINDS, schema
from kg.authoring.terms import Entry, entries, search

__all__ = ["KINDS", "Entry", "entries", "schema", "search"]
