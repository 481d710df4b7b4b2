"""Baseline maps fitted to flat images: PCA, UMAP. One file a method; no model, no page.

Heavy packages are imported inside ``fit``. Fitted points are kept by ``store``; fitted objects are never pickled.
"""

from __future__ import annotations

from ae_models.config import PCAConfig, UMAPConfig
from ae_models.registry import Entry, Registry

PROJECTIONS = Registry(
    "projection",
    [
        (
            "pca",
            Entry("ae_models.projections.pca:PCA", "PCA", "the best any straight map can do; decodes", PCAConfig),
        ),
        (
            "umap",
            Entry("ae_models.projections.umap:UMAP", "UMAP", "keeps neighbours together; cannot draw", UMAPConfig),
        ),
    ],
)

__all__ = ["PROJECTIONS"]
