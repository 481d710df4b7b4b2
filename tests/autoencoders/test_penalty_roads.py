"""Each penalty by a second road: NumPy, SciPy, autograd's whole Jacobian, many probes; and that none can be cheated."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from scipy.special import rel_entr
from torch import Tensor, nn
from torch.nn.utils import parametrize

from ae_models.autoencoders import build, penalty
from ae_models.autoencoders.penalties.contractive import EXACT_UP_TO, N_PROBES, squared_jacobian_norms
from ae_models.autoencoders.penalties.k_sparse import KeepLargest
from ae_models.autoencoders.penalties.penalty import settle

SHAPE = (1, 8, 8)
SMALL: dict[str, dict[str, Any]] = {"linear": {}, "dense": {"widths": "16"}, "conv": {"channels": "4,6", "dense": 16}}


@pytest.fixture(autouse=True)
def _own_random_state() -> Any:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        yield


def term(design: Any, network: Any, images: Tensor, codes: Tensor | None = None) -> float:
    """The penalty's term for a batch."""
    return float(penalty(design).term(network, images, network.encode(images) if codes is None else codes).detach())


def exact(values: Tensor) -> np.ndarray:
    """The values in float64."""
    return values.detach().numpy().astype(np.float64)


def squares(weight: Tensor, axis: int | None = None) -> Any:
    """The sum of a weight's squares in float64."""
    return (exact(weight) ** 2).sum(axis=axis)


@pytest.mark.parametrize("model", ["dense", "conv", "variational", "bent-decoder"])
def test_one_strength_weighs_every_matrix_of_encoder_and_decoder(design_of: Any, model: str) -> None:
    design = design_of(model, penalty="l2", strength="0.3", latent_dim=3)
    network = build(design, SHAPE, SHAPE)
    by_hand = 0.3 * sum(squares(value) for value in network.parameters() if value.dim() > 1)  # biases are free
    assert term(design, network, torch.rand(2, *SHAPE)) == pytest.approx(by_hand, rel=1e-5)
    assert term(design, network, torch.rand(9, *SHAPE)) == pytest.approx(by_hand, rel=1e-5)  # whatever the batch


def test_one_strength_on_tied_weights_counts_them_in_both_halves(design_of: Any) -> None:
    design = design_of("linear", penalty="l2", strength="0.3", latent_dim=3, tied=True)
    network = build(design, SHAPE, SHAPE)
    expected = 0.3 * 2 * squares(network.encoder.weight)
    assert term(design, network, torch.rand(2, *SHAPE)) == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("model", ["linear", "dense", "conv", "variational"])
def test_one_strength_a_unit_weighs_what_enters_and_what_leaves_it(design_of: Any, model: str) -> None:
    design = design_of(model, penalty="l2", strength="0.5,2,7", latent_dim=3)
    network = build(design, SHAPE, SHAPE)
    last = network.encoder if isinstance(network.encoder, nn.Linear) else network.encoder[-1]
    first = network.decoder if isinstance(network.decoder, nn.Linear) else network.decoder[0]
    into = squares(last.weight, axis=1)[:3]  # a variational mean comes before its log variance
    by_hand = (np.array([0.5, 2.0, 7.0]) * (into + squares(first.weight, axis=0))).sum()
    assert term(design, network, torch.rand(2, *SHAPE)) == pytest.approx(by_hand, rel=1e-5)


def test_l1_is_summed_over_the_code_and_averaged_over_images(design_of: Any) -> None:
    design = design_of("dense", penalty="l1", strength=0.7, latent_dim=6)
    network = build(design, SHAPE, SHAPE)
    images = torch.rand(9, *SHAPE)
    codes = exact(network.encode(images))
    assert term(design, network, images) == pytest.approx(0.7 * np.abs(codes).sum() / 9, rel=1e-5)
    assert codes.min() == 0
    assert codes.max() > 0


def test_the_largest_stay_as_sorting_says() -> None:
    values = torch.randn(200, 12)
    for k in (1, 3, 12):
        kept = exact(KeepLargest(k)(values))
        for row, found in zip(exact(values), kept, strict=True):
            order = np.argsort(-row)[:k]
            expected = np.zeros(12)
            expected[order] = np.maximum(row[order], 0)
            assert np.array_equal(found, expected)


def test_fewer_stay_where_relu_leaves_fewer_and_ties_all_stay() -> None:
    few = torch.tensor([[-1.0, 0.5, -3.0, -0.1], [-1.0, -2.0, -3.0, -4.0]])
    assert KeepLargest(3)(few).tolist() == [[0.0, 0.5, 0.0, 0.0], [0.0] * 4]
    ties = torch.tensor([[2.0, 2.0, 2.0, 1.0], [3.0, 2.0, 2.0, 1.0]])
    assert KeepLargest(2)(ties).tolist() == [[2.0, 2.0, 2.0, 0.0], [3.0, 2.0, 2.0, 0.0]]


