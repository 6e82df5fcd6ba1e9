"""The release as a whole: its page, its description, and the address under which the server says it is reached."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from markup import Page
from pyoxigraph import NamedNode, RdfFormat, parse
from tiny import BASE, write_release

from kg.release import Release
from kg.terms import expand
from server.app import create_app
from server.settings import Settings

HTML = {"Accept": "text/html"}
LOOPBACK = ("localhost", "LOCALHOST:8000", "127.0.0.1:8000", "127.255.0.3", "[::1]:8000", "localhost:65535")
FORGED = (
    "evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "evil.localhost", "localhost@evil.example",
    "localhost:80@evil.example", "evil.example#localhost", "evil.example/localhost", "localhost/evil.example",
    "localhost evil.example", " localhost evil", "localhost,evil.example", "localhost\tevil", "localhost.", "127.0.0.1.",
    "127.1", "127.0.0.256", "0127.0.0.1", "127.0.0.01", "2130706433", "0x7f.0.0.1", "0x7f000001", "017700000001", "0.0.0.0",
    "[::]", "[::ffff:127.0.0.1]", "[0:0:0:0:0:0:0:1]", "[::1%25eth0]", "::1", "[::1", "[::1]evil", "localhost:", "localhost:0",
    "localhost:65536", "localhost:080", "localhost:8000:evil", "localhost:80a", "localhost:\u0661", "\u24dbocalhost",
    "localhost\u3002evil.example", "169.254.169.254", "10.0.0.1", "128.0.0.1", "localhost\nX: y", "%6cocalhost", "",
)  # fmt: skip
REACHED = (
    "void:sparqlEndpoint", "void:dataDump", "dcat:accessURL", "dcat:downloadURL", "dcat:endpointURL",
    "dcat:endpointDescription", "schema:target",
)  # fmt: skip


@pytest.fixture(scope="module")
def site(built: Release) -> Flask:
    """The application over the first graph."""
    return create_app(Settings(built.path.parent))


def addresses(client: FlaskClient, host: str, **headers: str) -> set[str]:
    """What VoID, DCAT, the service description and the reconciliation manifest call the server's own."""
    found = set()
    for path in ("/dataset", "/sparql"):
        response = client.get(path, headers=headers, environ_overrides={"HTTP_HOST": host})
        assert response.status_code == 200
        for triple in parse(response.data, RdfFormat.TURTLE):
            if triple.predicate.value in {*map(expand, (*REACHED, "sd:endpoint"))}:
                assert isinstance(triple.object, NamedNode)
                found.add(triple.object.value)
    manifest = client.get("/reconcile", headers=headers, environ_overrides={"HTTP_HOST": host}).json
    return found | set(re.findall(r'"(https?://[^"{]*/reconcile[^"{]*)', str(manifest).replace("'", '"')))


def roots(found: set[str]) -> set[str]:
    return {re.sub(r"(sparql|rdf-graph-store|download/.*|reconcile.*)$", "", address) for address in found}


@pytest.mark.parametrize("host", LOOPBACK)
def test_a_copy_on_this_machine_describes_itself(site: Flask, host: str) -> None:
    client = site.test_client()
    found = addresses(client, host)
    assert roots(found) == {f"http://{host.lower()}/"}
    assert len(found) > 5
    for address in found:
        path = urlsplit(address).path
        asked = client.get(f"{path}?default" if path == "/rdf-graph-store" else path)
        # Of the manifest there are addresses that want parameters.
        assert asked.status_code == 200 or "/reconcile/" in path, address
        asked.close()


@pytest.mark.parametrize("host", FORGED)
def test_a_forged_host_changes_nothing(site: Flask, host: str) -> None:
    assert roots(addresses(site.test_client(), host)) == {BASE}


@pytest.mark.parametrize("path", ["/", "/dataset", "/id/morocco", "/claim/F014", "/query", "/openapi.json", "/id//morocco",
                                  "/sparql//", "/reconcile/view?id=id/morocco", "/ont?format=jsonld", "/nowhere"])  # fmt: skip
