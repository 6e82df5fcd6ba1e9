"""Forms that no stemmer brings together: plurals within the word of Arabic, and genders of French, in both directions."""

from __future__ import annotations

import pytest
from search.finding import find, indexed, line

ARABIC = (
    "قوانين قانون", "مجالس مجلس", "مدارس مدرسة", "مكاتب مكتب", "موارد مورد", "مصادر مصدر", "معايير معيار",
    "مفاهيم مفهوم", "مناطق منطقة", "مواقع موقع", "مصانع مصنع", "مقاييس مقياس", "تقارير تقرير", "تدابير تدبير",
    "مناهج منهج", "عناصر عنصر", "قواعد قاعدة", "صناديق صندوق", "جداول جدول", "أهداف هدف", "أرقام رقم",
    "أعمال عمل", "أسعار سعر", "أفكار فكرة", "أبحاث بحث", "أنظمة نظام", "أجهزة جهاز", "أنشطة نشاط",
    "وزراء وزير", "شركاء شريك", "علماء عالم", "رؤساء رئيس", "نتائج نتيجة", "وثائق وثيقة", "رسائل رسالة",
    "وسائل وسيلة", "جوانب جانب", "عوامل عامل", "جوائز جائزة", "شركات شركة", "دول دولة", "مدراء مدير",
    "بيانات بيان", "حواسيب حاسوب", "خوارزميات خوارزمية", "مختبرات مختبر",
)  # fmt: skip
"""A plural and its singular; none of them is among the pairs of spellings."""
LATIN = (
    "avocate avocat", "directrices directeurs", "traductrice traducteur", "vendeuse vendeur",
    "sportive sportif", "créative créatif", "publique publics", "délais délai", "essais essai",
    "étatique étatiques", "nationaux nationale", "crises crisis", "hypotheses hypothesis", "theses thesis",
)  # fmt: skip
APART = (
    "إصلاح صلح", "تعليم تعلم", "تكوين تكون", "منشور منشار", "مفتاح مفتوح", "مبارك مبروك", "كتابه كتبه",
    "زراعي زرعي", "دخول دخل", "سلامة سلم", "صحراء صحاري", "general generous",
    "heureuse heure",
)  # fmt: skip
"""Words of one root, or that look alike, and mean something else."""


def found(folder, pairs):
    """Of the second words, those that the first ones find, each among all of them."""
    index = indexed(folder / "texts.db", [line(f"urn:{number}", one) for number, (_, one) in enumerate(pairs)])
    return [(asked, one) for asked, one in pairs if one in {hit.text for hit in find(index, asked).hits}]


@pytest.mark.parametrize("pairs", [ARABIC, LATIN], ids=["arabic", "latin"])
def test_forms_that_no_stemmer_knows_find_one_another(tmp_path, pairs):
    forth = [tuple(pair.split()) for pair in pairs]
    back = [(one, other) for other, one in forth]
    for number, each in enumerate((forth, back)):
        folder = tmp_path / str(number)
        folder.mkdir()
        assert found(folder, each) == each


def test_words_that_are_no_forms_of_one_another_stay_apart(tmp_path):
    assert found(tmp_path, [tuple(pair.split()) for pair in APART]) == []


def test_a_plural_with_clitics_finds_its_singular(tmp_path):
    index = indexed(tmp_path / "texts.db", [line("urn:1", "مشروع رقمي", "ar"), line("urn:2", "برامج", "ar")])
    for asked in ("المشاريع", "للمشاريع", "وبالمشاريع"):
        assert [hit.thing for hit in find(index, asked).hits] == ["urn:1"]
