"""What the page of queries alone says, in each of the three languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from server.pages.language import by_language

_TABLE: Final = (
    # key, English, French, Arabic; those that begin with `editor-` are said by the script
    ("changes", "The query may have another answer each time that it is asked, for the next page of rows too.",
     "La requête peut avoir une autre réponse à chaque fois, y compris pour la page suivante.",
     "قد يتغير جواب هذا الاستعلام في كل مرة، ولو عند الانتقال إلى الصفحة التالية."),
    ("editor-cancel", "Cancel", "Annuler", "إلغاء"),
    ("editor-cancelled", "Cancelled.", "Annulé.", "أُلغي."),
    ("editor-failed", "The server could not be reached; send the query again.",
     "Le serveur n'a pas pu être joint ; renvoyez la requête.", "تعذّر الاتصال بالخادم؛ أعد إرسال الاستعلام."),
    ("editor-help", "Ctrl+Enter runs the query, Ctrl+Space completes it.",
     "Ctrl+Entrée exécute la requête, Ctrl+Espace la complète.", "Ctrl+Enter للتنفيذ، وCtrl+Space للإكمال."),
    ("editor-receipt", "Asked elsewhere:", "Demandé ailleurs :", "سُئل في أماكن أخرى:"),
    ("editor-running", "The query is being answered.", "La requête est en cours.", "يُجاب عن الاستعلام الآن."),
    ("example-count", "{number} of {total}", "{number} sur {total}", "{number} من {total}"),
    ("example-find", "Words in a question or its query", "Mots d'une question ou de sa requête",
     "كلمات في السؤال أو في استعلامه"),
    ("example-none", "No question has these words.", "Aucune question n'a ces mots.", "لا سؤال فيه هذه الكلمات."),
    ("example-all", "All questions", "Toutes les questions", "كل الأسئلة"),
    ("federated", "A query with SERVICE is answered as data:", "Une requête avec SERVICE obtient des données :",
     "يُجاب عن الاستعلام الذي فيه SERVICE كمعطيات:"),
    ("keywords", "Keywords", "Mots-clés", "كلمات مفتاحية"),
    ("milliseconds", "answered in {number} ms", "répondu en {number} ms", "أُجيب في {number} ملّي ثانية"),
    ("pages", "Pages of the answers", "Pages de réponses", "صفحات الأجوبة"),
    ("range", "{first} to {last} of {total}", "{first} à {last} sur {total}", "من {first} إلى {last} من أصل {total}"),
    ("share", "Link to this query", "Lien vers cette requête", "رابط هذا الاستعلام"),
    ("show", "Things are shown by:", "Les choses sont désignées par :", "تُعرض الأشياء بـ:"),
    ("show-iris", "IRIs", "IRI", "معرّفاتها (IRI)"),
    ("show-names", "names", "noms", "أسمائها"),
    ("sort-falls", "sorted, the largest first", "trié par ordre décroissant", "مرتب تنازليا"),
    ("sort-none", "sort by this column", "trier par cette colonne", "رتّب حسب هذا العمود"),
    ("sort-rises", "sorted, the smallest first", "trié par ordre croissant", "مرتب تصاعديا"),
    ("too-many-named", "More than {number} things: they are sorted by their IRIs, not by their names.",
     "Plus de {number} choses : elles sont triées par IRI, et non par nom.",
     "الأشياء أكثر من {number}، فرُتبت حسب معرّفاتها لا حسب أسمائها."),
    ("too-many-rows", "More than {number} rows are not sorted here: put ORDER BY into the query.",
     "Plus de {number} lignes ne sont pas triées ici : mettez ORDER BY dans la requête.",
     "لا تُرتب هنا أكثر من {number} صف؛ ضع ORDER BY في الاستعلام."),
)  # fmt: skip

_WORDS: Final = by_language(_TABLE)


def words_of(language: str) -> Mapping[str, str]:
    """What the page says in one language, by key.

    :raises KeyError: if `language` is none of the three

    >>> words_of("fr")["share"]
    'Lien vers cette requête'
    """
    return _WORDS[language]
