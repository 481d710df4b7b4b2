"""The maps of a canvas and the axes of its code spaces, filled in one place for the page and the one HTML file."""

from __future__ import annotations

from collections.abc import Sequence

from ae_models.base import Embedding, Shape
from ae_models.canvas import captions
from ae_models.canvas.types import Axis, Fields, MapPanel
from ae_models.latent import Bounds
from ae_models.runs import RunRecord


def axes_of(record: RunRecord, bounds: Sequence[Bounds]) -> tuple[Axis, ...]:
    """Return the coordinates of a run's code with their names and where their sliders go."""
    return tuple(
        Axis(captions.coordinate(record, dim), one.low, one.high, one.start, one.stop, one.step)
        for dim, one in enumerate(bounds)
    )


def space_panel(
    record: RunRecord, key: str, dims: tuple[int, ...], dim: int, points_url: str, fields: Fields | None
) -> MapPanel:
    """Return the map of a run's codes: the coordinates ``dims`` of the space ``key``, in ``dim`` dimensions."""
    is_pca = record.model.name == "pca"
    return MapPanel(
        title="PCA" if is_pca else "Autoencoder",
        note=captions.PCA_NOTE if is_pca else f"fitted on {captions.fitted(record)}",
        points_url=points_url,
        empty="",
        axes=captions.axes(record, dims, dim),
        foot="",
        corner="" if is_pca else captions.corner(record, dims, dim),
        space=key,
        dims=dims,
        fields=fields,
    )


def third_panel(
    found: Embedding, shape: Shape, title: str, points_url: str, choices: tuple[tuple[str, str], ...]
) -> MapPanel:
    """Return a map that cannot draw; ``choices`` are all maps that may stand in its place, none where it is alone."""
    return MapPanel(
        title=title,
        note=captions.third_note(found, shape),
        points_url=points_url,
        empty="",
        axes=(),
        foot=captions.third_foot(found),
        corner=captions.third_corner(found),
        choices=choices if len(choices) > 1 else (),
        chosen=found.method,
    )


def empty_panel(title: str, words: str) -> MapPanel:
    """Return a map that is not there, with what to do about it."""
    return MapPanel(title=title, note="", points_url=None, empty=words, axes=(), foot="", corner="")
