"""What the data are called in a sentence: images with pixels, or rows of numbers. Said once, for pages and files."""

from __future__ import annotations

import re

from ae_models.base import Shape
from ae_models.kinds import VECTOR

# A sentence is written for images; for rows of numbers these words of it change. The longer comes first.
ROWS = (
    ("squared pixel differences", "squared differences of the scaled numbers"),
    ("few pixels differ", "few numbers differ"),
    ("pixel by pixel", "number by number"),
    ("more ink", "a larger value"),
    ("black to white", "lowest to highest"),
    ("this picture", "this row"),
    ("an image", "a row"),
    ("images", "rows"),
    ("image", "row"),
    ("pictures", "charts"),
    ("picture", "chart"),
    ("pixels", "numbers"),
    ("pixel", "number"),
)


def words(shape: Shape) -> tuple[tuple[str, str], ...]:
    """Return which words of a sentence about images change, and into which, for data of this shape."""
    return ROWS if VECTOR.holds(shape) else ()


def said(text: str, shape: Shape) -> str:
    """Return a sentence about images as it holds for data of this shape.

    Examples
    --------
    >>> said("An image, its pixels and 9 images more", (1, 1, 30))
    'A row, its numbers and 9 rows more'
    >>> said("An image, its pixels and 9 images more", (1, 28, 28))
    'An image, its pixels and 9 images more'
    """
    pairs = dict(words(shape))
    if not pairs:
        return text

    def other(found: re.Match[str]) -> str:
        word = pairs[found[0].lower()]
        return word[0].upper() + word[1:] if found[0][0].isupper() else word

    return re.sub(rf"\b({'|'.join(pairs)})\b", other, text, flags=re.IGNORECASE)
