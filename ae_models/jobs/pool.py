"""The workers: processes on this machine, or those of a Dask scheduler elsewhere. ``distributed`` lives here only."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from ae_models.base import FloatArray, UserError, every_core
from ae_models.jobs import prewarm, work

SCHEDULER = "AE_MODELS_SCHEDULER"
WORKERS = "AE_MODELS_WORKERS"
MEMORY = "AE_MODELS_MEMORY"
READY = "AE_MODELS_READY"
_STAGES = {"none": (), "training": ("training",), "all": ("training", "maps")}  # what a worker gets ready for
_GIGABYTE = 2**30
_A_WORKER = 1.5 * _GIGABYTE  # torch, Lightning and umap loaded are 0.7; the rest is for data
_ASK = 10.0  # seconds to wait for a scheduler's answer


@dataclass(frozen=True)
class Worker:
    """One worker: it does one job at a time, with ``threads`` threads."""

    address: str
    threads: int
    memory: int  # bytes; 0: no limit known
    takes_tasks: bool = True  # not while it starts, pauses or closes


@dataclass(frozen=True)
class WorkerPlan:
    """What to open. ``scheduler`` is the address of one elsewhere; without it, processes on this machine."""

    scheduler: str = ""
    workers: int = 1
    threads: int = 1
    memory: int = 0  # bytes a worker
    warm: tuple[str, ...] = ("training", "maps")  # what workers get ready for before the first job
    low_priority: bool = True  # processes on this machine step back behind the pages

    @classmethod
    def of_environment(cls) -> WorkerPlan:
        """Return what the environment says: by default as many workers as the machine carries.

        That is one for each core, at most eight, and no more than the memory holds; each has ``cores // workers``
        threads and its share of four fifths of the memory. ``AE_MODELS_READY`` says what workers get ready for before
        the first job: ``all``, ``training`` (maps take a minute of a core, and 0.3 GB), ``none``.
        """
        import psutil

        cores = every_core()
        free = _memory_of_machine(psutil.virtual_memory().total) * 4 // 5
        workers = max(1, min(cores, 8, int(free // _A_WORKER)))
        if text := os.environ.get(WORKERS, "").strip():
            if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 64):
                raise UserError(f"{WORKERS} must be a whole number from 1 to 64: got '{text[:40]}'")
            workers = int(text)
        memory = free // workers
        if text := os.environ.get(MEMORY, "").strip():
            try:
                memory = int(float(text) * _GIGABYTE)
            except (ValueError, OverflowError):
                memory = 0
            if memory < _GIGABYTE // 4:
                raise UserError(f"{MEMORY} must be the gigabytes of one worker, at least 0.25: got '{text[:40]}'")
        ready = os.environ.get(READY, "").strip() or "all"
        if ready not in _STAGES:
            raise UserError(f"{READY} must be one of {', '.join(_STAGES)}: got '{ready[:40]}'")
        scheduler = os.environ.get(SCHEDULER, "").strip()
        return cls(scheduler, workers, max(1, cores // workers), memory, _STAGES[ready])


def _memory_of_machine(total: int) -> int:
    """Return the bytes of memory here: those of the container where it has less than the machine."""
    for path in ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"):
        with suppress(OSError, ValueError), open(path) as stream:
            return min(total, int(stream.read()))
    return total


def _check_address(address: str) -> None:
    """Raise ``UserError`` for what can be no scheduler's address: connecting to it would take long to fail."""
    from distributed.comm.addressing import parse_address, parse_host_port
    from distributed.comm.registry import get_backend

    try:
        scheme, location = parse_address(address)
        get_backend(scheme)
        parse_host_port(location)
    except ValueError:
        raise UserError(f"{SCHEDULER} must be like tls://host:8786: got '{address[:80]}'") from None


def _leave_out_main() -> None:
    """Keep worker processes from running ``__main__`` again: Streamlit puts the page's script there."""
    from multiprocessing import spawn

    prepare = spawn.get_preparation_data
    if getattr(prepare, "without_main", False):
        return

    def prepared(name: str) -> dict[str, Any]:
        data: dict[str, Any] = prepare(name)
        return {key: value for key, value in data.items() if not key.startswith("init_main_from_")}

    prepared.without_main = True  # type: ignore[attr-defined]
    spawn.get_preparation_data = prepared


