"""Mappings under Apache Spark, for sources that one machine cannot hold: the same programs, run by executors."""

from __future__ import annotations

from kg.rml.spark.job import map_with_spark
from kg.rml.spark.session import spark_session

__all__ = ["map_with_spark", "spark_session"]
