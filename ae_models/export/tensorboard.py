"""A folder that TensorFlow's Embedding Projector opens: vectors, what is known of each, a sheet of pictures."""

from __future__ import annotations

import io
import json
import math

import numpy as np

from ae_models.base import ByteArray, FloatArray, Shape
from ae_models.export.tables import Columns

MOST_POINTS = 100_000  # it reads no more
MOST_SPRITE = 8_192  # pixels a side of the sheet


def projector(codes: FloatArray, about: Columns, images: FloatArray, title: str) -> dict[str, bytes]:
    """Return the files of a projector folder by name.

    The tensor has no line of names; the metadata have one where they have two columns or more, and none where they
    have one, as the projector asks. The sheet is square, as many pictures across as down, each picture square too.

    Parameters
    ----------
    codes : (n, k) array
    about : mapping of (n,) arrays
        Columns of the metadata.
    images : (n, c, h, w) array in [0, 1]

    References
    ----------
    TensorFlow, "Visualizing data using the Embedding Projector"; tensorboard#670 (square sheets), tensorboard#773
    (100,000 points).
    """
    codes, images = codes[:MOST_POINTS], images[:MOST_POINTS]
    sheet, side = _sheet(images)
    config = {
        "embeddings": [
            {
                "tensorName": _cell(title),
                "tensorShape": list(codes.shape),
                "tensorPath": "tensors.tsv",
                "metadataPath": "metadata.tsv",
                "sprite": {"imagePath": "sprite.png", "singleImageDim": [side, side]},
            }
        ]
    }
    return {
        "tensors.tsv": "".join("\t".join(f"{value:.7g}" for value in row) + "\n" for row in codes.tolist()).encode(),
        "metadata.tsv": _metadata(about),
        "sprite.png": _png(sheet),
        "projector_config.json": (json.dumps(config, indent=1) + "\n").encode(),
    }


def sprite_side(n: int, shape: Shape) -> int:
    """Return how many pixels wide and high each of ``n`` pictures is on the sheet.

    Examples
    --------
    >>> sprite_side(10_000, (1, 28, 28)), sprite_side(40_000, (3, 64, 64))
    (28, 40)
    """
    return min(max(shape[1:]), MOST_SPRITE // math.ceil(math.sqrt(min(n, MOST_POINTS))))


def _cell(value: object) -> str:
    """Return a value in one cell: no tabs, no line breaks."""
    return f"{value:.6g}" if isinstance(value, float) else " ".join(str(value).split()) or "-"


def _metadata(about: Columns) -> bytes:
    names = list(about)
    rows = zip(*(about[name][:MOST_POINTS].tolist() for name in names), strict=True)
    lines = ["\t".join(names)] if len(names) > 1 else []
    lines += ["\t".join(_cell(value) for value in row) for row in rows]
    return ("\n".join(lines) + "\n").encode()


def _sheet(images: FloatArray) -> tuple[ByteArray, int]:
    """Return a square sheet ``(s, s)`` or ``(s, s, 3)`` and the side of one picture."""
    n, channels, height, width = images.shape
    across = math.ceil(math.sqrt(n))
    side = sprite_side(n, (channels, height, width))
    sheet = np.zeros((across * side, across * side, channels), np.uint8)
    scale = side / max(height, width)
    small = max(1, round(height * scale)), max(1, round(width * scale))
    top, left = (side - small[0]) // 2, (side - small[1]) // 2
    for place, image in enumerate(images):
        row, column = divmod(place, across)
        drawn = _sized(image, small)
        y, x = row * side + top, column * side + left
        sheet[y : y + small[0], x : x + small[1]] = drawn
    return (sheet[..., 0] if channels == 1 else sheet), side


def _sized(image: FloatArray, size: tuple[int, int]) -> ByteArray:
    pixels: ByteArray = np.moveaxis(np.rint(np.clip(image, 0, 1) * 255).astype(np.uint8), 0, -1)  # (h, w, c)
    if pixels.shape[:2] == size:
        return pixels
    from PIL import Image

    picture = Image.fromarray(pixels[..., 0] if pixels.shape[2] == 1 else pixels)
    made: ByteArray = np.asarray(picture.resize(size[::-1], Image.Resampling.BILINEAR), np.uint8)
    return made.reshape(*size, -1)


def _png(pixels: ByteArray) -> bytes:
    from PIL import Image

    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    return buffer.getvalue()
