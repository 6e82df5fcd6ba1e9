"""What is known of the last build, for all that wait for news of it."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from kg.errors import Position, Problem


@dataclass(frozen=True, slots=True)
class State:
    """Where a project stands."""

    release: str = ""
    """The id of the last good release; empty if there is none."""
    is_building: bool = False
    problems: tuple[Problem, ...] = ()
    """Why the last build published nothing."""

    def to_json(self) -> str:
        """The state in one line, as pages get it."""
        told = [
            {"message": one.message, "place": str(one.position or one.iri or ""), "hint": one.hint or ""}
            for one in self.problems
        ]
        return json.dumps({"release": self.release, "building": self.is_building, "problems": told}, ensure_ascii=False)


class Board:
    """The state, and those who wait for another one."""

    def __init__(self) -> None:
        self._state, self._version, self._closed = State(), 0, False
        self._changed = threading.Condition()

    @property
    def state(self) -> State:
        """The state as it is now."""
        with self._changed:
            return self._state

    def put(self, **parts: Any) -> None:
        """Change parts of the state, and tell everybody."""
        with self._changed:
            self._state = replace(self._state, **parts)
            self._version += 1
            self._changed.notify_all()

    def close(self) -> None:
        """Send everybody home."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def after(self, version: int, seconds: float) -> tuple[int, State] | None:
        """Wait for a state after that of a version; what there is after so many seconds, or None if it has closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._version > version, seconds)
            return None if self._closed else (self._version, self._state)


def problem_of(told: Mapping[str, Any]) -> Problem:
    """The problem that an error object of `--json` tells of.

    >>> str(problem_of({"code": "a", "message": "b", "where": {"file": "c", "line": 3}, "hint": "d"}))
    'c:3: b (d)'
    """
    where = told.get("where") or {}
    place = Position(where["file"], where["line"], where.get("column")) if "file" in where else None
    return Problem(told["code"], told["message"], place, iri=where.get("iri"), hint=told.get("hint"))


def problems_of(told: Sequence[Mapping[str, Any]]) -> tuple[Problem, ...]:
    """The problems of the `errors` of `--json`."""
    return tuple(map(problem_of, told))
