"""What the pages of documents alone say, in each of the three languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from server.pages.language import by_language

_TABLE: Final = (
    # key, English, French, Arabic
    ("elsewhere", "These words do not stand at their place in the text.",
     "Ces mots ne se trouvent pas à leur place dans le texte.", "هذه الألفاظ ليست في موضعها من النص."),
    ("marked", "The words that carry a claim are marked; their numbers lead to the claims beside them.",
     "Les mots qui portent un énoncé sont marqués ; leurs numéros mènent aux énoncés placés à côté.",
     "الألفاظ التي تسند قولا معلَّمة، وأرقامها تقود إلى الأقوال المجاورة."),
    ("outside", "Claims without words in this text", "Énoncés sans mots dans ce texte",
     "أقوال لا ألفاظ لها في هذا النص"),
    ("text", "The text, with its claims", "Le texte, avec ses énoncés", "النص مع أقواله"),
    ("text_licence", "The text is given under its licence:", "Le texte est donné sous sa licence :",
     "يُعرض النص وفق رخصته:"),
    ("to_words", "in the text", "dans le texte", "في النص"),
)  # fmt: skip

_WORDS: Final = by_language(_TABLE)


def words_of(language: str) -> Mapping[str, str]:
    """What a page of a document says in one language, by key.

    :raises KeyError: if `language` is none of the three

    >>> words_of("fr")["to_words"]
    'dans le texte'
    """
    return _WORDS[language]
