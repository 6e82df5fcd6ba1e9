"""Tables beside the claims: every row a claim with its evidence, every fault told at its line."""

from __future__ import annotations

import json
from pathlib import Path

import pyoxigraph as ox
import pytest
import small_project
import small_tables
from small_tables import DAMS, ENTRY, as_document, make, mapping

from kg import pipeline, store
from kg.config import read_config
from kg.errors import ConfigError, DataError, KgError, MappingError, RecordError, ShapeViolation
from kg.export.tables import tables as csv_tables
from kg.release import Release
from kg.rml.run.engine import VERSION as ENGINE
from kg.terms import PREFIXES

BASE = "https://example.org/small/"
PREFIX = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())


def built(folder: Path) -> Release:
    return pipeline.build(read_config(folder, {}), lambda _: None)


def rows(release: Release, text: str) -> list[tuple[str, ...]]:
    found = store.read(release.store_path).query(PREFIX + text, base_iri=BASE)
    assert isinstance(found, ox.QuerySolutions)
    return [tuple("" if term is None else term.value for term in row) for row in found]


def faults(folder: Path, kind: type[KgError] = DataError) -> list[str]:
    current = folder / "releases" / "current"
    before = current.readlink() if current.exists() else None
    with pytest.raises(kind) as caught:
        built(folder)
    assert (current.readlink() if current.exists() else None) == before
    return [str(problem) for problem in caught.value.problems]


def test_a_row_is_a_claim_with_its_file_its_row_and_its_mapping(tmp_path: Path) -> None:
    release = built(make(tmp_path))
    found = rows(
        release,
        """SELECT ?claim ?number ?row ?file ?hash ?rules ?engine ?document ?voice ?modality ?status WHERE {
             GRAPH <graph/claims> {
               ?claim a zel:Claim ; prov:wasDerivedFrom ?row ; prov:wasGeneratedBy ?run ; zel:statedIn ?document ;
                 zel:assertedBy ?voice ; zel:modality ?modality ; zel:reviewStatus ?status ;
                 zel:supportedBy/oa:hasTarget/oa:hasSource ?document .
               ?row a csvw:Row ; csvw:rownum ?number ; dct:isPartOf ?table .
               ?table zel:fileName ?file ; dct:identifier ?hash ; prov:wasDerivedFrom ?document .
               ?run prov:used ?table , ?mapping ; zel:engineVersion ?engine .
               ?mapping a zel:Mapping ; zel:fileName ?rules } } ORDER BY ?number""",
    )
    scheme = "https://w3id.org/zellige/scheme/"
    manifest = release.manifest
    name = "data/tables/dams.csv"
    assert found == [
        (
            f"{BASE}claim/D{n}", str(n), f"{BASE}table/dams#row={n + 1}", name, f"sha256:{manifest['inputs'][name]}",
            "data/tables/dams.rml.ttl", ENGINE, f"{BASE}doc/note", f"{BASE}doc/note", f"{scheme}modality/done",
            f"{scheme}review/located",
        )
        for n in (1, 2, 3)
    ]  # fmt: skip
    assert set(manifest["inputs"]) >= {name, "data/tables/dams.rml.ttl", "data/tables/tables.yaml"}
    assert (manifest["counts"]["tables"], manifest["counts"]["rows"], manifest["counts"]["claims"]) == (1, 3, 5)


