"""All classes in one picture: counts that are true, ties that the data have, words for what is left out."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from markup import Page
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store

from kg.description import Counts, Part
from kg.description.partitions import partitions
from kg.errors import EngineFailed
from kg.terms import LANGUAGES, expand
from server.app import create_app
from server.pages.classes import reading
from server.pages.classes.layout import BOX, draw
from server.pages.classes.reading import Tie
from server.pages.site import release
from server.settings import Settings

E = "http://example.org/"
TYPE = NamedNode(expand("rdf:type"))


def said(text: str) -> str:
    return " ".join(told for _, _, told in Page(text).texts)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release of files with 40 classes: things of each lead to things of the next, and some of theirs to texts."""
    folder = tmp_path_factory.mktemp("wide") / "r1"
    folder.mkdir()
    store = Store(folder / "store")
    quads = []
    for number in range(40):
        kind = NamedNode(f"{E}C{number}")
        quads.append(Quad(kind, TYPE, NamedNode(expand("owl:Class")), DefaultGraph()))
        for thing in range(41 - number):
            it = NamedNode(f"{E}t{number}-{thing}")
            # What two graphs say counts once.
            graphs = (DefaultGraph(), NamedNode(f"{E}g")) if thing == 0 else (NamedNode(f"{E}g"),)
            quads += [Quad(it, TYPE, kind, graph) for graph in graphs]
            quads.append(Quad(it, NamedNode(f"{E}next"), NamedNode(f"{E}t{(number + 1) % 40}-0"), DefaultGraph()))
            quads.append(Quad(it, NamedNode(expand("rdfs:label")), Literal(f"thing {thing}"), DefaultGraph()))
    store.extend(quads)
    store.flush()
    del store
    (folder / "manifest.json").write_text('{"id": "r1"}', encoding="utf-8")
    return folder.parent


@pytest.fixture(scope="module")
def wide(folder: Path) -> FlaskClient:
    return create_app(Settings(folder, release="r1")).test_client()


def late(*_: object) -> None:
    raise EngineFailed("too late")


def test_the_largest_classes_are_drawn_and_the_others_named(wide: FlaskClient) -> None:
    response = wide.get("/classes?lang=en")
    assert response.status_code == 200, response.text
    assert Page(response.text).faults == []
    assert len(response.data) < 60_000
    told = said(response.text)
    assert "40 classes have things in these data · the 32 with the most things are drawn" in told
    assert "1 class whose members are classes or properties is left out." in told
    boxes = re.findall(r'<text class="number"[^>]*>(\d+)</text>', response.text)
    assert sorted(map(int, boxes), reverse=True) == list(range(41, 9, -1))
    further = response.text.partition("Classes that are not drawn")[2]
    assert re.findall(r'<span class="tag">(\d+)</span>', further) == [str(n) for n in range(9, 1, -1)]
    # Each box has its row, in the picture and in the table; the last of them leads to what is not drawn.
    assert response.text.count('class="value"') == 31
    assert "C1 41" in told


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_classes_of_a_project_are_linked_from_home_and_vocabulary(client: FlaskClient, language: str) -> None:
    pages = {
        path: client.get(f"{path}?lang={language}", headers={"Accept": "text/html"})
        for path in ("/", "/ont", "/classes")
    }
    assert [page.status_code for page in pages.values()] == [200, 200, 200]
    for path in ("/", "/ont"):
        assert f"/classes?lang={language}" in Page(pages[path].text).links()
    text = pages["/classes"].text
    assert Page(text).faults == []
    # Classes of terms are none of data, and a box leads to the things that it counts.
    assert "owl:Class" not in said(text)
    address = next(it for it in Page(text).links() if it.startswith("/list?"))
    assert client.get(address).status_code == 200


