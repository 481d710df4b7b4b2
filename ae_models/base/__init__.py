"""What every room may use: the nouns, settings and their bounds, tables of names, small geometry of rows, paths.

Nothing here knows a model, a page or a heavy package. The nouns stand in ``types`` and can be had from here.
"""

from __future__ import annotations

from ae_models.base.types import (
    CHANGERS,
    OPERATOR,
    ByteArray,
    Decoder,
    Embedding,
    Encoder,
    FloatArray,
    ImageDataset,
    IntArray,
    Progress,
    Projection,
    Shape,
    Splits,
    UserError,
    Visitor,
    as_user_error,
    every_core,
    whose,
)

__all__ = [
    "CHANGERS",
    "OPERATOR",
    "ByteArray",
    "Decoder",
    "Embedding",
    "Encoder",
    "FloatArray",
    "ImageDataset",
    "IntArray",
    "Progress",
    "Projection",
    "Shape",
    "Splits",
    "UserError",
    "Visitor",
    "as_user_error",
    "every_core",
    "whose",
]