def test_no_answer_repeats_a_forged_host(site: Flask, path: str) -> None:
    for accept in ("text/html", "*/*"):
        headers = {"Accept": accept, "X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}
        answer = site.test_client().get(path, headers=headers, environ_overrides={"HTTP_HOST": "evil.example"})
        assert "evil" not in answer.text
        assert "evil" not in str(answer.headers)


@pytest.mark.parametrize("name", ["Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto"])
def test_the_address_of_a_proxy_s_own_way_is_not_given_to_its_clients(site: Flask, name: str) -> None:
    client = site.test_client()
    assert roots(addresses(client, "127.0.0.1:8000", **{name: "evil.example"})) == {BASE}


def test_a_trusted_proxy_on_this_machine_may_say_https(built: Release) -> None:
    client = create_app(Settings(built.path.parent, trusted_proxies=("127.0.0.1",))).test_client()
    given = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example"}
    assert roots(addresses(client, "localhost:8443", **given)) == {"https://localhost:8443/"}
    assert roots(addresses(client, "data.example", **given)) == {BASE}


@pytest.mark.parametrize("host", ["data.example", "localhost:8000", "evil.example"])
def test_the_operator_s_word_goes_before_any_host(built: Release, host: str) -> None:
    client = create_app(Settings(built.path.parent, public_url="https://data.example")).test_client()
    assert roots(addresses(client, host, **{"X-Forwarded-Proto": "http"})) == {"https://data.example/"}
    assert client.get("/openapi.json").json["servers"][0]["url"] == "https://data.example/"
    assert "https://data.example/sparql" in client.get("/dataset", headers=HTML).text


def test_what_depends_on_the_host_is_not_taken_for_another_s(site: Flask) -> None:
    client = site.test_client()
    one = client.get("/dataset", environ_overrides={"HTTP_HOST": "localhost:1"})
    other = client.get(
        "/dataset", headers={"If-None-Match": one.headers["ETag"]}, environ_overrides={"HTTP_HOST": "localhost:2"}
    )
    assert (other.status_code, other.headers["ETag"] == one.headers["ETag"]) == (200, False)
    assert "no-cache" in one.headers["Cache-Control"]
    same = client.get(
        "/dataset", headers={"If-None-Match": one.headers["ETag"]}, environ_overrides={"HTTP_HOST": "localhost:1"}
    )
    assert same.status_code == 304


def test_the_things_keep_their_names_and_the_file_of_the_release_its_bytes(site: Flask, built: Release) -> None:
    client = site.test_client()
    stated = {t.triple for t in parse((built.path / "void.ttl").read_bytes(), RdfFormat.TURTLE)}
    assert {
        q.triple for q in parse(client.get("/dataset", environ_overrides={"HTTP_HOST": "x"}).data, RdfFormat.TURTLE)
    } == stated
    local = {q.triple for q in parse(client.get("/dataset").data, RdfFormat.TURTLE)}
    addresses = {t for t in local - stated if t.object.value == expand("rdfs:Resource")}
    moved = {t.predicate.value for t in local - stated - addresses}
    assert moved == set(map(expand, REACHED))
    assert {t.subject for t in local - addresses} - {t.subject for t in stated} == set()
    assert {t.subject.value for t in addresses} == {"http://localhost/sparql", "http://localhost/download/graph.nq.gz"}


def texts(page: Page) -> Iterator[str]:
    return (text for _, _, text in page.texts)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ("Morocco's AI programme", "Who announced, planned, funded or signed what", "Licence", "How to cite")),
        ("fr", ("Le programme marocain de l'intelligence artificielle", "Qui a annoncé, prévu", "Comment citer")),
        ("ar", ("البرنامج المغربي للذكاء الاصطناعي", "من أعلن أو خطط", "الرخصة", "كيف يُستشهد بها")),
    ],
)
def test_a_browser_reads_what_the_release_is(site: Flask, built: Release, language: str, said: tuple[str, ...]) -> None:
    client = site.test_client()
    page = Page(client.get(f"/dataset?lang={language}", headers=HTML).text)
    assert page.faults == []
    text = "\n".join(texts(page))
    for words in (
        *said, "CC0 1.0", "The Zellige founders", built.id, "247",
        "http://localhost/sparql", "http://localhost/download/graph.nq.gz", f"{BASE}dataset", "@misc{",
    ):  # fmt: skip
        assert words in text
    assert {
        "/download/graph.nq.gz",
        "https://creativecommons.org/publicdomain/zero/1.0/",
        f"/sparql?lang={language}",
        "/rdf-graph-store?default&format=turtle",
        "/openapi.json",
    } <= set(page.links())
    home = Page(client.get(f"/?lang={language}", headers=HTML).text)
    assert {"/download/graph.nq.gz", f"/dataset?lang={language}"} <= set(home.links())
    assert any(said[1] in text for text in texts(home))
    dump = client.get("/download/graph.nq.gz")
    assert (dump.status_code, dump.data) == (200, built.graph_path.read_bytes())
    dump.close()


