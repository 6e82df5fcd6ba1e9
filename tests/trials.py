"""How many random cases the suite tries: few in every run, as many as are asked for before a release."""

from __future__ import annotations

import os
from typing import Final

_FACTOR: Final = float(os.environ.get("KG_TRIALS", "1"))


def trials(number: int) -> int:
    """A number of cases of the suite, `KG_TRIALS` times as many where that is set; at least one."""
    return max(1, round(number * _FACTOR))
