"""The variational autoencoder: its KL by hand and by torch, its draws, its mean."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch.distributions import Normal, kl_divergence

from ae_models.autoencoders import build
from ae_models.autoencoders.variational import LOG_VAR_BOUND, gaussian_kl

SHAPE = (1, 8, 8)


@pytest.fixture(autouse=True)
def _own_random_state() -> Any:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        yield


def test_kl_is_zero_for_the_prior_and_a_half_for_a_mean_one_away() -> None:
    zero = torch.zeros(4, 3)
    assert float(gaussian_kl(zero, zero)) == 0
    one = torch.zeros(4, 3)
    one[:, 0] = 1
    assert float(gaussian_kl(one, zero)) == pytest.approx(0.5)


def test_kl_is_that_of_torch_and_the_same_for_a_mirrored_mean() -> None:
    mean, log_var = torch.randn(6, 3), torch.randn(6, 3)
    known = kl_divergence(Normal(mean, (0.5 * log_var).exp()), Normal(0.0, 1.0)).sum(1).mean()
    assert float(gaussian_kl(mean, log_var)) == pytest.approx(float(known), rel=1e-5)
    assert float(gaussian_kl(-mean, log_var)) == pytest.approx(float(known), rel=1e-5)
    assert float(known) > 0


@pytest.mark.parametrize("body", ["dense", "conv"])
def test_training_draws_and_use_takes_the_mean(design_of: Any, body: str) -> None:
    network = build(design_of("variational", latent_dim=3, body=body), SHAPE, SHAPE)
    images = torch.rand(5, *SHAPE)
    with torch.no_grad():
        mean, log_var = network.posterior(images)
        network.eval()
        assert torch.equal(network.encode(images), mean)
        assert torch.equal(network.step(images).codes, mean)
        network.train()
        draws = torch.stack([network.step(images).codes for _ in range(2000)])
    assert draws.mean(0) == pytest.approx(mean, abs=0.15 * float((0.5 * log_var).exp().max()))
    assert draws.std(0) == pytest.approx((0.5 * log_var).exp(), rel=0.1)


def test_the_kl_term_is_weighed_by_beta(design_of: Any) -> None:
    terms = {}
    for beta in (0.0, 1.0, 4.0):
        torch.manual_seed(1)
        network = build(design_of("variational", beta=beta), SHAPE, SHAPE).eval()
        terms[beta] = float(network.step(torch.ones(2, *SHAPE)).terms["kl"].detach())
    assert terms[0.0] == 0
    assert terms[4.0] == pytest.approx(4 * terms[1.0])
    assert terms[1.0] > 0


def test_a_wild_start_stays_finite(design_of: Any) -> None:
    network = build(design_of("variational"), SHAPE, SHAPE)
    with torch.no_grad():
        for parameter in network.encoder.parameters():
            parameter.mul_(100)
        step = network.step(torch.rand(5, *SHAPE))
        log_var = network.posterior(torch.rand(5, *SHAPE))[1]
    assert torch.isfinite(step.terms["kl"])
    assert torch.isfinite(step.raw).all()
    assert log_var.abs().max() <= LOG_VAR_BOUND
