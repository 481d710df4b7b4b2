"""The whole family: every architecture with every corruption and every penalty takes a step; every kind exports."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from ae_models.autoencoders import ARCHITECTURES, PENALTIES, build, check, penalty
from ae_models.autoencoders.autoencoder import n_pixels
from ae_models.autoencoders.conv import half_sides
from ae_models.autoencoders.dense import layers
from ae_models.base import ImageDataset, Shape
from ae_models.base.config import TrainConfig
from ae_models.corruptions import CORRUPTIONS, corruption
from ae_models.runs import InMemory
from ae_models.training.feeding import Batches
from ae_models.training.scoring import Objective

FEW_UNITS: dict[str, Any] = {"widths": "24", "channels": "4,6", "dense": 16}


def small(model: str) -> dict[str, Any]:
    """Settings of an architecture that make it small, where it has such settings."""
    config = ARCHITECTURES.entry(model).config
    return {name: value for name, value in FEW_UNITS.items() if config is not None and name in config.model_fields}


@pytest.fixture(autouse=True)
def _own_random_state() -> Any:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        yield


def some_images() -> ImageDataset:
    """24 images of 3 x 16 x 16."""
    pixels = np.random.default_rng(0).integers(0, 256, (24, 3, 16, 16), dtype=np.uint8)
    labels, ids = np.arange(24, dtype=np.int32) % 10, np.arange(24, dtype=np.int32)
    return ImageDataset("some", pixels, labels, ids, tuple("0123456789"))


@pytest.mark.parametrize("model", ARCHITECTURES)
def test_one_step_with_every_corruption_and_penalty(design_of: Any, model: str, subtests: pytest.Subtests) -> None:
    """Each corruption; those that give images another shape, and none, with each penalty too."""
    for corrupted in CORRUPTIONS:
        for name in PENALTIES:
            if (model == "variational" and name not in ("none", "l2")) or not (
                name == "none" or corrupted == "none" or reshapes(design_of, corrupted)
            ):
                continue
            with subtests.test(corruption=corrupted, penalty=name):
                torch.manual_seed(0)
                one_step(design_of, model, corrupted, name)


def reshapes(design_of: Any, corrupted: str) -> bool:
    """Whether a network sees images of another shape than it draws."""
    dataset, shape = "mnist-tinted" if corrupted == "grey-scale" else "mnist", (3, 16, 16)
    config = design_of("linear", corruption=corrupted, dataset=dataset).corruption_config
    return corruption(corrupted, config).input_shape(shape) != shape


def one_step(design_of: Any, model: str, corrupted: str, name: str) -> None:
    images, dataset = some_images(), "mnist-tinted" if corrupted == "grey-scale" else "mnist"
    design = design_of(model, corruption=corrupted, penalty=name, dataset=dataset, latent_dim=12, **small(model))
    chosen = corruption(corrupted, design.corruption_config)
    shapes = chosen.input_shape(images.shape), images.shape
    check(design, TrainConfig(), *shapes)
    network = build(design, *shapes)
    objective = Objective(network, penalty(design), design.loss(TrainConfig()))
    (inputs, targets), *others = Batches(images, chosen, 24, seed=0, shift=1, device="cpu")
    assert others == []
    assert (inputs.shape[1:], targets.shape[1:]) == shapes

    reconstruction, regulariser, step = objective(inputs, targets)
    assert step.codes.shape == (24, 12)
    assert step.raw.shape == targets.shape
    loss = reconstruction + regulariser
    assert loss.shape == ()
    assert torch.isfinite(loss)
    loss.backward()
    for parameter_name, parameter in network.named_parameters():
        assert parameter.grad is not None, parameter_name
        assert torch.isfinite(parameter.grad).all(), parameter_name
        assert parameter.grad.abs().sum() > 0, parameter_name
    torch.optim.AdamW(network.parameters(), lr=1e-3).step()
    with torch.no_grad():
        again = network.decode(network.encode(inputs))
    assert again.shape == targets.shape
    assert torch.isfinite(again).all()


EXPORTED = [
    *((model, name) for model in ("linear", "dense", "conv") for name in ("none", "l1", "k-sparse", "activity")),
    ("published", "none"),
    ("bent-encoder", "k-sparse"),
    ("bent-decoder", "contractive"),
    ("variational", "none"),
]
ACTIVATIONS = {
    "none": "Identity",
    "l1": "ReLU",
    "k-sparse": "KeepLargest",
    "activity": "Sigmoid",
    "contractive": "Sigmoid",
    "l2": "Identity",
}


@pytest.mark.parametrize(("model", "name"), EXPORTED)
def test_the_graphs_are_the_network_for_every_kind_of_code(design_of: Any, model: str, name: str) -> None:
    from ae_models.autoencoders.penalties.penalty import settle
    from ae_models.training.export import export

    shape: Shape = (3, 9, 13)
    more = {"k": 4} if name == "k-sparse" else {}
    network = build(design_of(model, penalty=name, latent_dim=7, **small(model), **more), shape, shape).eval()
    assert type(network.code_activation).__name__ == ACTIVATIONS[name]
    settle(network)
    graphs = InMemory(*export(network))
    images = np.random.default_rng(0).random((20, *shape), dtype=np.float32)
    with torch.no_grad():
        codes = network.encode(torch.from_numpy(images))
        drawn = network.decode(codes)
    assert np.abs(graphs.encode(images) - codes.numpy()).max() < 1e-5
    assert np.abs(graphs.decode(codes.numpy()) - drawn.numpy()).max() < 1e-5
    if name == "k-sparse":
        assert ((graphs.encode(images) > 0).sum(axis=1) <= 4).all()


@pytest.mark.parametrize("body", ["dense", "conv"])
def test_a_variational_graph_gives_mean_and_log_variance(design_of: Any, body: str) -> None:
    import onnxruntime

    from ae_models.training.export import export

    network = build(
        design_of("variational", body=body, latent_dim=3, widths="24", channels="4,6", dense=16), (1, 8, 8), (1, 8, 8)
    )
    session = onnxruntime.InferenceSession(export(network)[0])
    assert [output.name for output in session.get_outputs()] == ["mean", "log_var"]
    images = np.random.default_rng(0).random((5, 1, 8, 8), dtype=np.float32)
    with torch.no_grad():
        expected = network.posterior(torch.from_numpy(images))
    for found, known in zip(session.run(None, {"image": images}), expected, strict=True):
        assert np.abs(found - known.numpy()).max() < 1e-5


@pytest.mark.parametrize("shape", [(1, 8, 8), (3, 64, 64), (1, 9, 13), (3, 28, 28)], ids=str)
@pytest.mark.parametrize("model", [model for model in ARCHITECTURES if model != "published"])
def test_images_of_many_shapes_come_out_as_they_went_in(design_of: Any, model: str, shape: Shape) -> None:
    bodies = [{"body": "dense"}, {"body": "conv", "channels": "4,6"}] if model == "variational" else [{}]
    for body in bodies:
        design = design_of(model, latent_dim=3, **{**small(model), **body})
        check(design, TrainConfig(), shape, shape)
        network, images = build(design, shape, shape).eval(), torch.rand(2, *shape)
        assert network.encode(images).shape == (2, 3)
        assert network(images).shape == images.shape


@pytest.mark.parametrize("latent_dim", [1, 1024])
def test_codes_from_one_number_to_more_than_there_are_pixels(design_of: Any, latent_dim: int) -> None:
    network, images = build(design_of("linear", latent_dim=latent_dim), (1, 8, 8), (1, 8, 8)), torch.rand(2, 1, 8, 8)
    assert network.encode(images).shape == (2, latent_dim)
    assert network(images).shape == images.shape
    assert network.latent_dim == latent_dim


def test_layers_are_affine_with_gelu_between_and_none_after_the_last() -> None:
    made = layers((5, 4, 3, 2))
    assert [type(module) for module in made] == [nn.Linear, nn.GELU, nn.Linear, nn.GELU, nn.Linear]
    assert isinstance(layers((5, 2)), nn.Linear)
    x = torch.randn(6, 5)
    by_hand = x
    for place in (0, 2, 4):
        by_hand = by_hand @ made[place].weight.T + made[place].bias
        by_hand = by_hand if place == 4 else 0.5 * by_hand * (1 + torch.erf(by_hand / 2**0.5))
    assert torch.allclose(made(x), by_hand, atol=1e-6)


def test_layers_start_as_he_et_al_say() -> None:
    first, _, last = layers((400, 300, 200))
    for layer, variance in ((first, 2 / 400), (last, 1 / 300)):
        n = layer.weight.numel()
        assert float(layer.weight.detach().var()) == pytest.approx(variance, rel=4 * (2 / n) ** 0.5)
        assert not layer.bias.detach().any()


def test_convolutions_halve_the_sides(design_of: Any) -> None:
    assert half_sides((1, 28, 28), 3) == [(28, 28), (14, 14), (7, 7), (4, 4)]
    assert half_sides((3, 9, 13), 2) == [(9, 13), (5, 7), (3, 4)]
    network = build(design_of("conv", channels="4,6", dense=16), (3, 9, 13), (3, 9, 13))
    images, seen = torch.rand(1, 3, 9, 13), []
    for module in network.encoder:
        images = module(images)
        if isinstance(module, nn.Conv2d):
            seen.append(tuple(images.shape[1:]))
            assert (module.kernel_size, module.stride) == ((3, 3), (2, 2))
    assert seen == [(4, 5, 7), (6, 3, 4)]
    mirrored = [type(module) for module in network.decoder if type(module).__module__.startswith("torch.")]
    assert mirrored == [nn.Linear, nn.GELU, nn.Linear, nn.GELU, nn.ConvTranspose2d, nn.GELU, nn.ConvTranspose2d]


@pytest.mark.parametrize("more", [{}, {"tied": True}, {"output": "sigmoid"}], ids=["free", "tied", "sigmoid"])
def test_a_linear_network_starts_from_the_mean_image_as_pca_does(design_of: Any, more: dict[str, Any]) -> None:
    network = build(design_of("linear", latent_dim=3, **more), (1, 8, 8), (1, 8, 8))
    mean_in, mean_out = torch.rand(1, 8, 8), torch.rand(1, 8, 8).clamp(0.01, 0.99)
    network.start_at(mean_in, mean_out)
    with torch.no_grad():
        assert torch.allclose(network.encode(mean_in[None]), torch.zeros(1, 3), atol=1e-5)
        assert torch.allclose(network.decode(torch.zeros(1, 3))[0], mean_out, atol=1e-5)
        black = torch.zeros(1, 8, 8)
        network.start_at(black, black)
        assert torch.isfinite(network(mean_in[None])).all()


@pytest.mark.parametrize("model", ["dense", "conv", "variational"])
def test_other_networks_start_as_they_were_drawn(design_of: Any, model: str) -> None:
    network = build(design_of(model, **small(model)), (1, 8, 8), (1, 8, 8))
    before = [parameter.detach().clone() for parameter in network.parameters()]
    network.start_at(torch.rand(1, 8, 8), torch.rand(1, 8, 8))
    assert all(torch.equal(old, new) for old, new in zip(before, network.parameters(), strict=True))


def test_pixels_are_channels_times_sides() -> None:
    assert n_pixels((3, 9, 13)) == 351
