"""The k nearest rows of a small set of queries, exactly."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ae_models.base import FloatArray


def nearest_rows(
    query: FloatArray, rows: FloatArray, k: int, *, squared_norms: FloatArray | None = None
) -> tuple[npt.NDArray[np.intp], FloatArray]:
    """Return the ``k`` rows nearest to one query, nearest first, with their Euclidean distances.

    Equal distances are ordered by row number. The candidates are found by ``|r|^2 - 2 r.q`` and their distances
    computed again by subtraction, so that a row equal to the query is at exactly 0.

    Parameters
    ----------
    query : (d,) array
    rows : (n, d) array
    k : int
        At least 1; at most ``n`` rows are returned.
    squared_norms : (n,) array, optional
        ``(rows ** 2).sum(1)``, for callers that ask often.

    Examples
    --------
    >>> nearest_rows(np.array([0.0, 0.0], "f"), np.array([[3, 4], [0, 1], [9, 9]], "f"), 2)
    (array([1, 0]), array([1., 5.], dtype=float32))
    """
    norms = np.einsum("ij,ij->i", rows, rows) if squared_norms is None else squared_norms
    scores = norms - 2.0 * (rows @ query)
    k = max(1, min(k, len(rows)))
    # What rounding can do to a score: every row that may be among the k nearest is ranked again, exactly.
    slack = 8 * np.finfo(np.float32).eps * len(query) ** 0.5 * (float(norms.max()) + float(query @ query))
    candidates = np.flatnonzero(scores <= np.partition(scores, k - 1)[k - 1] + slack)
    distances = np.linalg.norm(rows[candidates] - query, axis=1)
    order = np.argsort(distances, kind="stable")[:k]
    return candidates[order], distances[order].astype(np.float32)
