"""Spellings of SERVICE, LOAD and FROM that name an address elsewhere, by the way in which they are spelled.

All are made by rule: the keyword in every case and escape, what may stand around it, the ways to name an address, and
every construct that a group may stand in. `ADDRESS` stands for the host and port that must never be spoken to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from services import DECEPTIVE

ADDRESS = "127.0.0.1:1"
ALLOWED = "127.0.0.1:9"
"""Stands for an endpoint that a server may ask."""
URL = f"<http://{ADDRESS}/>"
GROUP = "{ ?s ?p ?o }"
PROLOGUE = (
    f"PREFIX t: <http://{ADDRESS}/> PREFIX : <http://{ADDRESS}/> PREFIX ex: <http://e/> BASE <http://{ADDRESS}/> "
)


@dataclass(frozen=True, slots=True)
class Spelling:
    """One text, and the kind of trick in it."""

    kind: str
    text: str

    def at(self, address: str, allowed: str = ALLOWED) -> str:
        """The text with real addresses."""
        return self.text.replace(ADDRESS, address).replace(ALLOWED, allowed)


def cased(word: str) -> tuple[str, ...]:
    """A keyword in capitals, small letters, and mixtures of them."""
    mixed = "".join(letter.lower() if place % 2 else letter for place, letter in enumerate(word))
    return word, word.lower(), word.capitalize(), mixed, mixed.swapcase()


def escaped(word: str) -> Iterator[str]:
    """A keyword with each of its letters as an escape, once in four digits and once in eight, and all of them."""
    for place, letter in enumerate(word):
        yield f"{word[:place]}\\u{ord(letter):04X}{word[place + 1 :]}"
        yield f"{word[:place]}\\U{ord(letter.lower()):08x}{word[place + 1 :]}"
    yield "".join(f"\\u{ord(letter):04x}" for letter in word)


BLANKS = (
    " ", "\t", "\n", "\r", "\r\n", " " * 10_000, "\n" * 500, "#\n", "# {\r", "# '\n", '# """\n', "# } <http://e/>\r\n",
    "#" + "x" * 5000 + "\n", "\\u0020", "\\u0009", "# \\u000A\n",
)  # fmt: skip
"""What may stand between two tokens; the last but two are blanks by their escapes."""

NAMES = (
    URL, f"<http://{ADDRESS}/sparql?a=b&c=%20>", f"<http://{ADDRESS}/#fragment>", f"<HTTP://{ADDRESS}/>",
    f"<http://user@{ADDRESS}/>", f"<http://{ADDRESS}/\\u0061>", f"<\\u0068ttp://{ADDRESS}/>",
    f"<http:\\u002F\\U0000002F{ADDRESS}/>", "t:", "t:a", ":a", ":", "<>", "<a>", "</a/../b>", "<?q>", f"<//{ADDRESS}/>",
)  # fmt: skip
"""The address by its IRI, by a prefixed name, and relative to BASE."""

GIVEN = (
    f"VALUES ?e {{ {URL} }} SERVICE ?e {GROUP}",
    f"VALUES (?e) {{ ({URL}) (UNDEF) }} SERVICE SILENT ?e {GROUP}",
    f"BIND({URL} AS ?e) SERVICE ?e {GROUP}",
    f"BIND(IRI('http://{ADDRESS}/') AS ?e) SERVICE $e {GROUP}",
    f"BIND(IRI(CONCAT('http://', '{ADDRESS}', '/')) AS ?e) SERVICE ?e {GROUP}",
    f"{{ SELECT ({URL} AS ?e) {{}} }} SERVICE ?e {GROUP}",
    f"SERVICE ?e {GROUP} VALUES ?e {{ {URL} }}",
    f"{{ SELECT ?e {{ VALUES ?e {{ {URL} }} }} }} SERVICE ?e {{ SELECT * {{ ?s ?p ?o }} }}",
)
"""The address in a variable."""

