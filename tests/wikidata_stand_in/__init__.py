"""A stand-in for the Wikidata Query Service on loopback, with its throttles and its faults.

Nothing here is Wikidata. What it serves is what a test puts in: real items read from the shared data at run time,
synthetic items, and rows made by hand that say so (`data.HAND_MADE`).
"""

from __future__ import annotations

from wikidata_stand_in.data import HAND_MADE, hand_made, real_items, synthetic_items
from wikidata_stand_in.faults import Fault
from wikidata_stand_in.server import Received, StandIn
from wikidata_stand_in.throttle import Throttle, VirtualClock

__all__ = [
    "HAND_MADE",
    "Fault",
    "Received",
    "StandIn",
    "Throttle",
    "VirtualClock",
    "hand_made",
    "real_items",
    "synthetic_items",
]
