"""Logical sources of the first vocabulary, and logical tables of R2RML."""

from __future__ import annotations

from pathlib import PurePath
from typing import Final

from kg.rml.legacy.document import Property, Term
from kg.rml.legacy.draft import Draft, quoted
from kg.rml.legacy.vocabulary import RR, local_name
from kg.rml.mapping.access import Home
from kg.rml.mapping.description import D2RQ

_QUERIES: Final = ("query", "sqlQuery")
_TABLES: Final = (".xlsx", ".xlsm", ".ods", ".parquet", ".sqlite", ".sqlite3", ".duckdb")


class Sources:
    """Writes the sources of one mapping anew."""

    def __init__(self, draft: Draft, home: Home | None) -> None:
        self._draft, self._home = draft, home
        self._done: set[tuple[str, str]] = set()
        self.homeless: list[int] = []
        """The lines of logical tables whose database nobody has named."""

    def write(self, link: Property) -> bool:
        """The sources that a triples map links to; whether they are walked through by JSONPath."""
        is_table = link.predicate.value == RR + "logicalTable"
        found = [self._source(term, is_table=is_table) for term in link.objects]
        return any(found)

    def _source(self, node: Term, *, is_table: bool) -> bool:
        named = self._draft.named(node)
        formulation = named.get("referenceFormulation")
        kind = "" if formulation is None else (local_name(formulation.objects[0].value) or "")
        if node.key not in self._done:
            self._done.add(node.key)
            if "source" in named:
                self._placed(node, named["source"], formulation, kind)
            elif is_table:
                self._at_home(node)
        return kind == "JSONPath"

    def _placed(self, node: Term, place: Property, formulation: Property | None, kind: str) -> None:
        """A source with a place: a file by its name, or a database."""
        for term in place.objects:
            wanted = self._formulation(node, term)
            if wanted is not None and kind != wanted:
                self._formulate(place, formulation, wanted)
            if term.kind == "literal":
                self._file(place, term)

    def _formulation(self, node: Term, place: Term) -> str | None:
        """How a place is read that is neither delimited text nor a tree, whatever the mapping calls it."""
        if place.kind == "literal":
            return "SQL2008Table" if PurePath(place.value).suffix.lower() in _TABLES else None
        if not any(one.predicate.value == D2RQ + "jdbcDSN" for one in self._draft.document.about(place)):
            return None
        return _kind_of_query(self._draft.document.about(node))

    def _formulate(self, place: Property, formulation: Property | None, wanted: str) -> None:
        draft = self._draft
        if formulation is not None:
            draft.change(formulation.objects[0], draft.rml(wanted))
            return
        text = f"{draft.rml('referenceFormulation')} {draft.rml(wanted)} ; "
        draft.edits.replace(place.start, place.start, text)

    def _file(self, place: Property, term: Term) -> None:
        draft = self._draft
        rml = draft.rml
        parts = f"a {rml('RelativePathSource')} ; {rml('root')} {rml('MappingDirectory')} ; {rml('path')}"
        old = f"{draft.document.source(place.predicate)} {draft.document.source(term)}"
        draft.change(term, f"[ {parts} {draft.document.source(term)} ]", old)

    def _at_home(self, node: Term) -> None:
        """A logical table of R2RML, which lies in the one database that the mapping is about."""
        draft, home = self._draft, self._home
        said = draft.document.about(node)
        if not said:
            return
        if home is None:
            self.homeless.append(said[0].predicate.line)
            return
        d2rq = draft.names.d2rq
        parts = [f"a {d2rq('Database')}", f"{d2rq('jdbcDSN')} {quoted(home.dsn)}"]
        if home.user is not None:
            parts.append(f"{d2rq('username')} {quoted(home.user)}")
        if home.password_variable is not None:
            parts.append(f"{d2rq('password')} {quoted(f'${{{home.password_variable}}}')}")
        kind = _kind_of_query(said) or "SQL2008Table"
        text = f"{draft.rml('source')} [ {' ; '.join(parts)} ] ; "
        text += f"{draft.rml('referenceFormulation')} {draft.rml(kind)} ; "
        draft.edits.replace(said[0].start, said[0].start, text)


def _kind_of_query(said: tuple[Property, ...]) -> str | None:
    """Whether a database is asked for a table, or by a query."""
    names = {one.predicate.value.rpartition("#")[2].rpartition("/")[2] for one in said}
    if names & set(_QUERIES):
        return "SQL2008Query"
    return "SQL2008Table" if "tableName" in names else None
