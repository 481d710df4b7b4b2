"""Every loss computed a second time: in NumPy at float64, with torch's distributions, and from the ONNX graphs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torch.distributions import Bernoulli, Normal, kl_divergence

from ae_models.autoencoders import build, penalty
from ae_models.autoencoders.autoencoder import cross_entropy_loss, reconstruction_loss
from ae_models.autoencoders.variational import LOG_VAR_BOUND, gaussian_kl
from ae_models.base import squared_errors
from ae_models.training.scoring import Objective

SHAPE = (1, 8, 8)
SHAPES = [(1, 8, 8), (3, 9, 13)]


@pytest.fixture(autouse=True)
def _own_random_state() -> Any:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        yield


def exact(values: torch.Tensor) -> np.ndarray:
    """The values in float64."""
    return values.detach().numpy().astype(np.float64)


def objective_of(design: Any, loss: str, shape: tuple[int, int, int] = SHAPE) -> Objective:
    """The loss of an untrained network."""
    return Objective(build(design, shape, shape), penalty(design), loss)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_squared_error_is_summed_over_pixels_and_averaged_over_images(shape: tuple[int, int, int]) -> None:
    x, x_hat = torch.rand(7, *shape), torch.randn(7, *shape)
    total = sum(((exact(x)[i] - exact(x_hat)[i]) ** 2).sum() for i in range(7))
    assert float(reconstruction_loss(x_hat, x)) == pytest.approx(total / 7, rel=1e-5)
    assert float(reconstruction_loss(x_hat, x)) == pytest.approx(squared_errors.sse(x.numpy(), x_hat.numpy()), rel=1e-5)
    assert float(reconstruction_loss(x, x)) == 0
    assert reconstruction_loss(x_hat, x).shape == ()


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_cross_entropy_is_in_nats_summed_over_pixels_and_averaged_over_images(shape: tuple[int, int, int]) -> None:
    x, raw = torch.rand(7, *shape), 3 * torch.randn(7, *shape)
    p = 1 / (1 + np.exp(-exact(raw)))
    by_hand = -(exact(x) * np.log(p) + (1 - exact(x)) * np.log(1 - p)).sum() / 7
    assert float(cross_entropy_loss(raw, x)) == pytest.approx(by_hand, rel=1e-5)
    coin = cross_entropy_loss(torch.zeros(1, 1, 1, 1), torch.ones(1, 1, 1, 1))
    assert float(coin) == pytest.approx(np.log(2))  # one fair coin: log 2 nats, not 1 bit


def test_its_least_value_is_the_entropy_of_the_pixels() -> None:
    x = torch.rand(5, *SHAPE).clamp(0.01, 0.99)
    q = exact(x)
    entropy = -(q * np.log(q) + (1 - q) * np.log(1 - q)).sum() / 5
    assert entropy > 1
    assert float(cross_entropy_loss(torch.logit(x), x)) == pytest.approx(entropy, rel=1e-5)
    for _ in range(20):
        assert float(cross_entropy_loss(torch.logit(x) + 0.1 * torch.randn_like(x), x)) > entropy
    black_and_white = (x > 0.5).float()
    assert float(cross_entropy_loss(200 * (black_and_white - 0.5), black_and_white)) == pytest.approx(0, abs=1e-6)


def test_cross_entropy_takes_logits_of_any_size() -> None:
    raw, x = torch.tensor([[[[1e4, -1e4]]]]), torch.tensor([[[[0.0, 1.0]]]])
    assert float(cross_entropy_loss(raw, x)) == pytest.approx(2e4)


def test_gaussian_kl_in_float64_by_torch_and_by_drawing() -> None:
    mean, log_var = torch.randn(4, 3), torch.randn(4, 3)
    m, v = exact(mean), np.exp(exact(log_var))
    by_hand = 0.5 * (m**2 + v - np.log(v) - 1).sum() / 4
    found = float(gaussian_kl(mean, log_var))
    assert found == pytest.approx(by_hand, rel=1e-5)
    posterior, prior = Normal(mean, (0.5 * log_var).exp()), Normal(0.0, 1.0)
    assert found == pytest.approx(float(kl_divergence(posterior, prior).sum(1).mean()), rel=1e-5)
    draws = posterior.sample((40_000,))
    ratios = (posterior.log_prob(draws) - prior.log_prob(draws)).sum(2).mean(1)
    assert found == pytest.approx(float(ratios.mean()), abs=4 * float(ratios.std()) / 200)


def test_gaussian_kl_is_never_below_0_and_0_for_the_prior_alone() -> None:
    assert float(gaussian_kl(torch.zeros(3, 5), torch.zeros(3, 5))) == 0
    for scale in (1e-2, 0.3, 2.0):
        assert float(gaussian_kl(scale * torch.randn(9, 5), torch.zeros(9, 5))) > 0
        assert float(gaussian_kl(torch.zeros(9, 5), scale * torch.randn(9, 5))) > 0


@pytest.mark.parametrize("body", ["dense", "conv"])
def test_with_beta_1_and_cross_entropy_the_loss_is_the_negative_evidence_lower_bound(design_of: Any, body: str) -> None:
    objective = objective_of(design_of("variational", body=body, latent_dim=3, beta=1), "bce")
    model, images = objective.model.train(), torch.rand(6, *SHAPE)
    torch.manual_seed(11)
    reconstruction, regulariser, step = objective(images, images)
    mean, log_var = model.posterior(images)
    torch.manual_seed(11)
    codes = mean + (0.5 * log_var).exp() * torch.randn(6, 3)
    assert torch.allclose(step.codes, codes)
    pixels = Bernoulli(probs=model.decode(codes).double(), validate_args=False)
    log_likelihood = pixels.log_prob(images.double()).flatten(1).sum(1)
    kl = kl_divergence(Normal(mean, (0.5 * log_var).exp()), Normal(0.0, 1.0)).sum(1)
    bound = float((log_likelihood - kl).mean().detach())
    assert float((reconstruction + regulariser).detach()) == pytest.approx(-bound, rel=1e-5)


def test_the_draws_spread_as_the_posterior_says(design_of: Any) -> None:
    model = build(design_of("variational", latent_dim=2), SHAPE, SHAPE).train()
    images = torch.rand(1, *SHAPE).expand(20_000, *SHAPE)
    with torch.no_grad():
        mean, log_var = model.posterior(images[:1])
        codes = model.step(images).codes
        deviation = (0.5 * log_var[0]).exp()
        assert ((codes.mean(0) - mean[0]).abs() < 4 * deviation / 20_000**0.5).all()
        assert ((codes.std(0) - deviation).abs() < 4 * deviation / 40_000**0.5).all()
        model.eval()
        assert torch.equal(model.step(images[:3]).codes, model.posterior(images[:3])[0])
        assert torch.equal(model.encode(images[:3]), model.posterior(images[:3])[0])


@pytest.mark.parametrize("beta", [0.0, 1.0, 4.0])
def test_beta_scales_the_kl_and_nothing_else(design_of: Any, beta: float) -> None:
    torch.manual_seed(5)
    objective = objective_of(design_of("variational", latent_dim=3, beta=beta), "bce")
    images = torch.rand(6, *SHAPE)
    torch.manual_seed(6)
    reconstruction, regulariser, step = objective(images, images)
    kl = float(gaussian_kl(*objective.model.posterior(images)).detach())
    assert float(regulariser.detach()) == pytest.approx(beta * kl, rel=1e-6)
    assert float(reconstruction.detach()) == pytest.approx(float(cross_entropy_loss(step.raw, images).detach()))


def test_with_squared_error_it_is_the_bound_of_gaussian_pixels_of_variance_one_half(design_of: Any) -> None:
    objective = objective_of(design_of("variational", latent_dim=3), "sse")
    images = torch.rand(6, *SHAPE)
    reconstruction, regulariser, step = objective(images, images)
    pixels = Normal(objective.model.activate(step.raw), 0.5**0.5)
    bound = pixels.log_prob(images).flatten(1).sum(1).mean() - regulariser
    constant = 0.5 * 64 * np.log(np.pi)
    assert float((reconstruction + regulariser).detach()) == pytest.approx(float(-bound.detach()) - constant, rel=1e-4)


def test_a_wide_posterior_is_held_in_bounds(design_of: Any) -> None:
    model = build(design_of("variational", latent_dim=3), SHAPE, SHAPE)
    with torch.no_grad():
        for bias in (1e3, -1e3):
            model.encoder[-1].bias.fill_(bias)
            log_var = model.posterior(torch.rand(4, *SHAPE))[1]
            assert torch.equal(log_var, torch.full((4, 3), float(np.sign(bias) * LOG_VAR_BOUND)))


@pytest.mark.parametrize("loss", ["sse", "bce"])
@pytest.mark.parametrize("model", ["dense", "conv", "variational"])
def test_the_loss_can_be_recomputed_from_the_exported_graphs(design_of: Any, model: str, loss: str) -> None:
    import onnxruntime

    from ae_models.training.export import export

    objective = objective_of(design_of(model, latent_dim=3), loss)
    graphs = [onnxruntime.InferenceSession(graph) for graph in export(objective.model)]
    images = np.random.default_rng(0).random((6, *SHAPE), dtype=np.float32)
    mean, *log_var = graphs[0].run(None, {"image": images})
    drawn = graphs[1].run(None, {"code": mean})[0].astype(np.float64)
    if loss == "sse":
        by_hand = ((images - drawn) ** 2).sum() / 6
    else:
        by_hand = -(images * np.log(drawn) + (1 - images) * np.log(1 - drawn)).sum() / 6
    kl = sum(0.5 * (mean**2 + np.exp(value) - value - 1).sum() / 6 for value in log_var)
    with torch.no_grad():
        reconstruction, regulariser, _ = objective(torch.from_numpy(images), torch.from_numpy(images))
    assert float(reconstruction) == pytest.approx(by_hand, rel=1e-5)
    assert float(regulariser) == pytest.approx(kl, rel=1e-5)