WITHIN = (
    "SELECT * WHERE {{ {0} }}", "SELECT*{{{0}}}", "SELECT DISTINCT ?s {{ {0} }} ORDER BY ?s LIMIT 1",
    "SELECT REDUCED * {{ {{ {0} }} }}", "SELECT (COUNT(*) AS ?n) {{ {0} }} GROUP BY ?s HAVING (COUNT(*) > 0)",
    "ASK {{ {0} }}", "ASK WHERE {{ ?x ?y ?z . {0} }}", "ASK {{ {0} {0} }}", "ASK {{ {0} . {0} ; }}",
    "CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {0} }}", "CONSTRUCT {{ <urn:a> <urn:b> '{{' }} WHERE {{ {0} }}",
    "CONSTRUCT {{ {0} }} WHERE {{ {0} }}", "CONSTRUCT WHERE {{ {0} }}", "CONSTRUCT {{}} {{ {0} }}",
    "DESCRIBE ?s WHERE {{ {0} }}", "DESCRIBE * {{ {0} }}", "DESCRIBE <urn:a> {{ {0} }}", "DESCRIBE {0}",
    "SELECT * {{ OPTIONAL {{ {0} }} }}", "SELECT * {{ ?x ?y ?z OPTIONAL {{ {0} OPTIONAL {{ {0} }} }} }}",
    "SELECT * {{ {{ ?x ?y ?z }} UNION {{ {0} }} }}", "SELECT * {{ {{ {0} }} UNION {{ {0} }} UNION {{}} }}",
    "SELECT * {{ ?s ?p ?o MINUS {{ {0} }} }}", "SELECT * {{ ?s ?p ?o MINUS {{ OPTIONAL {{ {0} }} }} }}",
    "SELECT * {{ GRAPH ?g {{ {0} }} }}", "SELECT * {{ GRAPH <urn:g> {{ {0} }} }}",
    "SELECT * {{ {{ SELECT ?s {{ {0} }} LIMIT 1 }} }}", "SELECT * {{ {{ SELECT * {{ {{ SELECT * {{ {0} }} }} }} }} }}",
    "SELECT * {{ ?s ?p ?o FILTER EXISTS {{ {0} }} }}", "SELECT * {{ ?s ?p ?o FILTER NOT EXISTS {{ {0} }} }}",
    "SELECT * {{ ?s ?p ?o FILTER(EXISTS {{ {0} }} || 1 = 1) }}", "SELECT * {{ ?s ?p ?o FILTER(!EXISTS {{ {0} }}) }}",
    "SELECT * {{ ?x ?y ?z BIND(EXISTS {{ {0} }} AS ?b) }}", "SELECT (EXISTS {{ {0} }} AS ?b) {{}}",
    "SELECT * {{ ?x ?y ?z BIND(IF(EXISTS {{ {0} }}, 1, 2) AS ?b) }}",
    "SELECT * {{ ?x ?y ?z }} ORDER BY (EXISTS {{ {0} }})", "SELECT (1 AS ?n) {{ ?x ?y ?z }} GROUP BY (EXISTS {{ {0} }} AS ?b)",
    "SELECT (1 AS ?n) {{ ?x ?y ?z }} GROUP BY ?x HAVING (EXISTS {{ {0} }})",
    "SELECT (SUM(IF(EXISTS {{ {0} }}, 1, 0)) AS ?n) {{ ?x ?y ?z }}",
    f"SELECT * {{{{ SERVICE <http://{ALLOWED}/> {{{{ {{0}} }}}} }}}}", "SELECT * {{ SERVICE SILENT ?unbound {{ {0} }} }}",
    "SELECT * {{ VALUES ?v {{ 1 2 }} {0} }}", "SELECT * {{ {0} }} VALUES ?v {{ 1 }}",
    "SELECT * {{ VALUES (?v ?w) {{ (UNDEF 'SERVICE') }} {0} }}",
    "SELECT * {{ ?x (ex:a|!ex:b)*/^ex:c+ ?y . {0} }}", "SELECT * {{ ?x <urn:a>?/<urn:b>* ?y . {0} }}",
    "SELECT * {{ ?x ex:service ?y . {0} }}", "SELECT * {{ ?service ex:SERVICE ?load . {0} }}",
    "SELECT * {{ << ?a ?b ?c >> ?d ?e . {0} }}",
)  # fmt: skip
"""Every construct that may hold a group, or stand beside one."""

