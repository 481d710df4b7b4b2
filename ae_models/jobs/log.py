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

from ae_models.base import UserError, as_user_error, paths
from ae_models.base.owners import title_and_owner
from ae_models.base.stored import plain_json, read_file, remove_file
from ae_models.jobs import live as lives
from ae_models.jobs.live import Live
from ae_models.jobs.record import DamagedJob, Job
from ae_models.runs import ID_PATTERN

_MOST_BYTES = 1_000_000  # of one job's file
STALE = 20.0  # seconds without a sign of life
_HERE: set[str] = set()  # engines of this very process


def new_engine() -> str:
    """Return a name for an engine: machine, process, and something no other has."""
    name = f"{paths.host()}.{os.getpid()}.{secrets.token_hex(4)}"
    _HERE.add(name)
    return name


@dataclass(frozen=True)
class JobLog:
    """Jobs below one folder. Nothing is ever half written: files are made beside and renamed."""

    root: Path

    @classmethod
    def here(cls) -> JobLog:
        """Return the log of ``AE_MODELS_HOME``."""
        return cls(paths.home() / "jobs")

    def save(self, job: Job, watched: Live | None = None) -> None:
        """Write a job down; ``UserError`` when it cannot be."""
        paths.writable(self.root)
        try:
            if watched is not None:
                self._replace(f"{job.id}.npz", lives.to_bytes(watched))
            Job.from_dict(job.to_dict())  # what could not be read again is not written
            self._replace(f"{job.id}.json", json.dumps(job.to_dict()).encode())
        except OSError as error:
            raise UserError(f"the job could not be written in {self.root} ({error.strerror})") from None

    def _replace(self, name: str, content: bytes) -> None:
        beside = paths.beside(self.root / name)
        try:
            beside.write_bytes(content)
            beside.replace(self.root / name)
        finally:
            beside.unlink(missing_ok=True)

    def load(self) -> list[Job]:
        """Return all whole jobs, oldest first; a damaged file hides no other."""
        return self.look()[0]

    def look(self) -> tuple[list[Job], list[DamagedJob]]:
        """Return all whole jobs, oldest first, and what is wrong with the other files."""
        jobs, damaged = [], []
        for job_id in self._ids():
            try:
                jobs.append(self._parsed(job_id))
            except FileNotFoundError:
                continue  # another server forgot it just now
            except (UserError, OSError) as error:
                why = str(error) if isinstance(error, UserError) else str(error.strerror)
                owner = title_and_owner(self.root / f"{job_id}.json")[1]
                damaged.append(DamagedJob(job_id, f"job '{job_id}' cannot be read: {why}", owner))
        return sorted(jobs, key=lambda job: job.created), damaged

    def _ids(self) -> list[str]:
        try:
            names = sorted(os.listdir(self.root))
        except OSError:
            return []
        stems = [name.removesuffix(".json") for name in names if name.endswith(".json")]
        return [stem for stem in stems if re.fullmatch(ID_PATTERN, stem)]

    def _parsed(self, job_id: str) -> Job:
        """Return a job by its file; ``UserError`` saying what is wrong with it."""
        try:
            values = plain_json(read_file(self.root / f"{job_id}.json", _MOST_BYTES))
        except ValueError as error:
            raise as_user_error(error, "it is no JSON") from None
        if not isinstance(values, dict):
            raise UserError("it is no JSON object")
        job = Job.from_dict(values)
        if job.id != job_id:
            raise UserError(f"it belongs to '{job.id}'")
        return job

    def read(self, job_id: str) -> Job | None:
        """Return one job as it was last written down; None where it cannot be read."""
        with suppress(UserError, OSError):
            return self._parsed(job_id)
        return None

    def has(self, job_id: str) -> bool:
        """Whether a job's file is there, readable or not; true where the folder itself cannot be looked into."""
        try:
            return f"{job_id}.json" in os.listdir(self.root)
        except OSError:
            return True

    def watched(self, job_id: str) -> Live:
        """Return what was watched of a job; an empty one where nothing was, or it cannot be read."""
        with suppress(UserError, OSError):
            return lives.from_bytes(read_file(self.root / f"{job_id}.npz", lives.MOST_BYTES))
        return Live()

    def remove(self, job_id: str) -> None:
        """Forget a job."""
        if re.fullmatch(ID_PATTERN, job_id):
            for ending in ("json", "npz", "stop"):
                remove_file(self.root / f"{job_id}.{ending}")

    def ask_to_stop(self, job_id: str) -> None:
        """Leave a request for the server that has a job; ``UserError`` when it cannot be left."""
        paths.writable(self.root)
        try:
            (self.root / f"{job_id}.stop").touch()
        except OSError as error:
            raise UserError(f"the request to stop could not be left in {self.root} ({error.strerror})") from None

    def asked_to_stop(self) -> list[str]:
        """Return the ids of all jobs that somebody, at any server, asked to stop."""
        return [path.stem for path in self.root.glob("*.stop") if re.fullmatch(ID_PATTERN, path.stem)]

    def heard(self, job_id: str) -> None:
        """Take a request to stop away: it was heard, or is about what is over."""
        with suppress(OSError):
            (self.root / f"{job_id}.stop").unlink(missing_ok=True)

    def sign(self, engine: str) -> None:
        """Leave a sign of life of an engine; a full disk is no reason to stop."""
        with suppress(OSError, UserError):
            paths.writable(self.root)
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
                host == paths.host()
                and engine not in _HERE
                and (int(pid) == os.getpid() or not psutil.pid_exists(int(pid)))
            ):
                return False  # the process before this one: a restart, or a container that counts from 1 again
        except (OSError, ValueError):
            return False
        return age < STALE
