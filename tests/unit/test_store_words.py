"""What the store says of each fault, what it writes to disk, and what a rule's steps do, to the letter."""

from __future__ import annotations

import errno
import hashlib
from pathlib import Path

import pyoxigraph as ox
import pytest
from release_samples import dumped

from kg import store
from kg.errors import DataError, KgError, ReleaseError, StorageError, UsageError

S, P, G = (ox.NamedNode(f"http://e/{name}") for name in "spg")
XSD = "http://www.w3.org/2001/XMLSchema#"


def quad(value, subject=S, graph=G):
    return ox.Quad(subject, P, value, graph)


def typed(text, name):
    return ox.Literal(text, datatype=ox.NamedNode(XSD + name))


def told(function, *given, kind=KgError):
    with pytest.raises(kind) as caught:
        function(*given)
    return [(one.code, one.message, one.iri, one.hint) for one in caught.value.problems]


# --- lines


def test_a_digest_is_that_of_the_file_with_these_lines():
    assert store.digest(["a", "é"]) == hashlib.sha256("a\né\n".encode()).hexdigest()


@pytest.mark.parametrize("ends", ["", "\n"])
def test_lines_are_read_with_and_without_line_ends(ends):
    lines = [f'<http://e/s> <http://e/p> "{text}" .{ends}' for text in ("a", "b\\n")]
    assert [one.object.value for one in store.parse_lines(lines)] == ["a", "b\n"]


def test_a_line_that_is_no_statement_is_told_with_its_number():
    lines = ["<http://e/s> <http://e/p> <http://e/o> .", "", "<http://e/s> oops ."]
    with pytest.raises(DataError) as caught:
        list(store.parse_lines(lines))
    (problem,) = caught.value.problems
    assert str(problem).startswith("<N-Quads>:3: not N-Quads: ")


def test_a_statement_that_has_no_place_in_a_release_is_told():
    direction = ox.Literal("نص", language="ar", direction=ox.BaseDirection.RTL)
    triple = ox.Triple(S, P, S)
    blank = ox.BlankNode("b")
    found = told(store.canonical_lines, [quad(direction), quad(triple), quad(S, subject=blank), quad(S, graph=blank)])
    assert sorted(found) == sorted(
        [
            ("base-direction", f"a base direction is no part of RDF 1.1: {quad(direction)}", None, "keep the language"),
            ("triple-term", f"a triple term is no part of RDF 1.1: {quad(triple)}", None, None),
            ("blank-node", f"a release holds no blank node: {quad(S, subject=blank)}", None, "give the thing an IRI"),
            ("blank-node", f"a release holds no blank node: {quad(S, graph=blank)}", None, "give the thing an IRI"),
        ]
    )
    assert [message for _, message, _, _ in found] == sorted(message for _, message, _, _ in found)


def test_a_literal_in_another_form_is_told_once_at_its_first_statement():
    literal = typed("01", "integer")
    users = [quad(literal, subject=ox.NamedNode(f"http://e/{n}")) for n in "cadb"]
    assert told(store.canonical_lines, users) == [
        (
            "literal-form",
            f"{P} has the literal {literal}, which the store would keep as {typed('1', 'integer')}",
            "http://e/a",
            f"write {typed('1', 'integer')}",
        )
    ]


def test_statements_take_the_forms_of_the_store():
    given = [
        quad(typed("01.50", "decimal")), quad(typed("5", "int")), quad(typed("5", "integer")), quad(S),
        quad(ox.Literal("01", language="fr")), quad(typed("01", "string")), quad(typed("x", "integer")),
    ]  # fmt: skip
    made = store.in_store_form(given)
    assert [(one.subject, one.predicate, one.graph_name) for one in made] == [(S, P, G)] * len(given)
    assert [one.object for one in made] == [
        typed("1.5", "decimal"),
        typed("5", "integer"),
        *(q.object for q in given[2:]),
    ]
    assert store.canonical_lines(made)


# --- the disk

FULL = ("the disk is full", "free some space and build again; the current release is untouched")
READ_ONLY = ("the file system is read-only", "choose a folder that can be written with --out")
FORBIDDEN = ("no permission", "give yourself access, or choose another folder with --out")


