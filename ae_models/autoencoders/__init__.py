"""Torch mathematics only: how an image becomes a code and a code an image, and what the loss adds. One file each.

No Lightning, no files, no Streamlit. The tables can be read without torch: an entry is imported when it is built.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ae_models.autoencoders.compatibility import check
from ae_models.autoencoders.design import ArchitectureConfig, Design, PenaltyConfig, layers_of, n_parameters
from ae_models.autoencoders.sizes import Layer
from ae_models.base import Shape
from ae_models.base.registry import Entry, Registry

if TYPE_CHECKING:
    from ae_models.autoencoders.autoencoder import Autoencoder
    from ae_models.autoencoders.penalties.penalty import Penalty

_ROOM = "ae_models.autoencoders"

ARCHITECTURES = Registry(
    "model",
    {
        "linear": Entry(
            f"{_ROOM}.linear:LinearAutoencoder",
            "Linear autoencoder",
            "one matrix in, one matrix out: learns PCA's subspace",
            f"{_ROOM}.linear_config:LinearConfig",
        ),
        "dense": Entry(
            f"{_ROOM}.dense:DenseAutoencoder",
            "Autoencoder",
            "fully connected layers through a bottleneck, mirrored",
            f"{_ROOM}.dense_config:DenseConfig",
        ),
        "published": Entry(
            f"{_ROOM}.dense:DenseAutoencoder",
            "Autoencoder as published",
            "784-1000-500-250-k, the shape of Hinton & Salakhutdinov 2006",
            f"{_ROOM}.dense_config:PublishedConfig",
        ),
        "bent-encoder": Entry(
            f"{_ROOM}.dense:DenseAutoencoder",
            "Bent encoder, linear decoder",
            "hidden layers in the encoder only: cannot beat PCA",
            f"{_ROOM}.dense_config:BentEncoderConfig",
        ),
        "bent-decoder": Entry(
            f"{_ROOM}.dense:DenseAutoencoder",
            "Linear encoder, bent decoder",
            "hidden layers in the decoder only: can beat PCA",
            f"{_ROOM}.dense_config:BentDecoderConfig",
        ),
        "conv": Entry(
            f"{_ROOM}.conv:ConvAutoencoder",
            "Convolutional autoencoder",
            "strided convolutions, a dense layer, the code; mirrored",
            f"{_ROOM}.conv_config:ConvConfig",
        ),
        "variational": Entry(
            f"{_ROOM}.variational:VariationalAutoencoder",
            "Variational autoencoder",
            "the code is a Gaussian; its mean is shown",
            f"{_ROOM}.variational_config:VariationalConfig",
        ),
    },
)

PENALTIES = Registry(
    "penalty",
    {
        "none": Entry(
            f"{_ROOM}.penalties.none:NoPenalty",
            "None",
            "only the reconstruction counts",
            "ae_models.base.config:NoConfig",
        ),
        "l2": Entry(
            f"{_ROOM}.penalties.l2:WeightL2",
            "L2 on the weights",
            "small weights; on a linear network it settles the axes",
            f"{_ROOM}.penalties.l2_config:WeightL2Config",
        ),
        "l1": Entry(
            f"{_ROOM}.penalties.l1:L1",
            "L1 on the code",
            "few active units: a sparse code",
            f"{_ROOM}.penalties.l1_config:L1Config",
        ),
        "k-sparse": Entry(
            f"{_ROOM}.penalties.k_sparse:KSparse",
            "k-sparse code",
            "only the k largest units of a code stay",
            f"{_ROOM}.penalties.k_sparse_config:KSparseConfig",
        ),
        "activity": Entry(
            f"{_ROOM}.penalties.activity:Activity",
            "Target activity",
            "each unit should be active for few {samples} only",
            f"{_ROOM}.penalties.activity_config:ActivityConfig",
        ),
        "contractive": Entry(
            f"{_ROOM}.penalties.contractive:Contractive",
            "Contractive",
            "small changes of {a_sample} should hardly move its code",
            f"{_ROOM}.penalties.contractive_config:ContractiveConfig",
        ),
    },
)


def penalty(design: Design) -> Penalty:
    """Return the penalty of a design."""
    made: Penalty = PENALTIES.load(design.penalty)(design.penalty_config)
    return made


def build(design: Design, input_shape: Shape, output_shape: Shape) -> Autoencoder:
    """Return an untrained autoencoder, drawn from torch's current random state.

    Parameters
    ----------
    design : Design
        Checked by ``check`` beforehand.
    input_shape, output_shape : (channels, height, width)
        They differ for super-resolution and colouring.
    """
    chosen = penalty(design)
    made: Autoencoder = ARCHITECTURES.load(design.model)(
        input_shape, output_shape, design.model_config, chosen.code_activation()
    )
    chosen.prepare(made)
    return made


__all__ = [
    "ARCHITECTURES",
    "PENALTIES",
    "ArchitectureConfig",
    "Design",
    "Layer",
    "PenaltyConfig",
    "build",
    "check",
    "layers_of",
    "n_parameters",
    "penalty",
]
