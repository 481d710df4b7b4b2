"""Every bound on what is read: sizes, counts, time. What goes beyond is refused in one line, before it is unpacked."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace

from ae_models.base import UserError

MIB = 1 << 20
MOMENT = 160 * MIB  # what one step may need for a moment, beside what is kept


@dataclass(frozen=True)
class Limits:
    """The bounds of one import; memory stays within a few times ``unpacked_bytes``."""

    file_bytes: int = 1024 * MIB  # of one file as it is given
    unpacked_bytes: int = 1024 * MIB  # of everything that is read, after unpacking, and of the values in memory
    entries: int = 200_000  # files in a folder or a zip
    depth: int = 8  # folders in folders
    picture_bytes: int = 32 * MIB  # of one picture file
    picture_side: int = 8_192  # pixels, before it is made smaller
    picture_pixels: int = 32 * MIB
    images: int = 1_000_000
    min_images: int = 10
    columns: int = 4_096  # numbers in a row of a table, without the label
    line_bytes: int = MIB  # of the first line of a table
    classes: int = 250
    label: int = 999  # the highest class number in a file
    name_letters: int = 60  # of a class name; more is cut
    seconds: float = 600.0
    graph_bytes: int = 200 * MIB  # of an ONNX file with the tensors beside it
    graph_seconds: float = 30.0  # for 64 images through encoder and decoder
    weights_bytes: int = 500 * MIB  # of a safetensors file


LIMITS = Limits()
UPLOADS = replace(
    LIMITS,
    file_bytes=64 * MIB,  # Streamlit refuses more: server.maxUploadSize in .streamlit/config.toml is the same
    graph_bytes=64 * MIB,
    unpacked_bytes=512 * MIB,
    entries=50_000,
    seconds=120.0,
)
"""The bounds of what comes through a page: a server's memory is everybody's."""


@dataclass
class Budget:
    """What one import has used so far of its bytes and its time."""

    limits: Limits = LIMITS
    used: int = 0
    start: float = field(default_factory=time.monotonic)

    def spend(self, n_bytes: int, name: str) -> None:
        """Count bytes that are about to be unpacked; ``UserError`` naming the file when there are too many."""
        self.used += n_bytes
        if self.used > self.limits.unpacked_bytes:
            raise UserError(f"{name}: unpacks to more than {size(self.limits.unpacked_bytes)}, the most that is read")
        self.tick(name)

    @property
    def left(self) -> int:
        """Bytes that may still be unpacked."""
        return self.limits.unpacked_bytes - self.used

    def room_for(self, n_bytes: int, name: str) -> None:
        """Raise ``UserError`` where bytes that are needed for a moment are more than what is left, or ``MOMENT``."""
        most = max(self.left, MOMENT)
        if n_bytes > most:
            raise UserError(f"{name}: needs {size(n_bytes)} to be read, where {size(most)} are left")
        self.tick(name)

    def rows(self, n: int, name: str) -> None:
        """Raise ``UserError`` where a file has more rows than are read."""
        if n > self.limits.images:
            raise UserError(f"{name}: more than {self.limits.images:,} rows, the most that is read")
        self.tick(name)

    def tick(self, name: str) -> None:
        """Raise ``UserError`` when the import takes longer than it may."""
        if time.monotonic() - self.start > self.limits.seconds:
            raise UserError(f"{name}: reading took more than {self.limits.seconds:g} seconds and was given up")


def check_made(n_bytes: int, limits: Limits, name: str) -> None:
    """Raise ``UserError`` where an array that is about to be made of what was read is larger than what is read."""
    if n_bytes > limits.unpacked_bytes:
        raise UserError(
            f"{name}: takes {size(n_bytes)} in memory, where at most {size(limits.unpacked_bytes)} are read"
        )


def size(n_bytes: int) -> str:
    """Return a number of bytes for a person.

    Examples
    --------
    >>> size(500), size(33_554_432), size(1 << 30)
    ('500 bytes', '32 MiB', '1 GiB')
    """
    if n_bytes >= 1024 * MIB:
        return f"{n_bytes / (1024 * MIB):.3g} GiB"
    if n_bytes >= MIB:
        return f"{n_bytes / MIB:.3g} MiB"
    return f"{n_bytes:,} bytes"
