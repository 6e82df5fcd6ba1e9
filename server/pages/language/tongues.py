"""The languages of the pages: those that come with the program, and those that a project adds by its catalogues."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from babel import Locale
from babel.core import UnknownLocaleError

from kg.errors import ConfigError, Position, Problem
from kg.terms import LANGUAGES
from server.direction import direction_of
from server.pages.language.catalogue import Catalogue, faults, read

DEFAULT: Final = "en"
"""The language of what a catalogue leaves unsaid."""
_NAMES: Final[Mapping[str, str]] = MappingProxyType({"ar": "العربية", "fr": "Français", "en": "English"})
_SHIPPED: Final = Path(__file__).parents[1] / "locale"
_FILE: Final = Path("LC_MESSAGES", "messages.po")
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Forms:
    """A text that counts something."""

    texts: tuple[str, ...]
    form_of: Callable[[int], int]
    """Which of them goes with a number."""

    def of(self, number: int) -> str:
        """The text for a number; its places are not filled."""
        return self.texts[min(self.form_of(number), len(self.texts) - 1)]


@dataclass(frozen=True, slots=True)
class Tongue:
    """What the pages say in one language."""

    tag: str
    name: str
    """By itself: `Français`."""
    rooms: Mapping[str, Mapping[str, str]]
    """Texts by room and key."""
    counted: Mapping[str, Forms]
    """What counts something, by `room.key`."""
    own: frozenset[str]
    """The contexts of what is said in this language; all else is said in English."""


Tongues = Mapping[str, Tongue]
"""Languages by their tags (BCP 47), in the order in which pages offer them."""


@cache
def shipped() -> Tongues:
    """The languages that come with the program.

    >>> shipped()["fr"].rooms["pages"]["skip"]
    'Aller au contenu'
    """
    return MappingProxyType({tag: _tongue(tag, _NAMES[tag], (source(), _said(tag))) for tag in LANGUAGES})


@cache
def source() -> Catalogue:
    """What is to be said, in English: `locale/messages.pot`."""
    return read(_SHIPPED / "messages.pot")


def _said(tag: str) -> Catalogue:
    """What the program says in a language; a wheel has the catalogue compiled, a checkout as it is written."""
    if tag == DEFAULT:
        return source()
    path = _SHIPPED / tag / _FILE
    return read(path if path.is_file() else path.with_suffix(".mo"))


def with_those_of(folder: Path) -> Tongues:
    """The languages of the program and those of a project's catalogues, `TAG/LC_MESSAGES/messages.po` in `folder`.

    A catalogue of a language that there is already says otherwise what it holds. What none says is said in English.

    :raises ConfigError: if a catalogue cannot be used
    """
    if not folder.is_dir():
        raise ConfigError(f"there is no folder {folder} with catalogues of words")
    found = dict(shipped())
    read_here = sorted(folder.glob(f"*/{_FILE}"))
    problems = [
        Problem(ConfigError.code, "no catalogue is read here", Position(str(path), 1), hint=f"as TAG/{_FILE}")
        for path in sorted({*folder.rglob("*.po"), *folder.rglob("*.mo")}.difference(read_here))
        if path.with_suffix(".po") not in read_here
    ]
    for path in read_here:
        try:
            tag, name = _named(path)
            given = read(path)
        except ConfigError as error:
            problems += error.problems
            continue
        for problem, is_grave in faults(path, given, source()):
            if is_grave:
                problems.append(problem)
            else:
                _LOG.warning("%s", problem)
        found[tag] = _tongue(tag, name, (source(), *([_said(tag)] if tag in LANGUAGES else []), given))
    if problems:
        raise ConfigError(problems=problems)
    return MappingProxyType(found)


def _named(path: Path) -> tuple[str, str]:
    """The tag and the own name of a language, as its folder calls it: `sw`, `pt_BR`, `zgh`."""
    written = path.parents[1].name
    try:
        locale = Locale.parse(written.replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        raise ConfigError(
            f"{written!r} is no language that Babel knows", position=Position(str(path), 1), hint="as in sw, pt_BR"
        ) from None
    tag = written.replace("_", "-")
    name = locale.get_display_name() or tag
    return tag, _NAMES.get(tag, name[:1].title() + name[1:])


def _tongue(tag: str, name: str, said: Iterable[Catalogue]) -> Tongue:
    """A language as catalogues say it, each over those before it, the first of which is the English one."""
    known = {(entry.context, entry.english) for entry in source().entries}
    is_mirrored = direction_of(tag) == "rtl"
    rooms: dict[str, dict[str, str]] = {}
    counted: dict[str, Forms] = {}
    own: set[str] = set()
    for catalogue in said:
        is_own = tag == DEFAULT or catalogue is not source()
        for entry in catalogue.entries:
            if not entry.is_said or (entry.context, entry.english) not in known:
                continue
            texts = entry.forms if is_own or not is_mirrored else tuple(map(_isolated, entry.forms))
            room, _, key = entry.context.partition(".")
            if len(entry.english) > 1:
                counted[entry.context] = Forms(texts, catalogue.form_of)
            else:
                rooms.setdefault(room, {})[key] = texts[0]
            if is_own:
                own.add(entry.context)
    frozen = {room: MappingProxyType(texts) for room, texts in rooms.items()}
    return Tongue(tag, name, MappingProxyType(frozen), MappingProxyType(counted), frozenset(own))


def _isolated(english: str) -> str:
    """English words on a page from right to left, with their full stop where it belongs (UAX #9, 2.4.2)."""
    return f"\u2066{english}\u2069" if any(map(str.isalpha, english)) else english
