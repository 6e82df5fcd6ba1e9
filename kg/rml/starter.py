"""A first mapping of a table, written for a person to edit: `kg map --init`."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kg.rml.sniffing import Column, Sample, sniff

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
_NAME_CHARACTERS: Final = (
    (0x30, 0x39), (0x41, 0x5A), (0x61, 0x7A), (0xC0, 0xD6), (0xD8, 0xF6), (0xF8, 0x2FF), (0x370, 0x37D),
    (0x37F, 0x1FFF), (0x2C00, 0x2FEF), (0x3001, 0xD7FF), (0xF900, 0xFDCF), (0xFDF0, 0xFFFD), (0x10000, 0xEFFFF),
)  # fmt: skip
"""Letters and digits of local names in Turtle (section 6.5, PN_CHARS_BASE and digits)."""
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
_PREFIXES: Final = """\
@prefix rml:  <http://w3id.org/rml/> .
@prefix csvw: <http://www.w3.org/ns/csvw#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd:  <http://www.w3.org/2001/XMLSchema#> .
"""


@dataclass(frozen=True, slots=True)
class Property:
    """What becomes of a column."""

    column: Column
    predicate: str
    language: str | None


def starter_mapping(table: Path) -> str:
    """A mapping of a CSV or TSV file as RML-Core in Turtle, with a comment on every choice; to stand beside the table.

    The same table gives the same text. At most 10,000 rows and 4 MB are looked at.

    :raises UsageError: if there is no such file, or its name is that of another format, such as `.ttl` or `.xml`
    :raises StorageError: if the system cannot read it
    :raises DataError: with file and line, if it is no table: another format, wrong encoding, columns without or with
        the same name, rows of another width than the header
    """
    sample = sniff(table)
    slug = _words(table.name.split(".")[0], "-").lower() or "table"
    keys = _keys(sample)
    is_subject = len(keys) == 1 and keys[0].datatype in {"iri", "item"}
    properties = [item for item in _properties(sample.columns) if not (is_subject and item.column == keys[0])]
    lines = [
        *_opening(table, sample),
        f"map:{slug} a rml:TriplesMap ;",
        *_source(table, sample),
        "",
        *_subject(slug, keys, sample),
        *(line for item in properties for line in _predicateobject(item, sample)),
    ]
    return "\n".join(lines) + "\n    .\n"


def _opening(table: Path, sample: Sample) -> Iterable[str]:
    seen = "rows" if sample.whole else "rows at the start"
    separator = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}[sample.delimiter]
    bom = " with a byte order mark" if sample.has_bom and sample.encoding == "utf-8" else ""
    yield f"# A first mapping of {_quoted(table.name)}, to be edited; keep it beside the table."
    shape = f"{len(sample.rows)} {seen}, {len(sample.columns)} columns"
    yield f"# Looked at: {shape}, {sample.encoding.upper()}{bom}, separated by {separator}."
    yield "#"
    yield "# 1. Put your own address in place of https://example.org/."
    yield "# 2. Say what a row is, and which known properties (of schema.org, SKOS, your field) say what a column says."
    yield "# 3. Take out what you do not need, and run: kg map on this file."
    yield ""
    yield from _PREFIXES.splitlines()
    yield "@prefix ex:   <https://example.org/terms#> ."
    yield "@prefix map:  <https://example.org/mapping/> ."
    yield ""


def _source(table: Path, sample: Sample) -> Iterable[str]:
    yield "    rml:logicalSource [ a rml:LogicalSource ;"
    yield "        rml:referenceFormulation rml:CSV ;"
    yield "        rml:source [ a rml:RelativePathSource ;"
    yield "            rml:root rml:MappingDirectory ;"
    yield f"            rml:path {_quoted(table.name)} ;"
    if sample.encoding == "utf-16":
        yield "            rml:encoding rml:UTF-16 ;"
    if sample.delimiter != ",":
        yield f"            csvw:dialect [ a csvw:Dialect ; csvw:delimiter {_quoted(sample.delimiter)} ] ;"
    yield '            rml:null ""  # an empty cell says nothing'
    yield "        ]"
    yield "    ] ;"


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


def _subject(slug: str, keys: Sequence[Column], sample: Sample) -> Iterable[str]:
    named = " and ".join(_quoted(column.name) for column in keys)
    if not sample.rows:
        yield f"    # The table has no rows yet; {named} is taken as the name of a row."
    elif len(keys) == 1 and not keys[0].is_key:
        yield f"    # NO COLUMN NAMES A ROW: rows with one {named} become one thing, rows without it nothing."
    elif len(keys) == 1:
        yield f"    # {named} has a value in every row and none twice: it names the thing."
    else:
        yield f"    # {named} together have a value in every row and none twice: they name the thing."
    yield "    rml:subjectMap ["
    if len(keys) == 1 and keys[0].datatype == "iri":
        yield f"        rml:reference {_quoted(keys[0].name)} ;"
    elif len(keys) == 1 and keys[0].datatype == "item":
        yield f"        rml:template {_quoted('http://www.wikidata.org/entity/{' + _braced(keys[0].name) + '}')} ;"
    else:
        path = "/".join("{" + _braced(column.name) + "}" for column in keys)
        yield f"        rml:template {_quoted(f'https://example.org/{slug}/{path}')} ;"
    name = _words(slug, "")
    yield f"        rml:class ex:{name[:1].upper()}{name[1:]}  # what one row is"
    yield "    ] ;"


def _properties(columns: Sequence[Column]) -> list[Property]:
    """A predicate for each column: the columns of one name in several languages share theirs."""
    found: list[Property] = []
    taken: dict[str, str] = {}
    label: str | None = None
    for number, column in enumerate(columns, 1):
        stem, language = _language(column)
        key = stem.strip().casefold() if language else column.name
        if key.casefold() in _LABELS and column.datatype == "text" and label in {None, key.casefold()}:
            label = key.casefold()
            found.append(Property(column, "rdfs:label", language))
            continue
        identity = f"{key}\0@" if language else key
        if identity not in taken:
            name = _words(stem if language else column.name, "") or f"column{number}"
            unique = next(
                n for n in (name, *(f"{name}-{i}" for i in range(2, len(columns) + 2))) if n not in taken.values()
            )
            taken[identity] = unique
        found.append(Property(column, f"ex:{taken[identity]}", language))
    return found


def _language(column: Column) -> tuple[str, str | None]:
    """The name without its language, and the language as a tag (BCP 47)."""
    tagged = _TAGGED.fullmatch(column.name.strip())
    if tagged and column.datatype == "text" and re.split("[-_]", tagged["tag"])[0].lower() in _LANGUAGES:
        return tagged["stem"], tagged["tag"].replace("_", "-")
    return column.name, None


def _predicateobject(item: Property, sample: Sample) -> Iterable[str]:
    column = item.column
    said = (
        f"{_SAID[column.datatype]}, for example {_quoted(_short(column.example))}" if column.filled else "always empty"
    )
    empty = len(sample.rows) - column.filled
    yield ""
    yield f"    # {_quoted(column.name)}: {said}" + (f"; empty in {empty} of {len(sample.rows)}" if empty else "")
    if hint := _hint(column):
        yield f"    # {hint}"
    yield f"    rml:predicateObjectMap [ rml:predicate {item.predicate} ;"
    if column.datatype == "item":
        value = f"rml:template {_quoted('http://www.wikidata.org/entity/{' + _braced(column.name) + '}')}"
    else:
        value = f"rml:reference {_quoted(column.name)}"
    if item.language:
        value += f' ; rml:language "{item.language}"'
    elif column.datatype == "iri":
        value += " ; rml:termType rml:IRI"
    elif column.datatype not in {"text", "item"}:
        value += f" ; rml:datatype xsd:{column.datatype}"
    yield f"        rml:objectMap [ {value} ] ] ;"


def _hint(column: Column) -> str | None:
    """What a person may want to change in the table, told by the example."""
    if column.datatype != "text":
        return None
    if re.fullmatch(r"[+-]?\d+(?:[ \u00a0\u202f.]\d{3})*,\d+", column.example):
        return "Numbers with a decimal comma are text to RDF: write 12.5 for 12,5 and use xsd:decimal."
    if re.fullmatch(r"\d{1,2}[/.]\d{1,2}[/.]\d{4}", column.example):
        return "Dates are written 2030-01-31: change them in the table and use xsd:date."
    if re.fullmatch(r"0\d+", column.example):
        return "Digits with a zero in front are taken for a code, not for a number."
    return None


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "..."  # noqa: PLR2004


def _quoted(text: str) -> str:
    """A Turtle string on one line; the escapes of JSON are among those of Turtle (section 6.4)."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F").replace("\x85", "\\u0085")


