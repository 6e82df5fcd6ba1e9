"""The published rule that derives the graphs of the views, run as the queries that it consists of."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import pyoxigraph as ox

from kg.collecting import uncollected
from kg.errors import KgError
from kg.terms import Minter, compress, expand
from kg.vocabulary import Pending


@dataclass(frozen=True, slots=True)
class Rule:
    """The published rule that derives the graphs of the views: a prologue and named queries, run in order."""

    text: str
    version: str
    prologue: str
    steps: Mapping[str, str]

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def pattern(self) -> str:
        """The SHA-256 of the rule without its lists: of what every project has."""
        return hashlib.sha256(_LIST.sub(rf"\1VALUES ?\2 {{{_NOTHING}}}", self.text).encode()).hexdigest()

    @property
    def lists(self) -> Pending:
        """What the lists hold that come from the vocabulary."""
        found = {name: tuple(map(_iri, members.split())) for _, name, members in _LIST.findall(self.text)}
        return Pending(*(found.get(name, ()) for name in _LISTS))


@dataclass(frozen=True, slots=True)
class Derivation:
    """The derived graphs, their triples sorted by their line, and why each other claim stayed out of the first."""

    triples: tuple[ox.Triple, ...]
    """Of the default graph."""
    withheld: Mapping[str, str]
    """The reason by claim IRI."""
    facts: int
    """How many of the triples of the default graph claims state."""
    named: Mapping[str, tuple[ox.Triple, ...]]
    """What is stated and not known of claims already, and all that is neither: by the IRI of its graph."""

    @property
    def quads(self) -> Iterator[ox.Quad]:
        """All triples as statements of their graphs."""
        yield from (ox.Quad(t.subject, t.predicate, t.object, ox.DefaultGraph()) for t in self.triples)
        for graph, triples in self.named.items():
            name = ox.NamedNode(graph)
            yield from (ox.Quad(t.subject, t.predicate, t.object, name) for t in triples)

    @property
    def reasons(self) -> dict[str, int]:
        """How many claims each reason kept out."""
        return dict(sorted(Counter(self.withheld.values()).items()))


_LISTS: Final = ("kind", "leads", "at")
"""The variables of the lists, in the order of the fields of `Pending`."""
_LIST: Final = re.compile(rf"^( *)VALUES \?({'|'.join(_LISTS)}) {{([^}}]*)}}$", re.MULTILINE)
_NOTHING: Final = " "
_NEEDED_STEPS: Final = ("facts", "labels")
_DEFAULT_STEPS: Final = (*_NEEDED_STEPS, "paths", "marks", "marked", "terms")
_STATED_STEPS: Final = ("stated", "stated-paths", "names", "terms")
_WITHHELD_STEP: Final = "withheld"


def parse_rule(text: str) -> Rule:
    """Read a rule: `# version: N`, a prologue, and steps that each begin with a line `#== NAME`.

    :raises KgError: if the version or one of the steps `facts`, `labels`, `withheld` is missing

    >>> rule = parse_rule(chr(10).join(["# version: 1", "#== facts", "A", "#== labels", "B", "#== withheld", "C"]))
    >>> rule.version, list(rule.steps)
    ('1', ['facts', 'labels', 'withheld'])
    """
    version = re.search(r"^# version: *(\S+) *$", text, re.MULTILINE)
    prologue, *parts = re.split(r"^#== *(\S+) *$", text, flags=re.MULTILINE)
    steps = dict(zip(parts[::2], parts[1::2], strict=True))
    missing = [name for name in (*_NEEDED_STEPS, _WITHHELD_STEP) if name not in steps]
    if version is None or missing:
        what = f"no step {', '.join(missing)}" if missing else "no line '# version: N'"
        raise KgError(f"the rule of the default graph has {what}", hint="restore ontology/core/default-graph.rq")
    return Rule(text, version[1], prologue, MappingProxyType(steps))


def filled(text: str, pending: Pending) -> str:
    """The text of a rule whose lists hold what the vocabulary of a project says.

    >>> print(filled("  VALUES ?kind { }", Pending(("https://w3id.org/zellige/ont#Target", "http://example.org/Plan"))))
      VALUES ?kind { zel:Target <http://example.org/Plan> }
    """
    members = dict(zip(_LISTS, (pending.classes, pending.leads, pending.occasions), strict=True))

    def with_members(found: re.Match[str]) -> str:
        written = "".join(f"{_short(iri)} " for iri in members[found[2]])
        return f"{found[1]}VALUES ?{found[2]} {{ {written}}}"

    return _LIST.sub(with_members, text)


def _short(iri: str) -> str:
    return compress(iri) if compress(iri).startswith("zel:") else f"<{iri}>"


def _iri(written: str) -> str:
    return expand(written) if written.startswith("zel:") else written[1:-1]


@uncollected()
def derive_default(quads: Iterable[ox.Quad], rule: str, base: str) -> Derivation:
    """Run the rule over the claims: which triples a plain SPARQL client sees, and which claims it does not.

    `base` is the base IRI of the project's data, against which the graph names of the rule are resolved.

    :raises KgError: if the rule is not SPARQL or lacks a part
    """
    parsed = parse_rule(rule)
    store = ox.Store()
    store.bulk_extend(quads)
    every = {quad.triple for quad in store}
    made: dict[str, set[ox.Triple]] = {}
    withheld: dict[str, str] = {}
    for name, text in parsed.steps.items():
        try:
            answer = store.query(parsed.prologue + text, base_iri=base)
        except SyntaxError as error:
            raise KgError(f"step {name} of the rule of the default graph is not SPARQL: {error}") from None
        if isinstance(answer, ox.QueryTriples):
            triples = made[name] = set(answer)
            graph = ox.NamedNode(f"{base}rule/{name}")
            store.extend(ox.Quad(t.subject, t.predicate, t.object, graph) for t in triples)
        elif isinstance(answer, ox.QuerySolutions):
            rows = sorted((row["claim"].value, row["reason"].value) for row in answer)
            withheld |= dict(reversed(rows))
        else:
            raise KgError(f"step {name} of the rule of the default graph is neither CONSTRUCT nor SELECT")
    entered = _together(made, _DEFAULT_STEPS)
    mint = Minter(base)
    metadata = store.quads_for_pattern(None, None, None, ox.NamedNode(mint.graph("claims")))
    known = {quad.triple for quad in metadata}
    stated = _together(made, _STATED_STEPS) - known
    named = {mint.graph("stated"): _sorted(stated), mint.graph("other"): _sorted((every | entered) - stated - known)}
    facts = len(made.get("facts", ()))
    return Derivation(
        _sorted(entered), MappingProxyType(dict(sorted(withheld.items()))), facts, MappingProxyType(named)
    )


def _together(made: Mapping[str, set[ox.Triple]], steps: Iterable[str]) -> set[ox.Triple]:
    return set().union(*(made.get(name, ()) for name in steps))


def _sorted(triples: Iterable[ox.Triple]) -> tuple[ox.Triple, ...]:
    return tuple(sorted(triples, key=str))
