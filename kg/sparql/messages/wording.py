"""By which words a mistake is told, in English, French and Arabic: the cause, and the cure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from string import Formatter
from types import MappingProxyType
from typing import Final

PLAIN: Final = frozenset({"line", "expected", "product", "place"})
"""What is no code among that which stands in the places of the words."""

_CAUSES: Final = (
    # key, English, French, Arabic
    ("prefix-known", "prefix {prefix} is not declared; its usual declaration is {declaration}",
     "le préfixe {prefix} n'est pas déclaré ; sa déclaration usuelle est {declaration}",
     "البادئة {prefix} غير معلنة؛ إعلانها المعتاد هو {declaration}"),
    ("prefix-near", "prefix {prefix} is not declared", "le préfixe {prefix} n'est pas déclaré",
     "البادئة {prefix} غير معلنة"),
    ("prefix-unknown", "prefix {prefix} is not declared, and it is none of the well-known ones",
     "le préfixe {prefix} n'est pas déclaré, et il n'est pas des préfixes connus",
     "البادئة {prefix} غير معلنة، وليست من البادئات المعروفة"),
    ("prefix-colon", "the declaration of prefix {prefix} has no colon",
     "la déclaration du préfixe {prefix} n'a pas de deux-points", "إعلان البادئة {prefix} بلا نقطتين"),
    ("prefix-dot", "a declaration of a prefix ends without a dot",
     "une déclaration de préfixe se termine sans point", "ينتهي إعلان البادئة بلا نقطة"),
    ("prefix-iri", "the declaration of prefix {prefix} names no IRI in angle brackets",
     "la déclaration du préfixe {prefix} ne nomme pas d'IRI entre chevrons",
     "إعلان البادئة {prefix} لا يذكر معرّف IRI بين قوسين زاويين"),
    ("prefix-turtle", "prefixes are declared so in Turtle, and otherwise in SPARQL",
     "c'est ainsi que Turtle déclare un préfixe ; SPARQL le fait autrement",
     "هكذا تُعلن البادئة في Turtle، أما في SPARQL فبطريقة أخرى"),
    ("prefix-word", "the word PREFIX is missing before the declaration of {prefix}",
     "le mot PREFIX manque devant la déclaration de {prefix}", "الكلمة PREFIX ناقصة قبل إعلان {prefix}"),
    ("expression-bare", "{word} takes an expression in brackets", "{word} veut une expression entre parenthèses",
     "تأخذ {word} عبارة بين قوسين"),
    ("expression-select", "an expression in SELECT stands in brackets and has a name",
     "une expression de SELECT est entre parenthèses et porte un nom",
     "العبارة في SELECT تكون بين قوسين ولها اسم"),
    ("word-near", "{word} is no word of SPARQL", "{word} n'est pas un mot de SPARQL", "{word} ليست من كلمات SPARQL"),
    ("word-unknown", "{word} is no word of SPARQL", "{word} n'est pas un mot de SPARQL",
     "{word} ليست من كلمات SPARQL"),
    ("word-missing", "after {word} the word {missing} is missing", "après {word}, il manque le mot {missing}",
     "بعد {word} تنقص الكلمة {missing}"),
    ("expression-unnamed", "this expression is given to no variable",
     "cette expression n'est donnée à aucune variable", "لم تُعطَ هذه العبارة لمتغير"),
    ("bracket-pair", "after {word} the braces are missing, {opening} and {closing}",
     "après {word} il manque les accolades, {opening} et {closing}",
     "بعد {word} تنقص الحاضنتان {opening} و{closing}"),
    ("union-group", "UNION stands between two groups in braces", "UNION se met entre deux groupes entre accolades",
     "تقع UNION بين مجموعتين كل منهما بين حاضنتين"),
    ("sign", "{sign} is no operator of SPARQL", "{sign} n'est pas un opérateur de SPARQL",
     "{sign} ليس من عوامل SPARQL"),
    ("select-comma", "between the variables of SELECT there are no commas",
     "il n'y a pas de virgules entre les variables de SELECT", "لا فواصل بين متغيرات SELECT"),
    ("semicolon-last", "a query ends without a semicolon", "une requête se termine sans point-virgule",
     "ينتهي الاستعلام بلا فاصلة منقوطة"),
    ("bound-bind", "{word} gives {variable} a value, but {variable} has one already, in line {line}",
     "{word} donne une valeur à {variable}, qui en a déjà une, à la ligne {line}",
     "تعطي {word} قيمة للمتغير {variable}، وله قيمة من قبل في السطر {line}"),
    ("bound-columns", "two columns of SELECT are called {variable}", "deux colonnes de SELECT s'appellent {variable}",
     "عمودان في SELECT اسمهما {variable}"),
    ("columns-twice", "SELECT names {variable} twice", "SELECT nomme {variable} deux fois",
     "تذكر SELECT {variable} مرتين"),
    ("bracket-unclosed", "the {opening} of line {line} is not closed: {closing} is missing",
     "{opening}, à la ligne {line}, n'est pas fermé : il manque {closing}",
     "القوس {opening} في السطر {line} غير مغلق: ينقص {closing}"),
    ("bracket-unopened", "{opening} is missing here, which {closing} closes further on",
     "il manque ici {opening}, que {closing} ferme plus loin", "ينقص هنا {opening} الذي يغلقه {closing} بعد ذلك"),
    ("bracket-extra", "{closing} closes nothing: one is too many, or {opening} is missing before it",
     "{closing} ne ferme rien : il est de trop, ou il manque {opening} avant lui",
     "القوس {closing} لا يغلق شيئا: هو زائد، أو ينقص {opening} قبله"),
    ("separator-dot", "a dot is missing between two statements: after {after}",
     "il manque un point entre deux énoncés : après {after}", "تنقص نقطة بين عبارتين: بعد {after}"),
    ("separator-semicolon", "a semicolon is missing before the next property of the same subject: after {after}",
     "il manque un point-virgule avant la propriété suivante du même sujet : après {after}",
     "تنقص فاصلة منقوطة قبل الخاصية التالية للموضوع نفسه: بعد {after}"),
    ("separator-comma", "a comma is missing between two values: after {after}",
     "il manque une virgule entre deux valeurs : après {after}", "تنقص فاصلة بين قيمتين: بعد {after}"),
    ("separator-path", "a sign is missing in a path: after {after}",
     "il manque un signe dans un chemin : après {after}",
     "تنقص علامة في مسار: بعد {after}"),
    ("separator-operator", "an operator is missing between {after} and {before}",
     "il manque un opérateur entre {after} et {before}", "ينقص عامل بين {after} و{before}"),
    ("separator-any", "a sign is missing between {after} and {before}",
     "il manque un signe entre {after} et {before}", "تنقص علامة بين {after} و{before}"),
    ("separator-type", "between a text and its datatype ^^ is missing", "entre un texte et son type il manque ^^",
     "بين النص ونوعه تنقص ^^"),
    ("quote-curly", "{sign} is no quotation mark of SPARQL", "{sign} n'est pas un guillemet de SPARQL",
     "{sign} ليست من علامات الاقتباس في SPARQL"),
    ("character", "the character {sign} ({name}) cannot stand here",
     "le caractère {sign} ({name}) n'a pas sa place ici",
     "لا يمكن أن يقع الحرف {sign} ({name}) هنا"),
    ("character-meant", "{sign} ({name}) is no sign of SPARQL", "{sign} ({name}) n'est pas un signe de SPARQL",
     "{sign} ({name}) ليس من علامات SPARQL"),
    ("character-unseen", "here stands a character that cannot be seen: {name}",
     "il y a ici un caractère invisible : {name}", "هنا حرف لا يُرى: {name}"),
    ("string-open", "a text that begins with {sign} here does not end in its line",
     "un texte qui commence ici par {sign} ne se termine pas sur sa ligne",
     "النص الذي يبدأ هنا بالعلامة {sign} لا ينتهي في سطره"),
    ("string-escape", "{sign} is no escape that SPARQL knows", "{sign} n'est pas un échappement que SPARQL connaît",
     "{sign} ليس تسلسل هروب تعرفه SPARQL"),
    ("ungrouped", "SELECT shows {variable}, which is not grouped", "SELECT montre {variable}, qui n'est pas groupée",
     "تعرض SELECT المتغير {variable} وهو غير مجموع"),
    ("ungrouped-all", "SELECT counts over all rows, and shows {variable} beside it, which has many values",
     "SELECT calcule sur toutes les lignes, et montre à côté {variable}, qui a plusieurs valeurs",
     "تحسب SELECT على كل الصفوف، وتعرض معها {variable} وله قيم كثيرة"),
    ("star-grouped", "SELECT * cannot stand with GROUP BY", "SELECT * ne va pas avec GROUP BY",
     "لا تجتمع \u2066SELECT *\u2069 مع GROUP BY"),
    ("aggregate-early", "{word} stands where there are no groups yet",
     "{word} se trouve là où il n'y a pas encore de groupes", "تقع {word} حيث لا مجموعات بعد"),
    ("rule", "{token} breaks a rule: {reason}", "{token} enfreint une règle : {reason}",
     "يخالف {token} قاعدة: {reason}"),
    ("iri-relative", "the IRI {iri} is relative, and the query has no base",
     "l'IRI {iri} est relatif, et la requête n'a pas de base", "المعرّف {iri} نسبي، والاستعلام بلا أساس"),
    ("iri-bare", "an IRI stands in angle brackets", "un IRI s'écrit entre chevrons",
     "يُكتب معرّف IRI بين قوسين زاويين"),
    ("unreadable", "the query cannot be read on from {token}", "la requête ne se lit plus à partir de {token}",
     "لا يُقرأ الاستعلام ابتداء من {token}"),
    ("unfinished", "the query ends too early", "la requête se termine trop tôt", "ينتهي الاستعلام قبل تمامه"),
    ("empty", "the query is empty", "la requête est vide", "الاستعلام فارغ"),
    ("no-update", "{word} is refused: this endpoint only answers queries",
     "{word} est refusé : ce point d'accès ne fait que répondre aux requêtes",
     "{word} مرفوضة: هذه النقطة تجيب عن الاستعلامات فقط"),
    ("no-load", "LOAD is refused: this endpoint fetches nothing",
     "LOAD est refusé : ce point d'accès ne va rien chercher", "LOAD مرفوضة: هذه النقطة لا تجلب شيئا"),
    ("no-service", "SERVICE is refused: this endpoint asks no other one",
     "SERVICE est refusé : ce point d'accès n'en interroge aucun autre",
     "SERVICE مرفوضة: هذه النقطة لا تسأل غيرها"),
    ("function-unknown", "the engine has no function {word}, or none with so many arguments",
     "le moteur n'a pas de fonction {word}, ou pas avec autant d'arguments",
     "ليست لدى المحرك دالة {word}، أو ليست بهذا العدد من المعاملات"),
    ("reserved-name", "{word} is refused: such names are reserved for rewritten queries",
     "{word} est refusé : ces noms sont réservés aux requêtes réécrites",
     "{word} مرفوض: هذه الأسماء محجوزة للاستعلامات المعاد كتابتها"),
    ("foreign", "{name} belongs to {product}; here it would find nothing",
     "{name} est propre à {product} ; ici, cela ne trouverait rien", "{name} خاصة ببرنامج {product}؛ ولن تجد هنا شيئا"),
)  # fmt: skip

_CURES: Final = (
    ("prefix-known", "put the declaration at the beginning of the query",
     "mettez la déclaration au début de la requête", "ضع الإعلان في أول الاستعلام"),
    ("prefix-near", "did you mean {near}? Its declaration: {declaration}",
     "vouliez-vous dire {near} ? Sa déclaration : {declaration}", "هل قصدت {near}؟ إعلانها: {declaration}"),
    ("prefix-unknown", "declare it at the beginning of the query, as in {declaration}",
     "déclarez-le au début de la requête, comme {declaration}", "أعلنها في أول الاستعلام، مثل {declaration}"),
    ("write", "write {cure}", "écrivez {cure}", "اكتب {cure}"),
    ("write-escape", "write {cure} for a backslash", "écrivez {cure} pour une barre oblique inverse",
     "اكتب {cure} للشرطة المائلة العكسية"),
    ("remove", "take it out", "enlevez-le", "احذفها"),
    ("space", "put a space in its place, or nothing", "mettez une espace à sa place, ou rien",
     "ضع مكانه فراغا أو لا شيء"),
    ("word-near", "did you mean {near}?", "vouliez-vous dire {near} ?", "هل قصدت {near}؟"),
    ("word-unknown", "a variable begins with ?, a text stands in quotes: {variable} or {text}",
     "une variable commence par ?, un texte est entre guillemets : {variable} ou {text}",
     "يبدأ المتغير بعلامة ?، والنص يكون بين علامتي اقتباس: {variable} أو {text}"),
    ("bound", "give the new value a name of its own, as in {cure}",
     "donnez un nom à part à la nouvelle valeur, comme {cure}", "سمّ القيمة الجديدة باسم خاص بها، مثل {cure}"),
    ("bracket-unclosed", "put {closing} here", "mettez {closing} ici", "ضع {closing} هنا"),
    ("bracket-unopened", "put {opening} here", "mettez {opening} ici", "ضع {opening} هنا"),
    ("bracket-extra", "take it out, or open with {opening} what it closes",
     "enlevez-le, ou ouvrez par {opening} ce qu'il ferme", "احذفه، أو افتح بـ{opening} ما يغلقه"),
    ("separator", "put {sign} after {after}", "mettez {sign} après {after}", "ضع {sign} بعد {after}"),
    ("string-open", "close it there, or put {cure} on both sides of a text of several lines",
     "fermez-le, ou mettez {cure} des deux côtés d'un texte de plusieurs lignes",
     "أغلقه فيه، أو ضع {cure} على جانبي نص من عدة سطور"),
    ("ungrouped", "write {group}, or take one of its values: {sample}",
     "écrivez {group}, ou prenez une de ses valeurs : {sample}", "اكتب {group}، أو خذ إحدى قيمه: {sample}"),
    ("star-grouped", "name what is to be shown: {cure}", "nommez ce qui est à montrer : {cure}",
     "سمّ ما تريد عرضه: {cure}"),
    ("aggregate-early", "put it behind the pattern, as in {cure}", "mettez-le après le motif, comme {cure}",
     "ضعها بعد النمط، مثل {cure}"),
    ("iri-relative", "write it in full, or put a base at the beginning of the query, as in {cure}",
     "écrivez-le en entier, ou mettez une base au début de la requête, comme {cure}",
     "اكتبه كاملا، أو ضع أساسا في أول الاستعلام، مثل {cure}"),
    ("expected", "here may stand: {expected}", "ici peut venir : {expected}", "يمكن أن يقع هنا: {expected}"),
    ("empty", "ask, as in {cure}", "demandez, comme {cure}", "اسأل، مثل {cure}"),
    ("no-update", "ask with SELECT, ASK, CONSTRUCT or DESCRIBE; data change with the next release only",
     "demandez avec SELECT, ASK, CONSTRUCT ou DESCRIBE ; les données ne changent qu'à la version suivante",
     "اسأل بـ SELECT أو ASK أو CONSTRUCT أو DESCRIBE؛ لا تتغير المعطيات إلا مع الإصدار التالي"),
    ("no-load", "put the file into the project, or serve it by itself",
     "ajoutez le fichier au projet, ou servez-le seul", "أضف الملف إلى المشروع، أو اعرضه وحده"),
    ("no-service", "take the SERVICE clause out", "enlevez la clause SERVICE", "احذف جملة SERVICE"),
    ("function-unknown", "use one of SPARQL's own functions, which have no prefix, as STR or REPLACE",
     "employez une fonction de SPARQL même, qui n'a pas de préfixe, comme STR ou REPLACE",
     "استعمل دالة من دوال SPARQL نفسها، وهي بلا بادئة، مثل STR أو REPLACE"),
    ("reserved-name", "use another name", "prenez un autre nom", "استعمل اسما آخر"),
    ("foreign-text", "search with {search}, or {text}", "cherchez avec {search}, ou {text}",
     "ابحث بـ {search}، أو {text}"),
    ("foreign-label", "ask for the label itself: {label}", "demandez le libellé lui-même : {label}",
     "اسأل عن التسمية نفسها: {label}"),
    ("foreign-geo", "use the functions of GeoSPARQL, as in {geo}", "employez les fonctions de GeoSPARQL, comme {geo}",
     "استعمل دوال GeoSPARQL، مثل {geo}"),
    ("foreign-strings", "use the functions of SPARQL, as STRBEFORE and STRAFTER",
     "employez les fonctions de SPARQL, comme STRBEFORE et STRAFTER", "استعمل دوال SPARQL مثل STRBEFORE و STRAFTER"),
    ("foreign-list", "follow the list by its links: {list}", "suivez la liste par ses liens : {list}",
     "اتبع القائمة بروابطها: {list}"),
    ("foreign-path", "use a property path, as in {path}", "employez un chemin de propriétés, comme {path}",
     "استعمل مسار خصائص، مثل {path}"),
    ("foreign-hint", "take it out: it only tells that engine how to work",
     "enlevez-le : il ne fait que dire à ce moteur comment travailler", "احذفها: لا تفيد إلا محرك ذلك البرنامج"),
    ("foreign-direct", "say it in SPARQL: a link, and FILTER NOT EXISTS for a longer way",
     "dites-le en SPARQL : un lien, et FILTER NOT EXISTS pour un chemin plus long",
     "عبّر عنه بـ SPARQL: رابط، و FILTER NOT EXISTS لطريق أطول"),
    ("foreign-graph", "take it out: the default graph is what is asked without it",
     "enlevez-le : sans lui, c'est le graphe par défaut qui est interrogé", "احذفه: بدونه يُسأل المخطط الافتراضي"),
    ("foreign-drop", "take it out, or say it in standard SPARQL", "enlevez-le, ou dites-le en SPARQL standard",
     "احذفها، أو عبّر عنها بـ SPARQL القياسية"),
)  # fmt: skip

_CURE_OF: Final[Mapping[str, str]] = MappingProxyType({
    **dict.fromkeys((
        "prefix-colon", "prefix-dot", "prefix-iri", "prefix-turtle", "prefix-word", "expression-bare",
        "expression-select", "expression-unnamed", "word-missing", "bracket-pair", "union-group", "separator-type",
        "sign", "quote-curly", "character-meant", "iri-bare",
    ), "write"),
    **dict.fromkeys(("select-comma", "semicolon-last", "character", "columns-twice"), "remove"),
    **dict.fromkeys(("bound-bind", "bound-columns"), "bound"),
    **dict.fromkeys(("separator-dot", "separator-semicolon", "separator-comma", "separator-path"), "separator"),
    **dict.fromkeys(("unreadable", "unfinished", "separator-any"), "expected"),
    "character-unseen": "space", "string-escape": "write-escape", "ungrouped-all": "ungrouped",
})  # fmt: skip
"""The cure of a cause that is not called like it."""

_EXAMPLES: Final[Mapping[str, str]] = MappingProxyType({
    "search": '?text bif:contains "word"',
    "text": 'FILTER(CONTAINS(LCASE(STR(?text)), "word"))',
    "label": 'OPTIONAL { ?x rdfs:label ?label FILTER(LANG(?label) = "en") }',
    "geo": "FILTER(geof:sfWithin(?place, ?area))",
    "list": "?list rdf:rest*/rdf:first ?member",
    "path": "?a ex:link+ ?b",
})  # fmt: skip
"""How something is said in SPARQL, wherever a sentence shows it."""
_UNSHOWN: Final = "…"
"""Stands in a place for which there is nothing to show: a sentence has no hole in it, and no reader an error."""

_EXPECTED: Final = (
    ("variable", "a variable, as ?x", "une variable, comme ?x", "متغير مثل \u2066?x\u2069"),
    ("iri", "an IRI or a prefixed name", "un IRI ou un nom à préfixe", "معرّف IRI أو اسم ببادئة"),
    ("text", "a text in quotes", "un texte entre guillemets", "نص بين علامتي اقتباس"),
    ("number", "a number", "un nombre", "عدد"),
    ("expression", "an expression", "une expression", "عبارة حسابية أو منطقية"),
    ("function", "a function", "une fonction", "دالة"),
    ("operator", "an operator, as =", "un opérateur, comme =", "عامل مثل ="),
    ("end", "the end of the query", "la fin de la requête", "نهاية الاستعلام"),
    ("or", "or", "ou", "أو"),
)  # fmt: skip

_COLUMNS: Final = ("en", "fr", "ar")
_QUOTED: Final = frozenset("'\"")


def _table(rows: Iterable[tuple[str, str, str, str]]) -> Mapping[str, Mapping[str, str]]:
    columns = {language: column for column, language in enumerate(_COLUMNS, 1)}
    return MappingProxyType({
        language: MappingProxyType({row[0]: row[column] for row in rows}) for language, column in columns.items()
    })  # fmt: skip


_CAUSE_IN: Final = _table(_CAUSES)
_CURE_IN: Final = _table(_CURES)
_EXPECTED_IN: Final = _table(_EXPECTED)


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a sentence: words of a language, or code that is the same in all."""

    text: str
    is_code: bool


