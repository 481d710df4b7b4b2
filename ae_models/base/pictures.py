"""An image file as ink: any usual PNG or JPEG, dark on light or light on dark; anything else is refused in one line."""

from __future__ import annotations

import io
import warnings

import numpy as np

from ae_models.base import FloatArray, UserError
from ae_models.base.luminance import grey_level

MOST_SIDE = 8_192
MOST_PIXELS = 16_000_000
MOST_BYTES = 32_000_000
_FORMATS = ("PNG", "JPEG")
_KEPT = 1_024  # pixels: more is never seen


def ink_of(content: bytes, name: str = "this file") -> FloatArray:
    """Return the ink of an image file, ``(h, w)`` in [0, 1]: 0 for paper, 1 for the strongest ink there may be.

    The paper is what lies along the edge. Where it is light, ink is dark; where it is dark, as in MNIST's own files,
    ink is light. Transparent parts are paper. A photograph that was turned by its camera stands upright.

    Raises
    ------
    UserError
        If the file is no PNG or JPEG, is animated, or has more than 8,192 pixels a side or 16 million in all.
    """
    from PIL import Image, ImageOps, UnidentifiedImageError

    if len(content) > MOST_BYTES:
        raise UserError(f"{name} has {len(content) / 1e6:.0f} MB: at most {MOST_BYTES // 1_000_000} MB can be read")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of large pictures: their size is checked here
            picture = Image.open(io.BytesIO(content), formats=_FORMATS)
        _check(picture, name)
        upright = ImageOps.exif_transpose(picture)
        return _ink(upright)
    except UnidentifiedImageError:
        raise UserError(f"{name} is no PNG or JPEG picture") from None
    except UserError:
        raise
    except Exception as error:  # noqa: BLE001 - Pillow's decoders raise what they like on damaged files
        raise UserError(f"{name} is damaged: it cannot be read ({type(error).__name__})") from None


def _check(picture: object, name: str) -> None:
    width, height = picture.size  # type: ignore[attr-defined]
    if max(width, height) > MOST_SIDE or width * height > MOST_PIXELS:
        raise UserError(
            f"{name} is {width:,} x {height:,} pixels: "
            f"at most {MOST_SIDE:,} a side and {MOST_PIXELS:,} in all can be read"
        )
    if getattr(picture, "n_frames", 1) > 1:
        raise UserError(f"{name} is animated: take a picture that stands still")


def _ink(picture: object) -> FloatArray:
    from PIL import Image

    mode = picture.mode  # type: ignore[attr-defined]
    if mode.startswith(("I", "F")):  # 16 bits of grey: Pillow would cut them off at 255
        values = np.asarray(picture, np.float32)
        grey = values / (65_535 if mode.startswith("I") else max(1.0, float(values.max(initial=1))))
        opaque = np.ones_like(grey)
    else:
        shown = picture.convert("RGBA")  # type: ignore[attr-defined]
        shown.thumbnail((_KEPT, _KEPT), Image.Resampling.BOX)
        channels: FloatArray = np.moveaxis(np.asarray(shown, np.float32) / np.float32(255), 2, 0)
        grey, opaque = grey_level(channels[None, :3])[0, 0], channels[3]
    ink = 1 - grey if _light_paper(grey, opaque) else grey
    return np.asarray(np.clip(ink * opaque, 0, 1), np.float32)


def _light_paper(grey: FloatArray, opaque: FloatArray) -> bool:
    """Say whether ink is dark: by the edge, or, where that is transparent, by the ink itself."""
    edge = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    solid = np.concatenate([opaque[0], opaque[-1], opaque[:, 0], opaque[:, -1]]) > 0.5
    if solid.mean() > 0.5:
        return bool(np.median(edge[solid]) > 0.5)
    seen = opaque > 0.5
    return bool(seen.any() and grey[seen].mean() < 0.5)
