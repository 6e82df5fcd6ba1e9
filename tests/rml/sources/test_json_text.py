"""JSON in which a reader would keep only a part of what is said: refused, with both places."""

from __future__ import annotations

import io
import json
import random
from pathlib import Path
from typing import Any

import pytest

from kg.errors import DataError, MappingError
from kg.rml import map_to

MAPPING = """@prefix rml: <http://w3id.org/rml/> . @prefix ex: <http://example.org/> .
ex:m a rml:TriplesMap ;
  rml:logicalSource [ rml:referenceFormulation rml:JSONPath ; rml:iterator "%s" ;
    rml:source [ a rml:RelativePathSource ; rml:path "%s" ] ] ;
  rml:subjectMap [ rml:template "http://example.org/{$.id}" ] ;
  rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap [ rml:reference "$.v" ] ] .
"""


def mapped(folder: Path, name: str, text: str) -> str:
    """What the mapping makes of a file."""
    (folder / name).write_text(text, encoding="utf-8")
    (folder / "m.ttl").write_text(MAPPING % ("$" if name.endswith("l") else "$[*]", name), encoding="utf-8")
    output = io.BytesIO()
    map_to(folder / "m.ttl", output)
    return output.getvalue().decode()


@pytest.mark.parametrize(
    ("name", "text", "line", "said"),
    [
        (
            "t.json",
            '[{"id": 1, "v": 1},\n {"id": 2, "v": 2,\n\n  "v": 3}]',
            4,
            "'v' stands twice in one object, first in",
        ),
        ("t.json", '[{"id": 1, "v": 1, "v": 1}]', 1, "'v' stands twice in one object, first at column 12"),
        ("t.json", '[{"id": 1, "v": {"a": [{"b": 1, "b": 2}]}}]', 1, "'b' stands twice"),
        ("t.json", '[{"id": 1, "v": "\\"v\\": {[", "\\u0076": 2}]', 1, "'v' stands twice"),
        ("t.json", '[{"id": 1, "": 1, "": 2}]', 1, "'' stands twice"),
        ("t.jsonl", '{"id": 1, "v": 1}\n\n{"id": 2, "v": 2, "id": 3}\n', 3, "'id' stands twice"),
        ("t.json", '[{"n": 1' + 400 * "0" + ',\n "v": 1, "v": 2}]', 2, "'v' stands twice"),
        ("t.json", '[{"id": 1,\n "v": 1e400}]', 2, "1e400 is larger than numbers can be"),
        ("t.json", '[{"id": 1,\n "v": -1' + 400 * "0" + ".0}]", 2, "... is larger than numbers can be"),
        ("t.json", '[{"id": 1,\n "v": NaN}]', 2, "not JSON: NaN is no number"),
        ("t.jsonl", '{"id": 1, "v": 1}\n{"id": 1, "v": -Infinity}', 2, "not JSON: -Infinity is no number"),
        ("t.json", '[{"id": 1, "v": 1, "v": 2}, {]', 1, "not JSON"),
    ],
)
def test_what_would_be_lost_is_an_error(tmp_path: Path, name: str, text: str, line: int, said: str) -> None:
    with pytest.raises(DataError) as caught:
        mapped(tmp_path, name, text)
    (problem,) = caught.value.problems
    if said != "not JSON":  # which of two faults is told first is left open
        assert said in problem.message
        assert problem.hint
    assert problem.position
    assert (problem.position.path, problem.position.line) == (name, line)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ('[{"id": 1},]', "take out the comma behind the last one"),
        ('[{"id": 1,}]', "take out the comma behind the last one"),
        ("[{'id': 1}]", "in double quotes"),
        ('[{"id": “1”}]', "in double quotes"),
        ("[{id: 1}]", "in double quotes"),
        ('[{"id": None}]', "write true, false and null"),
        ('[{"id": "C:\\data"}]', "a backslash within a text is written twice"),
        ('[{"id": "a\nb"}]', "a line end within a text is written"),
        ('[{"id": "a]', "its last quote is missing"),
        ('[{"id": "the "best""}]', "a quote within a text"),
        ('[{"id": 1}', "was the file cut?"),
        ('{"id": 1}\n{"id": 2}', "name it .jsonl"),
        ("<html></html>", "XML or a page of the web"),
    ],
)
def test_what_people_write_for_json_is_told_with_its_cure(tmp_path: Path, text: str, hint: str) -> None:
    with pytest.raises(DataError) as caught:
        mapped(tmp_path, "t.json", text)
    (problem,) = caught.value.problems
    assert problem.message.startswith("not JSON: ")
    assert hint in str(problem.hint)


