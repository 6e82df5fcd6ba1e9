"""How often terms are used: what the lines of the release say, counted the slow way."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner

from kg.cli.authoring.terms import terms
from kg.export.uses import uses
from kg.paths import data_dir
from kg.release import Release
from kg.terms import SCHEME, expand
from kg.vocabulary import read_vocabulary

VOCABULARY = read_vocabulary(data_dir("ontology"))


def test_every_term_is_counted_as_the_lines_have_it(built: Release) -> None:
    properties = {term.iri for term in VOCABULARY.properties.values()}
    concepts = {iri for members in VOCABULARY.concepts.values() for iri in members.values()}
    values = {*(term.iri for term in VOCABULARY.classes.values()), *concepts}
    found = uses(built, properties, values)
    left = {ox.DefaultGraph(), *(ox.NamedNode(f"{built.base}graph/{name}") for name in ("ontology", "stated", "other"))}
    quads = ox.parse("\n".join(built.lines()), ox.RdfFormat.N_QUADS)
    stated = [quad for quad in quads if quad.graph_name not in left]
    named = Counter(quad.predicate.value for quad in stated)
    given = Counter(quad.object.value for quad in stated if isinstance(quad.object, ox.NamedNode))
    assert found == {iri: (named if iri in properties else given)[iri] for iri in properties | values}
    assert found[expand("zel:Ministry")] > 0
    assert found[expand("org:Membership")] == found[f"{SCHEME}review/rejected"] == 0


def test_the_uses_stand_beside_the_terms(
    root: Path, monkeypatch: pytest.MonkeyPatch, built: Release, tmp_path: Path
) -> None:
    (tmp_path / "kg.toml").write_text((root / "kg.toml").read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert "used" not in CliRunner().invoke(terms, ["ministry"]).stdout
    (tmp_path / "releases").symlink_to(built.path.parent)
    assert re.search(
        r"^    used \d+ times in release \w+$", CliRunner().invoke(terms, ["ministry"]).stdout, re.MULTILINE
    )
    assert re.search(r"^Membership +0 class", CliRunner().invoke(terms, []).stdout, re.MULTILINE)
