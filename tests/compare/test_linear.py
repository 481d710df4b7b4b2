"""The story of a linear autoencoder: what a penalty does to its axes, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from ae_models import datasets
from ae_models.analysis.linear_course import SEEDS, STEPS, linear_path, penalties_for, principal, shipped_images
from ae_models.base import UserError
from ae_models.recipes.linear_courses import DATASETS, SIZES, courses

FREE, EQUAL, UNEQUAL = (0.0,), (0.1,), (0.05, 0.3)


@pytest.fixture(scope="module")
def known() -> Any:
    return principal(shipped_images("digits"))


@pytest.fixture(scope="module")
def five(known: Any) -> Any:
    """Five random starts under each of three penalties: ``{penalty: [story, ...]}``."""
    penalties = [penalty for penalty in (FREE, EQUAL, UNEQUAL) for _ in range(5)]
    stories = linear_path(known, 2, penalties=penalties, seeds=list(range(5)) * 3, steps=6000)
    return {penalty: [story for story in stories if story.penalty == penalty] for penalty in (FREE, EQUAL, UNEQUAL)}


def test_shipped_images_are_all_in_their_order() -> None:
    images = shipped_images("mnist")
    assert images.digest == datasets.heldout("mnist", "full").digest
    assert len(shipped_images("digits")) == 1797


def test_principal_is_scikit_learns_pca(known: Any) -> None:
    from sklearn.decomposition import PCA

    rows = shipped_images("digits").images().reshape(-1, 64).astype(np.float64)
    fitted = PCA(n_components=3).fit(rows)
    assert np.allclose(np.abs(np.sum(fitted.components_ * known.directions[:, :3].T, axis=1)), 1, atol=1e-6)
    drawn = fitted.inverse_transform(fitted.transform(rows))
    assert known.floor(3) == pytest.approx(((rows - drawn) ** 2).sum(axis=1).mean(), rel=1e-6)


def test_every_start_and_penalty_finds_the_sheet(five: Any) -> None:
    for stories in five.values():
        for story in stories:
            assert story.angles[0] > 45
            assert story.angles[-1] < 0.1


def test_without_a_penalty_it_reaches_pcas_error_and_no_less(five: Any) -> None:
    for story in five[FREE]:
        assert -1e-6 < story.above[-1] < 1e-4
        assert story.above.min() > -1e-6
    assert min(story.above[-1] for story in five[EQUAL]) > 0.01  # a penalty costs


def test_the_penalty_decides_the_axes(five: Any) -> None:
    """No penalty: nothing. Equal L2: the singular vectors. A different L2 for each unit: the columns too."""
    assert max(story.singular[-1].max() for story in five[FREE]) > 10
    assert max(story.columns[-1].max() for story in five[FREE]) > 10
    assert max(story.singular[-1].max() for story in five[EQUAL]) < 1
    assert max(story.columns[-1].max() for story in five[EQUAL]) > 10
    assert max(story.columns[-1].max() for story in five[UNEQUAL]) < 1


def test_a_story_is_about_its_own_axes(known: Any, five: Any) -> None:
    story = five[UNEQUAL][0]
    unit = story.axes / np.linalg.norm(story.axes, axis=0)
    nearest = np.minimum(np.abs(known.directions[:, :2].T @ unit).max(axis=0), 1)
    assert np.degrees(np.arccos(nearest)) == pytest.approx(story.columns[-1], abs=0.05)
    assert np.allclose(story.singular_axes.T @ story.singular_axes, np.eye(2), atol=1e-5)


@pytest.mark.parametrize(
    ("k", "penalty", "message"),
    [
        (0, FREE, "the code must have between 1 and 61 numbers"),
        (64, FREE, "the code must have between 1 and 61 numbers"),
        (2, (5.0,), "an L2 strength must stay below"),
    ],
)
def test_it_refuses_in_one_line(known: Any, k: int, penalty: Any, message: str) -> None:
    with pytest.raises(UserError, match=message):
        linear_path(known, k, penalties=[penalty], steps=1)


def test_pca_refuses_images_that_say_nothing() -> None:
    images = shipped_images("digits")
    with pytest.raises(UserError, match="two images at least"):
        principal(images.take(np.array([0])))
    with pytest.raises(UserError, match="all the same"):
        principal(images.take(np.array([0, 0, 0])))
    large = replace(images, pixels=np.zeros((3, 3, 28, 28), np.uint8))
    with pytest.raises(UserError, match="up to 1,600 pixels"):
        principal(large)


def test_the_courses_that_ship_are_what_training_gives() -> None:
    known = principal(shipped_images("digits"))
    penalties = penalties_for(known, 2)
    found = linear_path(known, 2, penalties=tuple(penalties.values()), seeds=(3,) * 3, steps=STEPS)
    kept = courses("digits", 2, 3)
    assert kept.n == known.n
    assert kept.floor == pytest.approx(known.floor(2))
    assert list(kept.by_penalty) == list(penalties)
    for course, story in zip(kept.by_penalty.values(), found, strict=True):
        assert course.steps.tolist() == story.steps.tolist()
        assert course.angles == pytest.approx(story.angles, abs=0.5)
        assert course.above == pytest.approx(story.above, abs=0.02)
        assert course.columns.shape == story.columns.shape
        assert course.singular[-1] == pytest.approx(story.singular[-1], abs=0.5)


def test_a_course_ships_for_all_that_the_lesson_offers_and_nothing_else() -> None:
    for dataset in DATASETS:
        for k in SIZES:
            for seed in SEEDS:
                assert [len(course.columns[0]) for course in courses(dataset, k, seed).by_penalty.values()] == [k] * 3
    for wrong in (("digits", 5, 0), ("digits", 2, 9), ("fashion-mnist", 2, 0)):
        with pytest.raises(UserError, match="no linear autoencoder"):
            courses(*wrong)
