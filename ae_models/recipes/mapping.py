"""Fit a baseline map: PCA as a run that draws, any other as points that are kept."""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from ae_models import datasets
from ae_models.base import Embedding, Mistake, Progress, Splits
from ae_models.config import Config, PCAConfig, Variant
from ae_models.projections import PROJECTIONS
from ae_models.projections import store as maps
from ae_models.recipes.scoring import about_data, flat, numbers, rows_record, versions, write_scored
from ae_models.runs import RunRecord, RunStore, linear_graphs, pca_runs, shipped_runs


def fit_pca(
    splits: Splits,
    k: int,
    *,
    store: RunStore | None = None,
    run_id: str | None = None,
    keep_codes: bool = True,
    purpose: str = "",
) -> RunRecord:
    """Fit exact PCA on the training rows and keep it as a run folder, so that it is served like an autoencoder.

    One that was fitted on these rows before is returned as it is.
    """
    from ae_models.projections.pca import PCA

    found = find_pca(splits.train.name, splits.train.digest, k)
    if found and store is None:
        return found[1]
    start = time.perf_counter()
    pca = PCA(PCAConfig.of(n_components=k)).fit(flat(splits.train))
    encoder, decoder = linear_graphs(pca.mean, pca.components, splits.train.shape)
    record = {
        **about_data(splits),
        "id": run_id or f"{splits.train.name}-pca-{k}d-{splits.train.digest[:6]}",
        "title": f"PCA, {numbers(k)}",
        "origin": "shipped" if store else "local",
        "purpose": purpose,
        "model": {"name": "pca", "config": {"n_components": k}},
        "latent_dim": k,
        "seconds": round(time.perf_counter() - start, 2),
        "n_parameters": pca.components.size + pca.mean.size,
        "versions": versions("scikit-learn", "onnxruntime", "numpy"),
        "explained_variance": [round(float(share), 6) for share in pca.explained],
    }
    files = {"encoder.onnx": encoder, "decoder.onnx": decoder}
    return write_scored(store or pca_runs(), record, files, splits.heldout, keep_codes=keep_codes)


def find_pca(dataset: str, fitted_digest: str, k: int) -> tuple[RunStore, RunRecord] | None:
    """Return the stored PCA of ``k`` components that was fitted on the rows of this digest, or None."""
    candidates = (
        (shipped_runs(), f"{dataset}-pca-{k}d"),
        (pca_runs(), f"{dataset}-pca-{k}d-{fitted_digest[:6]}"),
    )
    for store, run_id in candidates:
        if run_id in store:
            try:
                record = store.read(run_id)
            except Mistake:
                continue
            if record.dataset.fitted_on.digest == fitted_digest:
                return store, record
    return None


def project(
    method: str,
    dataset: str,
    dim: int,
    *,
    variant: Variant = "auto",
    settings: dict[str, Any] | None = None,
    progress: Progress | None = None,
) -> Embedding:
    """Fit a map on the training rows and let it transform the held-out ones; keep the points.

    A map that was fitted before with the same parameters on the same data is read, not fitted again.
    """
    entry = PROJECTIONS.entry(method)
    if entry.config is None:
        raise ValueError(f"projection '{method}' has no config class")
    config: Config = entry.config.of(**{"n_components": dim, **(settings or {})})
    say: Progress = progress or (lambda share, line: None)
    splits = datasets.load(dataset, variant)
    projection_class = PROJECTIONS.load(method)
    values = config.model_dump(mode="json")
    name = maps.key(method, values, splits.train.digest, splits.heldout.digest)
    kept = maps.same(method, values, splits.train.digest, splits.heldout.digest)
    if kept is not None:
        return kept

    projection = projection_class(config)
    projection.check(len(splits.train), int(np.prod(splits.train.shape)))
    say(0.0, f"fitting {method} on {len(splits.train):,} images")
    start = time.perf_counter()
    fitted = projection.fit(flat(splits.train))
    say(0.7, f"placing {len(splits.heldout):,} held-out images")
    embedding = Embedding(
        points=fitted.transform(flat(splits.heldout)),
        ids=splits.heldout.ids,
        method=method,
        config=values,
        version=projection_class.version(),
        dataset=dataset,
        fitted_on=rows_record("train", splits.train) | {"variant": splits.variant},
        scored_on=rows_record("heldout", splits.heldout) | {"variant": splits.variant},
        seconds=round(time.perf_counter() - start, 2),
    )
    maps.save(embedding, maps.own_embeddings(), name)
    say(1.0, "done")
    return embedding
