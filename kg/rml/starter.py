"""A first mapping of tables, written for a person to edit: `kg map --init`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kg.rml.guesses.columns import Column
from kg.rml.guesses.keys import Key
from kg.rml.guesses.known import Known
from kg.rml.guesses.links import Link, links_of
from kg.rml.guesses.periods import Period, view_lines
from kg.rml.guesses.predicates import Property, name_of_link
from kg.rml.guesses.titles import is_called_sum
from kg.rml.guesses.turtle import braced, call, quoted
from kg.rml.guesses.writing import Told, seen_lines, source_lines, told_of
from kg.rml.looking import Home, Table, looked_at, several, tables_in, with_slug
from kg.rml.sniffing import Sample
from kg.rml.sources.sheets.rows import SeveralSheets

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
@prefix fn:   <https://w3id.org/zellige/fn#> .
"""


@dataclass(frozen=True, slots=True)
class Draft:
    """A first mapping of one table, and what it takes the table for."""

    text: str
    slug: str
    """The words of the name of the file, in any script."""
    sample: Sample
    key: Key
    kind: str
    """The class of a row, a name in the namespace of the terms."""
    properties: tuple[Property, ...]
    periods: tuple[Period, ...]
    """Columns of which each holds what was true in its year."""


def starter_mapping(table: Path, *beside: Path, home: Home = Home()) -> str:  # noqa: B008 -- frozen
    """A mapping of tables or trees as RML-Core in Turtle, with a comment on every choice; to stand beside the first.

    The same files give the same text. At most 10,000 rows are looked at of each, and 4 MB of text.

    :param table: CSV or TSV, a sheet (`.xlsx`), JSON, lines of JSON, or XML
    :param beside: further ones: columns that hold the keys of another table lead to its things
    :raises UsageError: if there is no such file, its name is that of another format, such as `.ttl`, or the files do
        not lie together
    :raises StorageError: if the system cannot read it
    :raises DataError: with file and line, if it is no table: another format, wrong encoding, columns with the same
        name, rows of another width than the header
    """
    tables = [one for file in (table, *beside) for one in tables_in(file, table.parent, home)]
    tables = [with_slug(one, [other.slug for other in tables[:number]], home) for number, one in enumerate(tables)]
    keyed = [one.keyed for one in tables]
    lines = [*_opening(tables, home)]
    for one in tables:
        links = links_of(one.keyed, keyed) if len(tables) > 1 else ()
        lines += _map_lines(one, {link.column.name: link for link in links}, tables, home)
    return "\n".join(lines) + "\n"


def drafted(table: Path, home: Home) -> Draft:
    """The mapping of one table, as `starter_mapping` writes it, and what stands behind it.

    :raises KgError: as `starter_mapping`
    """
    try:
        found = looked_at(table, table.parent, home)
    except SeveralSheets as error:
        raise several(table, error.names) from None
    text = starter_mapping(table, home=home)
    return Draft(text, found.slug, found.sample, found.key, found.kind, tuple(found.properties(home)), found.periods)


def told_by(item: Property) -> list[tuple[str, Told]]:
    """What is told of a column, with its predicates."""
    told = told_of(item.column, item.language)
    names = item.parts if item.column.parts else [f"{item.predicate}{one.suffix}" for one in told]
    return list(zip(names, told, strict=False))


def _opening(tables: Sequence[Table], home: Home) -> Iterable[str]:
    names = " and ".join(dict.fromkeys(quoted(table.path) for table in tables))
    where = "table" if len(tables) == 1 else "first table"
    yield f"# A first mapping of {names}, to be edited; keep it beside the {where}."
    for table in tables:
        yield from seen_lines(table.sample, f"{table.told}: " if len(tables) > 1 else "")
        yield from (f"# {told}" for told in table.left)
    yield "#"
    if home.is_project:
        yield f"# 1. Things and terms begin with the address of the project, {home.base}."
    else:
        yield f"# 1. Put your own address in place of {home.base}."
    yield "# 2. Say what a row is, and which known properties (of schema.org, SKOS, your field) say what a column says."
    yield "# 3. Take out what you do not need, and run: kg map on this file."
    if home.is_project and not home.has_register:
        yield from _register(tables)
    yield ""
    yield from _PREFIXES.splitlines()
    if home.label is not None:
        prefix, _, namespace = home.label.partition(" ")
        yield f"@prefix {prefix.partition(':')[0]}: <{namespace}> ."
    yield f"@prefix ex:   <{home.terms}> ."
    yield f"@prefix map:  <{home.base}mapping/> ."


