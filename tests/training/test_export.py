"""The two ONNX graphs are the network: for every architecture, any batch size, in float16 too."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
import pytest
import torch

from ae_models.autoencoders import ARCHITECTURES, build
from ae_models.autoencoders.penalties.penalty import settle
from ae_models.runs import InMemory
from ae_models.training.export import export, round_to_half, stored_as_half

DESIGNS = [
    *((model, {}) for model in ARCHITECTURES),
    ("linear", {"tied": True}),
    ("linear", {"output": "sigmoid"}),
    ("variational", {"body": "conv"}),
    ("dense", {"penalty": "l1"}),
    ("dense", {"penalty": "k-sparse", "k": 2}),
    ("conv", {"penalty": "contractive"}),
]


@pytest.fixture
def network(request: Any, design_of: Any) -> Any:
    """An untrained network with weights of some size, so that nothing is near 0 by chance."""
    model, settings = request.param
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        made = build(design_of(model, latent_dim=4, **settings), (1, 28, 28), (1, 28, 28)).eval()
    settle(made)
    return made


@pytest.mark.parametrize(
    "network", DESIGNS, indirect=True, ids=lambda design: "-".join([design[0], *map(str, design[1].values())])
)
def test_the_graphs_are_the_network(some_mnist: Any, network: Any) -> None:
    encoder, decoder = export(network)
    graphs = InMemory(encoder, decoder)
    for n in (1, 2, 7):
        images = some_mnist.heldout.images(slice(n))
        with torch.no_grad():
            codes = network.encode(torch.from_numpy(images))
            drawn = network.decode(codes).numpy()
        assert graphs.encode(images) == pytest.approx(codes.numpy(), abs=1e-5, rel=1e-5)
        assert graphs.decode(codes.numpy()) == pytest.approx(drawn, abs=1e-5)
        assert graphs.reconstruct(images).shape == images.shape


def _names(graph: bytes) -> tuple[list[str], list[str]]:
    found = onnx.load_from_string(graph).graph
    return [value.name for value in found.input], [value.name for value in found.output]


@pytest.mark.parametrize("network", [("dense", {}), ("variational", {})], indirect=True, ids=["dense", "variational"])
def test_the_graph_contract(network: Any, some_mnist: Any) -> None:
    encoder, decoder = export(network)
    has_variance = hasattr(network, "posterior")
    assert _names(encoder) == (["image"], ["mean", "log_var"] if has_variance else ["mean"])
    assert _names(decoder) == (["code"], ["image"])
    for graph in (encoder, decoder):
        onnx.checker.check_model(onnx.load_from_string(graph))
        assert b"export.py" not in graph, "the graph tells in which folders it was made"


@pytest.mark.parametrize(
    "network", [("dense", {}), ("conv", {}), ("linear", {})], indirect=True, ids=["dense", "conv", "linear"]
)
def test_stored_as_float16_it_computes_what_the_rounded_network_computes(network: Any, some_mnist: Any) -> None:
    before = [parameter.detach().clone() for parameter in network.parameters()]
    round_to_half(network)
    moved = max(float((old - new.detach()).abs().max()) for old, new in zip(before, network.parameters(), strict=True))
    assert 0 < moved < 1e-3
    plain = export(network)
    small = tuple(stored_as_half(graph) for graph in plain)
    assert sum(map(len, small)) < 0.6 * sum(map(len, plain))
    images = some_mnist.heldout.images()
    whole, half = InMemory(*plain), InMemory(*small)
    codes = whole.encode(images)
    assert half.encode(images) == pytest.approx(codes, abs=1e-6, rel=1e-6)
    assert half.decode(codes) == pytest.approx(whole.decode(codes), abs=1e-6)
    with torch.no_grad():
        assert half.reconstruct(images) == pytest.approx(network(torch.from_numpy(images)).numpy(), abs=1e-5)
    for graph in small:
        kinds = {tensor.data_type for tensor in onnx.load_from_string(graph).graph.initializer}
        assert onnx.TensorProto.FLOAT not in kinds


@pytest.mark.parametrize("network", [("dense", {})], indirect=True, ids=["dense"])
def test_without_rounding_first_float16_would_not_be_the_network(network: Any, some_mnist: Any) -> None:
    images = some_mnist.heldout.images()
    plain = export(network)
    half = InMemory(*(stored_as_half(graph) for graph in plain))
    assert np.abs(half.encode(images) - InMemory(*plain).encode(images)).max() > 1e-5
