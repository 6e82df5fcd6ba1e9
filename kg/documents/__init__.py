"""A file -> a document of the project: its text, where its sentences are, and its entry in `sources.yaml`.

The text is taken from the file once and never again: offsets count in the text that is kept.
"""

from kg.documents.entry import Described, entry, of_same_text, registered
from kg.documents.extracting import KINDS, Extracted, extract, kind_of
from kg.documents.sentences import has_sentences, sentences

__all__ = [
    "KINDS",
    "Described",
    "Extracted",
    "entry",
    "extract",
    "has_sentences",
    "kind_of",
    "of_same_text",
    "registered",
    "sentences",
]
