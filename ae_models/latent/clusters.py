"""Groups of codes that lie together, found without any label: k-means."""

from __future__ import annotations

import warnings

import numpy as np

from ae_models.base import ByteArray, FloatArray

FEWEST_CLUSTERS, MOST_CLUSTERS = 2, 50  # clusters that may be asked for
USUAL = 10
SEED = 0
_AT_ONCE = 100_000_000  # rows x numbers x clusters: more in one pass over all rows takes longer than a click may


def usual_clusters(n_classes: int) -> int:
    """Return how many clusters to look for at first: as many as there are classes, 10 where there are none.

    Examples
    --------
    >>> usual_clusters(0), usual_clusters(7), usual_clusters(62)
    (10, 7, 50)
    """
    return min(max(n_classes, FEWEST_CLUSTERS), MOST_CLUSTERS) if n_classes else USUAL


def method_of(n: int, latent_dim: int, k: int) -> str:
    """Return the class of scikit-learn that finds the clusters: one that takes all rows at once, or batches of them.

    Examples
    --------
    >>> method_of(10_000, 64, 50), method_of(10_000, 1024, 50)
    ('KMeans', 'MiniBatchKMeans')
    """
    return "KMeans" if n * latent_dim * k <= _AT_ONCE else "MiniBatchKMeans"


def clusters(codes: FloatArray, k: int, seed: int = SEED) -> ByteArray:
    """Return the cluster of each code ``(n, latent_dim)``, ``(n,)`` from 0, the one with most codes first.

    It is what ``KMeans(k, random_state=seed)`` or, where ``method_of`` says so, ``MiniBatchKMeans`` finds, with
    scikit-learn's other settings. Where there are fewer than ``k`` different codes, there are fewer clusters.

    Raises
    ------
    ValueError
        If ``k`` is not between 2 and 50.

    References
    ----------
    Lloyd, "Least squares quantization in PCM", IEEE Transactions on Information Theory 28 (1982); Arthur and
    Vassilvitskii, "k-means++: the advantages of careful seeding", SODA 2007.

    Examples
    --------
    >>> clusters(np.array([[0], [9], [9.1], [0.1], [9.2]], "f"), 2)
    array([1, 0, 0, 1, 0], dtype=uint8)
    """
    if not FEWEST_CLUSTERS <= k <= MOST_CLUSTERS:
        raise ValueError(f"k must be between {FEWEST_CLUSTERS} and {MOST_CLUSTERS}; got {k}")
    from sklearn import cluster
    from sklearn.exceptions import ConvergenceWarning
    from threadpoolctl import threadpool_limits

    few = min(k, len(codes))
    found = getattr(cluster, method_of(len(codes), codes.shape[1], few))(few, random_state=seed)
    with threadpool_limits(1), warnings.catch_warnings():  # threads that wait for one another cost more than they save
        warnings.simplefilter("ignore", ConvergenceWarning)  # fewer different codes than clusters
        labels = found.fit_predict(np.ascontiguousarray(codes, np.float32))
    order = np.argsort(-np.bincount(labels, minlength=few), kind="stable")
    rank = np.empty(few, np.uint8)
    rank[order] = np.arange(few)
    return np.asarray(rank[labels], np.uint8)
