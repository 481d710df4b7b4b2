"""Each metric: a perfect case, a shuffled one, a change it must not see and one it must see."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest

from ae_models.base import ImageDataset
from ae_models.metrics import METRICS, Material, measure, metric
from tests.metrics.made import images_of, material_of

Change = Callable[[Material], Material]


@pytest.fixture(scope="module")
def perfect(sheet: ImageDataset, flat_map: Any) -> Material:
    """The sheet with its own two numbers, its own pictures, PCA's own directions, and strangers far away."""
    flat = sheet.images().reshape(len(sheet), -1).astype(np.float64)
    directions = np.linalg.svd(flat - flat.mean(axis=0), full_matrices=False)[2][:2]
    more = {"directions": directions, "pca_directions": directions[::-1], "other_errors": np.full(50, 9.0, np.float32)}
    return material_of(sheet, flat_map, sheet.images(), **more)


@pytest.fixture(scope="module")
def usual(sheet: ImageDataset) -> Material:
    """The sheet with a bent and noisy map, blurred pictures, and strangers that are hard to tell."""
    generator = np.random.default_rng(8)
    place = sheet.pixels[:, 0, [0, 8], 0] / 100
    bent = np.stack([place[:, 0] ** 2, np.sin(3 * place[:, 1])], axis=1) + generator.normal(0, 0.05, (len(sheet), 2))
    drawn = (sheet.images() + generator.normal(0, 0.1, (400, 1, 16, 16))).astype(np.float32)
    turned = np.eye(256)[:2] + generator.normal(0, 0.05, (2, 256))
    more = {
        "other_errors": generator.normal(2.8, 0.3, 60).astype(np.float32),
        "directions": turned,
        "pca_directions": np.eye(256)[:2],
    }
    return material_of(sheet, bent, drawn, **more)


NOT_THE_END = {"knn_1": 0.9, "knn_5": 0.9, "linear_probe": 0.9, "silhouette": 0.3}  # touching classes


@pytest.mark.parametrize("name", METRICS)
def test_a_perfect_map_has_the_best_value(name: str, perfect: Material) -> None:
    entry, value = metric(name), measure(name, perfect)
    best = entry.high if entry.direction == "higher" else entry.low
    if best is None:
        assert "no error" in value.why
    elif name in NOT_THE_END:
        assert value.value is not None
        assert NOT_THE_END[name] < value.value <= 1
    else:
        assert value.value == pytest.approx(best, abs=1e-6)


CHANCE = {
    "trustworthiness": 0.5, "continuity": 0.5, "neighbour_recall": 5 / 399, "r_nx": 0.0, "r_nx_auc": 0.0,
    "spearman": 0.0, "triplets": 0.5, "knn_1": 0.25, "knn_5": 0.25, "linear_probe": 0.25, "silhouette": -0.03,
    "explained_variance": 2 / 399,
}  # fmt: skip


@pytest.mark.parametrize("name", METRICS)
def test_a_shuffled_map_is_at_its_chance_level_and_a_good_one_is_not(name: str, usual: Material) -> None:
    value = measure(name, usual)
    assert value.value is not None
    assert value.chance is not None
    if name in CHANCE:
        assert value.chance == pytest.approx(CHANCE[name], abs=0.07)
    better = 1 if metric(name).direction == "higher" else -1
    assert better * value.value > better * value.chance


@pytest.mark.parametrize("name", METRICS)
def test_a_value_keeps_what_its_metric_promises(name: str, usual: Material) -> None:
    entry, value = metric(name), measure(name, usual)
    assert value.value is not None
    assert entry.low is None or value.value >= entry.low
    assert entry.high is None or value.value <= entry.high
    assert (value.per_point is not None) == entry.per_point
    assert value.n > 0
    if value.per_point is not None:
        assert value.per_point.shape == (400,)
        assert value.per_point.dtype == np.float32
        assert len(value.by_class) == 10
        assert None not in value.by_class[:4]
    if value.interval is not None:
        assert value.interval[0] <= value.value <= value.interval[1]
        assert value.interval_how.startswith("95 %")
    if value.of != "images":
        assert str(f"{value.n:,}") in value.note or name == "principal_angle"


@pytest.mark.parametrize("name", METRICS)
def test_the_same_seed_gives_the_same_value_and_asking_changes_nothing(name: str, usual: Material) -> None:
    before = usual.points.copy(), usual.images.pixels.copy()
    one, again = measure(name, usual), measure(name, usual)
    assert (one.value, one.chance, one.interval) == (again.value, again.chance, again.interval)
    assert np.array_equal(before[0], usual.points)
    assert np.array_equal(before[1], usual.images.pixels)


def of_points(change: Callable[[Any], Any]) -> Change:
    return lambda given: material_of(given.images, change(given.points), given.reconstructions)


def of_drawn(change: Callable[[Any], Any]) -> Change:
    return lambda given: replace(given, reconstructions=np.asarray(change(given.reconstructions), np.float32))


