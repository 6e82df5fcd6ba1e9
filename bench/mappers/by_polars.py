"""The five tables as strings put together by polars, all cores of the machine: the ceiling.

python by_polars.py FOLDER OUT.nt
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import polars as pl

A = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"
XSD = "http://www.w3.org/2001/XMLSchema#"
EX = "https://example.org/terms#"
AT = "https://example.org"


def text(column: str) -> pl.Expr:
    found = pl.col(column)
    for character, escape in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\r", "\\r")):
        found = found.str.replace_all(character, escape, literal=True)
    return found


def line(subject: pl.Expr, predicate: str, value: list[pl.Expr]) -> pl.Expr:
    return pl.concat_str([subject, pl.lit(f" {predicate} "), *value, pl.lit(" .\n")])


def label(subject: pl.Expr, column: str, language: str, predicate: str = LABEL) -> pl.Expr:
    return line(subject, predicate, [pl.lit('"'), text(column), pl.lit(f'"@{language}')])


def typed(subject: pl.Expr, name: str, column: str, datatype: str) -> pl.Expr:
    return line(subject, f"<{EX}{name}>", [pl.lit('"'), pl.col(column), pl.lit(f'"^^<{XSD}{datatype}>')])


def iri(kind: str, column: str) -> pl.Expr:
    return pl.concat_str([pl.lit(f"<{AT}/{kind}/"), pl.col(column), pl.lit(">")])


def main() -> None:
    folder, out = Path(sys.argv[1]), Path(sys.argv[2])

    def table(name: str) -> pl.LazyFrame:
        return pl.scan_csv(folder / f"{name}.csv", infer_schema=False, null_values=[""])

    city, organisation, person = iri("city", "id"), iri("organisation", "id"), iri("person", "id")
    project, membership = iri("project", "id"), iri("membership", "id")
    parents = table("projects").select(pl.col("id").alias("project"), project.alias("parent"))
    plans = [
        (table("cities"), city, "City", [
            label(city, "name_ar", "ar"), label(city, "name_fr", "fr"),
            typed(city, "population", "population", "integer"),
        ]),
        (table("organisations"), organisation, "Organisation", [
            label(organisation, "name_ar", "ar"), label(organisation, "name_fr", "fr"),
            line(organisation, f"<{EX}site>", [pl.lit("<"), pl.col("site"), pl.lit(">")]),
            line(organisation, f"<{EX}city>", [iri("city", "city")]),
        ]),
        (table("people"), person, "Person", [
            label(person, "name_ar", "ar"), label(person, "name_fr", "fr"), label(person, "name_en", "en"),
            typed(person, "born", "born", "date"),
            line(person, f"<{EX}email>", [pl.lit('"'), text("email"), pl.lit('"')]),
            line(person, f"<{EX}city>", [iri("city", "city")]),
        ]),
        (table("projects"), project, "Project", [
            label(project, "title_ar", "ar"), label(project, "title_fr", "fr"), label(project, "title_en", "en"),
            typed(project, "budget", "budget", "decimal"), typed(project, "year", "year", "integer"),
            line(project, f"<{EX}organisation>", [iri("organisation", "organisation")]),
        ]),
        (table("memberships"), membership, None, [
            label(membership, "role", "fr", f"<{EX}role>"), typed(membership, "since", "since", "date"),
        ]),
        (table("memberships").join(parents, on="project"), None, None, [
            line(iri("person", "person"), f"<{EX}worksOn>", [pl.col("parent")]),
        ]),
    ]  # fmt: skip
    with out.open("wb") as whole:
        for number, (frame, subject, name, lines) in enumerate(plans):
            types = [] if name is None else [line(subject, A, [pl.lit(f"<{EX}{name}>")])]
            part = out.with_suffix(f".{number}")
            rows = frame.select(pl.concat_str([*types, *lines], ignore_nulls=True).str.strip_suffix("\n"))
            rows.sink_csv(part, include_header=False, quote_style="never")
            with part.open("rb") as file:
                shutil.copyfileobj(file, whole)
            part.unlink()


if __name__ == "__main__":
    main()
