"""What a person writes who maps the five tables once: the csv module and f-strings.

python by_hand.py FOLDER OUT.nt
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

A = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"
XSD = "http://www.w3.org/2001/XMLSchema#"
EX = "https://example.org/terms#"
AT = "https://example.org"


def read(folder: Path, table: str) -> Iterator[list[str]]:
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        next(reader)
        yield from reader


def escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")


def places(folder: Path, write: Callable[[str], object]) -> None:
    for key, arabic, french, population in read(folder, "cities"):
        s = f"<{AT}/city/{key}>"
        write(f'{s} {A} <{EX}City> .\n{s} {LABEL} "{escaped(arabic)}"@ar .\n{s} {LABEL} "{escaped(french)}"@fr .\n')
        write(f'{s} <{EX}population> "{population}"^^<{XSD}integer> .\n')
    for key, arabic, french, site, city in read(folder, "organisations"):
        s = f"<{AT}/organisation/{key}>"
        write(f'{s} {A} <{EX}Organisation> .\n{s} {LABEL} "{escaped(arabic)}"@ar .\n')
        write(f'{s} {LABEL} "{escaped(french)}"@fr .\n{s} <{EX}city> <{AT}/city/{city}> .\n')
        if site:
            write(f"{s} <{EX}site> <{site}> .\n")


def people(folder: Path, write: Callable[[str], object]) -> None:
    for key, arabic, french, english, born, email, city in read(folder, "people"):
        s = f"<{AT}/person/{key}>"
        write(f'{s} {A} <{EX}Person> .\n{s} {LABEL} "{escaped(arabic)}"@ar .\n{s} {LABEL} "{escaped(french)}"@fr .\n')
        write(f'{s} {LABEL} "{escaped(english)}"@en .\n{s} <{EX}born> "{born}"^^<{XSD}date> .\n')
        write(f"{s} <{EX}city> <{AT}/city/{city}> .\n")
        if email:
            write(f'{s} <{EX}email> "{escaped(email)}" .\n')


def work(folder: Path, write: Callable[[str], object]) -> None:
    projects: dict[str, list[str]] = {}
    for key, arabic, french, english, budget, year, organisation in read(folder, "projects"):
        s = f"<{AT}/project/{key}>"
        projects.setdefault(key, []).append(s)
        write(f'{s} {A} <{EX}Project> .\n{s} {LABEL} "{escaped(arabic)}"@ar .\n{s} {LABEL} "{escaped(french)}"@fr .\n')
        write(f'{s} {LABEL} "{escaped(english)}"@en .\n{s} <{EX}budget> "{budget}"^^<{XSD}decimal> .\n')
        write(f"{s} <{EX}organisation> <{AT}/organisation/{organisation}> .\n")
        if year:
            write(f'{s} <{EX}year> "{year}"^^<{XSD}integer> .\n')
    for key, person, project, role, since in read(folder, "memberships"):
        s = f"<{AT}/membership/{key}>"
        write(f'{s} <{EX}since> "{since}"^^<{XSD}date> .\n')
        if role:
            write(f'{s} <{EX}role> "{escaped(role)}"@fr .\n')
        for parent in projects.get(project, ()):
            write(f"<{AT}/person/{person}> <{EX}worksOn> {parent} .\n")


def main() -> None:
    folder, out = Path(sys.argv[1]), Path(sys.argv[2])
    with out.open("w", encoding="utf-8", newline="") as file:
        for part in (places, people, work):
            part(folder, file.write)


if __name__ == "__main__":
    main()
