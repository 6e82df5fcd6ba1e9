"""What other tools bring as their own tests, where `KG_OLDER_SUITES` names a folder that holds them.

`morph-kgc` in it is the folder `test` of that tool's source distribution, `yarrrml-parser` that of its npm package:
see `bench/older_suites.py`. What is not as they expect is in `suites_of_others.toml`, with the reason and with what is
said, strictly.
"""

from __future__ import annotations

import os
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
NAMED = os.environ.get("KG_OLDER_SUITES")
KNOWN = tomllib.loads(Path(__file__).with_name("suites_of_others.toml").read_text(encoding="utf-8"))


@pytest.mark.skipif(NAMED is None, reason="the suites of other tools are absent (set KG_OLDER_SUITES to their folder)")
@pytest.mark.parametrize("tool", KNOWN)
def test_all_but_what_is_known_is_as_they_expect(tool: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [str(ROOT / "bench"), *sys.path])
    import older_suites
    from suites.databases import VARIABLE
    from suites.outcomes import Status

    monkeypatch.setenv(VARIABLE, "secret")
    run = {"morph-kgc": older_suites.outcomes_of_morph, "yarrrml-parser": older_suites.outcomes_of_yarrrml}[tool]
    found = list(run(Path(NAMED or "") / tool, ""))
    assert found, "no cases"
    others = {name: outcome.note for name, _, outcome in found if outcome.status in {Status.REFUSED, Status.FAILED}}
    known = {name: said for group in KNOWN[tool] for name, said in group["cases"].items()}
    assert others.keys() == known.keys()
    for name, note in others.items():
        assert known[name] in note
