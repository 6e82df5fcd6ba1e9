"""The language of a page, and what the pages say in each of the three."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from kg.terms import LANGUAGES

DEFAULT: Final = "en"
NAMES: Final[Mapping[str, str]] = MappingProxyType({"ar": "العربية", "fr": "Français", "en": "English"})
"""Each language by its own name."""


def choose(asked: str | None, accept_language: str | None) -> str:
    """The language of a page: the one asked for, else the best that the browser accepts, else English.

    >>> choose("ar", "fr"), choose(None, "de, fr-MA;q=0.8, en;q=0.3"), choose("xx", None)
    ('ar', 'fr', 'en')
    """
    if asked in LANGUAGES:
        return asked
    best, chosen = 0.0, DEFAULT
    for element in (accept_language or "").split(","):
        tag, _, parameter = element.partition(";")
        language = tag.strip().lower().split("-", 1)[0]
        quality = _quality(parameter)
        if language in LANGUAGES and quality > best:
            best, chosen = quality, language
    return chosen


def _quality(parameter: str) -> float:
    name, _, value = parameter.partition("=")
    if name.strip().lower() != "q":
        return 1.0
    try:
        return min(max(float(value), 0.0), 1.0)
    except ValueError:
        return 0.0


def order(language: str) -> tuple[str, ...]:
    """The languages in which a label is looked for on a page of `language`, the best first.

    >>> order("fr")
    ('fr', 'ar', 'en')
    """
    return (language, *(other for other in LANGUAGES if other != language))


def by_language(table: Iterable[tuple[str, str, str, str]]) -> Mapping[str, Mapping[str, str]]:
    """What a table says in each language, by key; a row is a key, and its words in English, French and Arabic.

    >>> by_language([("yes", "yes", "oui", "نعم")])["fr"]["yes"]
    'oui'
    """
    rows = tuple(table)
    said = {
        tag: MappingProxyType({row[0]: row[column] for row in rows}) for column, tag in enumerate(("en", "fr", "ar"), 1)
    }
    return MappingProxyType(said)


def words(language: str) -> Mapping[str, str]:
    """What the pages say in one language, by key.

    :raises KeyError: if `language` is none of the three
    """
    return _WORDS[language]


_TABLE: Final = (
    # key, English, French, Arabic
    ("about", "About", "À propos", "نبذة"),
    ("agrees_with", "agrees with", "concorde avec", "يوافق"),
    ("also_in", "the rest of it is said in:", "le reste est dit dans :", "وبقيته في:"),
    ("as_worded", "as worded:", "tel qu'écrit :", "كما ورد:"),
    ("answered", "Questions, and their first answers", "Des questions et leurs premières réponses",
     "أسئلة، وأول أجوبتها"),
    ("answers_late", "The answer did not come in time.", "La réponse n'est pas venue à temps.",
     "لم يصل الجواب في الوقت المتاح."),
    ("answers", "Answers", "Réponses", "الأجوبة"),
    ("all_answers", "All answers, in SPARQL", "Toutes les réponses, en SPARQL", "كل الأجوبة، بلغة SPARQL"),
    ("asserted_by", "Who says so", "Qui l'affirme", "صاحب القول"),
    ("blank", "A node without an IRI; the address of this page holds until the server ends.",
     "Un nœud sans IRI ; l'adresse de cette page vaut jusqu'à l'arrêt du serveur.",
     "عقدة بلا معرّف IRI؛ عنوان هذه الصفحة صالح حتى يتوقف الخادم."),
    ("characters", "characters {start} to {end}", "caractères {start} à {end}", "الأحرف من {start} إلى {end}"),
    ("cite", "How to cite", "Comment citer", "كيف يُستشهد بها"),
    ("claim", "Claim", "Énoncé", "قول"),
    ("claims", "Claims", "Énoncés", "الأقوال"),
    ("claims_about", "Claims that mention it", "Énoncés qui en parlent", "أقوال تذكره"),
    ("claims_by", "Claims in its voice", "Énoncés de sa voix", "أقوال على لسانه"),
    ("claims_from", "Claims made from its rows", "Énoncés tirés de ses lignes", "أقوال مأخوذة من سطوره"),
    ("claims_quoted", "Claims with exact words", "Énoncés avec mots exacts", "أقوال بألفاظها"),
    ("claims_in", "Claims stated in it", "Énoncés qui y figurent", "أقوال وردت فيه"),
    ("class", "Class", "Classe", "الصنف"),
    ("classes", "Classes", "Classes", "الأصناف"),
    ("colon", ": ", "\N{NO-BREAK SPACE}: ", ": "),
    ("comes_from", "The table and the run that it comes from", "Le tableau et le traitement dont il provient",
     "الجدول والمعالجة اللذان جاء منهما"),
    ("compatible_with", "compatible with", "compatible avec", "ينسجم مع"),
    ("concepts", "Concepts", "Concepts", "المفاهيم"),
    ("contents", "What is in this release", "Ce que contient cette version", "محتوى هذا الإصدار"),
    ("contradicts", "contradicts", "contredit", "يناقض"),
    ("context", "Context of JSON-LD", "Contexte de JSON-LD", "سياق JSON-LD"),
    ("count", "Number", "Nombre", "العدد"),
    ("cut", "More is said of it than is shown here.", "Il en est dit plus que ce qui est affiché ici.",
     "قيل عنه أكثر مما يُعرض هنا."),
    ("dataset", "The dataset: licence, downloads, how to cite", "Le jeu de données : licence, fichiers, citation",
     "مجموعة البيانات: الرخصة والملفات والاستشهاد"),
    ("csv_shown", "What is shown, as CSV", "Ce qui est affiché, en CSV", "المعروض بصيغة CSV"),
    ("default_triples", "Triples of the default graph", "Triplets du graphe par défaut", "ثلاثيات المخطط الافتراضي"),
    ("definition", "Definition", "Définition", "التعريف"),
    ("description", "What is known", "Ce que l'on sait", "ما هو معروف"),
    ("disputes", "Where sources disagree", "Là où les sources se contredisent", "حيث تتناقض المصادر"),
    ("disputes_all", "All contradictions, in SPARQL", "Toutes les contradictions, en SPARQL",
     "كل التناقضات، بلغة SPARQL"),
    ("disputes_told", "The newest first: what one says, and what another says instead.",
     "Les plus récentes d'abord : ce que dit l'un, et ce que dit l'autre à la place.",
     "الأحدث أولا: ما يقوله مصدر، وما يقوله آخر بدلا منه."),
    ("document", "Document", "Document", "الوثيقة"),
    ("document_says", "What it says, in the order of its text", "Ce qu'il dit, dans l'ordre de son texte",
     "ما ورد فيها بترتيب نصها"),
    ("document_unsorted", "What it says; too many claims to put in the order of its text",
     "Ce qu'il dit ; trop d'énoncés pour l'ordre de son texte", "ما ورد فيها؛ الأقوال أكثر من أن تُرتَّب بترتيب النص"),
    ("documents", "Documents", "Documents", "الوثائق"),
    ("downloads", "Downloads", "Téléchargements", "الملفات"),
    ("endpoint", "SPARQL endpoint", "Point d'accès SPARQL", "نقطة استعلام SPARQL"),
    ("entities", "Entities", "Entités", "الكيانات"),
    ("entities_registered", "Things with labels", "Choses dotées de libellés", "أشياء لها تسميات"),
    ("error", "Error", "Erreur", "خطأ"),
    ("evidence", "Evidence", "Preuve", "الدليل"),
    (
        "exports",
        "The whole graph in other formats is written by the command {command}.",
        "Le graphe entier s'obtient dans d'autres formats par la commande {command}.",
        "يُستخرج المخطط كاملا بصيغ أخرى بواسطة الأمر {command}.",
    ),
    ("examples", "Questions to begin with", "Questions pour commencer", "أسئلة للبدء"),
    ("facts", "Reviewed facts", "Faits relus", "حقائق مُراجَعة"),
    ("figures", "Figures", "Chiffres", "الأرقام"),
    ("filter", "Sort and filter", "Trier et filtrer", "فرز وتصفية"),
    ("filter_clear", "Show all rows", "Afficher toutes les lignes", "اعرض كل السطور"),
    ("filter_do", "Show", "Afficher", "اعرض"),
    ("filter_help", "Words that are in the cell, or for numbers a comparison: >= 40",
     "Des mots de la cellule, ou une comparaison pour un nombre : >= 40",
     "ألفاظ من الخانة، أو مقارنة للأعداد مثل ‎>= 40‎"),
    ("first_shown", "Only the first {number} are shown.", "Seuls les {number} premiers sont affichés.",
     "لا يُعرض إلا أول {number}."),
    ("formats", "The same as data:", "Les mêmes données :", "المعطيات نفسها:"),
    ("gloss", "English reading", "Lecture en anglais", "قراءة بالإنجليزية"),
    ("graph", "Graph", "Graphe", "مخطط"),
    ("graph_store", "Graphs, whole", "Graphes entiers", "المخططات كاملة"),
    ("home", "Home", "Accueil", "الرئيسية"),
    ("interface", "Interface for programs (OpenAPI)", "Interface pour programmes (OpenAPI)", "واجهة البرامج (OpenAPI)"),
    ("label", "Label", "Libellé", "التسمية"),
    ("largest", "What there is most of", "Ce qu'il y a le plus", "أكثر ما يوجد هنا"),
    ("languages", "Languages", "Langues", "اللغات"),
    ("licence", "Licence", "Licence", "الرخصة"),
    ("made_from", "Made from a row of", "Tiré d'une ligne de", "مأخوذ من سطر في"),
    ("main", "Main menu", "Menu principal", "القائمة الرئيسية"),
    ("modality", "Modality", "Modalité", "الصيغة"),
    ("more", "Further", "Pour aller plus loin", "للمزيد"),
    ("news", "What is new", "Ce qui est nouveau", "الجديد"),
    ("news_added", "Claims added", "Énoncés ajoutés", "أقوال أضيفت"),
    ("news_removed", "Claims removed", "Énoncés retirés", "أقوال حُذفت"),
    ("news_since", "Compared with the release {release}, which was built before.",
     "Par rapport à la version {release}, construite auparavant.", "مقارنةً بالإصدار {release} الذي بُني قبله."),
    ("next", "Next", "Suite", "التالي"),
    ("note", "Editors' note", "Note des éditeurs", "ملاحظة المحررين"),
    ("no", "no", "non", "لا"),
    ("no_answers", "No answers.", "Aucune réponse.", "لا توجد أجوبة."),
    ("no_words", "no words recorded", "aucun mot consigné", "لا ألفاظ مسجَّلة"),
    ("none", "Nothing here.", "Rien ici.", "لا شيء هنا."),
    ("not_known", "not known", "inconnu", "غير معروف"),
    ("origin", "How its rows became claims", "Comment ses lignes sont devenues des énoncés", "كيف صارت سطوره أقوالا"),
    ("place", "line {line}, column {column}:", "ligne {line}, colonne {column} :", "السطر {line}، العمود {column}:"),
    ("prefixes_filled", "Prefixes that the query did not declare, and that were declared for you:",
     "Préfixes que la requête ne déclarait pas, et qui l'ont été pour vous :",
     "بادئات لم يعلنها الاستعلام، فأُعلنت نيابة عنك:"),
    ("explain", "How this is answered", "Comment cette réponse est obtenue", "كيف يُجاب عن هذا"),
    ("explanation", "How the query is answered", "Comment la réponse est obtenue", "كيف يُجاب عن الاستعلام"),
    ("warnings", "What may be wrong here", "Ce qui peut être faux ici", "ما قد يكون خطأ هنا"),
    ("warning-graph-name",
     ("Inside of its own GRAPH the variable {name} is not yet the name of the graph (SPARQL 1.1, 18.6): put what "
     "speaks of it behind the group."),
     ("À l'intérieur de son propre GRAPH, la variable {name} n'est pas encore le nom du graphe (SPARQL 1.1, 18.6) : "
     "placez après le groupe ce qui en parle."),
     ("داخل GRAPH الخاص بها لا يكون المتغير {name} اسم المخطط بعد (SPARQL 1.1، الفقرة 18.6)؛ "
     "ضع ما يتعلق به بعد المجموعة.")),
    ("warning-graph-limit",
     ("LIMIT and OFFSET inside of GRAPH {name} count over all graphs together here: name the graph, or put LIMIT "
     "behind the group."),
     ("LIMIT et OFFSET à l'intérieur de GRAPH {name} comptent ici sur tous les graphes ensemble : nommez le graphe, ou "
     "placez LIMIT après le groupe."),
     "يُحسب LIMIT وOFFSET داخل GRAPH {name} هنا على كل المخططات معا؛ سمّ المخطط أو ضع LIMIT بعد المجموعة."),
    ("warning-aggregate-unbound",
     "An aggregate has no value where {name} is unbound in one solution of its group.",
     "Un agrégat n'a pas de valeur là où {name} n'est pas liée dans une solution de son groupe.",
     "لا قيمة لدالة التجميع حيث يكون {name} غير مربوط في أحد حلول مجموعتها."),
    ("warning-default-graph",
     ("The default graph is made of several graphs here: a path of alternatives may count a triple of two of them "
      "twice."),
     ("Le graphe par défaut réunit ici plusieurs graphes : un chemin à alternatives peut compter deux fois un triplet "
      "qui figure dans deux d'entre eux."),
     "المخطط الافتراضي هنا من مخططات عدة؛ فقد يُعدّ ثلاثي مشترك بين اثنين منها مرتين في مسار فيه بدائل."),
    ("warning-unchecked",
     "Only the engine could read this query: nobody looked for what it is known to answer wrongly.",
     "Seul le moteur a pu lire cette requête : personne n'a cherché ce à quoi il répond mal.",
     "لم يقرأ هذا الاستعلام إلا المحرك؛ فلم يُبحث فيه عما يُعرف أنه يخطئ في جوابه."),
    ("parts", "The parts of these amounts", "Les parties de ces montants", "أجزاء هذه المقادير"),
    ("previous", "Previous", "Précédent", "السابق"),
    ("properties", "Properties", "Propriétés", "الخصائص"),
    ("property", "Property", "Propriété", "الخاصية"),
    ("published", "Published", "Paru", "تاريخ النشر"),
    ("publisher", "Publisher", "Éditeur", "الناشر"),
    ("quads", "Quads", "Quadruplets", "الرباعيات"),
    ("quads_derived", "Quads derived for views", "Quadruplets dérivés pour les vues", "رباعيات مشتقة للمناظير"),
    ("query", "Query", "Requête", "استعلام"),
    ("quote", "Words of the source", "Mots de la source", "ألفاظ المصدر"),
    ("quotes_failed", "Quotes that do not hold, of claims that are not reviewed",
     "Citations inexactes d'énoncés non relus", "اقتباسات غير مطابقة، من أقوال لم تُراجَع"),
    ("quotes_unchecked", "Quotes not verified: no text at hand", "Citations non vérifiées, faute de texte",
     "اقتباسات لم يُتحقَّق منها لغياب نصوصها"),
    ("quotes_verified", "Quotes verified against their texts", "Citations vérifiées sur le texte",
     "اقتباسات طابقت نصوصها"),
    ("read_there", "Read it at its publisher's", "À lire chez l'éditeur", "اقرأها عند الناشر"),
    ("reconciliation", "Matching of names", "Rapprochement de noms", "مطابقة الأسماء"),
    ("release", "Release", "Version", "الإصدار"),
    ("review", "Review", "Relecture", "المراجعة"),
    ("row", "Row", "Ligne", "السطر"),
    ("rows", "Rows of tables", "Lignes de tableaux", "سطور الجداول"),
    ("run", "Run", "Exécuter", "تنفيذ"),
    ("says", "according to", "selon", "حسب"),
    ("search", "Search", "Recherche", "بحث"),
    ("search_about", "Names, quotes and descriptions of this graph, in Arabic, French and English",
     "Noms, citations et descriptions de ce graphe, en arabe, français et anglais",
     "أسماء هذا المخطط واقتباساته وأوصافه، بالعربية والفرنسية والإنجليزية"),
    ("search_all", "all", "tous", "الكل"),
    ("search_any", "any", "toutes", "أي لغة"),
    ("search_bad", "Give letters or digits to look for, two at least before *, 1,000 characters and 32 words at most.",
     "Donnez des lettres ou des chiffres à chercher, deux au moins avant *, 1 000 caractères et 32 mots au plus.",
     "اكتب حروفا أو أرقاما للبحث عنها، اثنين على الأقل قبل *، في حدود 1000 حرف و32 كلمة."),
    ("search_cut", "{first} to {last} of the {total} in the thousand best texts; more texts fit, so narrow the search.",
     "{first} à {last} des {total} que nomment les mille meilleurs textes ; d'autres conviennent : précisez.",
     "من {first} إلى {last} من أصل {total} وُجدت في أفضل ألف نص؛ وهناك نصوص أخرى مطابقة، فحدِّد البحث أكثر."),
    ("search_do", "Search", "Chercher", "ابحث"),
    ("search_failed", "The search could not be answered.", "La recherche n'a pas pu aboutir.", "تعذّر إتمام البحث."),
    ("search_for", "Words to look for", "Mots à chercher", "الكلمات المطلوبة"),
    (
        "search_help",
        ("All words must be there, in any order. “Words in quotation marks” stand together, word* takes any ending, "
        "-word must not be there, and OR leaves the choice."),
        ("Tous les mots doivent y être, dans tout ordre. « Les mots entre guillemets » se suivent, mot* admet "
        "toute fin, -mot ne doit pas y être, et OR laisse le choix."),
        ("يجب أن توجد كل الكلمات بأي ترتيب. «الكلمات بين علامتي اقتباس» تتوالى، وكلمة* تقبل أي نهاية، و-كلمة يجب ألا "
        "توجد، وOR للاختيار."),
    ),
    ("search_in", "Language of the texts", "Langue des textes", "لغة النصوص"),
    ("search_instead", "Did you mean:", "Vouliez-vous dire :", "هل تقصد:"),
    ("search_none", "Nothing was found.", "Rien n'a été trouvé.", "لم يُعثر على شيء."),
    ("search_total", "{first} to {last} of {total}", "{first} à {last} sur {total}",
     "من {first} إلى {last} من أصل {total}"),
    ("search_wider", "Search everything", "Chercher partout", "ابحث في كل شيء"),
    ("sentence", "sentence {number}", "phrase {number}", "الجملة {number}"),
    ("site_there", "The site where it appeared", "Le site où il a paru", "الموقع الذي نُشرت فيه"),
    ("skip", "Skip to the content", "Aller au contenu", "انتقل إلى المحتوى"),
    ("seen", "Seen over:", "Vue interrogée :", "المنظور المستعلَم:"),
    ("services", "Addresses for programs", "Adresses pour programmes", "عناوين للبرامج"),
    ("sources", "Sources", "Sources", "المصادر"),
    ("statements", "Statements", "Affirmations", "العبارات"),
    ("statements_table", "Every statement with its evidence, as one table",
     "Toutes les affirmations avec leurs preuves, en un tableau", "كل العبارات مع أدلتها في جدول واحد"),
    ("subject", "Subject", "Sujet", "الموضوع"),
    ("sort", "Sort by", "Trier par", "الفرز حسب"),
    ("sort_down", "largest first", "du plus grand au plus petit", "الأكبر أولا"),
    ("table_columns", "Each column holds what claims made from the rows state; the cells of the file are not kept.",
     "Chaque colonne dit ce qu'affirment les énoncés tirés des lignes ; les cellules du fichier ne sont pas gardées.",
     "في كل عمود ما تذكره الأقوال المأخوذة من السطور؛ أما خانات الملف نفسه فغير محفوظة."),
    ("table_of", "{number} rows", "{number} lignes", "عدد السطور: {number}"),
    ("table_rows", "Its rows", "Ses lignes", "سطوره"),
    ("tables", "Tables", "Tableaux", "الجداول"),
    ("term", "Term", "Terme", "المصطلح"),
    ("triples", "Triples", "Triplets", "الثلاثيات"),
    ("type", "Type", "Type", "النوع"),
    ("uncounted_view", "not counted", "non compté", "لم يُعدّ"),
    ("uncounted", "The classes could not be counted in time; ask again in a minute.",
     "Les classes n'ont pas pu être comptées à temps ; redemandez dans une minute.",
     "تعذّر عدّ الأصناف في الوقت المتاح؛ أعد السؤال بعد دقيقة."),
    ("used_by", "What refers to it", "Ce qui s'y réfère", "ما يحيل إليه"),
    ("value", "Value", "Valeur", "القيمة"),
    ("view", "What to ask", "Ce qu'on interroge", "ما يُستعلَم فيه"),
    ("view_everything", "everything", "tout", "الكل"),
    ("view_reviewed", "reviewed", "relu", "المُراجَع"),
    ("view_stated", "stated", "énoncé", "المذكور"),
    ("vocabulary", "Vocabulary", "Vocabulaire", "المعجم"),
    ("what_to_do", "What to do:", "Que faire :", "ما العمل:"),
    ("whole_graph", "Every statement in one file (N-Quads, gzip)",
     "Toutes les affirmations en un fichier (N-Quads, gzip)", "كل العبارات في ملف واحد (N-Quads, gzip)"),
    ("words_there", "these words at the publisher's", "ces mots chez l'éditeur", "هذه الألفاظ عند الناشر"),
    ("written_in", "Written in", "Langue", "لغتها"),
    ("yes", "yes", "oui", "نعم"),
)  # fmt: skip

_WORDS: Final = by_language(_TABLE)
