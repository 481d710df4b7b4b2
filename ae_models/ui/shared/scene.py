"""What stands on the page: the images, the models and maps of them, and the decoded point under the sliders."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from ae_models import recipes
from ae_models.base import Embedding, FloatArray, ImageDataset, UserError
from ae_models.base.neighbors import nearest_rows
from ae_models.base.squared_errors import squared_errors
from ae_models.kinds import kind_of
from ae_models.latent import leading_dims
from ae_models.projections.store import rows_of
from ae_models.recipes.mapping import pca_beside
from ae_models.runs import Graphs, RunRecord, RunStore
from ae_models.ui.shared import run_data
from ae_models.ui.view import THIRD, View

N_NEAREST = 8


@dataclass(frozen=True, eq=False)
class DecodedSpace:
    """One code space with its decoder: the autoencoder's, or PCA's."""

    store: RunStore
    record: RunRecord
    graphs: Graphs
    codes: run_data.Codes

    def decode(self, point: FloatArray) -> FloatArray:
        """Return the image ``(c, h, w)`` of a point ``(latent_dim,)``; not clipped: its error is the model's."""
        image: FloatArray = self.graphs.decode(point[None])[0]
        return image


@dataclass(frozen=True, eq=False)
class NeighbourMap:
    """The map in the third place: of a method that keeps neighbours together and cannot draw."""

    method: str
    title: str
    found: Embedding | None  # None: there is none of these images yet
    points: FloatArray | None  # (n, dim), laid on PCA's map where there is one
    aligned: bool
    choices: tuple[tuple[str, str], ...]  # method and title of those that could stand here


@dataclass(frozen=True, eq=False)
class Scene:
    """Everything that stays while sliders move."""

    images: ImageDataset
    split: str
    autoencoder: DecodedSpace
    pca: DecodedSpace | None
    third: NeighbourMap
    dims: tuple[int, ...]  # which coordinates of the autoencoder's code its map shows

    @property
    def alone(self) -> bool:
        """Whether PCA stands in the autoencoder's place: nobody has trained one of these images yet."""
        return self.autoencoder.record.model.name == "pca"

    @property
    def straight(self) -> DecodedSpace | None:
        """PCA, wherever it stands."""
        return self.autoencoder if self.alone else self.pca

    def driver(self, view: View) -> DecodedSpace:
        """Return the space whose coordinates the sliders move."""
        return self.pca if view.drive == "pca" and self.pca is not None else self.autoencoder


@dataclass(frozen=True, eq=False)
class DecodedPoint:
    """What follows from the point under the sliders."""

    pin_row: int
    point: FloatArray  # (latent_dim,)
    moved: bool
    drawn: FloatArray  # (c, h, w): what the driven decoder draws from the point
    drawn_error: float  # SSE against the pinned image
    other_row: int  # the image whose reconstruction the other decoder shows
    other: FloatArray | None
    other_error: float
    nearest: tuple[tuple[int, float], ...]  # (row, distance), nearest first


def of(view: View, run: tuple[RunStore, RunRecord]) -> Scene | str:
    """Gather the scene of a view; a text says why it cannot be shown."""
    store, record = run
    if view.split == "train" and record.dataset.variant != "bundled":
        view.split = "heldout"
    if view.split == "heldout" and view.dim > record.latent_dim > 1:
        view.dim = record.latent_dim
    try:
        images = run_data.rows(record.dataset.name, record.dataset.variant, view.split)
        codes = run_data.codes(store, record, view.split)
        graphs = run_data.graphs_of(store, record)
        graphs.decode(codes.values[:1])  # a damaged graph is found here, not in mid-drawing
        pca = None if record.model.name == "pca" else _pca(record, view)
    except UserError as mistake:
        return str(mistake)
    is_pca = record.model.name == "pca"
    dims = tuple(range(view.dim)) if is_pca else leading_dims(codes.values, view.dim)
    first = DecodedSpace(store, record, graphs, codes)
    third = _third(view, images, first if is_pca else pca)
    return Scene(images, view.split, first, pca, third, dims)


def _third(view: View, images: ImageDataset, pca: DecodedSpace | None) -> NeighbourMap:
    titles = run_data.neighbour_maps(images.name)
    if view.third not in titles:
        view.problems.append(f"map in the address must be one of {', '.join(titles)}: got “{view.third}”")
        view.third = THIRD
    method = view.third
    found = run_data.embedding(method, images, view.dim)
    points = None if found is None else found.points
    aligned = points is not None and pca is not None
    if points is not None and pca is not None:
        onto = pca.codes.values[:, : view.dim]
        name = f"{key_of(found, images)} on {pca.record.id} {pca.record.digest} {view.split}"
        points = run_data.aligned_to(points, onto, name)
    return NeighbourMap(method, titles[method], found, points, aligned, tuple(titles.items()))


