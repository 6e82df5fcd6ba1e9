"""The names behind reconciliation are read once, by one thread, while nobody waits."""

from __future__ import annotations

import threading

import pytest

from kg.errors import EngineBusy
from server.engine.inprocess import InProcessEngine
from server.reconciliation.keeper import Keeper
from server.releases import Releases
from server.settings import Settings


class Slow:
    """An engine that answers when it is let go."""

    def __init__(self, engine):
        self.engine, self.asked = engine, 0
        self.reached, self.free = threading.Event(), threading.Event()

    def evaluate(self, *given, **named):
        self.asked += 1
        self.reached.set()
        assert self.free.wait(30)
        return self.engine.evaluate(*given, **named)


def test_while_names_are_read_nobody_waits_but_one_and_one_thread_reads(releases):
    import dataclasses

    release = Releases(Settings(releases), InProcessEngine.open).current()
    slow = Slow(release.engine)
    release = dataclasses.replace(release, engine=slow)
    keeper = Keeper(patience=30)
    got = []
    patient = threading.Thread(target=lambda: got.append(keeper.service(release)))
    patient.start()
    assert slow.reached.wait(30)
    for _ in range(5):
        with pytest.raises(EngineBusy):
            keeper.service(release)
    assert slow.asked == 1
    slow.free.set()
    patient.join(30)
    assert got == [keeper.service(release)]
    newer = dataclasses.replace(release, id="r2", engine=Slow(slow.engine))
    assert keeper.service(newer) is got[0]
    newer.engine.free.set()
    # Each call waits a moment for the newer names.
    assert any(keeper.service(newer).release is newer for _ in range(150))


def test_a_release_that_cannot_be_read_is_told_and_not_read_again_and_again(releases):
    import dataclasses

    from kg.errors import EngineFailed

    class Broken:
        asked = 0

        def evaluate(self, *_given, **_named):
            self.asked += 1
            raise EngineFailed("broken")

    release = Releases(Settings(releases), InProcessEngine.open).current()
    release = dataclasses.replace(release, engine=Broken())
    keeper = Keeper()
    for _ in range(3):
        with pytest.raises(EngineFailed):
            keeper.service(release)
    assert release.engine.asked == 1
