"""What a visitor did on the canvas or drew, read with care: it comes from a browser."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ae_models.base import FloatArray, Shape
from ae_models.canvas.viewport import CAMERA, FARTHEST, ZOOM, Viewports, is_viewport

_MOST_SELECTED = 100_000
_MOST_PIXELS = 3 * 256 * 256
_MOST_MAPS = 16
_MOST_ID = 2**31 - 1  # ids are int32
_MOST_MESSAGES = 2**53  # whole numbers of a browser
EVENT = "said"


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
    colour : str or None
        What the colours of the dots mean (see ``CanvasPayload``).
    clusters : int or None
        How many clusters are asked for.
    selection : tuple of int or None
        The ids of the images in the lasso or box.
    dims : tuple of int or None
        Which coordinates of the code the first map should show.
    chosen : str or None
        The key of the map that was chosen among a panel's ``choices``.
    zoom : tuple of Viewport or None
        What each flat map shows of its numbers: left, right, bottom, top; None for a map that lies as at first.
    camera : tuple of Viewport or None
        Where the camera of each map in space stands: eye, centre, up, nine numbers; None likewise.
    view : str
        The ``view`` that the maps had when ``zoom`` or ``camera`` was said.
    cannot : str
        Why this browser cannot decode; empty while it can.
    """

    heard: int = 0
    pin: int | None = None
    space: str | None = None
    point: tuple[float, ...] | None = None
    home: bool = False
    near: str | None = None
    colour: str | None = None
    clusters: int | None = None
    selection: tuple[int, ...] | None = None
    dims: tuple[int, ...] | None = None
    chosen: str | None = None
    zoom: Viewports | None = None
    camera: Viewports | None = None
    view: str = ""
    cannot: str = ""

    @classmethod
    def of(cls, said: object) -> CanvasState:
        """Return what a message of the browser says; whatever is not as it should be is left out."""
        if not isinstance(said, Mapping):
            return cls()
        cannot, near, space, view, chosen = (said.get(name) for name in ("cannot", "near", "space", "view", "chosen"))
        colour = said.get("colour")
        return cls(
            heard=_whole(said.get("n"), _MOST_MESSAGES) or 0,
            pin=_whole(said.get("pin")),
            space=space[:200] if isinstance(space, str) else None,
            point=_numbers(said.get("point")),
            home=said.get("home") is True,
            near=near if near in ("codes", "pixels") else None,
            colour=colour[:40] if isinstance(colour, str) else None,
            clusters=_whole(said.get("clusters")),
            selection=_ids(said.get("selection")),
            dims=_ids(said.get("dims")),
            chosen=chosen[:200] if isinstance(chosen, str) else None,
            zoom=_viewports(said.get("zoom"), ZOOM),
            camera=_viewports(said.get("camera"), CAMERA),
            view=view[:200] if isinstance(view, str) else "",
            cannot=cannot[:200] if isinstance(cannot, str) else "",
        )


@dataclass(frozen=True, eq=False)
class DrawState:
    """What a visitor did on the sheet; what did not come is None, or "".

    ``image`` is the drawing as the encoder sees it, ``drawing`` its number on the sheet; ``use``: it shall be kept for
    Walk; ``cannot`` why this browser cannot encode.
    """

    heard: int = 0
    image: FloatArray | None = None
    drawing: int = 0
    use: bool = False
    cannot: str = ""

    @classmethod
    def of(cls, said: object, shape: Shape) -> DrawState:
        """Return what a message says; whatever is not as it should be is left out."""
        if not isinstance(said, Mapping):
            return cls()
        cannot = said.get("cannot")
        return cls(
            heard=_whole(said.get("n"), _MOST_MESSAGES) or 0,
            image=_image(said.get("image"), shape),
            drawing=_whole(said.get("drawing"), _MOST_MESSAGES) or 0,
            use=said.get("use") is True,
            cannot=cannot[:200] if isinstance(cannot, str) else "",
        )


def _whole(value: object, most: int = _MOST_ID) -> int | None:
    """Return a whole number from 0 that came from a browser, or None for anything else."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most else None


def _numbers(value: object) -> tuple[float, ...] | None:
    if not isinstance(value, list) or not 1 <= len(value) <= 4096:
        return None
    if not all(isinstance(one, int | float) and not isinstance(one, bool) and abs(one) <= FARTHEST for one in value):
        return None  # nor what is no number at all: it is not at most anything
    return tuple(float(one) for one in value)


def _ids(value: object) -> tuple[int, ...] | None:
    if not isinstance(value, list) or len(value) > _MOST_SELECTED:
        return None
    ids = [_whole(one) for one in value]
    return None if None in ids else tuple(one for one in ids if one is not None)


def _viewports(value: object, size: int) -> Viewports | None:
    if not isinstance(value, list) or len(value) > _MOST_MAPS:
        return None
    found = [None if one is None else _numbers(one) for one in value]
    fits = all(
        (one is None) if asked is None else one is not None and is_viewport(one, size)
        for one, asked in zip(found, value, strict=True)
    )
    return tuple(found) if fits else None


def _image(values: object, shape: Shape) -> FloatArray | None:
    if not isinstance(values, list) or len(values) != math.prod(shape) or len(values) > _MOST_PIXELS:
        return None
    if not all(isinstance(one, int | float) and not isinstance(one, bool) and 0 <= one <= 255 for one in values):
        return None
    image: FloatArray = np.array(values, np.float32) / np.float32(255)
    return image.reshape(shape)
