"""The latent canvas: linked maps of the same images, and decoders that draw whatever is touched."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Literal

from ae_models.ui.canvas.assets import plotly_url, runtime_url
from ae_models.ui.canvas.mounting import mount

_DIMS = (2, 3)
_MOST = 1e6  # further out is no place on a map
_MOST_SELECTED = 100_000
EVENT = "said"


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
    """

    key: str
    title: str
    decoder_url: str
    codes_url: str
    shape: tuple[int, int, int]
    axes: tuple[Axis, ...]
    order: tuple[int, ...]
    support: tuple[int, float, float]
    errors_url: str
    distances_url: str
    noise_url: str | None = None


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


@dataclass(frozen=True)
class Sheet:
    """All images shown, in one array: uint8 ``(n, *shape)``, where ``levels`` means 1.0."""

    title: str
    url: str
    shape: tuple[int, int, int]
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


@dataclass(frozen=True)
class CanvasState:
    """What a visitor did on the canvas. A value that did not come is None (``selection``: nothing was selected).

    Parameters
    ----------
    heard : int
        The number of the message, to be handed back: the browser sends the next one when this one was heard.
    pin : int or None
        The id of the image that was clicked.
    space : str or None
        The key of the space in which ``point`` lies.
    point : tuple of float or None
        Where the sliders were let go.
    home : bool
        The sliders went back to the pinned image.
    near : str or None
        What "nearest" means from now on.
    selection : tuple of int or None
        The ids of the images in the lasso or box.
    dims : tuple of int or None
        Which coordinates of the code the first map should show.
    cannot : str
        Why this browser cannot decode; empty while it can.
    """

    heard: int = 0
    pin: int | None = None
    space: str | None = None
    point: tuple[float, ...] | None = None
    home: bool = False
    near: str | None = None
    selection: tuple[int, ...] | None = None
    dims: tuple[int, ...] | None = None
    cannot: str = ""

    @classmethod
    def of(cls, said: object) -> CanvasState:
        """Return what a message of the browser says; whatever is not as it should be is left out."""
        if not isinstance(said, Mapping):
            return cls()
        cannot, near, space = said.get("cannot"), said.get("near"), said.get("space")
        return cls(
            heard=_whole(said.get("n")) or 0,
            pin=_whole(said.get("pin")),
            space=space if isinstance(space, str) else None,
            point=_numbers(said.get("point")),
            home=said.get("home") is True,
            near=near if near in ("codes", "pixels") else None,
            selection=_ids(said.get("selection")),
            dims=_ids(said.get("dims")),
            cannot=cannot[:200] if isinstance(cannot, str) else "",
        )


def latent_canvas(
    panels: Sequence[MapPanel],
    *,
    spaces: Sequence[CodeSpace],
    images: Sequence[Sheet],
    dim: int,
    n: int,
    ids_url: str,
    labels_url: str,
    class_names: Sequence[str],
    kind: str,
    pinned: int | None,
    drive: str,
    point: Sequence[float] | None,
    near: Literal["codes", "pixels"],
    decode: Literal["browser", "server"],
    view: str,
    heard: int,
    film: Film | None = None,
    code: str = "",
    key: str,
    on_change: Callable[[], None] | None = None,
) -> CanvasState:
    """Draw maps of the same images side by side, decode what is touched, and say what a visitor settled on.

    Nothing is said while the pointer moves. A message is a *trigger*: inside ``on_change`` it is
    ``CanvasState.of(st.session_state[key].said)``.

    Parameters
    ----------
    panels : sequence of MapPanel
        One map each; all have the same rows in the same order.
    spaces : sequence of CodeSpace
        The decoders, at most two; none where there is nothing to draw with.
    images : sequence of Sheet
        What a model should answer, and after it what it sees, where that is something else.
    dim : {2, 3}
        Numbers a point has on the maps.
    n : int
        Rows.
    ids_url : str
        Address of little-endian int32 ``(n,)``: the image each row shows.
    labels_url : str
        Address of uint8 ``(n,)``: an index into ``class_names``; anything beyond it (255, say) has no class.
    class_names : sequence of str
        One a class; more than ten share the ten colours.
    kind : str
        What the images are called: "test image".
    pinned : int or None
        The image that wears the ring.
    drive : str
        The key of the space whose coordinates the sliders move.
    point : sequence of float or None
        Where the sliders stand; None: on the pinned image.
    near : {"codes", "pixels"}
        What "nearest" means.
    decode : {"browser", "server"}
        ``"server"`` leaves out everything that decodes: the page draws it.
    view : str
        Names what is shown. Zoom and camera are kept while it stays the same.
    heard : int
        The last message's number.
    film : Film or None
        The training, as moments of the first space's map.
    code : str
        The lines that reproduce the view, with ``{pin}`` and ``{point}`` where those belong.
    key : str
        Streamlit's key.
    on_change : callable or None
        Called before the script runs again because of a message.

    Returns
    -------
    CanvasState

    Raises
    ------
    ValueError
        If ``dim`` is not 2 or 3, a panel names an unknown space, or ``point`` does not fit the driven space.
    """
    if dim not in _DIMS:
        raise ValueError(f"dim must be 2 or 3; got {dim}")
    axes = {space.key: len(space.axes) for space in spaces}
    for panel in panels:
        if panel.space is not None and panel.space not in axes:
            raise ValueError(f"space must be one of {', '.join(axes) or 'none'}; got {panel.space!r}")
    if point is not None and len(point) != axes.get(drive, len(point)):
        raise ValueError(f"point must have {axes[drive]} numbers, as '{drive}' has; got {len(point)}")
    result = mount(
        "canvas",
        {
            "plotly": plotly_url(),
            "runtime": runtime_url(),
            "panels": [asdict(panel) for panel in panels],
            "spaces": [{**asdict(space), "support": [_limit(value) for value in space.support]} for space in spaces],
            "images": [asdict(sheet) for sheet in images],
            "dim": dim,
            "n": int(n),
            "ids_url": ids_url,
            "labels_url": labels_url,
            "class_names": [str(name) for name in class_names],
            "kind": kind,
            "pinned": None if pinned is None else int(pinned),
            "drive": drive,
            "point": None if point is None else [float(value) for value in point],
            "near": near,
            "decode": decode,
            "view": view,
            "heard": int(heard),
            "film": None if film is None else asdict(film),
            "code": code,
        },
        key=key,
        on_said_change=on_change or _nothing,
    )
    return CanvasState.of(getattr(result, EVENT, None))


def _limit(value: float) -> float | None:
    """Return a threshold; None for one that nothing exceeds: JSON has no word for infinity."""
    return float(value) if math.isfinite(value) else None


def _whole(value: object) -> int | None:
    """Return a whole number that came from a browser, or None for anything else."""
    return value if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**53 else None


def _numbers(value: object) -> tuple[float, ...] | None:
    if not isinstance(value, list) or not 1 <= len(value) <= 4096:
        return None
    if not all(isinstance(one, int | float) and not isinstance(one, bool) for one in value):
        return None
    numbers = tuple(float(one) for one in value)
    return numbers if all(math.isfinite(one) and abs(one) <= _MOST for one in numbers) else None


def _ids(value: object) -> tuple[int, ...] | None:
    if not isinstance(value, list) or len(value) > _MOST_SELECTED:
        return None
    ids = [_whole(one) for one in value]
    return None if None in ids else tuple(one for one in ids if one is not None)


def _nothing() -> None:
    """Stand in for a callback: with one, the result always has its attribute."""
