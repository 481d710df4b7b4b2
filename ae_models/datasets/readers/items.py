"""Things to read: files by path, uploads by content, members of a zip; and gzip, bz2 and xz taken off, in bounds."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from ae_models.base import UserError
from ae_models.datasets.readers.limits import Budget, Limits, size
from ae_models.datasets.readers.names import shown

_PACKED: dict[bytes, tuple[str, Callable[[BinaryIO], Any]]] = {
    b"\x1f\x8b": ("gzip", lambda stream: gzip.GzipFile(fileobj=stream)),
    b"BZh": ("bz2", bz2.BZ2File),
    b"\xfd7zXZ\x00": ("xz", lzma.LZMAFile),
}
_ENDINGS = (".gz", ".bz2", ".xz")
_PART = 1 << 20


@dataclass
class Problems:
    """What is wrong with single files: told at once, or collected where good ones are to be kept."""

    keep_good: bool = False
    left_out: list[tuple[str, str]] = field(default_factory=list)

    def add(self, name: str, why: str) -> None:
        """Raise ``UserError``, or note the file as left out."""
        if not self.keep_good:
            raise UserError(f"{shown(name)}: {why} (--keep-good leaves such files out)")
        self.left_out.append((shown(name), why))


@dataclass(frozen=True)
class Item:
    """One thing to read. ``name`` is its path below what was given, with ``/``; ``whole`` was counted already."""

    name: str
    size: int
    open: Callable[[], BinaryIO]
    path: Path | None = None
    whole: bytes | None = None

    def head(self, n: int = 4096) -> bytes:
        """Return the first bytes."""
        try:
            with self.open() as stream:
                return stream.read(n)
        except OSError as error:
            raise UserError(f"{shown(self.name)}: cannot be read ({error.strerror or error})") from None

    def content(self, budget: Budget, most: int | None = None) -> bytes:
        """Return everything, within ``most`` bytes (by default what is left of the budget)."""
        if most is not None and self.size > most:
            raise UserError(f"{shown(self.name)}: {size(self.size)}, where at most {size(most)} are read")
        if self.whole is not None:
            return self.whole
        budget.spend(self.size, shown(self.name))
        try:
            with self.open() as stream:
                return stream.read(self.size + 1)
        except OSError as error:
            raise UserError(f"{shown(self.name)}: cannot be read ({error.strerror or error})") from None

    def lines(self, budget: Budget) -> Iterator[str]:
        """Yield the lines of a text, one in memory at a time; time is looked at on the way.

        Raises ``UserError`` for a line that is longer than what is read, and for text in no UTF-8.
        """
        name, most = shown(self.name), budget.limits.line_bytes
        try:
            with self.open() as binary, io.TextIOWrapper(binary, "utf-8-sig", newline=None) as stream:
                number = 0
                while line := stream.readline(most + 1):
                    number += 1
                    if len(line) > most:
                        raise UserError(f"{name}: line {number} has more than {most:,} letters, the most that is read")
                    if number % 1_000 == 0:
                        budget.tick(name)
                    yield line
        except UnicodeDecodeError:
            raise UserError(f"{name}: is text in no UTF-8: save it as UTF-8") from None
        except OSError as error:
            raise UserError(f"{name}: cannot be read ({error.strerror or error})") from None


def of_bytes(name: str, content: bytes) -> Item:
    """Return an upload as something to read; its name is only shown."""
    return Item(name.replace("\\", "/"), len(content), lambda: io.BytesIO(content))


def of_paths(paths: Sequence[Path], limits: Limits, problems: Problems) -> list[Item]:
    """Return the files that were named, and those below folders that were, sorted by name.

    Links are not followed, hidden files are passed over.
    """
    items: list[Item] = []
    for path in paths:
        if path.is_dir():
            below = list(_below(path, limits, problems))
            if not below and not problems.left_out:
                raise UserError(f"{shown(path.name or str(path))}: is a folder without files; hidden ones do not count")
            items += below
        elif path.is_file():
            items.append(_file(path, path.name, limits))
        elif path.exists():
            raise UserError(f"{shown(str(path))}: is neither a file nor a folder")
        else:
            raise UserError(f"{shown(str(path))}: no such file or folder")
    return items


def _file(path: Path, name: str, limits: Limits) -> Item:
    n_bytes = path.stat().st_size
    if n_bytes > limits.file_bytes:
        raise UserError(f"{shown(name)}: {size(n_bytes)}, where at most {size(limits.file_bytes)} are read")
    return Item(name, n_bytes, lambda: path.open("rb"), path)


def _below(root: Path, limits: Limits, problems: Problems) -> Iterator[Item]:
    count = 0
    for folder, folders, files in os.walk(root):
        depth = len(Path(folder).relative_to(root).parts)
        if depth > limits.depth:
            raise UserError(f"{shown(str(root))}: folders more than {limits.depth} deep")
        folders[:] = sorted(name for name in folders if not is_hidden(name))
        for name in sorted(files):
            path = Path(folder) / name
            shorter = path.relative_to(root).as_posix()
            if is_hidden(name):
                continue
            count += 1
            if count > limits.entries:
                raise UserError(f"{shown(str(root))}: more than {limits.entries:,} files")
            if path.is_symlink():
                problems.add(shorter, "is a link, and links are not followed")
            elif path.is_file():
                yield _file(path, shorter, limits)


def is_hidden(name: str) -> bool:
    """Say whether a file or folder is one of those that systems leave behind."""
    return name.startswith(".") or name in ("__MACOSX", "Thumbs.db", "desktop.ini")


def unpacked(item: Item, budget: Budget) -> Item:
    """Return the item without its gzip, bz2 or xz; as it is where it has none.

    Raises ``UserError`` when the stream is damaged, packed twice, or larger than the budget.
    """
    head = item.head(8)
    found = next((kind for magic, kind in _PACKED.items() if head.startswith(magic)), None)
    if found is None:
        return item
    kind, opener = found
    parts = []
    try:
        with item.open() as packed, opener(packed) as stream:
            while part := stream.read(_PART):
                budget.spend(len(part), shown(item.name))
                parts.append(part)
    except UserError:
        raise
    except (EOFError, zlib.error, lzma.LZMAError, OSError, ValueError):
        raise UserError(f"{shown(item.name)}: the {kind} stream is damaged or cut short") from None
    content = b"".join(parts)
    if any(content.startswith(magic) for magic in _PACKED):
        raise UserError(f"{shown(item.name)}: is packed twice: unpack it once")
    name = item.name
    for ending in _ENDINGS:
        name = name.removesuffix(ending)
    return Item(name, len(content), lambda: io.BytesIO(content), whole=content)
