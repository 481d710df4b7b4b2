"""Published against here, in words: the verdict on each figure, and what the figures teach, computed from them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from ae_models.recipes.verifying import Verified

Verdict = Literal["in its band", "outside", "left out", "not yet"]
_NETWORKS = {"mnist": "mnist-dense-2d", "fashion": "fashion-dense-2d"}


def verdict(row: Verified) -> Verdict:
    """Return what became of a figure; ``not yet`` where it could be computed and was not."""
    if row.here is None:
        return "left out" if row.left_out else "not yet"
    return "in its band" if row.passes else "outside"


def lessons(rows: Sequence[Verified]) -> list[str]:
    """Return what the figures computed here say of PCA and the autoencoder with 2 numbers, a sentence each.

    Nothing is said of what was not computed.

    Examples
    --------
    >>> lessons([])
    []
    """
    here = {row.published.id: row.here for row in rows if row.here is not None}
    found = []
    for data, network in _NETWORKS.items():
        pairs = {
            kind: (here[f"{network}-{kind}"], here[f"{data}-pca-{kind}"])
            for kind in ("1nn", "trust", "silhouette")
            if f"{network}-{kind}" in here and f"{data}-pca-{kind}" in here
        }
        if "1nn" in pairs:
            own, straight = pairs["1nn"]
            found.append(f"The autoencoder has {own / straight:.1f} times PCA’s 1-NN accuracy.")
        if "trust" in pairs:
            own, straight = pairs["trust"]
            verb = "lifts" if own > straight else "lowers"
            found.append(f"It {verb} trustworthiness from {straight:.2f} to {own:.2f}.")
        if "silhouette" in pairs:
            own, straight = pairs["silhouette"]
            found.append(f"By silhouette (1: islands, 0: overlap) it has {own:.2f} and PCA {straight:.2f}.")
    return found
