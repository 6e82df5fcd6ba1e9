"""The page on validating any RDF is followed literally, and prints what it says."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Blocks = Callable[[str], str]
Follow = Callable[[str, Path], "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def followed(
    tmp_path_factory: pytest.TempPathFactory, blocks: Blocks, follow: Follow
) -> subprocess.CompletedProcess[str]:
    return follow(blocks("docs/validate.md"), tmp_path_factory.mktemp("page"))


def test_the_page_works_as_it_is_written(followed: subprocess.CompletedProcess[str]) -> None:
    assert followed.returncode == 0, followed.stderr
    depth = "violation: A well has one depth. [http://wells.example/w2 http://wells.example/depth]"
    codes = [line for line in followed.stdout.splitlines() if line.startswith("exit code ")]
    assert codes == [f"exit code {code}" for code in (1, 1, 1, 1, 1, 2, 1, 1, 1, 1, 1, 1, 1, 1)]
    assert followed.stdout.count(depth) == 8
    assert followed.stdout.count("0 focus nodes: nothing was checked\n") == 1


def test_results_are_told_with_place_and_limit_in_two_languages(followed: subprocess.CompletedProcess[str]) -> None:
    assert "\nbad.ttl:4: violation: the value of rdfs:label is in none of the languages ar, fr, en [" in followed.stdout
    assert (
        "\nbad.ttl:4: violation: la valeur de rdfs:label n’est dans aucune des langues ar, fr, en [" in followed.stdout
    )


@pytest.mark.parametrize(
    "said",
    [
        "report.xml: does not conform: 1 result",
        "report.sarif: does not conform: 1 result",
        "report.html: غير مطابق، عدد النتائج: 1",
        "wells.ttl: 9 statements",
        "2 focus nodes of 1 shapes",
        "owl:imports <http://wells.example/shapes> is not read",
        "error: faulty.ttl:4: sh:minCount is no xsd:integer (http://wells.example/WellShape-owner)",
        "warning: faulty.ttl:4: the shape http://wells.example/WellShape-owner is left out: sh:minCount is no xsd:integer",
        "the shape http://wells.example/WellShape is left out in part",
    ],
)
def test_it_is_told_what_the_page_promises(followed: subprocess.CompletedProcess[str], said: str) -> None:
    assert said in followed.stderr
