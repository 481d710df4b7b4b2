"""New codes, and codes written in a few bits."""

import numpy as np
import pytest

from ae_models.base import UserError
from ae_models.latent import code_bounds, fit_density, prior_samples, quantised


def test_a_density_gives_back_the_moments_it_was_fitted_to():
    generator = np.random.default_rng(0)
    codes = generator.multivariate_normal([1, -2], [[2, 1.2], [1.2, 1]], 5_000).astype("f")
    drawn, classes = fit_density(codes).samples(50_000, seed=1)
    assert np.allclose(drawn.mean(0), codes.mean(0), atol=0.05)
    assert np.allclose(np.cov(drawn.T), np.cov(codes.T), atol=0.08)
    assert (classes == 0).all()


def test_a_class_is_drawn_as_often_as_it_is_there_and_where_it_is():
    codes = np.concatenate([np.full((30, 1), -5), np.full((10, 1), 5)]).astype("f") + np.linspace(0, 0.1, 40)[:, None]
    density = fit_density(codes, [3] * 30 + [7] * 10)
    drawn, classes = density.samples(4_000, seed=0)
    assert np.mean(classes == 3) == pytest.approx(0.75, abs=0.03)
    assert ((drawn[:, 0] < 0) == (classes == 3)).all()
    only, _ = density.samples(20, seed=0, only=7)
    assert (only > 4).all()
    with pytest.raises(UserError, match=r"no class 5.*\[3, 7\]"):
        density.samples(1, seed=0, only=5)


def test_seeds_decide_and_dead_units_do_no_harm():
    codes = np.random.default_rng(0).normal(size=(100, 3)).astype("f")
    codes[:, 1] = 4
    density = fit_density(codes)
    assert (density.samples(5, seed=1)[0] == density.samples(5, seed=1)[0]).all()
    assert (density.samples(5, seed=1)[0] != density.samples(5, seed=2)[0]).any()
    assert np.allclose(density.samples(50, seed=1)[0][:, 1], 4, atol=0.02)
    assert (prior_samples(4, 2, 0) == prior_samples(4, 2, 0)).all()


def test_too_few_images_are_refused():
    with pytest.raises(UserError, match="two images of a class"):
        fit_density(np.zeros((2, 2), "f"), [0, 1])


def test_quantised_codes_are_within_half_a_step_and_idempotent():
    codes = np.random.default_rng(0).normal(size=(1_000, 5)).astype("f")
    bounds = code_bounds(codes)
    inside = np.clip(codes, [b.low for b in bounds], [b.high for b in bounds]).astype("f")
    worst = []
    for bits in (1, 3, 8):
        found = quantised(inside, bits, bounds)
        assert found.levels.max() == 2**bits - 1
        assert found.levels.min() == 0
        assert (np.abs(found.values - inside) <= found.steps / 2 + 1e-6).all()
        assert (quantised(found.values, bits, bounds).levels == found.levels).all()
        assert found.n_bytes == -(-5 * bits // 8)
        worst.append(np.abs(found.values - inside).max())
    assert worst[0] > worst[1] > worst[2]
    for bits in (0, 17):
        with pytest.raises(UserError, match=f"1 to 16: got {bits}"):
            quantised(codes, bits, bounds)
