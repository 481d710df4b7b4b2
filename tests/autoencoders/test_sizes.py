"""What is said of a network beforehand, against the network itself: every architecture, every option."""

from __future__ import annotations

from math import prod
from typing import Any

import pytest
import torch
from torch import nn

from ae_models.autoencoders import ARCHITECTURES, PENALTIES, ArchitectureConfig, Design, build, layers_of, n_parameters
from ae_models.base.config import NoConfig

OPTIONS: list[tuple[str, dict[str, Any]]] = [
    *((model, {}) for model in ARCHITECTURES),
    ("linear", {"latent_dim": 3, "output": "sigmoid"}),
    ("dense", {"latent_dim": 7, "widths": (20,)}),
    ("dense", {"latent_dim": 300, "widths": (64, 128, 32)}),  # overcomplete, and not narrowing
    ("dense", {"hidden": "encoder", "widths": (9, 5)}),
    ("dense", {"hidden": "decoder", "widths": (9, 5)}),
    ("conv", {"channels": (4,), "dense": 11, "latent_dim": 5}),
    ("conv", {"channels": (4, 6, 8), "dense": 11, "latent_dim": 5}),
    ("variational", {"body": "conv", "channels": (4, 6), "dense": 11, "latent_dim": 5}),
    ("variational", {"widths": (9, 5), "latent_dim": 3}),
]
SHAPES = [((1, 28, 28), (1, 28, 28)), ((3, 13, 9), (3, 13, 9)), ((1, 14, 14), (3, 28, 28))]


def _design(model: str, settings: dict[str, Any], penalty: str = "none") -> Design:
    config = ARCHITECTURES.entry(model).config
    chosen = PENALTIES.entry(penalty).config or NoConfig
    assert config is not None
    return Design(model, config.of(**settings), penalty=penalty, penalty_config=chosen())


@pytest.mark.parametrize("shapes", SHAPES, ids=str)
@pytest.mark.parametrize(("model", "settings"), OPTIONS, ids=str)
def test_layers_and_parameters_are_those_of_the_network(
    model: str, settings: dict[str, Any], shapes: tuple[Any, Any]
) -> None:
    design = _design(model, settings)
    network = build(design, *shapes)
    layers = layers_of(design, *shapes)
    assert n_parameters(design, *shapes) == sum(parameter.numel() for parameter in network.parameters())

    found: list[tuple[int, int]] = []  # numbers that come out of each step for one image, and its parameters
    for module in network.modules():
        if isinstance(module, nn.Linear | nn.Conv2d | nn.ConvTranspose2d):
            size = sum(parameter.numel() for parameter in module.parameters())
            module.register_forward_hook(lambda _, __, out, size=size: found.append((out[0].numel(), size)))
    network(torch.rand(1, *shapes[0]))
    said = [(layer.units, layer.parameters) for layer in layers[1:]]
    code = next(place for place, layer in enumerate(layers) if layer.role == "code")
    if model == "variational":
        said[code - 1] = (2 * said[code - 1][0], said[code - 1][1])  # a mean and a spread for each
    assert found == said


@pytest.mark.parametrize(("model", "settings"), OPTIONS, ids=str)
def test_one_code_between_an_image_and_an_image(model: str, settings: dict[str, Any]) -> None:
    design = _design(model, settings)
    layers = layers_of(design, (1, 14, 14), (3, 28, 28))
    roles = [layer.role for layer in layers]
    assert (roles[0], roles[-1], roles.count("code")) == ("input", "output", 1)
    assert (layers[0].shape, layers[-1].shape) == ((1, 14, 14), (3, 28, 28))
    assert layers[0].parameters == 0
    assert layers[roles.index("code")].units == design.latent_dim
    assert all(layer.units == prod(layer.shape) >= 1 for layer in layers)


def test_tied_weights_count_once() -> None:
    for tied, expected in ((False, 20 * 3 + 3 + 20 * 3 + 20), (True, 20 * 3 + 3 + 20)):
        design = _design("linear", {"latent_dim": 3, "tied": tied})
        network = build(design, (1, 4, 5), (1, 4, 5))
        assert sum(parameter.numel() for parameter in network.parameters()) == expected
        assert n_parameters(design, (1, 4, 5), (1, 4, 5)) == expected


@pytest.mark.parametrize("penalty", list(PENALTIES))
def test_a_penalty_has_no_parameters_of_its_own(penalty: str) -> None:
    design = _design("dense", {"latent_dim": 20, "widths": (16,)}, penalty)
    network = build(design, (1, 8, 8), (1, 8, 8))
    assert n_parameters(design, (1, 8, 8), (1, 8, 8)) == sum(value.numel() for value in network.parameters())


def test_an_architecture_that_states_no_layers_is_said() -> None:
    class Odd(ArchitectureConfig):
        pass

    with pytest.raises(NotImplementedError, match="Odd does not state its layers"):
        layers_of(Design("odd", Odd()), (1, 8, 8), (1, 8, 8))
