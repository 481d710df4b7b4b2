"""What a page calls its data: images or rows, by the name of the data set."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from ae_models import datasets
from ae_models.base import Shape, UserError
from ae_models.kinds import wording

_PICTURE: Shape = (1, 28, 28)


def about(dataset: str) -> Callable[[str], str]:
    """Return what makes of a sentence about images one about these data."""
    return partial(wording.said, shape=shape_of(dataset))


def shape_of(dataset: str) -> Shape:
    """Return the shape of a data set; of one that is gone, that of a picture."""
    try:
        return datasets.source(dataset).shape
    except UserError:
        return _PICTURE
