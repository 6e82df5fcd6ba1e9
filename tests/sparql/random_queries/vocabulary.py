"""What random data and random queries are made of: few names, so that patterns meet data, and awkward values.

Every literal stands in the form in which the store keeps it: what the store rewrites when it is loaded cannot be seen
through a query, and is counted and told at loading instead.
"""

from __future__ import annotations

from random import Random

from sparql.oracle.patterns import Data
from sparql.oracle.terms import LANG_STRING, STRING, XSD, BlankNode, Iri, Literal, Term, Triple

E = "http://e/"
THINGS = tuple(Iri(E + name) for name in "abcd")
ABSENT = (Iri(E + "nowhere"), Iri(E + "else"))
"""Names that no data hold."""
PROPERTIES = tuple(Iri(E + name) for name in "pqr")
GRAPHS = tuple(Iri(E + name) for name in ("g1", "g2", "g3"))
BLANK_NODES = (BlankNode("b1"), BlankNode("b2"))


def _typed(datatype: str, *texts: str) -> tuple[Literal, ...]:
    return tuple(Literal(text, XSD + datatype) for text in texts)


INTEGERS = _typed("integer", "0", "1", "2", "10", "-3")
BIG = _typed("integer", "9007199254740993", "9223372036854775807", "9223372036854775808", "-100000000000000000000")
DECIMALS = _typed("decimal", "1.5", "2", "0.1", "-3")
REALS = _typed("double", "1.5", "2", "0.1", "9007199254740992", "NaN", "INF") + _typed("float", "1.5", "0.1")
TEXTS = tuple(Literal(text, STRING) for text in ("", "a", "b", "ab", "1", "A b", "é", "جامعة"))
TONGUES = tuple(
    Literal(text, LANG_STRING, tag)
    for text, tag in (("a", "en"), ("a", "fr"), ("b", "en"), ("ab", "en-gb"), ("جامعة", "ar"), ("1", "fr"))
)
TRUTHS = _typed("boolean", "true", "false")
TIMES = (
    *_typed("dateTime", "2020-01-01T00:00:00Z", "2020-01-01T00:00:00", "2020-01-01T01:30:00+02:00"),
    *_typed("dateTime", "2020-02-29T12:00:00.5Z", "2019-12-30T23:00:00", "2020-01-31T00:00:00-05:00"),
    *_typed("date", "2020-01-01", "2020-01-01Z", "2019-02-28", "2020-01-31+14:00"),
    *_typed("time", "12:00:00", "12:00:00Z"),
)
SPANS = _typed("yearMonthDuration", "P1M", "P1Y") + _typed("dayTimeDuration", "PT1H", "P30D", "-P1DT2H")
ILL_TYPED = (
    *_typed("integer", "abc", ""), *_typed("boolean", "x"), *_typed("dateTime", "2020-13-01T00:00:00"),
    *_typed("double", "1,5"), *_typed("date", "2019-02-29"),
)  # fmt: skip
UNKNOWN = (Literal("a", E + "type"), Literal("1", E + "type"))
KINDS: tuple[tuple[Literal, ...], ...] = (
    INTEGERS, INTEGERS, INTEGERS, DECIMALS, REALS, TEXTS, TEXTS, TONGUES, TRUTHS, TIMES, SPANS, ILL_TYPED, UNKNOWN, BIG,
)  # fmt: skip


def literal(random: Random) -> Literal:
    return random.choice(random.choice(KINDS))


def node(random: Random) -> Term:
    """What may stand as a subject."""
    return random.choice(BLANK_NODES) if random.random() < 0.12 else random.choice(THINGS)


def value(random: Random) -> Term:
    return node(random) if random.random() < 0.5 else literal(random)


def value_without_blank_nodes(random: Random) -> Term:
    """A constant of a query, where a blank node would be a variable."""
    return random.choice(THINGS) if random.random() < 0.5 else literal(random)


def triple(random: Random) -> Triple:
    subject: Term = random.choice(GRAPHS) if random.random() < 0.05 else node(random)
    return subject, random.choice(PROPERTIES), value(random)


def data(random: Random) -> Data:
    """A dataset of up to three named graphs, which may share statements with the default graph; seldom empty."""
    default = frozenset(triple(random) for _ in range(random.choice((0, 4, 6, 8, 10))))
    named = {}
    for name in random.sample(GRAPHS, random.choice((0, 1, 2, 3, 3))):
        triples = {triple(random) for _ in range(random.choice((1, 2, 5)))}
        if default and random.random() < 0.5:
            triples.add(random.choice(sorted(default, key=str)))
        named[name] = frozenset(triples)
    return Data(default, named)
