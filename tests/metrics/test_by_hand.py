"""Every metric worked by hand on five points (the reconstruction ones on a few pixels)."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import numpy as np
import pytest

from ae_models.metrics import measure
from ae_models.metrics.halves import halves
from ae_models.metrics.principal_angles import principal_angles
from tests.metrics.made import images_of, material_of

# Five images of one pixel; on the map the first and the last have changed places.
PIXELS = [0, 1, 3, 7, 15]
PLACES = [15, 1, 3, 7, 0]
FIVE = material_of(images_of(PIXELS), PLACES, k=1)

# Nearest in the images:  0: 1 2 3 4    1: 0 2 3 4    2: 1 0 3 4    3: 2 1 0 4    4: 3 2 1 0
# Nearest on the map:     0: 3 2 1 4    1: 4 2 3 0    2: 1 4 3 0    3: 2 1 4 0    4: 1 2 3 0


@pytest.mark.parametrize(
    ("name", "value"),
    [
        # Intruders: 3 beside 0 (rank 3), 4 beside 1 (rank 4), 1 beside 4 (rank 3): 2 + 3 + 2 = 7 of at most 15.
        ("trustworthiness", 1 - 7 / 15),
        # Lost: 1 of 0 (third on the map), 0 of 1 (fourth), 3 of 4 (third): 2 + 3 + 2 = 7.
        ("continuity", 1 - 7 / 15),
        ("neighbour_recall", 2 / 5),  # 2 keeps 1, and 3 keeps 2
        ("r_nx", (4 * 2 / 5 - 1) / 3),
        # Pairs by the larger of their ranks: 2, 4, 6, 8. Q_NX = .4, .6, .8, 1; R_NX = .2, .2, .2.
        ("r_nx_auc", 0.2),
        ("q_local", 0.4),  # Q_NX - K / 4 is .15, .1, .05, 0: largest for K = 1
        # Ranks of the ten distances differ by 8, 5, 1, 1, 5, 8: 1 - 6 * 180 / (10 * 99).
        ("spearman", 1 - 6 * 180 / 990),
        # Sum of products 493, both sums of squares 744.
        ("stress", (1 - (493 / 744) ** 2) ** 0.5),
    ],
)
def test_five_points_on_a_line(name: str, value: float) -> None:
    assert measure(name, FIVE).value == pytest.approx(value, abs=1e-12)


def test_the_co_ranking_curve() -> None:
    curve = measure("r_nx_auc", FIVE).curve
    assert curve["k"].tolist() == [1, 2, 3]
    assert curve["q_nx"] == pytest.approx([0.4, 0.6, 0.8])
    assert curve["r_nx"] == pytest.approx([0.2, 0.2, 0.2])


def test_single_points() -> None:
    found = measure("trustworthiness", FIVE).per_point
    assert found == pytest.approx([1 - 2 / 3, 1 - 3 / 3, 1, 1, 1 - 2 / 3])


def test_triplets_are_a_sample_of_all_sixty() -> None:
    def nearer(where: list[int], a: int, b: int, c: int) -> int:
        return int(np.sign(abs(where[a] - where[b]) - abs(where[a] - where[c])))

    every = [(nearer(PIXELS, *three), nearer(PLACES, *three)) for three in permutations(range(5), 3)]
    scores = [1.0 if real == seen else 0.5 if real * seen == 0 else 0.0 for real, seen in every]
    value = measure("triplets", FIVE)
    assert value.n == 100_000
    assert value.value == pytest.approx(np.mean(scores), abs=0.01)
    assert value.per_point == pytest.approx(np.mean(np.reshape(scores, (5, 12)), axis=1), abs=0.02)


def test_errors_of_five_pictures_of_two_pixels() -> None:
    images = images_of(np.zeros((5, 1, 2)), [0, 0, 1, 1, 1])
    drawn = np.zeros((5, 1, 1, 2), np.float32)
    drawn[:, 0, 0, 0] = [0.1, 0.2, 0.3, 0.4, 0.5]
    material = material_of(images, range(5), drawn)
    sse = measure("sse", material)
    assert sse.value == pytest.approx((0.01 + 0.04 + 0.09 + 0.16 + 0.25) / 5)
    assert sse.per_point == pytest.approx([0.01, 0.04, 0.09, 0.16, 0.25])
    assert sse.by_class[:2] == pytest.approx((0.025, 0.5 / 3))
    assert sse.by_class[2:] == (None,) * 8
    assert measure("mse", material).value == pytest.approx(0.055)
    assert measure("psnr", material).value == pytest.approx(-10 * np.log10(0.055))
    assert measure("psnr", material).per_point == pytest.approx(-10 * np.log10(np.array([1, 4, 9, 16, 25]) / 200))


def test_structural_similarity_of_plain_grey() -> None:
    images = images_of(np.full((5, 8, 8), 128))
    material = material_of(images, range(5), np.full((5, 1, 8, 8), 0.7, np.float32))
    grey = 128 / 255  # no variance: only the brightness term stays
    wanted = (2 * grey * 0.7 + 1e-4) / (grey**2 + 0.49 + 1e-4)
    assert measure("ssim", material).value == pytest.approx(wanted, abs=1e-5)


def test_variance_drawn() -> None:
    drawn = (np.array(PIXELS, np.float32) + 1).reshape(5, 1, 1, 1) / 255
    # Squared errors 5 of 1; squared distances to the mean 5.2: 148.8.
    assert measure("r_squared", material_of(images_of(PIXELS), PIXELS, drawn)).value == pytest.approx(1 - 5 / 148.8)


def test_islands_of_two_and_three() -> None:
    material = material_of(images_of(PIXELS, [0, 0, 1, 1, 1]), [0, 1, 10, 11, 12])
    wanted = [(11 - 1) / 11, (10 - 1) / 10, (9.5 - 1.5) / 9.5, (10.5 - 1) / 10.5, (11.5 - 1.5) / 11.5]
    value = measure("silhouette", material)
    assert value.per_point == pytest.approx(wanted)
    assert value.value == pytest.approx(np.mean(wanted))


@pytest.mark.parametrize("seed", range(4))
def test_the_nearest_of_the_other_half(seed: int) -> None:
    labels, places = np.array([0, 1, 0, 1, 1], np.int32), [0.0, 1.0, 2.5, 4.5, 7.5]
    fit, score = halves(labels, seed)
    assert sorted([*fit, *score]) == list(range(5))
    right: Any = [labels[min(fit, key=lambda j: abs(places[j] - places[i]))] == labels[i] for i in score]
    value = measure("knn_1", material_of(images_of(PIXELS, labels), places, seed=seed))
    assert value.value == pytest.approx(np.mean(right))
    assert value.n == len(score) == 2
    assert value.per_point is not None
    assert np.isnan(value.per_point[fit]).all()


def test_one_stranger_is_easily_told_and_one_is_not() -> None:
    drawn = np.sqrt(np.array([1, 2, 3, 4, 5], np.float32) / 10).reshape(5, 1, 1, 1)
    material = material_of(images_of([0] * 5), range(5), drawn, other_errors=np.array([0.3, 0.6], np.float32))
    value = measure("anomaly_auc", material)
    assert value.per_point == pytest.approx([1, 1, 0.75, 0.5, 0.5])  # 3 against 3 is a tie
    assert value.value == pytest.approx(0.75)


def test_one_pixel_of_two_is_told() -> None:
    first, second = [0, 1, 2, 3, 4], [2, 0, 0, 0, 2]  # uncorrelated: squared distances to the mean 10 and 4.8
    material = material_of(images_of(np.stack([first, second], axis=1)[:, None]), first)
    assert measure("explained_variance", material).value == pytest.approx(10 / 14.8)


def test_a_plane_turned_by_thirty_degrees() -> None:
    half = 0.5
    mine = np.array([[1, 0, 0, 0, 0], [0, half * 3**0.5, half, 0, 0]])
    pca = np.array([[1, 0, 0, 0, 0], [0, 1, 0, 0, 0]])
    assert principal_angles(mine, pca) == pytest.approx([0, 30])
    material = material_of(images_of(np.eye(5)[:, None]), range(5), directions=mine, pca_directions=pca)
    assert measure("principal_angle", material).value == pytest.approx(30)


def test_straight_cuts_tell_two_groups_apart() -> None:
    labels = np.array([0, 0, 1, 1, 1], np.int32)
    assert measure("linear_probe", material_of(images_of(PIXELS, labels), [0, 1, 10, 11, 12])).value == 1.0
