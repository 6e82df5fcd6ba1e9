"""What each function that comes with the mapper gives, and what it refuses."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.rml.functions.registry import BUILT_IN
from kg.rml.functions.tables import TableFile
from kg.rml.mapping.functions import FN, GREL, Kind, Refused, compress
from kg.rml.mapping.values import Typed

TABLE = TableFile("t.tsv", Path("t.tsv"), "digest", "code\tlabel\n1\tun\n2\t\n1\tautre\n")
GIVES = [
    ("toUpperCase", ("école",), "ÉCOLE"),
    ("toLowerCase", ("ÉCOLE",), "école"),
    ("toTitleCase", ("l'ÉCOLE  normale",), "L'école  Normale"),
    ("trim", ("\u00a0\u200f a b \t",), "a b"),
    ("normalizeSpace", (" a \n b\u00a0c",), "a b c"),
    ("replace", ("a.b.c", ".", "--"), "a--b--c"),
    ("regexReplace", ("2024-12", r"(\d+)-(\d+)", r"\2/$1"), "12/2024"),
    ("regexReplace", ("prix", "[ix]", "é$$"), "pré$é$"),
    ("regexReplace", ("سنة ٢٠٢٤", r"\p{Nd}+", "…"), "سنة …"),
    ("regexReplace", ("abc", "x*", "-"), "-a-b-c-"),
    ("regexExtract", ("Loi n° 09-08 du", r"n° (\S+)"), "09-08"),
    ("regexExtract", ("Loi", r"\d"), None),
    ("regexGroups", ("Loi n° 09-08", r"\D*(\d+)-(\d+)(x)?"), ["09", "08"]),
    ("regexGroups", ("Loi n° 09-08", r"/(\w+).*/"), ["Loi"]),
    ("regexGroups", ("Loi n° 09-08", r"(\d+)"), []),
    ("regexGroups", ("a/b", r"(a/b)"), ["a/b"]),
    ("regexGroups", ("a" * 5000 + "!", "^(a+)+$"), []),
    ("regexSplit", ("a, b;c;;", "[,;]"), ["a", "b", "c"]),
    ("matches", ("ICE 001", r"^ICE \d+$"), True),
    ("matches", ("a" * 5000 + "!", "^(a+)+$"), False),
    ("split", ("a; b;;c ", ";"), ["a", "b", "c"]),
    ("splitAsItIs", ("a; b;;c ", ";"), ["a", " b", "c "]),
    ("join", (["a", "b"], ", "), "a, b"),
    ("join", ([], ", "), None),
    ("concat", ("a", "b", "-"), "a-b"),
    ("substring", ("Rabat", 1, 3), "ab"),
    ("substring", ("Rabat", -2), "at"),
    ("substring", ("Rabat", 9), None),
    ("length", ("مدينة",), 5),
    ("indexOf", ("Rabat", "b"), 2),
    ("lastIndexOf", ("Rabat", "a"), 3),
    ("chomp", ("12 MW", " MW"), "12"),
    ("difference", ("cacti", "cactus"), "us"),
    ("difference", ("مدينة", "مدينة"), None),
    ("difference", ("", "all"), "all"),
    ("get", (["a", "b", "c"], -1), ["c"]),
    ("get", (["a", "b", "c"], 1, 9), ["b", "c"]),
    ("get", (["a"], 1), []),
    ("slice", (["a", "b", "c"], 1), ["b", "c"]),
    ("reverse", (["a", "b"],), ["b", "a"]),
    ("sort", (["ب", "b", "10", "9"],), ["10", "9", "b", "ب"]),
    ("uniques", (["b", "a", "b"],), ["b", "a"]),
    ("count", ([],), 0),
    ("sum", (["1.5", "2"],), Decimal("3.5")),
    ("sum", ([],), None),
    ("abs", (Decimal("-1.5"),), Decimal("1.5")),
    ("toText", ("7",), "7"),
    ("fold", ("الإدارةُ ٢٠٣٠",), "الاداره 2030"),
    ("alwaysReturnsABC", (), "ABC"),
    ("md5", ("é",), "66ddcd97cfdeabb2f6fb8a999b4bc76f"),
    ("sha1", ("abc",), "a9993e364706816aba3e25717850c26c9cd0d89d"),
    ("sha256", ("",), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("slug", ("L'École des Mines (Rabat)",), "l-ecole-des-mines-rabat"),
    ("slug", ("وزارةُ التعليم العالي",), "وزارة-التعليم-العالي"),
    ("urlEncode", ("é/a b",), "%C3%A9%2Fa%20b"),
    ("urlDecode", ("%C3%A9%2Fa%20b",), "é/a b"),
    ("toUpperCaseURL", ("example.org",), "http://EXAMPLE.ORG"),
    ("escape", ('A&"B"', "html"), "A&amp;&quot;B&quot;"),
    ("escape", ('a,"b"', "csv"), '"a,""b"""'),
    ("toDigits", ("١٢٣ ۴۵۶ 7",), "123 456 7"),
    ("toNumber", ("1,234.50", "en"), Decimal("1234.5")),
    ("toNumber", ("1\u202f234\u00a0567,5", "fr"), Decimal("1234567.5")),
    ("toNumber", ("\u200f١٬٢٣٤٫٥", "ar"), Decimal("1234.5")),
    ("toNumber", ("1.234,5", "ar-MA"), Decimal("1234.5")),
    ("toNumber", ("\u221212,5 %", "fr"), Decimal("-0.125")),
    ("toInteger", ("1 234 567", "fr"), 1234567),
    ("toQuantity", ("3,5 milliards de dirhams", "fr"), Decimal(3500000000)),
    ("toQuantity", ("٣ مليار درهم", "ar"), Decimal(3000000000)),
    ("toQuantity", ("2 آلاف", "ar"), Decimal(2000)),
    ("toQuantity", ("1.5 billion", "en"), Decimal(1500000000)),
    ("toQuantity", ("1,5 billion", "fr"), Decimal(1500000000000)),
    ("toQuantity", ("3 m", "fr"), Decimal(3)),
    ("toQuantity", ("12 mille milliards", "fr"), Decimal(12000000000000)),
    ("unit", ("3,5 milliards d'euros", "fr"), "euros"),
    ("unit", ("12,5 MW", "fr"), "MW"),
    ("unit", ("12", "fr"), None),
    ("convert", (Decimal("12.5"), "MW", "kW"), Decimal(12500)),
    ("add", (Decimal(1), Decimal("0.5")), Decimal("1.5")),
    ("multiply", (Decimal(3), Decimal("0.5")), Decimal("1.5")),
    ("divide", (Decimal(3), Decimal(2)), Decimal("1.5")),
    ("round", (Decimal("2.345"), 2), Decimal("2.35")),
    ("floor", (Decimal("-1.5"),), -2),
    ("ceil", (Decimal("1.5"),), 2),
    ("toDate", ("25/12/2024", "dd/MM/yyyy"), ("2024-12-25", "date")),
    ("toDate", ("٢٥/١٢/٢٠٢٤", "%d/%m/%Y"), ("2024-12-25", "date")),
    ("toDate", ("1er août 2023", "d'er' MMMM yyyy", "fr"), ("2023-08-01", "date")),
    ("toDate", ("lundi 3 févr. 2025", "EEEE d MMM yyyy", "fr"), ("2025-02-03", "date")),
    ("toDate", ("9 غشت 2021", "d MMMM yyyy", "ar"), ("2021-08-09", "date")),
    ("toDate", ("9 كانون الثاني 2021", "d MMMM yyyy"), ("2021-01-09", "date")),
    ("toDate", ("2 juin 2024", "dd/MM/yyyy|d MMMM yyyy | yyyy-MM-dd"), ("2024-06-02", "date")),
    ("toDate", ("2024|06|02", "dd/MM/yyyy|yyyy'|'MM'|'dd"), ("2024-06-02", "date")),
    ("toDate", ("12/2024", "MM/yyyy"), ("2024-12", "gYearMonth")),
    ("toDate", ("2024", "yyyy"), ("2024", "gYear")),
    ("toDate", ("02/01/69 7:05", "dd/MM/yy H:mm"), ("1969-01-02T07:05:00", "dateTime")),
    ("normalizeDate", ("25-12-2024", "dd-MM-yyyy"), "2024-12-25"),
    *(("month", (name,), 7) for name in ("يوليوز", "يوليو", "تموز", "جويلية", "juillet", "July")),
    ("month", ("تشرين الثاني", "ar"), 11),
    ("if", (True, "a", "b"), "a"),
    ("if", (None, "a", "b"), "b"),
    ("if", (False, "a"), None),
    ("trueCondition", (True, "a"), "a"),
    ("decide", ("a", "a", "b"), "b"),
    ("coalesce", (None, "", "c"), "c"),
    ("isNull", ("",), True),
    ("isNotNull", (None,), False),
    ("equal", ("a", "a"), True),
    ("notEqual", ("a", "a"), False),
    ("greater", ("10", "9.5"), True),
    ("greater", ("2024-12-25", "2024-12-24"), True),
    ("less", ("10", "9.5"), False),
    ("greaterOrEqual", ("10", "10.0"), True),
    ("lessOrEqual", ("11", "10"), False),
    ("contains", ("Rabat", "aba"), True),
    ("containsItem", ("a;b", "b", ";"), True),
    ("startsWith", ("Rabat", "Ra"), True),
    ("endsWith", ("Rabat", "at"), True),
    ("inList", ("b", ["a", "b"]), True),
    ("and", (True, False), False),
    ("or", (True, False), True),
    ("not", (True,), False),
    ("valid", ("2024-02-30", "date"), False),
    ("valid", ("http://e/é", "IRI"), True),
    *(("toBoolean", (word,), True) for word in ("oui", "Vrai", "نعم", "Yes", "1")),
    *(("toBoolean", (word,), False) for word in ("NON", "لا", "خطأ", "no")),
    ("lookup", ("1", TABLE, "code", "label"), "un"),
    ("lookup", ("2", TABLE, "0", "1", "-"), "-"),
    ("lookup", ("3", TABLE, "code", "label"), None),
]  # fmt: skip
REFUSES = [
    ("toNumber", ("1.234", "fr"), "could be 1234 or 1,234"),
    ("toNumber", ("1,23,4", "en"), "is no number of 'en'"),
    ("toNumber", ("12 km", "fr"), "is no number of 'fr'"),
    ("toNumber", ("1" * 200, "en"), "at most 100 characters"),
    ("toInteger", ("1.5", "en"), "is no whole number"),
    ("toDate", ("31/02/2024", "dd/MM/yyyy"), "no day of the calendar"),
    ("toDate", ("25-12-2024", "dd/MM/yyyy"), "is no date of dd/MM/yyyy"),
    ("toDate", ("x", "dd/MM/yyyy|yyyy|MM/yyyy"), "is no date of dd/MM/yyyy, yyyy or MM/yyyy"),
    ("toDate", ("x", "yyyy|qq"), "of the format 'qq' is not known"),
    ("toDate", ("x", "yyyy|"), "has no year"),
    ("toDate", ("1 aout2 2024", "d MMMM yyyy"), "is no date of"),
    ("toDate", ("1 foo 2024", "d MMMM yyyy"), "'foo' is no month"),
    ("toDate", ("x", "dd/dd/yyyy"), "has its day twice"),
    ("toDate", ("a" * 90 + "2024", "%A%A%A%A%A%A%Y"), "has its weekday twice"),
    ("toBoolean", ("peut-être",), "says neither yes nor no"),
    ("split", ("a," * 20_000, ","), "more than 10,000 parts"),
    ("regexSplit", ("a," * 20_000, ","), "more than 10,000 times"),
    ("replace", ("a" * 5000, "a", "b" * 5000), "more than 1,048,576 characters"),
    ("concat", ("a" * 600_000, "b" * 600_000), "more than 1,048,576 characters"),
    ("join", (["a" * 600_000, "b" * 600_000], ""), "more than 1,048,576 characters"),
    ("greater", ("a", "1"), "'a' is not compared"),
    ("divide", (Decimal(1), Decimal(0)), "divided by zero"),
    ("multiply", (Decimal("1e80"), Decimal("1e80")), "more than 100 digits"),
    ("escape", ("a", "htm"), "there is no mode 'htm'"),
]


