"""Every link of the whole site leads somewhere: each page of the first graph, each fragment, and each way to its data.

The site is walked whole in one language. In the others a sample of each kind of page must have the same places and the
same links, which have been followed. Of arrangements of the same rows one of each kind is visited: see `arrangement`.
"""

from __future__ import annotations

import gzip
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote, urljoin, urlsplit

import lxml.html
import pytest
from flask.testing import FlaskClient

from kg.release import Release
from kg.sparql.guard import check
from kg.terms import LANGUAGES
from server.app import create_app
from server.settings import Settings

BASE = "https://w3id.org/zellige/"
HOST = "http://localhost/"
HTML = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
ADDRESSES = ("href", "src", "action")
UNLINKED = ("/graph/claims", "/graph/entities", "/graph/ontology", "/ont/0.1.0")
"""What the graph names and no page needs."""
SHOWN = re.compile(rf"<({re.escape(BASE)}(?:id|doc|claim|table|scheme|graph|ont)\b[^>#]*)(?:#[^>]*)?>")
WHOLE, *OTHERS = LANGUAGES
SAMPLE = 12
"""Pages of each kind that are seen in each of the other languages."""


def arrangement(address: str) -> tuple[object, ...] | None:
    """What stands for an address of rows that are asked for or sorted, and for others like it; None for all else.

    Queries that differ in an IRI only are alike, and so are both directions of a column, and the pages of one order.
    """
    place = urlsplit(address)
    asked = dict(parse_qsl(place.query))
    if place.path not in {"/query", "/sparql"} and "sort" not in asked:
        return None
    form = re.sub("<[^>]*>", "<>", asked.get("query", asked.get("find", "")))
    return place.path, form, frozenset(asked), asked.get("sort", "").removeprefix("-")


@dataclass(frozen=True, slots=True)
class Seen:
    """A page as a visitor sees it: its ids, and where its links lead on this site, whatever the language."""

    ids: frozenset[str]
    links: frozenset[str]


@dataclass
class Walk:
    """What is found in one language by who begins at the home page, or knows a graph by its name."""

    client: FlaskClient
    language: str
    pages: dict[str, Seen] = field(default_factory=dict)
    """By address, `lang=` without the language."""
    data: set[str] = field(default_factory=set)
    """Addresses that answered with something else."""
    alike: set[str] = field(default_factory=set)
    """Addresses in whose place one like them was visited."""
    faults: list[str] = field(default_factory=list)

    def follow(self) -> None:
        """Visit everything that can be reached."""
        waiting, kinds = [f"{place}?lang=" for place in ("/", *UNLINKED)], set()
        while waiting:
            here = waiting.pop()
            if here in self.pages or here in self.data or here in self.alike:
                continue
            kind = arrangement(here)
            if kind is not None and kind in kinds:
                self.alike.add(here)
                continue
            kinds.add(kind)
            seen = self.visit(here)
            waiting += sorted({link.partition("#")[0] for link in seen.links}) if seen else []

    def visit(self, here: str) -> Seen | None:
        """Read what an address answers; None if that is no page."""
        response = self.client.get(here.replace("lang=", f"lang={self.language}"), headers=HTML)
        if response.status_code != 200:
            self.faults.append(f"{here}: {response.status_code}")
        if response.mimetype != "text/html":
            self.data.add(here)
            response.close()
            return None
        page = lxml.html.document_fromstring(response.data)
        ids = page.xpath("//@id")
        self.faults += [f"{here}: the id {i!r} stands twice" for i in set(ids) if ids.count(i) > 1]
        self.pages[here] = Seen(frozenset(ids), frozenset(self._links(here, page)))
        return self.pages[here]

    def _links(self, here: str, page: lxml.html.HtmlElement) -> Iterator[str]:
        for name in ADDRESSES:
            for link in page.xpath(f"//@{name}"):
                given = link.removeprefix(HOST[:-1])
                is_name = link.getparent().tag == "link" and link.getparent().get("rel") in {"cite-as", "type"}
                if is_name and link.startswith(BASE):
                    given = f"/{link.removeprefix(BASE)}"
                # A form is sent with the language of its page.
                target = urlsplit(urljoin(here, f"{given}?lang={self.language}" if name == "action" else given))
                if target.scheme or target.netloc:
                    if link.startswith(BASE) or name != "href":
                        self.faults.append(f"{here}: {link} leads away")
                elif "lang=" not in target.query or f"lang={self.language}" in target.query:
                    query = f"?{target.query}".replace(f"lang={self.language}", "lang=") if target.query else ""
                    yield f"{target.path}{query}" + (f"#{unquote(target.fragment)}" if target.fragment else "")


@pytest.fixture(scope="module")
def walk(built: Release) -> Walk:
    """The whole site in one language."""
    found = Walk(create_app(Settings(built.path.parent)).test_client(), WHOLE)
    found.follow()
    return found


def test_no_link_is_dead(walk: Walk) -> None:
    assert walk.faults == []
    assert len(walk.pages) > 700
    assert len(walk.data) > 2500


def test_what_was_not_visited_is_a_query_or_an_order_that_is_read(walk: Walk) -> None:
    assert {urlsplit(address).path.split("/")[1] for address in walk.alike} == {"query", "table"}
    for query in {dict(parse_qsl(urlsplit(address).query)).get("query", "ASK {}") for address in walk.alike}:
        check(query)


def test_no_fragment_is_dead(walk: Walk) -> None:
    fragments = {(here, *link.split("#", 1)) for here, seen in walk.pages.items() for link in seen.links if "#" in link}
    visited = [(here, to, fragment) for here, to, fragment in fragments if to not in walk.alike]
    assert [one for one in visited if one[1] not in walk.pages or one[2] not in walk.pages[one[1]].ids] == []
    kinds = {re.sub(r"\d+", "N", fragment) for _, address, fragment in visited if "/ont" not in address}
    assert {"row=N", "evidence-N", "run", "mapping"} <= kinds


def test_the_language_is_kept_everywhere(walk: Walk) -> None:
    assert [address for address in walk.pages if "lang=" not in address] == []


def test_every_thing_of_the_graph_has_a_page_that_can_be_reached(walk: Walk, built: Release) -> None:
    named = {
        urlsplit(iri).path.removeprefix("/zellige")
        for line in gzip.decompress((built.path / "graph.nq.gz").read_bytes()).decode().splitlines()
        for iri in SHOWN.findall(line)
    }
    assert len(named) > 600
    assert named - {unquote(urlsplit(address).path) for address in walk.pages} == set()


@pytest.mark.parametrize("language", OTHERS)
def test_pages_of_each_kind_have_the_same_places_and_links_in_the_other_languages(walk: Walk, language: str) -> None:
    kinds: dict[tuple[object, ...], list[str]] = defaultdict(list)
    for address in sorted(walk.pages):
        place = urlsplit(address)
        kinds[place.path.split("/")[1], *sorted(dict(parse_qsl(place.query, keep_blank_values=True)))].append(address)
    other = Walk(walk.client, language)
    for addresses in kinds.values():
        for address in addresses[:: -(-len(addresses) // SAMPLE)]:
            other.visit(address)
    assert other.faults == []
    assert [address for address in other.pages if other.pages[address] != walk.pages[address]] == []
    assert [address for address in other.pages if "lang=" not in address] == []