def test_programs_get_rdf_as_before_and_browsers_find_it(site: Flask) -> None:
    client = site.test_client()
    assert client.get("/dataset").headers["Content-Type"] == "text/turtle; charset=utf-8"
    assert (
        client.get("/dataset", headers={"Accept": "application/rdf+xml, */*;q=0.1"}).mimetype == "application/rdf+xml"
    )
    assert client.get("/dataset?format=csv").status_code == 406
    shown = client.get("/dataset", headers=HTML)
    assert (shown.mimetype, "Accept" in shown.headers["Vary"]) == ("text/html", True)
    assert client.get("/dataset?format=html").mimetype == "text/html"
    linked = {
        given["type"]: given["href"]
        for tag, given in Page(shown.text).elements
        if given.get("rel") == "alternate" and "type" in given
    }
    for media_type, address in linked.items():
        assert client.get(address or "").mimetype == media_type


def test_files_without_a_release_are_described_by_what_is_known(client: FlaskClient) -> None:
    found = {(t.predicate.value, t.object.value) for t in parse(client.get("/dataset").data, RdfFormat.TURTLE)}
    assert (expand("void:sparqlEndpoint"), "http://localhost/sparql") in found
    assert (expand("dct:title"), "A tiny graph") in found
    page = Page(client.get("/dataset?lang=en", headers=HTML).text)
    assert page.faults == []
    assert "/download/graph.nq.gz" not in page.links()
    assert "/download/graph.nq.gz" not in Page(client.get("/", headers=HTML).text).links()


def test_texts_of_the_project_stay_text(tmp_path) -> None:
    folder = write_release(tmp_path)
    (folder / "void.ttl").write_text(
        f'<{BASE}dataset> <{expand("dct:title")}> "<b>A & {{B}}"@en ; <{expand("dct:license")}> <urn:x> .',
        encoding="utf-8",
    )
    text = create_app(Settings(tmp_path)).test_client().get("/dataset?lang=en", headers=HTML).text
    assert Page(text).faults == []
    assert "<b>A" not in text
    assert r"title = {{&lt;b&gt;A \&amp; \textbraceleft{}B\textbraceright{}}}" in text


def test_the_table_of_all_statements_is_found_on_the_page_and_given(site: Flask, built: Release) -> None:
    client = site.test_client()
    page = Page(client.get("/dataset", headers={**HTML, "Accept-Language": "fr"}).text)
    links = {told["href"] for told, text in page.within("a") if "en un tableau" in text}
    assert links == {"/download/statements.csv", "/download/statements.parquet"}
    with client.get("/download/statements.csv") as answer:
        assert answer.content_type == "text/csv; header=present; charset=utf-8"
        assert answer.data == (built.path / "download" / "statements.csv").read_bytes()
    with client.get("/download/statements.parquet") as answer:
        assert answer.data[:4] == b"PAR1"


def test_without_the_table_it_is_told_how_to_make_it(client: FlaskClient) -> None:
    answer = client.get("/download/statements.csv")
    assert answer.status_code == 404
    assert "kg export statements -o statements.csv makes it of any release" in answer.text
    assert "statements.csv" not in client.get("/dataset", headers=HTML).text