def key_of(found: Embedding | None, images: ImageDataset) -> str:
    """Return a text that names a stored map, cut down to these images."""
    return "" if found is None else f"{found.method} {found.config} {found.version} {found.fitted_on} {images.digest}"


def _pca(record: RunRecord, view: View) -> DecodedSpace | None:
    found = pca_beside(record, view.dim)
    if found is None:
        return None
    store, pca = found
    return DecodedSpace(store, pca, run_data.graphs_of(store, pca), run_data.codes(store, pca, view.split))


def turned(view: View, scene: Scene) -> Scene:
    """Return the scene with what the view asks for: which coordinates the first map shows, which map stands third."""
    if view.third != scene.third.method:
        scene = replace(scene, third=_third(view, scene.images, scene.straight))
    wanted = view.dims
    fits = len(wanted) == view.dim == len(set(wanted)) and all(
        dim < scene.autoencoder.record.latent_dim for dim in wanted
    )
    if not fits:
        view.dims = ()
        return scene
    return replace(scene, dims=wanted)


def settle(view: View, scene: Scene, asked: str = "z in the address") -> None:
    """Put right, and say, a pin or a point that does not fit the scene; ``asked`` says where the point came from."""
    kind = kind_of(scene.images.shape)
    if view.pin is None or rows_of(scene.images.ids, np.array([view.pin], np.int32)) is None:
        if view.pin is not None:
            view.problems.append(
                kind.say("{Sample} #{pin} is not among those shown; the first one is pinned.", pin=view.pin)
            )
        view.pin = int(scene.images.ids[0])
    size = scene.driver(view).record.latent_dim
    if view.point is not None and len(view.point) != size:
        view.problems.append(
            f"{asked} has {len(view.point)} numbers where this code has {size}: the sliders stand on the {kind.sample}."
        )
        view.move_to(None)


def at(view: View, scene: Scene) -> DecodedPoint:
    """Decode the point of a settled view."""
    space = scene.driver(view)
    pinned = rows_of(scene.images.ids, np.array([view.pin], np.int32))
    pin_row = 0 if pinned is None else int(pinned[0])
    home = space.codes.values[pin_row]
    moved = view.point is not None and not np.allclose(view.point, home, atol=1e-5)
    point = np.array(view.point, np.float32) if moved else home
    drawn = space.decode(point)
    by_code = nearest_rows(point, space.codes.values, N_NEAREST, squared_norms=space.codes.squared_norms)
    rows, distances = by_code
    if view.near == "pixels":
        flat = run_data.flat_images(scene.images.name, space.record.dataset.variant, scene.split)
        rows, distances = nearest_rows(np.clip(drawn, 0, 1).ravel(), flat, N_NEAREST)
    other_row = int(by_code[0][0]) if moved else pin_row
    other_space = scene.pca if space is scene.autoencoder else scene.autoencoder
    other = other_space.decode(other_space.codes.values[other_row]) if other_space else None
    return DecodedPoint(
        pin_row=pin_row,
        point=point,
        moved=moved,
        drawn=drawn,
        drawn_error=_error(scene, pin_row, drawn, space),
        other_row=other_row,
        other=other,
        other_error=_error(scene, other_row, other, other_space) if other is not None and other_space else math.nan,
        nearest=tuple((int(row), float(distance)) for row, distance in zip(rows, distances, strict=True)),
    )


def seen_and_wanted(scene: Scene, row: int) -> tuple[FloatArray, FloatArray]:
    """Return what the autoencoder sees of one image, and what it should answer: each ``(c, h, w)``."""
    choice = scene.autoencoder.record.corruption
    seen, wanted = recipes.seen_and_wanted(choice, scene.images, slice(row, row + 1))
    return seen[0], wanted[0]


def _error(scene: Scene, row: int, drawn: FloatArray, space: DecodedSpace) -> float:
    clean = scene.images.images(slice(row, row + 1))[0]
    wanted = seen_and_wanted(scene, row)[1] if space is scene.autoencoder else clean
    return float(squared_errors(wanted[None], drawn[None])[0])


def name_of(scene: Scene, row: int) -> str:
    """Return what an image is called: "#0, a 7"; "#3, trousers"."""
    images = scene.images
    number = f"#{images.ids[row]}"
    if images.labels is None:
        return number
    label = images.class_names[images.labels[row]]
    return f"{number}, {'an' if label == '8' else 'a'} {label}" if len(label) == 1 else f"{number}, {label}"
