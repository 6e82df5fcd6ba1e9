"""Functions that write a text otherwise: hashes, addresses, escapes."""

from __future__ import annotations

import csv
import hashlib
import html
import io
import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import quote, unquote

from kg.errors import nearest
from kg.rml.mapping.functions import Refused

_NOT_IN_SLUG: Final = re.compile(r"[^\w]+|_+")
_SCHEME: Final = re.compile("https?://", re.IGNORECASE)


def md5(text: str) -> str:
    """The MD5 of the text in UTF-8, as 32 hexadecimal digits: for names, not for secrets."""
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def sha1(text: str) -> str:
    """The SHA-1 of the text in UTF-8, as 40 hexadecimal digits: for names, not for secrets."""
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()


def sha256(text: str) -> str:
    """The SHA-256 of the text in UTF-8, as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def slug(text: str) -> str:
    """Small letters and digits of any script, without accents and vowels of Arabic, with hyphens between words."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    kept = "".join(c for c in plain if unicodedata.category(c) not in {"Mn", "Me", "Cf"} and c != "\u0640")
    return _NOT_IN_SLUG.sub("-", unicodedata.normalize("NFC", kept)).strip("-")


def url_encode(text: str) -> str:
    """The text with all but letters, digits and `-._~` of ASCII as `%XX` (RFC 3986, section 2.1)."""
    return quote(text.encode(), safe="")


def url_decode(text: str) -> str:
    """The text with every `%XX` as the character that it stands for."""
    return unquote(text)


def to_upper_case_url(text: str) -> str:
    """An address in capitals, with `http://` before it if it has no scheme."""
    return text.upper() if _SCHEME.match(text) else f"http://{text.upper()}"


def escape(text: str, mode: str = "html") -> str:
    """The text as a format writes it: `html`, `xml`, `csv`, `url` or `javascript`."""
    if mode not in _MODES:
        raise Refused(f"there is no mode '{mode}'", nearest(mode, _MODES) or f"known: {', '.join(_MODES)}")
    return _MODES[mode](text)


def _csv(text: str) -> str:
    cell = io.StringIO()
    csv.writer(cell, lineterminator="").writerow([text])
    return cell.getvalue()


_MODES: Final[Mapping[str, Callable[[str], str]]] = MappingProxyType(
    {
        "html": html.escape,
        "xml": html.escape,
        "csv": _csv,
        "url": url_encode,
        "javascript": lambda text: json.dumps(text)[1:-1],
    }
)


def check(given: Mapping[str, Any]) -> None:
    """A mode is known.

    :raises Refused: if it is not
    """
    if "mode" in given:
        escape("", given["mode"])
