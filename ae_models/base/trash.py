"""Folders with an owner, and the trash: what is deleted can be had back, and none takes another's place there."""

from __future__ import annotations

import json
import re
import secrets
import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, Protocol, Self, TypeVar

from pydantic import ValidationError

from ae_models.base import UserError, Visitor, owners, paths
from ae_models.base.fields import first_fault
from ae_models.base.owners import title_and_owner
from ae_models.base.stored import is_folder, plain_json, read_file

KEPT_DAYS = 30
_ENTRY = re.compile(r"([a-z0-9-]{1,64})(?:\.[0-9a-f]{8})?")  # without a suffix in stores of earlier versions
_RECORDS = ("run.json", "card.json")
_MOST_BYTES = 100_000  # of what stands beside a folder
_LATEST = 7.2e9  # seconds since 1970: the year 2198


@dataclass(frozen=True)
class Deleted:
    """What lies in the trash: under which name, what it was, its title, whose, and since when (seconds since 1970)."""

    entry: str
    id: str
    title: str
    owner: str
    when: float


@dataclass(frozen=True)
class Trash:
    """The deleted folders below one folder; beside each a small JSON that says what it was, whose, and when it came."""

    root: Path

    def put(self, folder: Path) -> Deleted:
        """Take a folder away; ``OSError`` where another process did so just now, or it cannot be moved."""
        title, owner = _said(folder)
        made = Deleted(f"{folder.name}.{secrets.token_hex(4)}", folder.name, title or folder.name, owner, time.time())
        about = self._about(made.entry)
        values = {"id": made.id, "title": made.title, "owner": made.owner, "when": made.when}
        try:
            paths.writable(self.root)
            about.write_text(json.dumps(values) + "\n", encoding="utf-8")
            folder.rename(self.root / made.entry)
        except OSError:
            about.unlink(missing_ok=True)
            raise
        return made

    def take_back(self, gone: Deleted, folder: Path) -> None:
        """Put a folder back where it was; ``OSError`` where something is there again, or it cannot be moved."""
        (self.root / gone.entry).rename(folder)  # a folder that is not empty is never replaced
        with suppress(OSError):
            self._about(gone.entry).unlink(missing_ok=True)

    def all(self) -> list[Deleted]:
        """Return what can be had back, the newest first."""
        try:
            folders = [path for path in self.root.iterdir() if path.is_dir() and not path.is_symlink()]
        except OSError:
            return []
        found = []
        for folder in folders:
            if _ENTRY.fullmatch(folder.name):
                with suppress(FileNotFoundError):  # taken back just now
                    found.append(self._read(folder.name))
        return sorted(found, key=lambda gone: -gone.when)

    def find(self, name: str, fits: Callable[[Deleted], bool]) -> Deleted | None:
        """Return the entry of this name, else the newest that was called so and of which ``fits`` is true, or any."""
        every = self.all()
        called = [gone for gone in every if gone.id == name]
        exact = [gone for gone in every if gone.entry == name and gone.entry != gone.id]
        return next(iter([*exact, *filter(fits, called), *called]), None)

    def forget_old(self) -> None:
        """Delete for good what has lain here for more than 30 days."""
        for gone in self.all():
            if time.time() - gone.when > KEPT_DAYS * 86_400:
                shutil.rmtree(self.root / gone.entry, ignore_errors=True)
                with suppress(OSError):
                    self._about(gone.entry).unlink(missing_ok=True)

    def _about(self, entry: str) -> Path:
        return self.root / f"{entry}.json"

    def _read(self, entry: str) -> Deleted:
        folder, known = self.root / entry, _ENTRY.fullmatch(entry)
        assert known is not None
        title, owner = _said(folder)
        times = folder.stat()
        about = self._beside(entry)
        when = about.get("when")
        if isinstance(when, bool) or not isinstance(when, int | float):
            when = max(times.st_mtime, times.st_ctime)
        title, owner = title or _text(about, "title", 120), owner or _text(about, "owner", 64)
        return Deleted(entry, known[1], title or known[1], owner, min(max(0.0, float(when)), _LATEST))

    def _beside(self, entry: str) -> dict[str, Any]:
        """Return what stands beside a folder; nothing where that is no plain file with a JSON object in it."""
        try:
            found = plain_json(read_file(self._about(entry), _MOST_BYTES))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}


def _text(values: dict[str, Any], key: str, most: int) -> str:
    found = values.get(key)
    return found[:most] if isinstance(found, str) else ""


def _said(folder: Path) -> tuple[str, str]:
    return next((said for said in (title_and_owner(folder / name) for name in _RECORDS) if any(said)), ("", ""))


