"""The text of a file: a text as it is, a web page, a Word document or a pdf by libraries that change no character."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import PurePath
from types import MappingProxyType
from typing import Final

from kg.documents.office import docx, pdf
from kg.documents.pages import page
from kg.encodings import as_utf8
from kg.errors import RecordError
from kg.folding import is_arabic

KINDS: Final = ("txt", "html", "docx", "pdf")
_SUFFIXES: Final[Mapping[str, str]] = MappingProxyType(
    {".txt": "txt", ".text": "txt", ".md": "txt", ".html": "html", ".htm": "html", ".xhtml": "html"}
    | {".docx": "docx", ".pdf": "pdf"}
)
_PAGE: Final = re.compile(rb"(?is)\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html)\b")
_PRESENTATION: Final = re.compile("[\ufb50-\ufdff\ufe70-\ufefc]")
_PASTE: Final = "paste the text instead: kg add document -"


@dataclass(frozen=True, slots=True)
class Extracted:
    """The text of a file, and what the file says of itself."""

    text: str
    extractor: str | None = None
    """Name and version of what took the text from the file; None where the file is the text."""
    title: str | None = None
    language: str | None = None
    warnings: tuple[str, ...] = ()


def kind_of(content: bytes, name: str) -> str:
    """Which of `KINDS` a file is, by what it begins with, else by its name.

    :raises RecordError: if it is none of them

    >>> kind_of(b"<!DOCTYPE html><p>One", "-"), kind_of(b"One.", "note.txt"), kind_of(b"%PDF-1.7", "note")
    ('html', 'txt', 'pdf')
    """
    suffix = PurePath(name).suffix.lower()
    if content.startswith(b"%PDF-"):
        return "pdf"
    if content.startswith(b"PK\x03\x04") and suffix in {".docx", ""}:
        return "docx"
    if _PAGE.match(content):
        return "html"
    if suffix in _SUFFIXES or not suffix:
        return _SUFFIXES.get(suffix, "txt")
    raise RecordError(f"{name}: no document that can be read", hint=f"say what it is with --as: {', '.join(KINDS)}")


def extract(content: bytes, name: str, kind: str) -> Extracted:
    """The text of a file; `name` is what errors call it.

    :raises RecordError: if it is not what `kind` says, holds no text, or is an Arabic pdf, which no extractor reads
    :raises UsageError: if the library for its kind is not installed
    """
    found = _TAKERS[kind](content, name)
    if not found.text.strip():
        hint = f"a scan has pictures and no text; {_PASTE}" if kind == "pdf" else _PASTE
        raise RecordError(f"{name}: there is no text in it", hint=hint)
    if kind == "pdf" and is_arabic(found.text):
        raise RecordError(f"{name}: the Arabic of a pdf comes out broken, whatever reads it", hint=_PASTE)
    return Extracted(found.text, found.extractor, found.title, found.language, tuple(_warnings(found.text)))


def _warnings(text: str) -> Iterator[str]:
    if shown := "".join(_PRESENTATION.findall(text)[:8]):
        plain = unicodedata.normalize("NFKC", shown)
        yield (
            f"the text has Arabic presentation forms ({shown} for {plain}): a program has broken its letters; "
            "correct the text, or paste it from the page, before anything is quoted"
        )
    if "\ufffd" in text:
        yield f"the text has characters that could not be read (U+FFFD, the first at {text.index(chr(0xFFFD))})"


def _plain(content: bytes, name: str) -> Extracted:
    try:
        return Extracted(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise RecordError(
            f"{name}:{line}: not UTF-8 at byte {error.start}", hint=as_utf8(content, "the text", name)
        ) from None


def _page(content: bytes, name: str) -> Extracted:
    found = page(content, name)
    return Extracted(found.text, f"lxml {version('lxml')}", found.title, found.language)


def _docx(content: bytes, name: str) -> Extracted:
    return Extracted(docx(content, name), f"mammoth {version('mammoth')}")


def _pdf(content: bytes, name: str) -> Extracted:
    return Extracted(pdf(content, name), f"pypdf {version('pypdf')}")


_TAKERS: Final[Mapping[str, Callable[[bytes, str], Extracted]]] = MappingProxyType(
    {"txt": _plain, "html": _page, "docx": _docx, "pdf": _pdf}
)
