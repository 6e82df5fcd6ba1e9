"""Five tables that belong together, generated: the same rows for the same number.

People work on projects of organisations in cities. Labels are in Arabic, French and English, some with quotes,
backslashes and line ends; one cell of ten of some columns is empty.
"""

from __future__ import annotations

import csv
import datetime as dt
import random
from collections.abc import Iterator
from pathlib import Path

Row = list[str]
SHARES = {"cities": 0.01, "organisations": 0.04, "people": 0.30, "projects": 0.30, "memberships": 0.35}
ARABIC = ("مشروع", "مختبر", "ذكاء", "بيانات", "مدينة", "تعليم", "صحة", "لغة", "فلاحة", "سيادة")
FRENCH = ("projet", "laboratoire", "données", "école", "santé", "langue", "l'été", "où", "forêt", "souveraineté")
ENGLISH = ("project", "laboratory", "data", "school", "health", "language", "summer", "where", "forest", "water")


def words(rng: random.Random, vocabulary: tuple[str, ...], number: int) -> str:
    """A label: two or three words and a number, some with characters that need escapes."""
    text = " ".join(rng.choices(vocabulary, k=rng.choice((2, 3)))) + f" {number}"
    (shape,) = rng.choices(("plain", "quoted", "backslash", "two lines"), (92, 5, 2, 1))
    if shape == "quoted":
        return f'"{text}"'
    return text.replace(" ", {"plain": " ", "backslash": "\\", "two lines": "\n"}[shape], 1)


def seldom_empty(rng: random.Random, text: str) -> str:
    return text if rng.randrange(10) else ""


def date(rng: random.Random) -> str:
    return (dt.date(1950, 1, 1) + dt.timedelta(days=rng.randrange(25_000))).isoformat()


def rows(table: str, sizes: dict[str, int]) -> Iterator[Row]:
    """The header and the rows of a table."""
    rng = random.Random(table)
    headers = {
        "cities": ["id", "name_ar", "name_fr", "population"],
        "organisations": ["id", "name_ar", "name_fr", "site", "city"],
        "people": ["id", "name_ar", "name_fr", "name_en", "born", "email", "city"],
        "projects": ["id", "title_ar", "title_fr", "title_en", "budget", "year", "organisation"],
        "memberships": ["id", "person", "project", "role", "since"],
    }
    yield headers[table]
    for number in range(sizes[table]):
        arabic, french = words(rng, ARABIC, number), words(rng, FRENCH, number)
        if table == "cities":
            yield [f"c{number}", arabic, french, str(rng.randrange(1, 4_000_000))]
        elif table == "organisations":
            site = seldom_empty(rng, f"https://example.org/site/{number}?lang=fr")
            yield [f"o{number}", arabic, french, site, f"c{rng.randrange(sizes['cities'])}"]
        elif table == "people":
            email = seldom_empty(rng, f"person{number}@example.org")
            city = f"c{rng.randrange(sizes['cities'])}"
            yield [f"p{number}", arabic, french, words(rng, ENGLISH, number), date(rng), email, city]
        elif table == "projects":
            budget = f"{rng.randrange(1, 10_000_000)}.{rng.randrange(1, 10)}"
            year, organisation = (
                seldom_empty(rng, str(rng.randrange(2000, 2031))),
                f"o{rng.randrange(sizes['organisations'])}",
            )
            yield [f"j{number}", arabic, french, words(rng, ENGLISH, number), budget, year, organisation]
        else:
            person, project = f"p{rng.randrange(sizes['people'])}", f"j{rng.randrange(sizes['projects'])}"
            yield [f"m{number}", person, project, seldom_empty(rng, rng.choice(FRENCH)), date(rng)]


def write(folder: Path, total: int) -> dict[str, int]:
    """Write the tables with `total` rows together; the rows of each."""
    sizes = {table: max(1, round(total * share)) for table, share in SHARES.items()}
    for table in SHARES:
        with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(rows(table, sizes))
    return sizes
