"""Random mappings in Turtle, with the random tables and trees that they read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from hypothesis import strategies as st
from rml.functions.random_functions import called_objects, conditions, keys
from rml.generated_sources import Source, braces, documents, quoted, tables, trees

PREFIXES = """@prefix rml: <http://w3id.org/rml/> .
@prefix csvw: <http://www.w3.org/ns/csvw#> .
@prefix ex: <http://e/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix fn: <https://w3id.org/zellige/fn#> .
"""


@dataclass(frozen=True)
class Case:
    """A mapping and the files that it reads."""

    mapping: str
    files: dict[str, str]

    def write(self, folder: Path) -> Path:
        """Put all of it into a folder; the path of the mapping."""
        for name, text in self.files.items():
            (folder / name).write_text(text, encoding="utf-8", newline="")
        path = folder / "mapping.rml.ttl"
        path.write_text(self.mapping, encoding="utf-8")
        return path


@st.composite
def paths(draw: st.DrawFn, source: Source, *, scalar: bool = False) -> str:
    """A reference to a column of any text; with `scalar`, to one value at most."""
    if source.kind == "xml" and draw(st.booleans()):
        return draw(st.sampled_from(["list", "deep", "deep/v", "../@top", "count(list)", "concat(deep/v, '-', list)"]))
    choices = ["t", "key", "n", *(() if scalar and source.is_json else source.odd)]
    if source.is_json and not scalar:
        nested = draw(st.sampled_from([None, "$.list[*]", "$.list[0]", "$.deep.v", "$.deep.w[*]", "$.deep['v']"]))
        if nested:
            return nested
        choices = [c for c in choices if c == "t2" or c not in source.odd]
        if source.odd and draw(st.booleans()):
            # Arrays are reached by a wildcard, scalars are not: both at once is a fault that is wanted, but seldom.
            return source.reference(draw(st.sampled_from(source.odd)))
    return source.reference(draw(st.sampled_from(choices)))


@st.composite
def templates(draw: st.DrawFn, source: Source, start: str) -> str:
    """A template with one or two references and text that needs escapes."""
    first, second = draw(paths(source)), draw(paths(source))
    between = draw(st.sampled_from(["", "-", "/"] if start else ["", "-", "/", "\\", "{}", "é"]))
    text = braces(start) + "{" + braces(first) + "}" + braces(between)
    return text + ("{" + braces(second) + "}" if second != first and draw(st.booleans()) else "")


@st.composite
def subjects(draw: st.DrawFn, source: Source) -> str:
    kind = draw(st.sampled_from(["template", "template", "template", "key", "reference", "constant", "blank", "uri"]))
    if kind == "key":
        return f"rml:template {quoted('http://e/k/{' + source.reference('key') + '}')}"
    if kind == "reference":
        return f"rml:reference {quoted(source.reference('iri'))}"
    if kind == "constant":
        return "rml:constant ex:one"
    if kind == "blank" and draw(st.booleans()):
        return f"rml:reference {quoted(source.reference('key'))} ; rml:termType rml:BlankNode"
    start = {"blank": "", "template": draw(st.sampled_from(["http://e/", "rel/", "urn:x:é/"])), "uri": "http://e/"}[
        kind
    ]
    term_type = {"blank": " ; rml:termType rml:BlankNode", "uri": " ; rml:termType rml:URI", "template": ""}[kind]
    return f"rml:template {quoted(draw(templates(source, start)))}{term_type}"


def plain_objects(draw: st.DrawFn, source: Source) -> str:
    return f"rml:reference {quoted(draw(paths(source)))}"


def natural_objects(draw: st.DrawFn, source: Source) -> str:
    """Literals whose datatype follows from the type of the value: in a tree, numbers and booleans."""
    path = draw(st.sampled_from(["$.f", "$.b", "$.b", "$.i"])) if source.is_json else draw(paths(source))
    return f"rml:reference {quoted(path)}"


def text_objects(draw: st.DrawFn, source: Source) -> str:
    more = draw(st.sampled_from(["rml:termType rml:Literal", 'rml:language "fr"', "rml:datatype ex:type"]))
    return f"rml:template {quoted(draw(templates(source, '')))} ; {more}"


def iri_objects(draw: st.DrawFn, source: Source) -> str:
    more = draw(st.sampled_from(["", " ; rml:termType rml:IRI", " ; rml:termType rml:URI"]))
    return f"rml:template {quoted(draw(templates(source, 'http://e/o/')))}{more}"


def typed_objects(draw: st.DrawFn, source: Source) -> str:
    column, datatype = draw(
        st.sampled_from([("n", "xsd:integer"), ("d", "xsd:date"), ("t", "ex:type"), ("key", "xsd:string")])
    )
    made = draw(st.sampled_from([f"rml:datatype {datatype}", f"rml:datatypeMap [ rml:constant {datatype} ]"]))
    return f"rml:reference {quoted(source.reference(column))} ; {made}"


def kind_objects(draw: st.DrawFn, source: Source) -> str:
    """Literals whose datatype is in the data."""
    template = quoted("http://e/{" + source.reference("key") + "}")
    path = quoted(source.reference("type"))
    more = draw(st.sampled_from([f"rml:reference {path} ; rml:termType rml:IRI", f"rml:template {template}"]))
    return f"rml:reference {quoted(source.reference('t'))} ; rml:datatypeMap [ {more} ]"


def language_objects(draw: st.DrawFn, source: Source) -> str:
    path = quoted(source.reference("lang"))
    more = draw(st.sampled_from(['rml:language "ar"', f"rml:languageMap [ rml:reference {path} ]"]))
    return f"rml:reference {quoted(draw(paths(source)))} ; {more}"


def referred_objects(draw: st.DrawFn, source: Source) -> str:
    kind = draw(st.sampled_from(["IRI", "IRI", "URI"]))
    return f"rml:reference {quoted(source.reference('iri'))} ; rml:termType rml:{kind}"


def blank_objects(draw: st.DrawFn, source: Source) -> str:
    if draw(st.booleans()):
        return f"rml:reference {quoted(source.reference('key'))} ; rml:termType rml:BlankNode"
    return f"rml:template {quoted(draw(templates(source, '')))} ; rml:termType rml:BlankNode"


def wrong_objects(draw: st.DrawFn, source: Source) -> str:
    """Dates that are none and IRIs with blanks, now and then."""
    wrong = draw(st.sampled_from(["rml:datatype xsd:date", "rml:termType rml:IRI"]))
    return f"rml:reference {quoted(source.reference(draw(st.sampled_from(['t', 'n', 'd']))))} ; {wrong}"


OBJECTS = (
    *(
        plain_objects,
        natural_objects,
        natural_objects,
        text_objects,
        iri_objects,
        typed_objects,
        typed_objects,
        kind_objects,
    ),
    *(language_objects, referred_objects, blank_objects),
    *(called_objects, called_objects, called_objects),
)


@st.composite
def object_maps(draw: st.DrawFn, source: Source) -> str:
    make = wrong_objects if draw(st.integers(0, 9)) == 9 else draw(st.sampled_from(OBJECTS))
    return " ; ".join(part for part in (make(draw, source), draw(conditions(source))) if part)


CONSTANTS = ["ex:o", '"text"', '"نص"@ar', "7", "true", '"x"^^ex:type', '"2030-01-01"^^xsd:date', r'"q\"\\\n"@en-GB']


@st.composite
def graphs(draw: st.DrawFn, source: Source) -> str:
    kind = draw(st.sampled_from(["none"] * 4 + ["constant", "default", "template", "template", "two"]))
    path = source.reference("key") if draw(st.booleans()) else draw(paths(source))
    template = f"rml:graphMap [ rml:template {quoted('http://e/g/{' + braces(path) + '}')} ]"
    made = {"none": "", "constant": "rml:graph ex:g", "default": "rml:graph rml:defaultGraph", "template": template}
    made["two"] = f"rml:graph ex:g, rml:defaultGraph ; {template}"
    return made[kind]


@st.composite
def joins(draw: st.DrawFn, child: Source, parent: Source) -> str:
    """One or two conditions that hold now and then."""
    made = []
    for _ in range(draw(st.integers(1, 2))):
        sides = []
        for name, source in (("child", child), ("parent", parent)):
            path = source.reference("key")
            if source.kind in {"json", "xml"} and draw(st.sampled_from([True, True, False])):
                path = "$.list[*]" if source.is_json else "list"
            form = draw(st.sampled_from(["short", "short", "map", "template", "constant", "function"]))
            if form == "short":
                sides.append(f"rml:{name} {quoted(path)}")
            elif form == "map":
                sides.append(f"rml:{name}Map [ rml:reference {quoted(path)} ]")
            elif form == "function":
                sides.append(f"rml:{name}Map [ {keys(draw, path)} ]")
            elif form == "template":
                sides.append(f"rml:{name}Map [ rml:template {quoted('{' + path + '}')} ]")
            else:
                sides.append(f'rml:{name}Map [ rml:constant "a" ]')
        made.append(f"[ {' ; '.join(sides)} ]")
    return f"rml:joinCondition {', '.join(made)}"


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """One to three triples maps over as many or fewer sources, linked or not."""
    files: dict[str, str] = {}
    sources: list[Source] = []
    for number in range(draw(st.integers(1, 2))):
        make = draw(st.sampled_from([tables, trees, documents]))
        source, text = draw(make(f"s{number}"))
        sources.append(source)
        files[f"s{number}.{source.kind}"] = text
    chosen = draw(st.lists(st.sampled_from(sources), min_size=1, max_size=3))
    return Case(PREFIXES + "\n".join(draw(triples_maps(chosen))), files)


@st.composite
def triples_maps(draw: st.DrawFn, chosen: list[Source]) -> list[str]:
    """A triples map for each of some sources."""
    blocks = []
    for number, source in enumerate(chosen):
        lines = [f"rml:logicalSource {source.turtle}"]
        subject = [draw(subjects(source)), draw(graphs(source)), draw(conditions(source))]
        if on_map := draw(conditions(source, 30)):
            lines.append(on_map)
        classes = draw(st.sampled_from(["", "", "rml:class ex:C", "rml:class ex:C, ex:D"]))
        lines.append(f"rml:subjectMap [ {' ; '.join(part for part in (*subject, classes) if part)} ]")
        if draw(st.sampled_from([False, False, True])):
            lines.append("rml:baseIRI <http://base/>")
        for _ in range(draw(st.sampled_from([1, 2, 3, 0]))):
            predicate = draw(
                st.sampled_from(["rml:predicate ex:p", "rml:predicate ex:p, ex:q", "rml:predicateMap [ PREDICATE ]"])
            ).replace("PREDICATE", f"rml:template {quoted('http://e/p/{' + source.reference('key') + '}')}")
            made = [
                f"rml:objectMap [ {draw(object_maps(source))} ]" for _ in range(draw(st.sampled_from([1, 2, 3, 0])))
            ]
            if not made or draw(st.booleans()):
                made.append(f"rml:object {draw(st.sampled_from(CONSTANTS))}")
            other = draw(st.integers(-1, len(chosen) - 1))
            if other >= 0:
                parent = chosen[other]
                condition = draw(joins(source, parent))
                if parent is source and draw(st.booleans()):
                    condition = ""
                made.append(f"rml:objectMap [ rml:parentTriplesMap ex:m{other} ; {condition} ]")
            more = (draw(graphs(source)), draw(conditions(source)))
            lines.append(f"rml:predicateObjectMap [ {' ; '.join(p for p in (predicate, *made, *more) if p)} ]")
        blocks.append(f"ex:m{number} a rml:TriplesMap ;\n  " + " ;\n  ".join(lines) + " .\n")
    return blocks
