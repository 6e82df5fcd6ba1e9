"""The address `/classes`: all classes of the release in one picture, and the same as a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from itertools import accumulate
from typing import Final

from flask import Blueprint, Response, current_app

from server.direction import direction_of
from server.discovery.dataset import dataset_triples
from server.lookup import Label
from server.pages.addresses import name_of
from server.pages.classes.layout import Picture, draw
from server.pages.classes.reading import CLASSES, Classes, Pictured, Tie, read_classes
from server.pages.language import words
from server.pages.phrases.naming import name_all
from server.pages.site import html, page_language, refuse, release, render, root
from server.pages.telling import in_words

MOST: Final = 32
"""Classes in a picture: what can still be read."""
_ROWS: Final = 150
"""Rows of the table: with the picture, what they hold is some 50 kB."""
_OBJECTS: Final = 8
"""Classes that a row of it names."""
_NAMED: Final = 100
"""Smaller classes that are named below."""

blueprint = Blueprint("classes", __name__)


@dataclass(frozen=True, slots=True)
class ClassesView:
    """The picture, and the same as a table."""

    picture: Picture | None
    rows: tuple[tuple[str, tuple[tuple[str, tuple[Tie, ...]], ...]], ...]
    """The classes of the picture in its order, each with its properties and what these lead to."""
    cut: bool
    """Whether there are more rows than the table has."""
    further: tuple[tuple[str, int], ...]
    """Classes that are not drawn."""
    unnamed: int
    """How many of them are not named either."""
    of_terms: int
    is_part: bool
    is_untied: bool
    total: int
    numbers: Mapping[str, int]
    labels: Mapping[str, Label]


@blueprint.get("/classes")
def show_classes() -> Response:
    """All classes in one picture."""
    kept: Pictured = current_app.extensions[CLASSES]
    served, address = release(), root()
    found = kept.of(served, lambda: read_classes(served, dataset_triples(served, address)))
    if found is None:
        why = in_words("deadline", "classes_late") if kept.has_failed(served) else in_words("busy", "classes_later")
        return refuse(HTTPStatus.SERVICE_UNAVAILABLE, (why,))
    language = page_language()
    own = words(language, "vocabulary")
    return html(render("classes.html", view=_view(found, language), own=own, most=MOST, shown=_OBJECTS))


def _view(found: Classes, language: str) -> ClassesView:
    drawn, further = found.classes[:MOST], found.classes[MOST:]
    shown = {iri for iri, _ in drawn}
    ties = [tie for tie in found.ties if tie.subject in shown and tie.object in shown]
    iris = {*shown, *(iri for iri, _ in further[:_NAMED]), *(tie.property for tie in ties)}
    served = release()
    labels = {**{iri: Label(name_of(served, iri)) for iri in iris}, **name_all(served, iris, language)}
    picture = draw(drawn, ties, labels, mirrored=direction_of(language) == "rtl") if drawn else None
    order = [box.iri for box in picture.boxes] if picture else []
    rows = [(iri, _by_property(tie for tie in ties if tie.subject == iri)) for iri in order]
    starts = accumulate((len(own) for _, own in rows), initial=0)
    kept = tuple((iri, own[: max(_ROWS - start, 0)]) for (iri, own), start in zip(rows, starts, strict=False))
    return ClassesView(
        picture,
        kept,
        sum(len(own) for _, own in rows) > _ROWS,
        further[:_NAMED],
        max(len(further) - _NAMED, 0),
        found.of_terms,
        found.is_part,
        found.is_untied,
        len(found.classes),
        dict(found.classes),
        labels,
    )


def _by_property(ties: Iterable[Tie]) -> tuple[tuple[str, tuple[Tie, ...]], ...]:
    """The properties with the ties that each makes, the most frequent first."""
    found: dict[str, list[Tie]] = {}
    for tie in ties:
        found.setdefault(tie.property, []).append(tie)
    return tuple((link, tuple(own)) for link, own in found.items())
