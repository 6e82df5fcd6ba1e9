"""Tables beside the claims: every row becomes a claim, with the file, the row and the mapping behind it.

`Tables` reads `tables.yaml` and the mappings, and checks all that can be checked before a row is read; its `assemble`
gives the quads. What was mapped once is kept in a folder of parts, and mapped again when a table, its mapping or the
mapper has changed.
"""

from __future__ import annotations

from kg.tables.assembly import Tables, Tabular
from kg.tables.keeping import Keeper

__all__ = ["Keeper", "Tables", "Tabular"]
