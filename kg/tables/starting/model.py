"""A table that a project begins with: its first mapping, and what that makes of its rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from kg.rml.guesses.predicates import Property
from kg.rml.starter import Draft
from kg.terms import PREFIXES

Value = ox.NamedNode | ox.Literal
_REWRITTEN: Final = frozenset(ox.NamedNode(PREFIXES["xsd"] + name) for name in ("double", "float", "dateTime", "time"))


@dataclass(frozen=True, slots=True)
class Begun:
    """A table, mapped as `kg map --init` would."""

    path: Path
    slug: str
    """What the project calls it."""
    draft: Draft
    told: Property | None
    """A property that every row seems to have once; a number, if there is one."""
    values: Mapping[str, Sequence[Value]]
    """Of that property, by the IRI of each thing that the rows name; none of any thing where there is none."""

    @property
    def is_single(self) -> bool:
        """Whether no thing has it twice."""
        return self.told is not None and all(len(values) <= 1 for values in self.values.values())

    @property
    def is_full(self) -> bool:
        """Whether every thing has it."""
        return self.told is not None and all(self.values.values())

    @property
    def is_answered(self) -> bool:
        """Whether what a question about it is answered follows from the values: a store writes some numbers anew."""
        found = (value for values in self.values.values() for value in values)
        return self.is_single and not any(
            isinstance(value, ox.Literal) and value.datatype in _REWRITTEN for value in found
        )


def local(told: Property) -> str:
    """The name of a property in the namespace of the terms."""
    return told.predicate.partition(":")[2]
