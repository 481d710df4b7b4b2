"""The one builder of a message to the browser: a payload, completed, checked and turned into JSON values.

A page sends addresses on its server; the one HTML file holds its arrays and names them. The message is the same.
"""

from __future__ import annotations

import math
from dataclasses import fields, is_dataclass, replace
from typing import Any

import numpy as np

from ae_models.canvas.types import CanvasPayload
from ae_models.canvas.viewport import CAMERA, ZOOM, is_viewport
from ae_models.canvas.walk_types import DrawPayload, WalkPayload
from ae_models.kinds import kind_of
from ae_models.kinds.glossary import tip

Message = dict[str, Any]
_DIMS = (2, 3)


def canvas_message(payload: CanvasPayload, *, runtime: str) -> Message:
    """Return what the canvas is told, as ``CanvasPayload`` in ``browser/shared/types.js``.

    Raises
    ------
    ValueError
        If ``dim`` is not 2 or 3, a panel names an unknown space, ``point`` does not fit the driven space, or a
        viewport does not fit ``dim``.
    """
    _check(payload)
    kind = kind_of(payload.images[0].shape) if payload.images else None
    whole = replace(
        payload,
        runtime=runtime,
        nouns={} if kind is None else kind.nouns,
        error_tip="" if kind is None else tip("SSE", kind=kind),
    )
    return _message(whole)


def walk_message(payload: WalkPayload, *, runtime: str) -> Message:
    """Return what Walk's component is told.

    Raises
    ------
    ValueError
        If a block has captions, but not one a picture.
    """
    for block in payload.blocks:
        if block.captions and len(block.captions) != block.n:
            raise ValueError(f"captions of '{block.key}' must be {block.n} or none; got {len(block.captions)}")
    return _message(replace(payload, runtime=runtime, nouns=kind_of(payload.spaces[0].shape).nouns))


def draw_message(payload: DrawPayload, *, runtime: str) -> Message:
    """Return what the sheet of Draw is told."""
    return _message(replace(payload, runtime=runtime, error_tip=tip("SSE")))


def _message(payload: CanvasPayload | WalkPayload | DrawPayload) -> Message:
    return {field.name: as_values(getattr(payload, field.name)) for field in fields(payload)}


def as_values(value: Any) -> Any:
    """Return JSON values: a dataclass as its fields, a tuple as a list, a number that JSON has no word for as None.

    Examples
    --------
    >>> from ae_models.canvas.walk_types import Dot
    >>> as_values((Dot((1.0, math.inf), "a"),))
    [{'at': [1.0, None], 'label': 'a'}]
    """
    if is_dataclass(value):
        return {field.name: as_values(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple | list):
        return [as_values(one) for one in value]
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _check(payload: CanvasPayload) -> None:
    dim, point, drive = payload.dim, payload.point, payload.drive
    if dim not in _DIMS:
        raise ValueError(f"dim must be 2 or 3; got {dim}")
    axes = {space.key: len(space.axes) for space in payload.spaces}
    for panel in payload.panels:
        if panel.space is not None and panel.space not in axes:
            raise ValueError(f"space must be one of {', '.join(axes) or 'none'}; got {panel.space!r}")
    if point is not None and len(point) != axes.get(drive, len(point)):
        raise ValueError(f"point must have {axes[drive]} numbers, as '{drive}' has; got {len(point)}")
    if not all(one is None or is_viewport(one, CAMERA if dim == 3 else ZOOM) for one in payload.looks):
        raise ValueError(f"looks must be {'cameras' if dim == 3 else 'zooms'}, as dim is {dim}; got {payload.looks}")
