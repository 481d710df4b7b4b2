"""Zips: their members as things to read, after a look at their names and sizes. Nothing is ever written to disk."""

from __future__ import annotations

import io
import re
import stat
import zipfile
import zlib
from collections.abc import Callable
from typing import BinaryIO

from ae_models.base import Mistake
from ae_models.importing.items import Item, Problems, is_hidden
from ae_models.importing.limits import Limits, size
from ae_models.importing.names import shown

_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)


def members(item: Item, limits: Limits, problems: Problems) -> list[Item]:
    """Return the files in a zip, sorted by name.

    Raises
    ------
    Mistake
        When it is no whole zip, is encrypted, has too many files, or unpacks to more than is read - by what its
        table of contents says, before anything is unpacked; a member never gives more than it says there.
    """
    name = shown(item.name)
    try:
        with item.open() as stream, zipfile.ZipFile(stream) as archive:
            entries = archive.infolist()
    except _DAMAGED:
        raise Mistake(f"{name}: the zip is damaged or cut short") from None
    if len(entries) > limits.entries:
        raise Mistake(f"{name}: holds {len(entries):,} files, where at most {limits.entries:,} are read")
    total = sum(entry.file_size for entry in entries)
    most = limits.unpacked_bytes
    if total > most:
        raise Mistake(f"{name}: {size(item.size)} that unpack to {size(total)}, where at most {size(most)} are read")
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
        found.append(Item(inside, entry.file_size, _opener(item, entry)))
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


def _opener(item: Item, entry: zipfile.ZipInfo) -> Callable[[], BinaryIO]:
    def opened() -> BinaryIO:
        try:
            with item.open() as stream, zipfile.ZipFile(stream) as archive, archive.open(entry) as member:
                return io.BytesIO(member.read())  # checks length and CRC
        except _DAMAGED as error:
            raise OSError(f"damaged in the zip: {type(error).__name__}") from None

    return opened