@pytest.mark.parametrize(
    ("error", "place", "said"),
    [
        (OSError(errno.ENOSPC, "x", "/x/y"), "/x/y", FULL),
        (OSError(errno.EDQUOT, "x"), "/r", FULL),
        (RuntimeError("IO error: No space left on device: While appending"), "/r", FULL),
        (RuntimeError("IO error: Disk quota exceeded"), "/r", FULL),
        (OSError(errno.EROFS, "x"), "/r", READ_ONLY),
        (OSError("IO error: /r: Read-only file system"), "/r", READ_ONLY),
        (OSError(errno.EACCES, "x", "/r/current"), "/r/current", FORBIDDEN),
        (OSError(errno.EPERM, "x"), "/r", FORBIDDEN),
        (RuntimeError("IO error: Permission denied"), "/r", FORBIDDEN),
        (OSError(errno.EIO, "Input/output error"), "/r", ("Input/output error", "look at the disk and try again")),
        (OSError("odd"), "/r", ("odd", "look at the disk and try again")),
        (RuntimeError("odd"), "/r", ("odd", "look at the disk and try again")),
    ],
)
def test_what_the_disk_says_is_said_with_what_to_do(error, place, said):
    found = store.storage_error(error, Path("/r"))
    (problem,) = found.problems
    assert (problem.message, problem.hint) == (f"{place}: {said[0]}", said[1])


@pytest.mark.parametrize("make", [store.create, lambda path: store.load([], path)])
def test_a_store_that_cannot_be_made_is_told(tmp_path, make):
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with pytest.raises(StorageError, match=str(tmp_path / "file")):
        make(tmp_path / "file" / "store")


def test_a_store_is_known_by_its_list_of_files(tmp_path):
    assert not store.is_store(tmp_path)
    made = store.create(tmp_path / "s")
    made.add(quad(S))
    made.flush()
    assert store.is_store(tmp_path / "s")
    (tmp_path / "CURRENT").mkdir()
    assert not store.is_store(tmp_path)


@pytest.mark.parametrize("chunk", [1, 2, 3, 7, 100])
def test_statements_go_to_disk_whatever_their_number(tmp_path, monkeypatch, chunk):
    monkeypatch.setattr(store, "_CHUNK", chunk)
    lines = [f"<http://e/{n}> <http://e/p> <http://e/o> ." for n in range(7)]
    store.load([*lines[:4], quad(S), *lines[4:]], tmp_path / "s")
    assert dumped(tmp_path / "s") == sorted([*lines, f"{quad(S)} ."])


@pytest.mark.parametrize("chunk", [1, 700, 1400, 4_999, 100_000])
def test_blocks_of_lines_are_loaded_whole(tmp_path, monkeypatch, chunk):
    monkeypatch.setattr(store, "_CHUNK", chunk)
    lines = [f"<http://e/{n}> <http://e/p> <http://e/o> ." for n in range(1000, 6000)]
    blocks = ("".join(f"{line}\n" for line in lines[at : at + 700]).encode() for at in range(0, len(lines), 700))
    store.load(blocks, tmp_path / "s", len(lines))
    assert dumped(tmp_path / "s") == lines


@pytest.mark.parametrize(
    ("given", "told"),
    [(ReleaseError("graph.nq.gz is damaged"), ReleaseError), (OSError(errno.ENOSPC, "full"), StorageError)],
)
def test_what_the_giver_of_statements_raises_is_told_as_it_is(tmp_path, given, told):
    def blocks():
        yield b"<http://e/s> <http://e/p> <http://e/o> .\n"
        raise given

    with pytest.raises(told, match=r"is damaged|disk is full"):
        store.load(blocks(), tmp_path / "s")


def test_files_are_loaded_with_their_count(tmp_path):
    (tmp_path / "a.ttl").write_text("<s> <p> <o>, 'x' . _:b <p> 1 .", encoding="utf-8")
    (tmp_path / "b.nt").write_text("_:b <http://e/p> <http://e/o> .", encoding="utf-8")
    assert store.load_files([tmp_path / "a.ttl", tmp_path / "b.nt"], tmp_path / "s") == 4
    found = dumped(tmp_path / "s")
    assert f"<{tmp_path.as_uri()}/s> <{tmp_path.as_uri()}/p> <{tmp_path.as_uri()}/o> ." in found
    assert len({line.split()[0] for line in found if line.startswith("_:")}) == 2


def test_files_that_cannot_be_loaded_are_told(tmp_path):
    (tmp_path / "bad.ttl").write_text("<s> <p>\n oops", encoding="utf-8")
    with pytest.raises(DataError, match=r"bad\.ttl:2"):
        store.load_files([tmp_path / "bad.ttl"], tmp_path / "1")
    (tmp_path / "folder.ttl").mkdir()
    with pytest.raises(UsageError, match=f"no such file: {tmp_path.as_posix()}/none.ttl"):
        store.load_files([tmp_path / "none.ttl"], tmp_path / "2")
    with pytest.raises(UsageError, match=r"folder\.ttl is a folder, and a file is wanted"):
        store.load_files([tmp_path / "folder.ttl"], tmp_path / "3")


