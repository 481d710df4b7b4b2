"""What is straight and what is bent: the linear network obeys superposition, the dense one does not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch

from ae_models.autoencoders import build

SHAPE = (1, 8, 8)
Function = Callable[[torch.Tensor], torch.Tensor]


@pytest.fixture(autouse=True)
def _own_random_state() -> Any:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        yield


@torch.no_grad()
def bend(function: Function, one: torch.Tensor, other: torch.Tensor) -> float:
    """How far ``f`` of a mixture is from the mixture of ``f``, beside the size of ``f``: 0 for an affine map."""
    worst = 0.0
    for share in (0.3, 0.5, 2.0, -1.0):
        mixed = share * function(one) + (1 - share) * function(other)
        difference = function(share * one + (1 - share) * other) - mixed
        worst = max(worst, float(difference.norm() / mixed.norm()))
    return worst


def _halves(network: Any) -> tuple[float, float]:
    """The bend of the encoder and of the decoder (a sigmoid at its end left out)."""
    images, codes = torch.rand(2, 20, *SHAPE), torch.randn(2, 20, network.latent_dim)
    return bend(network.encode, *images), bend(network.raw, *codes)


@pytest.mark.parametrize("tied", [False, True])
def test_the_linear_autoencoder_is_affine_from_end_to_end(design_of: Any, tied: bool) -> None:
    network = build(design_of("linear", latent_dim=4, tied=tied), SHAPE, SHAPE)
    assert bend(network, *torch.rand(2, 20, *SHAPE)) < 1e-5
    assert max(_halves(network)) < 1e-5


def test_the_dense_autoencoder_is_not(design_of: Any) -> None:
    network = build(design_of("dense", latent_dim=4), SHAPE, SHAPE)
    assert bend(network, *torch.rand(2, 20, *SHAPE)) > 1e-2
    assert min(_halves(network)) > 1e-2


def test_half_bent_networks_are_bent_in_the_half_they_say(design_of: Any) -> None:
    encoder, decoder = _halves(build(design_of("bent-encoder", latent_dim=4), SHAPE, SHAPE))
    assert encoder > 1e-2
    assert decoder < 1e-5
    encoder, decoder = _halves(build(design_of("bent-decoder", latent_dim=4), SHAPE, SHAPE))
    assert encoder < 1e-5
    assert decoder > 1e-2


def test_tied_weights_are_one_matrix(design_of: Any) -> None:
    network = build(design_of("linear", latent_dim=4, tied=True), SHAPE, SHAPE)
    assert sum(parameter.numel() for parameter in network.parameters()) == 64 * 4 + 4 + 64
    with torch.no_grad():
        codes = torch.randn(5, 4)
        by_hand = codes @ network.encoder.weight + network.bias
        assert torch.allclose(network.decode(codes).flatten(1), by_hand, atol=1e-6)


def test_a_sigmoid_output_makes_it_logistic_pca(design_of: Any) -> None:
    network = build(design_of("linear", latent_dim=4, output="sigmoid"), SHAPE, SHAPE)
    with torch.no_grad():
        assert bend(network.raw, *torch.randn(2, 9, 4)) < 1e-5
        drawn = network.decode(10 * torch.randn(9, 4))
    assert 0 <= drawn.min() < drawn.max() <= 1
