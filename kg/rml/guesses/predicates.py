"""A predicate for each column: those of one name in several languages share theirs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from kg.rml.guesses.columns import Column
from kg.rml.guesses.names import is_key_by_name, joined, words

_LANGUAGES: Final = frozenset(
    {
        *("am", "ar", "ary", "az", "ber", "bg", "bn", "ca", "cs", "da", "de", "el", "en", "es", "et", "eu", "fa", "fi"),
        *("fr", "ga", "gl", "ha", "he", "hi", "hr", "hu", "hy", "ja", "ka", "kab", "kk", "ko", "ku", "lt", "lv", "mk"),
        *("ms", "mt", "nb", "ne", "nl", "nn", "pl", "ps", "pt", "ro", "ru", "sk", "sl", "sq", "sr", "sv", "sw", "ta"),
        *("th", "tr", "tzm", "uk", "ur", "uz", "vi", "yo", "zgh", "zh", "zu"),
    }
)
"""Codes that end a column's name and mean a language there. `id`, `no`, `is` and the like are words."""
_WRITTEN: Final = r"[A-Za-z]{2,3}(?:[-_](?:[A-Z]{2}|[A-Z][a-z]{3}|\d{3}))?"
_TAG: Final = re.compile(_WRITTEN)
_TAGGED: Final = re.compile(rf"(?P<stem>.*?\w)(?:\s*[_@.:-]\s*|\s*[(\[]\s*)(?P<tag>{_WRITTEN})\s*[)\]]?")
_BLANK: Final = re.compile(r"(?P<stem>.*\w)\s+(?P<tag>[A-Za-z]{2,3})")
"""A tag behind a blank is a word as well: it is one only beside the same name in another language."""
_LABELS: Final = frozenset({"label", "libelle", "libellé", "name", "nom", "title", "titre", "اسم", "الاسم", "تسمية"})
_KEYED: Final = re.compile(r"(?P<stem>.*\w)(?:[\W_]+|(?<=[a-z])(?=I))(?:id|code|ref|key|رمز)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Property:
    """What becomes of a column."""

    column: Column
    predicate: str
    language: str | None
    title: str
    """What the column is called, without its language."""
    parts: tuple[str, ...] = ()
    """The predicates of what its cells are made of."""
    is_name: bool = False
    """Whether it is said once more of a column, as what things are called."""


def properties_of(columns: Sequence[Column], label: str = "rdfs:label", spoken: str | None = None) -> list[Property]:
    """What becomes of columns; the first name among them is a label.

    :param label: the predicate of names
    :param spoken: the language of names of which neither column nor script tells one, if they must have one: then
        things are called by the first column of words that differ in every row, where none is a name
    """
    found: list[Property] = []
    taken: dict[str, str] = {}
    labelled: str | None = None
    tagged = Counter(
        blank["stem"] for one in columns if (blank := _BLANK.fullmatch(one.name.strip())) and _is_language(blank["tag"])
    )
    for number, column in enumerate(columns, 1):
        stem, language = _language(column, tagged)
        title = " ".join(" ".join(stem).split())
        key = title.casefold()
        is_name = (column.datatype == "text" and not column.path[1:]) or language is not None
        if is_name and len(stem) == 1 and key in _LABELS and labelled in {None, key}:
            labelled = key
            tongue = language or (column.script or spoken if spoken else None)
            found.append(Property(column, label, tongue, title))
            continue
        identity = f"{'/'.join(stem)}\0@" if language else column.name
        if column.path:
            identity = f"{'/'.join(stem)}\0{column.datatype}"
        if identity not in taken:
            name = _name(stem) or f"column{number}"
            names = (name, *(f"{name}-{i}" for i in range(2, len(columns) + 2)))
            taken[identity] = next(one for one in names if one not in taken.values())
        found.append(Property(column, f"ex:{taken[identity]}", language, title or taken[identity]))
    made = [_with_parts(item, frozenset(taken.values())) for item in found]
    return made if labelled is not None or spoken is None else list(_with_name(made, label, spoken))


def _with_name(made: Sequence[Property], label: str, spoken: str) -> Iterator[Property]:
    """The properties, and behind that of words which differ in every row the name of things."""
    marked = [item for item in made if item.column.language is not None and _names(item.column)]
    naming = next((item for item in (*marked, *made) if item in marked or _is_plain(item)), None)
    for item in made:
        yield item
        if naming is not None and item.predicate == naming.predicate:
            yield replace(item, predicate=label, language=item.language or item.column.script or spoken, is_name=True)


def _is_plain(item: Property) -> bool:
    return item.language is None and _names(item.column)


def _names(column: Column) -> bool:
    """Whether things may be called by a column."""
    is_plain = column.datatype == "text" and column.separator is None and not column.parts
    is_own = not column.is_inner and not is_key_by_name(column.names[-1])
    return is_plain and is_own and column.is_key and column.is_wordy


def _with_parts(item: Property, taken: frozenset[str]) -> Property:
    """A property of each part of a cell, called as the part is, unless a column is called so."""
    names = [words(part, "") for part in item.column.parts]
    if taken.intersection(names) or not all(names) or len(set(names)) < len(names):
        own = item.predicate.partition(":")[2]
        names = [f"{own}{name[:1].upper()}{name[1:]}" if name else f"{own}-{at}" for at, name in enumerate(names, 1)]
    return replace(item, parts=tuple(f"ex:{name}" for name in names))


def _name(names: Sequence[str]) -> str:
    """A local name; a share is told from the number that it is a share of.

    >>> _name(["Males (%)"]), _name(["Males"]), _name(["%"]), _name(["ville", "code"])
    ('malesPercent', 'Males', '', 'villeCode')
    """
    return joined([name.replace("%", " percent ") for name in names]) if joined(names) else ""


def name_of_link(column: Column) -> str:
    """The local name of what leads to another thing: that of the column, without what says that it is a key.

    >>> name_of_link(Column("region_id", "text", 1, False, "x")), name_of_link(Column("ville", "text", 1, False, "x"))
    ('region', 'ville')
    """
    *holders, name = column.names
    keyed = _KEYED.fullmatch(name)
    return joined([*holders, keyed["stem"] if keyed else name])


def _is_language(tag: str) -> bool:
    return re.split("[-_]", tag)[0].lower() in _LANGUAGES


def _language(column: Column, tagged: Counter[str]) -> tuple[tuple[str, ...], str | None]:
    """The names without their language, and the language as a tag (BCP 47)."""
    *holders, last = column.names
    if column.language is not None:
        return column.names, column.language
    if holders and column.datatype == "text" and _TAG.fullmatch(last) and _is_language(last):
        return tuple(holders), _written(last)
    name = last.strip()
    found = _TAGGED.fullmatch(name)
    blank = _BLANK.fullmatch(name)
    if blank is not None and tagged[blank["stem"]] > 1:
        found = blank
    if found is None or column.datatype != "text" or not _is_language(found["tag"]):
        return column.names, None
    return (*holders, found["stem"]), _written(found["tag"])


def _written(tag: str) -> str:
    language, _, more = tag.replace("_", "-").partition("-")
    return f"{language.lower()}-{more}" if more else language.lower()
