"""What a person does with own runs: rename, note, delete and take back, hand over. Each asks who wants it."""

from __future__ import annotations

import re

from ae_models.base import UserError, Visitor, paths
from ae_models.base.trash import Deleted, OwnedFolders, Trash
from ae_models.runs.record import ID_PATTERN, MOST_NOTE, MOST_TITLE, RunRecord
from ae_models.runs.store import RunStore, own_runs, shipped_runs


def _folders(store: RunStore) -> OwnedFolders[RunRecord]:
    return OwnedFolders("run", store.root, "run.json", trash(), store.read)


def _own(store: RunStore, run_id: str) -> OwnedFolders[RunRecord]:
    """Return the folders of own runs; ``UserError`` for an id that is none, and for a run that ships."""
    if not re.fullmatch(ID_PATTERN, run_id):
        raise UserError(f"'{run_id[:64]}' is no id of a run")
    if store == shipped_runs():
        raise UserError(f"run '{run_id}' ships with Latent Lab and stays as it is: lessons and tests rest on it")
    return _folders(store)


def trash() -> Trash:
    """Return the runs that were deleted here: they can be taken back for 30 days."""
    return Trash(paths.home() / "trash")


def deleted() -> list[Deleted]:
    """Return what lies in the trash, the newest first."""
    return trash().all()


def owner_of(store: RunStore, run_id: str) -> str:
    """Return whose a run is, whole or damaged; "" where nobody's, or its record cannot be read at all."""
    return _folders(store).owner_of(run_id)


def amend(store: RunStore, run_id: str, by: Visitor, *, title: str | None = None, note: str | None = None) -> RunRecord:
    """Change what a run is called or what is noted of it, in one step; return its new record.

    Raises
    ------
    UserError
        For a shipped run, another person's, an empty title, one of more than 120 letters, or a note of more than
        2,000.
    """
    changes = {}
    if title is not None:
        changes["title"] = " ".join(title.split())
        if not 0 < len(changes["title"]) <= MOST_TITLE:
            raise UserError(f"a title must have 1 to {MOST_TITLE} letters: got {len(changes['title'])}")
    if note is not None:
        changes["note"] = note.strip()
        if len(changes["note"]) > MOST_NOTE:
            raise UserError(f"a note must have at most {MOST_NOTE:,} letters: got {len(changes['note']):,}")
    return _own(store, run_id).change(run_id, by, changes)


def new_recovery_secret(store: RunStore, run_id: str, by: Visitor) -> str:
    """Return a secret with which a run can be taken over from another browser, once; an earlier one is void then."""
    return _own(store, run_id).new_recovery_secret(run_id, by)


def take_over(store: RunStore, run_id: str, secret: str, by: Visitor) -> RunRecord:
    """Make a visitor the owner of a run whose secret they hold; the secret is spent. ``UserError`` for a wrong one."""
    return _own(store, run_id).take_over(run_id, secret, by)


def delete(run_id: str, by: Visitor, store: RunStore | None = None) -> Deleted:
    """Move an own run, whole or damaged, to the trash; forget what has lain there for more than 30 days."""
    store = store or own_runs()
    folders = _own(store, run_id)
    if run_id not in store:
        raise UserError(f"no run '{run_id}' in {store.root}")
    return folders.delete(run_id, by)


def restore(name: str, by: Visitor, store: RunStore | None = None) -> None:
    """Take a run back from the trash, by the name of its entry, or by its id: the newest of that id."""
    _folders(store or own_runs()).restore(name, by)
