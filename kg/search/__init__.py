"""Search: a text index of a release, made as it is built, and asked from pages, from SPARQL and by other services."""

from kg.search.index import is_current, make
from kg.search.marking import Sought, excerpt, marked
from kg.search.questions import Question, TextQueryError, read_question
from kg.search.reading import Found, Hit, Index, Narrowed
from kg.search.texts import matters

__all__ = [
    "FOLDER",
    "INDEX",
    "Found",
    "Hit",
    "Index",
    "Narrowed",
    "Question",
    "Sought",
    "TextQueryError",
    "excerpt",
    "is_current",
    "make",
    "marked",
    "matters",
    "read_question",
]

FOLDER = "search"
"""What the folder of a release calls that of its index."""
INDEX = f"{FOLDER}/texts.db"
"""The index, from the folder of a release."""
