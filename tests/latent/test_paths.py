"""Ways between two codes."""

import numpy as np
import pytest

from ae_models.base import UserError
from ae_models.latent import interpolate_linear, interpolate_spherical, why_no_arc

WAYS = [interpolate_linear, interpolate_spherical]


@pytest.fixture
def ends():
    return np.random.default_rng(3).normal(size=(2, 7)).astype("f")


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("n", [2, 3, 16, 32])
def test_ends_are_exact_and_reversing_reverses(way, n, ends):
    path = way(ends[0], ends[1], n)
    assert path.shape == (n, 7)
    assert (path[0] == ends[0]).all()
    assert (path[-1] == ends[1]).all()
    assert (way(ends[1], ends[0], n) == path[::-1]).all()


def test_the_line_has_equal_steps_and_the_arc_equal_angles(ends):
    steps = np.diff(interpolate_linear(*ends, 9), axis=0)
    assert np.allclose(steps, steps[0], atol=1e-6)
    unit = ends / np.linalg.norm(ends, axis=1, keepdims=True)
    arc = interpolate_spherical(*unit, 9).astype(np.float64)
    cosines = (arc[1:] * arc[:-1]).sum(1)
    assert np.allclose(cosines, cosines[0], atol=1e-6)


def test_the_arc_keeps_the_norm_where_both_ends_have_it_and_the_line_does_not(ends):
    same = 5 * ends / np.linalg.norm(ends, axis=1, keepdims=True)
    assert np.allclose(np.linalg.norm(interpolate_spherical(*same, 11), axis=1), 5, atol=1e-5)
    assert np.linalg.norm(interpolate_linear(*same, 11)[5]) < 4.9


def test_ends_in_one_direction_are_joined_by_the_line():
    a = np.array([1, 2, 3], "f")
    assert np.allclose(interpolate_spherical(a, 2 * a, 5), interpolate_linear(a, 2 * a, 5))
    assert (interpolate_spherical(a, a, 4) == a).all()


@pytest.mark.parametrize(
    ("a", "b", "words"), [([0, 0, 0], [1, 0, 0], "away from the origin"), ([1, 1, 1], [-1, -1, -1], "not opposite")]
)
def test_an_arc_that_is_none_is_refused(a, b, words):
    with pytest.raises(UserError, match=words):
        interpolate_spherical(np.array(a, "f"), np.array(b, "f"), 4)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("n", [1, 0, -1, 33])
def test_steps_out_of_bounds_are_refused(way, n, ends):
    with pytest.raises(UserError, match=f"from 2 to 32.*got {n}"):
        way(*ends, n)


def test_when_an_arc_means_something():
    assert why_no_arc(3, gaussian=True) == ""
    assert "three or more" in why_no_arc(2, gaussian=True)
    assert "Gaussian prior" in why_no_arc(30, gaussian=False)
