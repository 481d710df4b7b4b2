"""What the canvas is given: axes, code spaces, maps, pictures, a film, and the message that holds them all.

``browser/shared/types.js`` is written from these classes (``python -m ae_models.canvas.generate``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from ae_models.base import Shape
from ae_models.canvas.viewport import Viewports


@dataclass(frozen=True)
class Axis:
    """One coordinate of a code: its name and where its slider goes (see ``ae_models.latent.Bounds``)."""

    name: str
    low: float
    high: float
    start: float
    stop: float
    step: float


@dataclass(frozen=True)
class Clusters:
    """Groups of the codes of a space, found when somebody asks.

    Parameters
    ----------
    url : str
        Address of uint8 ``(n,)``: the cluster of each row from 0, the largest first.
    method, seed : str, int
        What finds them: a class of scikit-learn, and its ``random_state``.
    """

    url: str
    method: str
    seed: int


@dataclass(frozen=True)
class CodeSpace:
    """A space whose points can be drawn: its decoder, and the codes of the images shown.

    Parameters
    ----------
    key, title : str
        ``"pca"``, ``"PCA"``.
    decoder_url : str
        Address of an ONNX graph, ``code (n, len(axes))`` -> ``image (n, *shape)``.
    codes_url : str
        Address of little-endian float32 ``(n, len(axes))``.
    shape : (channels, height, width)
    axes : tuple of Axis
    order : tuple of int
        The axes as their sliders stand, those that matter first.
    support : (k, near, far)
        A point is on the data when its ``k``-th nearest code is at most ``near`` away, in a gap up to ``far``.
    errors_url, distances_url : str
        Addresses of float32 ``(n,)``: each image's squared reconstruction error, and the distance to its ``k``-th
        nearest other code.
    noise_url : str or None
        Address of float32 ``(n, len(axes))``, the standard deviations of the codes, where the encoder gives any.
    clusters : Clusters or None
        What its dots can be coloured by without a label.
    """

    key: str
    title: str
    decoder_url: str
    codes_url: str
    shape: Shape
    axes: tuple[Axis, ...]
    order: tuple[int, ...]
    support: tuple[int, float | None, float | None]
    errors_url: str
    distances_url: str
    noise_url: str | None = None
    clusters: Clusters | None = None


@dataclass(frozen=True)
class Fields:
    """What a visitor may lay over a flat map, made when somebody asks.

    Parameters
    ----------
    off_url : str
        Address of float32 ``(lines * lines,)``, row by row from the top left: distance off the data; up to 1 is on it.
    stretch_url : str
        Address of float32 ``(lines * lines + 1,)``: the logarithm of the decoder's stretch beyond its median on the
        data, and last the error that 95 % of the values stay below.
    arrows_url : str or None
        Address of float32 ``(arrows * arrows, 4)``: where codes lie, and where they come back to when they are drawn
        and read again.
    across, up : (low, high)
        Where the outer nodes lie.
    lines, arrows : int
        Nodes a side.
    """

    off_url: str
    stretch_url: str
    arrows_url: str | None
    across: tuple[float, float]
    up: tuple[float, float]
    lines: int
    arrows: int


@dataclass(frozen=True)
class MapPanel:
    """One map: what it is called, where its points are, what it says about itself.

    Parameters
    ----------
    title, note : str
        The heading, and beside it what the map was fitted on.
    points_url : str or None
        Address of little-endian float32 values, row-major ``(n, dim)``; None shows the empty state.
    empty : str
        What the empty state says. A part between backticks, or a command after ": python", is set as code.
    axes : tuple of str
        What the axes are called, without arrows; ``()`` for a map whose axes mean nothing.
    foot, corner : str
        The captions at the bottom. Which sample is pinned is added to the second.
    space : str or None
        The key of the code space that the map shows; None for a map that cannot draw.
    dims : tuple of int
        Which coordinates of the code its axes are.
    preserve_aspect : bool
        One unit is as long on every axis.
    fields : Fields or None
        What may be laid over the map.
    choices : tuple of (str, str)
        Other maps that could stand here, key and title; ``()`` for none.
    chosen : str
        Which of them this one is.
    """

    title: str
    note: str
    points_url: str | None
    empty: str
    axes: tuple[str, ...]
    foot: str
    corner: str
    space: str | None = None
    dims: tuple[int, ...] = ()
    preserve_aspect: bool = False
    fields: Fields | None = None
    choices: tuple[tuple[str, str], ...] = ()
    chosen: str = ""


@dataclass(frozen=True)
class ImageSheet:
    """All images shown, in one array: uint8 ``(n, *shape)``, where ``levels`` means 1.0."""

    title: str
    url: str
    shape: Shape
    levels: int


@dataclass(frozen=True)
class Film:
    """The training of the first code space as moments on its map, the last of them the map as it is.

    Parameters
    ----------
    url : str
        Address of float16 ``(len(captions), n, width)``.
    ids_url : str
        Address of int32 ``(n,)``: the images that were followed.
    n, width : int
    places : tuple of int
        Which of the ``width`` numbers the map's axes are.
    captions : tuple of str
        What is said of each moment.
    """

    url: str
    ids_url: str
    n: int
    places: tuple[int, ...]
    width: int
    captions: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class CanvasPayload:
    """Everything that the canvas of Explore, or of one HTML file, is given.

    An address is a path on the server, or the name of a part of the file. ``runtime``, ``nouns`` and ``error_tip``
    are filled in by ``ae_models.canvas.message``.

    Parameters
    ----------
    runtime : str
        Address of ONNX Runtime's module.
    panels : tuple of MapPanel
        One map each; all have the same rows in the same order.
    spaces : tuple of CodeSpace
        The decoders, at most two; none where there is nothing to draw with.
    images : tuple of ImageSheet
        What a model should answer, and after it what it sees, where that is something else.
    dim : {2, 3}
        Numbers a point has on the maps.
    n : int
        Rows.
    ids_url : str
        Address of little-endian int32 ``(n,)``: the image each row shows.
    labels_url : str
        Address of uint8 ``(n,)``: an index into ``class_names``; anything beyond it (255, say) has no class.
    class_names : tuple of str
        One a class; more than ten share the ten colours.
    noun : str
        What one of them is called: "test image".
    nouns : mapping of str
        What a sentence about these data is filled with (``Kind.nouns``).
    pinned : int or None
        The image that wears the ring.
    drive : str
        The key of the space whose coordinates the sliders move.
    point : tuple of float or None
        Where the sliders stand; None: on the pinned image.
    near : {"codes", "pixels"}
        What "nearest" means.
    decode : {"browser", "server"}
        ``"server"`` leaves out everything that decodes: the page draws it.
    view : str
        Names what is shown. Zoom and camera are kept while it stays the same.
    heard : int
        The last message's number.
    error_tip : str
        What the glossary says of the error.
    looks : tuple of Viewport or None
        How each map lies when ``view`` is first shown; None, and what is missing: by itself.
    film : Film or None
        The training, as moments of the first space's map.
    code : str
        The lines that reproduce the view, with ``{pin}`` and ``{point}`` where those belong.
    colour : str or None
        What the colours of the dots mean at first: "class", or "errors", "distances" or "clusters" and the key of a
        space: "errors pca". None, and what is not there: the class where there is one, else the first space's errors.
    counts : (int, int, int)
        How many clusters there are, the fewest and the most that may be asked for.
    features_url : str or None
        Address of JSON: for rows of numbers, what each is called and its lowest and highest value.
    """

    runtime: str = ""
    panels: tuple[MapPanel, ...]
    spaces: tuple[CodeSpace, ...]
    images: tuple[ImageSheet, ...]
    dim: Literal[2, 3]
    n: int
    ids_url: str
    labels_url: str
    class_names: tuple[str, ...]
    noun: str
    nouns: Mapping[str, str] = field(default_factory=dict)
    pinned: int | None
    drive: str
    point: tuple[float, ...] | None
    near: Literal["codes", "pixels"]
    decode: Literal["browser", "server"]
    view: str
    heard: int
    error_tip: str = ""
    looks: Viewports = ()
    film: Film | None = None
    code: str = ""
    colour: str | None = None
    counts: tuple[int, int, int] = (2, 2, 2)
    features_url: str | None = None
