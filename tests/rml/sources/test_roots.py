"""Where the paths of sources begin, and kinds of sources that are never read."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rml.running import SUBJECT, mapping

from kg.errors import MappingError
from kg.rml import Access, map_to


def rules(folder: Path, place: str) -> Path:
    logical = f"rml:logicalSource [ rml:referenceFormulation rml:CSV ; rml:source [ {place} ] ]"
    return mapping(
        folder, f"ex:m {logical} ; {SUBJECT} ; rml:predicateObjectMap [ rml:predicate ex:p ; rml:object 1 ] ."
    )


@pytest.fixture
def places(tmp_path: Path) -> Path:
    (tmp_path / "here/below").mkdir(parents=True)
    for name in ("t.csv", "here/t.csv", "here/below/t.csv"):
        (tmp_path / name).write_text(f"i\n{name.count('/')}\n", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("root", "depth"), [("", 1), ("rml:root rml:MappingDirectory ;", 1), ("rml:root 'below' ;", 2)]
)
def test_a_path_begins_at_its_root(root: str, depth: int, places: Path) -> None:
    output = io.BytesIO()
    map_to(rules(places / "here", f"{root} rml:path 't.csv'"), output)
    assert output.getvalue().startswith(f"<http://e/{depth}>".encode())


def test_the_working_directory_is_a_root_if_somebody_says_so(places: Path) -> None:
    path = rules(places / "here", "rml:root rml:CurrentWorkingDirectory ; rml:path './t.csv'")
    with pytest.raises(MappingError, match="--working-directory FOLDER"):
        map_to(path, io.BytesIO())
    output = io.BytesIO()
    map_to(path, output, access=Access(working=places))
    assert output.getvalue().startswith(b"<http://e/0>")
    up = rules(places / "here", "rml:root rml:CurrentWorkingDirectory ; rml:path '../t.csv'")
    with pytest.raises(MappingError, match=r"'../t.csv' leads out of the working directory"):
        map_to(up, io.BytesIO(), access=Access(working=places / "here"))


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("rml:root 'below/../..' ; rml:path 't.csv'", "leads out of the folder of the mapping"),
        ("rml:root '/' ; rml:path 'etc/passwd'", "leads out of the folder of the mapping"),
        ("rml:root rml:Home ; rml:path 't.csv'", "unknown root Home"),
        ("a <http://www.w3.org/ns/dcat#Distribution>", "are not read: nothing is fetched from a web address"),
        ("a <http://www.w3.org/ns/sparql-service-description#Service>", "are not read: no SPARQL endpoint is asked"),
        ("a <https://www.w3.org/2019/wot/td#Thing>", "are not read: nothing is read over the network"),
        ("a <http://e/Other>", "sources of the kind <http://e/Other> are not read "),
    ],
)
def test_other_places_are_refused_by_name(place: str, said: str, places: Path) -> None:
    with pytest.raises(MappingError, match=said) as caught:
        map_to(rules(places / "here", place), io.BytesIO())
    assert all(problem.position for problem in caught.value.problems)
