"""Folders of interrupted trainings that cannot be gone on with: which they are, whose, and how they are deleted."""

from __future__ import annotations

import re
import time

from ae_models.base import UserError, Visitor
from ae_models.base.owners import said_of
from ae_models.base.stored import remove_file
from ae_models.jobs.log import JobLog
from ae_models.jobs.record import DamagedJob
from ae_models.recipes import TrainRequest
from ae_models.runs import ID_PATTERN, RunStore, unfinished_runs

_SETTLED = 60.0  # seconds: a folder that was touched later may be one that is being written


def damaged() -> list[DamagedJob]:
    """Return the folders of interrupted trainings that cannot be read, but for those that are being written."""
    found = []
    for run_id in RunStore(unfinished_runs().root).ids():
        why = _fault(run_id)
        if why and not _is_written(run_id):
            found.append(DamagedJob(run_id, why, said_of(JobLog.here().root / f"{run_id}.json")[1]))
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
