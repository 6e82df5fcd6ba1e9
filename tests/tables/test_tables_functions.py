"""Functions in the mappings of a project: its own, and tables that values are looked up in, are inputs of a build."""

from __future__ import annotations

from pathlib import Path

from small_tables import make, mapping

from kg import pipeline
from kg.config import read_config
from kg.runs import Workshop

OWN = 'def raised(height: str) -> str:\n    """Higher."""\n    return f"{height} m"\n'
CALLS = """
<#note> a rml:TriplesMap ; rml:logicalSource <#rows> ;
    rml:subjectMap [ rml:template "id/dam-{code}" ] ;
    rml:predicateObjectMap [ rml:predicate rdfs:comment ; rml:objectMap [ rml:language "fr" ;
        rml:functionExecution [ rml:function <https://w3id.org/zellige/fn#raised> ; rml:input [
            rml:parameter <https://w3id.org/zellige/fn#1> ; rml:inputValueMap [ rml:reference "height" ] ] ] ] ] ;
    rml:predicateObjectMap [ rml:predicate rdfs:comment ; rml:objectMap [ rml:language "fr" ;
        rml:functionExecution [ rml:function <https://w3id.org/zellige/fn#lookup> ; rml:input
            [ rml:parameter <https://w3id.org/zellige/fn#1> ; rml:inputValueMap [ rml:reference "code" ] ] ,
            [ rml:parameter <https://w3id.org/zellige/fn#2> ; rml:inputValue "kinds.csv" ] ,
            [ rml:parameter <https://w3id.org/zellige/fn#3> ; rml:inputValue "code" ] ,
            [ rml:parameter <https://w3id.org/zellige/fn#4> ; rml:inputValue "kind" ] ] ] ] .
"""


def gather(folder: Path) -> tuple[list[str], list[str], dict[str, str]]:
    """The comments that a build states, the parts that it mapped, and the hashes of its inputs."""
    told: list[str] = []
    config = read_config(folder, {})
    prepared = pipeline.prepare(config, told.append)
    with Workshop(config.releases) as workshop:
        stated = pipeline.gather(config, told.append, None, workshop, prepared)
        lines = [line.decode() for block in stated.drawing.blocks() for line in block]
    comments = sorted(line.split('"')[1] for line in lines if "schema#comment>" in line and "/id/dam-" in line)
    mapped = [line.removeprefix("mapping ") for line in told if line.startswith("mapping ")]
    return comments, mapped, pipeline.hashed_inputs(config, prepared.tables)


def test_what_functions_read_decides_what_is_mapped_anew(tmp_path: Path) -> None:
    folder = make(tmp_path, mapping=mapping(more=CALLS))
    settings = (folder / "kg.toml").read_text(encoding="utf-8")
    (folder / "kg.toml").write_text(f'{settings}\n[paths]\nfunctions = "own.py"\n', encoding="utf-8")
    (folder / "own.py").write_text(OWN, encoding="utf-8")
    kinds = folder / "data" / "tables" / "kinds.csv"
    kinds.write_text("code,kind\nD1,en voûte\n", encoding="utf-8")
    comments, _, inputs = gather(folder)
    assert comments == ["133 m", "88.50 m", "en voûte"]
    assert {"own.py", "data/tables/kinds.csv"} <= set(inputs)
    assert gather(folder)[:2] == (comments, [])
    kinds.write_text("code,kind\nD1,en terre\n", encoding="utf-8")
    comments, mapped, changed = gather(folder)
    assert (comments, mapped) == (["133 m", "88.50 m", "en terre"], ["data/tables/dams.rml.ttl#note"])
    assert changed["data/tables/kinds.csv"] != inputs["data/tables/kinds.csv"]
    (folder / "own.py").write_text(OWN.replace(" m", " mètres"), encoding="utf-8")
    assert gather(folder)[:2] == (["133 mètres", "88.50 mètres", "en terre"], ["data/tables/dams.rml.ttl#note"])
