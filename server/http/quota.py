"""How much work a client may cause: seconds of engine time, not numbers of requests.

A client that joins sends thousands of small requests in a minute and does no harm; one query can do more than they.
"""

from __future__ import annotations

import ipaddress
import logging
import math
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

_CLIENTS: Final = 10_000
_HERE: Final = frozenset({"127.0.0.1", "::1", ""})
"""Peers on this machine; one without an address has come by a local socket."""
_NOBODY: Final = "unknown"
_UNKNOWN_PROXY: Final = (
    "a proxy at %s passes requests on, but is none of the trusted_proxies: all its clients are held for one, which has"
    " one quota; set trusted_proxies to its address, if its X-Forwarded-For is to be believed"
)
_LOG = logging.getLogger(__name__)
_PREFIX: Final = 64
"""The bits of an IPv6 address that stand for one client: a household has all the rest."""


@dataclass(slots=True)
class _Account:
    left: float
    since: float
    running: int = 0


class Quota:
    """A bucket of engine time for each client, filled at one rate up to twice a minute's worth."""

    def __init__(self, seconds_a_minute: float, at_once: int, trusted: tuple[str, ...] = ()) -> None:
        """`seconds_a_minute` of 0 sets no limit; `trusted` are the addresses of proxies, which tell their clients'."""
        self.adjust(seconds_a_minute, trusted)
        self.at_once = at_once
        self._accounts: OrderedDict[str, _Account] = OrderedDict()
        self.refused = 0

    @property
    def is_set(self) -> bool:
        """Whether anybody is limited."""
        return self._rate > 0

    def adjust(self, seconds_a_minute: float, trusted: tuple[str, ...]) -> None:
        """From now on these hold; what clients have left stays theirs."""
        self._rate = seconds_a_minute / 60
        self._burst = 2 * seconds_a_minute
        self._trusted = frozenset(trusted)
        self._warned = False

    def client(self, peer: str, forwarded: str, *, passed_on: bool = False) -> str:
        """Who asks: the peer, or whom a trusted proxy names last; empty for one who is not limited.

        Somebody on this machine is its operator, unless the request was `passed_on`, that is, has a header of
        proxies: then it may be anybody's. All clients of a proxy that was not made known are one, which is logged.

        >>> quota = Quota(60, 8, trusted=("10.0.0.1",))
        >>> quota.client("192.0.2.7", "x"), quota.client("10.0.0.1", "192.0.2.8, 192.0.2.9"), quota.client("::1", "")
        ('192.0.2.7', '192.0.2.9', '')
        >>> quota.client("2001:db8::1:2:3:4", "")
        '2001:db8::/64'
        """
        passed_on = passed_on or bool(forwarded)
        if not passed_on and _is_here(peer):
            return ""
        if passed_on and peer not in self._trusted and not self._warned and _is_here(peer):
            self._warned = True
            _LOG.warning(_UNKNOWN_PROXY, peer or "a local socket")
        for address in (peer, *(part.strip() for part in reversed(forwarded.split(",")))):
            if address and address not in self._trusted:
                return _named(address)
        return _named(peer) or _NOBODY

    def admit(self, client: str, now: float) -> float:
        """Let a client ask, or say after how many seconds it may; 0 if it may now. Ends with `charge`."""
        if not client or not self._rate:
            return 0.0
        wait = self.wait(client, now)
        account = self._account(client, now)
        if wait:
            self.refused += 1
            return wait
        if account.running >= self.at_once:
            self.refused += 1
            return 1.0
        account.running += 1
        return 0.0

    def wait(self, client: str, now: float) -> float:
        """After how many seconds a client has something left; 0 if it has now."""
        if not client or not self._rate:
            return 0.0
        left = self._account(client, now).left
        return 0.0 if left > 0 else max(1.0, math.ceil(-left / self._rate))

    def take(self, client: str, seconds: float, now: float) -> None:
        """Take what a page has cost from a client that was not admitted."""
        if client and self._rate:
            self._account(client, now).left -= seconds

    def charge(self, client: str, seconds: float, now: float) -> None:
        """Take what a query has cost from the client that was admitted."""
        if client and self._rate:
            account = self._account(client, now)
            account.left -= seconds
            account.running = max(0, account.running - 1)

    def _account(self, client: str, now: float) -> _Account:
        account = self._accounts.get(client)
        if account is None:
            account = self._accounts[client] = _Account(self._burst, now)
            if len(self._accounts) > _CLIENTS:
                self._accounts.popitem(last=False)
        self._accounts.move_to_end(client)
        account.left = min(self._burst, account.left + (now - account.since) * self._rate)
        account.since = now
        return account


def _is_here(peer: str) -> bool:
    if peer in _HERE:
        return True
    try:
        return ipaddress.ip_address(peer).is_loopback
    except ValueError:
        return False


def _named(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is None:
        return str(ipaddress.ip_network((parsed, _PREFIX), strict=False))
    return address