def test_what_cannot_be_counted_in_time_is_read_from_the_description(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts = Counts(
        quads=9, default_triples=9, claims=0, documents=0, entities=0, subjects=3, objects=3, by_modality={},
        by_review={}, classes={f"{E}A": 3, f"{E}B": 2, expand("owl:Class"): 1}, properties={f"{E}p": 4},
        partitions={f"{E}A": {f"{E}p": Part(4, {f"{E}B": 4, f"{E}A": 1}, {})}},
    )  # fmt: skip

    monkeypatch.setattr(reading, "_counted", late)
    app = client.application
    with app.test_request_context("/"):
        found = reading.read_classes(release(), partitions(counts, "http://example.org/dataset"))
        assert found.classes == ((f"{E}A", 3), (f"{E}B", 2))
        assert found.ties == (Tie(f"{E}A", f"{E}p", f"{E}B", 4), Tie(f"{E}A", f"{E}p", f"{E}A", 1))
        assert (found.of_terms, found.is_part) == (1, True)
        with pytest.raises(EngineFailed):
            reading.read_classes(release(), ())


def test_classes_whose_ties_cannot_be_counted_in_time_stand_without_them(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "_ties", late)
    answer = create_app(Settings(folder, release="r1")).test_client().get("/classes?lang=fr")
    assert answer.status_code == 200
    told = said(answer.text)
    assert "C0 41" in told
    assert "n’a pas pu être compté dans le temps qu’une page a" in told
    assert "next" not in told


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ar", "تعذّر عدّ الأصناف في الوقت المتاح للصفحة"),
        ("fr", "Les classes n’ont pas pu être comptées"),
        ("en", "The classes could not be counted"),
    ],
)
def test_classes_that_cannot_be_counted_in_time_are_said_to_be_in_the_language_of_the_reader(
    folder: Path, monkeypatch: pytest.MonkeyPatch, language: str, words: str
) -> None:
    monkeypatch.setattr(reading, "_counted", late)
    client = create_app(Settings(folder, release="r1")).test_client()
    answers = [client.get(f"/classes?lang={language}", headers={"Accept": "text/html"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [503, 503]
    assert all(words in said(answer.text) for answer in answers)
    monkeypatch.undo()
    assert client.get("/classes", headers={"Accept": "application/json"}).json["errors"][0]["code"] == "deadline"


@pytest.mark.parametrize(("language", "number"), [("ar", "10.001"), ("fr", "10\u202f001"), ("en", "10,001")])
def test_how_many_things_a_class_has_is_written_as_the_language_writes_it(
    tmp_path: Path, language: str, number: str
) -> None:
    (tmp_path / "r1").mkdir()
    store, kind = Store(tmp_path / "r1" / "store"), NamedNode(f"{E}Many")
    store.bulk_extend(Quad(NamedNode(f"{E}t{it}"), TYPE, kind, DefaultGraph()) for it in range(10_001))
    store.flush()
    del store
    (tmp_path / "r1" / "manifest.json").write_text('{"id": "r1"}', encoding="utf-8")
    client = create_app(Settings(tmp_path, release="r1")).test_client()
    assert f"Many {number}" in said(client.get(f"/classes?lang={language}").text)
    assert f"Many {number}" in said(client.get(f"/?lang={language}").text)


def test_boxes_stand_apart_and_lines_end_at_them_in_both_directions() -> None:
    classes = [(f"c{n}", 30 - n) for n in range(30)]
    ties = [Tie(f"c{n}", f"p{m}", f"c{(n * 7 + m) % 30}", 100 - n) for n in range(30) for m in range(n % 9)]
    for mirrored in (False, True):
        it = draw(classes, ties, {}, mirrored=mirrored)
        assert Counter(box.iri for box in it.boxes) == Counter(iri for iri, _ in classes)
        for box in it.boxes:
            assert box.x >= 0
            assert box.x + BOX <= it.width
            assert box.y + box.height <= it.height
            for other in it.boxes:
                apart = abs(box.x - other.x) >= BOX or box.y + box.height <= other.y or other.y + other.height <= box.y
                assert box is other or apart
        for line in it.lines:
            across = [float(x) for x in re.findall(r"[MCL ](-?\d+) -?\d+", line.path)]
            assert all(0 <= x <= it.width for x in across)
        drawn = sum(len(objects) for box in it.boxes for row in box.entries for objects in [row.objects])
        assert len(it.lines) + it.left_out == drawn
