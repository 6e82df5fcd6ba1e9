"""A mapping of an older vocabulary, or of an older way of writing, in the words of RML-Core: as a text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from kg.rdf.grammar import is_iri
from kg.rml.legacy.document import Document, Property, Term, read_document
from kg.rml.legacy.draft import Change, Draft
from kg.rml.legacy.functions import VALUES, write_condition, write_function, write_join, write_parent_term_map
from kg.rml.legacy.paths import modern_path, modern_template
from kg.rml.legacy.sources import Sources
from kg.rml.legacy.vocabulary import is_silent, local_name, modern_name
from kg.rml.mapping.access import Home
from kg.rml.mapping.description import RML
from kg.rml.mapping.jsonpath import rooted
from kg.rml.mapping.templates import escaped

_SOURCES: Final = ("logicalSource", "logicalTable")
_PATHS: Final = ("reference", "child")
_APART: Final = ("parentTriplesMap", "parentMap", "source", *_SOURCES)


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A mapping as it is written today, line for line, and what was changed."""

    text: str
    changes: tuple[Change, ...]
    homeless: tuple[int, ...] = ()
    """The lines of logical tables whose database nobody has named."""


def rewritten(text: str, base: str, home: Home | None = None) -> Rewritten | None:
    """A mapping in Turtle as RML-Core; nothing if it cannot be followed.

    :param base: what relative IRIs stand behind
    :param home: the database of logical tables, which R2RML does not name (R2RML, section 4.1)
    """
    document = read_document(text, base)
    return None if document is None else _Rewriter(document, home).run()


class _Rewriter:
    def __init__(self, document: Document, home: Home | None) -> None:
        self._document, self._draft = document, Draft(document)
        self._sources = Sources(self._draft, home)
        self._json: set[tuple[str, str]] = set()
        """The triples maps over JSON."""

    def run(self) -> Rewritten:
        draft, document = self._draft, self._document
        functions = {t.key for one in document.properties() if one.predicate.value in VALUES for t in one.objects}
        nodes = list(document.nodes())
        self._json = {node.key for node in nodes if node.key not in functions and self._is_json(node)}
        for node in nodes:
            if node.key not in functions:
                self._node(node)
        for one in document.properties():
            self._join(one)
        for node in nodes:
            if node.key in functions:
                write_function(draft, node)
        for one in document.properties():
            self._property(one)
        for subject, _ in document.subjects:
            self._term(subject)
        if draft.changes:
            draft.names.declare(draft.edits)
        changes = tuple(sorted(draft.changes, key=lambda change: change.start))
        return Rewritten(draft.edits.applied(), changes, tuple(sorted(self._sources.homeless)))

    def _is_json(self, node: Term) -> bool:
        """Whether a node is a triples map over JSON; its sources are written anew, whatever they are."""
        links = [one for one in self._document.about(node) if local_name(one.predicate.value) in _SOURCES]
        found = [self._sources.write(link) for link in links]
        for term in (term for link, is_json in zip(links, found, strict=True) if is_json for term in link.objects):
            self._iterator(term)
        return any(found)

    def _node(self, node: Term) -> None:
        if node.key in self._json:
            self._paths(node, set())
        self._constant(node)
        write_condition(self._draft, node)
        named = self._draft.named(node)
        if "parentTriplesMap" in named and named["parentTriplesMap"].objects[0].key in self._json:
            for condition in named["joinCondition"].objects if "joinCondition" in named else ():
                self._parent(self._draft.named(condition))

    def _parent(self, condition: dict[str | None, Property]) -> None:
        """The side of a join that is looked for in the JSON of another triples map."""
        for term in condition["parent"].objects if "parent" in condition else ():
            self._path(term, modern_path)
        for term in condition["parentMap"].objects if "parentMap" in condition else ():
            self._paths(term, set())

    def _join(self, one: Property) -> None:
        if local_name(one.predicate.value) == "joinCondition":
            for term in one.objects:
                write_join(self._draft, term)

    def _iterator(self, source: Term) -> None:
        named = self._draft.named(source)
        for term in named["iterator"].objects if "iterator" in named else ():
            self._path(term, modern_path)

    def _paths(self, node: Term, seen: set[tuple[str, str]]) -> None:
        """The paths of a triples map over JSON, in whatever nodes they are written."""
        if node.key in seen:
            return
        seen.add(node.key)
        for one in self._document.about(node):
            name = local_name(one.predicate.value)
            for term in one.objects:
                if term.kind == "literal" and name in _PATHS:
                    self._path(term, modern_path)
                elif term.kind == "literal" and name == "template":
                    self._path(term, modern_template)
                elif term.kind in {"blank", "iri"} and name is not None and name not in _APART:
                    self._paths(term, seen)

    def _path(self, term: Term, modern: Callable[[str], str | None]) -> None:
        made = modern(term.value) if term.kind == "literal" and term.start not in self._draft.written else None
        if made is not None:
            # That a path leaves out its $ is read as it is, and needs no word.
            self._draft.literal(term, made, is_told=modern is modern_template or made != rooted(term.value))

    def _constant(self, node: Term) -> None:
        """An IRI, or the label of a blank node, that is written as a text with a term type, as yarrrml-parser does."""
        named = self._draft.named(node)
        if "constant" not in named or "termType" not in named:
            return
        term, kind = named["constant"].objects[0], named["termType"].objects[0]
        if term.kind == "literal" and local_name(kind.value) == "IRI" and is_iri(term.value):
            self._draft.written[term.start] = f"<{term.value}>"
            self._draft.change(term, f"<{term.value}>")
            self._draft.drop(named["termType"])
        is_old = named["constant"].predicate.value != f"{RML}constant"
        if is_old and term.kind == "literal" and term.value and local_name(kind.value) == "BlankNode":
            self._draft.called[named["constant"].start] = "template"
            self._draft.literal(term, escaped(term.value), is_told=False)

    def _property(self, one: Property) -> None:
        if local_name(one.predicate.value) == "parentTermMap":
            write_parent_term_map(self._draft, one)
        if is_silent(one.predicate.value, (term.value for term in one.objects)):
            self._draft.drop(one)
            return
        self._term(one.predicate)
        for term in one.objects:
            self._term(term)

    def _term(self, term: Term) -> None:
        for item in term.items:
            self._term(item)
        if term.kind != "iri":
            return
        draft = self._draft
        name = draft.called.get(term.start) or modern_name(term.value)
        if name is None:
            return
        if draft.rml(name) == self._document.source(term):
            draft.tell(term, f"<{term.value}>", f"<{RML}{name}>")
        else:
            draft.change(term, draft.rml(name))
