"""Sentences of the three languages, filled with what a result is about."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from kg.errors import UsageError
from kg.shacl.report.reason import Reason
from kg.shacl.report.shown import one_line, short, spoken
from kg.shacl.report.words.arabic import ARABIC
from kg.shacl.report.words.english import ENGLISH
from kg.shacl.report.words.french import FRENCH
from kg.shacl.report.words.language import Language, Sentence
from kg.terms import PREFIXES

LANGUAGES: Final[Mapping[str, Language]] = MappingProxyType({found.code: found for found in (ARABIC, FRENCH, ENGLISH)})
SH: Final = PREFIXES["sh"]
_MOST: Final = 10
"""How many members of a list a sentence names."""
_LEFT_TO_RIGHT: Final = "\u2066{}\u2069"
"""A pattern is read from left to right, though it may hold no letter that says so."""
_ISOLATED: Final = "\u2068{}\u2069"
"""First strong isolate (Unicode, annex 9, section 2.1.2): a name in Latin letters turns nothing around it."""


def language_of(code: str) -> Language:
    """The words of a language by its code.

    :raises UsageError: if there are none
    """
    found = LANGUAGES.get(code)
    if found is None:
        raise UsageError(f"no reports in the language {code!r}", hint=f"there are {', '.join(LANGUAGES)}")
    return found


def word(language: Language, key: str, number: int = 0, **more: str) -> str:
    """One of the words around results.

    >>> word(ENGLISH, "results", 2), word(FRENCH, "warning")
    ('does not conform: 2 results', 'avertissement')
    """
    return _chosen(language, language.report[key], number).format(number=number, **more)


def sentence(language: Language, component: str, reason: Reason | None, path: str | None) -> str:
    """What is said of a result where its shape has no message of its own.

    >>> said = Reason("MinCount", number=2, count=1)
    >>> for found in (ENGLISH, FRENCH):
    ...     print(sentence(found, SH + "MinCountConstraintComponent", said, "https://schema.org/name"))
    fewer than 2 values of schema:name (it has 1)
    moins de 2 valeurs de schema:name (il y en a 1)
    """
    apart: Callable[[str], str] = _ISOLATED.format if language.is_rtl else str
    if reason is None or reason.key not in language.sentences:
        local = component.removeprefix(SH).removesuffix("ConstraintComponent")
        return language.general.get(local) or language.other.format(component=apart(short(component)))
    return _Filler(language, apart, reason, path, component).fill()


class _Filler:
    """The values of the places of one sentence, made when they are asked for."""

    def __init__(
        self, language: Language, apart: Callable[[str], str], reason: Reason, path: str | None, component: str
    ) -> None:
        self._language, self._apart, self._reason = language, apart, reason
        self._path, self._component = path, component

    def fill(self) -> str:
        language, reason = self._language, self._reason
        template = _chosen(language, language.sentences[reason.key], reason.number or 0)
        places = {name: make() for name, make in self._places() if f"{{{name}}}" in template}
        return template.format(*map(self._term, reason.terms[:2]), **places)

    def _places(self) -> Sequence[tuple[str, Callable[[], str]]]:
        language, reason = self._language, self._reason
        return (
            ("subject", self._subject),
            ("path", lambda: self._apart(short(self._path or ""))),
            ("number", lambda: str(reason.number)),
            ("count", lambda: str(reason.count)),
            ("has", lambda: language.has[reason.count != 0].format(count=reason.count)),
            ("all", lambda: self._listed([self._term(term) for term in reason.terms])),
            ("or_all", lambda: language.either.join(map(self._term, reason.terms))),
            ("or_others", lambda: language.either.join(map(self._term, reason.terms[1:]))),
            ("others", lambda: self._listed([self._term(term) for term in reason.terms[1:]])),
            ("plain", lambda: self._listed([self._apart(term) for term in reason.terms])),
            ("shapes", lambda: self._listed(self._shapes())),
            ("neither", lambda: language.neither.join(self._term(term) for term in reason.terms[1:])),
            ("raw", lambda: self._pattern(one_line(reason.terms[0])).join(language.quotes)),
            ("flags", lambda: self._apart(reason.terms[1])),
            ("component", lambda: self._apart(short(self._component))),
            ("given", self._given),
        )

    def _subject(self) -> str:
        path, language = self._path, self._language
        return language.node if path is None else language.subject.format(path=self._apart(short(path)))

    def _pattern(self, text: str) -> str:
        return _LEFT_TO_RIGHT.format(text) if self._language.is_rtl else text

    def _term(self, term: str) -> str:
        kind = self._language.kinds.get(term)
        return kind or self._apart(spoken(term))

    def _listed(self, items: Sequence[str]) -> str:
        shown = self._language.comma.join(items[:_MOST])
        return shown if len(items) <= _MOST else self._language.more.format(list=shown, number=len(items))

    def _shapes(self) -> list[str]:
        terms, language = self._reason.terms, self._language
        unnamed = language.unnamed if len(terms) == 1 else language.unnamed_one
        return [unnamed if term.startswith("_:") else self._term(term) for term in terms]

    def _given(self) -> str:
        names, values = self._reason.terms[::2], self._reason.terms[1::2]
        return self._listed([self._apart(f"{n}: {spoken(v)}") for n, v in zip(names, values, strict=True)])


def _chosen(language: Language, found: Sentence, number: int) -> str:
    return found if isinstance(found, str) else found[number not in language.ones]
