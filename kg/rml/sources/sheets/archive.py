"""The archive that a workbook is: what is looked at before anything of it is read."""

from __future__ import annotations

import re
import zipfile
import zlib
from typing import Final

from kg.errors import DataError, Position
from kg.rml.mapping.model import Source
from kg.rml.sources.packed import FREE, too_packed
from kg.rml.sources.stream import too_large

DAMAGES: Final = (zipfile.BadZipFile, EOFError, OSError, zlib.error, NotImplementedError, RuntimeError, ValueError)
"""What the reader of archives raises of one that is damaged."""
_PROLOG: Final = 1 << 16
_ASIDE: Final = re.compile(rb"<!--.*?-->|<\?.*?\?>", re.DOTALL)


def check_archive(source: Source, streamed: str) -> None:
    """No part is larger than it may be, and none declares a document type: that is where bombs are hidden.

    What a part declares as its size is what is read of it at most.

    :param streamed: how the names of parts begin that are read row by row, and may be of any size
    :raises DataError: if it is not so, or the archive is damaged
    """
    try:
        with zipfile.ZipFile(source.path) as archive:
            parts = archive.infolist()
            total = sum(part.file_size for part in parts)
            if total > FREE and total > source.limits.ratio * max(source.path.stat().st_size, 1):
                raise too_packed(source)
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    if not part.filename.startswith(streamed) and part.file_size > source.limits.document:
                        raise too_large(source)
                    _check_prolog(source, archive, part)
    except DAMAGES as error:
        raise damaged(source, error) from None


def damaged(source: Source, error: Exception) -> DataError:
    """A workbook that cannot be read."""
    hint = f"open it in a spreadsheet program, and save it as {source.suffix or '.xlsx'}"
    reason = f"{type(error).__name__}: {error}"[:200]
    return DataError(f"not a workbook that can be read: {reason}", position=Position(source.name, 1), hint=hint)


def _check_prolog(source: Source, archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    with archive.open(part) as file:
        start = file.read(_PROLOG)
    plain = _ASIDE.sub(b"", start)
    found = re.search(rb"<(!DOCTYPE|[A-Za-z_])", plain)
    if b"\0" in start or found is None or found[1] == b"!DOCTYPE":
        message = f"{part.filename} within the workbook is not what a spreadsheet program writes"
        hint = "it declares a document type, as attacks do, has a password, or is not XML in UTF-8"
        raise DataError(message, position=Position(source.name, 1), hint=hint)
