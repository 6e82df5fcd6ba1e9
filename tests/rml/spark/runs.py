"""A mapping, run with Spark and without."""

from __future__ import annotations

import importlib.util
import io
import random
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
from rml.by_hand import HEAD, csv_source
from rml.datasets import canonical

from kg.errors import KgError
from kg.rml import Summary, map_to
from kg.rml.spark import map_with_spark

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


LACKS = [
    name
    for name, there in (("pyspark", importlib.util.find_spec("pyspark")), ("Java", shutil.which("java")))
    if not there
]
SMALL = {
    "spark.sql.shuffle.partitions": "2",
    "spark.sql.codegen.wholeStage": "false",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
}
"""For small data, where compiling costs more than it gives."""
SUBJECT = 'rml:subjectMap [ rml:template "http://e/{i}" ]'


class Run:
    """A mapping, run with Spark and without."""

    def __init__(self, session: SparkSession, folder: Path) -> None:
        self.session, self.folder, self._count = session, folder, 0

    def elsewhere(self, path: Path) -> str:
        """A path as one that only Spark can open."""
        base = Path(self.session.conf.get("spark.hadoop.fs.viewfs.mounttable.kg.link./t").removeprefix("file://"))
        return f"viewfs://kg/t/{path.relative_to(base)}"

    def output(self) -> Path:
        """A new folder."""
        self._count += 1
        return self.folder / f"out-{self._count}"

    def spark(self, mapping: Path, **options: object) -> tuple[Summary, bytes]:
        """What Spark makes: the parts of the folder put together."""
        output = self.output()
        summary = map_with_spark(self.session, mapping, str(output), **options)
        assert (output / "_SUCCESS").exists()
        return summary, b"".join(path.read_bytes() for path in sorted(output.glob("part-*")))

    def local(self, mapping: Path, **options: object) -> tuple[Summary, bytes]:
        """What one process makes."""
        output = io.BytesIO()
        return map_to(mapping, output, **options), output.getvalue()

    def fails(self, mapping: Path, **options: object) -> KgError:
        """How Spark fails; it leaves nothing, neither the folder nor anything beside it."""
        output = self.output()
        before = sorted(output.parent.iterdir())
        with pytest.raises(KgError) as caught:
            map_with_spark(self.session, mapping, str(output), **options)
        assert sorted(output.parent.iterdir()) == before
        return caught.value


def written(folder: Path, text: str, **files: str | bytes) -> Path:
    """A mapping with its files; in their names `_` stands for the point."""
    for name, content in files.items():
        path = folder / name.replace("_", ".")
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    path = folder / "m.ttl"
    path.write_text(HEAD + "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n" + text, encoding="utf-8")
    return path


def table(objects: str, source: str | None = None, name: str = "m") -> str:
    pair = f"rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap [ {objects} ] ]"
    return f"ex:{name} {source or csv_source('t.csv')} ;\n {SUBJECT} ;\n {pair} .\n"


def dataset(content: bytes) -> list[str]:
    return canonical(ox.parse(content, ox.RdfFormat.N_QUADS))


def lines(content: bytes) -> list[bytes]:
    return sorted(content.split(b"\n"))


def trees(count: int) -> list[dict[str, object]]:
    rng = random.Random(7)
    values = [None, True, 7, -0.5, 1e21, "نص \u200f", 'say "no"\n', "", ["a", 1, None], "\u2028"]
    return [{"i": i, "a": rng.choice(values), "k": [rng.randrange(30), "x"]} for i in range(count)]


TREE = (
    'rml:subjectMap [ rml:template "http://e/{$.i}" ] ; '
    'rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap [ rml:reference "$.a[*]" ] ] ; '
    'rml:predicateObjectMap [ rml:predicate ex:q ; rml:objectMap [ rml:reference "$.k[0]" ] ] .'
)