BEFORE = (
    "\ufeff", "\ufeff\ufeff", "#\r", "# \ufeff\n", "VERSION '1.2' ", "PREFIX service: <http://e/> ",
    "PREFIX select: <http://e/#> ", "BASE <http://e/#'> BASE <http://e/> ", "# SELECT * { } \r\n",
)  # fmt: skip
"""What may stand before a query, or be taken for it."""

NEAR = (
    "<http://e/a#b> <http://e/#> '#' .", "?x ?y '#' .", "?x ?y \"'\" .", "?x ?y '\"' .", "?x ?y 'it\\'s' .",
    "?x ?y '''a'b\"c''' .", '?x ?y """a"b\'c\n#""" .', "?x ?y 'a'@en-GB .", "?x ?y '\\u0027' .", "?x ?y '\\\\' .",
    "?x ?y 1", "?x ?y 1.", "?x ?y 1.5e3", "?x ?y true", "?x ?y 'a'", "?x ?y 'a'@en", "?x ?y 'a'^^ex:t", "?x ?y _:b",
    "?x ?y [ ?z () ]", "?x ?y ( 1 'SERVICE' )", "FILTER(1<2)", "FILTER(?a<?b && ?c>?d)", "FILTER(1 < 2) # >\n",
    "FILTER(?a IN (<http://e/#>, '#'))", "FILTER REGEX('#', '}') .", "BIND('{' AS ?v)", "?x ex:a\\#b ?y .",
    "?x ex:%23 ?y .",
)  # fmt: skip
"""What may stand before SERVICE in a group, and lead a reader astray that knows no tokens."""


def group(kind: str, clause: str, before: str = "") -> Spelling:
    """A query whose group is `clause`."""
    return Spelling(kind, f"{before}{PROLOGUE}SELECT * {{ {clause} }}")


def clauses() -> Iterator[Spelling]:
    """A clause in every spelling of its own."""
    for silent in ("", " SILENT"):
        yield from (group("case", f"{word}{silent.lower()} {URL} {GROUP}") for word in cased("SERVICE"))
        yield from (group("escape", f"{word}{silent} {URL} {GROUP}") for word in escaped("SERVICE"))
        yield from (group("name", f"SERVICE{silent} {name} {GROUP}") for name in NAMES)
        for blank in BLANKS:
            yield group("blank", f"SERVICE{silent.replace(' ', blank)}{blank}{URL}{blank}{GROUP}")
    yield from (group("case", f"SERVICE {word} {URL} {GROUP}") for word in cased("SILENT")[1:])
    yield from (group("escape", f"SERVICE {word} {URL} {GROUP}") for word in escaped("SILENT"))
    yield group("escape", f"SERVICE \\u003Chttp://{ADDRESS}/\\u003E \\u007B ?s ?p ?o \\u007D")
    yield group("blank", f"SERVICE{URL}{GROUP}")
    yield group("blank", f"SERVICE?e{GROUP}VALUES?e{{{URL}}}")
    yield group("blank", f"SERVICESILENT{URL}{GROUP}")
    yield from (group("variable", clause) for clause in GIVEN)


def places() -> Iterator[Spelling]:
    """A clause in every place, and beside everything."""
    for place in WITHIN:
        yield Spelling("within", PROLOGUE + place.format(f"SERVICE {URL} {GROUP}"))
        yield Spelling("within", PROLOGUE + place.format(f"service silent t:a {{ SELECT * {GROUP} }}"))
    yield from (group("before", f"SERVICE {URL} {GROUP}", before) for before in BEFORE)
    for neighbour in NEAR:
        yield group("near", f"{neighbour} SERVICE {URL} {GROUP}")
        yield group("near", f"{neighbour}SERVICE{URL}{GROUP}")
    yield from (Spelling("deceptive", text) for text in DECEPTIVE)