def test_a_row_states_what_its_cells_do_and_an_empty_cell_nothing(tmp_path: Path) -> None:
    release = built(make(tmp_path))
    stated = rows(release, "SELECT ?s ?p ?o WHERE { GRAPH <claim/D2> { ?s ?p ?o } } ORDER BY ?s ?p")
    zel = PREFIXES["zel"]
    assert stated == [
        (f"{BASE}id/dam-D2", PREFIXES["rdf"] + "type", "https://schema.org/LandmarksOrHistoricalBuildings"),
        (f"{BASE}id/dam-D2", f"{zel}name", "سد الوادي"),
        (f"{BASE}id/dam-D2", f"{zel}quantity", f"{BASE}id/height-133-D2"),
        (f"{BASE}id/height-133-D2", PREFIXES["rdf"] + "type", f"{zel}Quantity"),
        (f"{BASE}id/height-133-D2", f"{zel}exactness", "https://w3id.org/zellige/scheme/exactness/exact"),
        (f"{BASE}id/height-133-D2", f"{zel}numericValue", "133"),
    ]
    assert rows(release, "SELECT ?o WHERE { GRAPH <claim/D3> { ?s zel:name ?o } }") == [
        ('Vieux barrage, dit "le Pont", bas',)
    ]
    # 88.50 is kept as the store keeps it.
    assert ("88.5",) in rows(release, "SELECT ?o WHERE { GRAPH <claim/D1> { ?s zel:numericValue ?o } }")
    glosses = rows(release, "SELECT ?c ?g WHERE { GRAPH <graph/claims> { ?c zel:gloss ?g FILTER(LANG(?g) = 'fr') } }")
    assert sorted(glosses) == [
        (f"{BASE}claim/D1", "Le barrage Barrage du Nord"),
        (f"{BASE}claim/D3", 'Le barrage Vieux barrage, dit "le Pont", bas'),
    ]


def test_every_row_of_which_no_term_can_be_made_is_told(tmp_path: Path) -> None:
    wrong = DAMS.replace("88.50", "tall").replace("133", "deep")
    more = "".join(f"E{n},x,y,{'bad' if n % 2 else n},note,\n" for n in range(600))
    told = faults(make(tmp_path, table=wrong + more))
    assert len(told) == 302
    assert told[0].startswith("data/tables/dams.csv:2: 'tall' is no xsd:decimal [data/tables/dams.rml.ttl:")
    assert told[1].startswith("data/tables/dams.csv:3: 'deep' is no xsd:decimal")
    assert told[-1].startswith("data/tables/dams.csv:604: 'bad' is no xsd:decimal")
    assert not (tmp_path / "releases" / "current").exists()


