"""How much a decoder stretches."""

import numpy as np
import pytest

from ae_models import recipes
from ae_models.base import UserError
from ae_models.latent import code_bounds, even_axis, manifold_grid, round_trips, stretch, stretch_map
from ae_models.runs import Graphs


def test_a_linear_decoder_s_is_constant_and_the_closed_form():
    weights = np.random.default_rng(0).normal(size=(3, 40)).astype("f")
    codes = np.random.default_rng(1).normal(size=(20, 3)).astype("f")
    found = stretch(lambda z: (z @ weights)[:, None, None], codes, (0, 1, 2), (0.05, 0.05, 0.05))
    closed = 0.5 * np.linalg.slogdet(weights.astype(np.float64) @ weights.T)[1]
    assert np.allclose(found.log, closed, atol=1e-3)
    assert (np.abs(found.log - closed) <= 10 * found.error + 1e-4).all()


def test_pca_is_flat_and_one():
    store, record = recipes.find_run("mnist-pca-2d")
    axis = even_axis(-5, 5, 8)
    nodes = manifold_grid(np.zeros(2, "f"), (0, 1), axis, axis)
    decode = Graphs(store, record).decode
    found = stretch_map(decode, nodes, (0, 1), (0.05, 0.05))
    assert np.allclose(found.log, 0, atol=1e-4)  # its components are orthonormal
    assert found.error < 1e-4


def test_a_bent_decoder_by_hand_and_the_error_says_how_far_off():
    decode = lambda z: np.stack([np.exp(z[:, 0]), z[:, 1]], 1)[:, None, None]  # noqa: E731 - stretch is exp(z1)
    codes = np.random.default_rng(2).uniform(-2, 2, (50, 2)).astype("f")
    found = stretch(decode, codes, (0, 1), (0.1, 0.1))
    off = np.abs(found.log - codes[:, 0])
    assert (off < 0.003).all()
    assert off.max() == pytest.approx(found.error.max() / 3, rel=0.2)


def test_map_and_points_agree_within_the_stated_error():
    store, record = recipes.find_run("mnist-dense-2d")
    graphs = Graphs(store, record)
    codes = recipes.stored_codes(store, record)
    x, y = code_bounds(codes)
    across, up = even_axis(x.low, x.high, 40), even_axis(y.low, y.high, 40)
    nodes = manifold_grid(codes[0], (0, 1), across, up)
    steps = ((x.high - x.low) / 500, (y.high - y.low) / 500)
    lattice = stretch_map(graphs.decode, nodes, (0, 1), steps)
    points = stretch(graphs.decode, nodes, (0, 1), steps)
    assert lattice.log == pytest.approx(points.log, abs=1e-5)
    assert (lattice.log == stretch_map(graphs.decode, nodes, (0, 1), steps, threads=3).log).all()
    assert np.mean(points.error <= lattice.error) == pytest.approx(0.95, abs=0.03)
    finer = stretch(graphs.decode, nodes, (0, 1), tuple(step / 4 for step in steps))
    assert np.mean(np.abs(finer.log - lattice.log) <= lattice.error) > 0.9


def test_a_flat_spot_is_minus_infinity():
    found = stretch(lambda z: np.zeros((len(z), 1, 1, 4), "f"), np.zeros((2, 2), "f"), (0, 1), (0.1, 0.1))
    assert (found.log == -np.inf).all()
    assert (found.error == np.inf).all()


@pytest.mark.parametrize("steps", [(0.1,), (0.1, 0), (0.1, -1)])
def test_steps_that_are_none_are_refused(steps):
    with pytest.raises(UserError, match="one step above 0"):
        stretch(lambda z: z, np.zeros((1, 2), "f"), (0, 1), steps)


def test_round_trips_are_zero_for_pca_and_not_for_a_net():
    for run_id, still in (("mnist-pca-2d", True), ("mnist-dense-2d", False)):
        store, record = recipes.find_run(run_id)
        graphs = Graphs(store, record)
        codes = recipes.stored_codes(store, record)[:50]
        arrows = round_trips(graphs, graphs, codes) - codes
        assert bool(np.abs(arrows).max() < 1e-4 * np.abs(codes).max()) is still