def loads() -> Iterator[Spelling]:
    """The spellings of LOAD."""
    for word in (*cased("LOAD"), *escaped("LOAD")):
        yield Spelling("load", f"{PROLOGUE}{word} {URL}")
    for word in ("SILENT", *escaped("SILENT")):
        yield Spelling("load", f"{PROLOGUE}LOAD {word} {URL} INTO GRAPH <urn:g>")
    for blank in BLANKS:
        yield Spelling("load", f"{PROLOGUE}LOAD{blank}{URL}{blank}INTO{blank}GRAPH{blank}<urn:g>")
    for name in NAMES:
        yield Spelling("load", f"{PROLOGUE}LOAD {name} INTO GRAPH t:g")
    for before in BEFORE:
        yield Spelling("load", f"{before}LOAD {URL}")
    for first in (
        "INSERT DATA { <urn:a> <urn:b> '#' }",
        "CLEAR SILENT ALL",
        "CREATE SILENT GRAPH <urn:g>",
        f"LOAD {URL}",
    ):
        yield Spelling("load", f"{first} ; LOAD {URL}")
    yield Spelling("load", f"INSERT {{ ?s ?p ?o }} WHERE {{ SERVICE {URL} {GROUP} }}")
    yield Spelling("load", f"DELETE {{ ?s ?p ?o }} WHERE {{ SERVICE SILENT {URL} {GROUP} }}")


FORMS = ("SELECT * {0} {{ ?s ?p ?o }}", "ASK {0} {{ ?s ?p ?o }}", "CONSTRUCT {{ ?s ?p ?o }} {0} WHERE {{ ?s ?p ?o }}",
         "CONSTRUCT {0} WHERE {{ ?s ?p ?o }}", "DESCRIBE ?s {0} {{ ?s ?p ?o }}", "DESCRIBE <urn:a> {0}",
         "SELECT * {0} {{ GRAPH ?g {{ ?s ?p ?o }} }}")  # fmt: skip


def froms() -> Iterator[Spelling]:
    """The spellings of FROM and FROM NAMED: each is a query over graphs of this server, by whatever name."""
    for form in FORMS:
        yield Spelling("from", PROLOGUE + form.format(f"FROM {URL}"))
        yield Spelling("from", PROLOGUE + form.format(f"FROM NAMED {URL} FROM <urn:g>"))
    for word in (*cased("FROM")[1:], *escaped("FROM")):
        yield Spelling("from", f"{PROLOGUE}SELECT * {word} {URL} {GROUP}")
    for word in (*cased("NAMED"), *escaped("NAMED")):
        yield Spelling("from", f"{PROLOGUE}SELECT * FROM {word} {URL} {{ GRAPH ?g {GROUP} }}")
    for blank in BLANKS:
        yield Spelling("from", f"{PROLOGUE}SELECT *{blank}FROM{blank}{URL}{blank}FROM{blank}NAMED{blank}{URL}{GROUP}")
    for name in NAMES:
        yield Spelling("from", f"{PROLOGUE}SELECT * FROM {name} FROM NAMED {name} {{ GRAPH {name} {GROUP} }}")
    for text in (
        f"SELECT * {{ {URL} ?p ?o }}", f"DESCRIBE {URL}", f"ASK {{ {URL} <urn:p> ?o }}", f"SELECT ?s {{ ?s a {URL} }}",
        f"SELECT * {{ GRAPH {URL} {GROUP} }}", f"ASK {{ BIND(URI('http://{ADDRESS}/') AS ?e) GRAPH ?e {GROUP} }}",
    ):  # fmt: skip
        yield Spelling("lookup", text)


def distinct(spellings: Iterable[Spelling]) -> tuple[Spelling, ...]:
    """The first spelling of each text."""
    return tuple({spelling.text: spelling for spelling in reversed(tuple(spellings))}.values())[::-1]


SERVICES = distinct((*clauses(), *places()))
LOADS = distinct(loads())
FROMS = distinct(froms())
