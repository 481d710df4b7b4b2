"""On the data, in a gap, off the data: thresholds from distances between codes."""

import numpy as np
import pytest

from ae_models.base.neighbors import nearest_rows
from ae_models.latent import Support, is_unlike, neighbour_distances, support


def test_a_distance_is_that_to_the_kth_other_code():
    codes = np.random.default_rng(0).normal(size=(700, 3)).astype(np.float32)
    found = neighbour_distances(codes, 5)
    for row in (0, 1, 350, 699):
        _, distances = nearest_rows(codes[row], codes, 6)  # itself, then five others
        assert found[row] == pytest.approx(distances[5], rel=1e-5)


def test_twins_are_each_others_neighbour():
    codes = np.array([[0, 0], [0, 0], [3, 4]], np.float32)
    assert neighbour_distances(codes, 1).tolist() == [0, 0, 5]


def test_most_codes_are_on_their_own_data():
    codes = np.random.default_rng(1).normal(size=(3000, 2)).astype(np.float32)
    limits = support(codes)
    verdicts = [limits.verdict(d) for d in neighbour_distances(codes)]
    assert verdicts.count("on") / 3000 == pytest.approx(0.95, abs=0.02)
    assert verdicts.count("off") / 3000 == pytest.approx(0.005, abs=0.005)


def test_the_middle_of_a_ring_is_not_on_the_data():
    angle = np.random.default_rng(2).uniform(0, 2 * np.pi, 2000)
    ring = np.stack([np.cos(angle), np.sin(angle)], axis=1).astype(np.float32)
    limits = support(ring)
    to_middle = nearest_rows(np.zeros(2, np.float32), ring, limits.k)[1][-1]
    assert limits.verdict(float(to_middle)) == "off"


def test_moving_and_stretching_the_space_changes_nothing_but_the_unit():
    codes = np.random.default_rng(3).normal(size=(500, 4)).astype(np.float32)
    plain, other = support(codes), support(codes * 8 + 5)
    assert (other.near, other.far) == pytest.approx((8 * plain.near, 8 * plain.far), rel=1e-3)


def test_one_code_sets_no_threshold():
    assert support(np.zeros((1, 2), np.float32)) == Support(5, float("inf"), float("inf"))


def test_a_real_code_is_on_the_data_however_alone_it_lies():
    codes = np.concatenate([np.random.default_rng(4).normal(size=(500, 2)), [[50, 50]]]).astype(np.float32)
    limits = support(codes)
    alone = float(neighbour_distances(codes, limits.k)[-1])
    assert limits.verdict(alone) == "off"
    assert limits.verdict(alone, nearest=0.0) == "on"


def test_an_image_is_like_the_data_only_by_both_its_code_and_its_error():
    found = {(verdict, worse): is_unlike(verdict, worse) for verdict in ("on", "gap", "off") for worse in (0.5, 0.99)}
    assert [case for case, unlike in found.items() if not unlike] == [("on", 0.5)]
    assert not is_unlike("on", None)
    assert is_unlike("off", None)