def test_gradient_flows_to_the_units_that_stay_alone() -> None:
    values = torch.tensor([[3.0, 1.0, 2.0, -1.0]], requires_grad=True)
    KeepLargest(2)(values).sum().backward()
    assert values.grad is not None
    assert values.grad.tolist() == [[1.0, 0.0, 1.0, 0.0]]


def test_k_sparse_adds_no_term_and_holds_in_training_and_in_use(design_of: Any) -> None:
    design = design_of("dense", penalty="k-sparse", k=2, latent_dim=9)
    network, images = build(design, SHAPE, SHAPE), torch.rand(50, *SHAPE)
    assert term(design, network, images) == 0
    in_training = network.train().step(images).codes
    assert torch.equal(in_training, network.eval().encode(images))
    assert ((in_training > 0).sum(1) <= 2).all()


@pytest.mark.parametrize("target", [0.05, 0.5, 0.9])
def test_the_divergence_from_a_target_is_scipys(design_of: Any, target: float) -> None:
    design = design_of("linear", penalty="activity", target=target, strength=2, latent_dim=7)
    network, codes = build(design, SHAPE, SHAPE), torch.rand(30, 7)
    mean = exact(codes).mean(axis=0)
    by_hand = 2 * (rel_entr(target, mean) + rel_entr(1 - target, 1 - mean)).sum()
    assert term(design, network, torch.rand(30, *SHAPE), codes) == pytest.approx(by_hand, rel=1e-4)
    assert term(design, network, torch.rand(30, *SHAPE), torch.full((30, 7), target)) == pytest.approx(0, abs=1e-6)
    for unit in range(7):  # one unit off its target is enough
        off = torch.full((30, 7), target)
        off[:, unit] = target / 2
        assert term(design, network, torch.rand(30, *SHAPE), off) > 1e-3


def test_activities_are_in_0_to_1(design_of: Any) -> None:
    network = build(design_of("dense", penalty="activity", latent_dim=5), SHAPE, SHAPE)
    codes = network.encode(20 * torch.randn(40, *SHAPE))
    assert 0 <= codes.min() < 0.5 < codes.max() <= 1
    assert network.encode(torch.rand(40, *SHAPE)).min() > 0


def jacobian_norms(network: Any, images: Tensor) -> Tensor:
    """The squared Frobenius norm of each image's whole Jacobian, by autograd."""
    whole = [torch.autograd.functional.jacobian(network.encode, image[None]) for image in images]
    return torch.stack([jacobian.square().sum() for jacobian in whole])


def test_the_closed_form_of_one_layer_is_the_whole_jacobian(design_of: Any) -> None:
    network, images = (
        build(design_of("linear", penalty="contractive", latent_dim=5), SHAPE, SHAPE),
        torch.rand(4, *SHAPE),
    )
    assert network.first_layer is network.encoder
    found = squared_jacobian_norms(network, images).detach()
    assert found.shape == (4,)
    assert found == pytest.approx(jacobian_norms(network, images), rel=1e-4)
    s = 1 / (1 + np.exp(-exact(network.pre_code(images))))
    by_hand = ((s * (1 - s)) ** 2 @ squares(network.encoder.weight, axis=1)[:, None])[:, 0]
    assert exact(found) == pytest.approx(by_hand, rel=1e-4)


def test_a_linear_code_has_the_same_jacobian_everywhere(design_of: Any) -> None:
    network, images = build(design_of("linear", latent_dim=5), SHAPE, SHAPE), torch.rand(4, *SHAPE)
    found = exact(squared_jacobian_norms(network, images))
    assert found == pytest.approx(np.full(4, squares(network.encoder.weight)), rel=1e-5)
    assert found == pytest.approx(exact(jacobian_norms(network, images)), rel=1e-4)


@pytest.mark.parametrize("model", ["dense", "conv", "bent-encoder"])
@pytest.mark.parametrize("k", [1, EXACT_UP_TO])
def test_products_unit_by_unit_are_the_whole_jacobian(design_of: Any, model: str, k: int) -> None:
    network = build(design_of(model, penalty="contractive", latent_dim=k), SHAPE, SHAPE)
    images = torch.rand(3, *SHAPE)
    assert network.first_layer is None
    assert squared_jacobian_norms(network, images).detach() == pytest.approx(jacobian_norms(network, images), rel=1e-3)