def _braced(name: str) -> str:
    """A column's name inside a template: braces and backslashes are escaped (RML-Core, string templates)."""
    return re.sub(r"[\\{}]", lambda found: "\\" + found[0], name)


def _words(text: str, separator: str) -> str:
    """A local name of Turtle made of the words of a text, in any script.

    >>> _words("Unit price (MAD)", ""), _words("سعر الوحدة", ""), _words("Taux d'accès", "-")
    ('unitPriceMad', 'سعر_الوحدة', 'taux-d-acces')
    """
    plain = unicodedata.normalize("NFKD", text)
    kept = "".join(c if _is_name_character(c) else "" if unicodedata.category(c) == "Mn" else " " for c in plain)
    words = unicodedata.normalize("NFC", kept).split()
    if separator:
        return separator.join(word.lower() for word in words)
    if len(words) == 1 and not words[0].isupper():
        return words[0]
    return "".join(_joined(index, word) for index, word in enumerate(words))


def _joined(index: int, word: str) -> str:
    """A word as part of a name: a capital marks where it starts, a low line where its script has no capitals."""
    if index == 0:
        return word.lower()
    return word[:1].upper() + word[1:].lower() if word.lower() != word.upper() else f"_{word}"


def _is_name_character(character: str) -> bool:
    return character.isalnum() and any(low <= ord(character) <= high for low, high in _NAME_CHARACTERS)
