"""Terms and schemes of LinkML schemas: classes, slots, attributes and enumerations (LinkML 1.7, by linkml-runtime).

The prefixes are those that the schema declares: the library puts `http://schema.org/` in the place of any other
namespace of the prefix `schema` as soon as it reads `linkml:types`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

from kg.errors import Position, Problem, UsageError
from kg.terms import expand, normalise_text
from kg.vocabulary.graphs import Brought
from kg.vocabulary.model import DATATYPES, Own, Term, Vocabulary
from kg.vocabulary.reading import Reader

_EXTRA: Final = "pip install 'zellige[linkml]'"
_PLAIN: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]*", re.ASCII)
_DATATYPES: Final[Mapping[str, str]] = {
    "xsd:float": expand("xsd:double"),
    "xsd:time": expand("xsd:string"),
    "linkml:DateOrDatetime": expand("edtf:EDTF"),
}
"""What stands for types that have no datatype of their own here."""
_THINGS: Final = frozenset({"shex:iri", "shex:nonLiteral"})
_CONCEPT, _CONCEPT_SCHEME = ox.NamedNode(expand("skos:Concept")), ox.NamedNode(expand("skos:ConceptScheme"))


class LinkmlFile(Reader):
    """One schema."""

    def __init__(self, path: Path, own: Own, below: Vocabulary, faults: list[Problem]) -> None:
        super().__init__(path, faults, own.name(path))
        self._own, self._below = own, below
        self._text = ""
        self._prefixes: Mapping[str, str] = {}
        self._language = own.unsaid

    def read(self, brought: Brought) -> None:
        """Add the terms and schemes of the schema to what was brought.

        :raises UsageError: if linkml-runtime is not installed
        """
        self._text = self.text()
        view = self._view()
        if view is None:
            return
        self._prefixes = {**self._below.prefixes, **_declared(view)}
        self._language = view.schema.in_language or self._own.unsaid
        names = {enum.name: _slug(enum.name) for enum in view.schema.enums.values()}
        for enum in view.schema.enums.values():
            self._scheme(enum, names[enum.name], brought)
        terms = [*(self._class(view, one) for one in view.schema.classes.values()), *self._slots(view, names)]
        # What the packaged vocabulary describes, it describes for all.
        known = {(term.kind == "class", term.iri) for term in self._below.terms}
        brought.terms += [term for term in terms if (term.kind == "class", term.iri) not in known]

    def _view(self) -> Any:
        try:
            from linkml_runtime.utils.schemaview import SchemaView  # type: ignore[import-untyped]
        except ImportError:
            raise UsageError(f"{self.shown} is a LinkML schema, which needs linkml-runtime", hint=_EXTRA) from None
        for line, name in _imports(self._text):
            local = self._path.parent / f"{name}.yaml"
            if not name.startswith("linkml:") and not local.resolve().is_relative_to(self._path.parent.resolve()):
                self.fault(line, f"the import '{name}' leads out of the folder", "put that schema beside this one")
                return None
            if not name.startswith("linkml:") and not local.is_file():
                self.fault(
                    line, f"there is no schema '{name}.yaml' beside this one", "nothing is fetched: put it there"
                )
                return None
        try:
            view = SchemaView(str(self._path))
            view.imports_closure()
        except (TypeError, ValueError, AttributeError, KeyError, OSError) as error:
            self.fault(1, f"no LinkML schema: {error}".splitlines()[0])
            return None
        return view

    def line(self, name: str) -> int:
        """The line where an element is described."""
        found = re.search(rf"^\s*['\"]?{re.escape(name)}['\"]?\s*:", self._text, re.MULTILINE)
        return self._text.count("\n", 0, found.end()) + 1 if found else 1

    def _iri(self, curie: str, name: str) -> str:
        prefix, colon, local = curie.partition(":")
        if prefix in self._prefixes:
            return self._prefixes[prefix] + local
        if not colon or not local.startswith("//"):
            self.fault(self.line(name), f"'{curie}' of {name} has no prefix that is known", "add it to 'prefixes:'")
        return curie

    def _texts(self, element: Any) -> tuple[Mapping[str, str], Mapping[str, str]]:
        """Label and definition, in the one language that LinkML has for both (`in_language`)."""
        tag = element.in_language or self._language
        label = element.title or str(element.name if hasattr(element, "name") else element.text)
        label = {tag: normalise_text(label)}
        return label, {tag: normalise_text(" ".join(element.description.split()))} if element.description else {}

    def _class(self, view: Any, one: Any) -> Term:
        above = [view.get_class(name) for name in (one.is_a, *one.mixins) if name]
        parents = [self._iri(view.get_uri(parent), one.name) for parent in above if parent is not None]
        return self._term(one, "class", view.get_uri(one), parents, None, None, None)

    def _slots(self, view: Any, enums: Mapping[str, str]) -> Iterator[Term]:
        """The slots of the schema, and the attributes of its classes; one of one class is said of that class."""
        users: dict[str, list[Any]] = {}
        slots: dict[str, Any] = dict(view.schema.slots)
        for one in view.schema.classes.values():
            for name in (*one.slots, *one.attributes):
                users.setdefault(name, []).append(one)
            for name, slot in one.attributes.items():
                other = slots.setdefault(name, slot)
                if other is not slot and (other.range, other.slot_uri) != (slot.range, slot.slot_uri):
                    hint = "give one of them a name, or a slot_uri, of its own"
                    self.fault(self.line(name), f"the attribute '{name}' means two things", hint)
        for name, slot in slots.items():
            domain = view.get_class(slot.domain) if slot.domain else None
            if domain is None and len(users.get(name, ())) == 1:
                (domain,) = users[name]
            iri = self._iri(view.get_uri(domain), name) if domain is not None else None
            kind, values, scheme = self._values(view, slot, enums)
            above = [view.get_slot(parent) for parent in (slot.is_a,) if parent]
            parents = [self._iri(view.get_uri(parent), name) for parent in above if parent is not None]
            yield self._term(slot, kind, view.get_uri(slot), parents, iri, values, scheme)

    def _values(self, view: Any, slot: Any, enums: Mapping[str, str]) -> tuple[str, str | None, str | None]:
        """The kind of a slot, its range, and the scheme whose concepts it has."""
        name = slot.range or view.schema.default_range or "string"
        if name in view.all_enums():
            return "object", None, enums.get(name) or _slug(name)
        if name in view.all_classes():
            return "object", self._iri(view.get_uri(view.get_class(name)), slot.name), None
        kind = view.all_types().get(name)
        if kind is None:
            self.fault(self.line(slot.name), f"the range '{name}' of {slot.name} is no class, enumeration or type")
            return "data", None, None
        while kind.uri is None and kind.typeof:
            kind = view.all_types()[kind.typeof]
        if kind.uri in _THINGS:
            return "object", None, None
        iri = _DATATYPES.get(kind.uri) or self._iri(kind.uri or "xsd:string", slot.name)
        return "data", iri if iri in DATATYPES else None, None

    def _term(  # noqa: PLR0913, PLR0917 -- the parts of a term
        self, element: Any, kind: Any, curie: str, parents: list[str], domain: str | None, range_: str | None,
        scheme: str | None,
    ) -> Term:  # fmt: skip
        iri = self._iri(curie, element.name)
        top = expand("owl:Thing" if kind == "class" else f"owl:top{kind.title()}Property")
        labels, definitions = self._texts(element)
        local = re.split(r"[/#:]", iri)[-1]
        return Term(
            # The schema's own name, by which its readers know it, whatever its IRI ends in.
            name=element.name if _PLAIN.fullmatch(element.name) else local,
            alias=local,
            iri=iri,
            kind=kind,
            parent=parents[0] if parents else top,
            domain=domain,
            range=range_,
            scheme=scheme,
            labels=labels,
            definitions=definitions,
            characteristics=(),
            disjoint_with=(),
            alignments=(),
            since="",
            deprecated=None,
            replaced_by=None,
            position=Position(self.shown, self.line(element.name)),
            further_parents=tuple(parents[1:]),
        )

    def _scheme(self, enum: Any, name: str, brought: Brought) -> None:
        """An enumeration, as a scheme whose concepts are its values."""
        if name in self._below.concepts or name in brought.schemes:
            self.fault(self.line(enum.name), f"there is a scheme '{name}' already", "give the enumeration another name")
            return
        scheme = ox.NamedNode(self._iri(enum.enum_uri, enum.name) if enum.enum_uri else self._own.schemes + name)
        brought.schemes[name] = scheme.value
        brought.statements += self._described(scheme, _CONCEPT_SCHEME, enum)
        members = brought.concepts.setdefault(name, {})
        for value in enum.permissible_values.values():
            made = f"{self._own.schemes}{name}/{_slug(value.text)}"
            concept = ox.NamedNode(self._iri(value.meaning, value.text) if value.meaning else made)
            members[value.text] = concept.value
            brought.statements += self._described(concept, _CONCEPT, value)
            brought.statements.append(ox.Triple(concept, ox.NamedNode(expand("skos:inScheme")), scheme))
            brought.statements.append(ox.Triple(concept, ox.NamedNode(expand("skos:topConceptOf")), scheme))

    def _described(self, node: ox.NamedNode, kind: ox.NamedNode, element: Any) -> Iterator[ox.Triple]:
        yield ox.Triple(node, ox.NamedNode(expand("rdf:type")), kind)
        labels, definitions = self._texts(element)
        for name, texts in (("skos:prefLabel", labels), ("skos:definition", definitions)):
            for tag, text in texts.items():
                yield ox.Triple(node, ox.NamedNode(expand(name)), ox.Literal(text, language=tag))


def _declared(view: Any) -> Mapping[str, str]:
    """The prefixes that the schema and those that it imports declare; its own go before theirs."""
    schemas = [*view.schema_map.values(), view.schema]
    return {str(name): str(one.prefix_reference) for schema in schemas for name, one in schema.prefixes.items()}


def _imports(text: str) -> Iterator[tuple[int, str]]:
    """The names that a schema imports, with their lines."""
    inside = False
    for number, line in enumerate(text.splitlines(), 1):
        if re.match(r"imports\s*:", line):
            inside = True
            for name in re.findall(r"[\w:./-]+", line.partition(":")[2]):
                yield number, name
        elif inside and (found := re.match(r"\s*-\s*['\"]?([\w:./-]+)", line)):
            yield number, found[1]
        elif line[:1].strip() and not line.startswith("#"):
            inside = False


def _slug(name: str) -> str:
    """A name as a part of an IRI.

    >>> _slug("StateOfRepair"), _slug("in use")
    ('state-of-repair', 'in-use')
    """
    return re.sub(r"[^a-z0-9]+", "-", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", name).lower()).strip("-")
