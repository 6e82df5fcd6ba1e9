"""Readers of what the server gives: of pages, for what a browser would forgive and for the statements they show; and of
JSON-LD whose context is at an address."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import takewhile
from urllib.parse import urlencode, urlsplit

from elements import Element, cells_of
from flask.testing import FlaskClient

from kg.terms import PREFIXES, ZEL, expand

VOID = frozenset({"meta", "link", "base", "input", "br", "hr", "img", "wbr"})
EDITOR = "/static/query.js"
"""The only script of the site, where it has been made."""
NEEDED = frozenset({"html", "head", "title", "body", "main", "h1", "header", "footer"})
_SAYING = frozenset(
    {"cite-as", "describedby", "type", "license", "author", "collection", "item", "describes", "canonical", "alternate"}
)
"""Relations of a link by which a browser loads nothing (FAIR Signposting; RFC 6596; HTML, section 4.6.7.1)."""


class Page(HTMLParser):
    """The elements of one page; `faults` tells what is wrong with it."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[tuple[str, ...], dict[str, str | None], str]] = []
        self._open: list[tuple[str, dict[str, str | None]]] = []
        self._goes_on = False
        """Whether a text is interrupted only by the leave to break it."""
        self.feed(text)
        self.close()
        self.faults += [f"<{tag}> is not closed" for tag, _ in self._open]
        seen = [tag for tag, _ in self.elements]
        self.faults += [f"no <{tag}>" for tag in NEEDED if tag not in seen]
        self.faults += [f"{seen.count(tag)} <{tag}>" for tag in ("title", "h1", "main") if seen.count(tag) > 1]
        ids = [given["id"] for _, given in self.elements if "id" in given]
        self.faults += [f"the id {i!r} stands twice" for i in ids if ids.count(i) > 1]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._goes_on = tag == "wbr"
        given = dict(attrs)
        self._check(tag, given, attrs)
        # A drawing has a title of its own, which is not that of the page.
        drawn = tag == "title" and any(name == "svg" for name, _ in self._open)
        self.elements.append(("svg title" if drawn else tag, given))
        if tag not in VOID:
            self._open.append((tag, given))

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open[-1][0] != tag:
            self.faults.append(f"</{tag}> closes {self._open[-1][0] if self._open else 'nothing'}")
            return
        self._open.pop()

    def handle_data(self, data: str) -> None:
        goes_on, self._goes_on = self._goes_on, False
        if goes_on:
            path, given, said = self.texts.pop()
            self.texts.append((path, given, said + data.strip()))
        elif data.strip():
            holder = self._open[-1][1] if self._open else {}
            self.texts.append((tuple(tag for tag, _ in self._open), holder, data.strip()))

    def _check(self, tag: str, given: dict[str, str | None], attrs: list[tuple[str, str | None]]) -> None:
        if len(given) < len(attrs):
            self.faults.append(f"<{tag}> states an attribute twice")
        if tag == "html" and (not given.get("lang") or given.get("dir") not in {"ltr", "rtl"}):
            self.faults.append("<html> has no lang or no dir")
        if tag == "bdi" and ("lang" not in given or given.get("dir") not in {"auto", "ltr", "rtl"}):
            self.faults.append("<bdi> has no lang or no dir")
        if given.get("dir") == "auto" and given.get("lang"):
            self.faults.append(f"<{tag}> guesses the direction of a text in {given['lang']}")
        if tag == "th" and given.get("scope") not in {"row", "col", "rowgroup"}:
            self.faults.append("<th> has no scope")
        is_data = tag == "script" and given.get("type") == "application/ld+json" and "src" not in given
        is_editor = given == {"type": "module", "src": EDITOR}
        if (tag == "script" and not (is_data or is_editor)) or any(
            name.startswith("on") or name == "style" for name in given
        ):
            self.faults.append(f"<{tag}> carries a script or a style")
        for name in ("href", "src", "action"):
            address = given.get(name) or ""
            says = tag == "link" and given.get("rel") in _SAYING
            if tag in {"link", "img", "form"} and not says and address.startswith(("http:", "https:", "//")):
                self.faults.append(f"<{tag}> loads {address}")
            if address.startswith("javascript:"):
                self.faults.append(f"<{tag}> runs {address}")

    def within(self, tag: str) -> list[tuple[dict[str, str | None], str]]:
        """The texts directly in elements of this name, with their attributes."""
        return [(given, text) for path, given, text in self.texts if path and path[-1] == tag]

    def links(self) -> list[str]:
        return [given["href"] or "" for tag, given in self.elements if tag == "a" and "href" in given]

    def ways(self) -> list[str]:
        """The addresses that a click leads to: of links, and of buttons that stand for a long one (HTML, 4.10.21.3)."""
        found = self.links()
        for tag, given in self.elements:
            if tag == "button" and "name" in given and (form := given.get("form")):
                action, fields = self.form(form)
                found.append(f"{action}?{urlencode([*fields, (given['name'], given['value'])])}")
        return found

    def form(self, name: str) -> tuple[str, list[tuple[str, str]]]:
        """Where a form of hidden fields leads to, and those fields."""
        begun = next(place for place, (tag, it) in enumerate(self.elements) if tag == "form" and it.get("id") == name)
        after = (it for tag, it in takewhile(lambda one: one[0] == "input", self.elements[begun + 1 :]))
        return str(self.elements[begun][1]["action"]), [(str(it["name"]), str(it["value"])) for it in after]


