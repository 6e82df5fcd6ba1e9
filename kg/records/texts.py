"""The text of a document, where a person has it: read, and compared with the hash that the document states."""

from __future__ import annotations

import codecs
import hashlib
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Final

from kg.encodings import as_utf8
from kg.errors import Problem, StorageError
from kg.records.model import Document
from kg.records.spelling import Folded, is_ignorable
from kg.records.spelling.nearest import Nearest, Words

_Change = tuple[str, Callable[[bytes], bytes]]
_SAME: Final[_Change] = ("", lambda content: content)


@dataclass(frozen=True)
class Text:
    """The text of a document; `is_described` tells whether it has the hash that the document states, if any."""

    characters: str
    is_described: bool

    @cached_property
    def folded(self) -> Folded:
        """The text as quotes that do not hold are looked for in it."""
        return Folded.of(self.characters)

    @cached_property
    def words(self) -> Words:
        """The words of the text, as quotes that it does not have in any spelling are compared with them."""
        return Words.of(self.folded)

    def nearest(self, quote: str) -> Nearest | None:
        """The words of the text that are nearly those of a quote that it does not have."""
        return self.words.nearest(quote)

    def whereabouts(self, quote: str, near: int) -> str | None:
        """Where the text has a quote that is not at the offset `near`, or what its words there differ by."""
        at = self._nearest(quote, near)
        if at is not None:
            return f"the quote stands at {at}-{at + len(quote)}"
        likeness = self.folded.find(quote, near)
        return None if likeness is None else str(likeness)

    def _nearest(self, quote: str, near: int) -> int | None:
        """The place of a quote that is nearest to `near`, the earlier one of two; `near` itself is none.

        It is looked for outwards: words that stand ten thousand times are not all looked at for each quote of them.
        """
        if not quote:
            return None
        before = self.characters.rfind(quote, 0, max(near, 0) + len(quote) - 1)
        # No further than where a place would be farther than the one before.
        end = len(self.characters) if before < 0 else 2 * near - before + len(quote)
        after = self.characters.find(quote, near + 1, end)
        places = [at for at in (before, after) if at >= 0]
        return min(places, key=lambda at: abs(at - near), default=None)


def read_text(document: Document, folder: Path, problems: list[Problem]) -> Text | None:
    """The text of a document in `folder`; None if it names none, if it is not there, or not UTF-8: a problem.

    Another hash than the document states is a problem, too.

    :raises StorageError: if the system cannot read it
    """
    if document.text_file is None:
        return None
    path = folder / document.text_file
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StorageError(f"cannot read {path}: {error.strerror}") from None
    found = hashlib.sha256(content).hexdigest()
    is_described = document.sha256 in {None, found}
    try:
        characters = content.decode("utf-8")
    except UnicodeDecodeError as error:
        message = f"the text of '{document.slug}' is not UTF-8 at byte {error.start}"
        hint = as_utf8(content, "it", document.text_file)
        problems.append(Problem("encoding", message, document.position, hint=hint))
        return None
    if not is_described:
        message = f"the text of '{document.slug}' has another hash: {found}, not {document.sha256}"
        same = same_but_for(content, document.sha256 or "")
        hint = "the text was changed, or the hash is that of another edition: bring back the text as it was, "
        hint += "or add the new one as another document"
        problems.append(Problem("hash", message, document.position, hint=f"{same}: save it so" if same else hint))
    return Text(characters, is_described)


# --- a text that another program has saved


def same_but_for(content: bytes, sha256: str) -> str | None:
    """How a text differs from the one with the hash `sha256`, if a program that saved it can have done so.

    >>> same_but_for(b"one\\r\\ntwo\\r\\n", hashlib.sha256(b"one\\ntwo\\n").hexdigest())
    'equal but for line ends (CRLF here, LF there)'
    """
    found: list[tuple[str, ...]] = [
        tuple(name for name in (*names, ending, last) if name)
        for other, names in _saved(content)
        for ending, ends in _ends(other)
        for last, finishes in _LAST
        if hashlib.sha256(finishes(ends(other))).hexdigest() == sha256
    ]
    if not found:
        return None
    fewest: tuple[str, ...] = min(found, key=len)
    return "equal but for " + " and ".join(fewest)


def _saved(content: bytes) -> Iterator[tuple[bytes, tuple[str, str]]]:
    """The text with its byte order mark and its composition changed, or either, or none."""
    for mark, marks in _marks(content):
        for form, forms in _forms(content):
            yield forms(marks(content)), (mark, form)


def _marks(content: bytes) -> tuple[_Change, ...]:
    if content.startswith(codecs.BOM_UTF8):
        return _SAME, ("a byte order mark, which is here", lambda text: text.removeprefix(codecs.BOM_UTF8))
    return _SAME, ("a byte order mark, which is there", lambda text: codecs.BOM_UTF8 + text)


def _forms(content: bytes) -> tuple[_Change, ...]:
    if content.isascii():
        return (_SAME,)
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return (_SAME,)
    return (
        _SAME,
        ("the composition of letters (NFC there)", _on_characters(partial(unicodedata.normalize, "NFC"))),
        ("the composition of letters (NFD there)", _on_characters(partial(unicodedata.normalize, "NFD"))),
        ("characters that are not seen, such as marks of direction", _on_characters(_seen)),
    )


def _on_characters(change: Callable[[str], str]) -> Callable[[bytes], bytes]:
    return lambda content: change(content.decode("utf-8")).encode()


def _seen(text: str) -> str:
    """A byte order mark is kept: it is told apart."""
    return text[:1] + "".join(character for character in text[1:] if not is_ignorable(character))


def _ends(content: bytes) -> tuple[_Change, ...]:
    if b"\r\n" in content:
        return _SAME, ("line ends (CRLF here, LF there)", lambda text: text.replace(b"\r\n", b"\n"))
    return _SAME, ("line ends (LF here, CRLF there)", lambda text: text.replace(b"\n", b"\r\n"))


_LAST: Final[tuple[_Change, ...]] = (
    _SAME,
    ("a line end after the last line, which is here", lambda text: text.removesuffix(b"\n").removesuffix(b"\r")),
    ("a line end after the last line, which is there", lambda text: text + (b"\r\n" if b"\r\n" in text else b"\n")),
)
