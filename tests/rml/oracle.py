"""A slow, obvious interpreter of RML-Core, to judge a fast one.

Written from the specifications (RML-Core, section "The Output Dataset" and those on expressions, term maps, joins and
graphs; the RML-IO registry on CSV and JSONPath), with rdflib terms, dictionaries and nested loops. It knows CSV,
JSON and XML, of JSONPath only names, indexes and wildcards, and of XPath little more. It shares no code with `kg.rml`.
"""

from __future__ import annotations

import csv
import io
import itertools
import json
import re
from pathlib import Path
from xml.etree import ElementTree as ET

from rdflib import XSD, BNode, Graph, Literal, Namespace, URIRef
from rdflib.namespace import RDF
from rdflib.term import Node

RML = Namespace("http://w3id.org/rml/")
CSVW = Namespace("http://www.w3.org/ns/csvw#")
Quad = tuple[Node, Node, Node, Node | None]


class Fault(Exception):
    """The mapping or the data are not what RML-Core allows."""


# --- the mapping, as dictionaries -------------------------------------------------------------------------------


def read_mapping(path: Path) -> dict[Node, dict]:
    """Triples maps by name."""
    try:
        graph = Graph().parse(
            data=path.read_text(encoding="utf-8"), format="turtle", publicID="http://mapping.invalid/"
        )
    except Exception as error:
        raise Fault("not Turtle") from error
    names = sorted(set(graph.subjects(RML.logicalSource)) | set(graph.subjects(RDF.type, RML.TriplesMap)))
    maps = {name: read_triples_map(graph, name) for name in names}
    for triples_map in maps.values():
        for pair in triples_map["pairs"]:
            for link in pair["links"]:
                if link["parent"] not in maps:
                    raise Fault("no such parent triples map")
                same = maps[link["parent"]]["source"] == triples_map["source"]
                if not link["joins"] and not same:
                    raise Fault("different sources need a join condition")
    return maps


def read_triples_map(graph: Graph, name: Node) -> dict:
    subjects = term_maps(graph, name, "subject")
    if len(subjects) != 1:
        raise Fault("a triples map has one subject map")
    owner = graph.value(name, RML.subjectMap)
    return {
        "source": read_source(graph, only(graph, name, RML.logicalSource)),
        "base": graph.value(name, RML.baseIRI),
        "subject": subjects[0],
        "classes": list(graph.objects(owner, RML["class"])) if owner is not None else [],
        "graphs": term_maps(graph, owner, "graph") if owner is not None else [],
        "pairs": [read_pair(graph, node) for node in graph.objects(name, RML.predicateObjectMap)],
    }


def only(graph: Graph, node: Node, predicate: Node) -> Node:
    found = list(graph.objects(node, predicate))
    if len(found) != 1:
        raise Fault(f"exactly one {predicate}")
    return found[0]


def read_source(graph: Graph, node: Node) -> dict:
    file = only(graph, node, RML.source)
    if graph.value(file, RML.root) not in {RML.MappingDirectory, None}:
        raise Fault("only sources beside the mapping")
    dialect = graph.value(file, CSVW.dialect)
    iterator = graph.value(node, RML.iterator)
    return {
        "path": str(only(graph, file, RML.path)),
        "formulation": only(graph, node, RML.referenceFormulation),
        "iterator": None if iterator is None else str(iterator),
        "delimiter": str(graph.value(dialect, CSVW.delimiter) or ",") if dialect is not None else ",",
        "nulls": sorted(str(value) for value in graph.objects(file, RML.null)),
    }


def read_pair(graph: Graph, node: Node) -> dict:
    objects, links = [], []
    for item in graph.objects(node, RML.objectMap):
        parent = graph.value(item, RML.parentTriplesMap)
        if parent is None:
            objects.append(term_map(graph, item, "object"))
        else:
            links.append(
                {"parent": parent, "joins": [read_join(graph, j) for j in graph.objects(item, RML.joinCondition)]}
            )
    objects += [{"kind": "object", "constant": value} for value in graph.objects(node, RML.object)]
    predicates = term_maps(graph, node, "predicate")
    if not predicates or not (objects or links):
        raise Fault("a predicate-object map has predicates and objects")
    return {"predicates": predicates, "objects": objects, "links": links, "graphs": term_maps(graph, node, "graph")}


