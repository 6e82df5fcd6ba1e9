"""The addresses that are there for whoever runs the server."""

from __future__ import annotations

from typing import Final

LIVE: Final = "/livez"
ALIVE: Final = b'{"ok":true}\n'
"""What the process says that answers there: nothing but that it does."""
METRICS: Final = "/metrics"
