"""The vocabulary as values: classes, properties and concepts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final, Literal, TypeAlias

from pyoxigraph import Triple

from kg.errors import Position, nearest
from kg.terms import LANGUAGES, PREFIXES, SCHEME, ZEL, compress, expand

THING: Final = expand("owl:Thing")
_LOCAL: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*", re.ASCII)

Kind: TypeAlias = Literal["class", "object", "data"]

DATATYPES: Final = tuple(
    expand(curie)
    for curie in (
        "edtf:EDTF", "rdf:langString", "xsd:anyURI", "xsd:boolean", "xsd:date", "xsd:dateTime", "xsd:decimal",
        "xsd:double", "xsd:gYear", "xsd:gYearMonth", "xsd:integer", "xsd:nonNegativeInteger", "xsd:positiveInteger",
        "xsd:string",
    )
)  # fmt: skip
"""The datatypes that a data property may range over."""


EVERYWHERE: Final = tuple(PREFIXES[name] for name in ("csvw", "dct", "oa", "owl", "prov", "rdf", "rdfs", "skos"))
"""Vocabularies that every graph uses to describe itself, whatever a project makes of their terms."""


ORDER_STEP: Final = 1000
"""Between the places of two terms of the lowest layer: room for those of others."""


@dataclass(frozen=True, slots=True)
class Alignment:
    """How a term relates to one of another vocabulary: `=` same, `~` close, `<` narrower."""

    relation: str
    curie: str


@dataclass(frozen=True, slots=True)
class Term:
    """One class or property, with absolute IRIs; an external one keeps the IRI of its own vocabulary."""

    name: str
    iri: str
    kind: Kind
    parent: str
    domain: str | None
    range: str | None
    scheme: str | None
    labels: Mapping[str, str]
    definitions: Mapping[str, str]
    characteristics: tuple[str, ...]
    disjoint_with: tuple[str, ...]
    alignments: tuple[Alignment, ...]
    since: str
    """The version of the vocabulary that brought it; empty where nobody says."""
    deprecated: str | None
    """Version and reason, or None while the term is in use."""
    replaced_by: str | None
    position: Position
    further_parents: tuple[str, ...] = ()
    """What else stands directly above it, where it has several parents."""
    layer: str = ""
    """The layer of vocabulary that it belongs to; empty for a term of a project."""
    alias: str = ""
    """What may be written for it as well: the end of its IRI, where its schema names it otherwise."""
    order: int = 0
    """Its place among the terms of all layers; 0 for a term of a project, which stands after them."""

    @property
    def parents(self) -> tuple[str, ...]:
        """All that stands directly above it, as far as it has a name of its own there."""
        return tuple(iri for iri in (self.parent, *self.further_parents) if not iri.startswith(PREFIXES["owl"]))

    @property
    def external(self) -> bool:
        """Whether the term belongs to another vocabulary."""
        return not self.iri.startswith(ZEL)

    @property
    def derived(self) -> bool:
        """Whether a build makes the statements of the property, and nobody writes them."""
        return "derived" in self.characteristics


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer of vocabulary: a folder with terms, schemes and shapes, and what its `layer.toml` says of them."""

    name: str
    folder: Path
    extends: tuple[str, ...]
    """The layers that it stands on."""
    namespace: str
    """Where its terms live; several layers may share one."""
    prefix: str
    prefixes: Mapping[str, str]
    """Namespaces of further vocabularies that its terms are aligned with."""
    schemes: str
    """What the IRIs of its schemes begin with."""
    languages: tuple[str, ...]
    """In which all that it names has labels and definitions."""
    version: str = ""
    title: Mapping[str, str] = field(default_factory=dict)
    description: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Files of shapes that are made of the languages of a project: by name, the `shape` whose nodes must have labels,
    and by language the words for whose labels they are."""

    @property
    def iri(self) -> str:
        """The ontology that it is a part of."""
        return self.namespace.removesuffix("#")

    @property
    def shapes(self) -> Path:
        """The folder of its shapes, and of their cases."""
        return self.folder / "shapes"


@dataclass(frozen=True, slots=True)
class Pending:
    """What says that a thing is only planned, and where things are signed and announced (`default-graph.rq`)."""

    classes: tuple[str, ...] = ()
    """Whose members are pending."""
    leads: tuple[str, ...] = ()
    """Properties whose values are."""
    occasions: tuple[str, ...] = ()
    """Properties that lead to the event whose date and place hold for a thing as well."""


@dataclass(frozen=True, slots=True)
class Own:
    """What a project says of a vocabulary of its own, which stands beside the packaged one."""

    folder: Path
    base: str
    """The base of its data: schemes of its own live below it."""
    namespace: str
    prefix: str
    prefixes: Mapping[str, str] = field(default_factory=dict)
    """Namespaces of others' vocabularies."""
    languages: tuple[str, ...] = LANGUAGES
    """In which its terms and concepts have labels."""
    labelled: bool = True
    """Whether those that RDF files describe must have them; else it is told how many have not."""
    is_whole: bool = False
    """Whether all that RDF files of the vocabulary say is published beside it, so that nothing is left aside."""
    name: Callable[[Path], str] = str
    """What errors call a file."""

    @property
    def unsaid(self) -> str:
        """The language of a text that says none: that of the project, if it has one alone; else nobody knows."""
        return self.languages[0] if len(self.languages) == 1 else "und"

    @property
    def schemes(self) -> str:
        """Where its schemes live."""
        return f"{self.base}scheme/"


