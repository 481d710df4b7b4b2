"""Baseline maps fitted to flat images: PCA, UMAP, t-SNE, PaCMAP, a random one. One file a method; no model, no page.

Heavy packages are imported inside ``fit``. Fitted points are kept by ``store``; fitted objects are never pickled. A
linear autoencoder is a *model* (``linear``): it is trained, and stands in a comparison as a run.
"""

from __future__ import annotations

from ae_models.base.registry import Entry, Registry

PROJECTIONS = Registry(
    "projection",
    {
        "pca": Entry(
            "ae_models.projections.pca:PCA",
            "PCA",
            "the straight map of least squared error where fitted; decodes",
            "ae_models.base.config:PCAConfig",
        ),
        "umap": Entry(
            "ae_models.projections.umap:UMAP",
            "UMAP",
            "keeps neighbours together; cannot draw",
            "ae_models.projections.umap:UMAPConfig",
        ),
        "tsne": Entry(
            "ae_models.projections.tsne:TSNE",
            "t-SNE",
            "keeps near neighbours; cannot draw",
            "ae_models.projections.tsne:TSNEConfig",
        ),
        "pacmap": Entry(
            "ae_models.projections.pacmap:PaCMAP",
            "PaCMAP",
            "keeps neighbours and the large picture; cannot draw; needs 'pip install pacmap==0.9.1'",
            "ae_models.projections.pacmap:PaCMAPConfig",
        ),
        "random": Entry(
            "ae_models.projections.random:Random",
            "Random map",
            "straight and blind, a floor; decodes",
            "ae_models.projections.random:RandomConfig",
        ),
    },
)

__all__ = ["PROJECTIONS"]
