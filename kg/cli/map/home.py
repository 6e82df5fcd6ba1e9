"""Where the tables of an R2RML mapping are, which such a mapping does not say."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kg.errors import UsageError

if TYPE_CHECKING:
    from kg.rml.mapping.access import Home

VARIABLE: Final = "KG_DATABASE_PASSWORD"
"""Of the environment: it holds the password of `--user`."""


def home_of(mapping: Path, place: str | None, user: str | None) -> Home | None:
    """The database that a person names: by its address as JDBC writes it, or by the path of its file.

    :raises UsageError: if there is a user, and no database
    """
    if place is None:
        if user is not None:
            raise UsageError("--user is that of a --database", hint="--database jdbc:postgresql://host/name")
        return None
    from kg.rml.mapping.access import Home

    if not place.startswith("jdbc:"):
        # What a person writes is seen from where they are, what a mapping says from where the mapping is.
        path = os.path.relpath(os.path.realpath(place), os.path.realpath(mapping.absolute().parent))
        return Home(f"jdbc:sqlite:{path}")
    return Home(place, user, VARIABLE if user is not None and VARIABLE in os.environ else None)
