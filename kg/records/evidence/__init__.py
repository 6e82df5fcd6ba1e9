"""The words that carry a claim: read, located in the text of their document, and kept in a lock file.

A steward writes the words; where they stand is found once, and kept in the lock file (`kg.records.lock`), so that a
machine without the text builds the same release.
"""

from kg.records.evidence.finding import Found, find, matched, places
from kg.records.evidence.locating import Locator
from kg.records.evidence.reading import EvidenceReader

__all__ = [
    "EvidenceReader",
    "Found",
    "Locator",
    "find",
    "matched",
    "places",
]
