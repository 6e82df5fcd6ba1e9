"""A gettext catalogue as values: texts by where they stand, and the forms of those that count something.

A message has its place as context, `room.key`, and its English text as `msgid`: that is how the tools of translators
show it. A translation of an English text that has changed since is none (GNU gettext manual, section 11.2.1).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from gettext import c2py
from io import BytesIO
from pathlib import Path
from string import Formatter
from typing import Final

from babel.core import UnknownLocaleError
from babel.messages import Message
from babel.messages.mofile import read_mo
from babel.messages.pofile import PoFileError, read_po

from kg.errors import ConfigError, Position, Problem


@dataclass(frozen=True, slots=True)
class Entry:
    """One message of a catalogue."""

    context: str
    english: tuple[str, ...]
    """The text that this translates; with its plural, if it counts something."""
    forms: tuple[str, ...]
    """What is said: one text, or one for each class of numbers of the language; empty texts where nothing is."""
    line: int = 0
    """Where it stands in its file; 0 in one that is compiled."""
    is_sure: bool = True
    """False where a tool has marked it `fuzzy`; such a message is not used."""

    @property
    def is_said(self) -> bool:
        """Whether it is to be used."""
        return self.is_sure and all(self.forms)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What a catalogue says in one language."""

    entries: tuple[Entry, ...]
    form_of: Callable[[int], int]
    """Which form goes with a number, counted from 0: `Plural-Forms` of the header."""


def read(path: Path) -> Catalogue:
    """A catalogue: `.po` as it is written, `.mo` compiled, or `.pot`, whose messages say their English text.

    :raises ConfigError: if it cannot be read, with the line
    """
    try:
        content = path.read_bytes()
        if path.suffix == ".mo":
            found = read_mo(BytesIO(content))
        else:
            _check_lines(path, content)
            found = read_po(BytesIO(content), abort_invalid=True)
        form_of = c2py(found.plural_expr)
    except PoFileError as error:
        raise ConfigError(f"no catalogue of gettext: {error.args[0]}", position=_at(path, error.lineno + 1)) from None
    except (OSError, ValueError, LookupError, UnknownLocaleError) as error:
        raise ConfigError(f"the catalogue cannot be read: {error}", position=_at(path, 1)) from None
    is_source = path.suffix == ".pot"
    return Catalogue(tuple(_entry(message, is_source=is_source) for message in found if message.id), form_of)


def _check_lines(path: Path, content: bytes) -> None:
    """Babel takes the first and the last character of a text for its quotes, whatever they are."""
    for number, line in enumerate(content.splitlines(), 1):
        if _LINE.fullmatch(line.strip()) is None:
            said = line.decode(errors="replace").strip()[:60]
            raise ConfigError(f"no line of a catalogue: {said}", position=_at(path, number), hint=_QUOTED)


_LINE: Final = re.compile(rb'#.*|(?:(?:msgctxt|msgid|msgid_plural|msgstr(?:\[\d\])?)\s+)?"(?:[^"\\]|\\.)*"|')
_QUOTED: Final = "a text stands between quotation marks, with \\ before those in it"


def _at(path: Path, line: int) -> Position:
    return Position(str(path), line)


def _entry(message: Message, *, is_source: bool) -> Entry:
    english, said = (_texts(given) for given in (message.id, message.string))
    return Entry(message.context or "", english, english if is_source else said, message.lineno or 0, not message.fuzzy)


def _texts(given: str | list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    return (given or "",) if isinstance(given, str | None) else tuple(given)


def faults(path: Path, found: Catalogue, source: Catalogue) -> Iterator[tuple[Problem, bool]]:
    """What is wrong with a translation of `source`, and whether it may not be used so: a place for a value that is not
    filled would be shown with its braces, or end the page.

    Words that nothing here says any more, or that are doubtful, are only told.
    """
    known = {(entry.context, entry.english) for entry in source.entries}
    for entry in found.entries:
        at = _at(path, entry.line)
        if (entry.context, entry.english) not in known:
            what = f"nothing here says {entry.english[0]!r} as {entry.context!r}"
            yield Problem(ConfigError.code, what, at, hint="'pybabel update' renews a catalogue"), False
        elif not entry.is_sure:
            yield Problem(ConfigError.code, f"{entry.context!r} is marked fuzzy, and stays in English", at), False
        elif entry.is_said:
            yield from ((problem, True) for problem in _misplaced(entry, at))


def _misplaced(entry: Entry, at: Position) -> Iterator[Problem]:
    """A form may leave a number out, as `one row` does; no form may ask for what is not given."""
    given = set().union(*map(places, entry.english))
    for form in entry.forms:
        try:
            asked = places(form)
        except ValueError as error:
            yield Problem(ConfigError.code, f"{entry.context!r} has braces that are no place for a value: {error}", at)
            continue
        if (strange := sorted(asked - given)) or (len(entry.english) == 1 and asked != given):
            wanted = ", ".join(f"{{{name}}}" for name in sorted(given)) or "none"
            has = ", ".join(f"{{{name}}}" for name in strange or sorted(asked)) or "none"
            yield Problem(
                ConfigError.code, f"{entry.context!r} has the places {has}", at, hint=f"the English text has {wanted}"
            )


def places(text: str) -> frozenset[str]:
    """The places for values in a text, as they are written between braces.

    :raises ValueError: if its braces do not match

    >>> sorted(places("line {line}, column {column}:")), sorted(places("{number:>9}"))
    (['column', 'line'], ['number:>9'])
    """
    parts = [(name, how, form) for _, name, form, how in Formatter().parse(text) if name is not None]
    return frozenset(name + (f"!{how}" if how else "") + (f":{form}" if form else "") for name, how, form in parts)
