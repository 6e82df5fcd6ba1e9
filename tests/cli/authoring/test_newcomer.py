"""From nothing to claims of one's own on a page: the commands and lines of a newcomer, counted and typed."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from click.testing import CliRunner
from patience import PATIENCE
from small_project import ROOT

from cli.newcomer import CLAIMS, COMMANDS, TERM, THINGS, typed
from kg.cli.main import kg


def test_five_commands_and_eleven_lines_lead_to_a_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(COMMANDS) <= 6
    assert sum(text.count("\n") for text in (CLAIMS, THINGS, TERM)) <= 12
    typed(tmp_path, monkeypatch)
    build, serve = (shlex.split(command)[1:] for command in COMMANDS[3:])
    done = CliRunner().invoke(kg, build)
    assert done.exit_code == 0, done.output
    assert "5 of 5 quotes verified" in done.stderr
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "KG_SERVER_PORT": "0"}
    command = [sys.executable, "-m", "kg", *serve]
    with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True) as served:
        assert served.stdout is not None
        try:
            address = served.stdout.readline().strip().rstrip("/")
            with urllib.request.urlopen(f"{address}/id/centre?format=html&lang=fr", timeout=PATIENCE) as answer:
                page = answer.read().decode()
        finally:
            served.terminate()
    for words in ("forme", "500", "will train 500 engineers", "L&#39;université du lac"):
        assert words in page
