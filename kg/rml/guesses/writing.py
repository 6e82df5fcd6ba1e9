"""The parts of a first mapping in Turtle that guesses decide: its source, and what becomes of a cell."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from kg.rml.mapping.model import Formulation

if TYPE_CHECKING:
    from kg.rml.sniffing import Column, Sample

_LOCALES = {
    "fr": "a decimal comma and blanks between thousands",
    "en": "a decimal point and commas between thousands",
    "ar": "the digits of Arabic",
}


def quoted(text: str) -> str:
    """A Turtle string on one line; the escapes of JSON are among those of Turtle (section 6.4)."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F").replace("\x85", "\\u0085")


def braced(name: str) -> str:
    """A column's name inside a template: braces and backslashes are escaped (RML-Core, string templates)."""
    return re.sub(r"[\\{}]", lambda found: "\\" + found[0], name)


def source_lines(table: Path, sample: Sample) -> Iterable[str]:
    """The logical source of a file as it is."""
    tree = sample.tree
    if tree is not None:
        yield f"    rml:iterator {quoted(tree.iterator)} ;  # the largest list of things in the file"
    yield f"    rml:referenceFormulation {_formulation(sample)} ;"
    yield "    rml:source [ a rml:RelativePathSource ;"
    yield "        rml:root rml:MappingDirectory ;"
    yield f"        rml:path {quoted(table.name)} ;"
    if sample.encoding == "utf-16":
        yield "        rml:encoding rml:UTF-16 ;"
    dialect = [f"csvw:delimiter {quoted(sample.delimiter)}"] if sample.delimiter != "," else []
    dialect += [f"csvw:skipRows {sample.skipped}"] if sample.skipped else []
    if dialect:
        yield f"        csvw:dialect [ a csvw:Dialect ; {' ; '.join(dialect)} ] ;"
    if tree is None:
        yield from _rules(sample)
    else:
        for word in dict.fromkeys(word for column in sample.columns for word in column.nothings):
            yield f"        rml:null {quoted(word)} ;  # stands where there is no value"
    yield '        rml:null ""  # an empty cell says nothing'
    yield "    ]"


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


def value_of(column: Column, language: str | None) -> tuple[str, tuple[str, ...]]:
    """What becomes of a cell, as the inside of an object map, and the reasons for it."""
    name = quoted(column.name)
    if column.datatype == "item":
        return f"rml:template {quoted('http://www.wikidata.org/entity/{' + braced(column.name) + '}')}", ()
    if column.is_typed:
        return f"rml:reference {name}", ("Its values know their type.",)
    if column.locale is not None:
        reason = f"Numbers with {_LOCALES[column.locale]}."
        return _call("toNumber", column.name, locale=column.locale), (reason,)
    if column.form is not None:
        return _call("toDate", column.name, format=column.form), tuple(_dates(column))
    if column.separator is not None:
        reason = f"Several values in a cell, with {quoted(column.separator)} between them: each becomes one."
        call = _call("split", column.name, separator=column.separator.strip() or column.separator)
        tag = language or column.script
        return call + (f' ; rml:language "{tag}"' if tag else ""), (reason,)
    return _plain(column, language)


def _dates(column: Column) -> Iterable[str]:
    yield f"Dates written {column.form}."
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
    if re.fullmatch(r"0\d+", column.example):
        return value, ("Digits with a zero in front are taken for a code, not for a number.",)
    return value, ()


def _call(function: str, name: str, **more: str) -> str:
    inputs = [f"[ rml:parameter fn:text ; rml:inputValueMap [ rml:reference {quoted(name)} ] ]"]
    inputs += [f"[ rml:parameter fn:{key} ; rml:inputValue {quoted(value)} ]" for key, value in more.items()]
    return f"rml:functionExecution [ rml:function fn:{function} ; rml:input {' , '.join(inputs)} ]"
