"""The latent canvas: linked maps of the same images, and decoders that draw whatever is touched."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Literal

from ae_models.base.glossary import tip
from ae_models.canvas.types import CodeSpace, Film, ImageSheet, MapPanel
from ae_models.kinds.wording import said, words
from ae_models.ui.shared.canvas.assets import plotly_url, runtime_url
from ae_models.ui.shared.canvas.events import CAMERA, EVENT, ZOOM, CanvasState, Looks, is_look
from ae_models.ui.shared.canvas.mounting import mount

_DIMS = (2, 3)


def latent_canvas(
    panels: Sequence[MapPanel],
    *,
    spaces: Sequence[CodeSpace],
    images: Sequence[ImageSheet],
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
    looks: Looks = (),
    film: Film | None = None,
    code: str = "",
    colour: str | None = None,
    counts: tuple[int, int, int] = (2, 2, 2),
    features_url: str | None = None,
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
    looks : tuple of Look or None
        How each map lies when ``view`` is first shown (see ``CanvasState``); None, and what is missing: by itself.
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
        If ``dim`` is not 2 or 3, a panel names an unknown space, ``point`` does not fit the driven space, or a look
        does not fit ``dim``.
    """
    if dim not in _DIMS:
        raise ValueError(f"dim must be 2 or 3; got {dim}")
    axes = {space.key: len(space.axes) for space in spaces}
    for panel in panels:
        if panel.space is not None and panel.space not in axes:
            raise ValueError(f"space must be one of {', '.join(axes) or 'none'}; got {panel.space!r}")
    if point is not None and len(point) != axes.get(drive, len(point)):
        raise ValueError(f"point must have {axes[drive]} numbers, as '{drive}' has; got {len(point)}")
    if not all(look is None or is_look(look, CAMERA if dim == 3 else ZOOM) for look in looks):
        raise ValueError(f"looks must be {'cameras' if dim == 3 else 'zooms'}, as dim is {dim}; got {looks}")
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
            "words": [list(pair) for pair in words(images[0].shape)] if images else [],
            "pinned": None if pinned is None else int(pinned),
            "drive": drive,
            "point": None if point is None else [float(value) for value in point],
            "near": near,
            "decode": decode,
            "view": view,
            "heard": int(heard),
            "error_tip": said(tip("SSE"), images[0].shape) if images else "",
            "looks": [None if look is None else list(look) for look in looks],
            "film": None if film is None else asdict(film),
            "code": code,
            "colour": colour,
            "counts": list(counts),
            "features_url": features_url,
        },
        key=key,
        on_said_change=on_change or _nothing,
    )
    return CanvasState.of(getattr(result, EVENT, None))


def _limit(value: float) -> float | None:
    """Return a threshold; None for one that nothing exceeds: JSON has no word for infinity."""
    return float(value) if math.isfinite(value) else None


def _nothing() -> None:
    """Stand in for a callback: with one, the result always has its attribute."""
