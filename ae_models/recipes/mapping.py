"""Fit a baseline map: PCA as a run that draws, any other as points that are kept."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ae_models import datasets
from ae_models.base import Embedding, Progress, Projection, Splits, UserError, as_user_error
from ae_models.base.config import Config, PCAConfig, Variant
from ae_models.kinds import kind_of
from ae_models.projections import PROJECTIONS
from ae_models.projections import store as maps
from ae_models.recipes.preview import Preview, preview
from ae_models.runs import RunRecord, RunStore, linear_graphs, pca_runs
from ae_models.runs.scoring import about_data, flat, numbers, rows_record, versions, write_scored
from ae_models.runs.serving import find_pca, pca_id

if TYPE_CHECKING:
    from ae_models.projections.pca import PCA

AT_ONCE = 2_500  # values an image: PCA of more takes as long as there are images,
MOST_AT_ONCE = 25_000_000  # so it is fitted at once up to so many values in all: 2,000 colour images of 64 x 64
_FITTING = 0.8  # of the time; the rest is for placing held-out images


def fit_pca(
    splits: Splits,
    k: int,
    *,
    store: RunStore | None = None,
    run_id: str | None = None,
    keep_codes: bool = True,
    purpose: str = "",
    fitted: PCA | None = None,
) -> RunRecord:
    """Fit exact PCA on the training rows and keep it as a run folder, so that it is served like an autoencoder.

    One that was fitted on these rows before is returned as it is; ``fitted`` saves fitting where it is known.
    """
    from ae_models.projections.pca import PCA

    found = find_pca(splits.train.name, splits.train.digest, k)
    if found and store is None:
        return found[1]
    start = time.perf_counter()
    pca = fitted or PCA(PCAConfig.of(n_components=k)).fit(flat(splits.train))
    encoder, decoder = linear_graphs(pca.mean, pca.components, splits.train.shape)
    record = {
        **about_data(splits),
        "id": run_id or pca_id(splits.train.name, splits.train.digest, k),
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
    try:
        return write_scored(store or pca_runs(), record, files, splits.heldout, keep_codes=keep_codes)
    except UserError:
        found = find_pca(splits.train.name, splits.train.digest, k)
        if found and store is None:
            return found[1]  # another job wrote the same one meanwhile
        raise


def is_quick(n_rows: int, n_values: int) -> bool:
    """Say whether PCA of three components takes no longer than a click may: seconds, and 0.4 GB of memory.

    Examples
    --------
    >>> is_quick(60_000, 784), is_quick(2_000, 12_288), is_quick(20_000, 12_288)
    (True, True, False)
    """
    return n_values <= AT_ONCE or n_rows * n_values <= MOST_AT_ONCE


def first_maps(dataset: str) -> list[RunRecord]:
    """Fit PCA of 2 and 3 components where that takes no longer than a click may; return those that are there.

    What takes longer (``is_quick``) is left to a job that somebody starts.
    """
    from ae_models.projections.pca import PCA

    splits = datasets.load(dataset)
    n_values = int(np.prod(splits.train.shape))
    sizes = [k for k in (2, 3) if k <= min(len(splits.train), n_values)]
    if not sizes or not is_quick(len(splits.train), n_values):
        return []
    missing = [k for k in sizes if find_pca(dataset, splits.train.digest, k) is None]
    most = PCA(PCAConfig.of(n_components=max(missing))).fit(flat(splits.train)) if missing else None
    return [fit_pca(splits, k, fitted=most.first(k) if most and k in missing else None) for k in sizes]


def name_of_map(found: Embedding) -> str:
    """Return the name that a map fitted here is kept under: that of its method, parameters and rows."""
    rows = found.fitted_on.get("digest", ""), found.scored_on.get("digest", "")
    return maps.key(found.method, found.config, *rows)


def pca_beside(record: RunRecord, dim: int) -> tuple[RunStore, RunRecord] | None:
    """Return PCA of a run's training rows at its code size, or at a map's where that is larger or all there is."""
    data = record.dataset
    sizes = dict.fromkeys((max(record.latent_dim, dim), dim))
    return next((found for k in sizes if (found := find_pca(data.name, data.fitted_on.digest, k))), None)


@dataclass(frozen=True)
class ProjectionRequest:
    """Which map to fit on what: a method of ``PROJECTIONS`` with its settings, and a data set."""

    method: str
    config: Config
    dataset: str
    variant: Variant = "auto"

    @classmethod
    def of(
        cls, method: str, dataset: str, dim: int, *, variant: Variant = "auto", settings: dict[str, Any] | None = None
    ) -> ProjectionRequest:
        """Check names and settings; a bad one raises ``UserError``."""
        entry = PROJECTIONS.entry(method)
        if entry.config is None:
            raise ValueError(f"projection '{method}' has no config class")
        config: Config = entry.config.of(**{"n_components": dim, **(settings or {})})
        return cls(method, config, dataset, datasets.source(dataset).resolve(variant))

    def to_dict(self) -> dict[str, Any]:
        """Return plain values that ``from_dict`` reads."""
        settings = self.config.model_dump(mode="json")
        return {"method": self.method, "dataset": self.dataset, "variant": self.variant, "settings": settings}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> ProjectionRequest:
        """Read what ``to_dict`` gave, with every check; ``UserError`` where it is none or not possible here."""
        try:
            settings = dict(values["settings"])
            dim = settings.pop("n_components", 2)
            return cls.of(values["method"], values["dataset"], dim, variant=values["variant"], settings=settings)
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise as_user_error(error, "what was ordered cannot be read") from None


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

    A map that was fitted before with the same parameters on the same data is read, not fitted again. What
    ``progress`` raises stops the work, and nothing is kept.
    """
    return fit_map(ProjectionRequest.of(method, dataset, dim, variant=variant, settings=settings), progress)[0]


