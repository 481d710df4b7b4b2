"""What the field has published: each figure with its protocol, the band that ours must lie in, and what differs.

A band lies on both sides of the published value, and is not moved to let ours pass: a miss stays, beside what differs
here from the source. ``verifying`` computes ours; no figure of ours is written here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

Needs = Literal["bundled images", "training images", "training"]

_SAINBURG = "Sainburg, McInnes & Gentner 2021"
_HINTON = "Hinton & Salakhutdinov 2006"
_MCINNES = "McInnes, Healy & Melville 2018, table 2"
_BALDI = "Baldi & Hornik 1989"

_ERROR = "fitted on the 60,000 training images, scored on the 10,000 test images, pixels in [0, 1]"
_FITTED = "fitted on the first 50,000 training images"
_FITTED_ALL = "fitted on all 60,000 training images"  # the networks that ship
_KNN = "neighbours among the points of the first 50,000 training images, scored on the 10,000 test images"
_TRUST = "k = 5, on the first 10,000 training images"
_SILHOUETTE = "points of the first 50,000 training images, with class labels"
_ALL = "fitted on all 70,000 images; their points, k = 100, 20-fold cross-validation (stratified, in file order)"
NONE = "none"
_NAMES = {"mnist": "MNIST", "fashion-mnist": "Fashion-MNIST"}


@dataclass(frozen=True)
class Published:
    """One published figure, and how it is measured here.

    Parameters
    ----------
    id, figure : str
        A short name for ``--only``; what the figure is, in words.
    value : float
    low, high : float
        The band in which ours must lie.
    how : tuple of str or int
        A function of ``verifying`` and its arguments.
    needs : str
        What must be here: the bundled images, the training images, or hours of training.
    difference : str
        What is not as in the source, in words; ``none`` where nothing is known to differ.
    """

    id: str
    figure: str
    value: float
    low: float
    high: float
    source: str
    protocol: str
    how: tuple[str | int, ...]
    needs: Needs
    difference: str = NONE

    @property
    def dataset(self) -> str:
        """Name of the data set that it is a figure of."""
        return str(self.how[1] if self.how[0] in ("error", "angle") else self.how[-2])


@dataclass(frozen=True)
class Verified:
    """One figure, published and here. ``here`` is None where it was left out, and ``left_out`` says why."""

    published: Published
    here: float | None
    seconds: float = 0.0
    left_out: str = ""

    @property
    def passes(self) -> bool | None:
        """Whether ours lies in the band; None where there is none."""
        if self.here is None:
            return None
        return self.published.low <= self.here <= self.published.high

    @property
    def verdict(self) -> str:
        """What became of the figure, in a word or two: a miss says on which side."""
        if self.here is None or self.passes:
            return "left out" if self.here is None else "pass"
        return f"outside, {'below' if self.here < self.published.low else 'above'}"

    def to_json(self) -> dict[str, Any]:
        """Return the row as plain values."""
        about = self.published
        return {
            "id": about.id,
            "figure": about.figure,
            "published": about.value,
            "here": self.here,
            "band": [about.low, about.high],
            "pass": self.passes,
            "source": about.source,
            "protocol": about.protocol,
            "difference": about.difference,
            "seconds": round(self.seconds, 2),
            "left_out": self.left_out,
        }


def _near(value: float, share: float) -> tuple[float, float]:
    """Return the band of a deterministic figure: its published digits, and a share of it either way."""
    return value * (1 - share), value * (1 + share)


def _error(
    dataset: str, words: str, value: float, unit: str, source: str, what: str, difference: str = NONE
) -> Published:
    """Return a reconstruction error: PCA's to its published digits, a network's to a twentieth either way."""
    low, high = _near(value, 0.002 if what.startswith("pca-") else 0.05)
    name = f"{what.removeprefix(dataset.split('-')[0] + '-')}-{unit}"
    figure = f"{_NAMES[dataset]}, {words}: {unit.upper()}"
    how = ("error", dataset, what, unit)
    return Published(
        f"{dataset.split('-')[0]}-{name}", figure, value, low, high, source, _ERROR, how, "bundled images", difference
    )


def _map_figures(
    dataset: str, what: str, title: str, values: tuple[float, float, float, float], needs: Needs, difference: str
) -> tuple[Published, ...]:
    """Return 1-NN, 5-NN, trustworthiness and silhouette of one map, as one paper's table has them.

    PCA has one answer: a narrow band. A network or UMAP has a seed: a wider one. On MNIST the bands tell an autoencoder
    from PCA and from UMAP by each of the four.
    """
    one, five, trust, silhouette = values
    loose = what != "pca"
    short, name = dataset.split("-")[0], f"{_NAMES[dataset]}, {title}"
    slack = (0.03, 0.03, 0.005, 0.04) if loose else (0.005, 0.005, 0.003, 0.003)
    fitted = _FITTED if needs == "training" or not loose else _FITTED_ALL

    def row(kind: str, words: str, value: float, slack: float, protocol: str, *how: str | int) -> Published:
        own_name = f"{short}-{what.removeprefix(short + '-')}-{kind}"
        return Published(
            own_name, f"{name}: {words}", value, value - slack, value + slack, _SAINBURG, f"{fitted}; {protocol}",
            (*how, dataset, what), needs, difference,
        )  # fmt: skip

    return (
        row("1nn", "1-NN accuracy", one, slack[0], _KNN, "knn", 1),
        row("5nn", "5-NN accuracy", five, slack[1], _KNN, "knn", 5),
        row("trust", "trustworthiness", trust, slack[2], _TRUST, "trust", 5),
        row("silhouette", "silhouette", silhouette, slack[3], _SILHOUETTE, "silhouette"),
    )


def _all_rows(dataset: str, what: str, value: float, slack: float, needs: Needs, difference: str) -> Published:
    short, title = dataset.split("-")[0], {"pca": "PCA", "umap": "UMAP"}[what]
    return Published(
        f"{short}-{what}-100nn", f"{_NAMES[dataset]}, {title}: 100-NN accuracy", value, value - slack, value + slack,
        _MCINNES, _ALL, ("knn_all", 100, dataset, what), needs, difference,
    )  # fmt: skip


_ROWS = "60,000 training images where the source fits 50,000"
_DENSE = f"a dense network (512, 256, 128) with squared error where the source has a convolutional one; {_ROWS}"
_DENSE_VAE = f"a dense body (256, 128) where the source has a convolutional one; {_ROWS}"
_UNLIKE = (
    "unlike networks: ours is dense (256, 128), the source’s convolutional (64 and 128 channels, dense 512); none of "
    f"that shape and 64 numbers ships; {_ROWS}"
)
_TODAY = "GELU, AdamW, one-cycle and shifts by a pixel, where the source trains layer by layer and then fine-tunes"
_LOGISTIC = "a linear network with sigmoid output and cross-entropy, by AdamW; the source does not say how it fitted"
_SEED = "another seed, other versions of the libraries"
_FOLDS = "how the source drew its folds is not said"
# 1-NN, 5-NN, trustworthiness, silhouette
_AE_MNIST, _VAE_MNIST = (0.7647, 0.7926, 0.9663, -0.0258), (0.7241, 0.7649, 0.9513, 0.0627)
_AE_FASHION, _VAE_FASHION = (0.6816, 0.7339, 0.9803, 0.0427), (0.6646, 0.7161, 0.9751, 0.1064)
_UMAP_SEED = "another version of UMAP, another seed"

_M, _F = "mnist", "fashion-mnist"
_VAE = "variational autoencoder with 2 numbers"

PUBLISHED: tuple[Published, ...] = (
    _error(_M, "PCA with 2 numbers", 0.0557, "mse", _SAINBURG, "pca-2", _ROWS),
    _error(_M, "PCA with 30 numbers", 13.87, "sse", _HINTON, "pca-30"),
    _error(_M, "PCA with 64 numbers", 0.00905, "mse", _SAINBURG, "pca-64", _ROWS),
    _error(_F, "PCA with 2 numbers", 0.0461, "mse", _SAINBURG, "pca-2", _ROWS),
    _error(_F, "PCA with 64 numbers", 0.01038, "mse", _SAINBURG, "pca-64", _ROWS),
    _error(_M, "autoencoder with 30 numbers", 3.00, "sse", _HINTON, "mnist-published-30d", _TODAY),
    _error(_M, "logistic PCA with 30 numbers", 8.01, "sse", _HINTON, "mnist-logistic-pca-30d", _LOGISTIC),
    _error(_M, "autoencoder with 2 numbers", 0.0369, "mse", _SAINBURG, "mnist-dense-2d", _DENSE),
    _error(_F, "autoencoder with 2 numbers", 0.0244, "mse", _SAINBURG, "fashion-dense-2d", _DENSE),
    _error(_M, _VAE, 0.0371, "mse", _SAINBURG, "mnist-variational-2d", _DENSE_VAE),
    _error(_F, _VAE, 0.0253, "mse", _SAINBURG, "fashion-variational-2d", _DENSE_VAE),
    _error(_M, "dense against convolutional, 64 numbers", 0.00162, "mse", _SAINBURG, "mnist-ladder-64d", _UNLIKE),
    _error(_F, "dense against convolutional, 64 numbers", 0.00540, "mse", _SAINBURG, "fashion-ladder-64d", _UNLIKE),
    Published(
        "linear-ae-angle",
        "MNIST, linear autoencoder with 2 numbers: largest principal angle to PCA, in degrees (0 by a theorem)",
        0.0,
        0.0,
        2.0,
        _BALDI,
        "the shipped linear run against PCA, both fitted on the 60,000 training images",
        ("angle", "mnist", "mnist-linear-2d"),
        "bundled images",
        "a theorem’s limit, not a measurement: minibatches and a finite training stay above it",
    ),
    *_map_figures(_M, "pca", "PCA", (0.3765, 0.4201, 0.7434, 0.0228), "training images", NONE),
    *_map_figures(_M, "mnist-dense-2d", "autoencoder", _AE_MNIST, "training images", _DENSE),
    *_map_figures(_M, "mnist-variational-2d", "variational", _VAE_MNIST, "training images", _DENSE_VAE),
    *_map_figures(_F, "pca", "PCA", (0.4467, 0.5055, 0.9126, -0.0331), "training images", NONE),
    *_map_figures(_F, "fashion-dense-2d", "autoencoder", _AE_FASHION, "training images", _DENSE),
    *_map_figures(_F, "fashion-variational-2d", "variational", _VAE_FASHION, "training images", _DENSE_VAE),
    *_map_figures(_M, "ae-50k", "autoencoder as published", _AE_MNIST, "training", _SEED),
    *_map_figures(_M, "vae-50k", "variational as published", _VAE_MNIST, "training", _SEED),
    *_map_figures(_M, "umap", "UMAP", (0.9317, 0.9544, 0.9601, 0.5186), "training", _UMAP_SEED),
    *_map_figures(_F, "ae-50k", "autoencoder as published", _AE_FASHION, "training", _SEED),
    *_map_figures(_F, "vae-50k", "variational as published", _VAE_FASHION, "training", _SEED),
    *_map_figures(_F, "umap", "UMAP", (0.7144, 0.7608, 0.9777, 0.1936), "training", _UMAP_SEED),
    _all_rows(_M, "pca", 0.462, 0.01, "training images", _FOLDS),
    _all_rows(_F, "pca", 0.564, 0.01, "training images", _FOLDS),
    _all_rows(_M, "umap", 0.967, 0.02, "training", f"{_UMAP_SEED}; {_FOLDS}"),
    _all_rows(_F, "umap", 0.790, 0.03, "training", f"{_UMAP_SEED}; {_FOLDS}"),
)


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
