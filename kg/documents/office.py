"""Word documents and pdf, by libraries of the extra `zellige[documents]`."""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import Final
from xml.parsers.expat import ExpatError

from kg.errors import RecordError, UsageError

_UNPACKED: Final = 200_000_000
"""Size of a Word document when it is unpacked, in bytes; a larger one is no document."""
_INSTALL: Final = "pip install 'zellige[documents]'"


def docx(content: bytes, name: str) -> str:
    """The text of a Word document, tables and notes included, a blank line between paragraphs.

    :raises RecordError: if it is none
    :raises UsageError: if mammoth is not installed
    """
    try:
        import mammoth
    except ImportError:
        raise UsageError("Word documents are read by mammoth, which is not installed", hint=_INSTALL) from None
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(entry.file_size for entry in packed.infolist()) > _UNPACKED:
                raise RecordError(f"{name}: more than {_UNPACKED:,} bytes when it is unpacked")
        return str(mammoth.extract_raw_text(io.BytesIO(content)).value)
    except (zipfile.BadZipFile, zlib.error, ExpatError, KeyError, ValueError, AttributeError, IndexError) as error:
        raise RecordError(f"{name}: no Word document: {error}", hint="save it anew as .docx, or as text") from None


def pdf(content: bytes, name: str) -> str:
    """The text of a pdf, page by page, a blank line between them.

    :raises RecordError: if it is none, or encrypted
    :raises UsageError: if pypdf is not installed
    """
    try:
        import pypdf
        from pypdf.errors import PyPdfError
    except ImportError:
        raise UsageError("pdf is read by pypdf, which is not installed", hint=_INSTALL) from None
    try:
        reader = pypdf.PdfReader(io.BytesIO(content))
        if reader.is_encrypted:
            raise RecordError(f"{name}: the pdf is encrypted", hint="save it without a password")
        return "\n\n".join(one.extract_text() for one in reader.pages)
    except (PyPdfError, zlib.error, ValueError, KeyError, TypeError, IndexError, AttributeError, OSError) as error:
        raise RecordError(f"{name}: no pdf that can be read: {error}", hint="save it anew, or as text") from None
