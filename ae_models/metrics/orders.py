"""Who is nearest to whom: every row's whole order of neighbours, exact, a few rows at a time.

The tie rule of the whole room: rows are ordered by squared Euclidean distance, equal distances by row number, and a row
itself always comes first, before its duplicates.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

Index = npt.NDArray[np.int64]
BLOCK_ROWS = 256  # of one matrix product
HALF_BYTES = 160 * 2**20  # what products may wait in for their mirror images
CACHE_BYTES = 2**20  # of one array: what stays in a processor's own cache is sorted in half the time
_FEW_COLUMNS = 8  # up to here plain differences are faster than a matrix product, and exact


class Orders(Protocol):
    """Rows that know the order of their neighbours."""

    n: int

    def orders(self, rows: Index) -> Iterator[Index]:
        """Yield for each of ``rows`` all row numbers, nearest first, itself at place 0: ``(b, n)``, ``few`` at once."""
        ...

    def all_orders(self) -> Iterator[tuple[Index, Iterator[Index]]]:
        """Yield every row, a block of rows at a time, with ``orders`` of the block, not yet sorted."""
        ...


def few(n: int) -> int:
    """Return how many rows of ``n`` numbers are worked on at once.

    Examples
    --------
    >>> few(10_000), few(70_000)
    (13, 1)
    """
    return max(1, CACHE_BYTES // (8 * n))


def orders_of(rows: npt.NDArray[Any]) -> Orders:
    """Return the orders of ``rows (n, columns)``: exact integers for pixels, float64 for coordinates."""
    return PixelOrders(rows) if np.issubdtype(rows.dtype, np.integer) else PointOrders(rows)


def _index_bits(n: int) -> int:
    return max(1, (n - 1).bit_length())


class PixelOrders:
    r"""Orders of rows of whole numbers: squared distances are computed without any rounding.

    :math:`\lVert x - y \rVert^2 = s_x + s_y - 2 x \cdot y` with all values moved by half of their range, so that a
    product of 1,024 columns of 8-bit pixels adds up to at most :math:`1024 \cdot 128^2 = 2^{24}`: single precision
    holds every partial sum exactly, in whatever order the processor adds. Distance and row number are then sorted as
    one integer.

    Parameters
    ----------
    pixels : (n, n_pixels) array of integers
    """

    def __init__(self, pixels: npt.NDArray[np.integer[Any]]) -> None:
        self.n = len(pixels)
        kept = pixels[:, np.ptp(pixels, axis=0) > 0] if self.n else pixels  # border pixels that never vary
        low, high = (int(kept.min()), int(kept.max())) if kept.size else (0, 0)
        half = max((high - low + 1) // 2, 1)
        single = 2**24 // half**2 >= 64  # 16-bit pixels take double precision
        self._chunk = 2 ** (24 if single else 53) // half**2
        self._bits = _index_bits(self.n)
        if kept.shape[1] * (high - low) ** 2 >= 2 ** (62 - self._bits):
            raise ValueError(f"distances of {kept.shape[1]} columns up to {high - low} do not fit 63 bits")
        self._values: npt.NDArray[Any] = np.empty(kept.shape, np.float32 if single else np.float64)
        for start in range(0, self.n, 1000):
            self._values[start : start + 1000] = kept[start : start + 1000].astype(np.int64) - (low + half)
        squares = [np.square(self._values[i : i + 1000], dtype=np.float64).sum(axis=1) for i in range(0, self.n, 1000)]
        self._squares = np.concatenate(squares).astype(np.int64) if squares else np.empty(0, np.int64)  # exact

    def _products(self, rows: Index) -> npt.NDArray[Any]:
        """Return ``x . y`` of each of ``rows`` with all, exact: whole numbers in whatever type holds them."""
        some, columns = self._values[rows], self._values.shape[1]
        if columns <= self._chunk:
            return np.asarray(some @ self._values.T)
        total = np.zeros((len(rows), self.n))
        for start in range(0, columns, self._chunk):
            part = slice(start, start + self._chunk)
            total += some[:, part] @ self._values[:, part].T
        return total

    def squared(self, rows: Index) -> Index:
        """Return the squared distances of each of ``rows`` to all, ``(len(rows), n)``, exact."""
        return self._squares[rows, None] + self._squares[None] - 2 * self._products(rows).astype(np.int64)

    def orders(self, rows: Index) -> Iterator[Index]:
        """Yield the orders of ``rows``, a few at a time; see ``Orders``."""
        return self._sorted(rows, self._products(rows))

    def all_orders(self) -> Iterator[tuple[Index, Iterator[Index]]]:
        """Yield the orders of all rows, block by block; see ``Orders``."""
        starts = range(0, self.n, BLOCK_ROWS)
        if self.n**2 * self._values.itemsize > 4 * HALF_BYTES or self._values.shape[1] > self._chunk:
            for start in starts:
                rows = np.arange(start, min(start + BLOCK_ROWS, self.n))
                yield rows, self.orders(rows)
            return
        # x . y is y . x: each block multiplies with itself and what comes after, and keeps that for the blocks there.
        waiting: list[deque[npt.NDArray[Any]]] = []
        for start in starts:
            rows = np.arange(start, min(start + BLOCK_ROWS, self.n))
            products = np.empty((len(rows), self.n), self._values.dtype)
            for place, tiles in zip(starts, waiting, strict=False):
                products[:, place : place + BLOCK_ROWS] = tiles.popleft().T
            products[:, start:] = self._values[rows] @ self._values[start:].T
            waiting.append(deque(products[:, i : i + BLOCK_ROWS].copy() for i in starts if i > start))
            yield rows, self._sorted(rows, products)

    def _sorted(self, rows: Index, products: npt.NDArray[Any]) -> Iterator[Index]:
        step, numbered = few(self.n), (self._squares << self._bits) + np.arange(self.n)
        for start in range(0, len(rows), step):
            some = rows[start : start + step]
            keys = products[start : start + step].astype(np.int64)
            keys <<= self._bits + 1
            np.subtract(numbered, keys, out=keys)  # without s_x, which is the same for a whole row
            keys[np.arange(len(some)), some] = some - (1 << 62)  # itself first, with its number in the low bits
            keys.sort(axis=1)
            keys &= (1 << self._bits) - 1
            yield keys


class PointOrders:
    """Orders of rows of coordinates, by squared distances in float64.

    Up to eight columns distances are sums of squared differences. With more they come from a matrix product, and
    wherever two of them are nearer to one another than that can tell, they are computed again by differences.

    Parameters
    ----------
    points : (n, d) array
        Finite numbers.
    """

    def __init__(self, points: npt.NDArray[Any]) -> None:
        self.n, self._d = points.shape
        self._points = np.ascontiguousarray(points, np.float64)
        self._bits = _index_bits(self.n)
        if self._d > _FEW_COLUMNS:
            self._centred = self._points - self._points.mean(axis=0)
            self._norms = np.einsum("ij,ij->i", self._centred, self._centred)
        else:
            self._columns = np.ascontiguousarray(self._points.T)

    def squared(self, rows: Index) -> npt.NDArray[np.float64]:
        """Return squared distances of each of ``rows`` to all, ``(len(rows), n)``, as good as one product gives."""
        if self._d > _FEW_COLUMNS:
            found = self._centred[rows] @ self._centred.T
            found *= -2
            found += self._norms
            found += self._norms[rows, None]
            return np.asarray(np.maximum(found, 0), np.float64)
        total: npt.NDArray[np.float64] | None = None
        for column in self._columns:
            difference = column[rows, None] - column[None]
            difference *= difference
            total = difference if total is None else np.add(total, difference, out=total)
        return np.zeros((len(rows), self.n)) if total is None else total

    def orders(self, rows: Index) -> Iterator[Index]:
        """Yield the orders of ``rows``, a few at a time; see ``Orders``."""
        step = few(self.n)
        for start in range(0, len(rows), step):
            yield self._order(rows[start : start + step])

    def all_orders(self) -> Iterator[tuple[Index, Iterator[Index]]]:
        """Yield the orders of all rows, block by block; see ``Orders``."""
        for start in range(0, self.n, BLOCK_ROWS):
            rows = np.arange(start, min(start + BLOCK_ROWS, self.n))
            yield rows, self.orders(rows)

    def _order(self, rows: Index) -> Index:
        # The bits of a float64 that is not negative sort like integers: the row number takes the lowest of them.
        keys = self.squared(rows).view(np.int64)
        keys &= -(1 << self._bits)
        keys |= np.arange(self.n)
        keys[np.arange(len(rows)), rows] = rows - (1 << 62)
        keys.sort(axis=1)
        self._settle(keys, rows)
        keys &= (1 << self._bits) - 1
        return keys

    def _settle(self, keys: Index, rows: Index) -> None:
        """Put neighbours whose distances could not be told apart by ``keys`` in their exact order, in place."""
        mask = (1 << self._bits) - 1
        near = self._too_near(keys, rows)
        if not np.count_nonzero(near):  # nearly always, and found out much faster than row by row
            return
        for i in np.flatnonzero(near.any(axis=1)):
            together = np.concatenate([near[i], [False]])
            together[1:] |= near[i]
            places = np.flatnonzero(together) + 1  # in keys: place 0 is the row itself
            runs = np.cumsum(~np.concatenate([[False], near[i]])[places - 1])
            who = keys[i, places] & mask
            difference = self._points[who] - self._points[rows[i]]
            exact = np.zeros(len(who))
            for column in difference.T:  # the order of a plain sum, whatever the number of columns
                exact += column * column
            keys[i, places] = keys[i, places] & ~mask | who[np.lexsort((who, exact, runs))]

    def _too_near(self, keys: Index, rows: Index) -> npt.NDArray[np.bool_]:
        """Return for places 1 .. n - 2 whether the next one's distance cannot be told apart, ``(b, n - 2)``."""
        if self._d <= _FEW_COLUMNS:
            return np.bitwise_xor(keys[:, 1:-1], keys[:, 2:]) < (1 << self._bits)
        sorted_squares = (keys[:, 1:] & -(1 << self._bits)).view(np.float64)
        rounding = 8 * self._d**0.5 * np.finfo(np.float64).eps * (self._norms[rows] + self._norms.max(initial=0))
        slack = sorted_squares[:, 1:] * 2.0 ** (self._bits - 51) + rounding[:, None]
        near: npt.NDArray[np.bool_] = np.diff(sorted_squares, axis=1) <= slack
        return near
