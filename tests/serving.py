"""A server in a process of its own, started and stopped by the test that needs it."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from patience import PATIENCE
from processes import forking

PROGRAM = """
import json, sys
from server.serving import serve
from server.settings import Settings
if __name__ == "__main__":
    settings = Settings.from_json(json.dumps({"releases": sys.argv[1], **json.loads(sys.argv[3])}))
    serve(settings, "127.0.0.1", int(sys.argv[2]), lambda url: print(url, flush=True))
"""


@contextmanager
def running(
    releases: Path, root: Path, work: Path, port: int = 0, **settings: Any
) -> Iterator[tuple[str, forking.Forked]]:
    """The address of a server that answers, and its process; stopped with SIGINT at the end."""
    script = work / "serve_here.py"
    script.write_text(PROGRAM, encoding="utf-8")
    environ = {**os.environ, "PYTHONPATH": str(root), "PYTHONDONTWRITEBYTECODE": "1"}
    process = forking.begun(script, str(releases), str(port), json.dumps(settings), cwd=root, environ=environ)
    try:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        if not url:
            _, said = process.communicate(timeout=PATIENCE)
            raise AssertionError(f"the server did not start: {said}")
        yield url.rstrip("/"), process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        process.communicate(timeout=PATIENCE)
