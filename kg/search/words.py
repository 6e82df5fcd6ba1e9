"""Texts in the words that they are found by: folded, without what Arabic and French write onto a word, and stems.

A word is found by its own form and by its stem. Forms are those of `kg.folding`; of an Arabic word the article goes,
with the conjunction and the preposition that are written onto it; of a French or an English one, what an apostrophe
joins to it. Stems are those of Snowball, in Arabic, French and English: they bring plurals and genders together that
are made by endings. What is made otherwise, as most plurals of Arabic are, is found by patterns (`kg.search.kin`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

import regex
import snowballstemmer

from kg.folding import fold, without_article
from kg.search.kin import others, singulars, without_s

VERSION: Final = 3
"""Of the words that a text is given: an index that was made by another one is stale."""
_WORDS: Final = regex.compile(r"[\p{L}\p{N}\p{M}\p{Cf}]+")
_ELIDED: Final = re.compile(r"\b(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quelqu)['\u2019\u02bc](?=[^\W\d_])", re.IGNORECASE)
_POSSESSIVE: Final = re.compile(r"(?<=[^\W\d_])['\u2019\u02bc]s?\b", re.IGNORECASE)
_CLITICS: Final = re.compile("[وف]?(?:[بك]?ال|لل)")
"""What stands before a noun in the same word: and, in, like, the; `لل` is for the."""
_ARABIC_MARKS: Final = dict.fromkeys((*range(0x610, 0x61B), *range(0x64B, 0x660), 0x640, 0x670))
_LEAST: Final = 3
"""Letters that remain when clitics go."""
_ARABIC: Final = re.compile("[\u0600-\u06ff]")
_LATIN: Final = re.compile("[a-z]")
STEMMED: Final = ("ar", "fr", "en")
"""The languages whose words have stems here."""
_BY_LANGUAGE: Final = {"fr": ("fr",), "en": ("en",), "ar": ()}
SMALL: Final = frozenset(
    (
        *("a", "an", "and", "as", "at", "by", "for", "from", "in", "is", "of", "on", "or", "the", "to", "with"),
        *("au", "aux", "avec", "d", "dans", "de", "des", "du", "en", "est", "et", "l", "la", "le", "les", "ou", "par"),
        *("pour", "sur", "un", "une", "في", "من", "علي", "الي", "عن", "مع", "او", "ان", "هذا", "هذه"),
    )
)
"""Folded words that a question may leave out: most texts have them."""
_VOWELS: Final = re.compile("[aeiouyاوي]")
_DOUBLED: Final = re.compile(r"(.)\1+")
_NAMES: Final = {"ar": "arabic", "fr": "french", "en": "english"}


class Word(NamedTuple):
    """One word of a text."""

    form: str
    """Its folded form, without clitics."""
    stems: tuple[str, ...] = ()
    """Its folded stems, those only that differ from the form; a word of an unknown language may have several."""


def words_of(text: str, language: str = "") -> Iterator[Word]:
    """The words of a text in their order; `language` is its tag, and empty where nobody states it.

    >>> [word.form for word in words_of("L'École et la Jazari's ROOT")]
    ['ecole', 'et', 'la', 'jazari', 'root']
    >>> [word.form for word in words_of("وللجامعةِ، والجامعة ٢٠٣٠")]
    ['جامعه', 'جامعه', '2030']
    >>> list(words_of("ministries", "en"))
    [Word(form='ministries', stems=('ministri',))]
    """
    spoken = language.lower().split("-", 1)[0]
    for raw in _raw(text):
        if raw.isascii() and raw[-1].isdigit():
            # A number or a name like `q42`: no stemmer of Latin letters takes an ending from one. Each stands in few
            # texts, so they would only drive the others out of what is remembered.
            yield Word(raw.lower())
        else:
            yield from _words(raw, spoken)


def _raw(text: str) -> list[str]:
    if "'" in text or "\u2019" in text or "\u02bc" in text:
        text = _POSSESSIVE.sub(" ", _ELIDED.sub(" ", text))
    found: list[str] = _WORDS.findall(text)
    return found


def pieces(text: str) -> Iterator[tuple[int, int]]:
    """Where the words of a text begin and end, as they are written, what an apostrophe joins to them apart.

    >>> list(pieces("l'eau, vite"))
    [(0, 1), (2, 5), (7, 11)]
    """
    return ((found.start(), found.end()) for found in _WORDS.finditer(text))


def skeleton(form: str) -> str:
    """The consonants of a folded word, each once where it stands twice: equal for spellings of one name.

    >>> skeleton("جازاري") == skeleton("جزري"), skeleton("jazary") == skeleton("jazzari")
    (True, True)
    """
    return _DOUBLED.sub(r"\1", _VOWELS.sub("", form))


@lru_cache(1 << 16)
def _words(raw: str, language: str) -> tuple[Word, ...]:
    forms = [word for word in fold(raw).split(" ") if any(map(str.isalnum, word))]
    if len(forms) != 1:
        return tuple(Word(bare(form)) for form in forms)
    form = bare(forms[0])
    stems = dict.fromkeys(without_article(fold(stem)) for stem in _stems(raw, forms[0], language))
    return (Word(form, tuple(stem for stem in stems if stem and stem != form)),)


@lru_cache(1 << 14)
def bare(form: str) -> str:
    """A folded word without the Arabic clitics that an article shows to be some, as long as three letters remain.

    >>> bare("للجامعه"), bare("وبالرباط"), bare("والي"), bare("وزاره")
    ('جامعه', 'رباط', 'والي', 'وزاره')
    """
    found = _CLITICS.match(form)
    if found is not None and len(form) - found.end() >= _LEAST:
        return without_article(form[found.end() :])
    return without_article(form)


def _stems(raw: str, form: str, language: str) -> Iterator[str]:
    if _ARABIC.search(form):
        written = _in_arabic(raw)
        yield _stem("ar", written)
        yield from singulars(written.removeprefix("ال"))
    elif _LATIN.search(form):
        written = unicodedata.normalize("NFC", raw).lower()
        for tongue in _BY_LANGUAGE.get(language) or ("fr", "en"):
            yield _stem(tongue, written)
            yield from (_stem(tongue, other) for other in others(written, tongue))
            if tongue == "fr":
                yield from without_s(written)


def _in_arabic(raw: str) -> str:
    """A word as its stemmer wants it: without marks, and with the article alone, by which it knows a noun."""
    plain = unicodedata.normalize("NFKC", raw).translate(_ARABIC_MARKS)
    found = _CLITICS.match(plain.translate(_HAMZAS))
    rest = plain[found.end() :] if found is not None and len(plain) - found.end() >= _LEAST else plain
    return f"ال{rest}" if len(rest) >= _LEAST else rest


_HAMZAS: Final = str.maketrans("أإآٱ", "اااا")


def _stem(tongue: str, written: str) -> str:
    return str(_stemmer(tongue).stemWord(written))


@lru_cache(len(STEMMED))
def _stemmer(tongue: str) -> snowballstemmer.stemmer:
    return snowballstemmer.stemmer(_NAMES[tongue])
