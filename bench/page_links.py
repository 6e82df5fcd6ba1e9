"""Counts the links of all pages of a release that show an IRI or a prefixed name where a person would read a name.

    python bench/page_links.py RELEASES [--languages ar,fr,en] [--most 5000] [--worst 20]

Every page that can be reached from the home page is read, in each language; but not what shows IRIs since a reader
asked for them (`show=iris`), and of the answers to queries one in each arrangement: queries that differ in names and
values alone are alike, whatever they are sorted by, and so are rows that filters of the same kinds leave. `--most`
bounds the pages of a language; that it was met is said.

A link shows an IRI if its text is the whole of one, a prefixed name (`dct:title`), a name below the base (`id/lab`), or
marked as an IRI by the page. Printed are the counts by kind of page, the texts met most often, the processor time that
the pages took, in milliseconds, and their bytes before compression; and what the engine, whose processes are its own,
took for their queries on average.
"""

from __future__ import annotations

import argparse
import os
import re
import time
from collections import Counter, deque
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

import lxml.html
from flask.testing import FlaskClient

from kg.terms import LANGUAGES, PREFIXES
from rig.procfs import tree
from server.app import create_app, prepare
from server.settings import Settings

_CURIE = re.compile(rf"(?:{'|'.join(map(re.escape, PREFIXES))}):\S+")
_BELOW = re.compile(r"(?:id|doc|claim|table|scheme|graph|ont)[/#]\S+")
_NAMED = re.compile(r'<[^>]*>|"(?:[^"\\]|\\.)*+"(?:@[\w-]+)?|\b\w+:\w+|\b\d+\b|[?$]\w+')
"""What queries that are alike may differ in: IRIs, names with a prefix, texts, numbers and variables."""
_ROWS = ("/list", "/table/")
_OF_ALL = {"class", "lang", "order", "page", "row", "sort"}
"""What an address of rows may have without counting or filtering them."""
_WHOLE = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:(?://)?\S+")


def shows_an_iri(link: lxml.html.HtmlElement) -> bool:
    """Whether the text of a link is an IRI or a prefixed name."""
    text = "".join(link.itertext()).strip()
    if link.xpath(".//*[contains(concat(' ', @class, ' '), ' iri ')]"):
        return True
    return any(pattern.fullmatch(text) for pattern in (_CURIE, _BELOW, _WHOLE))


def arrangement(address: str) -> object:
    """What stands for an address and for those that show the same in another way; None for what is not read.

    >>> arrangement("/sparql?query=x"), arrangement("/query?query=x&show=iris"), arrangement("/id/a?lang=fr")
    (None, None, '/id/a?lang=fr')
    """
    place = urlsplit(address)
    asked = dict(parse_qsl(place.query))
    if place.path.startswith(("/download", "/static", "/sparql", "/context")) or asked.keys() & {"format", "cite"}:
        return None
    # Counts and filters are combined without end: one of each way.
    ways = {name.partition(".")[0] for name in asked} - _OF_ALL
    if place.path.startswith(_ROWS) and ways:
        return place.path, frozenset(ways), asked.get("lang")
    if place.path != "/query":
        return address
    if asked.get("show") == "iris":
        return None
    form = _NAMED.sub("<>", asked.get("query", asked.get("find", "")))
    return place.path, form, frozenset(name.partition(".")[0] for name in asked)


def way(button: lxml.html.HtmlElement) -> str:
    """The address that a button leads to which stands for a link: of a form of hidden fields elsewhere on the page."""
    form = button.getroottree().xpath("//form[@id=$name]", name=button.get("form"))[0]
    fields = [(it.get("name"), it.get("value")) for it in form.xpath(".//input")]
    return f"{form.get('action')}?{urlencode([*fields, (button.get('name'), button.get('value'))])}"


@dataclass
class Walk:
    """The pages that were read."""

    pages: int = 0
    links: Counter[str] = field(default_factory=Counter)
    """Links by kind of page; likewise those that show an IRI."""
    bare: Counter[str] = field(default_factory=Counter)
    texts: Counter[str] = field(default_factory=Counter)
    untitled: int = 0
    """Pages whose heading is an IRI."""
    times: list[tuple[float, str]] = field(default_factory=list)
    sizes: list[tuple[int, str]] = field(default_factory=list)

    def follow(self, client: FlaskClient, language: str, most: int) -> int:
        """Read every page that can be reached in one language, `most` at most; gives how many addresses are left."""
        waiting, seen = deque([f"/?lang={language}"]), set[object]()
        begun_with = self.pages
        while waiting and self.pages - begun_with < most:
            here = waiting.popleft()
            kind = arrangement(here)
            if kind is None or kind in seen:
                continue
            seen.add(kind)
            begun = time.process_time()
            response = client.get(here, headers={"Accept": "text/html"})
            spent = time.process_time() - begun
            if response.status_code == HTTPStatus.OK and response.mimetype == "text/html":
                self.times.append((spent * 1000, here))
                self.sizes.append((len(response.data), here))
                waiting += self._read(here, language, response.data)
            response.close()
        return len({arrangement(here) for here in waiting} - seen - {None})

    def _read(self, here: str, language: str, body: bytes) -> list[str]:
        page = lxml.html.document_fromstring(body)
        self.pages += 1
        kind = urlsplit(here).path.split("/")[1]
        self.untitled += bool(page.xpath("//h1//*[@class='iri']"))
        found = []
        for link in page.xpath("//a[@href]"):
            self.links[kind] += 1
            if shows_an_iri(link):
                self.bare[kind] += 1
                self.texts["".join(link.itertext()).strip()] += 1
            found.append(link.get("href"))
        found += (way(button) for button in page.xpath("//button[@form and @name]"))
        return [address for it in found if (address := self._onwards(here, it, language))]

    @staticmethod
    def _onwards(here: str, address: str, language: str) -> str:
        """An address of ours in the language that is walked; empty for another."""
        target = urlsplit(urljoin(here, address))
        return f"{target.path}?{target.query}" if not target.netloc and f"lang={language}" in target.query else ""


def engine() -> float:
    """Seconds that the processes below this one have taken."""
    return sum(process.cpu for process in tree(os.getpid())[1:])


def _print(walk: Walk, worst: int) -> None:
    total, bare = walk.links.total(), walk.bare.total()
    print(f"{walk.pages} pages, {walk.untitled} with an IRI as heading")
    print(f"{bare} of {total} links show an IRI: {100 * bare / total:.2f} %")
    for kind, number in walk.links.most_common():
        print(f"  /{kind:<10}{walk.bare[kind]:>7} of {number:>7}  {100 * walk.bare[kind] / number:6.2f} %")
    for text, number in walk.texts.most_common(worst):
        print(f"  {number:>7}  {text}")
    times = sorted(walk.times)
    place = int(len(times) * 0.95)
    print(f"CPU ms per page: mean {sum(t for t, _ in times) / len(times):.2f}, p95 {times[place][0]:.2f}")
    print("  slowest " + ", ".join(f"{address} {spent:.0f}" for spent, address in times[:-6:-1]))
    print("  largest " + ", ".join(f"{address} {size}" for size, address in sorted(walk.sizes)[:-4:-1]))


def main() -> None:
    """Walk, count and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("releases", type=Path)
    parser.add_argument("--languages", default=",".join(LANGUAGES))
    parser.add_argument("--most", type=int, default=5000, help="pages of a language (%(default)s)")
    parser.add_argument("--worst", type=int, default=20, help="how many texts are printed")
    given = parser.parse_args()
    prepare()  # as `kg serve` does when it listens
    client = create_app(Settings(given.releases)).test_client()
    walk, begun_with = Walk(), engine()
    for language in given.languages.split(","):
        if left := walk.follow(client, language, given.most):
            print(f"{language}: {given.most} pages were read, {left} are left")
    spent = engine() - begun_with
    _print(walk, given.worst)
    print(f"CPU ms of the engine per page: mean {1000 * spent / walk.pages:.2f}")


if __name__ == "__main__":
    main()
