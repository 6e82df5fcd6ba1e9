"""A wheel that is to be published has the editor of the query page; any other may do without."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Final

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

MADE: Final = ("server/static/query.js", "server/static/THIRDPARTY.txt")


class EditorHook(BuildHookInterface[Any]):
    """Sees to it that what `make assets` makes is there, where `KG_RELEASE` is 1."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """:raises FileNotFoundError: if a file of the editor is absent from what is to be published"""
        del build_data
        if os.environ.get("KG_RELEASE") != "1" or version == "editable":
            return
        absent = [name for name in MADE if not Path(self.root, name).is_file()]
        if absent:
            raise FileNotFoundError(f"{', '.join(absent)}: run 'make assets' before the wheel is built")
