"""What a first mapping makes of things within things, of texts that say their language, and of lists within lists."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from rml.guesses.running import mapped

from kg.errors import DataError
from kg.rml.starter import starter_mapping

TENDERS = """\
<t:tenders xmlns:t="http://t.example/" xmlns:u="urn:u" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
 <t:tender id="A1"><t:buyer code="MC"><t:name xml:lang="fr">Culture</t:name><t:name xml:lang="ar">الثقافة</t:name>
   </t:buyer><t:object xml:lang="fr">Remparts &amp; murs</t:object><u:amount currency="MAD">12.50</u:amount>
   <t:day xsi:nil="true"/><t:note>see <b>annex</b></t:note>
   <t:lots><t:lot n="1"><t:x>a</t:x></t:lot><t:lot n="2"><t:x>b</t:x></t:lot><t:lot n="3"><t:x>c</t:x></t:lot></t:lots>
 </t:tender>
 <t:tender id="A2"><t:buyer code="FN"><t:name>Fondation</t:name></t:buyer><t:object xml:lang="fr">Gardes</t:object>
   <u:amount currency="EUR">3</u:amount><t:day>2026-03-02</t:day><t:lots/></t:tender>
</t:tenders>
"""


def test_what_an_element_within_a_record_says_is_told_with_its_attributes_and_languages(tmp_path: Path) -> None:
    (tmp_path / "t.xml").write_text(TENDERS, encoding="utf-8")
    text, made = mapped(tmp_path / "t.xml")
    assert made == {
        '<t/A1> <id> "A1"', '<t/A1> <buyerCode> "MC"', '<t/A1> <buyerName> "Culture"@fr',
        '<t/A1> <buyerName> "الثقافة"@ar', '<t/A1> <object> "Remparts & murs"@fr',
        '<t/A1> <amount> "12.50"^^<decimal>', '<t/A1> <amountCurrency> "MAD"', '<t/A2> <id> "A2"',
        '<t/A2> <buyerCode> "FN"', '<t/A2> <buyerName> "Fondation"', '<t/A2> <object> "Gardes"@fr',
        '<t/A2> <amount> "3"^^<decimal>', '<t/A2> <amountCurrency> "EUR"', '<t/A2> <day> "2026-03-02"^^<date>',
    }  # fmt: skip
    left = [line.split()[1] for line in text.splitlines() if "of its own, and is left out" in line]
    assert left == ["n:note", "n:lots/n:lot"]


def test_what_names_a_thing_within_a_record_is_no_name_and_no_key_of_the_record(tmp_path: Path) -> None:
    rows = [
        {"city": {"id": n, "name": f"City {n}", "country": {"name": "Morocco"}}, "name": {"fr": f"M{n}", "ar": f"م{n}"},
         "code": f"C{n}"}
        for n in (1, 2)
    ]  # fmt: skip
    (tmp_path / "m.json").write_text(json.dumps(rows))
    _, made = mapped(tmp_path / "m.json")
    assert {line for line in made if line.startswith("<m/C1>")} == made - {line for line in made if "<m/C2>" in line}
    assert '<m/C1> <cityName> "City 1"' in made
    assert '<m/C1> <cityCountryName> "Morocco"' in made
    assert {line for line in made if "<label>" in line and "C1" in line} == {
        '<m/C1> <label> "M1"@fr',
        '<m/C1> <label> "م1"@ar',
    }


def test_what_merely_wraps_the_members_of_a_record_is_no_thing_within_it(tmp_path: Path) -> None:
    features = [{"type": "Feature", "properties": {"id": f"P{n}", "name": f"Port {n}"}} for n in (1, 2)]
    (tmp_path / "p.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    _, made = mapped(tmp_path / "p.geojson")
    assert {line for line in made if "P1" in line} == {
        '<p/P1> <type> "Feature"',
        '<p/P1> <id> "P1"',
        '<p/P1> <label> "Port 1"',
    }


def test_what_lies_too_deep_is_told_and_not_forgotten(tmp_path: Path) -> None:
    (tmp_path / "d.json").write_text(json.dumps([{"id": "x", "a": {"b": {"c": {"d": 1}, "e": 2}}}]))
    text, made = mapped(tmp_path / "d.json")
    assert "# $.a.b.c holds records of its own, and is left out" in text
    assert made == {'<d/x> <id> "x"', '<d/x> <aBE> "2"^^<integer>'}


@pytest.mark.parametrize("content", ["{}", "[{}]", '[{"a": [{"b": 1}]}]', '{"a": {}}', '{"a": {"b": {"c": {"d": 1}}}}'])
def test_records_without_values_are_refused_in_words(tmp_path: Path, content: str) -> None:
    (tmp_path / "d.json").write_text(content)
    with pytest.raises(DataError, match=r"d\.json:1: (no records with members|the records of \S+ have no values)"):
        starter_mapping(tmp_path / "d.json")


def test_a_document_of_sections_lists_what_they_hold(tmp_path: Path) -> None:
    things = "".join(f'<p id="{n}"><name>Place {n}</name></p>' for n in range(12))
    more = "".join(f'<p id="{n}"><name>Place {n}</name></p>' for n in range(12, 24))
    content = f"<d><f><title>One</title>{things}</f><f><title>Two</title>{more}</f></d>"
    (tmp_path / "s.xml").write_text(content)
    text, made = mapped(tmp_path / "s.xml")
    assert 'rml:iterator "/d/f/p"' in text
    assert "# /d/f holds records of its own, and is left out" in text
    assert '<s/23> <label> "Place 23"' in made


def _texts(value: Any, path: str = "$") -> list[tuple[str, str]]:
    """The texts of a record, with where they stand."""
    if isinstance(value, dict):
        return [text for name, inner in value.items() for text in _texts(inner, _below(path, name))]
    if isinstance(value, list):
        return [text for inner in value for text in _texts(inner, f"{path}[*]")]
    return [(path, str(value))]


def _below(path: str, name: str) -> str:
    return f"{path}.{name}" if name.isidentifier() else f"{path}['{name}']"


@pytest.mark.parametrize("seed", range(30))
def test_every_value_is_in_the_triples_or_told_as_left_out(tmp_path: Path, seed: int) -> None:
    """Against a walk over the records: whatever members are called, a text here, a list there, an object elsewhere."""
    chance = random.Random(seed)
    names = ["name", "id", "nom", "code", "fr", "city", "properties", "x y", "ville", "رمز"]

    def thing(depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name in chance.sample(names, 4):
            kind = chance.random()
            if depth and kind < 0.3:
                found[name] = thing(depth - 1)
            elif kind < 0.4:
                found[name] = [f"v{chance.randrange(10**9)}x" for _ in range(chance.randrange(3))]
            else:
                found[name] = f"v{chance.randrange(10**9)}x" if kind < 0.9 else None
        return found

    rows = [{"key": f"K{row}", **thing(2)} for row in range(3)]
    (tmp_path / "r.json").write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
    text, made = mapped(tmp_path / "r.json")
    told = {line[2:].partition(" is a value in some")[0] for line in text.splitlines() if "is a value in some" in line}
    lines = "\n".join(made)
    wanted = {text for row in rows for path, text in _texts(row) if path not in told and text != "None"}
    assert {text for text in wanted if f'"{text}"' not in lines} == set()
    left = {text for row in rows for path, text in _texts(row) if path in told and text != "None"}
    assert bool(left) == bool(told)
    assert left.isdisjoint(lines.replace('"', " ").split())

    (tmp_path / "r.xml").write_text(f"<r>{''.join(f'<i>{_elements(row)}</i>' for row in rows)}</r>", encoding="utf-8")
    lines = "\n".join(mapped(tmp_path / "r.xml")[1])
    wanted = {text for row in rows for _, text in _texts(row) if text != "None"}
    assert {text for text in wanted if f'"{text}"' not in lines} == set()


def _elements(thing: dict[str, Any]) -> str:
    made = []
    for name, value in thing.items():
        tag = name.replace(" ", "-")
        values = value if isinstance(value, list) else [value]
        made += [f"<{tag}>{_elements(one) if isinstance(one, dict) else one or ''}</{tag}>" for one in values]
    return "".join(made)


def test_a_member_that_is_a_text_here_and_holds_others_there_is_told_both_ways(tmp_path: Path) -> None:
    rows = [
        {"id": "1", "by": ["a", "b"], "at": "t", "lots": [{"x": 1}], "in": None, "no": "x"},
        {"id": "2", "by": "c", "at": {"k": "z"}, "lots": "s", "in": {"k": "y"}, "no": {}},
    ]
    (tmp_path / "d.json").write_text(json.dumps(rows))
    text, made = mapped(tmp_path / "d.json")
    assert {line for line in made if "<id>" not in line} == {
        '<d/1> <by> "a"', '<d/1> <by> "b"', '<d/2> <by> "c"', '<d/1> <at> "t"', '<d/2> <atK> "z"', '<d/2> <inK> "y"',
    }  # fmt: skip
    left = [line.split()[1] for line in text.splitlines() if "is a value in some records" in line]
    assert left == ["$.no", "$.lots"]
    assert '"$.in"' not in text  # null here and an object there: no column that is always empty
