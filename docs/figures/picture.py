"""The picture of the README: the page of one claim, as the running site shows it. Run by `make picture`."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
PICTURE: Final = ROOT / "docs" / "figures" / "claim.png"
PAGE: Final = "claim/F030?lang=en"
WIDTH, HEIGHT = 1100, 670
LARGEST: Final = 150_000
"""Bytes of a picture that a page of text may cost."""
BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome")
QUIET: Final = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--hide-scrollbars",
)  # fmt: skip


def main() -> int:
    """Build the first graph, serve it, take the picture; 1 with a reason if that cannot be."""
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
            take(browser, f"{address}{PAGE}", folder)
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(30)
        size = (folder / "page.png").stat().st_size
        if size > LARGEST:
            print(f"the picture has {size:,} bytes, more than {LARGEST:,}", file=sys.stderr)
            return 1
        shutil.copyfile(folder / "page.png", PICTURE)
    print(f"{PICTURE.relative_to(ROOT)}: {size:,} bytes")
    return 0


def environment() -> dict[str, str]:
    """That of this process, without settings of Zellige."""
    return {name: value for name, value in os.environ.items() if not name.startswith("KG_")}


def kg(*arguments: str) -> None:
    """Run a command of this checkout."""
    subprocess.run([sys.executable, "-m", "kg", *arguments], cwd=ROOT, check=True, env=environment())


def take(browser: str, address: str, folder: Path) -> None:
    """The upper part of a page as a picture in `folder`."""
    places = [f"--user-data-dir={folder / 'profile'}", f"--screenshot={folder / 'page.png'}"]
    subprocess.run([browser, *QUIET, *places, f"--window-size={WIDTH},{HEIGHT}", address], check=True, timeout=120)


if __name__ == "__main__":
    sys.exit(main())
