"""The columns of a table: what its rows were made into, for a release holds no cells.

A column is a property of what a row speaks of, or, of a value that has no name of its own (an amount), a property of
that value: its amounts and units stand in columns of their own. Four more say of the claims of a row who says so,
where, how, and whether it is reviewed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from kg.terms import PREFIXES, ZEL, compress

_OF_CLAIMS: Final = "claim"
_DEEPEST: Final = 2
"""Properties on the way to a value."""
_TOLD: Final = ("assertedBy", "statedIn", "modality", "reviewStatus")


@dataclass(frozen=True, slots=True)
class Column:
    """What stands in a column, by the properties that lead there."""

    path: tuple[str, ...]
    """IRIs."""
    of_claims: bool = False
    """Whether it says something of the claims, not of what they speak of."""

    @property
    def key(self) -> str:
        """Its name in an address.

        >>> Column((ZEL + "quantity", ZEL + "unit")).key
        'zel:quantity zel:unit'
        """
        return " ".join([_OF_CLAIMS] * self.of_claims + [compress(iri) for iri in self.path])


OF_CLAIMS: Final = tuple(Column((ZEL + name,), of_claims=True) for name in _TOLD)


def column_of(key: str) -> Column | None:
    """The column that an address names; None where it names none.

    >>> column_of("zel:quantity zel:unit") == Column((ZEL + "quantity", ZEL + "unit")), column_of("a b c")
    (True, None)
    """
    parts = key.split()
    of_claims = parts[:1] == [_OF_CLAIMS]
    path = tuple(map(_expanded, parts[of_claims:]))
    if not 1 <= len(path) <= _DEEPEST or not all(path):
        return None
    found = Column(path, of_claims)
    return found if not of_claims or found in OF_CLAIMS else None


def _expanded(name: str) -> str:
    prefix, colon, local = name.partition(":")
    if colon and prefix in PREFIXES:
        return PREFIXES[prefix] + local
    return name if "://" in name or name.startswith("urn:") else ""
