"""Every architecture: shapes in and out, ranges, and what the loss is made of."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from ae_models.autoencoders import ARCHITECTURES, build
from ae_models.autoencoders.autoencoder import cross_entropy_loss, reconstruction_loss
from ae_models.base import squared_errors

MODELS = list(ARCHITECTURES)
SHAPES = [(1, 28, 28), (3, 16, 12), (1, 8, 8), (1, 13, 9)]
UNBOUNDED = {"linear", "bent-encoder"}


@pytest.fixture(autouse=True)
def _own_random_state() -> Any:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        yield


def _images(n: int, shape: tuple[int, int, int]) -> torch.Tensor:
    return torch.rand(n, *shape)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("model", MODELS)
def test_images_to_codes_to_images(design_of: Any, model: str, shape: tuple[int, int, int]) -> None:
    network = build(design_of(model, latent_dim=5), shape, shape).eval()
    images = _images(3, shape)
    with torch.no_grad():
        codes = network.encode(images)
        drawn = network.decode(codes)
        assert codes.shape == (3, 5)
        assert drawn.shape == images.shape
        assert torch.equal(network(images), drawn)
        step = network.step(images)
        assert torch.equal(step.codes, codes)
        assert torch.equal(network.activate(step.raw), drawn)
    assert codes.dtype == drawn.dtype == torch.float32
    assert torch.isfinite(drawn).all()


@pytest.mark.parametrize("model", MODELS)
def test_images_may_come_out_larger_than_they_went_in(design_of: Any, model: str) -> None:
    network = build(design_of(model), (1, 14, 14), (3, 28, 28)).eval()
    assert network(_images(2, (1, 14, 14))).shape == (2, 3, 28, 28)


@pytest.mark.parametrize("model", MODELS)
def test_an_image_has_one_code_whatever_batch_it_is_in(design_of: Any, model: str) -> None:
    network = build(design_of(model), (1, 28, 28), (1, 28, 28)).eval()
    images = _images(6, (1, 28, 28))
    with torch.no_grad():
        assert torch.allclose(network.encode(images)[4:5], network.encode(images[4:5]), atol=1e-5)


@pytest.mark.parametrize("model", MODELS)
def test_pixels_are_between_0_and_1_wherever_a_sigmoid_says_so(design_of: Any, model: str) -> None:
    network = build(design_of(model), (1, 28, 28), (1, 28, 28)).eval()
    with torch.no_grad():
        near = network.decode(torch.randn(50, network.latent_dim))
        far = network.decode(1e4 * torch.randn(50, network.latent_dim))
    if model in UNBOUNDED:
        assert not network.bounded
    if not network.bounded:
        assert far.max() > 1
        assert far.min() < 0
    else:
        assert 0 < near.min() < near.max() < 1
        assert 0 <= far.min() < far.max() <= 1


@pytest.mark.parametrize("model", MODELS)
def test_every_weight_takes_part(design_of: Any, model: str) -> None:
    network = build(design_of(model), (1, 16, 16), (1, 16, 16)).train()
    images = _images(8, (1, 16, 16))
    step = network.step(images)
    loss = reconstruction_loss(network.activate(step.raw), images)
    for term in step.terms.values():
        loss = loss + term
    loss.backward()
    for name, parameter in network.named_parameters():
        assert parameter.grad is not None, name
        assert parameter.grad.abs().sum() > 0, name


@pytest.mark.parametrize("model", MODELS)
def test_weights_follow_the_seed(design_of: Any, model: str) -> None:
    def drawn(seed: int) -> torch.Tensor:
        torch.manual_seed(seed)
        network = build(design_of(model), (1, 8, 8), (1, 8, 8))
        return torch.cat([parameter.detach().ravel() for parameter in network.parameters()])

    assert torch.equal(drawn(1), drawn(1))
    assert not torch.equal(drawn(1), drawn(2))


def test_the_published_network_is_the_published_one(design_of: Any) -> None:
    network = build(design_of("published"), (1, 28, 28), (1, 28, 28))
    sizes = [tuple(p.shape) for name, p in network.named_parameters() if name.endswith("weight")]
    assert sizes[:4] == [(1000, 784), (500, 1000), (250, 500), (30, 250)]
    assert sizes[4:] == [(250, 30), (500, 250), (1000, 500), (784, 1000)]


def test_reconstruction_loss_is_the_sse_of_errors() -> None:
    images, drawn = _images(9, (1, 7, 5)), _images(9, (1, 7, 5))
    assert float(reconstruction_loss(drawn, images)) == pytest.approx(squared_errors.sse(images.numpy(), drawn.numpy()))
    assert float(reconstruction_loss(images, images)) == 0
    assert float(reconstruction_loss(torch.ones(3, 1, 7, 5), torch.zeros(3, 1, 7, 5))) == 35


def test_cross_entropy_by_hand_and_at_its_least() -> None:
    targets = torch.tensor([[[[1.0, 0.0]]], [[[0.25, 0.5]]]])
    even = torch.zeros(2, 1, 1, 2)  # says 1/2 of every pixel
    assert float(cross_entropy_loss(even, targets)) == pytest.approx(2 * np.log(2))
    best = torch.logit(targets.clamp(1e-6, 1 - 1e-6))
    entropy = -(0.25 * np.log(0.25) + 0.75 * np.log(0.75)) + np.log(2)
    assert float(cross_entropy_loss(best, targets)) == pytest.approx(entropy / 2, abs=1e-4)
    assert float(cross_entropy_loss(best + 0.5, targets)) > entropy / 2
    certain = torch.tensor([[[[50.0, -50.0]]]])
    assert float(cross_entropy_loss(certain, targets[:1])) == pytest.approx(0, abs=1e-6)
