"""What a mapping may reach beside the files of its folder, and how much of a source is read before it is too much."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Final

from kg.errors import UsageError, nearest

_UNITS: Final = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30}


@dataclass(frozen=True, slots=True)
class Limits:
    """How large parts of a source may be: what is larger is refused before it is in memory."""

    record: int = 16 << 20
    """Bytes of one record: a line or a cell of a table, a line of JSON lines. Above the default, the parser of XML
    also gives up its own limits: 256 levels and 10 MB of text in one place."""
    document: int = 256 << 20
    """Bytes of a document that is held whole: JSON, and XML that cannot be streamed; of one that can, bytes without
    a record."""
    ratio: int = 200
    """How often larger than its compressed bytes a source may become, once it has given 64 MiB."""

    @property
    def allows_huge(self) -> bool:
        """Whether the parser of XML gives up its own limits."""
        return self.record > Limits().record

    def with_texts(self, texts: Iterable[str]) -> Limits:
        """These limits with some set to other values, as a person writes them.

        :raises UsageError: if one is not `name=number`, with K, M or G behind the number

        >>> Limits().with_texts(["record=1G"]).record == 1 << 30
        True
        """
        made = self
        known = [one.name for one in fields(self)]
        for text in texts:
            name, _, value = text.partition("=")
            if name not in known:
                hint = nearest(name, known) or f"limits: {', '.join(known)}"
                raise UsageError(f"there is no limit '{name}'", hint=hint)
            found = re.fullmatch(r"([1-9]\d{0,14})([KMG]?)(?:i?B)?", value, re.ASCII | re.IGNORECASE)
            if found is None:
                raise UsageError(f"'{value}' is no size", hint=f"for example --limit {name}=64M")
            made = replace(made, **{name: int(found[1]) * _UNITS[found[2].upper()]})
        return made


@dataclass(frozen=True, slots=True)
class Access:
    """What a run allows its mapping."""

    limits: Limits = Limits()
    databases: frozenset[str] = frozenset()
    """Addresses of databases that may be asked, letter for letter as the mapping writes them; others are refused."""
    elsewhere: frozenset[str] = frozenset()
    """Names of sources that are neither looked for nor opened: something else is read in their place."""
    functions: Path | None = None
    """The file of a project's own functions."""
    working: Path | None = None
    """What `rml:CurrentWorkingDirectory` stands for in sources; without it, they are refused."""
    targets: Path | None = None
    """The folder at or below which a mapping may write files; without it, none is written."""
    output: Path | None = None
    """The file that the output goes to, whose place no target takes."""
