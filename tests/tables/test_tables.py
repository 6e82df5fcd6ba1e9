"""Tables beside the claims: every row a claim with its evidence, every fault told at its line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import small_project
import small_tables
from small_tables import BASE, DAMS, ENTRY, as_document, built, faults, make, mapping, rows

from kg import pipeline
from kg.errors import ConfigError, MappingError, ShapeViolation
from kg.export.tables import tables as csv_tables
from kg.rml.run.engine import VERSION as ENGINE
from kg.terms import PREFIXES


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
    assert "kg add document data/tables/dams.csv --renew register writes it at data/sources.yaml:" in line


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
    assert rows(release, found) == [(f"{BASE}claim/D1",), (f"{BASE}graph/entities",), (f"{BASE}graph/stated",)]


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
    lines = bytes(csv_tables(built(make(tmp_path)))["claims.csv"]).decode().splitlines()
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


def test_a_project_without_tables_has_no_parts_of_tables(tmp_path: Path) -> None:
    release = built(small_project.make(tmp_path))
    assert [path.name for path in (release.path.parent / pipeline.PARTS).iterdir()] == ["proof"]
    (tmp_path / "data" / "tables").mkdir()
    assert built(tmp_path).id == release.id


def test_a_folder_of_tables_that_is_not_there_is_told(tmp_path: Path) -> None:
    folder = small_project.make(tmp_path)
    (folder / "kg.toml").write_text(small_project.KG_TOML + '[paths]\ntables = "data/tabels"\n', encoding="utf-8")
    (told,) = faults(folder, ConfigError)
    assert told == f"{folder / 'kg.toml'}:10: [paths] tables: there is no 'data/tabels'"


def test_tables_may_stand_without_written_claims(tmp_path: Path) -> None:
    folder = as_document(tmp_path)
    (folder / "data" / "claims" / "note.yaml").unlink()
    assert built(folder).manifest["counts"]["claims"] == 3


def test_many_rows_come_through_the_same_way(tmp_path: Path) -> None:
    release = built(small_tables.make_many(tmp_path, 2, rows=300))
    counted = rows(release, "SELECT (COUNT(?r) AS ?n) WHERE { GRAPH <graph/claims> { ?r a csvw:Row } }")
    assert counted == [("600",)]
    assert release.manifest["counts"]["rows"] == 600


def through_views(more: str = "") -> str:
    """The mapping of dams, from a view on a view, whose fields have other names than the columns of the id."""
    named = {"key": "code", "name_ar": "name_ar", "name_fr": "name_fr", "height": "height"}
    inner = " , ".join(f'[ rml:fieldName "{name}" ; rml:reference "{column}" ]' for name, column in named.items())
    outer = " , ".join(f'[ rml:fieldName "{name}" ; rml:reference "{name}" ]' for name in named)
    text = mapping().replace("rml:logicalSource <#rows>", "rml:logicalSource <#outer>").replace("{code}", "{key}")
    views = (
        f"<#inner> rml:viewOn <#rows> ; rml:field {inner} .\n<#outer> rml:viewOn <#inner> ; rml:field {outer} {more}.\n"
    )
    return text + views


def test_what_a_view_makes_of_a_row_is_in_the_claim_of_the_row(tmp_path: Path) -> None:
    question = "SELECT ?g ?s ?p ?o WHERE { GRAPH ?g { ?s ?p ?o } FILTER(STRSTARTS(STR(?g), STR(<claim/D>))) }"
    plain = rows(built(make(tmp_path / "plain")), question)
    assert len(plain) > 10
    assert sorted(rows(built(make(tmp_path / "viewed", mapping=through_views())), question)) == sorted(plain)


def test_a_view_of_a_project_joins_no_other_table(tmp_path: Path) -> None:
    joined = (
        '; rml:leftJoin [ rml:parentLogicalView <#inner> ; rml:joinCondition [ rml:child "key" ; rml:parent "key" ] ; '
        'rml:field [ rml:fieldName "other" ; rml:reference "height" ] ] '
    )
    text = through_views(joined).replace(
        'rml:reference "height" ; rml:datatype', 'rml:reference "other" ; rml:datatype'
    )
    with pytest.raises(MappingError, match="a view of a project joins no other"):
        built(make(tmp_path, mapping=text))
