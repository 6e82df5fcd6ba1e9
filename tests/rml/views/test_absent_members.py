"""A member that no record has is an error in a view as elsewhere: also of records within records, and of views on views."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rml.views.writing import fields, records, source, triples, view, written

from kg.errors import MappingError
from kg.rml import OnError, map_to

JSON = '{"ports": [{"port": "A", "old": null, "berths": [{"n": "1", "no": null}, {"n": "2"}], "cranes": []}]}'
XML = '<r><i n="1"><name>a</name><in><x>1</x></in></i></r>'
ABSENT = [
    (("berths", "$.berths[*]", "$.nn"), r"has \$\.berths\[\*\]\.nn \(did you mean '\$\.berths\[\*\]\.n'"),
    (("berths", "$.berhts[*]", "$.n"), r"has \$\.berhts\[\*\]\.n \(did you mean '\$\.berths\[\*\]\.n'"),
    (("", "", "$.prot"), r"has \$\.prot \(did you mean '\$\.port'"),
]


def over(folder: Path, inner: tuple[str, str, str], *, is_twice: bool = False) -> Path:
    """A mapping over a view with a field, within an iterable one if it is named."""
    name, iterator, reference = inner
    made = fields(v=reference)
    part = records(name, iterator, made) if name else made
    text = view("a", source("t.json", "$.ports[*]"), fields(port="$.port"), part)
    field = f"{name}.v" if name else "v"
    if is_twice:
        text += view("b", "ex:a", fields(port="port", w=field))
    text += triples("ex:b" if is_twice else "ex:a", "http://e/{port}", "w" if is_twice else field)
    return written(folder, text, t_json=JSON)


@pytest.mark.parametrize("is_twice", [False, True])
@pytest.mark.parametrize(("inner", "said"), ABSENT)
def test_a_field_that_no_record_has_is_told_with_the_nearest(
    tmp_path: Path, inner: tuple[str, str, str], said: str, *, is_twice: bool
) -> None:
    mapping = over(tmp_path, inner, is_twice=is_twice)
    with pytest.raises(MappingError, match=rf"m\.ttl:\d+: no record of t\.json {said}"):
        map_to(mapping, io.BytesIO())
    summary = map_to(mapping, io.BytesIO(), on_error=OnError.SKIP)
    assert "no record of t.json" in str(summary.problems[0])


@pytest.mark.parametrize(
    "inner",
    [("", "", "$.old"), ("berths", "$.berths[*]", "$.no"), ("cranes", "$.cranes[*]", "$.n"), ("", "", "$.cranes[*]")],
    ids=["null", "null within", "no records within", "empty"],
)
def test_what_is_there_and_empty_is_no_error(tmp_path: Path, inner: tuple[str, str, str]) -> None:
    assert map_to(over(tmp_path, inner), io.BytesIO()).triples == 0


@pytest.mark.parametrize(("reference", "said"), [("nmae", "has nmae .did you mean 'name'"), ("in/y", "has in/y")])
def test_a_field_of_xml(tmp_path: Path, reference: str, said: str) -> None:
    text = view("a", source("t.xml", "/r/i"), fields(n="@n", v=reference)) + triples("ex:a", "http://e/{n}", "v")
    with pytest.raises(MappingError, match=said):
        map_to(written(tmp_path, text, t_xml=XML), io.BytesIO())