def test_a_row_that_breaks_a_shape_is_told_at_its_line(tmp_path: Path) -> None:
    text = mapping().replace("rml:object exactness:exact", 'rml:object "exact"')
    told = faults(make(tmp_path, mapping=text), ShapeViolation)
    assert {line.split(": ")[0] for line in told} == {"data/tables/dams.csv:2", "data/tables/dams.csv:3"}
    assert all("exactness" in line for line in told)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("D2,سد الوادي,,133,note", "D2,سد الوادي,,133,nota", "dams.csv:3: unknown name 'nota' (did you mean 'note'?)"),
        ("D2,", "D1,", "dams.csv:3: claim 'D1' exists already (see row 2; if several rows are meant"),
        ("D2,", ",", "dams.csv:3: the row has no id"),
        ("D2,", "D 2,", "dams.csv:3: 'D 2' cannot name a claim"),
        ("D2,", "N1,", "note.yaml:7: claim 'N1' is a row of a table already"),
        ("133,note,", "133,note,D9", "dams.csv:3: unknown claim 'D9'"),
        ("133,note,", "133,note,a/b", "dams.csv:3: 'a/b' cannot name a claim"),
        ("D2,", "\nD2,", "dams.csv:3: a blank line between rows"),
        ("D2,", "D2,x,", "dams.csv:3: the row has 7 cells, the header 6"),
    ],
)
def test_what_is_wrong_with_a_row_is_told_at_its_line(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert DAMS.count(old) == 1
    assert any(told in line for line in faults(make(tmp_path, table=DAMS.replace(old, new))))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("    id: $(code)\n", "", "tables.yaml:2: table 'dams' has no 'id'"),
        ("    id: $(code)\n", "    id: $(cod)\n", "tables.yaml:6: data/tables/dams.csv has no column 'cod' (did you"),
        ("    modality: done\n", "", "table 'dams' has no 'modality'"),
        (
            "    modality: done\n",
            "    modality: dome\n",
            "the scheme 'modality' has no name 'dome' (did you mean 'done'",
        ),
        ("    statedIn: $(source)\n", "", "table 'dams' names no documents"),
        ("fr: Barrages, ", "", "'title' lacks fr"),
        ("    publisher: Example\n", "", "table 'dams' has no 'publisher'"),
        (
            "    licence: CC0 1.0\n",
            "    license: CC0\n",
            "unknown key 'license' in table 'dams' (did you mean 'licence'",
        ),
        (
            "    id: $(code)\n",
            "    id: $(code)\n    file: dam.csv\n",
            "no file 'dam.csv' in data/tables (did you mean 'd",
        ),
        ("    id: $(code)\n", "    id: $(code)\n    file: ../sources.yaml\n", "leads out of the folder of tables"),
        ("    id: $(code)\n", "    id: $(code)\n    mapping: dams.csv\n", "'dams.csv' is no name of a mapping"),
        ("    id: $(code)\n", "    id: $(code\n", "a reference is not closed"),
        ("  dams:\n", "  Dams!:\n", "'Dams!' cannot name a table"),
        (
            "    id: $(code)\n",
            "    id: $(code)\n    document: note\n",
            "is a document: it has no 'publisher' of its own",
        ),
    ],
)
def test_what_is_wrong_with_the_register_is_told_at_its_line(tmp_path: Path, old: str, new: str, told: str) -> None:
    entry = ENTRY.format(slug="dams")
    assert entry.count(old) == 1
    found = faults(make(tmp_path, tables=entry.replace(old, new)), KgError)
    assert any(told in line for line in found), found


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (mapping().replace('"id/dam-{code}"', '"id/dam-{cod}"'), "dams.csv has no column 'cod' (did you mean 'code'?)"),
        (mapping().replace('"id/dam-{code}"', '"dam-{code}" ; rml:termType rml:BlankNode'), "holds no blank node"),
        (mapping().replace("rml:class", "rml:graph <http://e/g> ; rml:class"), "has no graphs of its own"),
        (
            mapping().replace("rml:class", f"rml:graph <{BASE}graph/entities> ; rml:class"),
            "the register does not take this property",
        ),
        (mapping("dams.txt"), "there is no file 'dams.txt'"),
        (mapping("note.csv"), "'note.csv' is no table of tables.yaml"),
        ("nonsense", "not Turtle"),
    ],
)
def test_what_is_wrong_with_a_mapping_is_told_before_a_row_is_read(tmp_path: Path, text: str, told: str) -> None:
    folder = make(tmp_path, mapping=text)
    (folder / "data" / "tables" / "note.csv").write_text(DAMS, encoding="utf-8")
    found = faults(folder, MappingError)
    assert any(told in line for line in found), found
    assert all(line.startswith("data/tables/") for line in found)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("predicate zel:quantity", "predicate zel:quantty", "unknown term 'quantty' (did you mean 'quantity'?)"),
        ("class zel:Quantity", "class zel:Quantty", "unknown term 'Quantty' (did you mean 'Quantity'?)"),
        (
            "exactness:exact ]",
            "exactness:exakt ]",
            "the scheme 'exactness' has no name 'exakt' (did you mean 'exact'?)",
        ),
        (
            '"id/height-{height}-{code}" ] ] .',
            '"id/hieght-{height}-{code}" ] ] .',
            "unknown thing 'hieght-133-D2' (declare it in entities.yaml, or give it a class)",
        ),
    ],
)
def test_names_that_nothing_has_are_told_at_their_rows(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert mapping().count(old) == 1
    found = faults(make(tmp_path, mapping=mapping().replace(old, new)))
    assert f"data/tables/dams.csv:3: {told}" in found, found


def test_a_mapping_that_no_table_has_is_told(tmp_path: Path) -> None:
    folder = make(tmp_path)
    (folder / "data" / "tables" / "other.rml.ttl").write_text(mapping(), encoding="utf-8")
    assert faults(folder, RecordError) == [
        "data/tables/other.rml.ttl:1: no table has this mapping (describe the table that it reads in tables.yaml, or move it elsewhere)"
    ]


def test_a_reviewed_row_of_a_document_is_a_fact_with_its_place(tmp_path: Path) -> None:
    release = built(as_document(tmp_path))
    assert rows(release, "SELECT ?h WHERE { <id/dam-D2> zel:quantity/zel:numericValue ?h }") == [("133",)]
    place = rows(
        release,
        """SELECT ?place ?how ?document WHERE { GRAPH <graph/claims> {
             <claim/D2> zel:supportedBy/oa:hasTarget ?target . ?target oa:hasSource ?document ; oa:hasSelector ?row .
             ?row a oa:FragmentSelector ; rdf:value ?place ; dct:conformsTo ?how } }""",
    )
    assert place == [("row=3", "http://tools.ietf.org/rfc/rfc7111", f"{BASE}doc/register")]


def test_a_row_that_was_only_copied_cannot_be_reviewed(tmp_path: Path) -> None:
    text = ENTRY.format(slug="dams").replace("located", "reviewed")
    told = faults(make(tmp_path, tables=text), ShapeViolation)
    assert [line.split(": ")[0] for line in told] == [f"data/tables/dams.csv:{n}" for n in (2, 3, 4)]
    assert all("A reviewed claim needs the exact words" in line for line in told)


def test_a_document_with_another_hash_is_told(tmp_path: Path) -> None:
    folder = as_document(tmp_path)
    (folder / "data" / "tables" / "dams.csv").write_text(DAMS + "D4,,x,,note,\n", encoding="utf-8")
    (line,) = faults(folder)
    assert line.startswith("data/tables/tables.yaml:2: data/tables/dams.csv has the hash ")
    assert "see data/sources.yaml:" in line


def test_rows_that_contradict_each_other_are_kept_and_are_no_facts(tmp_path: Path) -> None:
    table = DAMS.replace("133,note,", "133,note,D1")
    release = built(as_document(tmp_path, table))
    ties = "SELECT ?a ?b WHERE { GRAPH <graph/claims> { ?a zel:contradicts ?b } } ORDER BY ?a"
    assert rows(release, ties) == [(f"{BASE}claim/D1", f"{BASE}claim/D2"), (f"{BASE}claim/D2", f"{BASE}claim/D1")]
    assert rows(release, "SELECT ?o WHERE { <id/dam-D1> ?p ?o }") == []
    assert rows(release, "SELECT ?o WHERE { <id/dam-D3> ?p ?o }")
    assert release.manifest["counts"]["withheld"]["contradicted"] == 2
    assert rows(release, "SELECT ?o WHERE { GRAPH <claim/D1> { ?s zel:quantity ?o } }")


def test_a_written_claim_can_contradict_a_row(tmp_path: Path) -> None:
    folder = make(tmp_path)
    claims = small_project.CLAIMS.replace("factId: N2\n", "factId: N2\n    contradicts: [D1]\n")
    (folder / "data" / "claims" / "note.yaml").write_text(claims, encoding="utf-8")
    ties = "SELECT ?b WHERE { GRAPH <graph/claims> { <claim/D1> zel:contradicts ?b } }"
    assert rows(built(folder), ties) == [(f"{BASE}claim/N2",)]
    (folder / "data" / "claims" / "note.yaml").write_text(claims.replace("[D1]", "[D11]"), encoding="utf-8")
    (line,) = faults(folder)
    assert line.startswith("data/claims/note.yaml:19: unknown name 'D11'")


def test_several_rows_make_one_claim_where_that_is_asked_for(tmp_path: Path) -> None:
    entry = ENTRY.format(slug="dams").replace("id: $(code)", "id: dams\n    grouped: true").replace("$(name_fr)", "x")
    release = built(make(tmp_path, tables=entry))
    places = rows(
        release, "SELECT ?r WHERE { GRAPH <graph/claims> { <claim/dams> prov:wasDerivedFrom ?r } } ORDER BY ?r"
    )
    assert places == [(f"{BASE}table/dams#row={n}",) for n in (2, 3, 4)]
    assert len(rows(release, "SELECT DISTINCT ?s WHERE { GRAPH <claim/dams> { ?s zel:name ?n } }")) == 3
    assert release.manifest["counts"]["claims"] == 3


def test_rows_of_one_claim_say_the_same_of_it(tmp_path: Path) -> None:
    entry = ENTRY.format(slug="dams").replace("id: $(code)", "id: dams\n    grouped: true")
    told = faults(make(tmp_path, tables=entry))
    assert told == ["data/tables/dams.csv:4: the row tells claim 'dams' otherwise than row 2 (make them the same)"]


def test_editors_labels_of_a_table_stand_in_the_register_and_in_the_claim(tmp_path: Path) -> None:
    more = f"""<#labels> a rml:TriplesMap ; rml:logicalSource <#rows> ;
    rml:subjectMap [ rml:template "id/dam-{{code}}" ; rml:class zel:Project ; rml:graph <{BASE}graph/entities> ] ;
    rml:predicateObjectMap [ rml:predicate rdfs:label ;
        rml:objectMap [ rml:template "Dam {{code}}" ; rml:termType rml:Literal ; rml:language "en" ] ,
            [ rml:template "Barrage {{code}}" ; rml:termType rml:Literal ; rml:language "fr" ] ,
            [ rml:template "سد {{code}}" ; rml:termType rml:Literal ; rml:language "ar" ] ] .
"""
    release = built(make(tmp_path, mapping=mapping(more=more)))
    found = "SELECT ?g WHERE { GRAPH ?g { <id/dam-D1> rdfs:label ?l FILTER(LANG(?l) = 'ar') } } ORDER BY ?g"
    assert rows(release, found) == [(f"{BASE}claim/D1",), (f"{BASE}graph/entities",)]


def test_trees_and_yarrrml_become_claims_too(tmp_path: Path) -> None:
    folder = make(tmp_path)
    place = folder / "data" / "tables"
    (place / "dams.rml.ttl").unlink()
    (place / "dams.csv").unlink()
    dams = [{"code": "D1", "name": "Barrage du Nord", "of": "note"}, {"code": "D2", "of": "note"}]
    (place / "dams.json").write_text(json.dumps({"dams": dams}), encoding="utf-8")
    (place / "dams.yarrrml.yml").write_text(
        f"""prefixes: {{zel: "{PREFIXES["zel"]}"}}
mappings:
  dam:
    sources: {{access: dams.json, referenceFormulation: jsonpath, iterator: "$.dams[*]"}}
    s: {BASE}id/dam-$(code)
    po:
      - [zel:name, $(name), fr~lang]
      - [a, schema:LandmarksOrHistoricalBuildings]
""",
        encoding="utf-8",
    )
    entry = ENTRY.format(slug="dams").replace("$(source)", "$(of)").replace("$(name_fr)", "$(name)")
    entry = entry.replace("    contradicts: $(contradicts)\n", "    file: dams.json\n")
    (place / "tables.yaml").write_text("tables:\n" + entry, encoding="utf-8")
    release = built(folder)
    found = rows(release, "SELECT ?r WHERE { GRAPH <graph/claims> { ?r a csvw:Row } } ORDER BY ?r")
    assert found == [(f"{BASE}table/dams#item=1",), (f"{BASE}table/dams#item=2",)]
    assert rows(release, "SELECT ?n WHERE { GRAPH <claim/D1> { ?s zel:name ?n } }") == [("Barrage du Nord",)]
    (place / "dams.json").write_text(
        json.dumps({"dams": [{"code": "D1", "of": "note"}, {"of": "note"}]}), encoding="utf-8"
    )
    assert faults(folder) == ["data/tables/dams.json:1: row 2: the row has no id (every row needs a name of its own)"]


def test_two_tables_of_one_mapping_and_a_join_name_both_files(tmp_path: Path) -> None:
    cities = 'rml:source [ a rml:RelativePathSource ; rml:root rml:MappingDirectory ; rml:path "cities.csv" ]'
    more = f"""<#city> a rml:TriplesMap ;
    rml:logicalSource [ rml:referenceFormulation rml:CSV ; {cities} ] ;
    rml:subjectMap [ rml:template "id/city-{{id}}" ; rml:class schema:City ] ;
    rml:predicateObjectMap [ rml:predicate zel:name ; rml:objectMap [ rml:reference "name" ; rml:language "fr" ] ] .
<#near> a rml:TriplesMap ; rml:logicalSource <#rows> ; rml:subjectMap [ rml:template "id/dam-{{code}}" ] ;
    rml:predicateObjectMap [ rml:predicate zel:includes ; rml:objectMap [ rml:parentTriplesMap <#city> ;
        rml:joinCondition [ rml:child "code" ; rml:parent "dam" ] ] ] .
"""
    entry = ENTRY.format(slug="dams")
    city = ENTRY.format(slug="cities").replace("$(code)", "C-$(id)").replace("statedIn: $(source)", "statedIn: note")
    city = city.replace("    contradicts: $(contradicts)\n", "    mapping: dams.rml.ttl\n").replace(
        "$(name_fr)", "$(name)"
    )
    folder = make(tmp_path, tables=entry + city, mapping=mapping(more=more))
    (folder / "data" / "tables" / "cities.csv").write_text("id,name,dam\nx,Ville Haute,D1\n", encoding="utf-8")
    release = built(folder)
    assert rows(release, "SELECT ?c WHERE { GRAPH <claim/D1> { ?d zel:includes ?c } }") == [(f"{BASE}id/city-x",)]
    used = "SELECT ?f WHERE { GRAPH <graph/claims> { <table/%s#run> prov:used ?t . ?t a zel:Table ; zel:fileName ?f } }"
    assert sorted(rows(release, used % "dams")) == [("data/tables/cities.csv",), ("data/tables/dams.csv",)]
    assert rows(release, used % "cities") == [("data/tables/cities.csv",)]


def test_the_table_of_claims_names_file_and_row(tmp_path: Path) -> None:
    lines = csv_tables(built(make(tmp_path)))["claims.csv"].decode().splitlines()
    assert lines[0].split(",")[-1] == "row"
    (line,) = [line for line in lines if line.startswith(f"{BASE}claim/D2,")]
    assert line.split(",")[-1] == "data/tables/dams.csv#row=3"


def test_a_difference_tells_rows_that_have_only_moved(tmp_path: Path) -> None:
    folder = make(tmp_path)
    first = built(folder)
    (folder / "data" / "tables" / "dams.csv").write_text(DAMS.replace("D1,", "D0,,Neuf,9,note,\nD1,"), encoding="utf-8")
    second = built(folder)
    done = small_project.kg("diff", first.id, second.id, cwd=folder)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[1:6] == [
        "claims: 1 added, 0 removed, 3 changed",
        f"+ {BASE}claim/D0",
        *(f"~ {BASE}claim/D{n} (row)" for n in (1, 2, 3)),
    ]


def test_doctor_and_verify_know_of_tables(tmp_path: Path) -> None:
    folder = make(tmp_path)
    done = small_project.kg("doctor", "--json", cwd=folder)
    assert json.loads(done.stdout)["data"]["tables"] == {
        "dams": {"file": "data/tables/dams.csv", "mapping": "data/tables/dams.rml.ttl"}
    }
    done = small_project.kg("verify", "--sources", "texts", cwd=folder)
    assert done.stdout.endswith("; 3 claims are rows of tables\n")
    (folder / "data" / "tables" / "dams.rml.ttl").write_text(mapping().replace("{code}", "{cod}"), encoding="utf-8")
    done = small_project.kg("doctor", cwd=folder)
    assert "data/tables/dams.rml.ttl:" in done.stderr
    assert "did you mean 'code'?" in done.stderr


def test_a_project_without_tables_has_no_folder_of_parts(tmp_path: Path) -> None:
    release = built(small_project.make(tmp_path))
    assert not (release.path.parent / pipeline.PARTS).exists()
    (tmp_path / "data" / "tables").mkdir()
    assert built(tmp_path).id == release.id


def test_a_folder_of_tables_that_is_not_there_is_told(tmp_path: Path) -> None:
    folder = small_project.make(tmp_path)
    (folder / "kg.toml").write_text(small_project.KG_TOML + '[paths]\ntables = "data/tabels"\n', encoding="utf-8")
    assert faults(folder, ConfigError) == ["no such folder: data/tabels (check [paths] tables of kg.toml)"]


def test_tables_may_stand_without_written_claims(tmp_path: Path) -> None:
    folder = as_document(tmp_path)
    (folder / "data" / "claims" / "note.yaml").unlink()
    assert built(folder).manifest["counts"]["claims"] == 3


def test_many_rows_come_through_the_same_way(tmp_path: Path) -> None:
    release = built(small_tables.make_many(tmp_path, 2, rows=300))
    counted = rows(release, "SELECT (COUNT(?r) AS ?n) WHERE { GRAPH <graph/claims> { ?r a csvw:Row } }")
    assert counted == [("600",)]
    assert release.manifest["counts"]["rows"] == 600
