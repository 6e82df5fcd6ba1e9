"""Triple patterns and property paths out of the tokens of a query (SPARQL 1.1 Query, rules 75 to 105).

What abbreviates triples is written out: lists, `[ ]`, `( )`, and of SPARQL 1.2 reified triples and annotations.
"""

from __future__ import annotations

from kg.sparql.language.reading.expressions import Expressions
from kg.sparql.language.syntax import (
    Alternative,
    Inverse,
    Iri,
    Negated,
    PathLike,
    Repeated,
    Sequence,
    Term,
    Times,
    TriplePattern,
    Triples,
    TripleTerm,
    Variable,
)
from kg.sparql.language.tokens import Kind
from kg.sparql.language.vocabulary import FIRST, NIL, REIFIES, REST

_TIMES = {times.value: times for times in Times}


class TriplePatterns(Expressions):
    """Reads triples; `self.paths` says whether a path may stand for a property."""

    paths = True

    # --- blocks

    def triples_block(self) -> Triples:
        """`TriplesBlock` (rule 55): triples with dots between them."""
        start = self.next.start
        found: list[TriplePattern] = []
        while True:
            self._same_subject(found)
            if not self.took(".") or not self.at_triples():
                return Triples(tuple(found), self.span(start))

    def at_triples(self) -> bool:
        """Whether a subject comes next."""
        return self.key in {"(", "[", "<<"} or self.at_term()

    def _same_subject(self, into: list[TriplePattern]) -> None:
        """`TriplesSameSubjectPath` (rule 81)."""
        start = self.next.start
        complete = self.key in {"[", "(", "<<"} and not self.at_triple_term()
        empty = (self.key == "[" and self.second("]", close=False)) or (
            self.key == "(" and self.second(")", close=False)
        )
        subject = self._node(into)
        if self._at_verb() or not complete or empty:
            self._properties(subject, start, into)

    def _at_verb(self) -> bool:
        if self.next.kind in (Kind.VARIABLE, Kind.IRI, Kind.NAME) or self.key == "A":
            return True
        return self.paths and self.key in {"^", "!", "("}

    def _properties(self, subject: Term, start: int, into: list[TriplePattern]) -> None:
        """`PropertyListPathNotEmpty` (rule 83)."""
        while True:
            verb = self._path_or_verb()
            while True:
                self._object(subject, verb, start, into)
                if not self.took(","):
                    break
                start = self.next.start
            if not self.took(";"):
                return
            while self.took(";"):
                pass
            start = self.next.start
            if not self._at_verb():
                return

    def _path_or_verb(self) -> PathLike | Variable:
        if self.next.kind is Kind.VARIABLE:
            return self.variable()
        if not self._at_verb():
            raise self.wrong("a property is expected")
        return self.path() if self.paths else self.property()

    def _object(self, subject: Term, verb: PathLike | Variable, start: int, into: list[TriplePattern]) -> None:
        """`ObjectPath` (rule 87), and what SPARQL 1.2 lets follow it."""
        place = len(into)
        found = self._node(into)
        into.insert(place, TriplePattern(subject, verb, found, self.span(start)))
        reifier: Term | None = None
        while self.key == "~" or (self.key == "{" and self.second("|")):
            begin = self.next.start
            if not isinstance(verb, Iri | Variable):
                raise self.wrong("what a path leads to cannot be annotated", found=False)
            triple = TripleTerm(subject, verb, found, self.span(start))
            if self.key == "~":
                reifier = self._reifier()
                into.append(self._reified(reifier, triple, begin))
                continue
            if reifier is None:
                reifier = self.fresh(begin)
                into.append(self._reified(reifier, triple, begin))
            self._annotation(reifier, into)
            reifier = None

    def _annotation(self, reifier: Term, into: list[TriplePattern]) -> None:
        self.take()
        self.take()
        self.enter()
        self._properties(reifier, self.next.start, into)
        if not self.second("}"):
            raise self.wrong("|} is expected")
        self.expect("|")
        self.expect("}")
        self.leave()

    def _reifier(self) -> Term:
        """What follows `~`, which may be nothing."""
        start = self.take().start
        if self.next.kind in (Kind.VARIABLE, Kind.IRI, Kind.NAME, Kind.BLANK):
            return self.term()
        if self.key == "[":
            return self.anonymous()
        return self.fresh(start)

    def _reified(self, reifier: Term, triple: TripleTerm, start: int) -> TriplePattern:
        return TriplePattern(reifier, Iri(REIFIES), triple, self.span(start))

    # --- nodes

    def _node(self, into: list[TriplePattern]) -> Term:
        """`GraphNodePath` (rule 105)."""
        if self.key == "[":
            return self._bracketed(into)
        if self.key == "(":
            return self._collection(into)
        if self.key == "<<" and not self.at_triple_term():
            return self._reified_triple(into)
        if not self.at_term():
            raise self.wrong("a term is expected")
        return self.term()

    def _bracketed(self, into: list[TriplePattern]) -> Term:
        """`BlankNodePropertyListPath` (rule 101), or `[]`."""
        if self.second("]", close=False):
            return self.anonymous()
        start = self.take().start
        self.enter()
        node = self.fresh(start)
        self._properties(node, self.next.start, into)
        self.expect("]")
        self.leave()
        return node

    def _collection(self, into: list[TriplePattern]) -> Term:
        """`CollectionPath` (rule 103), or `()`."""
        if self.second(")", close=False):
            return self.nil()
        start = self.take().start
        self.enter()
        first = node = self.fresh(start)
        while True:
            place, begin = len(into), self.next.start
            item = self._node(into)
            at = self.span(begin)
            into.insert(place, TriplePattern(node, Iri(FIRST), item, at))
            if self.took(")"):
                into.append(TriplePattern(node, Iri(REST), Iri(NIL), self.span(begin)))
                break
            following = self.fresh(self.next.start)
            into.append(TriplePattern(node, Iri(REST), following, at))
            node = following
        self.leave()
        return first

    def _reified_triple(self, into: list[TriplePattern]) -> Term:
        """`ReifiedTriple` (SPARQL 1.2): its reifier."""
        start = self.take().start
        self.enter()
        subject = self._reified_part(into)
        verb = self.verb()
        found = self._reified_part(into)
        at = self.span(start)
        reifier = self._reifier() if self.key == "~" else self.fresh(start)
        self.expect(">>")
        self.leave()
        into.append(self._reified(reifier, TripleTerm(subject, verb, found, at), start))
        return reifier

    def _reified_part(self, into: list[TriplePattern]) -> Term:
        if self.key == "[" and self.second("]", close=False):
            return self.anonymous()
        if self.key in {"[", "("}:
            raise self.wrong("a reified triple cannot hold this", found=False)
        return self._node(into)

    # --- paths

    def path(self) -> PathLike:
        """`Path` (rule 88): ways, one of which is gone."""
        parts = [self._sequence()]
        while self.took("|"):
            parts.append(self._sequence())
        return parts[0] if len(parts) == 1 else Alternative(tuple(parts))

    def _sequence(self) -> PathLike:
        """`PathSequence` (rule 90): steps, one after another."""
        parts = [self._step()]
        while self.took("/"):
            parts.append(self._step())
        return parts[0] if len(parts) == 1 else Sequence(tuple(parts))

    def _step(self) -> PathLike:
        """`PathEltOrInverse` (rule 92)."""
        inverse = self.took("^")
        step = self._path_primary()
        if self.key in _TIMES and not self.at_number():
            step = Repeated(step, _TIMES[self.take().text])
        return Inverse(step) if inverse else step

    def _path_primary(self) -> PathLike:
        """`PathPrimary` (rule 94)."""
        if self.took("!"):
            return self._negated()
        if self.key != "(":
            return self.property()
        self.take()
        self.enter()
        whole = self.path()
        self.expect(")", " after the path")
        self.leave()
        return whole

    def _negated(self) -> Negated:
        """`PathNegatedPropertySet` (rule 95)."""
        forwards: list[Iri] = []
        backwards: list[Iri] = []
        if not self.took("("):
            (backwards if self.took("^") else forwards).append(self.property())
            return Negated(tuple(forwards), tuple(backwards))
        if self.took(")"):
            return Negated(())
        while True:
            (backwards if self.took("^") else forwards).append(self.property())
            if self.took(")"):
                return Negated(tuple(forwards), tuple(backwards))
            self.expect("|", " between properties")

    def template(self) -> tuple[TriplePattern, ...]:
        """`ConstructTemplate` (rule 73): triples in braces, none of which is a path."""
        self.expect("{", " before the template")
        self.paths = False
        found = self.triples_block().patterns if self.at_triples() else ()
        self.paths = True
        self.expect("}", " after the template")
        return found
