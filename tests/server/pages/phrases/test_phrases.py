"""Values in words, in three languages: amounts, dates, numbers and units."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest

from kg.terms import LANGUAGES, SCHEME, expand, is_edtf
from server.lookup import Label, Term
from server.pages.language import shipped
from server.pages.phrases.amounts import Amount, phrase_of
from server.pages.phrases.dates import date_in_words
from server.pages.phrases.literals import worded
from server.pages.phrases.numbers import digits, say
from server.pages.phrases.units import Unit, measure

DOLLAR = {tag: Unit("dollar", tag, "dollar") for tag in ("ar", "fr", "en")}


def plain(text: str | None) -> str:
    """A text with ordinary spaces."""
    return (text or "").replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("exactness", "english", "french", "arabic"),
    [
        ("about", "about 10.8 billion dollars", "environ 10,8 milliards de dollars", "نحو 10,8 مليار دولار"),
        (
            "at-least",
            "at least 10.8 billion dollars",
            "au moins 10,8 milliards de dollars",
            "10,8 مليار دولار على الأقل",
        ),
        ("at-most", "at most 10.8 billion dollars", "au plus 10,8 milliards de dollars", "10,8 مليار دولار على الأكثر"),
        ("exact", "10.8 billion dollars", "10,8 milliards de dollars", "10,8 مليار دولار"),
        ("", "10.8 billion dollars", "10,8 milliards de dollars", "10,8 مليار دولار"),
    ],
)
def test_an_amount_is_one_phrase_with_its_exactness(exactness: str, english: str, french: str, arabic: str) -> None:
    for language, said in (("en", english), ("fr", french), ("ar", arabic)):
        amount = Amount(
            ("10800000000",), unit=DOLLAR[language], exactness=exactness and f"{SCHEME}exactness/{exactness}"
        )
        found = phrase_of(amount, language)
        assert found is not None
        assert (plain(found.text), found.language) == (said, language)
        assert bool(found.mark) == bool(exactness)


def test_dollars_that_are_not_said_to_be_of_a_country_stay_dollars() -> None:
    found = phrase_of(Amount(("5",), unit=DOLLAR["en"]), "en")
    assert found is not None
    assert found.text == "5 dollars"


@pytest.mark.parametrize("written", ["1", "1.0", "1.00", "0.1E1"])
@pytest.mark.parametrize(("language", "words"), [("en", "1 job"), ("fr", "1 emploi")])
def test_a_number_has_the_words_of_what_is_shown_however_it_is_written(written: str, language: str, words: str) -> None:
    assert measure(Decimal(written), Unit("jobs", language, "jobs"), language) == words


def test_the_sign_of_a_number_stands_before_its_digits_where_a_page_runs_from_the_right() -> None:
    assert digits(Decimal("-6.84"), "ar") == "\u200e-6,84"
    assert measure(Decimal(-2_500_000), None, "ar").startswith("\u200e-2,5")
    assert digits(Decimal(-3), "he") == "\u200e-3"
    assert (digits(Decimal("-6.84"), "fr"), digits(Decimal("-0.0"), "ar")) == ("-6,84", "0")


def test_bounds_a_total_and_numbers_that_differ() -> None:
    rank = Unit("rank", "en", "rank")
    assert phrase_of(Amount(("87",), unit=rank, out_of="188"), "en").text == "rank 87 out of 188"
    assert (
        phrase_of(Amount(lower="10", upper="20", unit=Unit("jobs", "en", "jobs")), "en").text
        == "between 10 jobs and 20 jobs"
    )
    assert phrase_of(Amount(upper="20", unit=rank), "en").text == "not more than rank 20"
    both = phrase_of(Amount(("15",), lower="10", unit=Unit("jobs", "en", "jobs")), "en")
    assert (both.text, both.notes) == ("15 jobs", (Label("not less than 10 jobs", "en"),))
    assert phrase_of(Amount(("10", "12"), unit=Unit("jobs", "en", "jobs")), "en").text == "10 jobs or 12 jobs"


def test_an_amount_without_a_number_is_told_by_the_words_of_its_source() -> None:
    vague = Amount(exactness=f"{SCHEME}exactness/vague", worded=(Label("مبلغ مهم", "ar"),))
    assert phrase_of(vague, "fr") == phrase_of(vague, "ar")
    assert phrase_of(vague, "fr").text == "مبلغ مهم"
    assert phrase_of(Amount(), "en") is None


def test_a_reserve_of_another_scheme_stands_beside_the_amount() -> None:
    found = phrase_of(Amount(("5",), exactness="http://e.org/rough", reserve=Label("rough", "en")), "en")
    assert (found.text, found.mark, found.notes) == ("5", "", (Label("rough", "en"),))


def test_a_unit_that_nobody_has_given_a_plural_is_named_before_the_number() -> None:
    litre = Unit("litre", "de")
    assert plain(phrase_of(Amount(("1000000",), unit=litre), "fr").text) == "litre : 1 million"
    assert phrase_of(Amount(("many",), unit=litre), "en").text == "litre: many"
    about = f"{SCHEME}exactness/about"
    assert phrase_of(Amount(("5",), upper="9", exactness=about, unit=litre), "en").text == "litre: about 5"
    assert phrase_of(Amount(("5",), unit=Unit("hectare", "fr", symbol="ha")), "en").text == "5 ha"


@pytest.mark.parametrize(
    ("language", "number", "said"),
    [
        ("fr", "1", "1 palmier"), ("fr", "12000", "12 000 palmiers"), ("fr", "2000000", "2 millions de palmiers"),
        ("ar", "3", "3 نخلات"), ("ar", "11", "11 نخلة"), ("ar", "100", "100 نخلة"),
    ],
)  # fmt: skip
def test_a_project_says_how_many_of_its_own_units_are_called(language: str, number: str, said: str) -> None:
    forms = {"fr": (("one", "palmier"), ("other", "palmiers")), "ar": (("few", "نخلات"), ("other", "نخلة"))}
    assert plain(phrase_of(Amount((number,), unit=Unit("", language, forms=forms[language])), language).text) == said


@pytest.mark.parametrize(
    ("number", "unit", "said"),
    [
        (1, "points", "1 نقاط"), (5, "dollar", "5 دولارات"), (12, "dollar", "12 دولارا"), (100, "dollar", "100 دولار"),
        (50_000, "jobs", "50.000 منصب شغل"), (87, "rank", "المرتبة 87"), (13, "percent", "13 في المائة"),
    ],
)  # fmt: skip
def test_arabic_counts_by_its_own_rules(number: int, unit: str, said: str) -> None:
    if number == 1:
        said = "1 نقطة"
    assert measure(Decimal(number), Unit("", "ar", unit), "ar") == said


def test_french_puts_of_between_a_million_and_what_it_counts() -> None:
    assert plain(measure(Decimal(2_000_000), Unit("", "fr", "jobs"), "fr")) == "2 millions d'emplois"
    assert (
        plain(measure(Decimal(1_500_000), Unit("", "fr", "moroccan-dirham"), "fr"))
        == "1,5 million de dirhams marocains"
    )
    assert plain(measure(Decimal(3000), Unit("", "fr", "jobs"), "fr")) == "3 000 emplois"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", ["1234567.891", "1000000.0001", "0.1", "-12000000", "12345678901234567890.1234"])
def test_nothing_is_rounded(text: str, language: str) -> None:
    separators = {"en": (",", "."), "fr": ("\u202f", ","), "ar": (".", ",")}[language]
    written = digits(Decimal(text), language).replace("\u200e", "")
    assert written.replace(separators[0], "").replace(separators[1], ".") == text
    said = say(Decimal(text), language)
    assert said.is_power == (text == "-12000000" or (said.text != digits(Decimal(text), language)))
    assert all(ord(sign) < 0x660 or ord(sign) > 0x669 for sign in said.text), "Latin digits"


@pytest.mark.parametrize(
    ("edtf", "english", "french", "arabic"),
    [
        ("2026-01-12", "January 12, 2026", "12 janvier 2026", "12 يناير 2026"),
        ("2025-09", "September 2025", "septembre 2025", "سبتمبر 2025"),
        ("2030", "2030", "2030", "2030"),
        ("0995", "995", "995", "995"),
        ("-0043", "44 BC", "44 av. J.-C.", "44 قبل الميلاد"),
        ("2026~", "about 2026", "vers 2026", "نحو 2026"),
        ("2026-01?", "January 2026, uncertain", "janvier 2026, incertain", "يناير 2026، غير مؤكد"),
        ("202X", "a year from 2020 to 2029", "une année de 2020 à 2029", "سنة بين 2020 و2029"),
        ("20XX", "a year from 2000 to 2099", "une année de 2000 à 2099", "سنة بين 2000 و2099"),
        ("2024/2026", "from 2024 to 2026", "de 2024 à 2026", "من 2024 إلى 2026"),
        ("2025-07-01/..", "since July 1, 2025", "depuis 1 juillet 2025", "منذ 1 يوليوز 2025"),
        ("2024/", "from 2024 to an unknown end", "de 2024 à une fin inconnue", "من 2024 إلى نهاية غير معروفة"),
    ],
)
def test_dates_in_words(edtf: str, english: str, french: str, arabic: str) -> None:
    assert is_edtf(edtf)
    assert date_in_words(edtf, "en") == english
    assert date_in_words(edtf, "fr") == french
    assert date_in_words(edtf, "ar") in {arabic, arabic.replace("سبتمبر", "شتنبر"), arabic.replace("يوليوز", "يوليو")}


@pytest.mark.parametrize("text", ["", "soon", "2026-13", "2026-02-30", "2026-21", "/", "../..", "Y17E7", "2026-1"])
def test_what_is_no_date_in_use_has_no_words(text: str) -> None:
    assert date_in_words(text, "en") is None


def test_literals_by_their_datatypes() -> None:
    def said(value: str, datatype: str) -> str | None:
        return worded(Term("literal", value, datatype=expand(datatype)), "yes", "no", "en")

    assert said("10800000000", "xsd:decimal") == "10,800,000,000"
    assert (said("true", "xsd:boolean"), said("0", "xsd:boolean"), said("maybe", "xsd:boolean")) == ("yes", "no", None)
    assert said("2030", "xsd:integer") is None, "it may be a year"
    assert said("9" * 100, "xsd:integer") is None
    assert said("123456789012345678901234567890", "xsd:decimal") is None
    assert said("1e-40", "xsd:double") is None
    assert said("1e59", "xsd:double") is None
    assert said("INF", "xsd:double") is None
    assert said("10 8", "xsd:string") is None
    assert said("2026-01-12", "xsd:date") == "January 12, 2026"


def test_the_units_of_the_catalogues_are_those_of_the_schemes(root: Path) -> None:
    files = ("ontology/core/schemes.ttl", "vocabulary/morocco.ttl")
    scheme = "".join((root / name).read_text(encoding="utf-8") for name in files)
    units = set(re.findall(r"^unit:([\w-]+) a skos:Concept", scheme, re.MULTILINE))
    said = {context.partition(".")[2] for context in shipped()["en"].counted if context.startswith("units.")}
    assert said == units
