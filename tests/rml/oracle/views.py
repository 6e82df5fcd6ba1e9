"""The oracle's reading of logical views (RML-LV), and their rows: dictionaries, products and nested loops."""

from __future__ import annotations

import csv
import io
import itertools
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

from rdflib import Graph
from rdflib.term import Node
from rml.oracle import data
from rml.oracle.functions import Bad
from rml.oracle.terms import RML, Fault


def read_view(graph: Graph, node: Node, read_source: Callable, expression: Callable, read_join: Callable) -> dict:
    on = read_source(graph, graph.value(node, RML.viewOn))
    fields = [read_field(graph, item, on, expression) for item in graph.objects(node, RML.field)]
    joins = []
    for kind in ("leftJoin", "innerJoin", "fullJoin"):
        for item in graph.objects(node, RML[kind]):
            parent = read_source(graph, graph.value(item, RML.parentLogicalView))
            given = [read_field(graph, inner, parent, expression) for inner in graph.objects(item, RML.field)]
            conditions = [read_join(graph, inner) for inner in graph.objects(item, RML.joinCondition)]
            joins.append({"kind": kind, "parent": parent, "fields": in_order(given), "conditions": conditions})
    return {"view": True, "on": on, "fields": in_order(fields), "joins": joins}


def in_order(fields: list[dict]) -> list[dict]:
    """Fields as the random mappings write them: names tell the order, which graphs of rdflib forget."""
    return sorted(fields, key=lambda field: field["name"])


def read_field(graph: Graph, node: Node, above: dict, expression: Callable) -> dict:
    field: dict = {"name": str(graph.value(node, RML.fieldName))}
    iterator, formulation = graph.value(node, RML.iterator), graph.value(node, RML.referenceFormulation)
    inner = above
    if iterator is not None or formulation is not None:
        known = formulation or above["formulation"]
        inner = {"formulation": known, "iterator": None if iterator is None else str(iterator), "nulls": above["nulls"]}
        field["records"] = inner
    else:
        field |= expression(graph, node)
        inner = {"nulls": nulls_of(above)}
    field["fields"] = in_order([read_field(graph, item, inner, expression) for item in graph.objects(node, RML.field)])
    return field


def nulls_of(source: dict) -> list[str]:
    return nulls_of(source["on"]) if "view" in source else source["nulls"]


def view_rows(view: dict, folder: Path) -> list[dict]:
    """The iterations of a view, each with all its keys."""
    rows = []
    for number, record in enumerate(data.iterations(view["on"], folder)):
        rows += [{"#": number, **keys} for keys in products(view["fields"], record, "")]
    for join in view["joins"]:
        parents = data.iterations(join["parent"], folder)
        alone = [] if join["kind"] != "fullJoin" else left_over(view, join, rows, parents)
        rows = [made for row in rows for made in joined(join, row, parents)] + alone
    return [{"view": row, "nulls": []} for row in rows]


def products(fields: list[dict], record: dict, prefix: str) -> list[dict]:
    """One row for each choice of what the fields have."""
    found = [of_field(field, record, prefix) for field in fields]
    return [{k: v for part in choice for k, v in part.items()} for choice in itertools.product(*found)]


def nothing(field: dict, prefix: str) -> dict:
    name = prefix + field["name"]
    empty = {f"{name}.#": None, **({} if "records" in field else {name: None})}
    for inner in field["fields"]:
        empty |= nothing(inner, f"{name}.")
    return empty


def of_field(field: dict, record: dict, prefix: str) -> list[dict]:
    name = prefix + field["name"]
    if "records" in field:
        found: list = beneath(field["records"], record)
        made = [
            {f"{name}.#": number, **keys}
            for number, inner in enumerate(found)
            for keys in products(field["fields"], inner, f"{name}.")
        ]
    else:
        made = [
            {name: value, f"{name}.#": number, **keys}
            for number, value in enumerate(values(field, record))
            for keys in products(field["fields"], {"text": value, "nulls": record["nulls"]}, f"{name}.")
        ]
    return made or [nothing(field, prefix)]


def values(field: dict, record: dict) -> list[object]:
    """The values of an expression; where it cannot be made, whoever uses it fails."""
    if "bad" in record:
        return [Bad()]
    if "reference" in field and "json" in record:
        found = [v for v in data.json_path(field["reference"], record["json"]) if v is not None]
        kept = [v for v in found if isinstance(v, dict | list) or v not in record["nulls"]]
        return [Bad() if isinstance(v, dict | list) else v for v in kept]
    if "reference" in field and "view" in record:
        value = record["view"][field["reference"]]
        return [] if value is None else [value]
    try:
        return data.values_of(field, record)
    except Fault:
        return [Bad()]


def beneath(source: dict, record: dict) -> Iterator[dict]:
    """The records that an iterable field finds."""
    if "bad" in record:
        return [record]
    try:
        return list(found_beneath(source, record))
    except (ValueError, csv.Error, ET.ParseError, Fault):
        return [{"bad": True, "nulls": source["nulls"]}]


def found_beneath(source: dict, record: dict) -> Iterator[dict]:
    text = record.get("text")
    more = {"nulls": source["nulls"]}
    if source["formulation"] == RML.JSONPath:
        node = record["json"] if "text" not in record else json.loads(data.lexical(text))
        yield from ({"json": one, **more} for one in data.json_path(source["iterator"], node) if one is not None)
    elif source["formulation"] == RML.CSV:
        header, *rows = list(csv.reader(io.StringIO(data.lexical(text))))
        yield from ({"csv": dict(zip(header, row, strict=True)), **more} for row in rows)
    elif "text" in record:
        root = ET.fromstring(data.lexical(text))
        yield from ({"xml": one, "parents": {}, **more} for one in data.records(source["iterator"], root))
    else:
        for one in data.xpath_nodes(source["iterator"], record):
            yield {"xml": one, "parents": record["parents"], **more}


def joined(join: dict, row: dict, parents: list[dict]) -> list[dict]:
    matches = []
    for parent in parents:
        if all(agree(condition, {"view": row, "nulls": []}, parent) for condition in join["conditions"]):
            matches += products(join["fields"], parent, "")
    made = []
    for place, match in enumerate(matches):
        named = {key: value for key, value in match.items() if not key.endswith(".#")}
        places = {f"{key}.#": None if value is None else place for key, value in named.items()}
        made.append({**row, **named, **places})
    if made or join["kind"] == "innerJoin":
        return made
    return [{**row, **{key: v for field in join["fields"] for key, v in nothing(field, "").items()}}]


def left_over(view: dict, join: dict, rows: list[dict], parents: list[dict]) -> list[dict]:
    """A row for each one of the other view that agrees with none: the own fields have no values."""
    own = {"#": None, **{key: v for field in view["fields"] for key, v in nothing(field, "").items()}}
    made = []
    for parent in parents:
        found = [[agree(one, {"view": row, "nulls": []}, parent) for one in join["conditions"]] for row in rows]
        if not any(map(all, found)):
            for match in products(join["fields"], parent, ""):
                places = {key: None if match[key[:-2]] is None else 0 for key in match if key.endswith(".#")}
                made.append({**own, **match, **places})
    return made


def agree(condition: dict, child: dict, parent: dict) -> bool:
    own = {data.lexical(value) for value in data.values_of(condition["child"], child)}
    return bool(own & {data.lexical(value) for value in data.values_of(condition["parent"], parent)})