class Pool:
    """A connection to workers. ``open`` and ``close`` take seconds: never call them while a visitor waits."""

    def __init__(self, plan: WorkerPlan) -> None:
        self.plan = plan
        self._cluster: Any = None
        self._client: Any = None

    def open(self) -> None:
        """Start the processes, or connect to the scheduler; ``UserError`` when it cannot be reached."""
        import dask
        from distributed import Client, LocalCluster

        if self.plan.scheduler:
            _check_address(self.plan.scheduler)
            try:
                self._client = Client(self.plan.scheduler, timeout=_ASK, set_as_default=False, name="latent-lab")
            except (OSError, ValueError, TypeError) as error:
                raise UserError(
                    f"the scheduler {self.plan.scheduler} ({SCHEDULER}) cannot be reached ({type(error).__name__})"
                ) from None
            return
        settings: dict[str, Any] = {
            "distributed.scheduler.allowed-failures": 0,  # a job that kills its worker is not tried on the next one
            "distributed.admin.low-level-log-length": 16,  # messages are pushed: the scheduler need not keep them
            "distributed.worker.memory.target": False,
            "distributed.worker.memory.spill": False,
            "distributed.worker.memory.pause": False,
            "distributed.worker.memory.terminate": 0.95,
            "distributed.worker.profile.enabled": False,  # it looks at the running thread a hundred times a second
            "distributed.scheduler.http.routes": [],  # no dashboard, nothing to look at
            "distributed.worker.http.routes": [],
        }
        dask.config.set(settings)
        _leave_out_main()
        self._cluster = LocalCluster(
            n_workers=self.plan.workers,
            threads_per_worker=self.plan.threads,
            processes=True,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",
            memory_limit=self.plan.memory or None,
            silence_logs=50,
            preload=["ae_models.jobs.prewarm"] if self.plan.low_priority else [],
        )
        self._client = Client(self._cluster, set_as_default=False)

    def close(self) -> None:
        """Let go of the workers; those on this machine end."""
        for part in (self._client, self._cluster):
            if part is not None:
                with suppress(Exception):
                    part.close(timeout=5)
        self._client = self._cluster = None

    @property
    def alive(self) -> bool:
        """Whether the scheduler answers."""
        return self._client is not None and self._client.status == "running"

    def workers(self) -> list[Worker] | None:
        """Return the workers there are now; None when the scheduler does not answer."""
        try:
            found = self._client.scheduler_info(n_workers=-1)["workers"]
        except Exception:  # noqa: BLE001 - whatever a connection that breaks may raise
            return None
        return [
            Worker(address, int(about["nthreads"]), int(about["memory_limit"] or 0), about.get("status") == "running")
            for address, about in found.items()
        ]

    def listen(self, topic: str, heard: Callable[[dict[str, Any]], None]) -> None:
        """Call ``heard`` with each message that workers log under a topic, from the connection's own thread."""
        self._client.subscribe_topic(topic, lambda event: heard(event[1]))

    def submit(self, task: work.Task, worker: str, ended: Callable[[Any], None]) -> Any:
        """Send a task to a worker, once; ``ended`` gets the future when it is over. Keep the future."""
        future = self._client.submit(
            work.perform,
            task,
            key=task.name,
            pure=False,
            retries=0,
            workers=[worker],
            allow_other_workers=True,
        )
        future.add_done_callback(ended)
        return future

    def warm(self, worker: str, stage: str, topic: str) -> None:
        """Have a worker get ready for a kind of job; it says ``warm`` under the topic when it is."""
        self._client.run(prewarm.begin, stage, topic, workers=[worker], on_error="ignore")

    def place(self, name: str, rows: FloatArray, worker: str, wait: float) -> FloatArray | None:
        """Return where a map that a worker holds puts flat images; None when none answers in ``wait`` seconds."""
        future = self._client.submit(prewarm.place, name, rows, pure=False, retries=0, workers=[worker], priority=10)
        try:
            points: FloatArray | None = future.result(timeout=wait)
        except Exception:  # noqa: BLE001 - late, or the worker died: the page has an estimate
            future.cancel()
            return None
        return points

    def ask_to_stop(self, task: work.Task) -> None:
        """Raise the flag that the worker looks at before each batch."""
        from distributed import Event

        Event(task.flag, client=self._client).set()

    def kill(self, address: str) -> bool:
        """End a worker's process, whatever it does, and return whether it is over; its nanny starts another."""
        try:
            ended = self._client.restart_workers([address], timeout=20, raise_for_error=False)
        except Exception:  # noqa: BLE001 - the connection broke, or it takes longer
            return False
        return ended.get(address) in ("OK", "removed")
