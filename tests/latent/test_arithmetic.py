"""A - B + C, and whether a direction means anything."""

import numpy as np
import pytest

from ae_models.base import UserError
from ae_models.latent import direction_score, edited


def test_a_minus_a_plus_c_is_c():
    a, c = np.random.default_rng(0).normal(size=(2, 9)).astype("f")
    assert (edited(a, a, c) == c).all()
    assert (edited(a, c, c, strength=0) == c).all()
    assert np.allclose(edited(a, c, c), a, atol=1e-6)


def test_strength_is_a_straight_line():
    a, b, c = np.random.default_rng(1).normal(size=(3, 9)).astype("f")
    there, back = edited(a, b, c, 1.5), edited(a, b, c, -1.5)
    assert np.allclose((there + back) / 2, c, atol=1e-6)


def test_a_true_direction_beats_chance_and_a_random_one_does_not():
    generator = np.random.default_rng(2)
    base = generator.normal(size=(400, 12)).astype("f")
    step = np.zeros(12, "f")
    step[3] = 8
    b, a = base[:200], base[200:] + step
    everyone = np.concatenate([a, b])
    true = direction_score(a.mean(0) - b.mean(0), a, b, everyone, seed=0)
    assert true.score > 0.7
    assert true.beaten > 0.95
    assert abs(true.chance) < 0.2
    wrong = direction_score(np.eye(12, dtype="f")[5], a, b, everyone, seed=0)
    assert abs(wrong.score) < 0.2
    assert wrong.beaten < 0.9
    turned = direction_score(b.mean(0) - a.mean(0), a, b, everyone, seed=0)
    assert turned.score == pytest.approx(-true.score, abs=1e-6)


def test_no_direction_is_refused():
    codes = np.eye(3, dtype="f")
    with pytest.raises(UserError, match="no direction"):
        direction_score(np.zeros(3, "f"), codes, codes, codes, 0)
    with pytest.raises(UserError, match="two images: got 3, 3 and 1"):
        direction_score(codes[0], codes, codes, codes[:1], 0)
