"""Search: a text index of a release, made as it is built, and asked from pages, from SPARQL and by other services."""

from kg.search.index import is_current, make
from kg.search.questions import TextQueryError, read_question
from kg.search.reading import Found, Hit, Index, Narrowed

__all__ = [
    "FOLDER",
    "INDEX",
    "Found",
    "Hit",
    "Index",
    "Narrowed",
    "TextQueryError",
    "is_current",
    "make",
    "read_question",
]

FOLDER = "search"
"""What the folder of a release calls that of its index."""
INDEX = f"{FOLDER}/texts.db"
"""The index, from the folder of a release."""
