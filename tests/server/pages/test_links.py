"""Every link of the whole site leads somewhere: each page of the first graph, each fragment, and each way to its data.

The site is walked whole in one language. In the others a sample of each kind of page must have the same places and the
same links, which have been followed. Of arrangements of the same rows one of each kind is visited: see `arrangement`.
"""

from __future__ import annotations

import gzip
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote, urlencode, urljoin, urlsplit
from zlib import crc32

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
UNLINKED = ("/graph/claims", "/graph/entities", "/graph/ontology", "/graph/other", "/graph/stated", "/ont/0.1.0")
"""What the graph names and no page needs."""
SHOWN = re.compile(rf"<({re.escape(BASE)}(?:id|doc|claim|table|scheme|graph|ont)\b[^>#]*)(?:#[^>]*)?>")
WHOLE, *OTHERS = LANGUAGES
SAMPLE = 12
NAMED = re.compile(r'<[^>]*>|"(?:[^"\\]|\\.)*+"(?:@[\w-]+)?|\b\w+:\w+|\b\d+\b|[?$]\w+')
"""What queries that are alike may differ in: IRIs, names with a prefix, texts, numbers and variables."""
ROWS = ("/list", "/table/")
OF_ALL = {"class", "lang", "order", "page", "row", "sort"}
"""What an address of rows may have without counting or filtering them."""
COUNTED = {"facet", "is", "during", "empty", "without"}
"""What counts and filters the rows of an answer."""
GROUPS = 3
"""Of one page of so many the data are asked for."""
"""Pages of each kind that are seen in each of the other languages."""


def arrangement(address: str) -> tuple[object, ...] | None:
    """What stands for an address and for others like it; None for an address that is like no other.

    Queries that differ in names and values only are alike, whatever they are sorted by, and so are both directions of a
    column, and the pages of one order; rows, of answers too, that are counted or filtered in one way, whatever by. The same data in
    another format are alike, and those of the pages of one kind in one of `GROUPS` groups: of a third of the pages one
    format is asked for, of all pages together all of them; likewise one way to cite.
    """
    place = urlsplit(address)
    asked = dict(parse_qsl(place.query))
    if asked.keys() & {"format", "cite"} and place.path not in {"/query", "/sparql"}:
        rest = sorted(each for each in asked.items() if each[0] not in {"format", "cite"})
        page = place.path, *rest
        is_one_of_many = (place.path.count("/") > 1 or "iri" in asked) and crc32(repr(page).encode()) % GROUPS
        return ("data", *(place.path.split("/")[1:2] if is_one_of_many else page), "cite" in asked)
    ways = {name.partition(".")[0] for name in asked} - OF_ALL
    if place.path.startswith(ROWS) and ways:
        return place.path, frozenset(ways)
    if place.path == "/query" and (chosen := ways & COUNTED):
        return place.path, frozenset(chosen)
    if place.path not in {"/query", "/sparql"} and "sort" not in asked:
        return None
    form = NAMED.sub("<>", asked.get("query", asked.get("find", "")))
    return place.path, form, frozenset(asked), "" if form else asked.get("sort", "").removeprefix("-")


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
            # In an order that prefers no format, and is the same in every run.
            leads = {link.partition("#")[0] for link in seen.links} if seen else set()
            waiting += sorted(leads, key=lambda link: crc32(link.encode()))

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
                given, hidden = str(link.removeprefix(HOST[:-1])), ()
                for_programs = link.getparent().tag == "link"
                if for_programs and link.getparent().get("rel") in {"cite-as", "type"} and link.startswith(BASE):
                    given = f"/{link.removeprefix(BASE)}"
                if name == "action":  # a list is that of a class, which its form sends along
                    fields = link.getparent().xpath('.//input[@type="hidden"][@name="class"]')
                    hidden = tuple(str(field.get("value")) for field in fields)
                # A form is sent with the language of its page; a program has none, nor has a link that is passed on.
                is_free = for_programs or name == "action" or link.startswith(HOST)
                found = led("" if given.startswith("/") else here, given, hidden, self.language if is_free else None)
                if found is None:
                    if link.startswith(BASE) or name != "href":
                        self.faults.append(f"{here}: {link} leads away")
                elif found.language in {None, self.language}:
                    yield found.address


class Led(NamedTuple):
    """Where a link leads on this site: the address without the language, and the language, if it names one."""

    address: str
    language: str | None


@cache
def led(here: str, given: str, hidden: tuple[str, ...], language: str | None) -> Led | None:
    """Where a link of a page leads, in a `language` if it says none; None if it leads away. Most stand on every page."""
    target = urlsplit(urljoin(here, given))
    if target.scheme or target.netloc:
        return None
    asked = [*parse_qsl(target.query, keep_blank_values=True), *(("class", value) for value in hidden)]
    spoken = dict(asked).get("lang", language)
    kept = sorted((key, value) for key, value in asked if key != "lang")
    query = urlencode([*kept, *([] if spoken is None else [("lang", "")])])
    place = f"{target.path}?{query}".removesuffix("?")
    return Led(f"{place}#{unquote(target.fragment)}" if target.fragment else place, spoken)


@pytest.fixture(scope="module")
def walk(built: Release) -> Walk:
    """The whole site in one language."""
    found = Walk(create_app(Settings(built.path.parent)).test_client(), WHOLE)
    found.follow()
    return found


def test_no_link_is_dead(walk: Walk) -> None:
    assert walk.faults == []
    assert len(walk.pages) > 700
    assert len(walk.data) > 800


def test_what_was_not_visited_is_a_query_or_an_order_or_another_format(walk: Walk) -> None:
    others = {address for address in walk.alike if form_of(address)[1] is None}
    assert {urlsplit(address).path.split("/")[1] for address in others} == {"list", "query", "sparql", "table"}
    for query in {dict(parse_qsl(urlsplit(address).query)).get("query", "ASK {}") for address in others}:
        check(query)
    formats = Counter(form_of(address)[1] for address in walk.data)
    assert formats["csv"], "only rows have it, and there are few pages of them"
    often = {one for one, n in formats.items() if n > 4 or one == "csv"}
    assert {form_of(address)[1] for address in walk.alike - others} <= often


def form_of(address: str) -> tuple[str, str | None]:
    """The kind of a thing, and the format in which it is asked for, or cited."""
    place = urlsplit(address)
    kind, asked = place.path.split("/")[1], dict(parse_qsl(place.query))
    return kind, None if kind in {"query", "sparql"} else asked.get("format", asked.get("cite"))


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
    # What words find, and what comes first by its name, are other rows in another language.
    for address in sorted(one for one in walk.pages if not re.search("[?&](find|sort)=", one)):
        place = urlsplit(address)
        kinds[place.path.split("/")[1], *sorted(dict(parse_qsl(place.query, keep_blank_values=True)))].append(address)
    other = Walk(walk.client, language)
    for addresses in kinds.values():
        for address in addresses[:: -(-len(addresses) // SAMPLE)]:
            other.visit(address)
    assert other.faults == []
    assert [one for one, seen in other.pages.items() if unworded(seen) != unworded(walk.pages[one])] == []
    assert [address for address in other.pages if "lang=" not in address] == []


def unworded(seen: Seen) -> Seen:
    """A page with no word to look for in its links: questions are found by words of the language.

    The columns of a table stand in the order of their names, and its query with them.
    """
    links = (re.sub(r"\bfind=[^&#]+", "find=", link) for link in seen.links)
    return Seen(seen.ids, frozenset(" ".join(sorted(re.split(r"\+|%0A", link))) for link in links))