class OwnedRecord(Protocol):
    """What a folder says of itself, as a pydantic model: whose it is, and the digest of its recovery secret."""

    owner: str
    recovery: str

    def model_dump(self) -> dict[str, Any]:
        """Return its fields."""

    def model_dump_json(self, *, indent: int) -> str:
        """Return it as JSON."""

    @classmethod
    def model_validate(cls, obj: Any) -> Self:
        """Return one of these fields, checked."""


Record = TypeVar("Record", bound=OwnedRecord)


@dataclass(frozen=True)
class OwnedFolders(Generic[Record]):
    """Folders of one kind: delete, take back, change, hand over. Each asks who wants it.

    One process at a time changes what lies in ``root``.

    Parameters
    ----------
    what : str
        What messages call one: "run".
    record : str
        The file in each folder that says what it is: "run.json".
    read : callable
        Returns the record of a folder by its name; ``UserError`` where it cannot be read.
    """

    what: str
    root: Path
    record: str
    trash: Trash
    read: Callable[[str], Record]

    def owner_of(self, name: str) -> str:
        """Return whose a folder is, whole or damaged; "" where nobody's, or its record cannot be read at all."""
        return title_and_owner(self.root / name / self.record)[1] if re.fullmatch(r"[a-z0-9-]{1,64}", name) else ""

    def delete(self, name: str, by: Visitor) -> Deleted:
        """Put a folder, whole or damaged, away for 30 days; forget what has lain there for longer."""
        with paths.locked(self.root):
            by.check(self.owner_of(name), f"{self.what} '{name}'")
            self.trash.forget_old()
            try:
                return self.trash.put(self.root / name)
            except OSError as error:
                raise _moved(f"{self.what} '{name}'", self.root, error) from None

    def restore(self, name: str, by: Visitor) -> None:
        """Take a folder back, by the name of its entry in the trash, or by its own: the newest of that name.

        Raises
        ------
        UserError
            When there is none, it is another person's, or there is one of its name again.
        """
        with paths.locked(self.root):
            gone = self.trash.find(name, lambda gone: by.may_change(gone.owner))
            if gone is None:
                known = sorted({each.id for each in self.trash.all()})
                raise UserError(f"no {self.what} '{name[:80]}' in the trash: {', '.join(known) or 'there is none'}")
            by.check(gone.owner, f"deleted {self.what} '{gone.id}'")
            if is_folder(self.root / gone.id):
                raise UserError(f"{self.what} '{gone.id}' cannot be taken back: there is another one of this name")
            try:
                self.trash.take_back(gone, self.root / gone.id)
            except OSError as error:
                raise _moved(f"{self.what} '{gone.id}'", self.trash.root, error) from None

    def change(self, name: str, by: Visitor, changes: dict[str, Any]) -> Record:
        """Change what a folder says of itself, in one step; return its new record."""
        with paths.locked(self.root):
            record = self.read(name)
            by.check(record.owner, f"{self.what} '{name}'")
            return self._rewritten(name, record, changes)

    def new_recovery_secret(self, name: str, by: Visitor) -> str:
        """Return a secret with which one can be taken over from another browser, once; an earlier one is void then."""
        secret, digest = owners.new_secret()
        self.change(name, by, {"recovery": digest})
        return secret

    def take_over(self, name: str, secret: str, by: Visitor) -> Record:
        """Make a visitor the owner of a folder whose secret they hold; it is spent. ``UserError`` for a wrong one."""
        if not by.id:
            raise UserError("this browser keeps no cookies, so nothing could be known as yours: allow them, and reload")
        with paths.locked(self.root):
            record = self.read(name)
            if not owners.fits(secret, record.recovery):
                raise UserError(f"this link does not open {self.what} '{name}': it was used, or a newer one was made")
            return self._rewritten(name, record, {"owner": by.id, "recovery": ""})

    def _rewritten(self, name: str, record: Record, changes: dict[str, Any]) -> Record:
        """Write a changed record in one step; call it with the folder locked."""
        try:
            amended = record.model_validate({**record.model_dump(), **changes})
        except ValidationError as error:
            raise UserError(f"{self.what} '{name}' cannot be changed so: {first_fault(error)}") from None
        beside = paths.beside(self.root / self.record)
        try:
            beside.write_text(amended.model_dump_json(indent=1) + "\n", encoding="utf-8")
            beside.replace(self.root / name / self.record)
        except OSError as error:
            raise UserError(f"{self.what} '{name}' could not be changed in {self.root} ({error.strerror})") from None
        finally:
            beside.unlink(missing_ok=True)
        return amended


def _moved(what: str, root: Path, error: OSError) -> UserError:
    """Return what to say where a folder could not be moved."""
    if isinstance(error, FileNotFoundError):
        return UserError(f"{what} is not there any more: somebody else changed it at the same time")
    return UserError(f"{what} could not be moved in {root} ({error.strerror})")
