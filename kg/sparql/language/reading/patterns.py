"""Groups out of the tokens of a query (SPARQL 1.1 Query, rules 53 to 68)."""

from __future__ import annotations

from kg.sparql.language.reading.triples import TriplePatterns
from kg.sparql.language.syntax import (
    Bind,
    Element,
    Filter,
    Graph,
    Group,
    InlineData,
    Iri,
    Literal,
    Minus,
    Optional,
    Select,
    Service,
    TripleTerm,
    Union,
    Variable,
)
from kg.sparql.language.tokens import Kind

Cell = Iri | Literal | TripleTerm | None


class Patterns(TriplePatterns):
    """Reads groups; what reads whole queries is built upon it."""

    def select(self) -> Select:
        """`SubSelect` (rule 8)."""
        raise NotImplementedError

    def group(self) -> Group:
        """`GroupGraphPattern` (rule 53)."""
        start = self.next.start
        self.expect("{")
        self.enter()
        elements: tuple[Element, ...]
        if self.key == "SELECT":
            elements = (self.select(),)
            self.expect("}", " after the query within the query")
        else:
            elements = tuple(self._elements())
        self.leave()
        return Group(elements, self.span(start))

    def _elements(self) -> list[Element]:
        """`GroupGraphPatternSub` (rule 54), and the brace that ends it."""
        found: list[Element] = []
        after_triples = False
        while not self.took("}"):
            if self.at_triples() and not after_triples:
                found.append(self.triples_block())
                after_triples = True
                continue
            found.append(self._element())
            self.took(".")
            after_triples = False
        return found

    def _element(self) -> Element:  # noqa: PLR0911 -- one for each kind
        """`GraphPatternNotTriples` (rule 56)."""
        start = self.next.start
        match self.key:
            case "{":
                return self._union()
            case "FILTER":
                self.take()
                return Filter(self.constraint(), self.span(start))
            case "OPTIONAL":
                self.take()
                return Optional(self.group(), self.span(start))
            case "MINUS":
                self.take()
                return Minus(self.group(), self.span(start))
            case "BIND":
                self.take()
                named = self.named()
                return Bind(named.expression, named.variable, self.span(start))
            case "VALUES":
                return self.values()
            case "GRAPH":
                self.take()
                return Graph(self.variable_or_iri(), self.group(), self.span(start))
            case "SERVICE":
                return self._service()
        raise self.wrong("a pattern or } is expected")

    def _union(self) -> Group | Union:
        """`GroupOrUnionGraphPattern` (rule 67)."""
        start = self.next.start
        branches = [self.group()]
        while self.took("UNION"):
            branches.append(self.group())
        return branches[0] if len(branches) == 1 else Union(tuple(branches), self.span(start))

    def _service(self) -> Service:
        """`ServiceGraphPattern` (rule 59)."""
        start = self.take().start
        silent = self.took("SILENT")
        name = self.variable_or_iri()
        return Service(name, silent, self.group(), self.span(start))

    def values(self) -> InlineData:
        """`InlineData` and `ValuesClause` (rules 61 and 28)."""
        start = self.take().start
        wide = self.key == "("
        names = self._columns() if wide else (self.variable(),)
        self.expect("{", " before the data")
        rows: list[tuple[Cell, ...]] = []
        while not self.took("}"):
            rows.append(self._row(len(names)) if wide else (self._cell(),))
        return InlineData(names, tuple(rows), self.span(start))

    def _columns(self) -> tuple[Variable, ...]:
        self.take()
        names: list[Variable] = []
        while not self.took(")"):
            names.append(self.variable())
        return tuple(names)

    def _row(self, width: int) -> tuple[Cell, ...]:
        start = self.expect("(", " before a row of data").start
        cells: list[Cell] = []
        while not self.took(")"):
            cells.append(self._cell())
        if len(cells) != width:
            raise self.wrong(f"a row of {len(cells)} for {width} variables", at=start, found=False)
        return tuple(cells)

    def _cell(self) -> Cell:
        """`DataBlockValue` (rule 65)."""
        if self.took("UNDEF"):
            return None
        if self.at_iri():
            return self.iri()
        if self.at_triple_term():
            return self.triple_term(variables=False, blank=False)
        if self.next.kind in {Kind.VARIABLE, Kind.BLANK} or not self.at_term():
            raise self.wrong("an IRI, a literal or UNDEF is expected in the data")
        return self.literal()
