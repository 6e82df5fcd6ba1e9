"""Where the third-party test data are."""

from __future__ import annotations

import os
from pathlib import Path

SHARED = Path(os.environ.get("KG_SHARED", Path(__file__).resolve().parents[2] / "shared"))
"""The folder that `KG_SHARED` names, or `../shared` beside the checkout; it may be absent."""
ABSENT = "the shared test data are absent (set KG_SHARED to their folder)"
"""What a test says that is skipped without them."""
