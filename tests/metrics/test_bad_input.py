"""Bad input: one line from each metric that has no value, and a value from each that has."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from ae_models.base import ImageDataset
from ae_models.metrics import METRICS, Material, measure, metric
from tests.metrics.made import images_of, material_of

NEIGHBOURS = {name for name in METRICS if "ranks" in metric(name).needs}
OF_POINTS = {name for name in METRICS if {"points", "ranks"} & set(metric(name).needs)}
OF_PICTURES = {name for name in METRICS if "reconstructions" in metric(name).needs}
OF_LABELS = {name for name in METRICS if "labels" in metric(name).needs}


def everything(n: int = 60, d: int = 2, labels: Any = 3) -> Material:
    generator = np.random.default_rng(n)
    images = images_of(generator.integers(0, 256, (n, 8, 8)), None if labels is None else np.arange(n) % labels)
    drawn = generator.random((n, 1, 8, 8)).astype(np.float32)
    more = {"directions": generator.normal(size=(d, 64)), "pca_directions": np.eye(64)[:d]}
    strangers = generator.random(30).astype(np.float32)
    return material_of(images, generator.normal(size=(n, d)), drawn, other_errors=strangers, **more)


def without(material: Material) -> set[str]:
    """The metrics that have no value; each says why in one line, and none has anything else."""
    found = set()
    for name in METRICS:
        value = measure(name, material)
        if value.value is None:
            assert value.why
            assert "\n" not in value.why
            assert "Traceback" not in value.why
            assert value.per_point is None
            found.add(name)
        else:
            assert value.why == ""
            assert np.isfinite(value.value)
    return found


def test_nothing_is_missing_where_nothing_is_wrong() -> None:
    assert without(everything()) == set()


def test_fewer_images_than_twice_k() -> None:
    assert without(everything(n=10)) == NEIGHBOURS
    assert measure("trustworthiness", everything(n=10)).why == "k = 5 neighbours need more than 10 images: got 10"


def test_very_few_images() -> None:
    assert NEIGHBOURS | {"knn_5"} <= without(everything(n=4))
    assert without(everything(n=1)) == set(METRICS)
    assert without(everything(n=2)) >= NEIGHBOURS | {"spearman", "stress", "triplets"}


def test_points_that_all_coincide() -> None:
    given = everything()
    constant = replace(given, points=np.ones_like(given.points))
    assert without(constant) == OF_POINTS
    assert measure("stress", constant).why == "all points of the map coincide"


def test_some_points_that_coincide_are_no_reason_to_give_up() -> None:
    given = everything()
    points = np.repeat(given.points[:6], 10, axis=0)
    assert without(material_of(given.images, points, given.reconstructions)) == {"anomaly_auc", "principal_angle"}


def test_images_that_are_all_the_same() -> None:
    given = everything()
    same = images_of(np.full((60, 8, 8), 7), given.labels)
    found = without(material_of(same, given.points, given.reconstructions))
    assert {"spearman", "stress", "r_squared", "explained_variance"} <= found
    assert not found & {"sse", "silhouette", "knn_1"}


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_points_that_are_no_numbers(bad: float) -> None:
    given = everything()
    points = given.points.copy()
    points[[3, 8], 1] = bad
    assert without(replace(given, points=points)) == OF_POINTS
    assert measure("knn_1", replace(given, points=points)).why == "2 of the 60 points are not finite numbers"


def test_pictures_that_are_no_numbers() -> None:
    given = everything()
    assert given.reconstructions is not None
    drawn = given.reconstructions.copy()
    drawn[5, 0, 0, 0] = np.nan
    assert without(replace(given, reconstructions=drawn)) == OF_PICTURES
    assert "1 of the 60 drawn pictures" in measure("sse", replace(given, reconstructions=drawn)).why


def test_pictures_of_another_shape() -> None:
    given = replace(everything(), reconstructions=np.zeros((60, 1, 4, 4), np.float32))
    assert without(given) == OF_PICTURES
    assert "(60, 1, 4, 4)" in measure("mse", given).why


def test_huge_numbers() -> None:
    given = everything()
    assert given.reconstructions is not None
    huge = np.float32(1e30)
    assert without(replace(given, reconstructions=given.reconstructions * huge)) == OF_PICTURES
    assert without(replace(given, points=given.points * huge)) == OF_POINTS
    assert "too large" in measure("sse", replace(given, reconstructions=given.reconstructions * huge)).why


def test_one_class_only() -> None:
    assert without(everything(labels=1)) == OF_LABELS
    assert "one class" in measure("silhouette", everything(labels=1)).why


def test_every_image_a_class() -> None:
    given = everything(n=10, labels=10)
    assert "island" in measure("silhouette", given).why
    assert "classes" in measure("knn_1", given).why or measure("knn_1", given).value is not None


def test_no_labels() -> None:
    assert without(everything(labels=None)) == OF_LABELS
    assert measure("knn_1", everything(labels=None)).why == "the images have no labels"


def test_a_code_of_one_number_is_measured() -> None:
    assert without(everything(d=1)) == set()


def test_a_code_of_more_numbers_than_pixels_and_images() -> None:
    given = everything(d=70)
    assert without(given) == {"explained_variance", "principal_angle"}
    assert "spans all of the 64 pixels" in measure("principal_angle", given).why
    assert "fits any 60 images" in measure("explained_variance", given).why


def test_a_method_that_draws_nothing_says_its_own_reason() -> None:
    given = replace(everything(), reconstructions=None, why_not={"reconstructions": "UMAP cannot draw"})
    assert without(given) == OF_PICTURES
    assert measure("ssim", given).why == "UMAP cannot draw"


def test_missing_parts_have_a_reason_each() -> None:
    images = images_of(np.random.default_rng(0).integers(0, 256, (30, 5, 5)))
    bare = Material(images, np.random.default_rng(1).normal(size=(30, 2)).astype(np.float32))
    assert without(bare) == set(METRICS) - {"spearman", "stress", "triplets", "explained_variance"}


def test_pictures_smaller_than_the_window() -> None:
    images = images_of(np.random.default_rng(0).integers(0, 256, (30, 5, 5)))
    assert "7 x 7" in measure("ssim", material_of(images, range(30), images.images())).why


def test_points_of_other_images() -> None:
    given = everything()
    assert without(replace(given, points=given.points[:50])) == set(METRICS)


def test_an_empty_set_of_images() -> None:
    empty = ImageDataset("made", np.zeros((0, 1, 8, 8), np.uint8), None, np.zeros(0, np.int32), ())
    assert without(Material(empty, np.zeros((0, 2), np.float32))) == set(METRICS)


def test_a_decoder_whose_directions_are_not_independent() -> None:
    given = everything()
    assert given.directions is not None
    flat = replace(given, directions=np.stack([given.directions[0], 2 * given.directions[0]]))
    assert "span only 1" in measure("principal_angle", flat).why
