"""What a person does with own runs: rename, note, delete and take back, hand over. Each asks who wants it.

A deleted run waits in the trash. One process at a time changes what lies in a store.
"""

from __future__ import annotations

import re
from typing import Any

from pydantic import ValidationError

from ae_models.base import UserError, Visitor, owners, paths
from ae_models.base.fields import first_fault
from ae_models.base.owners import said_of
from ae_models.base.trash import Deleted, Trash, moved
from ae_models.runs.record import ID_PATTERN, MOST_NOTE, MOST_TITLE, RunRecord
from ae_models.runs.store import RunStore, own_runs, shipped_runs


def trash() -> Trash:
    """Return the runs that were deleted here: they can be taken back for 30 days."""
    return Trash(paths.home() / "trash")


def deleted() -> list[Deleted]:
    """Return what lies in the trash, the newest first."""
    return trash().all()


def owner_of(store: RunStore, run_id: str) -> str:
    """Return whose a run is, whole or damaged; "" where nobody's, or its record cannot be read at all."""
    return said_of(store.root / run_id / "run.json")[1] if re.fullmatch(ID_PATTERN, run_id) else ""


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
    _own(store, run_id)
    with paths.locked(store.root):
        record = store.read(run_id)
        by.check(record.owner, f"run '{run_id}'")
        return _rewritten(store, record, changes)


def new_recovery_secret(store: RunStore, run_id: str, by: Visitor) -> str:
    """Return a secret with which a run can be taken over from another browser, once; an earlier one is void then."""
    _own(store, run_id)
    secret, digest = owners.new_secret()
    with paths.locked(store.root):
        record = store.read(run_id)
        by.check(record.owner, f"run '{run_id}'")
        _rewritten(store, record, {"recovery": digest})
    return secret


def take_over(store: RunStore, run_id: str, secret: str, by: Visitor) -> RunRecord:
    """Make a visitor the owner of a run whose secret they hold; the secret is spent. ``UserError`` for a wrong one."""
    _own(store, run_id)
    if not by.id:
        raise UserError("this browser keeps no cookies, so nothing could be known as yours: allow them, and reload")
    with paths.locked(store.root):
        record = store.read(run_id)
        if not owners.fits(secret, record.recovery):
            raise UserError(f"this link does not open run '{run_id}': it was used, or a newer one was made")
        return _rewritten(store, record, {"owner": by.id, "recovery": ""})


def delete(run_id: str, by: Visitor, store: RunStore | None = None) -> Deleted:
    """Move an own run, whole or damaged, to the trash; forget what has lain there for more than 30 days."""
    store = store or own_runs()
    _own(store, run_id)
    if run_id not in store:
        raise UserError(f"no run '{run_id}' in {store.root}")
    with paths.locked(store.root):
        by.check(owner_of(store, run_id), f"run '{run_id}'")
        trash().forget_old()
        try:
            return trash().put(store.root / run_id)
        except OSError as error:
            raise moved(f"run '{run_id}'", store.root, error) from None


def restore(name: str, by: Visitor, store: RunStore | None = None) -> None:
    """Take a run back from the trash, by the name of its entry, or by its id: the newest of that id.

    Raises
    ------
    UserError
        When there is none, it is another person's, or there is a run of its id again.
    """
    store = store or own_runs()
    with paths.locked(store.root):
        gone = trash().find(name, lambda gone: by.may_change(gone.owner))
        if gone is None:
            raise UserError(f"no run '{name[:80]}' in the trash")
        by.check(gone.owner, f"deleted run '{gone.id}'")
        if gone.id in store:
            raise UserError(f"run '{gone.id}' cannot be taken back: there is another one of this name")
        try:
            trash().take_back(gone, store.root / gone.id)
        except OSError as error:
            raise moved(f"run '{gone.id}'", trash().root, error) from None


def _rewritten(store: RunStore, record: RunRecord, changes: dict[str, Any]) -> RunRecord:
    """Write a changed record in one step; call it with the store locked."""
    try:
        amended = RunRecord.model_validate({**record.model_dump(), **changes})
    except ValidationError as error:
        raise UserError(f"run '{record.id}' cannot be changed so: {first_fault(error)}") from None
    beside = paths.beside(store.root / "run.json")
    try:
        beside.write_text(amended.model_dump_json(indent=1) + "\n", encoding="utf-8")
        beside.replace(store.root / record.id / "run.json")
    except OSError as error:
        raise UserError(f"run '{record.id}' could not be changed in {store.root} ({error.strerror})") from None
    finally:
        beside.unlink(missing_ok=True)
    return amended


def _own(store: RunStore, run_id: str) -> None:
    if not re.fullmatch(ID_PATTERN, run_id):
        raise UserError(f"'{run_id[:64]}' is no id of a run")
    if store == shipped_runs():
        raise UserError(f"run '{run_id}' ships with Latent Lab and stays as it is: lessons and tests rest on it")
