"""The parts of a first mapping in Turtle that guesses decide: its source, and what becomes of a cell."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from kg.rml.guesses.turtle import braced, call, call_of, quoted
from kg.rml.layout.headers import DELIMITERS
from kg.rml.mapping.dialects import LAYOUT
from kg.rml.mapping.model import Formulation

if TYPE_CHECKING:
    from kg.rml.guesses.columns import Column
    from kg.rml.guesses.trees import Tree
    from kg.rml.sniffing import Sample

_LOCALES: Final = MappingProxyType(
    {
        "fr": "a decimal comma and blanks between thousands",
        "en": "a decimal point and commas between thousands",
        "ar": "the digits of Arabic",
    }
)
_NUMBER: Final = r"^[+\-−]?[0-9٠-٩۰-۹][0-9٠-٩۰-۹.,'٫٬\x{A0}\x{202F}\x{2009} ]*"
_MARK: Final = r"([A-Za-z*†‡]+|\([0-9A-Za-z*]+\)|[¹²³⁴-⁹]+)$"

_TOO_LONG: Final = "More digits than queries count with (18 before the point, 18 after): kept as texts."


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that is told of a column."""

    suffix: str
    """What the predicate has behind the name of the column."""
    value: str
    """The inside of an object map."""
    reasons: tuple[str, ...] = ()


def seen_lines(sample: Sample, name: str) -> Iterable[str]:
    """What was seen of a file as a whole, as comments; `name` stands before the first."""
    seen = "rows" if sample.whole else "rows at the start"
    separator = DELIMITERS[sample.delimiter]
    bom = " with a byte order mark" if sample.has_bom and sample.encoding == "utf-8" else ""
    written = f"{sample.encoding.upper()}{bom}, separated by {separator}"
    if sample.is_sheet or sample.tree is not None:
        written = "a sheet" if sample.tree is None else f"the records of {sample.tree.iterator}"
    columns = "a column" if len(sample.columns) == 1 else f"{len(sample.columns)} columns"
    yield f"# {name}Looked at: {len(sample.rows)} {seen}, {columns}, {written}."
    if sample.encoding.startswith("windows"):
        yield f"# It is no UTF-8: by its letters it is {sample.encoding}. Look whether they are right."
    if sample.tree is not None:
        yield from _left_lines(sample.tree)
    if sample.skipped:
        yield f"# The rows above row {sample.skipped + 1} are narrower than those below it: they are taken for titles."
    if sample.fills_merged:
        yield "# Cells are merged: their value stands in each of the rows and columns that they cover."
    if sample.header_rows > 1:
        yield f"# {sample.header_rows} rows name the columns: groups, and what they hold."
    if sample.notes:
        rows = "The last row has" if sample.notes == 1 else f"The last {sample.notes} rows have"
        yield f"# {rows} one cell: what lies below the table is taken for notes, and left out."
    if sample.is_trimmed:
        yield "# Blanks stand around the cells of many columns: they are taken away."
    if sample.left_out:
        columns = "A column has" if sample.left_out == 1 else f"{sample.left_out} columns have"
        yield f"# {columns} no name: left out."


def _left_lines(tree: Tree) -> Iterable[str]:
    """What of the records of a tree is left out."""
    for path in tree.within:
        yield f"# {path} holds records of its own, and is left out: a view makes rows of them, see docs/views.md."
    for path in tree.torn:
        yield f"# {path} is a value in some records, and holds records or nothing in others: its values are left out."


def source_lines(path: str, sample: Sample) -> Iterable[str]:
    """The logical source of a file as it is."""
    tree = sample.tree
    if tree is not None:
        yield f"    rml:iterator {quoted(tree.iterator)} ;  # the largest list of things in the file"
    if sample.sheet is not None:
        yield f"    rml:iterator {quoted(sample.sheet)} ;  # the sheet"
    yield f"    rml:referenceFormulation {_formulation(sample)} ;"
    yield "    rml:source [ a rml:RelativePathSource ;"
    yield "        rml:root rml:MappingDirectory ;"
    yield f"        rml:path {quoted(path)} ;"
    if sample.encoding == "utf-16":
        yield "        rml:encoding rml:UTF-16 ;"
    if dialect := list(_dialect(sample, path)):
        yield f"        csvw:dialect [ a csvw:Dialect ; {' ; '.join(dialect)} ] ;"
    if tree is None:
        yield from _rules(sample)
    for word in sample.nothings:
        yield f"        rml:null {quoted(word)} ;  # stands where there is no value"
    yield '        rml:null ""  # an empty cell says nothing'
    yield "    ]"


def _dialect(sample: Sample, path: str) -> Iterable[str]:
    if sample.encoding not in {"utf-8", "utf-16"}:
        yield f"csvw:encoding {quoted(sample.encoding)}"
    if not sample.is_sheet and (sample.delimiter != "," or path.lower().endswith((".tsv", ".tab"))):
        yield f"csvw:delimiter {quoted(sample.delimiter)}"
    if sample.skipped:
        yield f"csvw:skipRows {sample.skipped}"
    if sample.header_rows > 1:
        yield f"csvw:headerRowCount {sample.header_rows}"
    if sample.fills_merged:
        yield f'<{LAYOUT}mergedCells> "fill"'
    if sample.is_trimmed:
        yield 'csvw:trim "true"'


def _formulation(sample: Sample) -> str:
    tree = sample.tree
    if tree is None:
        return "rml:SQL2008Table" if sample.is_sheet else "rml:CSV"
    if tree.formulation is Formulation.XPATH and tree.namespaces:
        declared = " , ".join(
            f"[ rml:namespacePrefix {quoted(prefix)} ; rml:namespaceURL {quoted(space)} ]"
            for prefix, space in tree.namespaces
        )
        return f"[ a rml:XPathReferenceFormulation ; rml:namespace {declared} ]"
    return f"rml:{tree.formulation}"


