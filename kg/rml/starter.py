"""A first mapping of a table, written for a person to edit: `kg map --init`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kg.rml.guesses.names import words
from kg.rml.guesses.writing import braced, quoted, source_lines, value_of
from kg.rml.sniffing import Column, Sample, sniff
from kg.terms import ZEL

_LANGUAGES: Final = frozenset(
    {
        *("am", "ar", "ary", "az", "ber", "bg", "bn", "ca", "cs", "da", "de", "el", "en", "es", "et", "eu", "fa", "fi"),
        *("fr", "ga", "gl", "ha", "he", "hi", "hr", "hu", "hy", "ja", "ka", "kab", "kk", "ko", "ku", "lt", "lv", "mk"),
        *("ms", "mt", "nb", "ne", "nl", "nn", "pl", "ps", "pt", "ro", "ru", "sk", "sl", "sq", "sr", "sv", "sw", "ta"),
        *("th", "tr", "tzm", "uk", "ur", "uz", "vi", "yo", "zgh", "zh", "zu"),
    }
)
"""Codes that end a column's name and mean a language there. `id`, `no`, `is` and the like are words."""
_TAGGED: Final = re.compile(
    r"(?P<stem>.*?\w)(?:\s*[_@.:-]\s*|\s*[(\[]\s*)(?P<tag>[A-Za-z]{2,3}(?:[-_](?:[A-Z]{2}|[A-Z][a-z]{3}|\d{3}))?)\s*[)\]]?"
)
_LABELS: Final = frozenset({"label", "libelle", "libellé", "name", "nom", "title", "titre", "اسم", "الاسم", "تسمية"})
_KEYS: Final = re.compile(r"(?:.*[\W_])?(?:id|code|key|identifier|identifiant|qid|iso\d?|رمز|معرف)", re.IGNORECASE)
_SAID: Final = {
    "boolean": "true or false",
    "integer": "whole numbers",
    "decimal": "decimal numbers",
    "double": "numbers with an exponent",
    "gYear": "years",
    "date": "dates",
    "dateTime": "dates with a time",
    "item": "items of Wikidata",
    "iri": "addresses, kept as IRIs",
    "text": "text",
}
_BASE: Final = "https://example.org/"
_SEVERAL: Final = 3
_SUM_WORDS: Final = "Total"
_SUMS: Final = frozenset({"total", "totaux", "ensemble", "sum", "all", "المجموع", "الإجمالي"})
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_PREFIXES: Final = """\
@prefix rml:  <http://w3id.org/rml/> .
@prefix csvw: <http://www.w3.org/ns/csvw#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd:  <http://www.w3.org/2001/XMLSchema#> .
@prefix fn:   <https://w3id.org/zellige/fn#> .
"""


@dataclass(frozen=True, slots=True)
class Home:
    """Where a mapping is to live: what its IRIs begin with, and how a thing is named there."""

    base: str = _BASE
    namespace: str = f"{_BASE}terms#"
    """Of the terms."""
    language: str | None = None
    """That of names of which neither column nor script tells the language. It is a project's: there labels are the
    editors', and what a source calls a thing is its `zel:name`."""

    @classmethod
    def of(cls, base: str, languages: Sequence[str], namespace: str | None = None) -> Home:
        """That of a project."""
        return cls(base, namespace or f"{base}terms#", spoken(languages))

    @property
    def place(self) -> str:
        """What the IRIs of things begin with."""
        return self.base if self.language is None else f"{self.base}id/"


def spoken(languages: Sequence[str]) -> str:
    """The language of what tells none: that of the project, if it has one alone; else none that is known.

    >>> spoken(["sw"]), spoken(["ar", "fr"])
    ('sw', 'und')
    """
    return languages[0] if len(languages) == 1 else "und"


OUTSIDE: Final = Home()
"""Of a mapping that lies in no project."""


@dataclass(frozen=True, slots=True)
class Property:
    """What becomes of a column."""

    column: Column
    predicate: str
    """With its prefix; `ex:` is that of the terms."""
    language: str | None
    title: str
    """What the column is called, without its language."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A first mapping, and what it takes the table for."""

    text: str
    slug: str
    """The words of the name of the file, in any script."""
    sample: Sample
    keys: tuple[Column, ...]
    """The columns that name a row."""
    kind: str
    """The class of a row, a name in the namespace of the terms."""
    properties: tuple[Property, ...]
    years: tuple[Column, ...]
    """Columns of which each holds what was true in its year."""


def starter_mapping(table: Path, home: Home = OUTSIDE) -> str:
    """A mapping of a table or a tree as RML-Core in Turtle, with a comment on every choice; see `drafted`."""
    return drafted(table, home).text