def read_join(graph: Graph, node: Node) -> dict:
    sides = {}
    for side in ("child", "parent"):
        maps = [expression(graph, item) for item in graph.objects(node, RML[f"{side}Map"])]
        maps += [{"reference": str(value)} for value in graph.objects(node, RML[side])]
        if len(maps) != 1:
            raise Fault(f"a join has one {side}")
        sides[side] = maps[0]
    return sides


def term_maps(graph: Graph, node: Node, kind: str) -> list[dict]:
    """The maps of a kind, written in full or as a constant shortcut."""
    found = [term_map(graph, item, kind) for item in graph.objects(node, RML[f"{kind}Map"])]
    constants = [{"kind": kind, "constant": value} for value in graph.objects(node, RML[kind])]
    for item in constants:
        check_constant(item)
    return found + constants


TERM_TYPES = {
    "subject": {RML.IRI, RML.URI, RML.UnsafeIRI, RML.BlankNode},
    "predicate": {RML.IRI, RML.URI, RML.UnsafeIRI},
    "graph": {RML.IRI, RML.URI, RML.UnsafeIRI, RML.BlankNode},
    "object": {RML.IRI, RML.URI, RML.UnsafeIRI, RML.BlankNode, RML.Literal},
    "datatype": {RML.IRI, RML.URI, RML.UnsafeIRI},
    "language": {RML.Literal},
}


def expression(graph: Graph, node: Node) -> dict:
    found = {}
    for name in ("constant", "reference", "template"):
        for value in graph.objects(node, RML[name]):
            if found:
                raise Fault("one of constant, reference and template")
            found[name] = value if name == "constant" else str(value)
    if "template" in found:
        parse_template(found["template"])
    return found


def term_map(graph: Graph, node: Node, kind: str) -> dict:
    result = {"kind": kind, **expression(graph, node)}
    result["languages"] = term_maps(graph, node, "language")
    result["datatypes"] = term_maps(graph, node, "datatype")
    if len(result["languages"]) + len(result["datatypes"]) > 1:
        raise Fault("one language map or one datatype map")
    given = graph.value(node, RML.termType)
    if "constant" in result:
        check_constant(result)
        return result
    if given is not None:
        result["termType"] = given
    elif kind == "language" or (
        kind == "object" and ("reference" in result or result["languages"] or result["datatypes"])
    ):
        result["termType"] = RML.Literal
    else:
        result["termType"] = RML.IRI
    if result["termType"] not in TERM_TYPES[kind]:
        raise Fault(f"a {kind} map makes no {result['termType']}")
    if not {"reference", "template"} & set(result) and given != RML.BlankNode:
        raise Fault("an expression is missing")
    if (result["languages"] or result["datatypes"]) and result["termType"] != RML.Literal:
        raise Fault("only literals have a language or a datatype")
    return result


def check_constant(item: dict) -> None:
    value, kind = item["constant"], item["kind"]
    if isinstance(value, BNode):
        raise Fault("a constant is no blank node")
    if kind == "language":
        check_language(str(value))
    elif kind != "object" and not isinstance(value, URIRef):
        raise Fault(f"the constant of a {kind} map is an IRI")


# --- the data ---------------------------------------------------------------------------------------------------


def iterations(source: dict, folder: Path) -> list[dict]:
    path = folder / source["path"]
    if not path.is_file():
        raise Fault("no such source")
    text = path.read_bytes().decode("utf-8-sig")  # read_text would make one kind of line end of all
    if source["formulation"] == RML.CSV:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=source["delimiter"]))
        header = rows[0]
        return [{"csv": dict(zip(header, row, strict=True)), "nulls": source["nulls"]} for row in rows[1:] if row]
    if source["formulation"] == RML.JSONPath:
        try:
            document = json.loads(text)
        except json.JSONDecodeError as error:
            raise Fault("not JSON") from error
        return [{"json": node, "nulls": source["nulls"]} for node in json_path(source["iterator"], document)]
    if source["formulation"] == RML.XPath:
        root = ET.fromstring(text)
        parents = {child: parent for parent in root.iter() for child in parent}
        return [
            {"xml": node, "parents": parents, "nulls": source["nulls"]} for node in records(source["iterator"], root)
        ]
    raise Fault("unknown reference formulation")


