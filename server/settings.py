"""What a server is started with: one frozen value, carried to the worker process or to any WSGI server."""

from __future__ import annotations

import dataclasses
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from kg.config import FILLING, PUBLIC_URL_HINT, Federation
from kg.config.addresses import is_public_url
from kg.errors import ConfigError
from kg.sparql.repair import UNBOUND
from kg.terms import is_language
from server.engine.limits import Limits

VARIABLE: Final = "KG_SERVER_SETTINGS"
"""The variable that a WSGI server other than ours finds the settings in, as a JSON object."""
_NUMBERS: Final = (
    "body_bytes", "threads", "workers", "deadline", "memory_bytes", "answer_bytes", "queue", "cache_bytes",
    "client_seconds",
)  # fmt: skip
_TEXTS: Final = ("release", "base", "access_log", "public_url", "fill_prefixes", "locale")


@dataclass(frozen=True, slots=True)
class Settings:
    """Which release is served, and what is accepted."""

    releases: Path
    """The folder that holds the releases and the link `current`."""
    release: str | None = None
    """The id of one release; None follows the link `current`."""
    base: str | None = None
    """The base of the data's IRIs; None takes the one in the release's manifest."""
    public_url: str = ""
    """Where clients reach the server; empty: what a loopback Host says, or the base."""
    title: tuple[tuple[str, str], ...] = ()
    """Title by language; empty takes the manifest's."""
    locale: str = ""
    """The folder of the project's catalogues of words, `TAG/LC_MESSAGES/messages.po`; empty for none."""
    body_bytes: int = 1_000_000
    """Size of the largest request body, in bytes."""
    workers: int = 0
    """Engine processes; 0 means one for each core, and two at least."""
    deadline: float = 10.0
    """Wall time of one query, in seconds; `timeout=` may only lower it."""
    memory_bytes: int = 1 << 30
    """Address space of one engine process, in bytes."""
    threads: int = 4
    """Threads that make pages."""
    answer_bytes: int = 1 << 27
    """Size of the largest answer, in bytes as they are sent."""
    queue: int = 64
    """Queries that may wait for an engine process."""
    cache_bytes: int = 1 << 26
    """Memory for answers that are kept, in bytes; 0 keeps none."""
    client_seconds: float = 60.0
    """Engine time that one client may take in a minute, in seconds; 0 sets no limit."""
    trusted_proxies: tuple[str, ...] = ()
    """Addresses whose X-Forwarded-For and X-Forwarded-Proto are believed."""
    access_log: str = ""
    """Where the access log goes: a file, `-` for standard error, empty for nowhere."""
    log_queries: bool = False
    """Whether the access log holds queries, and not only their hashes."""
    fill_prefixes: str = "page"
    """Where well-known prefixes are declared for a query that lacks them: one of `kg.config.FILLING`."""
    skip_unbound: bool = True
    """Whether aggregates pass over solutions in which a variable of their operand is unbound."""
    federation: Federation = Federation()  # noqa: RUF009 -- it is frozen
    """Whom queries may ask by SERVICE; nobody without `endpoints`."""

    @property
    def limits(self) -> Limits:
        """The limits of the engine."""
        return Limits(self.workers, self.deadline, self.memory_bytes, self.answer_bytes, self.queue)

    @property
    def without(self) -> tuple[str, ...]:
        """The rules of rewriting queries that are switched off."""
        return () if self.skip_unbound else (UNBOUND,)

    @property
    def told(self) -> dict[str, object]:
        """What the pages know of settings that may change while they are served."""
        return {
            "TRUSTED_PROXIES": self.trusted_proxies,
            "PUBLIC_URL": self.public_url,
            "FILL_PREFIXES": self.fill_prefixes,
        }

    def to_json(self) -> str:
        """The settings as one line of JSON.

        >>> Settings.from_json(Settings(Path("releases")).to_json()) == Settings(Path("releases"))
        True
        """
        values = {**dataclasses.asdict(self), "releases": str(self.releases), "title": dict(self.title)}
        return json.dumps(values, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Settings:
        """Read what `to_json` wrote; keys may be left out, except `releases`.

        :raises ConfigError: if it is no such object
        """
        try:
            values = json.loads(text)
        except ValueError as error:
            raise ConfigError(f"{VARIABLE} is not JSON: {error}") from None
        if not isinstance(values, dict) or not isinstance(values.get("releases"), str):
            raise ConfigError(f"{VARIABLE} must be an object with the key 'releases'")
        known = {field.name for field in dataclasses.fields(cls)}
        unknown = sorted(set(values) - known)
        if unknown:
            raise ConfigError(f"{VARIABLE} has an unknown key '{unknown[0]}'")
        title = values.get("title") or {}
        if not isinstance(title, dict) or not all(is_language(tag) for tag in title):
            raise ConfigError(f'{VARIABLE} must give \'title\' by language, as in {{"en": "A graph"}}')
        for key, value in values.items():
            _check(key, value)
        proxies = tuple(values.get("trusted_proxies") or ())
        return cls(
            **{
                **values,
                "releases": Path(values["releases"]),
                "title": tuple(title.items()),
                "trusted_proxies": proxies,
                "federation": _federation(values.get("federation") or {}),
            }
        )

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """The settings in the variable `KG_SERVER_SETTINGS`, for `server.app:from_environment()`.

        :raises ConfigError: if the variable is absent or wrong
        """
        text = (os.environ if environ is None else environ).get(VARIABLE)
        if text is None:
            raise ConfigError(f"the variable {VARIABLE} is not set", hint='as in {"releases": "releases"}')
        return cls.from_json(text)


@dataclass(frozen=True, slots=True)
class Started:
    """What a server is started with: settings, and where it listens."""

    settings: Settings
    host: str
    port: int
    """0 takes any free one."""


def _federation(values: object) -> Federation:
    if not isinstance(values, dict):
        raise ConfigError(f"{VARIABLE} must give 'federation' as an object")
    defaults = Federation()
    given: dict[str, Any] = {}
    for key, value in values.items():
        default = getattr(defaults, key, None) if key in Federation.__slots__ else None
        if isinstance(value, list) and isinstance(default, tuple) and all(isinstance(text, str) for text in value):
            given[key] = tuple(value)
        elif default is not None and type(value) is type(default):
            given[key] = value
        else:
            raise ConfigError(f"{VARIABLE} gives 'federation' the key {key!r}, which is unknown or of another type")
    return Federation(**given)


def _check(key: str, value: object) -> None:
    if key in _NUMBERS:
        if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
            raise ConfigError(f"{VARIABLE} must give '{key}' as a number of at least 0")
    elif key in _TEXTS:
        if not isinstance(value, str | None):
            raise ConfigError(f"{VARIABLE} must give '{key}' as a text")
        if key == "public_url" and value and not is_public_url(value):
            raise ConfigError(f"{VARIABLE} must give 'public_url' as the address of a host", hint=PUBLIC_URL_HINT)
        if key == "fill_prefixes" and value not in FILLING:
            raise ConfigError(f"{VARIABLE} must give 'fill_prefixes' as one of {', '.join(FILLING)}")
    elif key == "trusted_proxies":
        if not isinstance(value, list | tuple) or not all(isinstance(address, str) for address in value):
            raise ConfigError(f"{VARIABLE} must give '{key}' as a list of addresses")
    elif key in {"log_queries", "skip_unbound"} and not isinstance(value, bool):
        raise ConfigError(f"{VARIABLE} must give '{key}' as true or false")