def cause(words: str, language: str, named: Mapping[str, str]) -> tuple[Piece, ...]:
    """What is wrong.

    :raises KeyError: if there is no such mistake or language

    >>> [piece.text for piece in cause("word-near", "fr", {"word": "WHER"})]
    ['WHER', " n'est pas un mot de SPARQL"]
    """
    return _pieces(_CAUSE_IN[language][words], language, named)


def cure(words: str, language: str, named: Mapping[str, str]) -> tuple[Piece, ...]:
    """What to do about it; nothing if nobody can tell.

    >>> "".join(piece.text for piece in cure("iri-bare", "en", {"cure": "<http://e/>"}))
    'write <http://e/>'
    """
    template = _CURE_IN[language].get(_CURE_OF.get(words, words))
    if template is None or (_CURE_OF.get(words) == "expected" and not named.get("expected")):
        return ()
    return _pieces(template, language, named)


def _pieces(template: str, language: str, named: Mapping[str, str]) -> tuple[Piece, ...]:
    found: list[Piece] = []
    for text, field, _, _ in Formatter().parse(template):
        if text:
            found.append(Piece(text, is_code=False))
        if field == "expected":
            found += _listed(named[field].split(), language)
        elif field is not None:
            said = named.get(field) or _EXAMPLES.get(field, _UNSHOWN)
            found.append(Piece(said, is_code=field not in PLAIN))
    return tuple(found)


def _listed(names: list[str], language: str) -> list[Piece]:
    """What may stand in a place, as a list: kinds of words by their names, everything else as it is written."""
    words = _EXPECTED_IN[language]
    comma = "، " if language == "ar" else ", "
    found: list[Piece] = []
    for number, name in enumerate(names):
        if number:
            found.append(Piece(f" {words['or']} " if number == len(names) - 1 else comma, is_code=False))
        found.append(Piece(words.get(name, name), is_code=name not in words))
    return found


def keys() -> frozenset[str]:
    """Every mistake that there are words for."""
    return frozenset(row[0] for row in _CAUSES)


def plain(pieces: Iterable[Piece]) -> str:
    """A sentence without markup; a sign alone stands in quotes there, or it would be taken for one of the sentence.

    >>> plain(cure("bracket-unclosed", "en", {"closing": "}"}))
    "put '}' here"
    """
    return "".join(f"'{piece.text}'" if piece.is_code and _is_sign(piece.text) else piece.text for piece in pieces)


def _is_sign(text: str) -> bool:
    return not any(sign.isalnum() or sign in _QUOTED for sign in text)
