"""schemathesis on the interface of a running server: requests made of the document, answers held against it.

More examples for each operation with `KG_FUZZ_EXAMPLES`, others with `KG_FUZZ_SEED`. The same against any server:
`SCHEMATHESIS_HOOKS=tests/server/fuzzing/hooks.py st --config-file tests/server/fuzzing/schemathesis.toml run URL`.
"""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
from pathlib import Path

import pytest
from serving import running
from tiny import write_release

from server.openapi import ADDRESS, ROUTES

_PHASES = {"coverage": "1", "fuzzing": os.environ.get("KG_FUZZ_EXAMPLES", "4")}
_SEED = os.environ.get("KG_FUZZ_SEED", "1")
_HERE = Path(__file__).parent / "fuzzing"


@pytest.mark.parametrize("phase", sorted(_PHASES))
def test_every_answer_is_one_that_the_document_allows(phase: str, root: Path, tmp_path: Path) -> None:
    folder = write_release(tmp_path / "releases")
    (folder / "void.ttl").write_text('<urn:a> <urn:b> "c" .', encoding="utf-8")
    (folder / "graph.nq.gz").write_bytes(gzip.compress(b'<urn:a> <urn:b> "c" .\n'))
    with running(tmp_path / "releases", root, tmp_path, deadline=3.0) as (url, _):
        done = subprocess.run(
            [
                *(sys.executable, "-m", "schemathesis.cli"),
                *("--config-file", str(_HERE / "schemathesis.toml"), "run", url + ADDRESS, "--no-color"),
                *(f"--exclude-path={alias}" for route in ROUTES for alias in route.aliases),
                *("--phases", phase, "--max-examples", _PHASES[phase], "--seed", _SEED, "--continue-on-failure"),
            ],
            env={**os.environ, "SCHEMATHESIS_HOOKS": str(_HERE / "hooks.py")},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stdout + done.stderr
    # The address that the document comes from is left out by schemathesis itself.
    assert f"Tested: {sum(len(route.operations) for route in ROUTES) - 1}\n" in done.stdout
