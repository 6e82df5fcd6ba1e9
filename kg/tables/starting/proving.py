"""What a new project of tables expects of itself: a shape with its cases, questions with their answers."""

from __future__ import annotations

import heapq
import json
from collections.abc import Iterator, Sequence
from typing import Final

from kg.rml.guesses.turtle import quoted
from kg.tables.starting.model import Begun, Value, local

_SHOWN: Final = 20
_SHAPES: Final = """\
# What must hold of the rows. `kg build` proves it before anything is published.
@prefix : <{base}shape/> .
@prefix own: <{namespace}> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
"""
_SHAPE: Final = """
:{kind} a sh:NodeShape ;
    sh:targetClass own:{kind} ;
    sh:property :{kind}-{name} .

:{kind}-{name}
    sh:path own:{name} ;
    {rule} ;
    sh:message {message}@en .
"""
_OF_IRIS: Final = """
:{kind} a sh:NodeShape ;
    sh:targetClass own:{kind} ;
    sh:nodeKind sh:IRI ;
    sh:message "A row names a thing."@en .
"""
_CASE: Final = """\
@base <{base}> .
@prefix own: <{namespace}> .
"""
_QUESTIONS: Final = """\
# Questions to this graph: the home page and the query page offer them. `kg test` asks each, and holds the answer to the
# question NAME against the file NAME.tsv beside this one.
@prefix query: <{base}query/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
"""
_NUMBER: Final = """
query:{slug}-number a sh:SPARQLExecutable, sh:SPARQLSelectExecutable ;
    rdfs:comment {ar}@ar , {fr}@fr , {en}@en ;
    sh:select \"\"\"
PREFIX own: <{namespace}>
SELECT (COUNT(DISTINCT ?thing) AS ?number) WHERE {{ ?thing a own:{kind} }}
\"\"\" .
"""
_VALUES: Final = """
query:{slug} a sh:SPARQLExecutable, sh:SPARQLSelectExecutable ;
    rdfs:comment {ar}@ar , {fr}@fr , {en}@en ;
    sh:select \"\"\"
PREFIX own: <{namespace}>
SELECT ?thing ?value WHERE {{ ?thing a own:{kind} ; own:{name} ?value }}
ORDER BY ?thing
LIMIT {shown}
\"\"\" .
"""


def proofs(tables: Sequence[Begun], base: str, namespace: str) -> dict[str, str]:
    """The files of shapes, cases and questions, by their names below the folder of the project."""
    found: dict[str, str] = {}
    shapes, questions = [_SHAPES.format(base=base, namespace=namespace)], [_QUESTIONS.format(base=base)]
    for table in tables:
        shapes.append(_shape(table))
        for kind, text in _cases(table):
            found[f"shapes/cases/{kind}/{table.draft.kind}.ttl"] = text.format(
                case=_CASE.format(base=base, namespace=namespace), kind=table.draft.kind
            )
        questions += _questions(table, namespace)
        found |= {f"data/queries/{name}": text for name, text in _answers(table)}
    return {**found, "shapes/own.ttl": "".join(shapes), "data/queries/questions.ttl": "".join(questions)}


def _shape(table: Begun) -> str:
    kind, told = table.draft.kind, table.told
    if told is None:
        return _OF_IRIS.format(kind=kind)
    if not table.is_single:
        rule, message = "sh:minCount 1", f'Every row has its "{told.title}".'
    elif table.is_full:
        rule, message = "sh:minCount 1 ;\n    sh:maxCount 1", f'Every row has one "{told.title}".'
    else:
        rule, message = "sh:maxCount 1", f'No row has more than one "{told.title}".'
    return _SHAPE.format(kind=kind, name=local(told), rule=rule, message=quoted(message))


def _cases(table: Begun) -> Iterator[tuple[str, str]]:
    """What must conform, and what must not; braces of literals are those of `str.format`."""
    told = table.told
    if told is None:
        yield "valid", "# A thing with an IRI.\n{case}\n<id/one> a own:{kind} .\n"
        yield "invalid", "# A thing that nobody can name.\n# expect: * {kind} NodeKind\n{case}\n[] a own:{kind} .\n"
        return
    name = local(told)
    value = str(next((one for values in table.values.values() for one in values), '"one"'))
    value = value.replace("{", "{{").replace("}", "}}")
    yield "valid", f"# A row with one {name}.\n{{case}}\n<id/one> a own:{{kind}} ; own:{name} {value} .\n"
    expected, lines = [], []
    if table.is_full or not table.is_single:
        expected.append(f"# expect: id/none {{kind}}-{name} MinCount")
        lines.append("<id/none> a own:{kind} .")
    if table.is_single:
        expected.append(f"# expect: id/two {{kind}}-{name} MaxCount")
        lines.append(f'<id/two> a own:{{kind}} ; own:{name} {value} , "another" .')
    told_of = "# What must be refused: the thing, the shape, and what of it is broken."
    yield "invalid", "\n".join([told_of, *expected, "{case}", *lines, ""])


def _questions(table: Begun, namespace: str) -> Iterator[str]:
    file, kind = table.path.name, table.draft.kind
    yield _NUMBER.format(
        slug=table.slug,
        kind=kind,
        namespace=namespace,
        en=quoted(f"How many things does {file} name?"),
        fr=quoted(f"Combien de choses {file} nomme-t-il ?"),
        ar=quoted(f"كم شيئا يسمي {file}؟"),
    )
    if table.told is not None and table.is_answered:
        title = table.told.title
        yield _VALUES.format(
            slug=table.slug,
            kind=kind,
            namespace=namespace,
            name=local(table.told),
            shown=_SHOWN,
            en=quoted(f"What does {file} tell under {json.dumps(title, ensure_ascii=False)}?"),
            fr=quoted(f"Que dit {file} sous « {title} » ?"),
            ar=quoted(f"ماذا يقول {file} تحت «{title}»؟"),
        )


def _answers(table: Begun) -> Iterator[tuple[str, str]]:
    yield f"{table.slug}-number.tsv", f"?number\n{len(table.values)}\n"
    if table.told is not None and table.is_answered:
        having = ((thing, values[0]) for thing, values in table.values.items() if values)
        rows = heapq.nsmallest(_SHOWN, having, key=lambda row: row[0])
        yield f"{table.slug}.tsv", "?thing\t?value\n" + "".join(f"<{thing}>\t{_cell(value)}\n" for thing, value in rows)


def _cell(value: Value) -> str:
    return str(value).replace("\t", "\\t")