def _register(tables: Sequence[Table]) -> Iterable[str]:
    """What a project's `tables.yaml` needs beside the mapping."""
    yield "#"
    yield "# In tables.yaml (say what document it is, and what you have made sure of):"
    for table in tables:
        yield f"#   {table.slug}:"
        yield f"#     file: {quoted(table.path)}"
        if table is not tables[0]:
            yield f"#     mapping: {quoted(tables[0].file.name.partition('.')[0] + '.rml.ttl')}"
        yield "#     document: ...   # that of sources.yaml which the file is"
        yield from _claims(table)
        yield "#     modality: done"
        yield "#     checkable: true"
        yield "#     reviewStatus: unreviewed"


def _claims(table: Table) -> Iterable[str]:
    """What names the claims of rows, and which rows are none of the table."""
    names = "-".join(f"$({column.name.removeprefix('$.')})" for column in table.key.columns)
    if not table.key.is_unique:
        yield f"#     id: {quoted(table.slug)}   # no column names each row,"
        yield "#     grouped: true   # so that the whole table is one claim"
    else:
        yield f"#     id: {quoted(f'{table.slug}-{names}')}"
        if not table.key.makes_claim_ids(table.sample.columns, table.sample.rows):
            yield "#     hashed: true   # names of claims have letters, digits and hyphens alone: a hash of the key"
    left_out = table.sample.left_out_by
    if left_out:
        yield "#     leaveOut:   # notes below the table, sums of its rows"
        for column, values in left_out.items():
            yield f"#       {quoted(column)}: [{', '.join(map(quoted, values))}]"


def _map_lines(table: Table, links: dict[str, Link], tables: Sequence[Table], home: Home) -> Iterable[str]:
    sample, slug = table.sample, table.slug
    yield ""
    yield f"map:{slug}-source a rml:LogicalSource ;"
    yield from source_lines(table.path, sample)
    yield "    ."
    yield ""
    yield f"map:{slug} a rml:TriplesMap ;"
    yield f"    rml:logicalSource map:{slug}-source ;"
    if sample.telling is not None:
        yield "    # What lies below the table fills no such column, and is left out."
        told = f"[ rml:parameter fn:value ; rml:inputValueMap [ rml:reference {quoted(sample.telling)} ] ]"
        yield f"    rml:condition [ rml:functionExecution [ rml:function fn:isNotNull ; rml:input {told} ] ] ;"
    if (summed := sample.summed) is not None:
        yield f"    # A row has the sum of {quoted(summed.of)}, and is left out."
        yield f"    rml:condition [ {call('notEqual', summed.column, other=summed.word)} ] ;"
    yield ""
    yield from _subject(table)
    for item in table.properties(home):
        link = links.get(item.column.name)
        if link is not None and not link.lacking:
            yield from _link_lines(item.column, link, tables)
        else:
            yield from _predicateobject(item, sample, home.known, () if link is None else (f"No link: {link.reason}.",))
    yield "    ."
    for number, period in enumerate(table.periods, 1):
        yield from _period_lines(table, period, f"{slug}-years" + (f"-{number}" if number > 1 else ""))


def _period_lines(table: Table, period: Period, name: str) -> Iterable[str]:
    """A thing for each row and year, of which the value is told."""
    fields = {f"key{number or ''}": column for number, column in enumerate(table.key.columns)}
    place = table.place + "/".join("{" + field + "}" for field in fields)
    first, last = period.columns[0][0], period.columns[-1][0]
    called = f", called {quoted(period.stem)}" if period.stem else ""
    yield ""
    yield f"# {len(period.columns)} columns are years, {first} to {last}{called}: what they hold is told of things of"
    yield "# their own, of row and year. A view makes a row of each."
    yield from view_lines(name, f"{table.slug}-source", fields, period)
    yield ""
    yield f"map:{name}-map a rml:TriplesMap ;"
    yield f"    rml:logicalSource map:{name} ;"
    thing = f"{place}/{{cells.of.year}}"
    yield f"    rml:subjectMap [ rml:template {quoted(thing)} ; rml:class ex:Observation ] ;"
    year = 'rml:objectMap [ rml:reference "cells.of.year" ; rml:datatype xsd:gYear ]'
    yield f"    rml:predicateObjectMap [ rml:predicate ex:year ; {year} ] ;"
    of = f"rml:template {quoted(place)}"
    if table.key.is_address:
        of = 'rml:reference "key" ; rml:termType rml:IRI'
        if table.key.columns[0].datatype == "item":
            of = 'rml:template "http://www.wikidata.org/entity/{key}"'
    yield f"    rml:predicateObjectMap [ rml:predicate ex:of ; rml:objectMap [ {of} ] ] ;"
    told = told_of(period.value, None)
    for number, one in enumerate(told, 1):
        yield from (f"    # {line}" for line in one.reasons)
        end = " ;" if number < len(told) else " ."
        predicate = f"ex:{period.predicate}{one.suffix}"
        yield f"    rml:predicateObjectMap [ rml:predicate {predicate} ; rml:objectMap [ {one.value} ] ]{end}"


