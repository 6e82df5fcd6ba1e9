"""Licences by the names that people know, where an address is one of the usual ones."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import Final

_CREATIVE_COMMONS: Final = re.compile(
    r"https?://(?:www\.)?creativecommons\.org/(?:licenses/(by[a-z-]*)|publicdomain/(zero|mark))/([0-9]\.[0-9])"
    r"(?:/[a-z]{2,3})?(?:/(?:deed|legalcode)(?:\.[a-z-]+)?)?/?"
)
_SPDX: Final = re.compile(r"https?://spdx\.org/licenses/([A-Za-z0-9.+-]+?)(?:\.html|\.json)?")
_PUBLIC: Final = MappingProxyType({"zero": "CC0", "mark": "Public Domain Mark"})
_OTHERS: Final = MappingProxyType(
    {
        "opendatacommons.org/licenses/by/1-0": "ODC-By 1.0",
        "opendatacommons.org/licenses/odbl/1-0": "ODbL 1.0",
        "opendatacommons.org/licenses/pddl/1-0": "PDDL 1.0",
        "www.apache.org/licenses/LICENSE-2.0": "Apache-2.0",
        "www.etalab.gouv.fr/licence-ouverte-open-licence": "Licence Ouverte / Open Licence",
        "www.nationalarchives.gov.uk/doc/open-government-licence/version/3": "OGL 3.0",
    }
)
"""Without scheme and last slash."""


def licence_name(address: str) -> str:
    """The short name of a licence by its address; empty where it is none of the usual ones.

    >>> licence_name("https://creativecommons.org/licenses/by-sa/4.0/deed.fr")
    'CC BY-SA 4.0'
    >>> licence_name("http://creativecommons.org/publicdomain/zero/1.0/"), licence_name("https://example.org/ours")
    ('CC0 1.0', '')
    """
    if (found := _CREATIVE_COMMONS.fullmatch(address)) is not None:
        kind = _PUBLIC[found[2]] if found[2] else f"CC {found[1].upper()}"
        return f"{kind} {found[3]}"
    if (named := _SPDX.fullmatch(address)) is not None:
        return named[1]
    return _OTHERS.get(address.partition("://")[2].removesuffix("/"), "")
