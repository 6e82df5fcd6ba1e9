"""The text index: what it finds, what narrows it, and that it follows from the lines."""

from __future__ import annotations

import random
import threading
from contextlib import closing
from pathlib import Path

import pytest
import snowballstemmer
from search.finding import LABEL, TYPE, find, indexed, line, link, things

from kg.errors import DeadlineExceeded, ReleaseError
from kg.search import Index, Narrowed, is_current, make, read_question
from kg.search.words import Word, words_of

NOTE = "http://www.w3.org/2004/02/skos/core#note"
SUBCLASS = "http://www.w3.org/2000/01/rdf-schema#subClassOf"
CITY, PLACE, BODY = "urn:City", "urn:Place", "urn:Body"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    return indexed(
        tmp_path_factory.mktemp("index") / "texts.db",
        [
            line("urn:rabat", "Rabat", "fr"),
            line("urn:rabat", "الرباط", "ar", graph="urn:g1"),
            line("urn:rabat", "الرباط", "ar", graph="urn:g2"),
            link("urn:rabat", TYPE, CITY),
            line("urn:bank", "Bank of Rabat and Salé", "en"),
            line("urn:bank", "A bank with a branch in Fès", "en", link=NOTE),
            link("urn:bank", TYPE, BODY),
            line("urn:fes", "Fès", "fr"),
            link("urn:fes", TYPE, CITY),
            link(CITY, SUBCLASS, PLACE),
            line("urn:code", "RABAT", ""),
            b'<urn:number> <urn:p> "10"^^<http://www.w3.org/2001/XMLSchema#integer> .\n',
            b'_:b1 <%s> "Rabat of a nameless thing" .\n' % LABEL.encode(),
        ],
    )


def test_names_come_before_other_texts_and_short_names_before_long_ones(index):
    found = find(index, "Fes")
    assert [(hit.thing, hit.is_name) for hit in found.hits] == [("urn:fes", True), ("urn:bank", False)]
    assert {*things(find(index, "rabat"))[-2:]} == {"urn:bank", "_:b1"}


def test_all_words_must_be_there_in_any_order_and_or_and_not_and_phrases_are_heeded(index):
    assert things(find(index, "sale rabat")) == ["urn:bank"]
    assert things(find(index, "rabat fes")) == []
    assert {*things(find(index, "sale OR fes"))} == {"urn:bank", "urn:fes"}
    assert "urn:bank" not in things(find(index, "rabat -bank"))
    assert "urn:bank" not in things(find(index, "rabat NOT sale"))
    assert things(find(index, '"rabat and sale"')) == ["urn:bank"]
    assert things(find(index, '"sale and rabat"')) == []
    assert {*things(find(index, "rab*"))} == {*things(find(index, "rabat"))}


def test_what_narrows_a_search(index):
    assert {*things(find(index, "rabat", Narrowed(types=(PLACE,))))} == {"urn:rabat"}
    assert {*things(find(index, "rabat", Narrowed(types=(CITY,))))} == {"urn:rabat"}
    assert things(find(index, "rabat", Narrowed(types=("urn:Nothing",)))) == []
    assert things(find(index, "الرباط", Narrowed(languages=("ar",)))) == ["urn:rabat"]
    assert things(find(index, "rabat", Narrowed(languages=("EN-gb",)))) == ["urn:bank"]
    assert things(find(index, "fes", Narrowed(links=(NOTE,)))) == ["urn:bank"]
    assert things(find(index, "fes", Narrowed(links=("urn:other",)))) == []
    assert things(find(index, "fes", Narrowed(names=True))) == ["urn:fes"]
    assert things(find(index, "الرباط", Narrowed(graph="urn:g2"))) == ["urn:rabat"]
    assert things(find(index, "الرباط", Narrowed(graph=""))) == []
    assert things(find(index, "fes", Narrowed(graph=""))) == ["urn:fes", "urn:bank"]


def test_a_text_is_found_once_with_all_its_graphs_and_a_number_is_no_text(index):
    [hit] = find(index, "للرباط").hits
    assert (hit.graphs, hit.types, hit.language) == (("urn:g1", "urn:g2"), (CITY,), "ar")
    assert find(index, "10").hits == ()


def test_a_text_that_views_hold_copies_of_stands_in_the_index_once(tmp_path):
    graphs = ("", "urn:entities", "urn:stated")
    copies = [line("urn:rabat", text, "fr", graph=graph) for graph in graphs for text in ("Rabat", "Ville de Rabat")]
    index = indexed(tmp_path / "texts.db", copies)
    assert [(hit.text, hit.graphs) for hit in find(index, "rabat").hits] == [
        ("Rabat", graphs),
        ("Ville de Rabat", graphs),
    ]
    with closing(index.connect()) as file:
        assert file.execute("SELECT count(*) FROM text").fetchone() == (2,)
        assert file.execute("SELECT texts FROM spelling WHERE form = 'rabat'").fetchone() == (2,)


