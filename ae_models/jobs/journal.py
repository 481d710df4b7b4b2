"""The jobs of one store: a JSON file each, and beside it what was watched of it. Several servers may share them."""

from __future__ import annotations

import json
import os
import re
import secrets
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
_HERE: set[str] = set()  # engines of this very process


def new_engine() -> str:
    """Return a name for an engine: machine, process, and something no other has."""
    name = f"{places.host()}.{os.getpid()}.{secrets.token_hex(4)}"
    _HERE.add(name)
    return name


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
        beside = places.beside(self.root / name)
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
                job = self.read(path.stem)
                if job is not None:
                    jobs.append(job)
        return sorted(jobs, key=lambda job: job.created)

    def read(self, job_id: str) -> Job | None:
        """Return one job as it was last written down; None where it cannot be read."""
        with suppress(Mistake, OSError, ValueError, TypeError, RecursionError):
            job = Job.from_dict(json.loads((self.root / f"{job_id}.json").read_bytes()))
            if job.id == job_id:
                return job
        return None

    def has(self, job_id: str) -> bool:
        """Whether a job's file is there, readable or not; true where the folder itself cannot be looked into."""
        try:
            return f"{job_id}.json" in os.listdir(self.root)
        except OSError:
            return True

    def watched(self, job_id: str) -> Live:
        """Return what was watched of a job; an empty one where nothing was, or it cannot be read."""
        with suppress(Mistake, OSError):
            return lives.from_bytes((self.root / f"{job_id}.npz").read_bytes())
        return Live()

    def remove(self, job_id: str) -> None:
        """Forget a job."""
        if re.fullmatch(ID_PATTERN, job_id):
            for ending in ("json", "npz", "stop"):
                (self.root / f"{job_id}.{ending}").unlink(missing_ok=True)

    def ask_to_stop(self, job_id: str) -> None:
        """Leave a request for the server that has a job; ``Mistake`` when it cannot be left."""
        places.writable(self.root)
        try:
            (self.root / f"{job_id}.stop").touch()
        except OSError as error:
            raise Mistake(f"the request to stop could not be left in {self.root} ({error.strerror})") from None

    def asked_to_stop(self) -> list[str]:
        """Return the ids of all jobs that somebody, at any server, asked to stop."""
        return [path.stem for path in self.root.glob("*.stop") if re.fullmatch(ID_PATTERN, path.stem)]

    def heard(self, job_id: str) -> None:
        """Take a request to stop away: it was heard, or is about what is over."""
        with suppress(OSError):
            (self.root / f"{job_id}.stop").unlink(missing_ok=True)

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
            if (
                host == places.host()
                and engine not in _HERE
                and (int(pid) == os.getpid() or not psutil.pid_exists(int(pid)))
            ):
                return False  # the process before this one: a restart, or a container that counts from 1 again
        except (OSError, ValueError):
            return False
        return age < STALE
