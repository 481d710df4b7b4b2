"""What stands on and under the maps: names of axes, what a map was fitted on, the lines that compute it again."""

from __future__ import annotations

import math

import numpy as np

from ae_models import datasets
from ae_models.base import Embedding, FloatArray, Shape
from ae_models.kinds import Kind, kind_of
from ae_models.runs import RunRecord

_SETTINGS = {"n_neighbors": "{} neighbours", "perplexity": "perplexity {}", "seed": "seed {}"}
PCA_NOTE = "the straight map of least squared error where fitted"


def heading(latent_dim: int, shape: Shape) -> str:
    """Return the question over the maps: "Squeeze a picture to 2 numbers. What survives?"."""
    kind, code = kind_of(shape), "1 number" if latent_dim == 1 else f"{latent_dim} numbers"
    return kind.say(kind.squeezes, n_parts=math.prod(shape), latent_dim=latent_dim, code=code)


def coordinate(record: RunRecord, dim: int) -> str:
    """Return what a coordinate is called: z1, or component 1."""
    return f"component {dim + 1}" if record.model.name == "pca" else f"z{dim + 1}"


def axes(record: RunRecord, dims: tuple[int, ...], dim: int) -> tuple[str, ...]:
    """Return the names of a map's ``dim`` axes; those of PCA say what share of the variance they hold."""
    if record.model.name != "pca":
        names = tuple(coordinate(record, one) for one in dims)
        return (*names, "spread only") if len(dims) < dim else names
    shares = (record.model_extra or {}).get("explained_variance", [])
    return tuple(f"{coordinate(record, one)} ({100 * shares[one]:.1f} %)" for one in dims if one < len(shares))


def corner(record: RunRecord, dims: tuple[int, ...], dim: int) -> str:
    """Return what the map of an autoencoder does not show."""
    if len(dims) < dim:
        return "up and down mean nothing"
    hidden = record.latent_dim - len(dims)
    return f"{hidden} more numbers not shown" if hidden > 0 else ""


def fitted(record: RunRecord) -> str:
    """Return what a run was fitted on: "60,000 training images", "800 training rows"."""
    data = record.dataset
    return f"{data.fitted_on.n:,} {_source(data.name, data.variant, kind_of(record.input_shape))}"


def _source(dataset: str, variant: object, kind: Kind) -> str:
    """Return what samples that were fitted on are called: a fifth of those that ship is held out of them."""
    ships = variant != "full" and datasets.DATASETS.ships(dataset)
    return kind.say("bundled {samples}") if ships else kind.say("training {samples}")


def is_imported(found: Embedding) -> bool:
    """Whether a map's points were made elsewhere and read from a file."""
    return found.version == "imported"


def third_foot(found: Embedding) -> str:
    """Return what stands under a map that cannot draw."""
    return "" if is_imported(found) else "axes mean nothing; nor do gaps and sizes"


def third_corner(found: Embedding) -> str:
    """Return the seed of a map that cannot draw, where it has one."""
    return f"seed {found.config['seed']}" if "seed" in found.config else ""


def third_note(found: Embedding, shape: Shape) -> str:
    """Return what a map of data of this shape that cannot draw says of itself."""
    if is_imported(found):
        config = found.config
        width = f"; the main {config['n_components']} directions of {config['of']} numbers" if "of" in config else ""
        return f"from {str(config.get('source', 'a file'))[:40]}{width}"
    own = found.fitted_on.get("digest") == found.scored_on.get("digest")
    kind = kind_of(shape)
    if own:
        return kind.say("fitted on these very {samples}; cannot draw")
    return kind.say("cannot draw: shows the nearest real {sample}")


def footer(record: RunRecord, n: int, *, heldout: bool, third: Embedding | None, title: str, laid: bool) -> str:
    """Return the line under the maps: which images they show, and what each map was fitted on.

    Parameters
    ----------
    record : RunRecord
        Of the autoencoder.
    n : int
        Images shown.
    heldout : bool
        They were never used to train it.
    third, title : Embedding or None, str
        The map in the third place and what its method is called.
    laid : bool
        It is turned, mirrored and scaled to lie like PCA.
    """
    data = record.dataset
    total = data.scored_on.n if data.variant == "full" and heldout else data.fitted_on.n + data.scored_on.n
    alone = record.model.name == "pca"
    who = "never used to train the autoencoder" if heldout else "that the autoencoder was trained on"
    kind = kind_of(record.input_shape)
    parts = [f"{n:,} {kind.samples} {'never used to fit PCA' if alone else who} · {n:,} of {total:,} shown"]
    fits = [f"{'PCA' if alone else 'autoencoder and PCA'} fitted on {fitted(record)}"]
    lies = "; turned, mirrored and scaled to lie like PCA" if laid else ""
    if third is not None and is_imported(third):
        fits.append(f"{title} laid from {third.config.get('source', 'a file')}, fitted on what is not known{lies}")
    elif third is not None:
        source = _source(third.dataset, third.fitted_on.get("variant"), kind)
        told = [words.format(third.config[key]) for key, words in _SETTINGS.items() if key in third.config]
        fits.append(f"{title} on {third.fitted_on['n']:,} {source} ({', '.join([*told, third.version])}){lies}")
    return " · ".join([*parts, "; ".join(fits)])


def lines(record: RunRecord) -> str:
    """Return Python that computes a view again, with ``{pin}`` and ``{point}`` where those belong."""
    return f"""import numpy as np
from ae_models import recipes
from ae_models.runs import Graphs

store, record = recipes.find_run("{record.id}")
images = recipes.heldout_of(record)  # {record.dataset.scored_on.n:,} images it never saw
codes = recipes.codes_of(store, record, images)  # (n, {record.latent_dim})
row = list(images.ids).index({{pin}})
point = np.array([[{{point}}]], np.float32)  # the image's own code: codes[row : row + 1]
drawn = Graphs(store, record).decode(point)[0]  # (channels, height, width)
"""


def points_on(values: FloatArray, dims: tuple[int, ...], dim: int) -> FloatArray:
    """Return codes ``(n, latent_dim)`` as places ``(n, dim)`` on a map of these coordinates."""
    points = values[:, list(dims)].astype(np.float32)
    if points.shape[1] < dim:  # a code of one number: spread out, so that dots do not hide one another
        spread = np.random.default_rng(0).normal(size=(len(points), dim - points.shape[1])).astype(np.float32)
        points = np.concatenate([points, spread * points.std()], axis=1)
    return points
