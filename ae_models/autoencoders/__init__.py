"""Torch mathematics only: how an image becomes a code and a code an image. One architecture a file.

No Lightning, no files, no Streamlit. The table can be read without torch: an entry is imported when it is built.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ae_models.base import Shape
from ae_models.config import Config, DenseConfig, LinearConfig
from ae_models.registry import Entry, Registry

if TYPE_CHECKING:
    from ae_models.autoencoders.autoencoder import Autoencoder

ARCHITECTURES = Registry(
    "model",
    [
        (
            "linear",
            Entry(
                "ae_models.autoencoders.linear:LinearAutoencoder",
                "Linear autoencoder",
                "one matrix in, one matrix out: learns PCA's subspace",
                LinearConfig,
            ),
        ),
        (
            "dense",
            Entry(
                "ae_models.autoencoders.dense:DenseAutoencoder",
                "Autoencoder",
                "fully connected layers through a bottleneck, mirrored",
                DenseConfig,
            ),
        ),
    ],
)


def build(name: str, shape: Shape, config: Config) -> Autoencoder:
    """Return an untrained autoencoder for images of ``shape``, drawn from torch's current random state."""
    architecture = ARCHITECTURES.load(name)
    built: Autoencoder = architecture(shape, config)
    return built


__all__ = ["ARCHITECTURES", "build"]