def opened(content: bytes, client: FlaskClient) -> bytes:
    """The document, with the context that the server gives at the address that the document names: no parser fetches any."""
    document = json.loads(content)
    if isinstance(document, dict) and isinstance(document.get("@context"), str):
        answer = client.get(urlsplit(document["@context"]).path)
        assert (answer.status_code, answer.mimetype) == (200, "application/ld+json"), document["@context"]
        document["@context"] = answer.get_json(force=True)["@context"]
    return json.dumps(document).encode()


Term = tuple[str, ...]
Statement = tuple[str, Term, str, Term]
"""Of which claim it is the word, or nobody's; subject, property, value."""

STRING = expand("xsd:string")
OA = PREFIXES["oa"]


def iri(value: str) -> Term:
    return ("iri", value)


def literal(text: str, language: str = "", datatype: str = STRING) -> Term:
    return ("literal", text, language, expand("rdf:langString") if language else datatype)


class _Tree(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("")
        self._open = [self.root]
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        made = Element(tag, dict(attrs))
        self._open[-1].inside.append(made)
        if tag not in VOID:
            self._open.append(made)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        self._open[-1].inside.append(data)


def terms(cell: Element) -> list[Term]:
    """The terms that a cell shows: links and IRIs, and texts with their language or datatype."""
    found: list[Term] = []
    for one in cell.elements:
        if one.given.get("class") in {"aside", "mark"}:
            continue  # what stands beside a name: what the same page says elsewhere
        if one.tag == "data":
            found.append(literal(one.given["value"] or "", "", whole(one.given["title"] or "")))
        elif one.tag == "a":
            found.append(iri(one.given["title"] or ""))
        elif one.tag == "bdi" and "iri" in (one.given.get("class") or "").split():
            found.append(iri(whole(one.text)))
        elif one.tag == "bdi":
            found.append(literal(one.text, one.given["lang"] or ""))
        elif one.tag == "small":
            if not found[-1][2]:
                found[-1] = literal(found[-1][1], "", whole(one.text))
        else:
            found += terms(one)
    return found


def whole(short: str) -> str:
    prefix, _, local = short.partition(":")
    return PREFIXES[prefix] + local if prefix in PREFIXES else short


class Shown:
    """What the page of a thing or of a claim says."""

    def __init__(self, text: str, subject: str) -> None:
        (main,) = _Tree(text).root.all("main")
        self.subject, self.statements, self.previews = subject, set[Statement](), set[Statement]()
        self.rows = {pair for part in main.take("by-source") for pair in of_matrix(part)}
        """Which claim speaks of which property, in the facts by source."""
        main.take("citing")
        self.cut = "Only the first" in main.text
        sections = main.all("section")
        listed = [one for one in sections if one.given.get("class") == "listed"]
        said = [one for one in main.all("article") if one.given.get("class") == "said"]
        # A page of a document tells its claims by their words, and others by their names.
        self.cut |= any(one.given.get("rel") == "next" for one in main.all("a"))
        self.cut |= any(one.all("h2")[0].text == "Claims that mention it" for one in listed)
        for grid in (one for one in main.all("table") if one.given.get("class") == "grid"):
            self.previews |= of_grid(grid, subject)
        for article in said:
            self.previews |= of_document(article, subject)
        for one in listed:
            if one.all("h2")[0].text == "Claims in its voice":
                voiced = [iri(link.given["title"] or "") for link in one.all("a")]
                self.previews |= {("", claim, f"{ZEL}assertedBy", iri(subject)) for claim in voiced}
        sections = [one for one in sections if one not in listed]
        if not sections and "/claim/" in subject:
            self.statements |= self._claim(main, subject)
        else:
            self._thing(main)
        for section in sections:
            self._thing(section)
            self.statements.update(of_references(section, subject))

    def _thing(self, main: Element) -> None:
        for table in main.elements:
            if table.tag != "table":
                continue
            for row in cells_of(table.all("tbody")[0].all("tr")):
                cells = [terms(cell) for cell in row]
                if len(cells) == 3:
                    self.statements.add(("", cells[0][0], cells[1][0][1], cells[2][0]))
                elif "ul" in [one.tag for one in row[1].elements]:
                    self.statements |= {("", iri(self.subject), cells[0][0][1], value) for value in cells[1]}
                else:
                    self.statements.add(("", cells[0][0], cells[1][0][1], iri(self.subject)))

    def _claim(self, part: Element, claim: str) -> set[Statement]:
        it = iri(claim)
        said: set[Statement] = {("", it, expand("rdf:type"), iri(f"{ZEL}Claim"))}
        said.add(("", it, expand("dct:identifier"), literal(part.all("h1", "h3")[0].all("bdi")[0].text)))
        for listed in part.all("dl"):
            prop = ""
            for one in listed.elements:
                if one.tag == "dt":
                    prop = one.given["title"] or ""
                else:
                    said |= {("", it, prop, value) for value in terms(one)}
        # Evidence that says nothing of its own stands with the first that does so.
        figures = [(one, figure) for figure in part.all("figure") for one in (figure, *alike(figure))]
        numbers = {int((one.given["title"] or "").removeprefix(f"{claim}#evidence-")) for one, _ in figures}
        assert numbers == set(range(1, len(figures) + 1))
        for one, figure in figures:
            said |= evidence(figure, claim, int((one.given["title"] or "").rpartition("-")[2]))
        for line in part.all("li"):
            said |= row(line, claim)
        for table in part.all("table"):
            graph = claim if "says" in (table.given.get("class") or "").split() else ""
            for line in cells_of(table.all("tbody")[0].all("tr")):
                cells = [terms(cell)[0] for cell in line]
                said.add((graph, cells[0], cells[1][1], cells[2]))
        return said


def of_matrix(part: Element) -> Iterator[tuple[str, str]]:
    """The claim and the property of each row."""
    for body in part.all("tbody"):
        head, *lines = body.all("tr")
        link = head.all("a")[-1].given["title"] or ""
        for line in lines:
            marks = [div for td in line.all("td")[:1] for div in td.all("div") if div.given.get("class") == "marks"]
            yield from ((div.all("a")[0].given["title"] or "", link) for div in marks)


def of_references(section: Element, subject: str) -> Iterator[Statement]:
    """What refers to a thing, by property; where claims say it, it is their word."""
    link = ""
    for one in section.elements:
        if one.tag == "h3" and one.all("a"):
            link = one.all("a")[0].given["title"] or ""
        elif one.tag == "ul":
            for line in one.all("li"):
                said = [
                    a.given["title"] or ""
                    for note in line.all("span")
                    if note.given.get("class") == "note"
                    for a in note.all("a")
                ]
                for claim in said or [""]:
                    yield claim, terms(line)[0], link, iri(subject)


def of_grid(grid: Element, table: str) -> set[Statement]:
    """What the grid of a table says of its rows: they are its rows, and claims were made of them."""
    said: set[Statement] = set()
    claims: list[Term] = []
    for line in grid.all("tbody")[0].all("tr"):
        place = line.all("th")[0].all("a")[0].given["title"] or ""
        if cells := line.all("td"):
            claims = [iri(link.given["title"] or "") for link in cells[0].all("a")]
        number = int(place.rpartition("=")[2]) - place.count("#row=")
        said |= {
            ("", iri(place), expand("rdf:type"), iri(expand("csvw:Row"))),
            ("", iri(place), expand("dct:isPartOf"), iri(table)),
            ("", iri(place), expand("csvw:rownum"), literal(str(number), "", expand("xsd:integer"))),
        }
        said |= {("", claim, expand("prov:wasDerivedFrom"), iri(place)) for claim in claims}
    return said


def of_document(article: Element, document: str) -> set[Statement]:
    """What the page of a document says of one of its claims that the document is the value of."""
    claim = article.all("h3")[0].all("a")[0].given["title"] or ""
    said: set[Statement] = {("", iri(claim), f"{ZEL}statedIn", iri(document))}
    (figure,) = article.all("figure")
    for place in filter(None, (one.given.get("title") for one in (figure, *alike(figure)))):
        target = place.replace("#evidence-", "#target-")
        said.add(("", iri(target), f"{OA}hasSource", iri(document)))
    for span in article.all("span"):
        if span.given.get("title") == f"{ZEL}assertedBy" and iri(document) in terms(span):
            said.add(("", iri(claim), f"{ZEL}assertedBy", iri(document)))
    return said


def alike(figure: Element) -> list[Element]:
    """The evidence that a figure stands for beside its own."""
    return [one for one in figure.all("span") if one.given.get("class") == "evidence"]


def evidence(figure: Element, claim: str, number: int) -> set[Statement]:
    """What a quote stands for: an annotation of the Web Annotation model."""
    given, target = iri(f"{claim}#evidence-{number}"), iri(f"{claim}#target-{number}")
    (caption,) = figure.all("figcaption")
    parts = [part.strip() for part in caption.text.split(" · ")]
    (document,) = terms(caption)
    said = {
        (iri(claim), f"{ZEL}supportedBy", given),
        (given, expand("rdf:type"), iri(f"{ZEL}Evidence")),
        (given, f"{OA}motivatedBy", iri(f"{OA}identifying")),
        (given, f"{OA}hasBody", iri(claim)),
        (given, f"{OA}hasTarget", target),
        (target, expand("rdf:type"), iri(f"{OA}SpecificResource")),
        (target, f"{OA}hasSource", document),
    }
    for part in parts[1:]:
        word, *numbers = part.replace(" to ", " ").split()
        figures = [literal(text, "", expand("xsd:integer")) for text in numbers]
        if word == "sentence":
            said.add((given, f"{ZEL}sentenceNumber", figures[0]))
        else:
            place = iri(f"{claim}#position-{number}")
            said |= {(place, f"{OA}start", figures[0]), (place, f"{OA}end", figures[1])}
            said |= {(target, f"{OA}hasSelector", place), (place, expand("rdf:type"), iri(f"{OA}TextPositionSelector"))}
    for quote in figure.all("blockquote"):
        words = iri(f"{claim}#quote-{number}")
        said.add((words, f"{OA}exact", literal(quote.all("p")[0].text)))
        said |= {(target, f"{OA}hasSelector", words), (words, expand("rdf:type"), iri(f"{OA}TextQuoteSelector"))}
    return {("", *statement) for statement in said}


def row(line: Element, claim: str) -> set[Statement]:
    """What the line of a row stands for."""
    (table,), place = terms_of_links(line, 1), line.all("a")[-1].given["title"] or ""
    number = str(int(place.rpartition("=")[2]) - 1)
    it = iri(place)
    return {
        ("", iri(claim), expand("prov:wasDerivedFrom"), it),
        ("", it, expand("rdf:type"), iri(expand("csvw:Row"))),
        ("", it, expand("dct:isPartOf"), table),
        ("", it, expand("csvw:rownum"), literal(number, "", expand("xsd:integer"))),
    }


def terms_of_links(line: Element, count: int) -> list[Term]:
    return [iri(link.given["title"] or "") for link in line.all("a")[:count]]