def _subject(table: Table) -> Iterable[str]:
    key, sample = table.key, table.sample
    named = " and ".join(quoted(column.name) for column in key.columns)
    if not sample.rows:
        yield f"    # The table has no rows yet; {named} is taken as the name of a row."
    elif not key.is_unique:
        yield f"    # NO COLUMN NAMES A ROW: rows with one {named} become one thing, rows without it nothing."
        yield f"    # {key.together} of {len(sample.rows)} rows have the {named} of one above them."
    elif len(key.columns) == 1:
        yield f"    # {named} has a value in every row and none twice: it names the thing."
    else:
        yield f"    # {named} together have a value in every row and none twice: they name the thing."
    called = [cell.strip() for row in sample.rows for cell in row if is_called_sum(cell)]
    if called:
        rows = "A row is" if len(called) == 1 else f"{len(called)} cells are"
        yield f"    # {rows} called {quoted(called[0])} or the like: leave out what are sums of other rows."
    yield "    rml:subjectMap ["
    if key.is_address and key.columns[0].datatype == "iri":
        yield f"        rml:reference {quoted(key.columns[0].name)} ;"
    elif key.is_address:
        yield f"        rml:template {quoted('http://www.wikidata.org/entity/{' + braced(key.columns[0].name) + '}')} ;"
    else:
        path = "/".join("{" + braced(column.name) + "}" for column in key.columns)
        yield f"        rml:template {quoted(table.place + path)} ;"
    yield f"        rml:class ex:{table.kind}  # what one row is"
    yield "    ] ;"


def _link_lines(column: Column, link: Link, tables: Sequence[Table]) -> Iterable[str]:
    other = next(table for table in tables if table.slug == link.to)
    yield ""
    yield f"    # {quoted(column.name)}: leads to {other.told}: {link.reason}."
    yield f"    rml:predicateObjectMap [ rml:predicate ex:{name_of_link(column)} ;"
    yield f"        rml:objectMap [ rml:template {quoted(other.place + '{' + braced(column.name) + '}')} ] ] ;"


def _predicateobject(item: Property, sample: Sample, known: Known, remarks: Iterable[str]) -> Iterable[str]:
    column = item.column
    said = (
        f"{_SAID[column.datatype]}, for example {quoted(_short(column.example))}" if column.filled else "always empty"
    )
    empty = len(sample.rows) - column.filled
    yield ""
    if item.is_name:
        yield f"    # {quoted(column.name)} has words, and other ones in every row: things are called by them."
    else:
        yield f"    # {quoted(column.name)}: {said}" + (f"; empty in {empty} of {len(sample.rows)}" if empty else "")
    yield from (f"    # {remark}" for remark in remarks)
    if not item.is_name and (near := known.near(column.names[-1])) is not None:
        yield f"    # The vocabulary has a property like it: {near}. Write it here if that is meant."
    only = ""
    if column.unless is not None:
        yield f"    # In some rows it holds what {quoted(column.unless)} finds: there it is no value."
        given = f"[ rml:parameter fn:value ; rml:inputValueMap [ rml:reference {quoted(column.unless)} ] ]"
        only = f" ; rml:condition [ rml:functionExecution [ rml:function fn:isNull ; rml:input {given} ] ]"
    for predicate, one in told_by(item):
        yield from (f"    # {line}" for line in one.reasons)
        yield f"    rml:predicateObjectMap [ rml:predicate {predicate} ;"
        yield f"        rml:objectMap [ {one.value}{only} ] ] ;"


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "..."  # noqa: PLR2004
