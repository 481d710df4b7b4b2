"""A picture from outside laid as a data set's own images lie."""

from __future__ import annotations

import numpy as np

from ae_models.base import FloatArray, Shape, UserError
from ae_models.base.centring import centred
from ae_models.base.pictures import ink_of

WHITE = (1.0, 1.0, 1.0)


def picture_of_file(
    content: bytes, name: str, shape: Shape, box: int, colour: tuple[float, float, float] = WHITE
) -> FloatArray:
    """Return an image file as an image ``shape``, centred as MNIST's digits are.

    Parameters
    ----------
    content, name : bytes, str
        What the file holds, and what it is called in a message.
    shape : (channels, height, width)
        1 channel, or 3 for ink of a ``colour``.
    box : int
        How many pixels of the frame the ink's longer side takes: see ``centring.box_of``.
    colour : three floats in [0, 1]

    Raises
    ------
    UserError
        If the file cannot be read (see ``pictures.ink_of``) or is blank.
    """
    channels, height, width = shape
    try:
        ink = centred(ink_of(content, name), (height, width), min(box, height, width))
    except UserError as mistake:
        raise UserError(f"{name} is blank: {mistake}" if "no ink" in str(mistake) else str(mistake)) from None
    if channels == 1:
        return ink[None]
    return np.asarray(ink[None] * np.array(colour, np.float32)[:, None, None], np.float32)
