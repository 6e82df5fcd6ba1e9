"""What is wrong with a query, as a page tells it: cause, place and cure in the language of the page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from kg.errors import Problem
from kg.sparql.messages.told import Explained
from kg.sparql.messages.wording import Piece
from server.pages.language import words


@dataclass(frozen=True, slots=True)
class Told:
    """One problem on a page."""

    cause: tuple[Piece, ...]
    cure: tuple[Piece, ...] = ()
    place: str = ""
    """Line and column, in the language of the page."""
    line: tuple[str, str, str] = ("", "", "")
    """The line of the query: what is before the mistake, the mistake, and what follows."""
    original: str = ""
    """The problem in English, where there is no cause, or one that only says what kind it is of."""


def tell(problems: Iterable[Problem], language: str) -> tuple[Told, ...]:
    """Problems in the language of a page.

    >>> from kg.errors import Position, QueryError
    >>> from kg.sparql.messages.told import explained
    >>> error = explained(QueryError("no", position=Position("query", 1)), "SELECT * WHER { }")
    >>> [("".join(piece.text for piece in told.cause), told.place, told.line) for told in tell(error.problems, "fr")]
    [("WHER n'est pas un mot de SPARQL", 'ligne 1, colonne 10 :', ('SELECT * ', 'WHER', ' { }'))]
    """
    return tuple(_told(problem, language) for problem in problems)


def _told(problem: Problem, language: str) -> Told:
    where = problem.position
    place = "" if where is None else words(language)["place"].format(line=where.line, column=where.column or 1)
    if isinstance(problem, Explained):
        return Told(problem.cause_in(language), problem.cure_in(language), place, problem.line)
    kind = _KINDS.get(problem.code)
    cause = "" if kind is None or language == "en" else kind[language]
    return Told((Piece(cause, is_code=False),) if cause else (), original=str(problem))


_TABLE: Final = (
    # code, French, Arabic; the problem itself is told in English beside it
    ("answer-too-large", "La réponse est plus grande que permis.", "الجواب أكبر مما هو مسموح به."),
    ("busy", "Trop de requêtes arrivent en ce moment ; réessayez dans un instant.",
     "الاستعلامات كثيرة الآن؛ أعد المحاولة بعد لحظة."),
    ("deadline", "La requête a pris plus de temps que permis.", "استغرق الاستعلام وقتا أطول مما هو مسموح به."),
    ("engine-failed", "Le moteur n'a pas pu répondre à cette requête.", "لم يتمكن المحرك من الإجابة عن هذا الاستعلام."),
    ("internal", "Le serveur a échoué sur cette demande.", "أخفق الخادم في هذا الطلب."),
    ("no-update", "Les mises à jour sont refusées : ce point d'accès ne fait que répondre aux requêtes.",
     "التعديلات مرفوضة: هذه النقطة تجيب عن الاستعلامات فقط."),
    ("not-found", "Il n'y a rien à cette adresse.", "لا شيء في هذا العنوان."),
    ("parameter", "Un paramètre a une valeur qu'il ne peut avoir.", "لأحد المعاملات قيمة لا تصح له."),
    ("query-syntax", "La requête ne se lit pas.", "لا يمكن قراءة الاستعلام."),
    ("release", "La version ne peut être ouverte.", "لا يمكن فتح الإصدار."),
    ("service-page", "Une requête avec SERVICE n'obtient de réponse que sous forme de données.",
     "الاستعلام الذي فيه SERVICE لا يُجاب إلا كمعطيات."),
    ("service-not-allowed", "SERVICE nomme un point d'accès qui n'est pas sur la liste.",
     "تذكر SERVICE نقطة ليست في القائمة."),
    ("text-query", "Cette recherche dans les textes ne peut être faite.", "لا يمكن إجراء هذا البحث في النصوص."),
)  # fmt: skip
_KINDS: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {code: MappingProxyType({"fr": french, "ar": arabic}) for code, french, arabic in _TABLE}
)
