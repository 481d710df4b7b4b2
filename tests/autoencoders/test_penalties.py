"""Each penalty: by hand, at zero, and by a second road."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch.distributions import Bernoulli, kl_divergence

from ae_models.autoencoders import PENALTIES, build, penalty
from ae_models.autoencoders.penalties.contractive import squared_jacobian_norms
from ae_models.autoencoders.penalties.k_sparse import KeepLargest
from ae_models.autoencoders.penalties.penalty import settle

SHAPE = (1, 8, 8)
EVERY = list(PENALTIES)


@pytest.fixture(autouse=True)
def _own_random_state() -> Any:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        yield


def _term(design: Any, network: Any, images: torch.Tensor, codes: torch.Tensor | None = None) -> float:
    with torch.no_grad():
        found = network.encode(images) if codes is None else codes
    return float(penalty(design).term(network, images, found).detach())


@pytest.mark.parametrize("model", ["linear", "dense", "conv"])
@pytest.mark.parametrize("name", EVERY)
def test_a_term_is_a_scalar_of_zero_or_more_with_a_gradient(design_of: Any, model: str, name: str) -> None:
    design = design_of(model, penalty=name, latent_dim=12)
    network = build(design, SHAPE, SHAPE)
    images = torch.rand(6, *SHAPE)
    term = penalty(design).term(network, images, network.encode(images))
    assert term.shape == ()
    assert float(term.detach()) >= 0
    if name not in ("none", "k-sparse"):
        assert float(term.detach()) > 0
        term.backward()
        assert any(p.grad is not None and p.grad.abs().sum() > 0 for p in network.parameters())


def test_no_penalty_is_zero(design_of: Any) -> None:
    design = design_of("linear")
    assert _term(design, build(design, SHAPE, SHAPE), torch.rand(3, *SHAPE)) == 0


def test_l1_by_hand(design_of: Any) -> None:
    design = design_of("linear", penalty="l1", strength=0.5)
    network = build(design, SHAPE, SHAPE)
    codes = torch.tensor([[1.0, 2.0], [0.0, 3.0]])
    assert _term(design, network, torch.rand(2, *SHAPE), codes) == pytest.approx(0.5 * (3 + 3) / 2)
    assert _term(design, network, torch.rand(2, *SHAPE), 0 * codes) == 0
    assert network.encode(torch.rand(9, *SHAPE)).min() >= 0


def test_l2_is_the_sum_of_all_squared_weights_without_biases(design_of: Any) -> None:
    design = design_of("dense", penalty="l2", strength="0.25")
    network = build(design, SHAPE, SHAPE)
    with torch.no_grad():
        for name, parameter in network.named_parameters():
            if name.endswith("bias"):
                parameter.fill_(100.0)
    weights = [p for name, p in network.named_parameters() if name.endswith("weight")]
    by_hand = 0.25 * sum(float(weight.detach().square().sum()) for weight in weights)
    assert _term(design, network, torch.rand(2, *SHAPE)) == pytest.approx(by_hand, rel=1e-5)


@pytest.mark.parametrize("tied", [False, True])
def test_l2_of_a_unit_weighs_what_enters_and_leaves_it(design_of: Any, tied: bool) -> None:
    design = design_of("linear", penalty="l2", strength="1,10,100", latent_dim=3, tied=tied)
    network = build(design, SHAPE, SHAPE)
    with torch.no_grad():
        network.encoder.weight.zero_()
        network.encoder.weight[1] = 2.0  # 64 weights of 2 enter unit 1
        if not tied:
            network.decoder.weight.zero_()
            network.decoder.weight[:, 2] = 1.0  # 64 weights of 1 leave unit 2
    expected = 10 * 256 * 2 if tied else 10 * 256 + 100 * 64
    assert _term(design, network, torch.rand(2, *SHAPE)) == pytest.approx(expected)


def test_equal_strengths_one_by_one_are_one_strength_for_all_on_a_linear_network(design_of: Any) -> None:
    terms = []
    for strength in ("0.3", "0.3,0.3"):
        torch.manual_seed(5)
        design = design_of("linear", penalty="l2", strength=strength)
        terms.append(_term(design, build(design, SHAPE, SHAPE), torch.rand(2, *SHAPE)))
    assert terms[0] == pytest.approx(terms[1], rel=1e-6)


def test_k_largest_by_hand() -> None:
    values = torch.tensor([[3.0, -9.0, 1.0, 2.0], [-1.0, -2.0, 5.0, -3.0], [1.0, 1.0, 1.0, 0.0]])
    kept = KeepLargest(2)(values)
    assert kept.tolist() == [[3.0, 0.0, 0.0, 2.0], [0.0, 0.0, 5.0, 0.0], [1.0, 1.0, 1.0, 0.0]]


def test_k_sparse_codes_have_at_most_k_active_units(design_of: Any) -> None:
    network = build(design_of("dense", penalty="k-sparse", k=3, latent_dim=20), SHAPE, SHAPE)
    active = (network.encode(torch.rand(100, *SHAPE)) > 0).sum(1)
    assert active.max() == 3
    everything = build(design_of("dense", penalty="k-sparse", k=20, latent_dim=20), SHAPE, SHAPE)
    assert (everything.encode(torch.rand(100, *SHAPE)) > 0).sum(1).max() > 3


def test_activity_is_zero_at_its_target_and_the_divergence_of_two_coins_elsewhere(design_of: Any) -> None:
    design = design_of("linear", penalty="activity", target=0.2, strength=3.0)
    network = build(design, SHAPE, SHAPE)
    images = torch.rand(4, *SHAPE)
    at_target = torch.tensor([[0.1, 0.2], [0.3, 0.2]])
    assert _term(design, network, images[:2], at_target) == pytest.approx(0, abs=1e-6)
    codes = torch.rand(4, 2)
    known = 3.0 * kl_divergence(Bernoulli(torch.full((2,), 0.2)), Bernoulli(codes.mean(0))).sum()
    assert _term(design, network, images, codes) == pytest.approx(float(known), rel=1e-4)
    for extreme in (torch.zeros(4, 2), torch.ones(4, 2)):
        assert 0 < _term(design, network, images, extreme) < float("inf")


def _jacobian_norms(network: Any, images: torch.Tensor) -> torch.Tensor:
    return torch.stack(
        [torch.autograd.functional.jacobian(network.encode, image[None]).square().sum() for image in images]
    )


@pytest.mark.parametrize("model", ["linear", "dense", "conv", "bent-decoder"])
def test_contractive_norms_are_those_of_the_jacobian(design_of: Any, model: str) -> None:
    network = build(design_of(model, penalty="contractive", latent_dim=5), SHAPE, SHAPE).eval()
    images = torch.rand(4, *SHAPE)
    found = squared_jacobian_norms(network, images).detach()
    assert found == pytest.approx(_jacobian_norms(network, images), rel=1e-3)


def test_contractive_norms_of_a_long_code_are_right_on_average(design_of: Any) -> None:
    network = build(design_of("dense", penalty="contractive", latent_dim=40), SHAPE, SHAPE).eval()
    images = torch.rand(3, *SHAPE)
    draws = torch.stack([squared_jacobian_norms(network, images).detach() for _ in range(300)])
    assert draws.mean(0) == pytest.approx(_jacobian_norms(network, images), rel=0.1)
    assert draws.std(0).min() > 0


@pytest.mark.parametrize("name", ["l1", "contractive"])
@pytest.mark.parametrize("model", ["linear", "dense", "conv"])
def test_what_leaves_a_unit_of_the_decoder_has_norm_one(design_of: Any, model: str, name: str) -> None:
    network = build(design_of(model, penalty=name, latent_dim=6), SHAPE, SHAPE).eval()
    for module in network.decoder.modules():
        if isinstance(module, torch.nn.Linear):
            norms = module.weight.detach().norm(dim=0)
        elif isinstance(module, torch.nn.ConvTranspose2d):
            norms = module.weight.detach().flatten(1).norm(dim=1)
        else:
            continue
        assert norms == pytest.approx(torch.ones_like(norms), rel=1e-5)
    images = torch.rand(3, *SHAPE)
    before = network(images)
    settle(network)
    assert torch.equal(network(images), before)
    assert not any("parametrizations" in key for key in network.state_dict())
