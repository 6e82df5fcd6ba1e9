"""What is made when a wheel is: the words, compiled; and whether the editor of the query page is there."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any, Final

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

MADE: Final = ("server/static/query.js", "server/static/THIRDPARTY.txt")
WORDS: Final = "server/pages/locale"


class MadeHook(BuildHookInterface[Any]):
    """Puts what is not in git into the wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile the catalogues, which the pages of a checkout read as they are written.

        :raises FileNotFoundError: if a file of the editor is absent from what is to be published: where `KG_RELEASE`
            is 1, `make assets` has made it
        """
        if version == "editable":
            return
        absent = [name for name in MADE if not Path(self.root, name).is_file()]
        if absent and os.environ.get("KG_RELEASE") == "1":
            raise FileNotFoundError(f"{', '.join(absent)}: run 'make assets' before the wheel is built")
        if self.target_name == "wheel":
            self._compiled = tempfile.mkdtemp(prefix="zellige-words-")
            build_data["force_include"].update(compiled(Path(self.root), Path(self._compiled)))

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove what was only made for the wheel."""
        del version, build_data, artifact_path
        shutil.rmtree(getattr(self, "_compiled", ""), ignore_errors=True)


def compiled(root: Path, folder: Path) -> dict[str, str]:
    """Compile each catalogue of a checkout into `folder`: where it is, and where it goes in the wheel."""
    found = {}
    for path in sorted((root / WORDS).glob("*/LC_MESSAGES/messages.po")):
        made = folder / f"{path.parts[-3]}.mo"
        with path.open("rb") as written, made.open("wb") as file:
            write_mo(file, read_po(written, abort_invalid=True))
        found[str(made)] = path.with_suffix(".mo").relative_to(root).as_posix()
    return found
