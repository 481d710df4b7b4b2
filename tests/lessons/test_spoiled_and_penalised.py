"""What the lessons about noise, copies, starts, guesses and penalties compute, held against its definition."""

from __future__ import annotations

import numpy as np
import pytest

from ae_models import datasets, recipes
from ae_models.analysis.copying_capacity import linear_copier, linear_denoiser, memory
from ae_models.analysis.denoising_comparison import LEVELS, errors_by_level, spoiled, taken_for
from ae_models.analysis.inpainting_answers import NETWORK, colours_of, guesses, mean_tint, two_tints
from ae_models.analysis.penalty_effects import STRENGTHS, gaussian_kl, penalised
from ae_models.analysis.seed_stability import (
    axis_likeness,
    chance_of_class,
    laid_share,
    nearest_rows,
    neighbours_shared,
    pca_of_parts,
    same_class,
)
from ae_models.base import ImageDataset, UserError
from ae_models.runs import Graphs


@pytest.fixture(scope="module")
def digits() -> ImageDataset:
    return datasets.heldout("mnist", "full").take(np.arange(300))


def test_more_noise_is_more_error_and_no_noise_is_the_image(digits: ImageDataset) -> None:
    assert spoiled("gaussian-noise", 0, digits) == pytest.approx(digits.images())
    left = errors_by_level("salt-pepper", digits, {"nothing": lambda seen: seen})["nothing"]
    assert len(left) == len(LEVELS)
    assert (np.diff(left) > 0).all()
    with pytest.raises(UserError, match="level must be one of"):
        spoiled("masking", 7, digits)
    with pytest.raises(UserError, match="choose from gaussian-noise"):
        spoiled("snow", 10, digits)


def test_a_real_image_is_taken_for_itself(digits: ImageDataset) -> None:
    assert digits.labels is not None
    images = digits.images()
    assert (taken_for(images, images, digits.labels) == digits.labels).all()


def test_the_linear_copier_of_a_size_is_pca_of_that_size(digits: ImageDataset) -> None:
    rows = digits.images().reshape(len(digits), -1)
    found = linear_copier(rows)
    centred = rows - rows.mean(axis=0)
    singular = np.linalg.svd(centred, compute_uv=False).astype(np.float64)
    for size, error in zip((0, 2, 20), found.errors(rows, (0, 2, 20)), strict=True):
        assert error == pytest.approx((singular[size:] ** 2).sum() / len(rows), rel=1e-3)
    assert found.errors(rows, (1000,))[0] == pytest.approx(0, abs=1e-2)
    assert found.varying == int((rows.std(axis=0) > 0).sum())


def test_the_linear_denoiser_is_the_least_squares_answer() -> None:
    random = np.random.default_rng(0)
    wanted = random.normal(size=(500, 6)).astype("f") @ random.normal(size=(6, 6)).astype("f") + 3
    seen = wanted + random.normal(size=(500, 6)).astype("f")
    known = np.linalg.lstsq(np.hstack([seen, np.ones((500, 1), "f")]), wanted, rcond=None)[0]
    answer = np.hstack([seen, np.ones((500, 1), "f")]) @ known
    assert linear_denoiser(seen, wanted)(seen) == pytest.approx(answer, abs=1e-3)


def test_the_memory_is_a_network_of_one_hidden_layer_and_knows_all_by_heart(digits: ImageDataset) -> None:
    images = digits.images(slice(0, 12)).reshape(12, -1)
    codes = np.random.default_rng(0).permutation(12) + 0.5
    found = memory(codes, images)
    assert found.draw(codes) == pytest.approx(images)
    z, x = found.codes, found.images.astype(np.float64)
    slopes = np.diff(x, axis=0) / np.diff(z)[:, None]
    asked = np.linspace(0.5, 11.5, 97)
    hidden = np.maximum(asked[:, None] - z[:-1], 0)  # (97, 11): a unit less than images
    weights = np.vstack([slopes[:1], np.diff(slopes, axis=0)])
    assert found.draw(asked) == pytest.approx(x[0] + hidden @ weights, abs=1e-5)
    with pytest.raises(UserError, match="same code"):
        memory(np.zeros(3), images[:3])
    with pytest.raises(UserError, match="needs 2 images"):
        memory(np.zeros(1), images[:1])


def test_a_turned_map_is_the_same_map_with_other_axes() -> None:
    random = np.random.default_rng(0)
    points = random.normal(size=(400, 2)).astype("f")
    turned = points @ np.array([[0.6, 0.8], [-0.8, 0.6]], "f") * 3 + 1
    assert laid_share(turned, points) == pytest.approx(1, abs=1e-5)
    assert axis_likeness(turned, points) < 0.75
    assert axis_likeness(-points, points) == pytest.approx(1)
    assert neighbours_shared(turned, points, 5) > 0.999
    other = random.normal(size=(400, 2)).astype("f")
    assert laid_share(other, points) < 0.1
    assert neighbours_shared(other, points, 5) < 0.05