def records(iterator: str, root: ET.Element) -> list[ET.Element]:
    """The elements of a path of names from the root, or of one name anywhere, in the order of the document."""
    if iterator.startswith("//"):
        return list(root.iter(iterator[2:]))
    first, *rest = iterator[1:].split("/")
    found = [root] if root.tag == first else []
    for name in rest:
        found = [child for node in found for child in node if child.tag == name]
    return found


def xpath_values(path: str, row: dict) -> list[object]:
    """The values of a path of names, attributes and `..`, of `count(path)` and of `concat(path or 'text', ...)`."""
    call = re.fullmatch(r"(count|concat)\((.*)\)", path)
    if call is None:
        return [value if isinstance(value, str) else "".join(value.itertext()) for value in xpath_nodes(path, row)]
    if call[1] == "count":
        return [len(xpath_nodes(call[2], row))]
    parts = [part.strip() for part in call[2].split(",")]
    first = [part[1:-1] if part.startswith("'") else next(iter(xpath_values(part, row)), "") for part in parts]
    return ["".join(first)]


def xpath_nodes(path: str, row: dict) -> list:
    found: list = [row["xml"]]
    for step in path.split("/"):
        if step == "..":
            found = [row["parents"][node] for node in found if node in row["parents"]]
        elif step.startswith("@"):
            found = [node.get(step[1:]) for node in found if node.get(step[1:]) is not None]
        else:
            found = [child for node in found for child in node if child.tag == step]
    return found


STEP = re.compile(
    r"""\.(?P<name>[^\W\d]\w*) | \.(?P<star>\*) | \[\s*(?P<index>-?\d+)\s*\] | \[\s*(?P<all>\*)\s*\]
      | \[\s*'(?P<single>(?:[^'\\]|\\.)*)'\s*\] | \[\s*"(?P<double>(?:[^"\\]|\\.)*)"\s*\]""",
    re.VERBOSE,
)


def json_path(path: str, node: object) -> list[object]:
    """The values that a path finds, in order (RFC 9535: child segments with one selector)."""
    if not path.startswith("$"):
        raise Fault("a JSONPath starts with $")
    found, at = [node], 1
    while at < len(path):
        step = STEP.match(path, at)
        if step is None:
            raise Fault(f"not JSONPath: {path}")
        at = step.end()
        name = step["name"]
        for quoted in ("single", "double"):
            if step[quoted] is not None:
                name = re.sub(r"\\(.)", r"\1", step[quoted])
        index = None if step["index"] is None else int(step["index"])
        found = [inner for value in found for inner in children(value, name, index)]
    return found


def children(value: object, name: str | None, index: int | None) -> list[object]:
    """The member of a name, the element of an index, or all of them."""
    if name is not None:
        return [value[name]] if isinstance(value, dict) and name in value else []
    if index is not None:
        return [value[index]] if isinstance(value, list) and -len(value) <= index < len(value) else []
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def reference_values(reference: str, row: dict) -> list[object]:
    if "csv" in row:
        if reference not in row["csv"]:
            raise Fault(f"no column {reference}")
        values: list[object] = [row["csv"][reference]]
        return [value for value in values if value and value not in row["nulls"]]
    if "xml" in row:
        return [value for value in xpath_values(reference, row) if value not in row["nulls"]]
    values = [v for v in json_path(reference, row["json"]) if v is not None and v not in row["nulls"]]
    if any(isinstance(value, dict | list) for value in values):
        raise Fault("a reference leads to values, not to an object or an array")
    return values