def drafted(table: Path, home: Home = OUTSIDE) -> Draft:
    """A mapping of a table or a tree as RML-Core in Turtle, with a comment on every choice; to stand beside it.

    The same file gives the same text. At most 10,000 rows are looked at, and 4 MB of text.

    :param table: CSV or TSV, a sheet (`.xlsx`), JSON, lines of JSON, or XML
    :raises UsageError: if there is no such file, or its name is that of another format, such as `.ttl`
    :raises StorageError: if the system cannot read it
    :raises DataError: with file and line, if it is no table: another format, wrong encoding, columns with the same
        name, rows of another width than the header
    """
    sample = sniff(table)
    slug = words(table.name.split(".")[0], "-").lower() or "table"
    keys = _keys(sample)
    is_subject = len(keys) == 1 and keys[0].datatype in {"iri", "item"}
    years = _years(sample, keys)
    place = f"{home.place}{slug}/"
    name = words(slug, "")
    kind = f"{name[:1].upper()}{name[1:]}"
    properties = [
        item
        for item in _properties(sample.columns, home)
        if item.column not in years and not (is_subject and item.column == keys[0])
    ]
    lines = [
        *_opening(table, sample, home),
        f"map:{slug}-source a rml:LogicalSource ;",
        *source_lines(table, sample),
        "    .",
        "",
        f"map:{slug} a rml:TriplesMap ;",
        f"    rml:logicalSource map:{slug}-source ;",
        "",
        *_subject(place, kind, keys, sample),
        *(line for item in properties for line in _predicateobject(item, sample)),
        "    .",
        *(line for column in years for line in _year(place, slug, keys, column)),
    ]
    return Draft("\n".join(lines) + "\n", slug, sample, keys, kind, tuple(properties), tuple(years))


def _opening(table: Path, sample: Sample, home: Home) -> Iterable[str]:
    seen = "rows" if sample.whole else "rows at the start"
    separator = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}[sample.delimiter]
    bom = " with a byte order mark" if sample.has_bom and sample.encoding == "utf-8" else ""
    written = f"{sample.encoding.upper()}{bom}, separated by {separator}"
    if sample.is_sheet or sample.tree is not None:
        written = "a sheet" if sample.tree is None else f"the records of {sample.tree.iterator}"
    yield f"# A first mapping of {quoted(table.name)}, to be edited; keep it beside the table."
    shape = f"{len(sample.rows)} {seen}, {len(sample.columns)} columns"
    yield f"# Looked at: {shape}, {written}."
    if sample.skipped:
        yield f"# The rows above row {sample.skipped + 1} are narrower than those below it: they are taken for titles."
    if sample.left_out:
        yield f"# {sample.left_out} columns have no name, and are left out."
    yield "#"
    if home.language is None:
        yield f"# 1. Put your own address in place of {home.base}."
    else:
        yield f"# 1. Things and terms begin with the address of the project, {home.base}."
    yield "# 2. Say what a row is, and which known properties (of schema.org, SKOS, your field) say what a column says."
    yield "# 3. Take out what you do not need, and run: kg map on this file."
    yield ""
    yield from _PREFIXES.splitlines()
    if home.language is not None:
        yield f"@prefix zel:  <{ZEL}> ."
    yield f"@prefix ex:   <{home.namespace}> ."
    yield f"@prefix map:  <{home.base}mapping/> ."
    yield ""


def _years(sample: Sample, keys: Sequence[Column]) -> list[Column]:
    """The columns that are named by years, three or more: each holds what was true in its year."""
    found = [column for column in sample.columns if _YEAR.fullmatch(column.name) and column not in keys]
    return found if len(found) >= _SEVERAL else []


def _year(place: str, slug: str, keys: Sequence[Column], column: Column) -> Iterable[str]:
    """A thing for each row and year, of which the value is told."""
    path = "/".join("{" + braced(key.name) + "}" for key in keys)
    value, reason = value_of(column, None)
    yield ""
    yield f"# {quoted(column.name)} is a year: what its column holds is told of a thing of its own, of row and year."
    yield f"map:{slug}-{column.name} a rml:TriplesMap ;"
    yield f"    rml:logicalSource map:{slug}-source ;"
    yield f"    rml:subjectMap [ rml:template {quoted(f'{place}{path}/{column.name}')} ; rml:class ex:Observation ] ;"
    yield f'    rml:predicateObjectMap [ rml:predicate ex:year ; rml:object "{column.name}"^^xsd:gYear ] ;'
    of = f"rml:objectMap [ rml:template {quoted(place + path)} ]"
    yield f"    rml:predicateObjectMap [ rml:predicate ex:of ; {of} ] ;"
    for line in reason:
        yield f"    # {line}"
    yield f"    rml:predicateObjectMap [ rml:predicate ex:value ; rml:objectMap [ {value} ] ] ."


