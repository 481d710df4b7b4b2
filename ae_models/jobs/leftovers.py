"""What was left half done in the store: swept when a server starts, or shown, so that its owner can delete it."""

from __future__ import annotations

import os
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from ae_models.base import UserError, Visitor, paths
from ae_models.base.owners import title_and_owner
from ae_models.base.stored import remove_file
from ae_models.jobs.log import JobLog
from ae_models.jobs.record import DamagedJob
from ae_models.recipes import TrainRequest
from ae_models.runs import ID_PATTERN, RunStore, unfinished_runs

LONG_AGO = 3600.0  # seconds: nothing that is being written was touched last so long ago
FOLDERS = ("runs", "trash", "unfinished", "data", "datasets", "jobs", "cache")  # of the store; no others
_OURS = re.compile(r"\..+@(?P<host>[a-z0-9-]+)\.(?P<process>\d{1,10})-[0-9a-z_-]+")  # see places.beside
_NAMELESS = re.compile(
    r"\.(?:new|run|moving)-[0-9a-z_]+|\.write-\d+-\d+|\..+\.(?:json|npz)-\d+|\.checkpoint|\.order\.json"
)


def sweep(home: Path | None = None) -> list[Path]:
    """Remove what nobody will finish, signs of life and requests to stop among it; return what went.

    A half-written file or folder says whose it is: it goes when that process, on this machine, is gone. Where that
    cannot be known (another machine's, or one that an earlier version left) it goes when it was not touched for an
    hour. A run that was being moved when its process died is no rubbish: it is put where it was going.
    """
    home = home or paths.home()
    gone = []
    for path in (path for name in FOLDERS for path in _hidden(home / name)):
        with suppress(OSError):
            if not _is_over(path):
                continue
            if path.name.startswith(".moving-") and _arrived(path):
                continue
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
            gone.append(path)
    return gone + _signs(JobLog(home / "jobs"))


def _hidden(root: Path) -> Iterator[Path]:
    """Yield what has a name of ours that begins with a dot; nothing that a link leads to is looked into."""
    for folder, folders, files in os.walk(root):
        names = [name for name in (*folders, *files) if _OURS.fullmatch(name) or _NAMELESS.fullmatch(name)]
        folders[:] = [name for name in folders if name not in names]
        yield from (Path(folder) / name for name in names)


def _is_over(path: Path) -> bool:
    """Whether nobody writes here any more."""
    touched = _touched(path)
    known = _OURS.fullmatch(path.name)
    if known and known["host"] == paths.host():
        return not _may_write(int(known["process"]), touched)
    return time.time() - touched > LONG_AGO


def _touched(path: Path) -> float:
    """Return when a file, or the newest in a folder, was last written."""
    inside = path.rglob("*") if path.is_dir() and not path.is_symlink() else ()
    return float(max(one.lstat().st_mtime for one in (path, *inside)))


def _may_write(process: int, touched: float) -> bool:
    """Whether a process of this machine lives that may have written something at this time: not a later one."""
    import psutil

    try:
        return bool(psutil.Process(process).create_time() <= touched + 1)
    except psutil.NoSuchProcess:
        return False
    except psutil.Error:
        return True


def _arrived(path: Path) -> bool:
    """Put a run that was on its way where it was going, under the id that its record says; False where it has none."""
    from ae_models.base import UserError
    from ae_models.runs.store import parsed

    try:
        record = parsed(None, (path / "run.json").read_bytes())
    except (UserError, OSError):
        return False
    there = path.with_name(record.id)
    if there.exists():
        return False
    path.rename(there)
    return True


def _signs(log: JobLog) -> list[Path]:
    """Remove signs of life of engines that are gone, and requests to stop that nobody is left to hear."""
    gone = []
    for path in [*log.root.glob("*.alive"), *log.root.glob("*.stop")]:
        with suppress(OSError):
            if path.suffix == ".alive" and log.lives(path.stem):
                continue
            job = log.read(path.stem) if path.suffix == ".stop" else None
            if job is not None and log.lives(job.engine) and not job.is_over:
                continue
            path.unlink()
            gone.append(path)
    return gone


_SETTLED = 60.0  # seconds: a folder that was touched later may be one that is being written


def damaged() -> list[DamagedJob]:
    """Return the folders of interrupted trainings that cannot be read, but for those that are being written."""
    found = []
    for run_id in RunStore(unfinished_runs().root).ids():
        why = _fault(run_id)
        if why and not _is_written(run_id):
            found.append(DamagedJob(run_id, why, title_and_owner(JobLog.here().root / f"{run_id}.json")[1]))
    return found


def remove(run_id: str, by: Visitor) -> None:
    """Delete such a folder; ``UserError`` where it is none, or another person's."""
    found = {bad.id: bad for bad in damaged()}
    if not re.fullmatch(ID_PATTERN, run_id) or run_id not in found:
        raise UserError(f"interrupted run '{run_id[:64]}' is not there any more, or can be gone on with")
    by.check(found[run_id].owner, f"interrupted run '{run_id}'")
    remove_file(unfinished_runs().root / run_id)


def _fault(run_id: str) -> str:
    try:
        order = unfinished_runs().order(run_id)
    except UserError as mistake:
        return str(mistake)
    try:
        TrainRequest.from_dict(order)
    except UserError as mistake:
        return f"interrupted run '{run_id}' cannot be gone on with: {mistake}"
    return ""


def _is_written(run_id: str) -> bool:
    """Whether a training that goes on may be about to write here."""
    job = JobLog.here().read(run_id)
    if job is not None and not job.is_over:
        return True
    folder = unfinished_runs().root / run_id
    try:
        return not folder.is_symlink() and time.time() - folder.stat().st_mtime < _SETTLED
    except OSError:
        return False
