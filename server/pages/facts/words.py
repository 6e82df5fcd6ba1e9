"""What the page of a thing says beside what every page says, in each of the three languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from server.pages.language import by_language

_TABLE: Final = (
    # key, English, French, Arabic; French and Arabic have not yet been seen by a native reader
    ("agreesWith", "agrees with", "concorde avec", "يوافق"),
    ("all", "all", "tout", "الكل"),
    ("alone", "one source only", "une seule source", "مصدر واحد فقط"),
    ("cite", "Cite this page", "Citer cette page", "الاستشهاد بهذه الصفحة"),
    ("cite_as", "As:", "Au format :", "بصيغة:"),
    ("claims_many", "claims: {number}", "énoncés : {number}", "الأقوال: {number}"),
    ("compatibleWith", "compatible with", "compatible avec", "يتوافق مع"),
    ("contested", "contested", "contesté", "محل خلاف"),
    ("contested_here", "sources disagree", "les sources se contredisent", "المصادر مختلفة"),
    ("contradicts", "contradicts", "contredit", "يناقض"),
    ("documents_many", "documents: {number}", "documents : {number}", "الوثائق: {number}"),
    ("how", "How it is said, review", "Modalité, relecture", "الصيغة والمراجعة"),
    ("incoming_cut", "More refers to it than is read for this page; the query gives all.",
     "Il y a plus de renvois que cette page n'en lit ; la requête les donne tous.",
     "ما يحيل إليه أكثر مما يُقرأ لهذه الصفحة؛ والاستعلام يعطي الكل."),
    ("itself", "the document itself", "le document lui-même", "الوثيقة نفسها"),
    ("more_of", "all {number}", "les {number}", "الكل ({number})"),
    ("more_than", "more than {number}", "plus de {number}", "أكثر من {number}"),
    ("no_rows", "No claim is so.", "Aucun énoncé de ce genre.", "لا قول من هذا النوع."),
    ("no_words", "no words recorded", "mots non relevés", "لم تسجل الألفاظ"),
    ("open", "Open in SPARQL", "Ouvrir en SPARQL", "افتحه في SPARQL"),
    ("others", "What others say of the same", "Ce que d'autres en disent", "ما يقوله غيره في الأمر نفسه"),
    ("others_all", "All that is said of it", "Tout ce qu'on en dit", "كل ما يقال فيه"),
    ("repeated", "the same as in", "la même chose que dans", "مثل ما في"),
    ("rest", "Further", "Autres", "أمور أخرى"),
    ("reviewed", "reviewed", "relu", "المراجَع"),
    ("rows_cut", "More is said of it than is read for this page; the query gives all.",
     "On en dit plus que cette page n'en lit ; la requête donne tout.",
     "يقال فيه أكثر مما يُقرأ لهذه الصفحة؛ والاستعلام يعطي الكل."),
    ("said_by", "said in", "dit dans", "ورد في"),
    ("same", "says the same as", "dit la même chose que", "يقول مثل ما في"),
    ("show", "Show:", "Montrer :", "اعرض:"),
    ("this", "this claim", "cet énoncé", "هذا القول"),
    ("uncompared", "not compared", "non comparé", "لم يقارن"),
    ("values_many", "different answers: {number}", "réponses différentes : {number}", "الأجوبة المختلفة: {number}"),
    ("where", "In which document, when", "Dans quel document, quand", "في أي وثيقة ومتى"),
    ("who", "Who says so", "Qui le dit", "من يقول ذلك"),
    ("who_says", "Who says what", "Qui dit quoi", "من يقول ماذا"),
    ("whole", "The whole page", "La page entière", "الصفحة كاملة"),
    ("wikidata", "In Wikidata:", "Dans Wikidata :", "في ويكي بيانات:"),
    ("words", "In which words", "En quels mots", "بأي ألفاظ"),
)  # fmt: skip

_WORDS: Final = by_language(_TABLE)


def words_of(language: str) -> Mapping[str, str]:
    """What the page says in one language, by key.

    :raises KeyError: if `language` is none of the three

    >>> words_of("fr")["who_says"]
    'Qui dit quoi'
    """
    return _WORDS[language]
