"""The oracle's reading of CSV, JSON and XML, and the values of expressions over a row."""

from __future__ import annotations

import csv
import io
import itertools
import json
import re
from pathlib import Path
from xml.etree import ElementTree as ET

from rml.oracle.functions import Bad, evaluate
from rml.oracle.terms import RML, Fault, parse_template, percent_encode


def iterations(source: dict, folder: Path) -> list[dict]:
    if "view" in source:
        from rml.oracle.views import view_rows

        return view_rows(source, folder)
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
    if "view" in row:
        if reference not in row["view"]:
            raise Fault(f"no field {reference}")
        value = row["view"][reference]
        return [] if value is None else [value]
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
    if isinstance(value, Bad):
        raise Fault("a value that failed is used")
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else repr(value)


def values_of(item: dict, row: dict, encode: str | None = None) -> list[object]:
    """The values of an expression map for a row."""
    if "constant" in item:
        return [str(item["constant"])]
    if "call" in item:
        return evaluate(item["call"], row, values_of, lexical)
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
