"""YAML nodes -> what a YARRRML document says, with every fault of the file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Final

from kg.errors import MappingError, Position, Problem, nearest
from kg.positions import Node, Sequence, Table, Value
from kg.rml.mapping.yarrrml.calls import is_call, read_call, read_conditions
from kg.rml.mapping.yarrrml.externals import with_externals
from kg.rml.mapping.yarrrml.fields import Field, each, fields_of, text_of
from kg.rml.mapping.yarrrml.links import Conditions
from kg.rml.mapping.yarrrml.model import Document, Link, Object, PredicateObject, RowMapping
from kg.rml.mapping.yarrrml.sources import Source, read_sources, sources_of
from kg.rml.mapping.yarrrml.targets import Target, read_targets, targets_of
from kg.rml.mapping.yarrrml.terms import RDF_TYPE, Call, Prefixes, Template, parse_template, with_colons
from kg.rml.mapping.yarrrml.terms import Value as Given

_BASE: Final = "http://mapping.example.com/"
_OF_DOCUMENT: Final = ("prefixes", "base", "authors", "external", "sources", "targets", "mappings")
_OF_MAPPINGS: Final = ("sources", "subjects", "predicateobjects", "graphs", "condition")
_OF_OBJECTS: Final = ("value", "function", "parameters", "type", "datatype", "language", "condition", "targets")
_MORE: Final = ("datatype", "language", "condition", "conditions", "targets", "target")
_LIKE_A_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})?")
_BRACED: Final = re.compile(r"\{[^{}\s][^{}]*\}")
_LANG_STRING: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"


def read_document(root: Node) -> Document:
    """What the nodes of a YARRRML file say.

    :raises MappingError: with every fault, in the order of the file
    """
    root = with_externals(root)
    fields = fields_of(root, "the document", _OF_DOCUMENT)
    prefixes = Prefixes(_prefixes(fields["prefixes"].node) if "prefixes" in fields else {})
    declared = read_sources(fields["sources"].node) if "sources" in fields else {}
    base = text_of(fields["base"].node, "'base'") if "base" in fields else _BASE
    if "mappings" not in fields:
        raise MappingError("the document has no 'mappings'", position=root.position)
    targets = read_targets(fields["targets"].node, declared) if "targets" in fields else {}
    reader = _Reader(prefixes, declared, targets)
    return Document(base, reader.mappings(fields["mappings"].node), reader.notes())


def _prefixes(node: Node) -> dict[str, str]:
    if not isinstance(node, Table):
        raise MappingError("'prefixes' is written as prefixes with IRIs", position=node.position)
    return {prefix: text_of(value, f"the prefix '{prefix}'") for prefix, value in node}


class _Reader:
    """Reads mapping after mapping and keeps the faults of each."""

    def __init__(self, prefixes: Prefixes, declared: Mapping[str, Source], targets: Mapping[str, Target]) -> None:
        self._prefixes, self._declared, self._targets = prefixes, declared, targets
        self._problems: list[Problem] = []
        self._written_out: list[tuple[str, Position]] = []
        """Objects that are texts although they read like names of IRIs, and where they stand."""
        self._braced: list[tuple[str, Position]] = []
        """Objects that are the same text in every row although they read like references of other languages."""

    @contextmanager
    def _gathering(self) -> Iterator[None]:
        try:
            yield
        except MappingError as error:
            self._problems.extend(error.problems)

    def mappings(self, node: Node) -> tuple[RowMapping, ...]:
        if not isinstance(node, Table):
            hint = "mappings: {city: {sources: ..., s: ..., po: ...}}"
            raise MappingError("'mappings' is written as names with values", position=node.position, hint=hint)
        read: list[RowMapping] = []
        for name, value in node:
            with self._gathering():
                read.append(self._mapping(name, value, node.keys[name]))
        for mapping in read:
            self._check_links(mapping, {m.name: m for m in read}, set(node.entries))
        if self._problems:
            raise MappingError(problems=sorted(self._problems, key=lambda p: (p.position or node.position, p.message)))
        return tuple(read)

    def notes(self) -> tuple[Problem, ...]:
        """Remarks on all objects that are texts, but may have been meant otherwise."""
        made = []
        for found, what, cure in (
            (
                self._written_out,
                "is a text here, with its prefix written out",
                "write {}~iri for the IRI, or value: and type: literal for the text as it stands",
            ),
            (self._braced, "is a text here, the same in every row", "a column is written $(name)"),
        ):
            if found:
                (text, position), *more = sorted(found, key=lambda one: one[1])
                others = f", and {len(more)} more like it" if more else ""
                made.append(Problem("mapping", f"'{text}' {what}{others}", position, hint=cure.replace("{}", text)))
        return tuple(made)

    def _check_links(self, mapping: RowMapping, read: Mapping[str, RowMapping], names: set[str]) -> None:
        for link in (o for po in mapping.predicateobjects for o in po.objects if isinstance(o, Link)):
            with self._gathering():
                if link.mapping not in names:
                    hint = nearest(link.mapping, names)
                    raise MappingError(f"there is no mapping '{link.mapping}'", position=link.position, hint=hint)
                other = read.get(link.mapping)
                if other and not link.conditions and other.sources != mapping.sources:
                    raise MappingError(
                        f"'{mapping.name}' and '{link.mapping}' have different sources: the link needs a condition",
                        position=link.position,
                        hint="condition: {function: equal, parameters: [[str1, $(own)], [str2, $(other)]]}",
                    )

    def _mapping(self, name: str, node: Node, position: Position) -> RowMapping:
        fields = fields_of(node, f"the mapping '{name}'", _OF_MAPPINGS)
        if "sources" not in fields:
            raise MappingError(f"the mapping '{name}' has no 'sources'", position=position)
        sources: tuple[Source, ...] = ()
        subjects: tuple[Given | None, ...] = (None,)
        graphs: tuple[Given, ...] = ()
        conditions: tuple[Call, ...] = ()
        with self._gathering():
            conditions = self._conditions(fields)
        with self._gathering():
            sources = sources_of(fields["sources"].node, self._declared)
        with self._gathering():
            subjects = self._subjects(fields.get("subjects"))
        with self._gathering():
            graphs = self._iris(fields.get("graphs"), "a graph")
        pairs: list[PredicateObject] = []
        for item in self._items(fields.get("predicateobjects")):
            with self._gathering():
                pairs.append(self._predicateobject(item))
        return RowMapping(name, sources, subjects, graphs, tuple(pairs), position, conditions)

    def _conditions(self, fields: Mapping[str, Field]) -> tuple[Call, ...]:
        return read_conditions(fields["condition"].node, self._prefixes) if "condition" in fields else ()

    @staticmethod
    def _items(field: Field | None) -> Iterator[Node]:
        if field is not None:
            yield from each(field.node)

    def _subjects(self, field: Field | None) -> tuple[Given | None, ...]:
        if field is None or (isinstance(field.node, Value) and field.node.value is None):
            return (None,)
        return tuple(self._subject(item) for item in each(field.node))

    def _subject(self, node: Node) -> Given | None:
        """A subject; `{type: blank}` is a blank node, of its own for each row unless there is a value."""
        if not isinstance(node, Table) or is_call(node) or "type" not in node.entries:
            return self._iri(node, "a subject")
        fields = fields_of(node, "a subject", ("value", "type", "targets"))
        kind = self._type_of(fields["type"].node, ("iri", "blank"))
        if "value" not in fields:
            if kind != "blank" or "targets" in fields:
                raise MappingError("a subject has no 'value'", position=node.position)
            return None
        value = fields["value"].node
        made = self._blank(value, "a subject") if kind == "blank" else self._plain_iri(value, "a subject")
        return replace(made, targets=self._targets_in(fields))

    @staticmethod
    def _type_of(node: Node, known: tuple[str, ...]) -> str:
        kind = text_of(node, "'type'")
        if kind not in known:
            raise MappingError(f"unknown type '{kind}'", position=node.position, hint=" or ".join(known))
        return kind

    @staticmethod
    def _blank(node: Node, what: str) -> Template:
        return replace(with_colons(parse_template(text_of(node, what), node.position)), is_blank=True)

    def _iris(self, field: Field | None, what: str) -> tuple[Given, ...]:
        return tuple(self._iri(item, what) for item in self._items(field))

    def _aimed(self, node: Node, what: str) -> tuple[Node, tuple[Target, ...]]:
        """What stands for a term, and its targets: `{value: ..., targets: ...}`, or the value alone."""
        if not isinstance(node, Table) or is_call(node):
            return node, ()
        fields = fields_of(node, what, ("value", "targets"))
        if "value" not in fields:
            raise MappingError(f"{what} has no 'value'", position=node.position)
        return fields["value"].node, self._targets_in(fields)

    def _targets_in(self, fields: Mapping[str, Field]) -> tuple[Target, ...]:
        return targets_of(fields["targets"].node, self._targets) if "targets" in fields else ()

    def _iri(self, node: Node, what: str) -> Given:
        node, targets = self._aimed(node, what)
        return replace(self._plain_iri(node, what), targets=targets)

    def _plain_iri(self, node: Node, what: str) -> Given:
        if is_call(node):
            return read_call(node, self._prefixes)
        text = text_of(node, what).removesuffix("~iri")
        return self._prefixes.expand(parse_template(text, node.position))

    def _predicateobject(self, node: Node) -> PredicateObject:
        annotation: Node | None = None
        graphs: tuple[Given, ...] = ()
        conditions: tuple[Call, ...] = ()
        if isinstance(node, Sequence):
            match node.items:
                case (predicates, objects):
                    pass
                case (predicates, objects, third):
                    annotation = third
                case items:
                    raise MappingError(
                        f"a short predicateobject has two or three items, not {len(items)}",
                        position=node.position,
                        hint="[predicate, object] or [predicate, object, datatype or xx~lang]",
                    )
        elif isinstance(node, Value):
            what = f"a predicateobject is a pair, not '{node.text}' alone"
            raise MappingError(what, position=node.position, hint="po: [[predicate, object]], a list of pairs")
        else:
            fields = fields_of(
                self._no_properties(node), "a predicateobject", ("predicates", "objects", "graphs", "condition")
            )
            for name in ("predicates", "objects"):
                if name not in fields:
                    raise MappingError(f"the predicateobject has no '{name}'", position=node.position)
            predicates, objects = fields["predicates"].node, fields["objects"].node
            graphs = self._iris(fields.get("graphs"), "a graph")
            conditions = self._conditions(fields)
        made = self._combined(node.position, predicates, objects, annotation, graphs)
        return replace(made, conditions=conditions)

    @staticmethod
    def _no_properties(node: Node) -> Node:
        """A predicateobject, which is no property with its value."""
        named = next((key for key in node.entries if ":" in key), None) if isinstance(node, Table) else None
        if named is not None:
            what = f"a predicateobject has no property '{named}' as a key"
            raise MappingError(what, position=node.position, hint=f"po: [[{named}, object]], a list of pairs")
        return node

    def _combined(
        self,
        position: Position,
        predicates: Node,
        objects: Node,
        annotation: Node | None,
        graphs: tuple[Given, ...],
    ) -> PredicateObject:
        read = tuple(self._predicate(item) for item in each(predicates))
        is_type = any(template.constant == RDF_TYPE.value for template in read)
        made = tuple(self._object(item, annotation, is_type=is_type) for item in each(objects))
        if not read or not made:
            raise MappingError("a predicateobject has at least one predicate and one object", position=position)
        return PredicateObject(read, made, graphs, position)

    def _predicate(self, node: Node) -> Given:
        inner, targets = self._aimed(node, "a predicate")
        if isinstance(inner, Value) and inner.text == "a":
            return Template((RDF_TYPE.value,), inner.position, targets)
        return self._iri(node, "a predicate")

    def _object(self, node: Node, annotation: Node | None, *, is_type: bool) -> Object | Link:
        if isinstance(node, Table) and not (annotation is not None and is_call(node)):
            if annotation is not None:
                raise MappingError(
                    "an object with keys says its datatype or language itself", position=annotation.position
                )
            return self._link(node) if "mapping" in node.entries else self._long_object(node, is_type=is_type)
        if isinstance(node, Sequence):
            match node.items, annotation:
                case (value,), _:
                    node = value
                case (value, second), None:
                    node, annotation = value, second
                case _:
                    raise MappingError("an object is [value, datatype or xx~lang]", position=node.position)
        text = "" if is_call(node) else text_of(node, "an object")
        if text.endswith("~lang"):
            raise MappingError(
                f"'{text}' stands where an object stands", position=node.position, hint="write [[value, xx~lang]]"
            )
        datatype, language = self._annotated(annotation)
        return self._made(node, text, "iri" if is_type else None, datatype, language)

    def _annotated(self, annotation: Node | None) -> tuple[Given | None, Given | None]:
        """The datatype or the language that stands behind an object."""
        if annotation is None:
            return None, None
        if is_call(annotation):
            return self._iri(annotation, "a datatype"), None
        said = text_of(annotation, "a datatype or language")
        if _LIKE_A_LANGUAGE.fullmatch(said):
            hint = f"the language is written {said}~lang, a datatype as in xsd:date"
            raise MappingError(f"'{said}' is no datatype", position=annotation.position, hint=hint)
        if said.endswith("~lang"):
            return None, parse_template(said.removesuffix("~lang"), annotation.position)
        return self._iri(annotation, "a datatype"), None

    def _long_object(self, node: Table, *, is_type: bool) -> Object:
        fields = fields_of(node, "an object", _OF_OBJECTS)
        kind = "iri" if is_type else None
        if "type" in fields:
            kind = self._type_of(fields["type"].node, ("iri", "literal", "blank"))
        if kind == "blank":
            return self._blank_object(node, fields)
        if ("value" in fields) is ("function" in fields):
            raise MappingError("an object has one of 'value', 'function' and 'mapping'", position=node.position)
        datatype = self._iri(fields["datatype"].node, "a datatype") if "datatype" in fields else None
        language: Given | None = None
        if "language" in fields:
            said, aims = self._aimed(fields["language"].node, "a language")
            if is_call(said):
                language = replace(read_call(said, self._prefixes), targets=aims)
            else:
                language = parse_template(text_of(said, "a language").removesuffix("~lang"), said.position)
                language = replace(language, targets=aims)
        if "value" in fields and not is_call(fields["value"].node):
            value = fields["value"].node
            made = self._made(value, text_of(value, "an object"), kind, datatype, language)
        else:
            inner = {key: one for key, one in node.entries.items() if key not in {"type", *_MORE}}
            call = fields["value"].node if "value" in fields else replace(node, entries=inner)
            made = self._called(call, kind, datatype, language)
        aimed = replace(made.value, targets=self._targets_in(fields))
        return replace(made, value=aimed, conditions=self._conditions(fields))

    def _blank_object(self, node: Table, fields: Mapping[str, Field]) -> Object:
        if wrong := {"function", "parameters", "datatype", "language"} & fields.keys():
            message = f"a blank node has no '{min(wrong)}'"
            raise MappingError(message, position=node.position, hint="it has a value, or is a new one for each row")
        made = Template((), node.position, is_blank=True)
        if "value" in fields:
            made = self._blank(fields["value"].node, "an object")
        aimed = replace(made, targets=self._targets_in(fields))
        return Object(aimed, False, None, None, self._conditions(fields))  # noqa: FBT003

    def _called(self, node: Node, kind: str | None, datatype: Given | None, language: Given | None) -> Object:
        """An object that a function gives."""
        if datatype and language:
            raise MappingError("a literal has a datatype or a language, not both", position=node.position)
        if kind == "iri" and (datatype or language):
            raise MappingError("an IRI has neither datatype nor language", position=node.position)
        return Object(read_call(node, self._prefixes), kind == "iri", datatype, language)

    def _made(self, node: Node, text: str, kind: str | None, datatype: Given | None, language: Given | None) -> Object:
        if is_call(node):
            return self._called(node, kind, datatype, language)
        position = node.position
        if language is not None and datatype is not None and datatype.constant == _LANG_STRING:
            datatype = None
        if text.endswith("~iri"):
            if kind == "literal":
                raise MappingError("'~iri' and 'type: literal' contradict each other", position=position)
            text, kind = text.removesuffix("~iri"), "iri"
        if datatype and language:
            raise MappingError("a literal has a datatype or a language, not both", position=position)
        if kind == "iri":
            if datatype or language:
                raise MappingError("an IRI has neither datatype nor language", position=position)
            return Object(self._prefixes.expand(parse_template(text, position)), True, None, None)  # noqa: FBT003
        plain = isinstance(node, Value) and kind is None and not (datatype or language)
        template = self._text(text, position) if plain else with_colons(parse_template(text, position))
        if template.constant is not None and (datatype or language or template).constant is None:
            raise MappingError("a constant takes no datatype or language from the data", position=position)
        return Object(template, False, datatype, language)  # noqa: FBT003

    def _text(self, text: str, position: Position) -> Template:
        """A text of which nothing is said, and what may have been meant otherwise."""
        if self._prefixes.has(text):
            self._written_out.append((text, position))
            return self._prefixes.expand(parse_template(text, position))
        template = with_colons(parse_template(text, position))
        if template.constant is not None and _BRACED.search(text):
            self._braced.append((text, position))
        return template

    def _link(self, node: Table) -> Link:
        fields = fields_of(node, "a link", ("mapping", "condition", "targets"))
        name = text_of(fields["mapping"].node, "the name of a mapping")
        conditions = Conditions(self._prefixes, name).read(fields.get("condition"))
        return Link(name, conditions, fields["mapping"].node.position, self._targets_in(fields))
