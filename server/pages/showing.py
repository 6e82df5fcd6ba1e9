"""How any text reaches a page: overrides of direction as marks that a reader sees, what is too long cut with a word.

All that templates give out passes here (`finalize` of Jinja), but for what is exact: addresses, and fields of forms.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from markupsafe import Markup, escape

from server.lookup import Label
from server.pages import language as languages
from server.pages.phrases.names import Name

LONGEST: Final = 2_000
"""Characters of a text that a page shows."""
NAME: Final = 300
"""Characters of what a thing is called."""
_OVERRIDE: Final = re.compile("[\u202d\u202e]")
"""LRO and RLO, after which letters run against their own direction (Unicode, UAX 9, section 2.2). Embeddings and
isolates only set letters apart; what contains a text closes them."""


def shown(value: object) -> object:
    """What a template gives out, as readers see it; what is markup already, or no text, stays.

    >>> shown("abc\\u202e3202 ni")
    'abc[U+202E]3202 ni'
    """
    if type(value) is not str:
        return value
    text = cut(value, LONGEST, _language()) if len(value) > LONGEST else value
    return _OVERRIDE.sub(_mark, text) if _OVERRIDE.search(text) else text


def _mark(found: re.Match[str]) -> str:
    return f"[U+{ord(found[0]):04X}]"


def _language() -> str:
    # Names are cut here too, and what reads them is used where no web framework is loaded.
    from flask import has_request_context, request

    if not has_request_context():
        return languages.DEFAULT
    return languages.choose(request.args.get("lang"), request.headers.get("Accept-Language"))


def cut(text: str, most: int, language: str) -> str:
    """A text of `most` characters, with a word about the rest of it; a shorter one stays.

    >>> cut("a" * 100_000, 5, "en")
    'aaaaa… (100000 characters in all)'
    """
    return text if len(text) <= most else text[:most] + languages.words(language)["cut_text"].format(number=len(text))


def named(label: Label, language: str) -> Label:
    """What a thing is called, no longer than a name may be; `language` is that of the page.

    >>> named(Label("a" * 100_000), "en").text[NAME:]
    '… (100000 characters in all)'
    """
    if not isinstance(label, Name):
        return label if len(label.text) <= NAME else Label(cut(label.text, NAME, language), label.language)
    if max(len(text.text) for text in (label, *label.notes)) <= NAME:
        return label
    notes = tuple(Label(cut(note.text, NAME, language), note.language) for note in label.notes)
    return replace(label, text=cut(label.text, NAME, language), notes=notes)


def exact(address: Callable[..., str]) -> Callable[..., Markup]:
    """A function whose texts a template gives out letter for letter."""
    return lambda *given, **options: escape(address(*given, **options))


def as_given(text: Any) -> Markup:
    """The filter `as_given`: a text that a form sends back as it came."""
    return escape(str(text))