def lexical(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else repr(value)


# --- expressions -------------------------------------------------------------------------------------------------


def parse_template(template: str) -> list[tuple[str, str]]:
    """The parts of a template: ("text", ...) and ("reference", ...)."""
    parts: list[tuple[str, str]] = []
    text, at, inside = "", 0, False
    while at < len(template):
        character = template[at]
        if character == "\\":
            if template[at + 1 : at + 2] not in {"\\", "{", "}"}:
                raise Fault("a lone backslash in a template")
            text += template[at + 1]
            at += 1
        elif character == "{":
            if inside:
                raise Fault("a brace within a reference")
            parts.append(("text", text))
            text, inside = "", True
        elif character == "}":
            if not inside or not text:
                raise Fault("a brace that closes nothing")
            parts.append(("reference", text))
            text, inside = "", False
        else:
            text += character
        at += 1
    if inside:
        raise Fault("a brace that is not closed")
    return [*parts, ("text", text)]


def values_of(item: dict, row: dict, encode: str | None = None) -> list[object]:
    """The values of an expression map for a row."""
    if "constant" in item:
        return [str(item["constant"])]
    if "reference" in item:
        return reference_values(item["reference"], row)
    choices = []
    for kind, text in parse_template(item["template"]):
        if kind == "text":
            choices.append([text])
        else:
            strings = [lexical(value) for value in reference_values(text, row)]
            choices.append([percent_encode(s, encode) if encode else s for s in strings])
    return ["".join(choice) for choice in itertools.product(*choices)]


UCSCHAR = [(0xA0, 0xD7FF), (0xF900, 0xFDCF), (0xFDF0, 0xFFEF)]
UCSCHAR += [(plane << 16, (plane << 16) + 0xFFFD) for plane in range(1, 14)] + [(0xE1000, 0xEFFFD)]


def percent_encode(text: str, charset: str) -> str:
    """IRI-safe or URI-safe version of a string: all but the (i)unreserved of RFC 3987 and RFC 3986."""
    result = ""
    for character in text:
        plain = re.fullmatch(r"[A-Za-z0-9._~-]", character) is not None
        wide = charset == "IRI" and any(low <= ord(character) <= high for low, high in UCSCHAR)
        result += character if plain or wide else "".join(f"%{byte:02X}" for byte in character.encode("utf-8"))
    return result


# --- terms -------------------------------------------------------------------------------------------------------

IRI = re.compile(
    r"[A-Za-z][A-Za-z0-9+.-]*:(?!//[^/?#]*[:@\[])(?!.*#.*#)(?:[^\x00-\x20<>\"{}|\\^`%\[\]\x7f-\x9f\ud800-\udfff\ue000-\uf8ff]|%[0-9A-Fa-f]{2})*"
)
LANGUAGE = re.compile(
    r"(?:[a-z]{2,3}(?:-[a-z]{3}){0,3}|[a-z]{4}|[a-z]{5,8})(?:-[a-z]{4})?(?:-(?:[a-z]{2}|[0-9]{3}))?"
    r"(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*(?:-[0-9a-wyz](?:-[a-z0-9]{2,8})+)*(?:-x(?:-[a-z0-9]{1,8})+)?"
    r"|x(?:-[a-z0-9]{1,8})+",
    re.IGNORECASE,
)
DATE = r"-?(?:[1-9]\d{3,}|0\d{3})-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"
TIME = r"(?:(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?|24:00:00(?:\.0+)?)"
ZONE = r"(?:Z|[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00))?"
LEXICAL = {
    XSD.integer: r"[+-]?\d+",
    XSD.decimal: r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)",
    XSD.double: r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|[+-]?INF|NaN",
    XSD.boolean: r"true|false|1|0",
    XSD.date: DATE + ZONE,
    XSD.time: TIME + ZONE,
    XSD.dateTime: f"{DATE}T{TIME}{ZONE}",
    XSD.hexBinary: r"(?:[0-9A-Fa-f]{2})*",
}
DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]


def check_language(tag: str) -> None:
    if not LANGUAGE.fullmatch(tag):
        raise Fault(f"not a language tag: {tag}")


def check_lexical(text: str, datatype: str) -> None:
    """A literal with a datatype that can be checked is not ill-typed (RML-Core, datatype-override RDF literal)."""
    pattern = LEXICAL.get(URIRef(datatype))
    if pattern is None:
        return
    if not re.fullmatch(pattern, text, re.ASCII):
        raise Fault(f"ill-typed: {text}")
    if URIRef(datatype) in {XSD.date, XSD.dateTime}:
        year, month, day = (int(part) for part in re.match(r"(-?\d+)-(\d\d)-(\d\d)", text).groups())
        leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
        if day > DAYS[month - 1] or (month == 2 and day == 29 and not leap):
            raise Fault(f"no such day: {text}")


