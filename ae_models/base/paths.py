"""Where files are: what ships with the product, what the user keeps, and full data sets."""

from __future__ import annotations

import os
import re
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import get_ident

from ae_models.base import UserError

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ROOT / "data"
_PATIENCE = 10.0  # seconds


def home() -> Path:
    """Return the folder of own runs, downloads and caches: ``AE_MODELS_HOME``, by default ``data/local``."""
    return Path(os.environ.get("AE_MODELS_HOME") or SHIPPED / "local").expanduser()


def full_data() -> Path | None:
    """Return the folder named by ``AE_MODELS_DATA``, where full data sets are, or None when it is not set."""
    named = os.environ.get("AE_MODELS_DATA")
    return Path(named).expanduser() if named else None


def writable(folder: Path) -> Path:
    """Return ``folder``, made if it is missing; ``UserError`` when nothing can be written there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f".write-{os.getpid()}-{get_ident()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise UserError(
            f"cannot write in {folder} ({error.strerror}): set AE_MODELS_HOME to a folder you own"
        ) from None
    return folder


def host() -> str:
    """Return this machine's name as it stands in the names of files: ``[a-z0-9-]``, at most 30 letters."""
    return re.sub(r"[^a-z0-9]+", "-", socket.gethostname().lower())[:30].strip("-") or "here"


def beside(path: Path) -> Path:
    """Return a name beside ``path`` for what will be renamed to it; it says whose it is: see ``jobs.leftovers``."""
    return path.with_name(f".{path.name}@{host()}.{os.getpid()}-{secrets.token_hex(4)}")


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Let one process at a time change what lies in a folder; the lock is a file beside it.

    ``UserError`` where nothing can be written there, or another process takes more than ten seconds.
    """
    from filelock import FileLock, SoftFileLock, Timeout

    path = writable(folder.parent) / f".{folder.name}.lock"
    lock: FileLock | SoftFileLock = FileLock(path, timeout=_PATIENCE)
    try:
        try:
            lock.acquire()
        except NotImplementedError:  # a file system without locks
            lock = SoftFileLock(path, timeout=_PATIENCE)
            lock.acquire()
    except Timeout:
        raise UserError(f"{folder} is being changed by another process: try again") from None
    except OSError as error:
        raise UserError(
            f"cannot write in {folder} ({error.strerror}): set AE_MODELS_HOME to a folder you own"
        ) from None
    try:
        yield
    finally:
        lock.release()
