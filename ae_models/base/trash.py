"""Folders that were deleted and can be had back: each has an entry of its own, so that none takes another's place."""

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
from typing import Any

from ae_models.base import UserError, paths
from ae_models.base.owners import said_of
from ae_models.base.stored import plain_json, read_file

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
    return next((said for said in (said_of(folder / name) for name in _RECORDS) if any(said)), ("", ""))


def moved(what: str, root: Path, error: OSError) -> UserError:
    """Return what to say where a folder could not be moved."""
    if isinstance(error, FileNotFoundError):
        return UserError(f"{what} is not there any more: somebody else changed it at the same time")
    return UserError(f"{what} could not be moved in {root} ({error.strerror})")