def _rules(sample: Sample) -> Iterable[str]:
    """What holds for single columns: blanks around cells, and words for nothing."""
    odd = [column for column in sample.columns if column.is_padded or column.nothings]
    for number, column in enumerate(odd):
        begin = "        csvw:tableSchema [ csvw:column" if not number else "           "
        end = "," if number + 1 < len(odd) else "] ;"
        rules = [f"csvw:name {quoted(column.name)}"]
        reasons = []
        if column.nothings:
            rules.append(f"csvw:null {' , '.join(map(quoted, column.nothings))}")
            reasons.append("words for nothing")
        if column.is_padded:
            rules.append('csvw:trim "true"')
            reasons.append("blanks around cells")
        yield f"{begin} [ {' ; '.join(rules)} ] {end}  # {', '.join(reasons)}"


def told_of(column: Column, language: str | None) -> tuple[Told, ...]:
    """What becomes of a cell: one value mostly, several if it is made of parts, or has a mark behind a number."""
    if column.parts and not column.is_typed:
        return tuple(_part(column, number, name) for number, name in enumerate(column.parts))
    if column.is_marked and not column.is_typed:
        return _marked(column)
    value, reasons = _value(column, language)
    return (Told("", value, reasons),)


def _part(column: Column, number: int, name: str) -> Told:
    before = rf"^(?:[^,]*,\s*){{{number}}}" if number else "^"
    if column.is_place:
        reason = (f"Two coordinates in a cell; this one is taken for the {name}.",)
        value = call("regexExtract", column.name, pattern=f"{before}(-?[0-9.]+)")
        return Told("", f"{value} ; rml:datatype xsd:decimal", reason)
    reason = (f"{len(column.parts)} parts in a cell, as in its name; this one is {quoted(name)}.",)
    return Told("", call("regexExtract", column.name, pattern=f"{before}([^,]*)"), reason)


def _marked(column: Column) -> tuple[Told, ...]:
    number = call("regexExtract", column.name, pattern=_NUMBER)
    function = "toInteger" if column.is_whole else "toNumber"
    reason = "Some numbers have a mark behind them, a flag or the number of a footnote."
    value = call_of(function, number, locale=column.locale or "en")
    return Told("", value, (reason,)), Told("Mark", call("regexExtract", column.name, pattern=_MARK))


def _value(column: Column, language: str | None) -> tuple[str, tuple[str, ...]]:
    """What becomes of a cell, as the inside of an object map, and the reasons for it."""
    if column.datatype == "item":
        return f"rml:template {quoted('http://www.wikidata.org/entity/{' + braced(column.name) + '}')}", ()
    if column.is_typed and column.datatype == "decimal":
        reason = "Its values are numbers with and without a fraction: all of them have one datatype."
        return f"rml:reference {quoted(column.name)} ; rml:datatype xsd:decimal", (reason,)
    if column.is_long and column.is_typed:
        return f"rml:reference {quoted(column.name)} ; rml:datatype xsd:string", (_TOO_LONG,)
    if column.is_typed:
        return f"rml:reference {quoted(column.name)}", ("Its values know their type.",)
    return _spoken(column) or (_several(column, language) if column.separator is not None else _plain(column, language))


def _spoken(column: Column) -> tuple[str, tuple[str, ...]] | None:
    """What becomes of a cell that people write in a way of their language."""
    if column.locale is not None:
        reason = f"Numbers with {_LOCALES[column.locale]}."
        return call("toInteger" if column.is_whole else "toNumber", column.name, locale=column.locale), (reason,)
    if column.form is not None:
        return call("toDate", column.name, format=column.form), tuple(_dates(column))
    if column.is_spoken:
        return call("toBoolean", column.name), ("Yes and no in words.",)
    return None


def _several(column: Column, language: str | None) -> tuple[str, tuple[str, ...]]:
    assert column.separator is not None
    reason = f"Several values in a cell, with {quoted(column.separator)} between them: each becomes one."
    if column.is_tight:
        reason = f"{reason[:-1]}; where a blank follows, it is part of a value."
        made = call("regexSplit", column.name, pattern=rf"{column.separator}\b")
    else:
        made = call("split", column.name, separator=column.separator.strip() or column.separator)
    tag = language or column.script
    return made + (f' ; rml:language "{tag}"' if tag else ""), (reason,)


def _dates(column: Column) -> Iterable[str]:
    yield f"Dates written {' or '.join((column.form or '').split('|'))}."
    if column.is_doubtful:
        yield "Day and month could be the other way round (MM/dd/yyyy): no date among them tells."


def _plain(column: Column, language: str | None) -> tuple[str, tuple[str, ...]]:
    value = f"rml:reference {quoted(column.name)}"
    if language:
        return f'{value} ; rml:language "{language}"', ()
    if column.datatype == "iri":
        return f"{value} ; rml:termType rml:IRI", ()
    if column.datatype != "text":
        return f"{value} ; rml:datatype xsd:{column.datatype}", ()
    if column.script is not None:
        return f'{value} ; rml:language "{column.script}"', (f"The script of its texts is that of '{column.script}'.",)
    return value, tuple(_of_digits(column))


def _of_digits(column: Column) -> Iterable[str]:
    """Why what is written in digits is a text."""
    if re.fullmatch(r"0\d+", column.example):
        yield "Digits with a zero in front are taken for a code, not for a number."
    elif column.is_code:
        yield "By its name a code: digits are kept as they are, and not counted with."
    elif column.is_long:
        yield _TOO_LONG
