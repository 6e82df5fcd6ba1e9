"""Content negotiation and problem documents on any input, against a slow reading of the standards."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from kg.errors import Position, Problem
from server.front.request import matches
from server.http.codes import CODES
from server.http.negotiation import choose, codings, parse_accept
from server.http.problems import OFFERS, problem_object, render
from server.http.protocol import ProtocolError
from server.http.results import DATASETS, GRAPHS, NAMES, TABLES, Format, pick, wants_page
from server.openapi import document

MAINS, SUBS = ("text", "application", "image", "*"), ("turtle", "csv", "json", "ld+json", "html", "*")
OFFERED = ("text/turtle", "application/ld+json", "text/csv", "application/json", "text/html")
QUALITIES = st.integers(0, 1000)
SPACES = st.sampled_from(("", " ", "  ", "\t"))


@st.composite
def weighted(draw: st.DrawFn) -> tuple[str, str, int, str]:
    """A media range, its weight in thousandths, and one of its spellings."""
    main, sub = draw(st.sampled_from(MAINS)), draw(st.sampled_from(SUBS))
    sub = "*" if main == "*" else sub
    weight = draw(st.one_of(st.none(), QUALITIES))
    space = draw(SPACES)
    spelled = f"{main}/{sub}"
    spelled = draw(st.sampled_from((spelled, spelled.upper(), spelled.title())))
    parameter = draw(st.sampled_from(("", ";charset=utf-8", "; profile=x")))
    if weight is not None:
        number = f"{weight // 1000}.{weight % 1000:03d}"
        number = draw(st.sampled_from((number, number.rstrip("0"), number.rstrip("0").rstrip("."))))
        parameter += f"{space};{space}{draw(st.sampled_from('qQ'))}={number}"
    return main, sub, 1000 if weight is None else weight, f"{space}{spelled}{parameter}{space}"


def quality_by_the_book(offer: str, ranges: list[tuple[str, str, int, str]]) -> int:
    """RFC 9110, section 12.5.1: the most specific range that matches has the say; of equals, the kindest."""
    main, sub = offer.split("/")
    for wanted in ((main, sub), (main, "*"), ("*", "*")):
        weights = [weight for first, second, weight, _ in ranges if (first, second) == wanted]
        if weights:
            return max(weights)
    return 0


@settings(deadline=None)
@given(st.lists(weighted(), min_size=1, max_size=6), st.permutations(OFFERED), st.integers(1, 5))
def test_the_choice_is_one_of_the_best_that_are_accepted(ranges, offers, number):
    offers = offers[:number]
    chosen = choose(",".join(spelled for *_, spelled in ranges), offers)
    qualities = {offer: quality_by_the_book(offer, ranges) for offer in offers}
    best = max(qualities.values())
    assert (chosen is None) == (best == 0)
    if chosen is not None:
        assert qualities[chosen] == best


@settings(deadline=None)
@given(st.lists(weighted(), max_size=4), st.text(max_size=20).filter(lambda text: "," not in text))
def test_what_is_no_media_range_changes_nothing(ranges, noise):
    clean = [spelled for *_, spelled in ranges]
    if parse_accept(noise) or not clean:
        return
    assert choose(",".join([*clean, noise]), OFFERED) == choose(",".join([noise, *clean]), OFFERED)
    assert choose(",".join([*clean, noise]), OFFERED) == choose(",".join(clean), OFFERED)


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_header_has_an_answer(header):
    assert choose(header, OFFERED) in {*OFFERED, None}
    assert set(codings(header)) <= {"br", "gzip"}
    assert wants_page(header, TABLES) in {True, False}
    assert matches(header, '"x"', known=False) in {True, False}
    body, media_type = render(404, [Problem("not-found", "m")], header)
    assert body
    assert media_type.partition(";")[0] in OFFERS


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(("br", "gzip", "deflate", "identity", "BR")), QUALITIES), max_size=5))
def test_a_coding_is_made_only_if_somebody_accepts_it(given_codings):
    header = ", ".join(f"{name};q={weight / 1000:.3f}" for name, weight in given_codings)
    accepted = {name.lower() for name, weight in given_codings if weight}
    assert set(codings(header)) == accepted & {"br", "gzip"}


@settings(deadline=None)
@given(
    st.sampled_from((TABLES, GRAPHS, DATASETS)),
    st.one_of(st.sampled_from(sorted(NAMES)), st.text(max_size=15)),
    st.text(max_size=40),
)
def test_a_format_is_one_that_is_offered_or_refused(offers: tuple[Format, ...], asked: str, accept: str):
    try:
        found: tuple[Format, str] | ProtocolError = pick(offers, asked, accept)
    except ProtocolError as error:
        found = error
    if isinstance(found, ProtocolError):
        assert (found.status, found.problem.code) == (406, "not-acceptable")
        return
    chosen, stated = found
    assert chosen in offers
    assert stated in chosen.media_types


PROBLEMS = st.builds(
    Problem,
    code=st.sampled_from(sorted(CODES)),
    message=st.text(max_size=80),
    position=st.one_of(
        st.none(), st.builds(Position, st.text(max_size=20), st.integers(1, 10**6), st.none() | st.integers(1, 999))
    ),
    iri=st.none() | st.text(max_size=40),
    hint=st.none() | st.text(max_size=40),
)
SURROGATES = st.text(st.characters(categories=("Cs", "L", "Cc")), max_size=10)


@pytest.fixture(scope="module")
def schema() -> Draft202012Validator:
    described = document("", "")
    return Draft202012Validator(
        {**described["components"]["schemas"]["Problem"], "components": described["components"]}
    )


@settings(deadline=None)
@given(
    st.sampled_from(sorted(CODES)), st.lists(PROBLEMS, max_size=4), SURROGATES, st.sampled_from((*OFFERS, "*/*", None))
)
def test_any_problem_is_told_in_full(schema, code, more, odd, accept):
    status = CODES[code].statuses[0]
    problems = [Problem(code, f"first {odd}"), *more]
    body, media_type = render(status, problems, accept)
    text = body.decode("utf-8")
    if media_type.startswith("text/plain"):
        assert text.startswith("first ")
        return
    told = json.loads(text)
    schema.validate(told)
    assert told["status"] == status
    assert told["type"].endswith(f"/{code}")
    assert [error["code"] for error in told["errors"]] == [problem.code for problem in problems]
    assert [error["message"] for error in told["errors"][1:]] == [problem.message for problem in more]
    assert problem_object(status, problems)["title"] == told["title"]
