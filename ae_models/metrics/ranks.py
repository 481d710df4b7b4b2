"""One exact pass over all pairs of images, shared by every neighbourhood metric and every map.

The order of the images' neighbours is computed once, a few rows at a time, and each map is held against it while those
are in the processor's cache. Ties are broken as ``orders.py`` says.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import starmap
from typing import Any, Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from ae_models.metrics.orders import Index, Orders, PixelOrders, orders_of

RankArray = npt.NDArray[np.integer[Any]]
CHANCE_ROWS = 1_000


@dataclass(frozen=True, eq=False)
class Neighbourhood:
    """What one map keeps of the neighbourhoods of its images.

    Parameters
    ----------
    n, k : int
        Points of the map, and neighbours that count as near.
    rows : (m,) array
        The images that were asked: all of them, or for a chance level some.
    intruders : (m,) array of int64
        Over neighbours on the map that are none in the images: sum of their rank among the images, less ``k``.
    lost : (m,) array of int64
        Over neighbours in the images that are none on the map: sum of their rank on the map, less ``k``.
    kept : (m,) array of int32
        Neighbours in both.
    pairs : (n - 1,) array of int64
        How many pairs become neighbours in both when ``K`` is 1, 2, ... n - 1: the larger of a pair's two ranks.
    near_images, near_points : (m, k) arrays of int32
        The neighbours in the images and on the map, nearest first.
    chance : Neighbourhood or None
        The same of the same map with its rows shuffled.
    """

    n: int
    k: int
    rows: Index
    intruders: Index
    lost: Index
    kept: npt.NDArray[np.int32]
    pairs: Index
    near_images: npt.NDArray[np.int32]
    near_points: npt.NDArray[np.int32]
    chance: Neighbourhood | None = None


class Ranks(Protocol):
    """Ranks of images' neighbours, computed or read."""

    n: int

    def blocks(self) -> Iterator[tuple[Index, Iterator[RankArray]]]:
        """Yield every row, a block of rows at a time, with their ranks ``(b, n)``, a few rows at a time.

        The rank is 0 for the image itself and 1 for the nearest.
        """
        ...


class ComputedRanks:
    """Ranks from orders."""

    def __init__(self, orders: Orders) -> None:
        self.n, self._orders = orders.n, orders
        self._numbers = np.arange(self.n, dtype=rank_type(self.n))

    def blocks(self) -> Iterator[tuple[Index, Iterator[RankArray]]]:
        """Yield ranks block by block; see ``Ranks``."""
        for rows, orders in self._orders.all_orders():
            yield rows, map(self._ranks, orders)

    def _ranks(self, order: Index) -> RankArray:
        ranks = np.empty(order.shape, self._numbers.dtype)
        for line, who in zip(ranks, order, strict=True):
            line[who] = self._numbers
        return ranks


def rank_type(n: int) -> npt.DTypeLike:
    """Return the type that ranks of ``n`` rows are kept in."""
    return np.uint16 if n <= 2**16 else np.int32


def pixel_ranks(pixels: npt.NDArray[np.integer[Any]]) -> ComputedRanks:
    """Return the ranks of images ``(n, ...)`` of whole-number pixels, by exact distances."""
    return ComputedRanks(PixelOrders(pixels.reshape(len(pixels), -1)))


class _Map:
    """One map in the pass: its orders, which rows it is asked for, and what was found."""

    def __init__(self, points: npt.NDArray[Any], k: int, rows: Index) -> None:
        self.orders, self.k, n = orders_of(points), k, len(points)
        self.rows, m = rows, len(rows)
        self.intruders, self.lost = np.zeros(m, np.int64), np.zeros(m, np.int64)
        self.kept, self.pairs = np.zeros(m, np.int32), np.zeros(n, np.int64)
        self.near_images, self.near_points = np.zeros((m, k), np.int32), np.zeros((m, k), np.int32)

    def places(self, start: int, stop: int) -> slice:
        """Return which of ``rows`` (sorted) lie in a block."""
        first, last = np.searchsorted(self.rows, [start, stop])
        return slice(int(first), int(last))

    def add(self, part: slice, ranks: RankArray, order: Index, pairs: Index) -> None:
        """Take in rows of ranks among the images and of orders on the map; ``pairs`` are counted up."""
        k = self.k
        in_order = np.empty_like(ranks)  # the rank among the images of the nearest on the map, the next, ...
        for line, rank, who in zip(in_order, ranks, order, strict=True):
            np.take(rank, who, out=line, mode="clip")  # "clip" because "raise" would copy
        mine = in_order[:, 1 : k + 1].astype(np.int64)
        self.near_points[part] = order[:, 1 : k + 1]
        self.intruders[part] = np.maximum(mine - k, 0).sum(axis=1)
        self.kept[part] = (mine <= k).sum(axis=1)
        near = np.flatnonzero(in_order <= k).reshape(-1, k + 1)[:, 1:]  # of each row: itself, and its k neighbours
        line, place = np.divmod(near, in_order.shape[1])
        self.lost[part] = np.maximum(place - k, 0).sum(axis=1)
        self.near_images[part.start + line, in_order[line, place] - 1] = order[line, place]
        np.maximum(in_order, np.arange(len(pairs), dtype=in_order.dtype), out=in_order)
        pairs += np.bincount(in_order.ravel(), minlength=len(pairs))

    def result(self, chance: Neighbourhood | None = None) -> Neighbourhood:
        """Return what was found."""
        found = (self.intruders, self.lost, self.kept, self.pairs[1:], self.near_images, self.near_points)
        return Neighbourhood(self.orders.n, self.k, self.rows, *found, chance)


