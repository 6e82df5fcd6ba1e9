"""Pictures of pages as the running site shows them: one for the README, and a gallery. Run by `make picture`."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

ROOT: Final = Path(__file__).resolve().parents[2]
FIGURES: Final = ROOT / "docs" / "figures"
QUERY: Final = """PREFIX zel: <https://w3id.org/zellige/ont#>
SELECT ?target ?words ?due WHERE {
  ?target a zel:Target ; zel:targetQuantity/zel:asWorded ?words .
  OPTIONAL { ?target zel:deadlineText ?due }
}
ORDER BY ?target"""
EXPLORED: Final = urlencode(
    [("facet", "zel:quantity zel:unit"), ("facet", "claim zel:modality"), ("over.zel:quantity zel:numericValue", "80")]
)
"""A table with counts and a filter."""
GALLERY: Final = {
    "home": "?", "thing": "id/maroc-ia-2030?", "contested": "id/target-economy?", "document": "doc/seed?",
    "table": f"table/ai-readiness?{EXPLORED}&", "query": f"query?{urlencode({'query': QUERY})}&",
    "timeline": "timeline?",
}  # fmt: skip
"""Kinds of pages, which docs/pages.md shows in three languages."""
LANGUAGES: Final = ("ar", "fr", "en")
LARGEST: Final = 150_000
"""Bytes of a picture that a page of text may cost."""
BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome", "chromium-headless-shell")
QUIET: Final = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--hide-scrollbars",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Picture:
    """One page, seen through a window of so many pixels, drawn at a scale."""

    file: Path
    page: str
    width: int
    height: int
    scale: float


def pictures() -> Iterator[Picture]:
    """That of the README, then the gallery."""
    yield Picture(FIGURES / "claim.png", "claim/F030?lang=en", 1100, 670, 1)
    for name, page in GALLERY.items():
        for language in LANGUAGES:
            yield Picture(FIGURES / "pages" / f"{name}-{language}.png", f"{page}lang={language}", 1200, 900, 0.75)


def main() -> int:
    """Build the first graph, serve it, take the pictures; 1 with a reason if that cannot be."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        print(f"no browser: install one of {', '.join(BROWSERS)}", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory(prefix="picture-") as name:
        folder = Path(name)
        kg("build", str(ROOT), "--out", str(folder / "releases"))
        command = [sys.executable, "-m", "kg", "serve", "--port", "0", "--releases", str(folder / "releases")]
        server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env=environment())
        try:
            address = server.stdout.readline().strip() if server.stdout else ""
            return max([_take(browser, address, picture, folder) for picture in pictures()])
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(30)


def _take(browser: str, address: str, picture: Picture, folder: Path) -> int:
    """The upper part of a page as a file; 1 if it is larger than a page of text may cost."""
    made = folder / "page.png"
    # A browser of its own for each: it keeps tabs of queries, in the language of the page that made them.
    profile = tempfile.mkdtemp(prefix="profile-", dir=folder)
    places = [f"--user-data-dir={profile}", f"--screenshot={made}"]
    window = [f"--window-size={picture.width},{picture.height}", f"--force-device-scale-factor={picture.scale}"]
    done = [browser, *QUIET, *places, *window, f"{address}{picture.page}"]
    subprocess.run(done, check=True, timeout=120, stderr=subprocess.DEVNULL)
    size, name = made.stat().st_size, picture.file.relative_to(ROOT)
    if size > LARGEST:
        print(f"{name} has {size:,} bytes, more than {LARGEST:,}", file=sys.stderr)
        return 1
    picture.file.parent.mkdir(exist_ok=True)
    shutil.copyfile(made, picture.file)
    print(f"{name}: {size:,} bytes")
    return 0


def environment() -> dict[str, str]:
    """That of this process, without settings of Zellige."""
    return {name: value for name, value in os.environ.items() if not name.startswith("KG_")}


def kg(*arguments: str) -> None:
    """Run a command of this checkout."""
    subprocess.run([sys.executable, "-m", "kg", *arguments], cwd=ROOT, check=True, env=environment())


if __name__ == "__main__":
    sys.exit(main())
