"""Published against measured here: every figure of ``published`` computed anew, by the protocol beside it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Literal

import numpy as np

from ae_models import __version__, datasets
from ae_models.base import FloatArray, ImageDataset, IntArray, Progress, UserError, every_core, squared_errors
from ae_models.base.paths import home
from ae_models.projections import PROJECTIONS
from ae_models.recipes.published import PUBLISHED, Published, Verified
from ae_models.recipes.train_request import TrainRequest
from ae_models.recipes.training import Destination, train
from ae_models.runs import Graphs, RunRecord, RunStore, shipped_runs
from ae_models.runs.scoring import flat, in_parts
from ae_models.runs.serving import codes_of, find_pca, find_run, heldout_of

Depth = Literal["quick", "full"]
_TRUSTED_ROWS = 10_000
_FITTED_ROWS = 50_000  # Sainburg et al.: the last 10,000 training images are held out


def verify(depth: Depth = "quick", only: Sequence[str] = (), progress: Progress | None = None) -> list[Verified]:
    """Compute the published figures here.

    Parameters
    ----------
    depth : str
        ``quick`` computes from shipped runs and the images that are here; ``full`` also trains, which takes hours.
    only : sequence of str
        Ids of figures; all of them by default.

    Returns
    -------
    list of Verified
        In the order of ``PUBLISHED``; what cannot be computed here is in it with the reason.
    """
    known = {figure.id for figure in PUBLISHED}
    for name in only:
        if name not in known:
            raise UserError(f"unknown figure '{name}': choose from {', '.join(sorted(known))}")
    wanted = [figure for figure in PUBLISHED if not only or figure.id in only]
    bench, found = _Bench(progress), []
    for place, figure in enumerate(wanted):
        if progress:
            progress(place / len(wanted), figure.figure)
        found.append(_one(figure, depth, bench))
    if progress:
        progress(1.0, "done")
    return found


def why_left_out(figure: Published, depth: Depth = "quick") -> str:
    """Return why a figure will not be computed here, in one line; nothing where it will be."""
    dataset = figure.dataset
    if figure.needs != "bundled images" and datasets.source(dataset).resolve("auto") != "full":
        return f"needs the 60,000 training images of {dataset}, which are not here: datasets --download {dataset}"
    if figure.needs == "training" and depth != "full":
        return "needs a training of its own: verify --full"
    return ""


def basis(figures: Sequence[Published]) -> str:
    """Return a digest of all that quick figures follow from: this package, the images, the models that ship."""
    parts: list[Any] = [__version__]
    for name in sorted({figure.dataset for figure in figures}):
        if datasets.source(name).resolve("auto") == "full":
            splits = datasets.load(name, "full")
            parts += [name, splits.train.digest, splits.heldout.digest]
        else:
            parts += [name, datasets.heldout(name, "full").digest]
    store = shipped_runs()
    parts += [{name: file.sha256 for name, file in record.files.items()} for record in store.list()[0]]
    return sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def _one(figure: Published, depth: Depth, bench: _Bench) -> Verified:
    why = why_left_out(figure, depth)
    if why:
        return Verified(figure, None, left_out=why)
    start = time.perf_counter()
    try:
        here = float(getattr(bench, str(figure.how[0]))(*figure.how[1:]))
    except UserError as mistake:
        return Verified(figure, None, time.perf_counter() - start, str(mistake))
    return Verified(figure, here, time.perf_counter() - start)


@dataclass
class _Bench:
    """The measurements, and what several of them share: nothing is computed twice."""

    progress: Progress | None = None
    _kept: dict[tuple[str, ...], Any] = field(default_factory=dict)

    def _once(self, key: tuple[str, ...], make: Callable[[], Any]) -> Any:
        if key not in self._kept:
            self._kept[key] = make()
        return self._kept[key]

    # Reconstruction errors and angles: bundled images and shipped graphs are enough.

    def error(self, dataset: str, what: str, unit: str) -> float:
        """Return SSE or MSE of a shipped run, or of ``pca-k``, on the 10,000 test images."""
        if what.startswith("pca-"):
            return self._pca_error(dataset, int(what[4:]), unit)
        store, record = find_run(what)
        graphs, images, total = Graphs(store, record), heldout_of(record), 0.0
        for _, seen, wanted in in_parts(record.corruption, images):
            total += squared_errors.sse(wanted, graphs.reconstruct(seen)) * len(wanted)
        return _in_unit(total / len(images), images, unit)

    def _pca_error(self, dataset: str, k: int, unit: str) -> float:
        store, record = find_run(f"{dataset}-pca-64d")
        graphs, images = Graphs(store, record), heldout_of(record)
        whole = self._once(("codes", record.id), lambda: codes_of(store, record, images))
        cut = whole.copy()
        cut[:, k:] = 0  # the components are orthonormal: fewer of them are the shorter PCA
        total = sum(
            squared_errors.sse(wanted, graphs.decode(cut[rows])) * len(wanted)
            for rows, _, wanted in in_parts(record.corruption, images)
        )
        return _in_unit(total / len(images), images, unit)

    def angle(self, dataset: str, run_id: str) -> float:
        """Return the largest principal angle, in degrees, between a linear decoder's plane and PCA's."""
        from scipy.linalg import subspace_angles

        store, record = find_run(run_id)
        found = find_pca(dataset, record.dataset.fitted_on.digest, record.latent_dim)
        if found is None:
            raise UserError(
                f"there is no PCA with {record.latent_dim} numbers of the rows that '{run_id}' was fitted on"
            )
        planes = [_directions(Graphs(*pair), record.latent_dim) for pair in ((store, record), found)]
        return float(np.degrees(subspace_angles(*planes).max()))

    # Maps of the training images.

    def knn(self, k: int, dataset: str, what: str) -> float:
        """Return the share of the 10,000 test images whose k nearest of 50,000 fitted points name their class."""
        from sklearn.neighbors import KNeighborsClassifier

        fitted, scored = self._points(dataset, what)
        train_labels, test_labels = self._labels(dataset)
        return float(KNeighborsClassifier(k).fit(fitted, train_labels).score(scored, test_labels))

    def trust(self, k: int, dataset: str, what: str) -> float:
        """Return the trustworthiness of the first 10,000 fitted points."""
        from ae_models.metrics.ranks import neighbourhoods, pixel_ranks
        from ae_models.metrics.shares import penalty_share

        fitted, _ = self._points(dataset, what)
        images = self._splits(dataset)[0].take(np.arange(_TRUSTED_ROWS))
        ranks = pixel_ranks(images.pixels)
        (found,) = neighbourhoods(ranks, [fitted[:_TRUSTED_ROWS]], k, seed=None, threads=every_core())
        return float(np.mean(penalty_share(found, found.intruders), dtype=np.float64))

    def silhouette(self, dataset: str, what: str) -> float:
        """Return the silhouette of the fitted points with class labels, over all pairs."""
        from ae_models.metrics.silhouette import silhouettes

        fitted, _ = self._points(dataset, what)
        return float(silhouettes(fitted, self._labels(dataset)[0], every_core()).mean())

    def knn_all(self, k: int, dataset: str, what: str) -> float:
        """Return k-NN accuracy over all 70,000 fitted points, by 20-fold cross-validation."""
        from sklearn.model_selection import cross_val_score
        from sklearn.neighbors import KNeighborsClassifier

        splits = datasets.load(dataset, "full")
        rows = np.concatenate([flat(splits.train), flat(splits.heldout)])
        labels = np.concatenate([_known(splits.train), _known(splits.heldout)])
        points = self._once(("all", dataset, what), lambda: _mapped(what, rows)[1])
        return float(cross_val_score(KNeighborsClassifier(k), points, labels, cv=20).mean())

    def _splits(self, dataset: str) -> tuple[ImageDataset, ImageDataset]:
        def make() -> tuple[ImageDataset, ImageDataset]:
            splits = datasets.load(dataset, "full")
            return splits.train.take(np.arange(_FITTED_ROWS)), splits.heldout

        pair: tuple[ImageDataset, ImageDataset] = self._once(("splits", dataset), make)
        return pair

    def _labels(self, dataset: str) -> tuple[IntArray, IntArray]:
        train_rows, test_rows = self._splits(dataset)
        return _known(train_rows), _known(test_rows)

    def _points(self, dataset: str, what: str) -> tuple[FloatArray, FloatArray]:
        """Return where the 50,000 fitted and the 10,000 test images lie."""
        pair: tuple[FloatArray, FloatArray] = self._once(("points", dataset, what), lambda: self._place(dataset, what))
        return pair

    def _place(self, dataset: str, what: str) -> tuple[FloatArray, FloatArray]:
        train_rows, test_rows = self._splits(dataset)
        if what in PROJECTIONS:
            fitted, points = _mapped(what, flat(train_rows))
            return points, fitted.transform(flat(test_rows))
        store, record = _trained(dataset, what, self.progress) if what in _DESIGNS else find_run(what)
        return codes_of(store, record, train_rows), codes_of(store, record, test_rows)


def _mapped(what: str, rows: FloatArray) -> tuple[Any, FloatArray]:
    """Return a 2-D map fitted to all rows, and where it puts them."""
    config = PROJECTIONS.entry(what).config
    assert config is not None  # every projection has one
    projection = PROJECTIONS.load(what)(config.of(n_components=2)).fit(rows)
    return projection, projection.points


_PAPER = {
    "channels": (64, 128),
    "dense": 512,
    "latent_dim": 2,
    "loss": "bce",
    "epochs": 50,
    "batch_size": 256,
    "learning_rate": 1e-3,
    "weight_decay": 0.0,
    "n_images": _FITTED_ROWS,
    "snapshots": False,
}
_DESIGNS: dict[str, tuple[str, dict[str, Any]]] = {
    "ae-50k": ("conv", _PAPER),
    "vae-50k": ("variational", {**_PAPER, "body": "conv"}),
}


def _trained(dataset: str, what: str, progress: Progress | None) -> tuple[RunStore, RunRecord]:
    """Return a network of the paper's shape, trained on its 50,000 rows; one that was trained before is read."""
    store, run_id = RunStore(home() / "cache" / "verify"), f"{dataset}-{what}"
    if run_id not in store:
        order = TrainRequest.of(_DESIGNS[what][0], dataset, variant="full", settings=_DESIGNS[what][1])
        train(order, progress, to=Destination(store, run_id))
    return store, store.read(run_id)


def _in_unit(sse: float, images: ImageDataset, unit: str) -> float:
    return sse / float(np.prod(images.shape)) if unit == "mse" else sse


def _known(rows: ImageDataset) -> IntArray:
    if rows.labels is None:
        raise UserError(f"{rows.name} has no labels: no accuracy")
    return rows.labels


def _directions(graphs: Graphs, k: int) -> FloatArray:
    """Return what a linear decoder adds per unit of each code, as columns ``(n_pixels, k)``."""
    drawn = graphs.decode(np.concatenate([np.zeros((1, k)), np.eye(k)]).astype(np.float32)).reshape(k + 1, -1)
    return np.asarray((drawn[1:] - drawn[0]).T, np.float32)