@pytest.mark.parametrize(
    ("kind", "found"), [("FragmentSelector", ["urn:claim"]), ("TextQuoteSelector", ["urn:at", "urn:claim"])]
)
def test_the_address_of_a_row_is_no_text_and_the_words_of_a_quote_are(tmp_path, kind, found):
    value = "http://www.w3.org/1999/02/22-rdf-syntax-ns#value"
    lines = [line("urn:at", "row=5072", "", link=value), link("urn:at", TYPE, f"http://www.w3.org/ns/oa#{kind}")]
    index = indexed(tmp_path / "texts.db", [*lines, line("urn:claim", "Row 5072", "en")])
    assert sorted(things(find(index, "5072"))) == sorted(found)


def test_more_is_told_and_no_more_than_wanted_is_given(index):
    found = find(index, "rabat", limit=2)
    assert (len(found.hits), found.more) == (2, True)
    assert find(index, "sale", limit=1).more is False


def test_what_no_text_has_is_spelt_as_the_texts_have_it(index):
    assert index.respelt(read_question("رابط")) == "رباط"
    assert index.respelt(read_question("rabatt bank")) == "rabat bank"
    assert index.respelt(read_question("xyz")) == ""


def test_the_same_lines_give_the_same_bytes_and_others_a_stale_index(tmp_path):
    lines = sorted(line(f"urn:{n}", f"Name {n} مختبر", "ar") for n in range(500))
    make([lines[:100], lines[100:]], tmp_path / "a.db", "one")
    make([lines], tmp_path / "b.db", "one")
    assert (tmp_path / "a.db").read_bytes() == (tmp_path / "b.db").read_bytes()
    assert is_current(tmp_path / "a.db", "one")
    assert not is_current(tmp_path / "a.db", "two")
    assert not is_current(tmp_path / "c.db", "one")
    assert {path.name for path in tmp_path.iterdir()} == {"a.db", "b.db"}


def test_what_is_no_line_between_lines_hides_none_of_them(tmp_path):
    """A line inside of something else is none, and those before and after it stand."""
    first, second = line("urn:a", "Alpha", "en"), line("urn:b", "Beta", "en")
    found = indexed(tmp_path / "texts.db", [first, b"# " + line("urn:c", "Gamma", "en"), b"\n", second])
    assert things(find(found, "alpha OR beta OR gamma")) == ["urn:a", "urn:b"]


def test_a_word_that_ends_in_a_digit_has_no_stem_and_is_found_as_it_is_written(tmp_path):
    chance = random.Random(7)
    endings = ("", "", "ing", "ies", "ations", "eux", "ement", "ness", "y")
    for _ in range(2000):
        letters = "".join(chance.choices("abcdeilnorstuy0123456789", k=chance.randrange(1, 9)))
        word = f"{letters}{chance.choice(endings)}{chance.randrange(10)}"
        assert {snowballstemmer.stemmer(tongue).stemWord(word) for tongue in ("french", "english")} == {word}
        assert list(words_of(word.upper(), "")) == [Word(word)]
    found = indexed(tmp_path / "texts.db", [line("urn:a", "Règlement ISO9001 de 2030", "fr")])
    assert things(find(found, "iso9001")) == things(find(found, "règlements 2030")) == ["urn:a"]


@pytest.mark.parametrize("content", [b"", b"not a database", b"SQLite format 3\0" + bytes(200)])
def test_what_is_no_index_is_told_in_words(tmp_path, content):
    path = tmp_path / "texts.db"
    with pytest.raises(ReleaseError, match="no text index"):
        Index(path)
    path.write_bytes(content)
    assert not is_current(path, "one")
    with pytest.raises(ReleaseError, match="no text index"):
        Index(path)


def test_a_damaged_index_is_told_in_words(tmp_path):
    path = tmp_path / "texts.db"
    indexed(path, [line(f"urn:{n}", f"Name {n} word") for n in range(2000)])
    content = bytearray(path.read_bytes())
    content[8192:] = bytes(len(content) - 8192)
    path.write_bytes(bytes(content))
    with pytest.raises(ReleaseError, match="text index"):
        find(Index(path), "word")


def test_an_index_is_only_read(tmp_path):
    path = tmp_path / "a folder?#%" / "texts.db"
    path.parent.mkdir()
    index = indexed(path, [line("urn:a", "Rabat")])
    before = path.read_bytes()
    path.chmod(0o444)
    assert things(find(index, "rabat")) == ["urn:a"]
    with closing(index.connect()) as file, pytest.raises(Exception, match="readonly"):
        file.execute("DELETE FROM text")
    assert path.read_bytes() == before
    assert [one.name for one in path.parent.iterdir()] == ["texts.db"]


def test_a_search_that_takes_too_long_is_ended(tmp_path: Path):
    path = tmp_path / "texts.db"
    indexed(path, [line(f"urn:{n:05}", f"word number {n}") for n in range(20_000)])
    with pytest.raises(DeadlineExceeded, match="longer than 0 s"):
        find(Index(path, seconds=0), "word OR number*", limit=20_000)


def test_many_threads_ask_one_index(index):
    answers: list[list[str]] = []

    def ask() -> None:
        answers.extend(things(find(index, "sale rabat")) for _ in range(50))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [["urn:bank"]] * 400
