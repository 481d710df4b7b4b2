"""Walk: what decoders draw, side by side. Draw: a sheet whose drawing is encoded while it is drawn."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Literal

from ae_models.base import Shape
from ae_models.base.glossary import tip
from ae_models.canvas.walk_types import Block, Drawer, Placed, Reader, SmallMap
from ae_models.kinds.wording import words
from ae_models.ui.shared.canvas.assets import runtime_url
from ae_models.ui.shared.canvas.events import EVENT, CanvasState
from ae_models.ui.shared.canvas.mounting import mount
from ae_models.ui.shared.walls.events import DrawState


def walk(
    layout: str,
    *,
    spaces: Sequence[Drawer],
    blocks: Sequence[Block],
    stage: Sequence[str],
    maps: Sequence[SmallMap],
    n: int,
    ids_url: str,
    labels_url: str,
    class_names: Sequence[str],
    scrub: bool,
    start: int,
    features_url: str | None = None,
    decode: Literal["browser", "server"],
    file: str,
    heard: int,
    key: str,
    on_change: Callable[[], None] | None = None,
) -> CanvasState:
    """Draw walls of pictures with a cursor that is the same in all that have as many, and small maps.

    Parameters
    ----------
    layout : str
        "between", "grid", "numbers", "bits", "sum" or "new": where things stand.
    spaces : sequence of Drawer
        Who decodes.
    blocks : sequence of Block
    stage : sequence of str
        Keys of the blocks whose picture under the cursor is shown large; ``"key#2"`` is always its third picture.
    maps : sequence of SmallMap
    n : int
        Dots of a map; ``ids_url`` (int32) and ``labels_url`` (uint8) say whose they are.
    ids_url, labels_url : str
    class_names : sequence of str
    scrub : bool
        A slider walks along the pictures.
    start : int
        Where the cursor stands at first.
    decode : {"browser", "server"}
        ``"server"``: each block brings its images.
    file : str
        What a saved file is called.
    heard : int
        The last message's number.
    key : str
    on_change : callable or None

    Returns
    -------
    CanvasState
        ``pin``: the id of the dot that was clicked; ``cannot``: why this browser cannot decode.
    """
    for block in blocks:
        if block.captions and len(block.captions) != block.n:
            raise ValueError(f"captions of '{block.key}' must be {block.n} or none; got {len(block.captions)}")
    result = mount(
        "walk",
        {
            "runtime": runtime_url(),
            "decode": decode,
            "layout": layout,
            "spaces": [asdict(space) for space in spaces],
            "words": [list(pair) for pair in words(spaces[0].shape)],
            "blocks": [asdict(block) for block in blocks],
            "stage": list(stage),
            "maps": [asdict(one) for one in maps],
            "n": int(n),
            "ids_url": ids_url,
            "labels_url": labels_url,
            "class_names": [str(name) for name in class_names],
            "features_url": features_url,
            "scrub": scrub,
            "start": int(start),
            "file": file,
            "heard": int(heard),
        },
        key=key,
        under=("parts.css",),
        on_said_change=on_change or _nothing,
    )
    return CanvasState.of(getattr(result, EVENT, None))


def draw(
    readers: Sequence[Reader],
    *,
    third: SmallMap | None,
    places: bool,
    placed: Placed | None,
    shape: Shape,
    box: int,
    n: int,
    ids_url: str,
    labels_url: str,
    class_names: Sequence[str],
    sheet_url: str,
    sheet_shape: Shape,
    sheet_levels: int,
    given: Sequence[int] | None,
    given_name: str,
    decode: Literal["browser", "server"],
    view: str,
    heard: int,
    key: str,
    on_change: Callable[[], None] | None = None,
) -> DrawState:
    """Draw a sheet whose drawing is centred as the data's images are, encoded, and shown on small maps.

    Parameters
    ----------
    readers : sequence of Reader
        The autoencoder first.
    third : SmallMap or None
        A map without an encoder: a drawing's place on it is estimated from its 15 nearest images.
    places : bool
        Whether that map's own method can be asked: the drawing is sent at the end of each stroke.
    placed : Placed or None
        What it said last.
    shape : (channels, height, width)
        What a drawing becomes.
    box : int
        How many pixels its longer side takes.
    n, ids_url, labels_url, class_names
        The images on the maps.
    sheet_url, sheet_shape, sheet_levels
        Their pixels, uint8 ``(n, *sheet_shape)``.
    given : sequence of int or None
        Bytes of an image ``shape`` to start from, in place of strokes.
    given_name : str
        What that is called; another name is taken for another picture.
    decode : {"browser", "server"}
        ``"server"``: the drawing is sent at the end of each stroke.
    view : str
        Names the readers: another one draws the same strokes again.
    heard : int
    key : str
    on_change : callable or None

    Returns
    -------
    DrawState
    """
    result = mount(
        "draw",
        {
            "runtime": runtime_url(),
            "decode": decode,
            "view": view,
            "readers": [{**asdict(one), "support": [_limit(value) for value in one.support]} for one in readers],
            "third": None if third is None else asdict(third),
            "places": places,
            "placed": None if placed is None else asdict(placed),
            "shape": list(shape),
            "box": int(box),
            "n": int(n),
            "ids_url": ids_url,
            "labels_url": labels_url,
            "class_names": [str(name) for name in class_names],
            "sheet": {"title": "", "url": sheet_url, "shape": list(sheet_shape), "levels": int(sheet_levels)},
            "given": None if given is None else [int(value) for value in given],
            "given_name": given_name,
            "heard": int(heard),
            "error_tip": tip("SSE"),
        },
        key=key,
        under=("parts.css",),
        on_said_change=on_change or _nothing,
    )
    return DrawState.of(getattr(result, EVENT, None), shape)


def _limit(value: float | None) -> float | None:
    return float(value) if value is not None and math.isfinite(value) else None


def _nothing() -> None:
    """Stand in for a callback: with one, the result always has its attribute."""