@dataclass(frozen=True)
class Vocabulary:
    """All terms by name, and all concepts by scheme and name.

    The name of a term is what is written in claims: without a prefix where nothing else has that name.
    """

    classes: Mapping[str, Term]
    properties: Mapping[str, Term]
    concepts: Mapping[str, Mapping[str, str]]
    prefixes: Mapping[str, str] = field(default_factory=lambda: PREFIXES)
    namespaces: tuple[str, ...] = (ZEL,)
    """Those whose every term is known here: a name in them that is no term is a mistake."""
    schemes: Mapping[str, str] = field(default_factory=dict)
    """The IRIs of schemes that are not packaged, or have concepts that are not, by name."""
    ambiguous: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Names that mean several terms, each with the prefixed names of these."""
    own: frozenset[str] = frozenset()
    """The IRIs of the terms that the project brings along."""
    described: frozenset[str] = frozenset()
    """Those of them that files of RDF describe, in their own words."""
    individuals: Mapping[str, str] = field(default_factory=dict)
    """The IRIs of the things that these files describe as they do their terms, each with a class of it."""
    statements: tuple[Triple, ...] = ()
    """These words."""
    files: tuple[Path, ...] = ()
    """The files that all of it was read from."""
    remarks: tuple[str, ...] = ()
    """What was left aside of them, in words."""
    layers: tuple[Layer, ...] = ()
    """Those that it stands on, the lowest first."""
    elsewhere: Mapping[str, str] = field(default_factory=dict)
    """The names of terms of layers that are not in use, each with its layer."""

    @property
    def terms(self) -> tuple[Term, ...]:
        """Classes, then properties, in the order of the file."""
        return (*self.classes.values(), *self.properties.values())

    @property
    def pending(self) -> Pending:
        """What the rule of the default graph is to know of it."""

        def marked(terms: Iterable[Term], word: str) -> tuple[str, ...]:
            return tuple(sorted(term.iri for term in terms if word in term.characteristics))

        properties = self.properties.values()
        return Pending(
            marked(self.classes.values(), "pending"), marked(properties, "pending"), marked(properties, "occasion")
        )

    @cached_property
    def _by_iri(self) -> Mapping[tuple[bool, str], Term]:
        return {(term.kind == "class", term.iri): term for term in self.terms}

    def class_named(self, name: str) -> Term | None:
        """The class that is written so, with a prefix or without."""
        return self.classes.get(name) or self._by_iri.get((True, self._iri(name))) or self._aliased.get((True, name))

    def property_named(self, name: str) -> Term | None:
        """The property that is written so, with a prefix or without."""
        found = self.properties.get(name) or self._by_iri.get((False, self._iri(name)))
        return found or self._aliased.get((False, name))

    @cached_property
    def _aliased(self) -> Mapping[tuple[bool, str], Term]:
        return {(term.kind == "class", term.alias): term for term in self.terms if term.alias}

    def _iri(self, name: str) -> str:
        prefix, colon, local = name.partition(":")
        return self.prefixes[prefix] + local if colon and prefix in self.prefixes else ""

    def hint(self, name: str, known: Iterable[str]) -> str | None:
        """What to write in place of a name that is none of those that are known here."""
        if name in self.ambiguous:
            return f"it is the name of several: write {' or '.join(self.ambiguous[name])}"
        if name.removeprefix("zel:") in self.elsewhere:
            return f"add '{self.elsewhere[name.removeprefix('zel:')]}' to [vocabulary] extends in kg.toml"
        prefix, colon, local = name.partition(":")
        if not colon:
            return nearest(name, known)
        if prefix not in self.prefixes:
            like = nearest(prefix, self.prefixes)
            return f"there is no prefix '{prefix}': {like or 'name it in [vocabulary.prefixes] of kg.toml'}"
        inside = [self.compress(term.iri) for term in self.terms if term.iri.startswith(self.prefixes[prefix])]
        return nearest(name, inside) or nearest(local, known)

    def compress(self, iri: str) -> str:
        """An IRI with a prefix of the project or one of ours; in brackets where no prefix fits.

        >>> Vocabulary({}, {}, {}, {**PREFIXES, "ex": "https://example.org/#"}).compress("https://example.org/#a")
        'ex:a'
        """
        own = [item for item in self.prefixes.items() if item[0] not in PREFIXES and iri.startswith(item[1])]
        for prefix, namespace in sorted(own, key=lambda item: -len(item[1])):
            if _LOCAL.fullmatch(local := iri[len(namespace) :]):
                return f"{prefix}:{local}"
        short = compress(iri)
        return short if short != iri else f"<{iri}>"

    @cached_property
    def values(self) -> Mapping[str, str]:
        """Concepts and individuals by what is written for them where no scheme is asked for: `scheme/name`, with a
        prefix, or the IRI.
        """
        concepts = {f"{scheme}/{name}": iri for scheme, one in self.concepts.items() for name, iri in one.items()}
        iris = (*concepts.values(), *self.individuals)
        return {**concepts, **{self.compress(iri): iri for iri in iris}, **{iri: iri for iri in iris}}

    def scheme_iri(self, name: str) -> str:
        """The IRI of a scheme."""
        return self.schemes.get(name, SCHEME + name)

    def superclasses(self, iri: str) -> tuple[str, ...]:
        """The class and everything above it up to, and without, owl:Thing; a foreign class stands alone."""
        parents = {term.iri: term.parents for term in self.classes.values()}
        chain = [iri]
        for one in chain:
            chain.extend(above for above in parents.get(one, ()) if above not in chain)
        return tuple(chain)
