"""What the pages of the vocabulary say in each language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from server.pages.language import by_language

_TABLE: Final = (
    # key, English, French, Arabic
    ("above", "Stands below", "Relève de", "يندرج تحت"),
    ("alignments", "The same or close in other vocabularies", "Équivalents et proches dans d'autres vocabulaires",
     "ما يكافئه أو يقاربه في معاجم أخرى"),
    ("added", "new here", "nouveaux ici", "جديدة هنا"),
    ("all_classes", "All things of this class", "Toutes les choses de cette classe", "كل أشياء هذا الصنف"),
    ("annotation", "Annotation properties", "Propriétés d'annotation", "خصائص التعليق"),
    ("annotation_one", "Annotation property", "Propriété d'annotation", "خاصية تعليق"),
    ("as_query", "the query that counts them", "la requête qui les compte", "الاستعلام الذي يعدّها"),
    ("changed", "changed", "modifiés", "تغيّرت"),
    ("class", "Classes", "Classes", "الأصناف"),
    ("class_one", "Class", "Classe", "صنف"),
    ("data", "Properties with literal values", "Propriétés à valeur littérale", "خصائص قيمها نصوص أو أعداد"),
    ("data_one", "Property with literal values", "Propriété à valeur littérale", "خاصية قيمها نصوص أو أعداد"),
    ("deprecated", "no longer to be used", "à ne plus employer", "لم يعد يُستعمل"),
    ("diagram", "Diagram", "Schéma", "رسم"),
    ("diagram_class", "{name} with its properties and the classes of their values; the table below says the same.",
     "{name} avec ses propriétés et les classes de leurs valeurs ; le tableau ci-dessous dit la même chose.",
     "{name} مع خصائصه وأصناف قيمها؛ والجدول أدناه يقول الشيء نفسه."),
    ("diagram_property", "{name} between its domain and its range; the list below says the same.",
     "{name} entre son domaine et sa portée ; la liste ci-dessous dit la même chose.",
     "{name} بين مجاله ومداه؛ والقائمة أدناه تقول الشيء نفسه."),
    ("differs", "Other releases that are kept here, where their vocabulary differs",
     "Autres versions conservées ici dont le vocabulaire diffère", "إصدارات أخرى محفوظة هنا يختلف معجمها"),
    ("domain", "Domain: what has it", "Domaine : ce qui la porte", "المجال: ما يتصف بها"),
    ("examples", "How it is used", "Exemples d'emploi", "أمثلة على استعماله"),
    ("facts", "What else is said of it", "Ce qui en est dit encore", "ما قيل عنه أيضا"),
    ("family", "Its place among the terms", "Sa place parmi les termes", "موضعه بين المصطلحات"),
    ("from", "from", "héritée de", "موروثة من"),
    ("go_on", "More terms", "Suite des termes", "بقية المصطلحات"),
    ("in_index", "In the index of the vocabulary", "Dans l'index du vocabulaire", "في فهرس المعجم"),
    ("literal", "a text, a number or a date", "un texte, un nombre ou une date", "نص أو عدد أو تاريخ"),
    ("meanings", "In each language", "Dans chaque langue", "بكل لغة"),
    ("no_language", "no language stated", "langue non précisée", "لغة غير محددة"),
    ("none_used", "Nothing in this release uses it.", "Rien ne l'emploie dans cette version.",
     "لا شيء يستعمله في هذا الإصدار."),
    ("not_drawn", "Not drawn here: {number} more, in the table.",
     "Non dessinées ici : {number} autres, dans le tableau.",
     "لم تُرسم هنا: {number} أخرى، وهي في الجدول."),
    ("number_class", "Things of this class in the release:", "Choses de cette classe dans la version :",
     "عدد أشياء هذا الصنف في الإصدار:"),
    ("number_property", "Statements with this property in the release:",
     "Affirmations avec cette propriété dans la version :", "عدد العبارات بهذه الخاصية في الإصدار:"),
    ("object", "Properties that tie things", "Propriétés qui relient des choses", "خصائص تربط بين الأشياء"),
    ("object_one", "Property that ties things", "Propriété qui relie des choses", "خاصية تربط بين الأشياء"),
    ("on_page", "On this page", "Sur cette page", "في هذه الصفحة"),
    ("prior", "Earlier versions", "Versions antérieures", "إصدارات سابقة"),
    ("properties", "Properties of this class", "Propriétés de cette classe", "خصائص هذا الصنف"),
    ("property", "Properties", "Propriétés", "الخصائص"),
    ("property_one", "Property", "Propriété", "خاصية"),
    ("range", "Range: its values", "Portée : ses valeurs", "المدى: قيمها"),
    ("removed", "no longer here", "absents d'ici", "لم تعد هنا"),
    ("said", "Everything that the release says of it", "Tout ce que la version en dit", "كل ما يقوله الإصدار عنه"),
    ("schemes", "Schemes of concepts", "Schémas de concepts", "مخططات المفاهيم"),
    ("sources", "Properties that lead to it", "Propriétés qui y mènent", "خصائص تؤدي إليه"),
    ("term", "Term", "Terme", "المصطلح"),
    ("uses", "Use", "Emploi", "الاستعمال"),
    ("version", "Version", "Version", "الإصدار"),
    ("version_since", "version", "version", "الإصدار"),
    ("versions", "Versions", "Versions", "الإصدارات"),
)  # fmt: skip

_WORDS: Final = by_language(_TABLE)

_LINKS: Final = (
    # property, English, French, Arabic
    ("owl:equivalentClass", "the same class", "la même classe", "الصنف نفسه"),
    ("owl:equivalentProperty", "the same property", "la même propriété", "الخاصية نفسها"),
    ("skos:exactMatch", "the same", "le même", "مطابق"),
    ("skos:closeMatch", "close", "proche", "مقارب"),
    ("skos:broadMatch", "broader", "plus large", "أوسع"),
    ("skos:narrowMatch", "narrower", "plus étroit", "أضيق"),
    ("skos:relatedMatch", "related", "lié", "ذو صلة"),
    ("owl:versionInfo", "in the vocabulary since version", "dans le vocabulaire depuis la version",
     "في المعجم منذ الإصدار"),
    ("owl:deprecated", "no longer to be used", "à ne plus employer", "لم يعد يُستعمل"),
    ("dct:isReplacedBy", "replaced by", "remplacé par", "حلّ محله"),
    ("dct:replaces", "replaces", "remplace", "حلّ محل"),
    ("skos:changeNote", "what changed", "ce qui a changé", "ما الذي تغيّر"),
    ("skos:historyNote", "history", "historique", "تاريخه"),
    ("dct:created", "made on", "créé le", "أُنشئ في"),
    ("dct:issued", "published on", "publié le", "نُشر في"),
    ("dct:modified", "changed on", "modifié le", "عُدّل في"),
    ("rdfs:isDefinedBy", "defined by", "défini par", "معرَّف في"),
    ("rdfs:seeAlso", "see also", "voir aussi", "انظر أيضا"),
    ("rdf:type", "kind", "nature", "النوع"),
    ("owl:disjointWith", "has nothing in common with", "n'a rien de commun avec", "لا يجتمع مع"),
    ("owl:inverseOf", "the other way round", "dans l'autre sens", "عكسها"),
    ("rdfs:subClassOf", "subclass of", "sous-classe de", "صنف فرعي من"),
    ("rdfs:subPropertyOf", "subproperty of", "sous-propriété de", "خاصية فرعية من"),
    ("skos:note", "note", "note", "ملاحظة"),
    ("skos:scopeNote", "note on its use", "note d'application", "ملاحظة عن استعماله"),
    ("skos:example", "example", "exemple", "مثال"),
    ("rdfs:comment", "comment", "commentaire", "تعليق"),
    ("owl:Class", "class", "classe", "صنف"),
    ("owl:ObjectProperty", "property that ties things", "propriété qui relie des choses", "خاصية تربط بين الأشياء"),
    ("owl:DatatypeProperty", "property with literal values", "propriété à valeur littérale",
     "خاصية قيمها نصوص أو أعداد"),
    ("owl:AnnotationProperty", "annotation property", "propriété d'annotation", "خاصية تعليق"),
    ("owl:SymmetricProperty", "holds both ways", "vaut dans les deux sens", "تصح في الاتجاهين"),
    ("owl:TransitiveProperty", "carries on from one to the next", "se transmet de proche en proche", "متعدّية"),
    ("owl:FunctionalProperty", "has one value at most", "a une valeur au plus", "لها قيمة واحدة على الأكثر"),
    ("owl:DeprecatedClass", "class no longer to be used", "classe à ne plus employer", "صنف لم يعد يُستعمل"),
    ("owl:DeprecatedProperty", "property no longer to be used", "propriété à ne plus employer",
     "خاصية لم تعد تُستعمل"),
    ("rdf:Property", "property", "propriété", "خاصية"),
    ("rdfs:Class", "class", "classe", "صنف"),
)  # fmt: skip

_TERMS: Final = by_language(_LINKS)


def words(language: str) -> Mapping[str, str]:
    """What the pages of the vocabulary say, by key.

    :raises KeyError: if `language` is none of the three
    """
    return _WORDS[language]


def terms(language: str) -> Mapping[str, str]:
    """What terms of RDF, OWL and SKOS mean on these pages, by their short names.

    :raises KeyError: if `language` is none of the three

    >>> terms("fr")["skos:closeMatch"]
    'proche'
    """
    return _TERMS[language]
