"""Small sources with every oddity that a file may hold: tables, trees and documents."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from hypothesis import strategies as st

ODD_TEXTS = (
    *(
        "",
        " ",
        "a",
        "b",
        "1",
        "Rabat",
        "الرباط",
        "L'été",
        'say "no"',
        "a\nb",
        "a\r\nb",
        "a\rb",
        "\r\n",
        "\t",
        "a\\b",
        "a,b;c",
        "100%",
    ),
    *("a/b?c#d", "<x>", "{}", "\x01", "\x7f", "\x85", "\u2028", "𐎀", "é", "Zoë Krüger", "%41", "a%zz", "'"),
)
TEXTS = st.sampled_from(ODD_TEXTS) | st.text(st.characters(codec="utf-8", exclude_characters="\x00\ufeff"), max_size=8)
KEYS = st.sampled_from(["a", "a", "b", "c", "1", "2", ""])
NUMBERS = st.sampled_from(["0", "7", "-12", "007", "+3", "123456789012345678901234567890", ""])
DATES = st.sampled_from(["2030-01-31", "2024-02-29", "0001-12-01", "2030-06-01Z", "2030-06-01+01:00", ""])
IRIS = st.sampled_from(["http://e/a", "urn:x:y", "name", "é", "p/q#r", "http://e/é?q=%41", "", "a:b"])
LANGUAGES = st.sampled_from(["ar", "fr", "en-GB", "zh-Hant-TW", "x-mine", ""])
DATATYPES = st.sampled_from(["http://www.w3.org/2001/XMLSchema#string", "http://e/type", "kind"])
COLUMNS = {"key": KEYS, "n": NUMBERS, "d": DATES, "iri": IRIS, "lang": LANGUAGES, "type": DATATYPES, "t": TEXTS}
ODD = ["a b", "x{y", "}", "back\\slash", "الاسم", "é", "it's", 'qu"ote', "$.x", "$", "a.b", "t2"]


@dataclass(frozen=True)
class Source:
    """A source as the mapping writes it, and its columns: those of known content, and others of any text."""

    turtle: str
    kind: str
    odd: tuple[str, ...]
    attributes: tuple[str, ...] = ()

    @property
    def is_json(self) -> bool:
        return self.kind == "json"

    def reference(self, column: str) -> str:
        """How a column is named in the source's reference formulation."""
        if self.kind == "xml":
            return f"@{column}" if column in self.attributes else column
        if not self.is_json:
            return column
        if column.isidentifier():
            return f"$.{column}"
        escaped = column.replace("\\", "\\\\").replace("'", "\\'")
        return f"$['{escaped}']"


def quoted(text: str) -> str:
    """A Turtle string: the escapes of JSON are among those of Turtle."""
    return json.dumps(text, ensure_ascii=False)


def braces(text: str) -> str:
    return "".join(f"\\{c}" if c in "\\{}" else c for c in text)


@st.composite
def tables(draw: st.DrawFn, name: str) -> tuple[Source, str]:
    """A CSV source, with or without rows."""
    odd = tuple(draw(st.lists(st.sampled_from(ODD), unique=True, max_size=3)))
    header = draw(st.permutations([*COLUMNS, *odd]))
    some = draw(st.sampled_from([1, 2, 3, 0]))
    rows = draw(st.lists(st.fixed_dictionaries({c: COLUMNS.get(c, TEXTS) for c in header}), max_size=5, min_size=some))
    delimiter = draw(st.sampled_from([",", ";", "\t", "|"]))
    always = draw(st.booleans())
    end = draw(st.sampled_from(["\n", "\r\n"]))

    def cell(text: str) -> str:
        special = always or any(c in text for c in f'"\r\n{delimiter}')
        return '"' + text.replace('"', '""') + '"' if special else text

    lines = [header, *([row[column] for column in header] for row in rows)]
    table = "".join(delimiter.join(map(cell, line)) + end for line in lines)
    text = draw(st.sampled_from(["", "\ufeff"])) + table
    file = f'a rml:RelativePathSource ; rml:root rml:MappingDirectory ; rml:path "{name}.csv"'
    if delimiter != "," or draw(st.booleans()):
        file += f" ; csvw:dialect [ a csvw:Dialect ; csvw:delimiter {quoted(delimiter)} ]"
    if draw(st.booleans()):
        file += ' ; rml:null "", "a"'
    turtle = f"[ a rml:LogicalSource ; rml:referenceFormulation rml:CSV ; rml:source [ {file} ] ]"
    return Source(turtle, "csv", odd), text


