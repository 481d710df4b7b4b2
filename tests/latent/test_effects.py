"""What one number of a code does."""

import numpy as np
import pytest

from ae_models import recipes
from ae_models.latent import code_bounds, dead_units, dim_weights, dims_that_matter, kl_per_dim, switch_off
from ae_models.runs import Graphs


def served(run_id):
    store, record = recipes.find_run(run_id)
    images = recipes.heldout_of(record)
    some = images.images(slice(0, 300))
    graphs = Graphs(store, record)
    return graphs, graphs.encode(some), some


def test_effects_add_up_for_pca_and_equal_each_component_s_variance():
    graphs, codes, images = served("mnist-pca-30d")
    found = switch_off(graphs.decode, codes, images)
    assert found.costs.sum() == pytest.approx(found.together, rel=1e-4)
    assert np.allclose(found.costs, codes.var(axis=0), rtol=1e-3)


def test_effects_do_not_add_up_for_a_net():
    graphs, codes, images = served("mnist-dense-2d")
    found = switch_off(graphs.decode, codes, images)
    assert abs(found.costs.sum() - found.together) > 0.02 * found.together
    assert found.together > 0


def test_a_unit_that_does_nothing_is_dead_and_comes_last():
    decode = lambda codes: (codes * np.array([2, 0, 1], "f"))[:, None, None]  # noqa: E731
    codes = np.random.default_rng(0).normal(size=(100, 3)).astype("f")
    bounds = code_bounds(codes)
    weights = dim_weights(decode, bounds)
    assert dead_units(weights) == (1,)
    assert dims_that_matter(decode, bounds) == (0, 2, 1)
    assert switch_off(decode, codes, decode(codes)).costs[1] == 0
    assert dead_units(np.ones(3, "f")) == ()


def test_divergence_is_what_sampling_says():
    mean, spread = np.array([[0.7]], "f"), np.array([[0.4]], "f")
    drawn = np.random.default_rng(0).normal(0.7, 0.4, 400_000)
    log_q = -0.5 * ((drawn - 0.7) / 0.4) ** 2 - np.log(0.4)
    by_hand = (log_q + 0.5 * drawn**2).mean()
    assert kl_per_dim(mean, spread)[0] == pytest.approx(by_hand, abs=0.005)
    assert kl_per_dim(np.zeros((5, 2), "f"), np.ones((5, 2), "f")).tolist() == [0, 0]