def test_nearest_rows_leave_oneself_out_even_among_twins() -> None:
    points = np.array([[0, 0], [0, 0], [0, 0], [5, 5], [5, 6]], "f")
    found = nearest_rows(points, 2)
    assert not (found == np.arange(5)[:, None]).any()
    assert same_class(points, np.array([0, 0, 0, 1, 1])) == 1
    assert chance_of_class(np.array([0, 0, 0, 1, 1])) == pytest.approx((3 * 2 + 2) / 20)


def test_pca_of_halves_is_nearly_the_same_pca() -> None:
    rows = np.random.default_rng(0).normal(size=(2_000, 5)).astype("f") * np.array([5, 3, 1, 1, 1], "f")
    one, other = pca_of_parts(rows, 2)
    assert axis_likeness(one, other) > 0.98
    assert one.var(axis=0) == pytest.approx([25, 9], rel=0.1)


def test_a_perfect_guess_of_colours_hits_and_the_mean_lies_between() -> None:
    images = datasets.heldout("mnist-tinted", "full").take(np.arange(200))
    store, record = recipes.find_run("mnist-colour-64d")
    found = guesses(record, Graphs(store, record), images, np.zeros(record.output_shape, "f"))
    perfect = two_tints(images.images(), found.seen, images)
    assert perfect.hits.all()
    assert perfect.nearest[2] == 0
    assert perfect.away == pytest.approx(0, abs=1e-3)
    muddy = two_tints(found.seen * perfect.between[:, None, None], found.seen, images)
    assert muddy.places == pytest.approx(0.5, abs=1e-3)
    assert muddy.nearest[2] == 1
    assert colours_of(found.drawn["the mean colour"], found.seen) == pytest.approx(
        np.broadcast_to(mean_tint(10), (200, 3)), abs=1e-3
    )


def test_only_the_hole_counts_where_a_hole_is_filled(digits: ImageDataset) -> None:
    store, record = recipes.find_run("mnist-inpaint-64d")
    found = guesses(record, Graphs(store, record), digits, np.zeros(record.output_shape, "f"))
    changed = found.drawn[NETWORK] != found.wanted
    assert changed.reshape(len(digits), -1).sum(axis=1).max() <= 100  # pixels of the square of 10 x 10
    plain = recipes.find_run("mnist-ladder-2d")
    with pytest.raises(UserError, match="does not fill in"):
        guesses(plain[1], Graphs(*plain), digits, np.zeros((1, 28, 28), "f"))


def test_l1_and_k_sparse_codes_are_the_best_there_are() -> None:
    random = np.random.default_rng(0)
    codes = random.normal(size=(50, 8)).astype("f")

    def loss(found: np.ndarray, strength: float) -> np.ndarray:
        return np.square(found - codes).sum(axis=1) + strength * np.abs(found).sum(axis=1)

    best = penalised("l1", codes, 1.0)
    for _ in range(200):
        other = best + random.normal(scale=0.05, size=codes.shape) * (random.random(codes.shape) < 0.3)
        assert (loss(other, 1.0) >= loss(best, 1.0) - 1e-6).all()
    few = penalised("k-sparse", codes, 3)
    assert ((few != 0).sum(axis=1) == 3).all()
    assert np.square(few - codes).sum(axis=1) == pytest.approx(np.sort(codes**2, axis=1)[:, :5].sum(axis=1), rel=1e-5)
    assert penalised("none", codes, 0) is codes
    with pytest.raises(UserError, match="choose from none, l1, k-sparse, contractive"):
        penalised("l0", codes, 1)
    assert {len(steps) for steps in STRENGTHS.values()} == {4}


def test_the_contractive_encoder_is_the_best_linear_one() -> None:
    random = np.random.default_rng(0)
    codes = (random.normal(size=(4_000, 3)) * [3, 1, 0.3]).astype("f")
    codes -= codes.mean(axis=0)

    def loss(encoder: np.ndarray) -> float:
        return float(np.square(codes @ encoder - codes).sum(axis=1).mean() + 0.5 * np.square(encoder).sum())

    best = penalised("contractive", codes, 0.5)
    encoder = np.linalg.lstsq(codes, best, rcond=None)[0]
    for _ in range(50):
        assert loss(encoder + random.normal(scale=0.02, size=(3, 3))) > loss(encoder) - 2e-3
    assert (np.diff(np.diag(encoder)) < 0).all()  # what varies little shrinks most


def test_only_the_gaussian_itself_is_at_no_distance_from_it() -> None:
    assert gaussian_kl(np.zeros((5, 2)), np.ones((5, 2))) == 0
    assert gaussian_kl(np.full((5, 2), 2.0), np.ones((5, 2))) == pytest.approx(4)
    assert gaussian_kl(np.zeros((5, 1)), np.full((5, 1), np.e)) == pytest.approx(0.5 * (np.e**2 - 3))