@st.composite
def trees(draw: st.DrawFn, name: str) -> tuple[Source, str]:
    """A JSON source: values of every type, arrays, nulls and missing members."""
    odd = tuple(draw(st.lists(st.sampled_from(ODD), unique=True, max_size=3)))
    any_value = TEXTS | st.integers(-(10**20), 10**20) | st.booleans() | st.none()
    members = {name: values | values | st.none() for name, values in COLUMNS.items()}
    members |= {column: any_value | st.lists(any_value, max_size=3) for column in odd if column != "t2"}
    members["f"] = st.floats(-1e6, 1e6, allow_nan=False).filter(lambda x: x != int(x)) | st.none()
    members["b"] = st.booleans() | st.none()
    members["i"] = st.integers(-(10**20), 10**20) | st.none()
    members["list"] = st.lists(st.sampled_from(["a", "b", "1", 1, 2]), max_size=3)
    members["deep"] = st.fixed_dictionaries({}, optional={"v": TEXTS, "w": st.lists(KEYS, max_size=2)})
    members["t2"] = TEXTS
    seldom = {
        name: members.pop(name) for name in draw(st.lists(st.sampled_from(sorted(members)), max_size=2, unique=True))
    }
    record = st.fixed_dictionaries(members, optional=seldom)
    rows = draw(st.lists(record, min_size=draw(st.sampled_from([1, 2, 3, 0])), max_size=5))
    iterator, document = draw(st.sampled_from([("$[*]", rows), ("$.rows[*]", {"rows": rows}), ("$.a['b c'][*]", None)]))
    if document is None:
        document = {"a": {"b c": rows, "d": 1}}
    text = json.dumps(document, ensure_ascii=draw(st.booleans()))
    file = f'a rml:RelativePathSource ; rml:root rml:MappingDirectory ; rml:path "{name}.json"'
    turtle = (
        f"[ a rml:LogicalSource ; rml:referenceFormulation rml:JSONPath ; rml:iterator {quoted(iterator)} ; "
        f"rml:source [ {file} ] ]"
    )
    return Source(turtle, "json", (*odd, "t2")), text


ODD_NAMES = ["الاسم", "é", "a.b", "a-b", "t2"]
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def as_xml(text: str) -> str:
    """A text as an attribute or an element holds it: line ends and tabs as they are meant."""
    return "".join(f"&#{ord(c)};" if c in '&<>"\r\n\t' else c for c in NOT_IN_XML.sub("", text))


@st.composite
def documents(draw: st.DrawFn, name: str) -> tuple[Source, str]:
    """An XML source: columns as attributes or as elements, some of them several times."""
    odd = tuple(draw(st.lists(st.sampled_from(ODD_NAMES), unique=True, max_size=2)))
    known = [*COLUMNS, *odd]
    attributes = tuple(draw(st.lists(st.sampled_from(known), unique=True, max_size=4)))
    members = {column: COLUMNS.get(column, TEXTS) | st.none() for column in known}
    members["list"] = st.lists(st.sampled_from(["a", "b", "1"]), max_size=3)
    members["v"] = TEXTS | st.none()
    some = draw(st.sampled_from([1, 2, 3, 0]))
    rows = draw(st.lists(st.fixed_dictionaries(members), min_size=some, max_size=5))

    def record(row: dict[str, object]) -> str:
        said = "".join(f' {c}="{as_xml(row[c])}"' for c in attributes if row[c] is not None)
        parts = [f"<{c}>{as_xml(row[c])}</{c}>" for c in known if c not in attributes and row[c] is not None]
        parts += [f"<list>{value}<!-- no --></list>" for value in row["list"]]
        parts += [] if row["v"] is None else [f"<deep>in <v>{as_xml(row['v'])}</v><?no?></deep>"]
        return f"<rec{said}>{''.join(parts)}</rec>"

    records = "\n".join(map(record, rows))
    iterator, text = draw(
        st.sampled_from(
            [
                ("/r/rec", f'<r top="x">{records}<other><rec key="no"/></other></r>'),
                ("/r/g/rec", f'<r><rec key="no"/><g top="y">{records}</g><g>{records}</g></r>'),
                ("//rec", f'<r top="z"><g>{records}</g><h>{records}</h></r>'),
            ]
        )
    )
    file = f'a rml:RelativePathSource ; rml:root rml:MappingDirectory ; rml:path "{name}.xml"'
    if draw(st.booleans()):
        file += ' ; rml:null "", "a"'
    turtle = (
        f"[ a rml:LogicalSource ; rml:referenceFormulation rml:XPath ; rml:iterator {quoted(iterator)} ; "
        f"rml:source [ {file} ] ]"
    )
    return Source(turtle, "xml", odd, attributes), text
