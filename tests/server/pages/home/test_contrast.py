"""The colours of the style sheet: whatever is written on whatever ground can be read, in light and in dark.

WCAG 2.2, 1.4.3: 4.5 to 1 for texts; 1.4.11: 3 to 1 for the edges of what is filled in.
"""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path

import pytest

import server

SHEET = Path(server.__file__).parent.joinpath("static", "zellige.css").read_text(encoding="utf-8")
_RULES = re.findall(r"([^{}]+)\{([^{}]*)\}", re.sub(r"/\*.*?\*/", "", SHEET, flags=re.DOTALL))
_PAIR = re.compile(r"--([\w-]+):\s*light-dark\((#[0-9a-f]{6}),\s*(#[0-9a-f]{6})\)")
COLOURS = {name: (light, dark) for name, light, dark in _PAIR.findall(SHEET)}
TEXT, EDGE = 4.5, 3.0


def variable(body: str, *properties: str) -> str | None:
    """The variable that a rule gives to one of the properties, whole."""
    for name in properties:
        if found := re.search(rf"(?:^|[;\s]){name}:\s*var\(--([\w-]+)\)\s*(?:;|$)", body):
            return found[1]
    return None


def pairs() -> set[tuple[str, str]]:
    """Every colour of text with every ground it can stand on: its own rule's, else any that leaves the colour alone."""
    texts, grounds, found = {"ink"}, set(), set()
    for _, body in _RULES:
        text, ground = variable(body, "color"), variable(body, "background", "background-color")
        if text and ground:
            found.add((text, ground))
        elif text:
            texts.add(text)
        if ground and not (text and text.startswith("on-")):
            grounds.add(ground)
    # What is found and what is wrong is marked within the text, in the colour of what is around it.
    return found | set(product(texts, grounds))


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_the_measure_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), sorted(pairs()))
def test_texts_can_be_read(text: str, ground: str, scheme: int) -> None:
    assert contrast(COLOURS[text][scheme], COLOURS[ground][scheme]) >= TEXT


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["paper", "surface"])
@pytest.mark.parametrize("edge", ["muted", "accent", "warn"])
def test_edges_of_what_is_filled_in_can_be_seen(edge: str, ground: str, scheme: int) -> None:
    assert contrast(COLOURS[edge][scheme], COLOURS[ground][scheme]) >= EDGE


def test_the_pairs_are_those_of_the_sheet() -> None:
    assert {("ink", "paper"), ("muted", "surface"), ("accent", "surface"), ("on-accent", "accent")} <= pairs()
    assert "opacity" not in SHEET, "a text that is half there has no colour that could be measured"


def test_paper_is_a4_and_evidence_stays_whole() -> None:
    assert re.search(r"@page \{[^}]*size: A4", SHEET)
    printed = SHEET[SHEET.index("@media print") :]
    assert re.search(r"figure[^{]*\{ break-inside: avoid", printed)
