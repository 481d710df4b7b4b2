"""Two servers on one store: the engine of these tests, and a real process with an engine and a worker of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psutil
import pytest

from ae_models.base import Visitor
from ae_models.base.paths import ROOT
from ae_models.jobs import Engine, Job, log
from ae_models.jobs.log import JobLog
from ae_models.runs import own_runs, unfinished_runs
from tests.jobs.conftest import eventually, is_over, lasting, until

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="kills and suspends processes as POSIX does"),
]

SERVER = """
import json, sys
from ae_models.base import Visitor
from ae_models.jobs import Engine
from ae_models.jobs.pool import WorkerPlan

if __name__ == "__main__":  # its workers are spawned and must not start another
    engine = Engine(WorkerPlan(workers=1, threads=1, memory=2**30, warm=(), low_priority=False))
    engine.start()
    print("started", flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        if "submit" in asked:
            print(engine.submit("train", asked["submit"], Visitor(asked["owner"])).id, flush=True)
        else:
            print(json.dumps({job.id: [job.state, job.engine] for job in engine.jobs()}), flush=True)
    engine.close()
"""


class Other:
    """The other server: it takes a line and answers with one."""

    def __init__(self, script: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, script], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self._line() == "started"

    def _line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def ask(self, **values: Any) -> str:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(values) + "\n")
        self.process.stdin.flush()
        return self._line()

    def jobs(self) -> dict[str, list[str]]:
        return dict(json.loads(self.ask()))

    def train(self, owner: str) -> str:
        return self.ask(submit=lasting(), owner=owner)

    @contextmanager
    def suspended(self) -> Iterator[None]:
        """All its processes stand still, as those of a laptop that was closed."""
        whole = [psutil.Process(self.process.pid)]
        whole += whole[0].children(recursive=True)
        for process in whole:
            process.suspend()
        try:
            yield
        finally:
            for process in reversed(whole):
                process.resume()


@pytest.fixture(scope="module")
def other(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Other]:
    """Return the one other server of these tests; the last of them kills it."""
    script = tmp_path_factory.mktemp("server") / "server.py"
    script.write_text(f"import sys\nsys.path.insert(0, {str(ROOT)!r})\n{SERVER}")
    made = Other(str(script))
    yield made
    made.process.communicate(timeout=300)  # it ends with its input


def seen(engine: Engine, job_id: str, fits: Callable[[Job], Any]) -> Job:
    """Wait until the engine here knows a job of the other server, and knows it as asked."""
    eventually(lambda: engine.get(job_id) is not None)
    return until(engine, job_id, fits)


def test_a_job_is_stopped_gone_on_with_and_forgotten_at_another_server(engine: Engine, other: Other) -> None:
    job_id = other.train("ann")
    seen(engine, job_id, lambda job: job.kept >= 2)
    assert engine.stop(job_id, Visitor("ann")).state == "stopping"
    stopped = until(engine, job_id, is_over)
    assert (stopped.state, stopped.error) == ("stopped", "")
    assert own_runs().read(stopped.run).stopped is not None
    assert JobLog.here().asked_to_stop() == []
    assert other.jobs()[job_id][0] == "stopped"

    engine.go_on(job_id, Visitor("ann"))  # here, though it began there
    going = until(engine, job_id, lambda job: job.kept > stopped.kept)
    eventually(lambda: other.jobs()[job_id] == ["running", going.engine])
    engine.stop(job_id, Visitor("ann"))
    until(engine, job_id, is_over)
    eventually(lambda: other.jobs()[job_id][0] == "stopped")
    engine.forget(job_id, Visitor("ann"))
    eventually(lambda: job_id not in other.jobs())
    assert job_id not in unfinished_runs().ids()


def test_one_that_waits_at_another_server_is_taken_from_its_queue(engine: Engine, other: Other) -> None:
    first, second = other.train("ann"), other.train("ann")
    seen(engine, first, lambda job: job.state == "running")
    seen(engine, second, lambda job: job.state == "queued")
    engine.stop(second, Visitor("ann"))
    assert until(engine, second, is_over).state == "stopped"
    engine.stop(first, Visitor("ann"))
    until(engine, first, is_over)
    engine.forget(second, Visitor("ann"))
    eventually(lambda: second not in other.jobs())


def test_a_server_that_slept_leaves_what_was_taken_up_meanwhile(
    engine: Engine, other: Other, monkeypatch: pytest.MonkeyPatch
) -> None:
    job_id = other.train("ann")
    seen(engine, job_id, lambda job: job.kept >= 2)
    monkeypatch.setattr(log, "STALE", 6.0)  # seconds: twenty take long
    with other.suspended():
        left = until(engine, job_id, is_over)
        assert left.state == "interrupted"
        assert left.error.startswith("the server was restarted; epoch ")
        engine.go_on(job_id, Visitor("ann"))
        going = until(engine, job_id, lambda job: job.kept > left.kept)
    eventually(lambda: other.jobs()[job_id][1] == going.engine)
    again = until(engine, job_id, lambda job: job.kept > going.kept + 2)
    assert again.engine == going.engine
    rows = engine.live(job_id).epochs
    epochs = [row["epoch"] for row in rows]
    assert epochs == sorted(set(epochs))
    engine.stop(job_id, Visitor("ann"))
    assert until(engine, job_id, is_over).state == "stopped"


def test_the_jobs_of_a_killed_server_are_said_to_be_interrupted_and_go_on(engine: Engine, other: Other) -> None:
    job_id = other.train("ann")
    seen(engine, job_id, lambda job: job.kept >= 2)
    other.process.kill()
    other.process.wait()
    left = until(engine, job_id, is_over)
    assert left.state == "interrupted"
    assert left.error == f"the server was restarted; epoch {left.kept} is kept"
    assert engine.stop(job_id, Visitor("ann")).state == "interrupted"  # no request is left for nobody
    assert JobLog.here().asked_to_stop() == []
    engine.go_on(job_id, Visitor("ann"))
    until(engine, job_id, lambda job: job.kept > left.kept)
    engine.stop(job_id, Visitor("ann"))
    until(engine, job_id, is_over)
