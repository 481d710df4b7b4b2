"""A scheduler elsewhere: a real ``dask scheduler`` and two ``dask worker`` on loopback, that share the store.

They are as their makers ship them: unlike our own, such a scheduler sends the task of a dead worker to the next one.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from ae_models.base import OPERATOR, Visitor
from ae_models.base.paths import ROOT
from ae_models.jobs import Engine
from ae_models.jobs.pool import SCHEDULER, WorkerPlan
from ae_models.recipes import TrainRequest
from ae_models.runs import own_runs
from tests.jobs.conftest import is_over, lasting, order, process_of, ready, until

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="kills processes as POSIX does"),
]

SERVER = """
import json, sys, time
from ae_models.base import Visitor
from ae_models.jobs import Engine
engine = Engine()
engine.start()
print(engine.submit("train", json.loads(sys.argv[1]), Visitor("ann")).id, flush=True)
while True:
    time.sleep(60)
"""


class Cluster:
    """The processes; each can be ended and started again."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.address = folder, ""
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def _start(self, name: str, *arguments: str) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            command = [sys.executable, "-m", "dask", *arguments, "--host", "127.0.0.1", "--no-dashboard"]
            self.running[name] = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log, start_new_session=True)

    def scheduler(self) -> None:
        """Start it at a port that it finds free itself; once more, at the same one."""
        about = self.folder / "scheduler.json"
        port = self.address.rpartition(":")[2] or "0"
        self._start("scheduler", "scheduler", "--port", port, "--scheduler-file", str(about))
        end = time.monotonic() + 300
        while not self.address:
            assert time.monotonic() < end, (self.folder / "scheduler.log").read_text()
            with suppress(OSError, ValueError):  # not there yet, or not whole
                self.address = json.loads(about.read_text())["address"]
            time.sleep(0.05)

    def worker(self, name: str) -> None:
        local = str(self.folder / name)
        self._start(name, "worker", self.address, "--nthreads", "1", "--name", name, "--local-directory", local)

    def kill(self, name: str) -> None:
        """End a process, and with it the one that it looks after."""
        process = self.running.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@pytest.fixture(scope="module")
def cluster(store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    made = Cluster(tmp_path_factory.mktemp("cluster"))
    made.scheduler()
    for name in ("one", "two"):
        made.worker(name)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(SCHEDULER, made.address)
        yield made
    for name in list(made.running):
        made.kill(name)


@pytest.fixture(scope="module")
def engine(cluster: Cluster) -> Iterator[Engine]:
    """A server's engine that uses this scheduler because the environment says so."""
    assert WorkerPlan.of_environment().scheduler == cluster.address
    made = Engine()
    made.start()
    ready(made, workers=2)
    yield made
    made.close()


def said_to_be(engine: Engine, state: str, seconds: float = 300) -> None:
    end = time.monotonic() + seconds
    while engine.condition().state != state:
        assert time.monotonic() < end, engine.condition()
        time.sleep(0.05)


def test_two_people_train_at_once_into_the_shared_store(engine: Engine) -> None:
    owners = enumerate(("ann", "bob"))
    jobs = [engine.submit("train", order(epochs=4, seed=seed), Visitor(owner)) for seed, owner in owners]
    done = [until(engine, job, is_over) for job in jobs]
    assert [(job.state, job.error) for job in done] == [("done", "")] * 2
    assert len({job.worker for job in done}) == 2
    for job in done:
        assert [row["epoch"] for row in engine.live(job.id).epochs] == [1, 2, 3, 4]
        assert own_runs().read(job.run).threads == 1


def test_a_killed_worker_is_said_and_its_task_is_not_begun_again(engine: Engine, cluster: Cluster) -> None:
    job = engine.submit("train", lasting(), Visitor("ann"))
    working = until(engine, job, lambda now: now.kept >= 2 and now.worker)
    os.kill(process_of(working), signal.SIGKILL)
    ended = until(engine, job, is_over)
    assert (ended.state, ended.error.partition(";")[0]) == (
        "interrupted",
        "its worker process ended: it was killed, or the machine ran out of memory",
    )
    assert ended.kept >= working.kept
    engine.go_on(job.id, Visitor("ann"))
    until(engine, job, lambda now: now.kept > ended.kept)
    engine.stop(job.id, Visitor("ann"))
    until(engine, job, is_over)
    ready(engine, workers=2)


def test_after_a_server_was_killed_all_is_there_and_goes_on(engine: Engine, cluster: Cluster) -> None:
    finished = [job.id for job in engine.jobs() if job.state == "done" and job.recipe == "train"]
    assert finished
    command = [sys.executable, "-c", SERVER, json.dumps(lasting())]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            job_id = server.stdout.readline().strip()
            end = time.monotonic() + 300
            while (seen := engine.get(job_id)) is None or seen.kept < 2:  # another server's job, from the store
                assert time.monotonic() < end, seen
                time.sleep(0.1)
        finally:
            server.kill()
    another = Engine()
    another.start()
    try:
        ready(another, workers=2)
        assert set(finished) <= {job.id for job in another.jobs() if job.state == "done"}
        assert all(another.live(job_id).epochs for job_id in finished)
        left = another.get(job_id)
        assert left is not None
        assert left.state == "interrupted"
        assert left.error.startswith("the server was restarted; epoch ")
        another.go_on(job_id, Visitor("ann"))
        going = until(another, job_id, lambda now: now.kept > left.kept)
        assert [row["epoch"] for row in another.live(job_id).epochs][: left.kept] == list(range(1, left.kept + 1))
        assert going.worker
        another.stop(job_id, OPERATOR)
        until(another, job_id, is_over)
    finally:
        another.close()


def test_a_scheduler_that_is_gone_is_said_and_found_again(engine: Engine, cluster: Cluster) -> None:
    job = engine.submit("train", lasting(), Visitor("cat"))
    until(engine, job, lambda now: now.kept >= 1)
    for name in list(cluster.running):
        cluster.kill(name)
    ended = until(engine, job, is_over)
    assert ended.state == "interrupted"
    assert ended.error == f"the scheduler does not answer any more; epoch {ended.kept} is kept"
    said_to_be(engine, "lost")
    assert cluster.address in engine.condition().words

    waiting = engine.submit("train", order(epochs=1), Visitor("dan"))  # taken all the same
    assert waiting.state == "queued"
    cluster.scheduler()
    cluster.worker("three")
    assert until(engine, waiting, is_over).state == "done"
    engine.go_on(job.id, Visitor("cat"))
    until(engine, job, lambda now: now.kept > ended.kept)
    engine.stop(job.id, OPERATOR)
    until(engine, job, is_over)


def test_an_address_that_cannot_be_right_is_said() -> None:
    for address in ("nonsense://x", "127.0.0.1:notaport"):
        engine = Engine(WorkerPlan(scheduler=address))
        engine.start()
        said_to_be(engine, "lost")
        assert address in engine.condition().words
        assert TrainRequest.from_dict(order())  # the page goes on
        engine.close()