def _keys(sample: Sample) -> tuple[Column, ...]:
    """The columns that name a row: one whose name or place says so, or the first few that do together."""
    unique = [column for column in sample.columns if column.is_key and column.datatype not in {"decimal", "double"}]
    if unique:
        return (min(unique, key=lambda c: (_KEYS.fullmatch(c.name) is None, sample.columns.index(c))),)
    full = [index for index, column in enumerate(sample.columns) if column.filled == len(sample.rows)]
    for count in range(2, len(full) + 1):
        chosen = full[:count]
        if len({tuple(row[index] for index in chosen) for row in sample.rows}) == len(sample.rows):
            return tuple(sample.columns[index] for index in chosen)
    return sample.columns[:1]


def _subject(place: str, kind: str, keys: Sequence[Column], sample: Sample) -> Iterable[str]:
    named = " and ".join(quoted(column.name) for column in keys)
    if not sample.rows:
        yield f"    # The table has no rows yet; {named} is taken as the name of a row."
    elif len(keys) == 1 and not keys[0].is_key:
        yield f"    # NO COLUMN NAMES A ROW: rows with one {named} become one thing, rows without it nothing."
    elif len(keys) == 1:
        yield f"    # {named} has a value in every row and none twice: it names the thing."
    else:
        yield f"    # {named} together have a value in every row and none twice: they name the thing."
    sums = [row for row in sample.rows if any(cell.strip().casefold() in _SUMS for cell in row)]
    if sums:
        yield f"    # {len(sums)} rows are called {quoted(_SUM_WORDS)} or the like: leave them out if they are sums."
    yield "    rml:subjectMap ["
    if len(keys) == 1 and keys[0].datatype == "iri":
        yield f"        rml:reference {quoted(keys[0].name)} ;"
    elif len(keys) == 1 and keys[0].datatype == "item":
        yield f"        rml:template {quoted('http://www.wikidata.org/entity/{' + braced(keys[0].name) + '}')} ;"
    else:
        path = "/".join("{" + braced(column.name) + "}" for column in keys)
        yield f"        rml:template {quoted(place + path)} ;"
    yield f"        rml:class ex:{kind}  # what one row is"
    yield "    ] ;"


def _properties(columns: Sequence[Column], home: Home) -> list[Property]:
    """A predicate for each column: the columns of one name in several languages share theirs."""
    found: list[Property] = []
    taken: dict[str, str] = {}
    label: str | None = None
    for number, column in enumerate(columns, 1):
        stem, language = _language(column)
        key = stem.strip().casefold() if language else column.name
        if key.casefold() in _LABELS and column.datatype == "text" and label in {None, key.casefold()}:
            label = key.casefold()
            tag = language or (column.script or home.language if home.language else None)
            found.append(Property(column, "zel:name" if home.language else "rdfs:label", tag, stem))
            continue
        identity = f"{key}\0@" if language else key
        if identity not in taken:
            name = words(_last(stem if language else column.name), "") or f"column{number}"
            unique = next(
                n for n in (name, *(f"{name}-{i}" for i in range(2, len(columns) + 2))) if n not in taken.values()
            )
            taken[identity] = unique
        title = stem if language else _last(column.name)
        found.append(Property(column, f"ex:{taken[identity]}", language, " ".join(title.split()) or taken[identity]))
    return found


def _last(name: str) -> str:
    """The name of a member, of its path in a tree.

    >>> _last("$.a['b c'][*]"), _last("@id"), _last("n:name"), _last("a.b")
    ('b c', 'id', 'name', 'a.b')
    """
    if name.startswith("$"):
        return re.split(r"\.|\['|'\]", name.removesuffix("[*]").removesuffix("']"))[-1]
    return re.sub(r"^(?:@|n\d*:)", "", name)


def _language(column: Column) -> tuple[str, str | None]:
    """The name without its language, and the language as a tag (BCP 47)."""
    tagged = _TAGGED.fullmatch(column.name.strip())
    if tagged and column.datatype == "text" and re.split("[-_]", tagged["tag"])[0].lower() in _LANGUAGES:
        return tagged["stem"], tagged["tag"].replace("_", "-")
    return column.name, None


def _predicateobject(item: Property, sample: Sample) -> Iterable[str]:
    column = item.column
    said = (
        f"{_SAID[column.datatype]}, for example {quoted(_short(column.example))}" if column.filled else "always empty"
    )
    empty = len(sample.rows) - column.filled
    yield ""
    yield f"    # {quoted(column.name)}: {said}" + (f"; empty in {empty} of {len(sample.rows)}" if empty else "")
    value, reason = value_of(column, item.language)
    for line in reason:
        yield f"    # {line}"
    yield f"    rml:predicateObjectMap [ rml:predicate {item.predicate} ;"
    yield f"        rml:objectMap [ {value} ] ] ;"


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "..."  # noqa: PLR2004
