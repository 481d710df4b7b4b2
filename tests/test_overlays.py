"""What is laid over maps: PCA is the flat, faithful case."""

import numpy as np
import pytest

from ae_models import recipes
from ae_models.latent import code_bounds, distances_to, neighbour_distances, support
from ae_models.runs import Graphs


@pytest.fixture(scope="module", params=["mnist-dense-2d", "mnist-pca-2d"])
def space(request):
    store, record = recipes.find_run(request.param)
    codes = recipes.stored_codes(store, record)
    return request.param, Graphs(store, record), codes, code_bounds(codes)


def test_round_trips_are_points_for_pca_and_arrows_for_a_net(space):
    name, graphs, codes, bounds = space
    arrows = recipes.arrows_field(graphs, graphs, codes, bounds, (0, 1))
    assert arrows.shape == (recipes.ARROWS**2, 4)
    length = np.linalg.norm(arrows[:, 2:] - arrows[:, :2], axis=1)
    assert bool(length.max() < 1e-3) is (name == "mnist-pca-2d")
    low = bounds[0].low - 0.15 * (bounds[0].high - bounds[0].low)
    assert arrows[0, 0] == pytest.approx(low, rel=1e-5)


def test_stretch_is_nought_for_pca_and_states_its_error(space):
    name, graphs, codes, bounds = space
    found = recipes.stretch_field(graphs, codes, bounds, (0, 1))
    assert found.shape == (recipes.LINES**2 + 1,)
    if name == "mnist-pca-2d":
        assert np.abs(found).max() < 1e-3
    else:
        assert np.ptp(found[:-1]) > 2
        assert 0 < found[-1] < 0.1


def test_far_corners_are_off_the_data_and_most_images_on_it(space):
    _, _, codes, bounds = space
    limits = support(codes)
    field = recipes.off_field(codes, bounds, (0, 1), limits).reshape(recipes.LINES, recipes.LINES)
    assert field[0, -1] > 1
    assert (field <= 1).any()
    at = distances_to(codes[:500], codes, limits.k + 1)  # each is its own nearest
    assert np.allclose(at, neighbour_distances(codes, limits.k, np.arange(500)), atol=1e-3)
    assert np.mean(at <= limits.near) == pytest.approx(0.95, abs=0.03)


def test_a_place_s_distance_by_hand():
    codes = np.array([[0, 0], [3, 4], [6, 8]], "f")
    assert distances_to(np.array([[0, 0], [3, 4]], "f"), codes, 2).tolist() == pytest.approx([5, 5])
    assert distances_to(np.array([[0, 0]], "f"), codes, 9).tolist() == pytest.approx([10])
