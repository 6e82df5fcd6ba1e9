"""The addresses of the drawings."""

from __future__ import annotations

from typing import Final

from server.openapi.answers import EVERY, PAGES, problem
from server.openapi.model import Answer, Operation, Parameter, Route
from server.pages import describe

_TAG: Final = "Pages"
_READ: Final = (Answer(304, "The client has the answer already", (), ("ETag", *EVERY)), problem(412), problem(500))
_PAGE: Final = Answer(200, "A page", (PAGES,), ("ETag", "Vary", "Cache-Control", "Content-Language", *EVERY))
_SPOKEN: Final = ("lang", "acceptLanguage", "ifNoneMatch")
_NUMBER: Final = Parameter(
    "page", "query", {"type": "integer", "minimum": 0, "maximum": describe.LAST_PAGE}, "Counts from 0",
    may_be_empty=True,
)  # fmt: skip
_OF: Final = Parameter(
    "of", "query", {"type": "string"}, "Only dates that this property gives, by its IRI", may_be_empty=True
)


def _route(name: str, operation: str, summary: str, *also: Parameter) -> Route:
    fails = (problem(400), *((problem(404),) if also else ()), problem(503))
    answers = (_PAGE, *fails, *_READ)
    return Route(f"/{name}", (Operation("get", operation, summary, _TAG, answers, (*also, _NUMBER, *_SPOKEN)),))


def _classes() -> Route:
    answers = (_PAGE, problem(503), *_READ)
    summary = "All classes of the release in one picture, with the properties between their things"
    return Route("/classes", (Operation("get", "readClasses", summary, _TAG, answers, _SPOKEN),))


ROUTES: Final = (
    _classes(),
    _route("timeline", "readTimeline", "Things with dates on one scale, and who gives them", _OF),
    _route("targets", "readTargets", "Targets and baselines, each on the scale of its unit, and who says them"),
    _route("partners", "readPartners", "Who takes part in which agreement or project, and who says so"),
    _route("sources", "readSources", "Which documents contradict, agree with or do not exclude one another"),
)
