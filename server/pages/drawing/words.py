"""What the drawings alone say, in each of the three languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from server.pages.language import by_language

_TABLE: Final = (
    # key, English, French, Arabic
    ("all", "all", "tout", "الكل"),
    ("all_but_periods", "all but periods", "tout sauf les périodes", "الكل ما عدا المدد"),
    ("axis_of", "Scale from {low} to {high}", "Échelle de {low} à {high}", "مقياس من {low} إلى {high}"),
    ("baseline", "baseline", "valeur de référence", "خط الأساس"),
    ("baseline_in", "baseline, {period}", "valeur de référence, {period}", "خط الأساس، {period}"),
    ("by_deadline", "Deadline:", "Échéance :", "الأجل:"),
    ("cut", "There is more than is drawn here: of each property only the first {number} statements were read.",
     "Tout n'est pas dessiné : seules les {number} premières affirmations de chaque propriété ont été lues.",
     "هناك أكثر مما يُرسم هنا: لم يُقرأ من كل خاصية إلا أول {number} عبارة."),
    ("disputed", "contested", "contesté", "متنازع فيه"),
    ("key_about", "only about there", "à peu près là", "هناك تقريبا"),
    ("key_amount", "a number", "un nombre", "عدد"),
    ("key_band", "all that the date covers", "tout ce que la date couvre", "كل ما يشمله التاريخ"),
    ("key_base", "a baseline", "une valeur de référence", "خط أساس"),
    ("key_bound", "no end is given", "aucune borne n'est donnée", "لا حدّ مذكور"),
    ("key_day", "a day", "un jour", "يوم"),
    ("key_month", "a month, or less than the scale can show", "un mois, ou trop court pour l'échelle",
     "شهر، أو أقصر من أن يظهر على المقياس"),
    ("key_unread", "not yet reviewed", "pas encore relus", "لم تُراجَع بعد"),
    ("measured", "Value", "Valeur", "القيمة"),
    ("more_sources", "and {number} more", "et {number} de plus", "و{number} غيرها"),
    ("no_place", "This date has no place on the scale.", "Cette date n'a pas de place sur l'échelle.",
     "لا موضع لهذا التاريخ على المقياس."),
    ("no_number", "No number is given.", "Aucun nombre n'est donné.", "لم يُذكر أي عدد."),
    ("on_scale", "On the scale", "Sur l'échelle", "على المقياس"),
    ("other", "The other document", "L'autre document", "الوثيقة الأخرى"),
    ("page_of", "{first} to {last} of {total}", "{first} à {last} sur {total}", "من {first} إلى {last} من أصل {total}"),
    ("partner", "Who takes part", "Qui y participe", "المشارك"),
    ("partners", "Who signed what with whom", "Qui a signé quoi avec qui", "من وقّع ماذا مع من"),
    ("partners_told",
     "Agreements and projects on one side, those who take part in them on the other. Each line leads to the words.",
     "D'un côté les accords et les projets, de l'autre ceux qui y participent. Chaque trait mène aux mots.",
     "الاتفاقيات والمشاريع من جهة، والمشاركون فيها من جهة أخرى. وكل خط يقود إلى الألفاظ."),
    ("pictures", "Pictures of what is here", "Ce graphe en images", "هذا المخطط بالصور"),
    ("reviewed", "reviewed", "relu", "مُراجَع"),
    ("said_by", "Who says so", "Qui l'affirme", "صاحب القول"),
    ("sources", "Which documents agree", "Quels documents concordent", "أي الوثائق تتفق"),
    ("sources_told",
     ("Two documents meet where their claims contradict, agree with or do not exclude one another. Each sign leads to "
      "the words."),
     ("Deux documents se croisent là où leurs énoncés se contredisent, concordent ou ne s'excluent pas. Chaque signe "
      "mène aux mots."),
     "تلتقي وثيقتان حيث تتناقض أقوالهما أو تتوافق أو لا تتنافى. وكل علامة تقود إلى الألفاظ."),
    ("targets", "Targets and baselines", "Cibles et valeurs de référence", "الأهداف وخطوط الأساس"),
    ("targets_told",
     "What is to be reached, as each source says it. Amounts of different units never stand on one scale.",
     "Ce qui doit être atteint, tel que chaque source le dit. Des unités différentes ne partagent jamais une échelle.",
     "ما يُراد بلوغه كما تقوله كل وثيقة. ولا تُجمع وحدات مختلفة على مقياس واحد."),
    ("thing", "What", "Quoi", "ماذا"),
    ("tie", "How", "Comment", "كيف"),
    ("ties", "The claims", "Les énoncés", "الأقوال"),
    ("timeline", "Timeline", "Chronologie", "الخط الزمني"),
    ("timeline_told",
     "When things happened or are to happen, as each source says it. A year is drawn as long as a year is.",
     ("Quand les choses se sont produites ou doivent se produire, selon chaque source. Une année est dessinée longue "
      "d'une année."),
     "متى وقعت الأمور أو ستقع، كما تقوله كل وثيقة. والسنة تُرسم بطول سنة."),
    ("unit_of", "Unit: {unit}", "Unité : {unit}", "الوحدة: {unit}"),
    ("unit_none", "No unit is given", "Aucune unité n'est donnée", "لم تُذكر وحدة"),
    ("when", "When", "Quand", "متى"),
)  # fmt: skip


def words(language: str) -> Mapping[str, str]:
    """What the drawings say in one language, by key.

    :raises KeyError: if `language` is none of the three
    """
    return _WORDS[language]


_WORDS: Final = by_language(_TABLE)
