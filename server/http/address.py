"""The address under which a client reaches the server: the operator's word, or that of a request from the same machine.

What descriptions of the server say of it is read by others later: a `Host` is what the client wrote there, so it is
believed only where it can name nothing but the client's own machine.
"""

from __future__ import annotations

import re
from typing import Final

_BYTE: Final = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
_LOOPBACK: Final = re.compile(
    rf"(?:localhost|127(?:\.{_BYTE}){{3}}|\[::1\])(?::(?P<port>[1-9]\d{{0,4}}))?", re.ASCII | re.IGNORECASE
)
_LAST_PORT: Final = 0xFFFF


def loopback(host: str) -> str | None:
    """A `Host` header in small letters, if it names this machine by a loopback address and nothing else; else None.

    Only the plain spellings count (RFC 9110, section 7.2, with the addresses of RFC 1122, section 3.2.1.3, and
    RFC 4291, section 2.5.3): what has to be interpreted may be interpreted otherwise by somebody else.

    >>> loopback("LocalHost:8000"), loopback("127.0.0.1"), loopback("[::1]:80")
    ('localhost:8000', '127.0.0.1', '[::1]:80')
    >>> [loopback(host) for host in ("127.0.0.1.evil.example", "localhost@evil", "2130706433", "localhost.", "")]
    [None, None, None, None, None]
    """
    found = _LOOPBACK.fullmatch(host)
    if found is None or (found["port"] and int(found["port"]) > _LAST_PORT):
        return None
    return host.lower()


def root_of(public_url: str, host: str, base: str, *, secure: bool = False) -> str:
    """Where clients find the site, ending in `/`.

    `public_url` is what the operator says; without it, it is what `host` says of a loopback address (with https if
    `secure`), and for any other the `base` of the data, whose IRIs are to lead to the site.

    >>> base = "https://w3id.org/zellige/"
    >>> root_of("https://data.example", "127.0.0.1:8000", base), root_of("", "127.0.0.1:8000", base)
    ('https://data.example/', 'http://127.0.0.1:8000/')
    >>> root_of("", "evil.example", base)
    'https://w3id.org/zellige/'
    """
    if public_url:
        return public_url.rstrip("/") + "/"
    local = loopback(host)
    if local is None:
        return base
    return f"{'https' if secure else 'http'}://{local}/"
