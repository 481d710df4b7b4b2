"""What a sample is: an image with pixels, a row of numbers. What it is called, how it is drawn.

A new kind is one file here with a ``Kind`` and one line in ``KINDS``; how it is drawn in a browser, one file and one
line in ``canvas/browser/kinds/kinds.js``. Everybody else asks the kind. Readers of its files and data sets that ship
are lines in tables of their own rooms.

A sentence about data is a template, ``kind.say("{Samples} that were never trained on")``; no text is changed after it
is written.
"""

from __future__ import annotations

from ae_models.base import Shape
from ae_models.kinds.image import IMAGE
from ae_models.kinds.kind import NOUNS, Colours, Kind
from ae_models.kinds.vector import VECTOR

KINDS: dict[str, Kind] = {
    "image": IMAGE,
    "vector": VECTOR,
}


def kind_of(shape: Shape) -> Kind:
    """Return the kind of data of a shape: the last of the table that can have it.

    Examples
    --------
    >>> kind_of((1, 1, 30)).samples, kind_of((1, 28, 28)).samples
    ('rows', 'images')
    """
    return next(kind for kind in reversed(KINDS.values()) if kind.holds(shape))


def kind_called(plural: str) -> Kind:
    """Return the kind that a data set's card names: "images", "vectors"."""
    return next(kind for kind in KINDS.values() if kind.plural == plural)


__all__ = ["IMAGE", "KINDS", "NOUNS", "VECTOR", "Colours", "Kind", "kind_called", "kind_of"]
