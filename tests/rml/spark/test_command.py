"""Spark from the command line, and from a job of one's own."""

from __future__ import annotations

import contextlib
import io
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from rml.by_hand import csv_source
from rml.spark.runs import LACKS, SMALL, Run, table, written

from kg.cli.main import kg


def test_the_job_of_the_page_runs(run: Run, tmp_path: Path, root: Path) -> None:
    mapping = written(tmp_path, table('rml:reference "a"', csv_source("people.csv")))
    (tmp_path / "people").mkdir()
    (tmp_path / "people" / "part-0.csv").write_text("i,a\n1,x\n")
    page = (root / "docs" / "spark.md").read_text(encoding="utf-8")
    (job,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    for said, meant in {
        "people.rml.ttl": str(mapping),
        "hdfs:///graphs/people": str(tmp_path / "made"),
        "hdfs:///data/people/": run.elsewhere(tmp_path / "people"),
    }.items():
        assert said in job
        job = job.replace(said, meant)
    talk = io.StringIO()
    with contextlib.redirect_stdout(talk):
        exec(compile(job, "job.py", "exec"), {})
    assert talk.getvalue() == "1 triples of 1 rows\n"
    assert (tmp_path / "made" / "_SUCCESS").exists()


@pytest.mark.skipif(bool(LACKS), reason=f"Spark cannot run here without {' and '.join(LACKS)}")
def test_the_command_writes_a_folder_and_keeps_standard_output_clean(tmp_path: Path) -> None:
    """In a process of its own, which may say on standard error what it likes."""
    mapping = written(tmp_path, table('rml:reference "a"'), t_csv="i,a\n1,مدينة\n", u_csv="i,a\n2,x\n3,y\n")
    command = [sys.executable, "-m", "kg", "map", str(mapping), "--spark", "local[1]", "-o", str(tmp_path / "out")]
    more = ["--source", f"t.csv={tmp_path}/t.csv", "--source", f"t.csv={tmp_path}/u.csv", "--json"]
    more += [part for name, value in SMALL.items() for part in ("--conf", f"{name}={value}")]
    done = subprocess.run([*command, *more], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    data = json.loads(done.stdout)["data"]
    assert (data["triples"], data["rows"], data["output"]) == (3, 3, str(tmp_path / "out"))
    made = b"".join(path.read_bytes() for path in sorted((tmp_path / "out").glob("part-*")))
    assert made.decode().splitlines() == [
        f'<http://e/{i}> <http://e/p> "{a}" .' for i, a in enumerate(["مدينة", "x", "y"], 1)
    ]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--source", "t.csv=x"], "--source and --conf are for Spark"),
        (["--spark", "local[1]"], "--spark needs -o FOLDER"),
        (["--spark", "local[1]", "-o", "out", "--workers", "2"], "--spark needs -o FOLDER"),
        (["--spark", "local[1]", "-o", "out", "--source", "t.csv"], "'t.csv' is not --source NAME=PLACE"),
        (["--spark", "local[1]", "-o", "out", "--conf", "x"], "'x' is not --conf KEY=VALUE"),
    ],
)
def test_wrong_usage(tmp_path: Path, more: list[str], said: str) -> None:
    mapping = written(tmp_path, table('rml:reference "a"'), t_csv="i,a\n1,x\n")
    result = CliRunner().invoke(kg, ["map", str(mapping), *more])
    assert result.exit_code == 2
    assert said in result.stderr


def test_what_spark_needs_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mapping = written(tmp_path, table('rml:reference "a"'), t_csv="i,a\n1,x\n")
    command = ["map", str(mapping), "--spark", "local[1]", "-o", str(tmp_path / "out")]
    with monkeypatch.context() as without:
        without.setitem(sys.modules, "pyspark.sql", None)
        result = CliRunner().invoke(kg, command)
        assert result.exit_code == 2
        assert "error: Spark is not installed (pip install 'zellige[spark]')" in result.stderr
    if "pyspark" not in LACKS:
        monkeypatch.setenv("JAVA_HOME", str(tmp_path / "nothing"))
        result = CliRunner().invoke(kg, command)
        assert result.exit_code == 2
        assert "Spark needs Java 17 or newer: JAVA_HOME is" in result.stderr
