"""The folder that a job writes: tasks write beside it, and the driver alone gives it its name.

A job that has failed is no end of its tasks. Spark tells them to end and returns at once; each goes on until it hears
of it, and whoever opens a file then makes every folder above it again. So tasks never write where the output is to
stand, and what they write is removed when none of them is left.
"""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from kg.errors import OperationError, UsageError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

UNMARKED: Final = MappingProxyType({"mapreduce.fileoutputcommitter.marksuccessfuljobs": "false"})
"""Options of a writer: whoever moves the folder marks it as whole, for in an object store a move is a copy."""
_MARK: Final = "_SUCCESS"
_PATIENCE: Final = 60.0
"""How long the tasks of a job that has ended may go on, in seconds: Spark gives a Python worker two."""
_STEP: Final = 0.05
_LOG = logging.getLogger(__name__)


class Folder:
    """A folder to be, on any file system that Spark can write."""

    def __init__(self, session: SparkSession, output: str) -> None:
        """See what `output` means; nothing is written.

        :raises UsageError: if there is something already
        """
        self._context, self._output = session.sparkContext, output
        # PySpark has no call for file systems but through its gateway.
        self._paths = self._context._jvm.org.apache.hadoop.fs.Path  # noqa: SLF001
        path = self._paths(output)
        self._files = path.getFileSystem(self._context._jsc.hadoopConfiguration())  # noqa: SLF001
        self._path = self._files.makeQualified(path)
        self._check_absent()

    def _check_absent(self) -> None:
        if self._files.exists(self._path):
            hint = "Spark writes a new folder: name one, or remove that"
            raise UsageError(f"there is something at {self._output}", hint=hint)

    @contextmanager
    def staged(self) -> Iterator[str]:
        """A path beside the folder, for one job to write with the options `UNMARKED`.

        When the block has ended well, what was written takes the folder's name, and then a `_SUCCESS`. Else it is
        removed, after the tasks of all jobs that the block has begun.

        :raises UsageError: if there is something at the output by now
        :raises OperationError: if the file system does not move it
        """
        tag = f"kg-map-{secrets.token_hex(8)}"
        # Readers of folders pass over names that begin with a point.
        staging = self._paths(self._path.getParent(), f".{self._path.getName()}.{tag}")
        is_placed = False
        self._context.addJobTag(tag)
        try:
            yield staging.toString()
            self._wait(tag)  # a second attempt at a task that has ended may still run
            self._place(staging)
            is_placed = True
        finally:
            self._context.removeJobTag(tag)
            if not is_placed:
                self._context.cancelJobsWithTag(tag)
                self._remove(staging, tag)

    def _place(self, staging: Any) -> None:
        self._check_absent()  # else a move would put the one folder into the other
        if not self._files.rename(staging, self._path):
            raise OperationError(f"the file system does not move what was written to {self._output}")
        self._files.create(self._paths(self._path, _MARK), False).close()  # noqa: FBT003 -- a call of Java

    def _remove(self, staging: Any, tag: str) -> None:
        if not self._wait(tag):
            _LOG.warning("tasks of Spark do not end; what they still write lies at %s", staging.toString())
        self._files.delete(staging, True)  # noqa: FBT003 -- a call of Java

    def _wait(self, tag: str) -> bool:
        """Wait until no task of the jobs with a tag runs; False if some of them do not end."""
        limit = time.monotonic() + _PATIENCE
        while self._runs(tag):
            if time.monotonic() > limit:
                return False
            time.sleep(_STEP)
        return True

    def _runs(self, tag: str) -> bool:
        """Whether Spark has word of a task that has begun and not ended, though its job may have."""
        tracker = self._context.statusTracker()
        for number in self._context._jsc.sc().statusTracker().getJobIdsForTag(tag):  # noqa: SLF001
            job = tracker.getJobInfo(number)
            if job is None:
                continue
            if job.status == "RUNNING":
                return True
            stages = [tracker.getStageInfo(stage) for stage in job.stageIds]
            if any(stage is not None and stage.numActiveTasks for stage in stages):
                return True
        return False