def test_what_does_not_open_is_told_with_what_to_do(tmp_path):
    for function in (store.read, dumped):
        ((_, message, _, hint),) = told(function, tmp_path / "none", kind=ReleaseError)
        assert message.startswith(f"the store {tmp_path / 'none'} does not open: ")
        assert hint == "build the release again"


def test_a_store_that_opens_and_cannot_be_read_is_damaged(tmp_path):
    store.load([f"<http://e/{n}> <http://e/p> <http://e/o{n * 7919}> ." for n in range(20_000)], tmp_path / "s")
    for path in (tmp_path / "s").glob("*.sst"):
        data = bytearray(path.read_bytes())
        if len(data) > 10_000:  # its index stays whole
            data[1000:2000] = bytes(1000)
            path.write_bytes(data)
    ((_, message, _, hint),) = told(dumped, tmp_path / "s", kind=ReleaseError)
    assert message.startswith(f"the store {tmp_path / 's'} is damaged: ")
    assert hint == "build the release again"


# --- the rule of the default graph


def rule(**steps: str) -> str:
    given = {
        "facts": "CONSTRUCT { ?s ?p ?o } { GRAPH ?g { ?s ?p ?o } }",
        "labels": "CONSTRUCT { ?s <label> ?o } { GRAPH <rule/facts> { ?s ?p ?o } }",
        **steps,
    }
    given["withheld"] = given.pop("withheld", "SELECT ?claim ?reason { VALUES (?claim ?reason) { } }")
    return "# version: 7 \nPREFIX e: <http://e/>\n" + "".join(f"#== {name} \n{text}\n" for name, text in given.items())


def test_a_rule_has_its_parts():
    read = store.parse_rule(rule())
    assert (read.text, read.version, read.prologue) == (rule(), "7", "# version: 7 \nPREFIX e: <http://e/>\n")
    assert list(read.steps) == ["facts", "labels", "withheld"]
    assert read.sha256 == hashlib.sha256(rule().encode()).hexdigest()
    with pytest.raises(TypeError):
        read.steps["facts"] = ""  # type: ignore[index]


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("# version: 7", "# version:", "no line '# version: N'"),
        ("# version: 7", "x # version: 7", "no line '# version: N'"),
        ("#== facts", "#= facts", "no step facts"),
        ("#== withheld", "#== withheld more", "no step withheld"),
        ("#== ", "# ", "no step facts, labels, withheld"),
    ],
)
def test_a_part_that_is_missing_is_named(old, new, what):
    wanted = (f"the rule of the default graph has {what}", None, "restore ontology/core/default-graph.rq")
    assert [one[1:] for one in told(store.parse_rule, rule().replace(old, new))] == [wanted]


def test_steps_see_what_earlier_ones_made_and_only_those_of_the_default_graph_enter_it():
    more = {
        "extra": "CONSTRUCT { ?s <extra> ?o } { GRAPH <http://base/rule/labels> { ?s <label> ?o } }",
        "withheld": """SELECT ?claim ?reason { { GRAPH <rule/extra> { ?claim <extra> ?o } BIND("extra" AS ?reason) }
            UNION { VALUES (?claim ?reason) { (e:b "z") (e:b "a") (e:a "z") } } }""",
    }
    found = store.derive_default([quad(S)], rule(**more), "http://base/")
    label = ox.NamedNode("http://base/label")
    assert found.triples == tuple(sorted([ox.Triple(S, P, S), ox.Triple(S, label, S)], key=str))
    assert list(found.withheld.items()) == [("http://e/a", "z"), ("http://e/b", "a"), ("http://e/s", "extra")]
    assert found.reasons == {"a": 1, "extra": 1, "z": 1}
    # Without a step of its own nothing is stated: all that there is stands in the graph of what is left.
    other = ox.NamedNode("http://base/graph/other")
    assert [one.graph_name for one in found.quads] == [*[ox.DefaultGraph()] * 2, *[other] * 2]
    with pytest.raises(TypeError):
        found.withheld["x"] = ""  # type: ignore[index]


def test_a_step_that_is_no_query_is_named():
    ((_, message, _, _),) = told(store.derive_default, [], rule(labels="oops"), "http://base/")
    assert message.startswith("step labels of the rule of the default graph is not SPARQL: ")
    ((_, message, _, _),) = told(store.derive_default, [], rule(labels="ASK {}"), "http://base/")
    assert message == "step labels of the rule of the default graph is neither CONSTRUCT nor SELECT"