def mirrored(given: Material) -> Material:
    """The same pictures and drawings turned upside down."""
    images = ImageDataset(
        "made", given.images.pixels[:, :, ::-1], given.images.labels, given.images.ids, given.images.class_names
    )
    assert given.reconstructions is not None
    return replace(given, images=images, reconstructions=given.reconstructions[:, :, ::-1])


def moved_pixels(given: Material) -> Material:
    """The same pictures and drawings with their pixels in another order."""
    order = np.random.default_rng(0).permutation(256)
    assert given.reconstructions is not None
    mixed = [
        array.reshape(400, -1)[:, order].reshape(400, 1, 16, 16)
        for array in (given.images.pixels, given.reconstructions)
    ]
    images = ImageDataset("made", mixed[0], given.images.labels, given.images.ids, given.images.class_names)
    return replace(given, images=images, reconstructions=mixed[1])


turn = np.array([[0.6, -0.8], [0.8, 0.6]], np.float32)
turned = of_points(lambda points: 8 * points @ turn + 3)
squashed = of_points(lambda points: points * np.array([1, 0.01], np.float32))
mixed = of_points(lambda points: points @ np.array([[2, 1], [0.5, 3]], np.float32) + 7)
bent = of_points(lambda points: points**2)
brighter = of_drawn(lambda drawn: drawn + 0.2)
other_class_names = np.array([3, 1, 0, 2])


def renamed(given: Material) -> Material:
    assert given.images.labels is not None
    labels = other_class_names[given.images.labels].astype(np.int32)
    images = ImageDataset("made", given.images.pixels, labels, given.images.ids, given.images.class_names)
    return replace(given, images=images)


def stretched_directions(given: Material) -> Material:
    assert given.directions is not None
    return replace(given, directions=np.array([[2, 1], [0, -3]]) @ given.directions)


def turned_directions(given: Material) -> Material:
    assert given.directions is not None
    return replace(given, directions=np.roll(given.directions, 1, axis=1))


def larger_errors(factor: float) -> Change:
    def change(given: Material) -> Material:
        assert given.other_errors is not None
        assert given.reconstructions is not None
        drawn = given.images.images() + (given.reconstructions - given.images.images()) * np.float32(factor)
        return replace(given, reconstructions=drawn, other_errors=given.other_errors * np.float32(factor**2))

    return change


def nearer_strangers(given: Material) -> Material:
    assert given.other_errors is not None
    return replace(given, other_errors=given.other_errors - 0.2)


@dataclass(frozen=True)
class Symmetry:
    """A change that a metric must not see, and one that it must."""

    unseen: Change
    seen: Change


SYMMETRIES = {
    **dict.fromkeys(("sse", "mse", "psnr", "r_squared"), Symmetry(moved_pixels, brighter)),
    "ssim": Symmetry(mirrored, moved_pixels),
    **dict.fromkeys(
        ("trustworthiness", "continuity", "neighbour_recall", "r_nx", "r_nx_auc", "triplets", "spearman"),
        Symmetry(turned, squashed),
    ),
    "q_local": Symmetry(turned, of_points(lambda points: points[::-1])),
    "stress": Symmetry(turned, bent),
    "knn_1": Symmetry(turned, squashed),
    "knn_5": Symmetry(turned, squashed),
    "linear_probe": Symmetry(of_points(lambda points: points * np.array([1, 0.01], np.float32)), bent),
    "silhouette": Symmetry(renamed, squashed),
    "anomaly_auc": Symmetry(larger_errors(1.5), nearer_strangers),
    "explained_variance": Symmetry(mixed, bent),
    "principal_angle": Symmetry(stretched_directions, turned_directions),
}


@pytest.mark.parametrize("name", SYMMETRIES)
def test_what_a_metric_must_not_see_and_what_it_must(name: str, usual: Material) -> None:
    value = measure(name, usual).value
    symmetry = SYMMETRIES[name]
    unseen, seen = measure(name, symmetry.unseen(usual)).value, measure(name, symmetry.seen(usual)).value
    assert unseen == pytest.approx(value, abs=2e-4)
    assert seen is not None
    assert value is not None
    assert abs(seen - value) > 2e-3


def test_rank_correlation_does_not_see_distances_bent_and_stress_does() -> None:
    marks = np.array([0, 1, 4, 9, 15, 22, 32, 34])  # a Golomb ruler: no two distances are the same
    images, steps = images_of(marks), np.diff(marks, prepend=0)
    staircase = np.tril(np.ones((8, 8))) * np.sqrt(steps)  # each step in a direction of its own: distances are roots
    assert measure("spearman", material_of(images, marks, k=1)).value == pytest.approx(1)
    assert measure("stress", material_of(images, marks, k=1)).value == pytest.approx(0, abs=1e-6)
    assert measure("spearman", material_of(images, staircase, k=1)).value == pytest.approx(1)
    bent = measure("stress", material_of(images, staircase, k=1)).value
    assert bent is not None
    assert bent > 0.1


def test_raw_stress_would_reward_a_small_map_and_this_does_not(usual: Material) -> None:
    small = of_points(lambda points: points / 1000)(usual)
    assert measure("stress", small).value == pytest.approx(measure("stress", usual).value, abs=1e-6)
