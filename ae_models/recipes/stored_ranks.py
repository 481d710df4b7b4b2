"""The ranks of a data set's neighbours, computed once and kept: 200 MB of disk for 10,000 images, none for more."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np

from ae_models.base import ImageDataset, paths
from ae_models.base.stored import file_size, plain_json, read_file
from ae_models.metrics.orders import BLOCK_ROWS, Index, few
from ae_models.metrics.ranks import RankArray, Ranks, pixel_ranks, rank_type

MOST_KEPT = 10_000
_MOST_BYTES = 1_000_000  # of the JSON


class _KeptRanks:
    """Ranks read from a file, a few rows at a time; what was read is checked against the sums that were written."""

    def __init__(self, path: Path, n: int, sums: list[int]) -> None:
        self.n, self._path, self._sums = n, path, sums

    def blocks(self) -> Iterator[tuple[Index, Iterator[RankArray]]]:
        """Yield ranks block by block; see ``Ranks``."""
        for start in range(0, self.n, BLOCK_ROWS):
            rows = np.arange(start, min(start + BLOCK_ROWS, self.n))
            yield rows, self._block(rows)

    def _block(self, rows: Index) -> Iterator[RankArray]:
        kind, step = np.dtype(rank_type(self.n)).newbyteorder("<"), few(self.n)
        with self._path.open("rb") as stream:
            stream.seek(int(rows[0]) * self.n * kind.itemsize)
            sum_here = 0
            for start in range(0, len(rows), step):
                content = stream.read(min(step, len(rows) - start) * self.n * kind.itemsize)
                sum_here = zlib.crc32(content, sum_here)
                yield np.frombuffer(content, kind).reshape(-1, self.n)
        if sum_here != self._sums[int(rows[0]) // BLOCK_ROWS]:
            raise DamagedRanks(str(self._path))


class DamagedRanks(Exception):
    """The kept ranks are not those that were written."""


class _Keeping:
    """Ranks that are written to a file while somebody uses them."""

    def __init__(self, ranks: Ranks, path: Path) -> None:
        self.n, self._ranks, self._path = ranks.n, ranks, path
        self.sums = [0] * len(range(0, self.n, BLOCK_ROWS))
        self.written = 0  # rows; what could not be written is missing here

    def blocks(self) -> Iterator[tuple[Index, Iterator[RankArray]]]:
        """Yield ranks block by block; see ``Ranks``."""
        for rows, several in self._ranks.blocks():
            yield rows, self._block(int(rows[0]), several)

    def _block(self, first: int, several: Iterator[RankArray]) -> Iterator[RankArray]:
        place, at = first // BLOCK_ROWS, first
        for ranks in several:
            content = np.ascontiguousarray(ranks, np.dtype(rank_type(self.n)).newbyteorder("<")).tobytes()
            self.sums[place] = zlib.crc32(content, self.sums[place])
            with suppress(OSError), self._path.open("r+b") as stream:  # blocks are worked on at once
                stream.seek(at * len(content) // len(ranks))
                stream.write(content)
                self.written += len(ranks)
            at += len(ranks)
            yield ranks


@contextmanager
def kept_ranks(images: ImageDataset) -> Iterator[Ranks]:
    """Give the ranks of these images: read where they were kept, else computed, and kept if all of them were used.

    Reading raises ``DamagedRanks`` when the file was altered; it is taken away then. A disk that is full or cannot be
    written keeps nothing and is no error.
    """
    folder, n = paths.home() / "cache" / "ranks", len(images)
    path, about = folder / f"{images.digest[:32]}.bin", folder / f"{images.digest[:32]}.json"
    if n > MOST_KEPT:
        yield pixel_ranks(images.pixels)
        return
    found = _read(path, about, n)
    if found is not None:
        try:
            yield found
        except DamagedRanks:
            about.unlink(missing_ok=True)
            raise
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        beside = paths.beside(path)
        beside.touch()
    except OSError:
        yield pixel_ranks(images.pixels)
        return
    keeping = _Keeping(pixel_ranks(images.pixels), beside)
    try:
        yield keeping
        if keeping.written == n:
            with suppress(OSError):
                beside.replace(path)
                about.write_text(json.dumps({"n": n, "sums": keeping.sums}))
    finally:
        beside.unlink(missing_ok=True)


def _read(path: Path, about: Path, n: int) -> _KeptRanks | None:
    try:
        said = plain_json(read_file(about, _MOST_BYTES))
        whole = file_size(path) == n * n * np.dtype(rank_type(n)).itemsize
        if said["n"] == n and len(said["sums"]) == len(range(0, n, BLOCK_ROWS)) and whole:
            return _KeptRanks(path, n, said["sums"])
    except (OSError, ValueError, KeyError, TypeError):
        pass
    return None
