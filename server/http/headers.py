"""The headers that every answer carries."""

from __future__ import annotations

from typing import Final

EVERY: Final = (
    ("Access-Control-Allow-Origin", "*"),
    (
        "Access-Control-Expose-Headers",
        "Content-Type, Dataset-View, ETag, Federation-Receipt, Link, Query-Warnings, Retry-After, Sparql-Prefixes",
    ),
    ("Content-Security-Policy", "default-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
)
DATA: Final = (*EVERY[:3], EVERY[4])
"""The same for what is no page and links nowhere."""
PREFLIGHT: Final = (
    ("Access-Control-Allow-Methods", "GET, HEAD, POST, OPTIONS"),
    ("Access-Control-Allow-Headers", "Accept, Accept-Language, Content-Type, Authorization, If-None-Match"),
    ("Access-Control-Max-Age", "86400"),
)
REVALIDATED: Final = "public, no-cache"
"""For what a new release changes: to be kept, and asked about each time (RFC 9111, section 5.2.2.4)."""
FOR_EVER: Final = "public, max-age=31536000, immutable"
"""For an address that names the bytes (RFC 8246)."""
NOT_KEPT: Final = "no-store"
RECEIPT: Final = "Federation-Receipt"
"""What a query has cost elsewhere, endpoint by endpoint (a list of RFC 8941)."""
PREFIXES: Final = "Sparql-Prefixes"
"""The prefixes that were declared for a query which lacked them (a list of RFC 8941)."""
VIEW: Final = "Dataset-View"
"""Over which view of the release an answer was given (an item of RFC 8941)."""
PASSED_ON: Final = (
    "Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Port",
    "X-Forwarded-Server", "X-Real-IP", "X-Client-IP", "True-Client-IP", "CF-Connecting-IP",
)  # fmt: skip
"""What proxies add to a request: one that has any of these was not sent by its peer."""
ANSWER_VARIES: Final = "Accept, Accept-Encoding"


def encoded(headers: tuple[tuple[str, str], ...]) -> tuple[tuple[bytes, bytes], ...]:
    """Headers as ASGI has them.

    >>> encoded((("Vary", "Accept"),))
    ((b'vary', b'Accept'),)
    """
    return tuple((name.lower().encode("ascii"), value.encode("latin-1")) for name, value in headers)
