"""The map that a worker fitted last stays in its memory: it can still place a picture that came after."""

from __future__ import annotations

from typing import Any

from ae_models.base import FloatArray
from ae_models.jobs.prewarm import FITTING

_held: dict[str, Any] = {}  # at most one: a map keeps its training images, 0.2 GB of 60,000


def hold(name: str, fitted: Any) -> None:
    """Keep the fitted map ``name`` in this process, in place of any other."""
    _held.clear()
    _held[name] = fitted


def let_go() -> None:
    """Free the memory before another map is fitted."""
    _held.clear()


def place(name: str, rows: FloatArray) -> FloatArray | None:
    """Return where the map ``name`` puts flat images ``(n, n_pixels)``: points ``(n, dim)``; run on a worker.

    None where this process does not hold the map, or fits another.
    """
    fitted = _held.get(name)
    if fitted is None or not FITTING.acquire(blocking=False):
        return None
    try:
        points: FloatArray = fitted.transform(rows)
        return points
    finally:
        FITTING.release()