def test_probes_are_right_on_average_and_only_on_average(design_of: Any) -> None:
    network = build(design_of("dense", penalty="contractive", latent_dim=20, widths="32"), SHAPE, SHAPE)
    images = torch.rand(3, *SHAPE)
    many = images.repeat(1_500, 1, 1, 1)  # every image of a batch has probes of its own
    draws = squared_jacobian_norms(network, many).detach().reshape(1_500, 3)
    truth = jacobian_norms(network, images)
    assert draws.mean(0) == pytest.approx(truth, rel=0.05)
    assert ((draws.mean(0) - truth).abs() < 4.5 * draws.std(0) / 1_500**0.5).all()
    assert draws.std(0).min() > 0.01 * truth.max()
    assert N_PROBES == 4


def test_the_contractive_term_is_averaged_over_images_and_can_be_learned(design_of: Any) -> None:
    design = design_of("dense", penalty="contractive", strength=3, latent_dim=4, widths="32")
    network, images = build(design, SHAPE, SHAPE), torch.rand(6, *SHAPE)
    assert term(design, network, images) == pytest.approx(3 * float(jacobian_norms(network, images).mean()), rel=1e-3)
    with torch.no_grad():  # held-out measurement has gradients turned off
        assert term(design, network, images) == pytest.approx(
            3 * float(jacobian_norms(network, images).mean()), rel=1e-3
        )
    optimizer = torch.optim.Adam(network.encoder.parameters(), lr=1e-2)
    before = term(design, network, images)
    for _ in range(20):
        optimizer.zero_grad()
        penalty(design).term(network, images, network.encode(images)).backward()
        optimizer.step()
    assert term(design, network, images) < 0.5 * before


def _outgoing(network: Any) -> list[Tensor]:
    norms = []
    for module in network.decoder.modules():
        if isinstance(module, nn.Linear):
            norms.append(module.weight.detach().norm(dim=0))
        elif isinstance(module, nn.ConvTranspose2d):
            norms.append(module.weight.detach().flatten(1).norm(dim=1))
    return norms


@pytest.mark.parametrize("name", ["l1", "contractive"])
@pytest.mark.parametrize("model", ["linear", "dense", "conv"])
def test_a_decoder_cannot_grow_in_training_to_let_the_code_shrink(design_of: Any, model: str, name: str) -> None:
    design = design_of(model, penalty=name, latent_dim=5, **SMALL[model])
    network, images = build(design, SHAPE, SHAPE), torch.rand(8, *SHAPE)
    before = [value.detach().clone() for value in network.decoder.parameters()]
    optimizer = torch.optim.AdamW(network.parameters(), lr=1e-2)
    for _ in range(5):
        optimizer.zero_grad()
        loss = (network(images) - images).square().sum() + penalty(design).term(network, images, network.encode(images))
        loss.backward()
        optimizer.step()
    assert all(not torch.equal(old, new) for old, new in zip(before, network.decoder.parameters(), strict=True))
    assert len(_outgoing(network)) >= 1
    for norms in _outgoing(network):
        assert norms == pytest.approx(torch.ones_like(norms), abs=1e-5)

    plain = build(design_of(model, latent_dim=5, **SMALL[model]), SHAPE, SHAPE).state_dict()
    shapes = {key: value.shape for key, value in plain.items()}
    with torch.no_grad():
        drawn = network(images)
        settle(network)
        assert torch.equal(network(images), drawn)
    assert {key: value.shape for key, value in network.state_dict().items()} == shapes
    assert not any(parametrize.is_parametrized(module) for module in network.modules())
    settle(network)  # once more changes nothing
    assert torch.equal(network(images).detach(), drawn)


def test_without_the_norm_the_code_could_be_shrunk_for_nothing(design_of: Any) -> None:
    """The negative control: a hundredth of the code, a hundred times the decoder, the same images, a smaller L1."""
    design = design_of("linear", penalty="l1", latent_dim=4)
    cheat = build(design_of("linear", latent_dim=4), SHAPE, SHAPE)
    cheat.code_activation = nn.ReLU()
    images = torch.rand(6, *SHAPE)
    with torch.no_grad():
        drawn, cost = cheat(images), term(design, cheat, images)
        for value in cheat.encoder.parameters():
            value /= 100
        cheat.decoder.weight *= 100
        assert torch.allclose(cheat(images), drawn, atol=1e-5)
        assert term(design, cheat, images) < cost / 50
    honest = build(design, SHAPE, SHAPE)
    with torch.no_grad():
        drawn = honest(images)
        honest.decoder.parametrizations.weight.original *= 100
        assert torch.allclose(honest(images), drawn, atol=1e-5)  # growing the decoder's weights changes nothing


@pytest.mark.parametrize("name", ["l1", "contractive"])
def test_tied_weights_need_no_norm(design_of: Any, name: str) -> None:
    network = build(design_of("linear", penalty=name, latent_dim=4, tied=True), SHAPE, SHAPE)
    assert not any(parametrize.is_parametrized(module) for module in network.modules())
