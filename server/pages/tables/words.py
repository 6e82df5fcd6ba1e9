"""What the page of a table alone says, in each of the three languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from server.pages.language import by_language

_TABLE: Final = (
    # key, English, French, Arabic
    ("by-iris", "These are too many things to sort them by their names: they are sorted by their IRIs.",
     "Les choses sont trop nombreuses pour être triées par leurs noms : elles le sont par leurs IRI.",
     "الأشياء أكثر من أن تُفرز حسب أسمائها، ففُرزت حسب معرّفاتها."),
    ("too-long", "The table could not be sorted or filtered in time: these are its rows as they stand in the file.",
     "Le tableau n'a pas pu être trié ou filtré à temps : voici ses lignes dans l'ordre du fichier.",
     "تعذّر فرز الجدول أو تصفيته في الوقت المتاح؛ هذه سطوره كما جاءت في الملف."),
)  # fmt: skip

_WORDS: Final = by_language(_TABLE)


def words_of(language: str) -> Mapping[str, str]:
    """What the page says in one language, by key.

    :raises KeyError: if `language` is none of the three

    >>> words_of("fr")["too-long"].split(" : ")[0]
    "Le tableau n'a pas pu être trié ou filtré à temps"
    """
    return _WORDS[language]
