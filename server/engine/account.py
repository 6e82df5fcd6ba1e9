"""What one request for a page makes the server spend, for whoever holds its client to a quota.

A page asks the engine in the thread that makes it, and what that takes is noted in the context of the thread.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final

from kg.errors import ClientOverQuota


@dataclass(slots=True)
class Account:
    """The account of a request."""

    wait: float = 0.0
    """After how many seconds the client may have a query answered again; 0 if it may now."""
    seconds: float = 0.0
    """What the request has taken, of the engine and of the processor."""
    is_refused: bool = False
    """Whether a query was not answered since the client must wait."""


_ACCOUNT: Final[ContextVar[Account | None]] = ContextVar("account", default=None)


@contextmanager
def opened(account: Account) -> Iterator[None]:
    """What is spent in this context goes to the account.

    >>> account = Account()
    >>> with opened(account):
    ...     spend(0.5)
    >>> account.seconds
    0.5
    """
    token = _ACCOUNT.set(account)
    try:
        yield
    finally:
        _ACCOUNT.reset(token)


def spend(seconds: float) -> None:
    """Note what something has taken; where nobody counts, nothing."""
    account = _ACCOUNT.get()
    if account is not None:
        account.seconds += seconds


def may_ask() -> None:
    """Go on where a person's query is to be answered, if the client has something left.

    :raises ClientOverQuota: if it must wait
    """
    account = _ACCOUNT.get()
    if account is not None and account.wait:
        account.is_refused = True
        hint = f"come again in {account.wait:.0f} seconds"
        raise ClientOverQuota("your queries have taken more time than one client may", hint=hint)