def run(name: str, arguments: tuple[object, ...]) -> object:
    function = BUILT_IN.find(FN + name)
    assert function is not None
    made = function.run(*arguments)
    if isinstance(made, date):
        return made.isoformat(), "date"
    return (made.text, made.datatype.rpartition("#")[2]) if isinstance(made, Typed) else made


@pytest.mark.parametrize(("name", "arguments", "expected"), GIVES, ids=[f"{c[0]}{n}" for n, c in enumerate(GIVES)])
def test_what_it_gives(name: str, arguments: tuple[object, ...], expected: object) -> None:
    assert run(name, arguments) == expected


@pytest.mark.parametrize(("name", "arguments", "said"), REFUSES, ids=[f"{c[0]}{n}" for n, c in enumerate(REFUSES)])
def test_what_it_refuses(name: str, arguments: tuple[object, ...], said: str) -> None:
    with pytest.raises(Refused, match=said):
        run(name, arguments)


def test_every_function_has_an_example() -> None:
    assert {name for name, _, _ in GIVES} == {function.name for function in BUILT_IN.all}


def test_names_are_told_apart() -> None:
    """No IRI is that of two functions, nor of two parameters of one function, but that of all tests of GREL's `and`."""
    iris = [iri for function in BUILT_IN.all for iri in (FN + function.name, *function.iris)]
    assert len(iris) == len(set(iris))
    for function in BUILT_IN.all:
        names = [iri for one in function.parameters for iri in (FN + one.name, *one.iris) if iri != REPEATED]
        assert len(names) == len(set(names)), compress(FN + function.name)


REPEATED = GREL + "param_rep_b"
SAMPLES = {
    Kind.TEXT: st.text(max_size=12) | st.sampled_from(["12", "1,5", "٣ مليار", "dd/MM/yyyy", "oui", "(a|b)+", "\\1"]),
    Kind.INTEGER: st.integers(-50, 50),
    Kind.NUMBER: st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9),
    Kind.BOOLEAN: st.booleans(),
    Kind.ANY: st.none() | st.text(max_size=5) | st.integers(),
    Kind.TEXTS: st.lists(st.text(max_size=5), max_size=3),
    Kind.TABLE: st.just(TABLE),
}


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_values_give_a_result_or_are_refused(data: st.DataObject) -> None:
    function = data.draw(st.sampled_from(BUILT_IN.all))
    arguments = [data.draw(SAMPLES[parameter.kind]) for parameter in function.parameters]
    try:
        first = function.run(*arguments)
    except (Refused, ArithmeticError, UnicodeEncodeError):
        return
    assert function.run(*arguments) == first
