"""The small parts of YARRRML: prefixed names, and templates with their references."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from pyoxigraph import NamedNode

from kg.errors import MappingError, Position, nearest
from kg.rml.mapping.functions import FN, GREL, IDLAB
from kg.rml.mapping.yarrrml.targets import Target

RML: Final = "http://w3id.org/rml/"
XSD: Final = "http://www.w3.org/2001/XMLSchema#"
RDF_TYPE: Final = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")

PREDEFINED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "as": "https://www.w3.org/ns/activitystreams#",
        "cc": "http://creativecommons.org/ns#",
        "csvw": "http://www.w3.org/ns/csvw#",
        "dc": "http://purl.org/dc/terms/",
        "dc11": "http://purl.org/dc/elements/1.1/",
        "dcat": "http://www.w3.org/ns/dcat#",
        "dcterms": "http://purl.org/dc/terms/",
        "dqv": "http://www.w3.org/ns/dqv#",
        "fn": FN,
        "foaf": "http://xmlns.com/foaf/0.1/",
        "grel": GREL,
        "idlab-fn": IDLAB,
        "oa": "http://www.w3.org/ns/oa#",
        "org": "http://www.w3.org/ns/org#",
        "owl": "http://www.w3.org/2002/07/owl#",
        "prov": "http://www.w3.org/ns/prov#",
        "qb": "http://purl.org/linked-data/cube#",
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
        "rml": RML,
        "schema": "http://schema.org/",
        "sh": "http://www.w3.org/ns/shacl#",
        "sioc": "http://rdfs.org/sioc/ns#",
        "skos": "http://www.w3.org/2004/02/skos/core#",
        "skosxl": "http://www.w3.org/2008/05/skos-xl#",
        "sosa": "http://www.w3.org/ns/sosa/",
        "ssn": "http://www.w3.org/ns/ssn/",
        "time": "http://www.w3.org/2006/time#",
        "vcard": "http://www.w3.org/2006/vcard/ns#",
        "void": "http://rdfs.org/ns/void#",
        "xsd": XSD,
    }
)
"""Prefixes that need no declaration: the vocabularies of the RDFa initial context that are in wide use, `rml`, and what
functions are called by."""

_SCHEMES: Final = frozenset({"urn", "mailto", "tel", "tag", "info", "did", "graph"})
"""What may stand before a colon without `//` and without being a declared prefix."""
_NAME: Final = r"[^\W\d][\w-]*"
_UP_TO_LONE: Final = re.compile(r"((?:[^\\)]|\\.)*)\)", re.DOTALL)
_PREFIX: Final = re.compile(r"((?:[^\\:]|\\[^:])*)(:?)(.*)", re.DOTALL)
_JSON_PATH: Final = re.compile(rf"{_NAME}(?:\.{_NAME}|\.\*|\[[^\]]*\])*")
_WITH_DOLLARS: Final = re.compile(rf"{_NAME}(?:\.\$?{_NAME})+")
"""Members as MongoDB names its own."""


@dataclass(frozen=True, slots=True)
class Reference:
    """What stands between `$(` and `)`."""

    path: str

    def in_formulation(self, formulation: str) -> str:
        """The reference as RML-Core writes it: a JSONPath starts at `$`, where YARRRML lets a bare name stand.

        >>> Reference("name").in_formulation("csv"), Reference("a.b[0]").in_formulation("jsonpath")
        ('name', '$.a.b[0]')
        >>> Reference("Country Code").in_formulation("jsonpath"), Reference("_id.$oid").in_formulation("jsonpath")
        ("$['Country Code']", "$._id['$oid']")
        >>> Reference("^name").in_formulation("jsonpath"), Reference("^@name").in_formulation("xpath")
        ('^$.name', '../@name')
        """
        if self.path.startswith("^") and formulation in {"jsonpath", "xpath"}:
            below = self.path.lstrip("^")
            levels = len(self.path) - len(below)
            above = "^" * levels if formulation == "jsonpath" else "../" * levels
            return above + Reference(below).in_formulation(formulation)
        if formulation != "jsonpath" or self.path.startswith("$"):
            return self.path
        if self.path.startswith(("[", ".")):
            return f"${self.path}"
        if _JSON_PATH.fullmatch(self.path):
            return f"$.{self.path}"
        if _WITH_DOLLARS.fullmatch(self.path):
            members = self.path.split(".")
            return "$" + "".join(f"['{one}']" if one.startswith("$") else f".{one}" for one in members)
        quoted = self.path.replace("\\", "\\\\").replace("'", "\\'")
        return f"$['{quoted}']"


@dataclass(frozen=True, slots=True)
class Template:
    """A text of YARRRML with its references, and where it stands."""

    parts: tuple[str | Reference, ...]
    position: Position
    targets: tuple[Target, ...] = ()
    """Where the triples go that the term is in."""
    is_blank: bool = False
    """Whether it is the label of a blank node, and no IRI; without parts, a new node for each row."""

    @property
    def constant(self) -> str | None:
        """The text, if it holds no reference."""
        return "".join(p for p in self.parts if isinstance(p, str)) if not self._references() else None

    @property
    def reference(self) -> Reference | None:
        """The reference, if there is nothing else."""
        return self._references()[0] if len(self.parts) == 1 and self._references() else None

    def _references(self) -> list[Reference]:
        return [part for part in self.parts if isinstance(part, Reference)]

    def to_rml(self, formulation: str) -> str:
        """The string template of RML-Core: references in braces; braces and backslashes that stand for themselves
        are escaped, within references too (RML-Core, section on templates).

        >>> parse_template("a{b/$(c d)", Position("m.yml", 1)).to_rml("csv")
        'a\\\\{b/{c d}'
        """
        return "".join(
            _escaped(part) if isinstance(part, str) else f"{{{_escaped(part.in_formulation(formulation))}}}"
            for part in self.parts
        )


@dataclass(frozen=True, slots=True)
class Call:
    """A function with what it takes: IRIs of parameters, and values."""

    function: str
    inputs: tuple[tuple[str, Value], ...]
    position: Position
    targets: tuple[Target, ...] = ()

    @property
    def constant(self) -> None:
        """A function is no constant."""
        return

    @property
    def reference(self) -> None:
        """A function is no reference."""
        return


Value = Template | Call


def _escaped(text: str) -> str:
    return re.sub(r"[\\{}]", lambda found: "\\" + found[0], text)


def parse_template(text: str, position: Position) -> Template:
    """Find the references `$(...)` of a text; parentheses within one are balanced, or written `\\(` and `\\)`.

    :raises MappingError: if a reference is not closed, or is empty

    >>> parse_template("http://e/$(id)", Position("m.yml", 1)).parts
    ('http://e/', Reference(path='id'))
    """
    parts: list[str | Reference] = []
    at = 0
    while (start := text.find("$(", at)) >= 0:
        if start > at:
            parts.append(text[at:start])
        path, at = _reference_at(text, start + 2, position)
        parts.append(Reference(path))
    if at < len(text) or not parts:
        parts.append(text[at:])
    return Template(tuple(parts), position)


def _reference_at(text: str, start: int, position: Position) -> tuple[str, int]:
    depth, at, path = 1, start, ""
    while at < len(text):
        character = text[at]
        if character == "\\" and text[at + 1 : at + 2] in {"(", ")"}:
            path += text[at + 1]
            at += 2
            continue
        depth += {"(": 1, ")": -1}.get(character, 0)
        at += 1
        if depth == 0:
            return _named(path, position), at
        path += character
    alone = _UP_TO_LONE.match(text, start)
    if alone is not None:
        # As yarrrml-parser reads it: only what closes needs an escape.
        return _named(re.sub(r"\\([()])", r"\1", alone[1]), position), alone.end()
    raise MappingError(
        f"a reference is not closed: {text[start - 2 :]!r}", position=position, hint="write $(name); a lone ) as \\)"
    )


def _named(path: str, position: Position) -> str:
    if not path:
        raise MappingError("a reference without a name: $()", position=position, hint="write $(column)")
    return path


def with_colons(template: Template) -> Template:
    r"""A template whose escaped colons are colons: `\:` is one that ends no prefix.

    >>> with_colons(parse_template(r"Note\: $(text)", Position("m.yml", 1))).parts
    ('Note: ', Reference(path='text'))
    """
    parts = tuple(part.replace("\\:", ":") if isinstance(part, str) else part for part in template.parts)
    return replace(template, parts=parts)


@dataclass(frozen=True, slots=True)
class Prefixes:
    """The prefixes of a document, with those that are predefined."""

    declared: Mapping[str, str]

    def has(self, text: str) -> bool:
        """Whether a text reads as a prefixed name of a known prefix.

        >>> Prefixes({}).has("foaf:name"), Prefixes({}).has("Note: well")
        (True, False)
        """
        prefix, colon, local = text.partition(":")
        known = prefix in self.declared or prefix in PREDEFINED
        return bool(colon) and known and not local.startswith(("//", " "))

    def expand(self, template: Template) -> Template:
        """The template of an IRI with its prefix written out; `<...>` is an IRI as it stands.

        :raises MappingError: if the prefix is not known
        """
        first = template.parts[0] if template.parts else None
        if not isinstance(first, str):
            return with_colons(template)
        if first.startswith("<") and template.constant is not None and first.endswith(">"):
            return replace(template, parts=(first[1:-1],))
        found = _PREFIX.fullmatch(first)
        prefix, colon, local = found.groups() if found else (first, "", "")
        is_scheme = prefix in _SCHEMES and prefix not in self.declared
        if not colon or "/" in prefix or local.startswith("//") or is_scheme:
            return with_colons(template)
        namespace = self.declared.get(prefix, PREDEFINED.get(prefix))
        if namespace is None:
            near = nearest(prefix, {**PREDEFINED, **self.declared})
            hint = near or "declare it under 'prefixes', or write the full IRI"
            raise MappingError(f"the prefix '{prefix}' is not declared", position=template.position, hint=hint)
        return with_colons(replace(template, parts=(namespace + local, *template.parts[1:])))

    def value(self, text: str, position: Position) -> Template:
        r"""What a function takes, as yarrrml-parser reads it: a prefix that is known is written out, as is any before
        `~iri`; `\:` ends no prefix.

        >>> at = Position("m.yml", 1)
        >>> [Prefixes({"ex": "http://e/"}).value(text, at).constant for text in ("ex:a", r"ex\:a", "a:b", "ex:a~iri")]
        ['http://e/a', 'ex:a', 'a:b', 'http://e/a']
        """
        template = parse_template(text.removesuffix("~iri"), position)
        first = template.parts[0]
        if text.endswith("~iri") or (isinstance(first, str) and self.has(first)):
            return self.expand(template)
        if isinstance(first, str) and self.has(plain := first.replace("\\:", ":", 1)):
            return replace(template, parts=(plain, *template.parts[1:]))
        return template

    def iri(self, text: str, position: Position) -> NamedNode:
        """The IRI that a constant text stands for.

        :raises MappingError: if it is none, or its prefix is not known
        """
        template = self.expand(parse_template(text, position))
        constant = template.constant
        if constant is None:
            raise MappingError(f"an IRI without references is wanted here, not '{text}'", position=position)
        return iri_at(constant, position)


def iri_at(text: str, position: Position) -> NamedNode:
    """A constant IRI.

    :raises MappingError: if the text is none
    """
    try:
        return NamedNode(text)
    except ValueError:
        hint = "a column is written $(name)" if "{" in text else "write prefix:name, or the full IRI"
        raise MappingError(f"'{text}' is no IRI", position=position, hint=hint) from None
