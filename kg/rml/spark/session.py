"""A Spark session for the command line, or a clear word on what it lacks."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from kg.errors import OperationError, UsageError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_QUIET: Final = MappingProxyType({"spark.log.level": "OFF", "spark.ui.showConsoleProgress": "false"})
_ALONE: Final = MappingProxyType(
    {"spark.ui.enabled": "false", "spark.driver.bindAddress": "127.0.0.1", "spark.driver.host": "127.0.0.1"}
)
"""On one machine, nothing listens to the net."""


@contextmanager
def spark_session(master: str, settings: Mapping[str, str] = MappingProxyType({})) -> Iterator[SparkSession]:
    """A session that ends with the block; what Spark says goes to standard error.

    :param master: as Spark writes it: `local[2]`, `spark://host:7077`, `yarn`, `k8s://...`
    :param settings: properties of Spark, which come before those that are set here
    :raises UsageError: if PySpark or Java is not there
    :raises OperationError: if Spark does not start
    """
    try:
        from py4j.protocol import Py4JError
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ImportError:
        raise UsageError("Spark is not installed", hint="pip install 'zellige[spark]'") from None
    home = os.environ.get("JAVA_HOME")
    if shutil.which(str(Path(home, "bin", "java")) if home else "java") is None:
        where = f"JAVA_HOME is {home}" if home else "there is no java"
        raise UsageError(
            f"Spark needs Java 17 or newer: {where}", hint="install one, for example openjdk-17-jre-headless"
        )
    is_local = master == "local" or master.startswith("local[")
    builder = SparkSession.builder.master(master).appName("kg map")
    for name, value in {**_QUIET, **(_ALONE if is_local else {}), **settings}.items():
        builder = builder.config(name, value)
    try:
        with _python(sys.executable if is_local else None):
            session = builder.getOrCreate()
    except (PySparkException, Py4JError, RuntimeError) as error:
        hint = "Spark's own words stand above; it needs Java 17 or newer"
        raise OperationError(f"Spark did not start: {str(error).partition(chr(10))[0]}", hint=hint) from None
    try:
        yield session
    finally:
        session.stop()


@contextmanager
def _python(path: str | None) -> Iterator[None]:
    """The Python of the workers, where the environment names none: Spark asks for it once, when it starts."""
    name = "PYSPARK_PYTHON"
    if path is None or name in os.environ:
        yield
        return
    os.environ[name] = path
    try:
        yield
    finally:
        del os.environ[name]
