"""A row of small pictures with their titles and numbers."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ae_models.ui.shared.canvas.components import mount

_CHANNELS = (1, 3)
_MARKS = ("", "good", "warn")


@dataclass(frozen=True, eq=False)
class Picture:
    """One picture and what is said about it.

    Parameters
    ----------
    title, note : str
        "Autoencoder draws", "error 17.8".
    pixels : (c, h, w) array, or None
        Values in [0, 1], others are clipped; 1 channel (ink in the light theme, light in the dark one) or 3 (red,
        green, blue). None leaves the frame empty.
    tip : str
        What a visitor reads on pointing at the picture or reaching it with the keyboard.
    mark : {"", "good", "warn"}
        A small badge beside the note.
    """

    title: str
    note: str
    pixels: np.ndarray | None
    tip: str = ""
    mark: str = ""


def pictures(
    items: Sequence[Picture],
    *,
    key: str,
    arrow: Literal["", "before", "after"] = "",
    badge: tuple[str, str] | None = None,
    size: int = 84,
) -> None:
    """Draw pictures in a row, pixels square and never smoothed.

    Parameters
    ----------
    items : sequence of Picture
    key : str
        Streamlit's key.
    arrow : {"", "before", "after"}
        An arrow at one end of the row.
    badge : (str, {"", "good", "warn"}) or None
        A word at the end of the row and what colour it has: ``("on the data", "good")``.
    size : int
        Side of a frame in CSS pixels.

    Raises
    ------
    ValueError
        If pixels are not ``(1 or 3, h, w)``, or a mark is unknown.
    """
    if badge is not None and badge[1] not in _MARKS:
        raise ValueError(f"badge's colour must be one of {_MARKS}; got {badge[1]!r}")
    mount(
        "shared/pictures",
        {
            "items": [_packed(item) for item in items],
            "arrow": arrow,
            "badge": None if badge is None else {"text": badge[0], "mark": badge[1]},
            "size": int(size),
        },
        key=key,
    )


def _packed(item: Picture) -> dict[str, object]:
    if item.mark not in _MARKS:
        raise ValueError(f"mark must be one of {_MARKS}; got {item.mark!r}")
    packed: dict[str, object] = {"title": item.title, "note": item.note, "tip": item.tip, "mark": item.mark}
    if item.pixels is None:
        return {**packed, "shape": None, "pixels": ""}
    pixels = np.asarray(item.pixels, np.float32)
    if pixels.ndim != 3 or pixels.shape[0] not in _CHANNELS:
        raise ValueError(f"pixels must be (1 or 3, h, w); got {pixels.shape} for {item.title!r}")
    levels = np.rint(np.clip(np.nan_to_num(pixels, nan=0.0, posinf=1.0, neginf=0.0), 0, 1) * 255).astype(np.uint8)
    return {**packed, "shape": list(levels.shape), "pixels": b64encode(levels.tobytes()).decode("ascii")}
