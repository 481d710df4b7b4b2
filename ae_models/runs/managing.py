"""What a person does with own runs: rename, note, delete and take back. A deleted run waits in the trash."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import time
from dataclasses import dataclass

from ae_models import places
from ae_models.base import Mistake
from ae_models.runs.record import ID_PATTERN, MOST_NOTE, MOST_TITLE, RunRecord
from ae_models.runs.store import RunStore, own_runs, shipped_runs

KEPT_DAYS = 30


@dataclass(frozen=True)
class Deleted:
    """A run in the trash: its title (its id, where it was damaged) and when it was put there, seconds since 1970."""

    id: str
    title: str
    when: float


def trash() -> RunStore:
    """Return the runs that were deleted here: they can be taken back for 30 days."""
    return RunStore(places.home() / "trash")


def amend(store: RunStore, run_id: str, *, title: str | None = None, note: str | None = None) -> RunRecord:
    """Change what a run is called or what is noted of it, in one step; return its new record.

    Raises
    ------
    Mistake
        For a shipped run, an empty title, one of more than 120 letters, or a note of more than 2,000.
    """
    _own(store, run_id)
    record = store.read(run_id)
    changes = {}
    if title is not None:
        changes["title"] = " ".join(title.split())
        if not 0 < len(changes["title"]) <= MOST_TITLE:
            raise Mistake(f"a title must have 1 to {MOST_TITLE} letters: got {len(changes['title'])}")
    if note is not None:
        changes["note"] = note.strip()
        if len(changes["note"]) > MOST_NOTE:
            raise Mistake(f"a note must have at most {MOST_NOTE:,} letters: got {len(changes['note']):,}")
    amended = record.model_copy(update=changes)
    path = store.root / run_id / "run.json"
    beside = path.with_name(f".run-{secrets.token_hex(4)}")  # two browsers may rename at once
    try:
        beside.write_text(amended.model_dump_json(indent=1) + "\n", encoding="utf-8")
        beside.replace(path)
    except OSError as error:
        raise Mistake(f"run '{run_id}' could not be changed in {store.root} ({error.strerror})") from None
    finally:
        beside.unlink(missing_ok=True)
    return amended


def delete(run_id: str, store: RunStore | None = None) -> None:
    """Move an own run, whole or damaged, to the trash; forget what has lain there for more than 30 days."""
    store = store or own_runs()
    _own(store, run_id)
    if run_id not in store:
        raise Mistake(f"no run '{run_id}' in {store.root}")
    for old in deleted():
        if time.time() - old.when > KEPT_DAYS * 86_400:
            shutil.rmtree(trash().root / old.id, ignore_errors=True)
    _move(run_id, store, trash())


def restore(run_id: str, store: RunStore | None = None) -> None:
    """Take a run back from the trash."""
    if run_id not in trash():
        raise Mistake(f"no run '{run_id}' in the trash")
    store = store or own_runs()
    if run_id in store:
        raise Mistake(f"run '{run_id}' cannot be taken back: there is another one of this name")
    _move(run_id, trash(), store)


def deleted() -> list[Deleted]:
    """Return what lies in the trash, the newest first."""
    found = []
    for run_id in trash().ids():
        try:
            title = trash().read(run_id).title
        except Mistake:
            title = run_id
        try:
            found.append(Deleted(run_id, title, (trash().root / run_id).stat().st_mtime))
        except OSError:
            continue  # another visitor took it back just now
    return sorted(found, key=lambda run: -run.when)


def _move(run_id: str, source: RunStore, target: RunStore) -> None:
    places.writable(target.root)
    beside = target.root / f".moving-{secrets.token_hex(4)}"
    try:
        (source.root / run_id).rename(beside)  # of two visitors who do this at once, one fails here and harms nothing
        os.utime(beside)
        shutil.rmtree(target.root / run_id, ignore_errors=True)
        beside.rename(target.root / run_id)
    except OSError as error:
        raise Mistake(f"run '{run_id}' could not be moved to {target.root} ({error.strerror})") from None


def _own(store: RunStore, run_id: str) -> None:
    if not re.fullmatch(ID_PATTERN, run_id):
        raise Mistake(f"'{run_id[:64]}' is no id of a run")
    if store == shipped_runs():
        raise Mistake(f"run '{run_id}' ships with Latent Lab and stays as it is: lessons and tests rest on it")