def fit_map(
    order: ProjectionRequest,
    progress: Progress | None = None,
    *,
    show: Callable[[Preview], None] | None = None,
    hold: Callable[[str, Projection], None] | None = None,
) -> tuple[Embedding, str]:
    """Fit the map of an order, as ``project`` does, and return it with the name it is kept under.

    Parameters
    ----------
    order : ProjectionRequest
    progress : callable, optional
        Told the share done and a line; what it raises ends the fit, and nothing is kept.
    show : callable, optional
        Shown a coarse map first, where the full one takes long; see ``preview``.
    hold : callable, optional
        Given the name and what was fitted, which can place more images. A map that was kept before is not fitted.
    """
    method, config = order.method, order.config
    say: Progress = progress or (lambda share, line: None)
    splits = datasets.load(order.dataset, order.variant)
    projection = PROJECTIONS.load(method)(config)
    values, train = config.model_dump(mode="json"), splits.train
    projection.check(len(train), int(np.prod(train.shape)))
    name = maps.key(method, values, train.digest, splits.heldout.digest)
    kept = maps.same(method, values, train.digest, splits.heldout.digest)
    draws = method == "pca"  # it is kept as a run too: pages draw with that
    if kept is not None:
        if draws:
            fit_pca(splits, config.model_dump()["n_components"])
        return kept

    if show is not None:
        say(0.0, "a preview first")
        coarse = preview(method, config, splits)
        if coarse is not None:
            show(coarse)
    embedding, fitted = _fitted(order, projection, splits, say)
    maps.save(embedding, maps.own_embeddings(), name)
    if hold is not None:
        hold(name, fitted)
    if draws:
        fit_pca(splits, embedding.points.shape[1], fitted=fitted)
    say(1.0, "done")
    return embedding, name


def _fitted(order: ProjectionRequest, projection: Any, splits: Splits, say: Progress) -> tuple[Embedding, Any]:
    """Return the points of the held-out images, and what was fitted on the training images and placed them."""
    train = splits.train
    samples = kind_of(train.shape).samples
    say(0.0, f"fitting {order.method} on {len(train):,} {samples}")
    start = time.perf_counter()
    fitted = projection.fit(flat(train), lambda share, line: say(_FITTING * share, line))
    say(_FITTING, f"placing {len(splits.heldout):,} held-out {samples}")
    middle = time.perf_counter()
    points = fitted.transform(
        flat(splits.heldout), lambda share, line: say(_FITTING + (1 - _FITTING) * min(share, 0.99), line)
    )
    end = time.perf_counter()
    embedding = Embedding(
        points=points,
        ids=splits.heldout.ids,
        method=order.method,
        config=order.config.model_dump(mode="json"),
        version=projection.version(),
        dataset=order.dataset,
        fitted_on=rows_record("train", train) | {"variant": splits.variant},
        scored_on=rows_record("heldout", splits.heldout) | {"variant": splits.variant},
        seconds=round(end - start, 2),
        transform_seconds=round(end - middle, 3),
    )
    return embedding, fitted
