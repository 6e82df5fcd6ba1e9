"""Every link of the whole site leads somewhere: each page of the first graph in three languages, and each fragment."""

from __future__ import annotations

import gzip
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote, urljoin, urlsplit

import lxml.html
import pytest
from flask.testing import FlaskClient

from kg.release import Release
from kg.terms import LANGUAGES
from server.app import create_app
from server.settings import Settings

BASE = "https://w3id.org/zellige/"
HTML = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
ADDRESSES = ("href", "src", "action")
UNLINKED = ("/graph/claims", "/graph/entities", "/graph/ontology", "/ont/0.1.0")
"""What the graph names and no page needs."""
SHOWN = re.compile(rf"<({re.escape(BASE)}(?:id|doc|claim|table|scheme|graph|ont)\b[^>#]*)(?:#[^>]*)?>")


@dataclass
class Walk:
    """What a visitor finds who begins at the home page, or knows a graph by its name, and follows every link in one language."""

    ids: dict[str, frozenset[str]] = field(default_factory=dict)
    """The ids of each page, by its address."""
    data: set[str] = field(default_factory=set)
    """Addresses that answered with something else."""
    fragments: list[tuple[str, str, str]] = field(default_factory=list)
    """Where a link with a fragment stands, the page that it leads to, and the fragment."""
    faults: list[str] = field(default_factory=list)

    def follow(self, client: FlaskClient, language: str, known: frozenset[str]) -> None:
        """Visit everything that can be reached; `known` data need no second look."""
        waiting = [f"{place}?lang={language}" for place in ("/", *UNLINKED)]
        while waiting:
            here = waiting.pop()
            if here in self.ids or here in self.data:
                continue
            if here in known:
                self.data.add(here)
                continue
            response = client.get(here, headers=HTML)
            if response.status_code != 200:
                self.faults.append(f"{here}: {response.status_code}")
            if response.mimetype != "text/html":
                self.data.add(here)
                response.close()
                continue
            waiting += self._read(here, language, response.data)

    def _read(self, here: str, language: str, body: bytes) -> list[str]:
        page = lxml.html.document_fromstring(body)
        ids = page.xpath("//@id")
        self.faults += [f"{here}: the id {i!r} stands twice" for i in set(ids) if ids.count(i) > 1]
        self.ids[here] = frozenset(ids)
        found = []
        for name in ADDRESSES:
            for link in page.xpath(f"//@{name}"):
                # A form is sent with the language of its page.
                target = urlsplit(urljoin(here, f"{link}?lang={language}" if name == "action" else link))
                if target.scheme or target.netloc:
                    if link.startswith(BASE) or name != "href":
                        self.faults.append(f"{here}: {link} leads away")
                    continue
                other = "lang=" in target.query and f"lang={language}" not in target.query
                if not other:
                    address = f"{target.path}?{target.query}" if target.query else target.path
                    found.append(address)
                    if target.fragment:
                        self.fragments.append((here, address, unquote(target.fragment)))
        return found

    def dead(self) -> list[str]:
        """The links whose page has no such place."""
        return [
            f"{here}: {address}#{fragment}"
            for here, address, fragment in self.fragments
            if fragment not in self.ids.get(address, frozenset())
        ]


@pytest.fixture(scope="module")
def walks(built: Release) -> Mapping[str, Walk]:
    """The whole site, once in each language."""
    client = create_app(Settings(built.path.parent)).test_client()
    found: dict[str, Walk] = {}
    for language in LANGUAGES:
        known = frozenset[str]().union(*(walk.data for walk in found.values()))
        found[language] = Walk()
        found[language].follow(client, language, known)
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_link_is_dead(walks: Mapping[str, Walk], language: str) -> None:
    walk = walks[language]
    assert walk.faults == []
    assert len(walk.ids) > 700
    assert len(walk.data) > 2500


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_fragment_is_dead(walks: Mapping[str, Walk], language: str) -> None:
    walk = walks[language]
    assert walk.dead() == []
    kinds = {re.sub(r"\d+", "N", fragment) for _, address, fragment in walk.fragments if "/ont" not in address}
    assert {"row=N", "evidence-N", "run", "mapping"} <= kinds


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_language_is_kept_everywhere(walks: Mapping[str, Walk], language: str) -> None:
    assert [address for address in walks[language].ids if f"lang={language}" not in address] == []


def test_every_thing_of_the_graph_has_a_page_that_can_be_reached(walks: Mapping[str, Walk], built: Release) -> None:
    named = {
        urlsplit(iri).path.removeprefix("/zellige")
        for line in gzip.decompress((built.path / "graph.nq.gz").read_bytes()).decode().splitlines()
        for iri in SHOWN.findall(line)
    }
    assert len(named) > 600
    for walk in walks.values():
        reached = {unquote(urlsplit(address).path) for address in walk.ids}
        assert named - reached == set()


def test_the_three_languages_have_the_same_pages_and_places(walks: Mapping[str, Walk]) -> None:
    seen = [
        {address.replace(f"lang={language}", "lang="): ids for address, ids in walk.ids.items()}
        for language, walk in walks.items()
    ]
    assert seen[0] == seen[1] == seen[2]
