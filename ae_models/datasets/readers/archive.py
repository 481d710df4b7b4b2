"""Zips: their members as things to read, after a look at their names and sizes. Nothing is ever written to disk."""

from __future__ import annotations

import io
import re
import stat
import zipfile
import zlib
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any, BinaryIO

from ae_models.base import UserError
from ae_models.datasets.readers.items import Item, Problems, is_hidden
from ae_models.datasets.readers.limits import Limits, size
from ae_models.datasets.readers.names import shown

_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)


def members(item: Item, limits: Limits, problems: Problems, stack: ExitStack) -> list[Item]:
    """Return the files in a zip, sorted by name; they can be read as long as ``stack`` is open.

    Raises
    ------
    UserError
        When it is no whole zip, is encrypted, has too many files, or unpacks to more than is read - by what its
        table of contents says, before anything is unpacked; a member never gives more than it says there.
    """
    name = shown(item.name)
    try:
        archive = stack.enter_context(zipfile.ZipFile(stack.enter_context(item.open())))
        entries = archive.infolist()
    except _DAMAGED:
        raise UserError(f"{name}: the zip is damaged or cut short") from None
    if len(entries) > limits.entries:
        raise UserError(f"{name}: holds {len(entries):,} files, where at most {limits.entries:,} are read")
    total = sum(entry.file_size for entry in entries)
    most = limits.unpacked_bytes
    if total > most:
        raise UserError(f"{name}: {size(item.size)} that unpack to {size(total)}, where at most {size(most)} are read")
    found, seen = [], set()
    for entry in sorted(entries, key=lambda entry: entry.filename):
        inside = entry.filename
        if entry.is_dir() or any(is_hidden(part) for part in inside.split("/") if part not in ("..", ".")):
            continue
        why = _wrong(entry, limits) or ("stands in it twice" if inside in seen else None)
        if why:
            problems.add(f"{item.name}/{inside}", why)
            continue
        seen.add(inside)
        found.append(Item(inside, entry.file_size, _opener(archive, entry)))
    return found


def _wrong(entry: zipfile.ZipInfo, limits: Limits) -> str | None:
    name = entry.filename
    if name.startswith(("/", "\\")) or re.match(r"^[A-Za-z]:", name):
        return "has an absolute path, and a zip may only hold paths inside of it"
    if ".." in re.split(r"[/\\]", name):
        return "leads out of the zip with '..'"
    if stat.S_ISLNK(entry.external_attr >> 16):
        return "is a link, and links are not followed"
    if entry.flag_bits & 0x1:
        return "is encrypted"
    if name.count("/") > limits.depth:
        return f"lies more than {limits.depth} folders deep"
    return None


class _Member(io.RawIOBase):
    """One member as a stream; what is wrong with it is an ``OSError``."""

    def __init__(self, archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
        try:
            self._stream = archive.open(entry)
        except _DAMAGED as error:
            raise OSError(f"damaged in the zip: {type(error).__name__}") from None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            part = self._stream.read(len(buffer))  # never more than the table of contents says; checks the CRC
        except _DAMAGED as error:
            raise OSError(f"damaged in the zip: {type(error).__name__}") from None
        buffer[: len(part)] = part
        return len(part)

    def close(self) -> None:
        if hasattr(self, "_stream"):
            self._stream.close()
        super().close()


def _opener(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Callable[[], BinaryIO]:
    return lambda: io.BufferedReader(_Member(archive, entry), 1 << 16)
