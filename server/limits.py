"""The limits that a client meets, as the service description tells them: how much, of what, and what happens then."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from server.settings import Settings

HEAD_BYTES: Final = 1 << 17
"""Size of the request line and the headers of one request; a URL of 66 kB is in use among clients."""

_SECOND: Final = "SEC"
_BYTE: Final = "AD"
_ONE: Final = "C62"


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit; texts are in English, French and Arabic."""

    name: str
    """What it is called here; the settings, the parameters or the codes of errors have this word too."""
    value: float
    unit: str
    """Its code in UN/CEFACT Recommendation 20."""
    label: tuple[str, str, str]
    effect: tuple[str, str, str]


_TEXTS: Final[Mapping[str, tuple[tuple[str, str, str], tuple[str, str, str]]]] = MappingProxyType({
    "deadline": (
        ("wall time of a query", "durée d'une requête", "زمن الاستعلام"),
        (
            "Then the query ends with status 503 (deadline). timeout=SECONDS may only lower it.",
            "Ensuite la requête se termine par le statut 503 (deadline). timeout=SECONDES ne peut que l'abaisser.",
            "بعده ينتهي الاستعلام بالحالة 503 (deadline). والوسيط timeout=SECONDS يخفضه ولا يرفعه.",
        ),
    ),
    "memory": (
        ("memory of a query", "mémoire d'une requête", "ذاكرة الاستعلام"),
        (
            "Address space of the engine's process. A query that needs more ends with status 500 (engine-failed).",
            "Espace d'adressage du processus. Une requête qui en veut plus se termine par 500 (engine-failed).",
            "مساحة العنونة لعملية المحرك. استعلام يحتاج أكثر ينتهي بالحالة 500 (engine-failed).",
        ),
    ),
    "answer": (
        ("size of an answer", "taille d'une réponse", "حجم الجواب"),
        (
            "As it is sent. More ends with status 503 (answer-too-large), or is broken off; nothing is cut silently.",
            "Telle qu'envoyée. Au-delà : 503 (answer-too-large), ou rupture ; rien n'est tronqué en silence.",
            "كما يُرسل. وما زاد ينتهي بالحالة 503 (answer-too-large) أو يُقطع الاتصال، ولا يُبتر جواب بصمت.",
        ),
    ),
    "queue": (
        ("queries that wait", "requêtes en attente", "الاستعلامات المنتظرة"),
        (
            "One more is answered with status 503 (busy) and Retry-After.",
            "Une de plus reçoit le statut 503 (busy) et Retry-After.",
            "ما زاد عليها يُجاب بالحالة 503 (busy) مع Retry-After.",
        ),
    ),
    "body": (
        ("size of the body of a request", "taille du corps d'une requête HTTP", "حجم متن الطلب"),
        ("More is answered with status 413.", "Au-delà : statut 413.", "ما زاد يُجاب بالحالة 413."),
    ),
    "head": (
        ("size of the head of a request", "taille de l'en-tête d'une requête HTTP", "حجم رأس الطلب"),
        (
            "Request line and headers; more is answered with status 431.",
            "Ligne de requête et en-têtes ; au-delà : statut 431.",
            "سطر الطلب والترويسات، وما زاد يُجاب بالحالة 431.",
        ),
    ),
    "quota": (
        ("engine time of a client in a minute", "temps moteur d'un client par minute", "زمن المحرك للعميل في الدقيقة"),
        (
            "Twice as much at once. A client beyond it is answered with status 429 (quota) and Retry-After.",
            "Le double d'un coup. Au-delà, un client reçoit le statut 429 (quota) et Retry-After.",
            "وضعفه دفعة واحدة. ومن تجاوزه يُجاب بالحالة 429 (quota) مع Retry-After.",
        ),
    ),
    "service-time": (
        ("time of the requests of SERVICE", "durée des requêtes de SERVICE", "زمن طلبات SERVICE"),
        (
            "All requests of one query to other endpoints; then it ends with status 503 (deadline).",
            "Toutes les requêtes d'une question vers d'autres points d'accès ; ensuite : statut 503 (deadline).",
            "جميع طلبات الاستعلام الواحد إلى نقاط أخرى، وبعده ينتهي بالحالة 503 (deadline).",
        ),
    ),
    "service-requests": (
        ("requests of SERVICE", "requêtes de SERVICE", "طلبات SERVICE"),
        (
            "Requests to other endpoints that one query may cause; one that needs more ends with status 503.",
            "Requêtes vers d'autres points d'accès qu'une question peut causer ; au-delà : statut 503.",
            "الطلبات التي قد يسببها استعلام واحد إلى نقاط أخرى، وما احتاج أكثر ينتهي بالحالة 503.",
        ),
    ),
})  # fmt: skip


def limits_of(settings: Settings, *, fronted: bool) -> tuple[Limit, ...]:
    """The limits that hold with these settings; `fronted` if the front stands before the pages.

    >>> from pathlib import Path
    >>> [limit.value for limit in limits_of(Settings(Path("releases")), fronted=False)][:2]
    [10.0, 1073741824]
    """
    values = (*_everywhere(settings), *(_in_front(settings) if fronted else ()))
    return tuple(Limit(name, value, unit, *_TEXTS[name]) for name, value, unit in values)


def _everywhere(settings: Settings) -> Iterator[tuple[str, float, str]]:
    yield "deadline", settings.deadline, _SECOND
    yield "memory", settings.memory_bytes, _BYTE
    yield "answer", settings.answer_bytes, _BYTE
    yield "queue", settings.queue, _ONE
    yield "body", settings.body_bytes, _BYTE


def _in_front(settings: Settings) -> Iterator[tuple[str, float, str]]:
    yield "head", HEAD_BYTES, _BYTE
    if settings.client_seconds:
        yield "quota", settings.client_seconds, _SECOND
    if settings.federation.endpoints:
        yield "service-time", settings.federation.seconds, _SECOND
        yield "service-requests", settings.federation.requests, _ONE