class Interpreter:
    """One run: blank nodes are the same for the same value."""

    def __init__(self, path: Path, base: str) -> None:
        self.folder, self.base = path.parent, base
        self.maps = read_mapping(path)
        self.blanks: dict[str, BNode] = {}
        self.quads: set[Quad] = set()

    def run(self) -> set[Quad]:
        for triples_map in self.maps.values():
            for row in iterations(triples_map["source"], self.folder):
                self.row(triples_map, row)
        return self.quads

    def iri(self, text: str, kind: Node, base: str) -> URIRef:
        if kind == RML.UnsafeIRI:
            absolute = re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", text)
            return URIRef(text if absolute else base + text)
        for candidate in (text, base + text):
            if IRI.fullmatch(candidate) and (kind != RML.URI or candidate.isascii()):
                return URIRef(candidate)
        raise Fault(f"not an IRI: {text!r}")

    def terms(self, item: dict, row: dict, base: str) -> list[Node]:
        """The terms that a term map makes of a row."""
        if "constant" in item:
            return [item["constant"]]
        kind = item["termType"]
        if kind == RML.BlankNode:
            if not {"reference", "template"} & set(item):
                return [BNode()]
            return [self.blanks.setdefault(lexical(value), BNode()) for value in values_of(item, row)]
        if kind == RML.Literal:
            return self.literals(item, row, base)
        encode = {RML.IRI: "IRI", RML.URI: "URI"}.get(kind)
        return [self.iri(lexical(value), kind, base) for value in values_of(item, row, encode)]

    def literals(self, item: dict, row: dict, base: str) -> list[Node]:
        made: list[Node] = []
        for value in values_of(item, row):
            text = lexical(value)
            if item["languages"]:
                for language in values_of(item["languages"][0], row):
                    check_language(lexical(language))
                    made.append(Literal(text, lang=lexical(language)))
            elif item["datatypes"]:
                for datatype in self.terms(item["datatypes"][0], row, base):
                    check_lexical(text, str(datatype))
                    made.append(Literal(text, datatype=URIRef(str(datatype)), normalize=False))
            elif isinstance(value, bool):
                made.append(Literal(text, datatype=XSD.boolean))
            elif isinstance(value, int | float):
                datatype = XSD.integer if isinstance(value, int) else XSD.double
                made.append(Literal(text, datatype=datatype, normalize=False))
            else:
                made.append(Literal(text))
        return made

    def row(self, triples_map: dict, row: dict) -> None:
        base = str(triples_map["base"] or self.base)
        subjects = self.terms(triples_map["subject"], row, base)
        own = {g for item in triples_map["graphs"] for g in self.terms(item, row, base)}
        for subject, name in itertools.product(subjects, triples_map["classes"]):
            self.add(subject, RDF.type, name, own if triples_map["graphs"] else {RML.defaultGraph})
        for pair in triples_map["pairs"]:
            predicates = [p for item in pair["predicates"] for p in self.terms(item, row, base)]
            objects = [o for item in pair["objects"] for o in self.terms(item, row, base)]
            objects += [o for link in pair["links"] for o in self.linked(link, row)]
            graphs = own | {g for item in pair["graphs"] for g in self.terms(item, row, base)}
            if not triples_map["graphs"] and not pair["graphs"]:
                graphs = {RML.defaultGraph}
            for subject, predicate, value in itertools.product(subjects, predicates, objects):
                self.add(subject, predicate, value, graphs)

    def linked(self, link: dict, row: dict) -> list[Node]:
        """The subjects that the parent makes of its rows that join with this one."""
        parent = self.maps[link["parent"]]
        base = str(parent["base"] or self.base)
        others = iterations(parent["source"], self.folder) if link["joins"] else [row]
        made: list[Node] = []
        for other in others:
            equal = True
            for join in link["joins"]:
                child = {lexical(value) for value in values_of(join["child"], row)}
                equal = equal and bool(child & {lexical(value) for value in values_of(join["parent"], other)})
            if equal:
                made += self.terms(parent["subject"], other, base)
        return made

    def add(self, subject: Node, predicate: Node, value: Node, graphs: set[Node]) -> None:
        for graph in graphs:
            self.quads.add((subject, predicate, value, None if graph == RML.defaultGraph else graph))


def interpret(path: Path, base: str = "http://example.com/") -> set[Quad]:
    """The quads that a mapping in Turtle makes of the files beside it; the default graph is `None`.

    :raises Fault: if the mapping or the data are not allowed
    """
    return Interpreter(path, base).run()
