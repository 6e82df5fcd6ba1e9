"""The tutorial is followed literally: every shell block, in order, in one shell session."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

Blocks = Callable[[str], str]
Follow = Callable[[str, Path], "subprocess.CompletedProcess[str]"]


def test_the_tutorial_works_as_it_is_written(tmp_path: Path, blocks: Blocks, follow: Follow) -> None:
    done = follow(blocks("docs/tutorial.md"), tmp_path)
    assert done.returncode == 0, done.stderr
    assert "2 quotes match in 1 documents; 0 claims rest on a document as a whole" in done.stdout
    assert 'evidence: {exact: "about 40 million euros"}' in done.stdout
    assert "data/quotes.lock written: commit it" in done.stderr
    assert "2 of 2 quotes verified against their texts" in done.stderr
    assert "40000000" in done.stdout
    assert "about 40 million euros" in done.stdout
    assert (tmp_path / "harbour" / "releases" / "current" / "graph.nq.gz").is_file()


def test_its_mistake_is_answered_as_it_says(tmp_path: Path, blocks: Blocks, follow: Follow) -> None:
    done = follow(blocks("docs/tutorial.md").replace("modality: planned", "modality: plannd"), tmp_path)
    assert done.returncode == 1
    assert (
        "data/claims/notice.yaml:17: the scheme 'modality' has no name 'plannd' (did you mean 'planned'?)"
        in done.stderr
    )
