"""The jobs of one store: a JSON file each, and beside it what was watched of it. Several servers may share them."""

from __future__ import annotations

import json
import os
import re
import secrets
import socket
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ae_models import places
from ae_models.base import Mistake
from ae_models.jobs import live as lives
from ae_models.jobs.live import Live
from ae_models.jobs.record import Job
from ae_models.runs import ID_PATTERN

STALE = 20.0  # seconds without a sign of life


def new_engine() -> str:
    """Return a name for an engine: machine, process, and something no other has."""
    host = re.sub(r"[^a-z0-9]+", "-", socket.gethostname().lower())[:30].strip("-") or "here"
    return f"{host}.{os.getpid()}.{secrets.token_hex(4)}"


@dataclass(frozen=True)
class Journal:
    """Jobs below one folder. Nothing is ever half written: files are made beside and renamed."""

    root: Path

    @classmethod
    def here(cls) -> Journal:
        """Return the journal of ``AE_MODELS_HOME``."""
        return cls(places.home() / "jobs")

    def save(self, job: Job, watched: Live | None = None) -> None:
        """Write a job down; ``Mistake`` when it cannot be."""
        places.writable(self.root)
        try:
            if watched is not None:
                self._replace(f"{job.id}.npz", lives.to_bytes(watched))
            self._replace(f"{job.id}.json", json.dumps(job.to_dict()).encode())
        except OSError as error:
            raise Mistake(f"the job could not be written in {self.root} ({error.strerror})") from None

    def _replace(self, name: str, content: bytes) -> None:
        beside = self.root / f".{name}-{os.getpid()}"
        try:
            beside.write_bytes(content)
            beside.replace(self.root / name)
        finally:
            beside.unlink(missing_ok=True)

    def load(self) -> list[Job]:
        """Return all readable jobs, oldest first; a damaged file hides no other."""
        jobs = []
        for path in sorted(self.root.glob("*.json")):
            if re.fullmatch(ID_PATTERN, path.stem):
                with suppress(Mistake, OSError, ValueError, TypeError, RecursionError):
                    job = Job.from_dict(json.loads(path.read_bytes()))
                    if job.id == path.stem:
                        jobs.append(job)
        return sorted(jobs, key=lambda job: job.created)

    def watched(self, job_id: str) -> Live:
        """Return what was watched of a job; an empty one where nothing was, or it cannot be read."""
        with suppress(Mistake, OSError):
            return lives.from_bytes((self.root / f"{job_id}.npz").read_bytes())
        return Live()

    def remove(self, job_id: str) -> None:
        """Forget a job."""
        if re.fullmatch(ID_PATTERN, job_id):
            for ending in ("json", "npz"):
                (self.root / f"{job_id}.{ending}").unlink(missing_ok=True)

    def sign(self, engine: str) -> None:
        """Leave a sign of life of an engine; a full disk is no reason to stop."""
        with suppress(OSError, Mistake):
            places.writable(self.root)
            (self.root / f"{engine}.alive").touch()

    def sign_off(self, engine: str) -> None:
        """Take the sign of life away."""
        with suppress(OSError):
            (self.root / f"{engine}.alive").unlink(missing_ok=True)

    def lives(self, engine: str) -> bool:
        """Say whether an engine lives: it left a sign lately, and its process is there if it is on this machine."""
        import psutil

        try:
            age = time.time() - (self.root / f"{engine}.alive").stat().st_mtime
            host, pid, _ = engine.split(".")
            own_host, own_pid, _ = new_engine().split(".")
        except (OSError, ValueError):
            return False
        if host == own_host and (pid == own_pid or not psutil.pid_exists(int(pid))):
            return False  # the process before this one: a restart, or a container that counts from 1 again
        return age < STALE
