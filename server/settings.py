"""What a server is started with: one frozen value, carried to the worker process or to any WSGI server."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kg.errors import ConfigError
from kg.terms import LANGUAGES

VARIABLE: Final = "KG_SERVER_SETTINGS"
"""The variable that a WSGI server other than ours finds the settings in, as a JSON object."""
_NUMBERS: Final = ("body_bytes", "workers", "deadline", "memory_bytes")


@dataclass(frozen=True, slots=True)
class Settings:
    """Which release is served, and what is accepted."""

    releases: Path
    """The folder that holds the releases and the link `current`."""
    release: str | None = None
    """The id of one release; None follows the link `current`."""
    base: str | None = None
    """The base of the data's IRIs; None takes the one in the release's manifest."""
    title: tuple[tuple[str, str], ...] = ()
    """Title by language; empty takes the manifest's."""
    body_bytes: int = 1_000_000
    """Size of the largest request body, in bytes."""
    workers: int = 0
    """Engine processes; 0 means one for each core, and two at least."""
    deadline: float = 10.0
    """Wall time of one query, in seconds; `timeout=` may only lower it."""
    memory_bytes: int = 1 << 30
    """Address space of one engine process, in bytes."""

    def to_json(self) -> str:
        """The settings as one line of JSON.

        >>> Settings.from_json(Settings(Path("releases")).to_json()) == Settings(Path("releases"))
        True
        """
        return json.dumps(
            {
                "releases": str(self.releases),
                "release": self.release,
                "base": self.base,
                "title": dict(self.title),
                "body_bytes": self.body_bytes,
                "workers": self.workers,
                "deadline": self.deadline,
                "memory_bytes": self.memory_bytes,
            },
            ensure_ascii=False,
        )

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
        unknown = sorted(set(values) - {"releases", "release", "base", "title", *_NUMBERS})
        if unknown:
            raise ConfigError(f"{VARIABLE} has an unknown key '{unknown[0]}'")
        title = values.get("title") or {}
        if not isinstance(title, dict) or not all(tag in LANGUAGES for tag in title):
            raise ConfigError(f"{VARIABLE} must give 'title' by language: {', '.join(LANGUAGES)}")
        numbers = {key: values[key] for key in _NUMBERS if key in values}
        for key, number in numbers.items():
            if isinstance(number, bool) or not isinstance(number, int | float) or number < 0:
                raise ConfigError(f"{VARIABLE} must give '{key}' as a number of at least 0")
        return cls(Path(values["releases"]), values.get("release"), values.get("base"), tuple(title.items()), **numbers)

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """The settings in the variable `KG_SERVER_SETTINGS`, for `server.app:from_environment()`.

        :raises ConfigError: if the variable is absent or wrong
        """
        text = (os.environ if environ is None else environ).get(VARIABLE)
        if text is None:
            raise ConfigError(f"the variable {VARIABLE} is not set", hint='as in {"releases": "releases"}')
        return cls.from_json(text)