def neighbourhoods(
    images: Ranks,
    maps: Sequence[npt.NDArray[Any]],
    k: int = 5,
    *,
    seed: int | None = 0,
    threads: int = 1,
    progress: Callable[[float], None] | None = None,
) -> list[Neighbourhood]:
    """Hold maps against the neighbours of their images, all in one pass.

    Parameters
    ----------
    images : Ranks
        The ranks of the images' neighbours: ``pixel_ranks(pixels)``, or ``ComputedRanks(orders_of(rows))``.
    maps : sequence of (n, d) arrays
        Points or codes, row i belonging to image i; finite numbers.
    k : int
        Neighbours that count as near: from 1 to below n / 2.
    seed : int or None
        Of the shuffle whose ``chance`` is measured beside each map, on up to 1,000 rows; None leaves it out.
    threads : int
        Blocks worked on at once.
    progress : callable, optional
        Told the share done; what it raises ends the pass.

    Raises
    ------
    ValueError
        When ``k`` is out of bounds or a map has another number of rows.
    """
    n = images.n
    if not 1 <= k < n / 2:
        raise ValueError(f"k must be at least 1 and below half of the {n} images: got {k}")
    if any(len(points) != n for points in maps):
        raise ValueError(f"a map of {n} images must have {n} rows: got {[len(points) for points in maps]}")
    real = [_Map(points, k, np.arange(n)) for points in maps]
    shuffled = []
    if seed is not None:
        generator = np.random.default_rng(seed)
        mixed, some = generator.permutation(n), np.sort(generator.permutation(n)[:CHANCE_ROWS])
        shuffled = [_Map(points[mixed], k, some) for points in maps]
    _pass(images, [*real, *shuffled], threads, progress)
    chances = [made.result() for made in shuffled]
    return [made.result(chances[place] if chances else None) for place, made in enumerate(real)]


def _pass(images: Ranks, maps: list[_Map], threads: int, progress: Callable[[float], None] | None) -> None:
    n = images.n

    def block(rows: Index, several: Iterator[RankArray]) -> tuple[int, list[Index]]:
        pairs, start = [np.zeros(n, np.int64) for _ in maps], int(rows[0])
        for ranks in several:
            stop = start + len(ranks)
            for one, count in zip(maps, pairs, strict=True):
                part = one.places(start, stop)
                wanted, at = ranks[one.rows[part] - start], part.start
                for order in one.orders.orders(one.rows[part]):
                    one.add(slice(at, at + len(order)), wanted[: len(order)], order, count)
                    at, wanted = at + len(order), wanted[len(order) :]
            start = stop
        return stop, pairs

    for stop, counts in _each(block, images.blocks(), threads):
        for one, count in zip(maps, counts, strict=True):
            one.pairs += count
        if progress:
            progress(stop / n)


_T = TypeVar("_T")


def _each(
    work: Callable[[Index, Iterator[RankArray]], _T], blocks: Iterable[tuple[Index, Iterator[RankArray]]], threads: int
) -> Iterator[_T]:
    """Yield the results in order, with at most ``threads`` blocks waiting or in work."""
    if threads <= 1:
        yield from starmap(work, blocks)
        return
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1, "blas"), ThreadPoolExecutor(threads) as pool:
        running: deque[Future[_T]] = deque()
        for rows, several in blocks:
            running.append(pool.submit(work, rows, several))
            if len(running) > threads:
                yield running.popleft().result()
        while running:
            yield running.popleft().result()
