"""What the shapes miss in the default graph and claims say elsewhere is told with those claims, the reason and the cure."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_project import kg, make

SHAPE = """\
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix zel: <https://w3id.org/zellige/ont#> .
<urn:own> a sh:NodeShape ; sh:targetClass zel:Laboratory ; sh:property <urn:own/basis> .
<urn:own/basis> sh:path zel:basis ; sh:minCount 1 ; sh:message "Name the basis."@en .
"""
CLAIMS = """\
statedIn: note
reviewStatus: reviewed
claims:
  - {id: N1, modality: done, says: {id: lab, lifecycleStatus: done}, evidence: Le laboratoire ouvrira}
  - {id: N2, modality: done, says: {id: lab, basis: {fr: b}}, evidence: Deux parties, contradicts: N3}
  - {id: N3, modality: done, says: {id: lab, basis: {fr: c}}, evidence: le gèrent}
"""
OUTSIDE = "(outside of the default graph it is stated by "
APART = "state it in a claim of its own, apart from what is contested)"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("", "", f"N2, N3, contradicted by another reviewed claim: {APART}"),
        ("evidence: le gèrent", "evidence: le gèrent, reviewStatus: located, contradicts: N2, checkable: false", None),
        (", contradicts: N3", ", reviewStatus: located", None),
        ("N3, modality: done, says: {id: lab, basis: {fr: c}}", "N3, modality: done, says: {id: city, basis: {fr: c}}", "N2, contradicted"),
        (
            "N2, modality: done, says: {id: lab, basis: {fr: b}}, evidence: Deux parties, contradicts: N3}\n  - {id: N3, modality: done",
            "N2, modality: claimed, says: {id: lab, basis: {fr: b}}, evidence: Deux parties}\n  - {id: N3, reviewStatus: located, modality: done",
            "N2, of the modality 'claimed'; N3, located: state it in a claim that is a thing done",
        ),
        (
            "N2, modality: done, says: {id: lab, basis: {fr: b}}, evidence: Deux parties, contradicts: N3}\n  - {id: N3, modality: done",
            "N2, modality: planned, says: {id: lab, basis: {fr: b}}, evidence: Deux parties}\n  - {id: N3, modality: claimed",
            "N2, a plan that names nothing pending; N3, of the modality 'claimed': state it",
        ),
        ("N2, modality: done, says: {id: lab, basis", "N2, modality: done, says: {id: lab, acronym: b, characterisedAs", "N3, contradicted"),
    ],
    ids=["contested", "by-one-unreviewed", "one-unreviewed", "other-thing", "opinion", "plan", "other-property"],
)  # fmt: skip
def test_a_statement_that_did_not_enter_is_told_with_its_claims(
    tmp_path: Path, old: str, new: str, said: str | None
) -> None:
    assert old in CLAIMS
    project = make(tmp_path / "project", claims=CLAIMS.replace(old, new) if old else CLAIMS)
    (project / "shapes").mkdir()
    (project / "shapes" / "own.ttl").write_text(SHAPE)
    (project / "kg.toml").write_text((project / "kg.toml").read_text() + '\n[paths]\nsources_texts = "texts"\n')
    built = kg("build", cwd=project)
    if said is None:  # one of the two claims enters
        assert built.returncode == 0, built.stderr
        return
    assert built.returncode == 1
    assert "Name the basis." in built.stderr
    assert OUTSIDE + said in built.stderr, built.stderr


def test_what_nobody_states_is_told_without_claims(tmp_path: Path) -> None:
    project = make(tmp_path / "project", claims=CLAIMS.replace("basis:", "characterisedAs:"))
    (project / "shapes").mkdir()
    (project / "shapes" / "own.ttl").write_text(SHAPE)
    (project / "kg.toml").write_text((project / "kg.toml").read_text() + '\n[paths]\nsources_texts = "texts"\n')
    built = kg("build", cwd=project)
    assert built.returncode == 1
    assert "Name the basis." in built.stderr
    assert "outside of the default graph" not in built.stderr