@pytest.mark.parametrize(
    ("text", "made"),
    [
        (
            '[{"id": 1, "v": 12345678901234567890123}]',
            '"12345678901234567890123"^^<http://www.w3.org/2001/XMLSchema#int',
        ),
        ('[{"id": 1, "v": 1e308}]', '"1.0E308"'),
        ('[{"id": 1, "v": "NaN 1e400 \\"v\\": 1"}]', '"NaN 1e400 \\"v\\": 1"'),
        ('[{"id": 1, "v": 1, "V": 2, "w": {"v": 3}}, {"id": 1, "v": 1}]', '"1"^^'),
    ],
)
def test_what_is_kept_as_it_is_said(tmp_path: Path, text: str, made: str) -> None:
    assert made in mapped(tmp_path, "t.json", text)


def value_of(rng: random.Random, depth: int) -> Any:
    """A value of JSON."""
    kind = rng.randrange(7 if depth else 5)
    if kind == 5:
        return [value_of(rng, depth - 1) for _ in range(rng.randrange(4))]
    if kind == 6:
        return {rng.choice('ab"\\{:é,') + str(n): value_of(rng, depth - 1) for n in range(rng.randrange(4))}
    return rng.choice((None, True, rng.random(), rng.randrange(10**25), "".join(rng.choices('a"\\{}[]:,\né', k=4))))


def test_random_documents_are_read_as_they_are_and_with_a_member_twice_are_refused(tmp_path: Path) -> None:
    rng = random.Random(7)
    for _ in range(60):
        indent, letters = rng.choice((None, 0, 2)), rng.random() < 0.5
        before, value = value_of(rng, 3), value_of(rng, 3)
        told = json.dumps([before, {"id": 1, "v": "x", "more": value}], indent=indent, ensure_ascii=letters)
        assert '"x"' in mapped(tmp_path, "t.json", told)
        twice = json.dumps([before, {"id": 1, "v": "x", "MORE": value}], indent=indent, ensure_ascii=letters)
        at = twice.rindex('"MORE"')
        text = f'{twice[:at]}"v"{twice[at + 6 :]}'
        with pytest.raises(DataError) as caught:
            mapped(tmp_path, "t.json", text)
        (problem,) = caught.value.problems
        assert problem.position
        assert (problem.position.line, problem.position.column) == (
            text.count("\n", 0, at) + 1,
            at - text.rfind("\n", 0, at),
        )


def test_json_in_a_cell_and_metadata_of_tables_are_read_alike(tmp_path: Path) -> None:
    (tmp_path / "t.csv-metadata.json").write_text(
        '{"@context": "http://www.w3.org/ns/csvw",\n "url": "a",\n "url": "b"}'
    )
    with pytest.raises(MappingError, match=r"json:3: 'url' stands twice in one object, first in line 2"):
        map_to(tmp_path / "t.csv-metadata.json", io.BytesIO())
    (tmp_path / "t.csv").write_text('id,v\n1,"{""a"": 1, ""a"": 2}"\n')
    (tmp_path / "m.ttl").write_text(
        """@prefix rml: <http://w3id.org/rml/> . @prefix ex: <http://example.org/> .
        ex:m a rml:TriplesMap ; rml:logicalSource [ a rml:LogicalView ;
            rml:viewOn [ rml:referenceFormulation rml:CSV ; rml:source [ a rml:RelativePathSource ; rml:path "t.csv" ] ] ;
            rml:field [ a rml:ExpressionField ; rml:fieldName "v" ; rml:reference "v" ;
                rml:field [ a rml:IterableField ; rml:fieldName "in" ; rml:referenceFormulation rml:JSONPath ;
                    rml:iterator "$" ;
                    rml:field [ a rml:ExpressionField ; rml:fieldName "a" ; rml:reference "$.a" ] ] ] ] ;
          rml:subjectMap [ rml:constant ex:s ] ;
          rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap [ rml:reference "v.in.a" ] ] ."""
    )
    with pytest.raises(DataError, match=r"t.csv:2: the field holds no JSON: 'a' stands twice in one object"):
        map_to(tmp_path / "m.ttl", io.BytesIO())
