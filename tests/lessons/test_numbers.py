"""What the lessons compute, held against its definition: detail, layers, ROC, strangers, known structures."""

from __future__ import annotations

import numpy as np
import pytest

from ae_models import datasets, recipes
from ae_models.base import ImageDataset, Mistake
from ae_models.errors import squared_errors
from ae_models.figures.layer_pictures import laid_out
from ae_models.metrics.anomaly import roc, share_above
from ae_models.recipes.cleaning import LEVELS, errors_by_level, spoiled, taken_for
from ae_models.recipes.copying import linear_copier, linear_denoiser, memory
from ae_models.recipes.detail import bands_of, detail_kept
from ae_models.recipes.foreign import errors_of_straight, foreign_images
from ae_models.recipes.guessing import NETWORK, colours_of, guesses, mean_tint, two_tints
from ae_models.recipes.penalising import STRENGTHS, gaussian_kl, penalised
from ae_models.recipes.repeating import (
    axis_likeness,
    chance_of_class,
    laid_share,
    nearest_rows,
    neighbours_shared,
    pca_of_parts,
    same_class,
)
from ae_models.recipes.straight import straight_map
from ae_models.recipes.structures import (
    FARTHER,
    STRUCTURES,
    WIDER,
    gap_ratio,
    principal_map,
    stored_map,
    structure,
    width_ratio,
)
from ae_models.runs import Graphs
from ae_models.runs.layers import Layers


@pytest.fixture(scope="module")
def digits() -> ImageDataset:
    return datasets.heldout("mnist", "full").take(np.arange(300))


def test_all_detail_is_kept_by_the_pictures_none_by_their_mean_and_only_fine_detail_is_lost_by_blur() -> None:
    random = np.random.default_rng(0)
    images = random.random((50, 1, 28, 28), dtype=np.float32)
    mean = np.broadcast_to(images.mean(axis=0, keepdims=True), images.shape)
    assert detail_kept(images, images) == pytest.approx(1)
    assert detail_kept(images, mean) == pytest.approx(0, abs=1e-6)
    waves = np.fft.fftfreq(28) * 28
    coarse = np.hypot(waves[:, None], waves[None, :]) < 4.5
    blurred = np.fft.ifft2(np.fft.fft2(images) * coarse).real.astype(np.float32)
    kept = detail_kept(images, blurred)
    assert kept[:2] == pytest.approx(1, abs=1e-5)
    assert (kept[2:] < 0.1).all()
    assert len(kept) == len(bands_of(28))


def test_detail_of_pictures_that_are_all_alike_is_a_mistake() -> None:
    with pytest.raises(Mistake, match="all alike"):
        detail_kept(np.ones((3, 1, 8, 8), np.float32), np.zeros((3, 1, 8, 8), np.float32))


@pytest.mark.parametrize("run_id", ["mnist-ladder-2d", "mnist-conv-2d", "mnist-linear-2d"])
def test_the_layers_of_a_run_end_in_what_it_draws(run_id: str, digits: ImageDataset) -> None:
    store, record = recipes.find_run(run_id)
    images = digits.images(slice(0, 3))
    found = Layers(store, record).answer(images)
    codes = next(layer.values for layer in found if layer.half == "code")
    assert codes == pytest.approx(recipes.codes_of(store, record, digits.take(np.arange(3))), abs=1e-4)
    assert found[-1].values.shape == images.shape
    hidden = [layer.values[0].size for layer in found[:-1] if layer.half != "code"]
    assert bool(hidden) is (run_id != "mnist-linear-2d")
    with pytest.raises(Mistake, match="takes images of"):
        Layers(store, record).answer(images[:, :, :14])


def test_a_layer_keeps_its_numbers_when_it_is_laid_out() -> None:
    for values in (np.arange(128, dtype="f"), np.arange(37, dtype="f"), np.arange(2 * 9, dtype="f").reshape(2, 3, 3)):
        shown = laid_out(values, "hidden")
        assert sorted(shown[~np.isnan(shown)]) == sorted(values.ravel())


def test_the_area_under_the_roc_curve_is_the_share_of_pairs() -> None:
    random = np.random.default_rng(1)
    here, others = random.integers(0, 9, 40).astype("f"), random.integers(3, 12, 30).astype("f")
    false_alarms, caught = roc(here, others)
    pairs = ((others[None] > here[:, None]) + 0.5 * (others[None] == here[:, None])).mean()
    assert np.trapezoid(caught, false_alarms) == pytest.approx(pairs)
    assert share_above(here, others).mean() == pytest.approx(pairs)
    assert (false_alarms[0], caught[0], false_alarms[-1], caught[-1]) == (0, 0, 1, 1)


def test_shuffled_strangers_have_as_much_ink_and_no_picture(digits: ImageDataset) -> None:
    own, shuffled = digits.images(), foreign_images("shuffled", digits, None)
    assert np.sort(own.reshape(len(own), -1)) == pytest.approx(np.sort(shuffled.reshape(len(own), -1)))
    assert not np.array_equal(own, shuffled)
    with pytest.raises(Mistake, match="choose from other, noise, shuffled"):
        foreign_images("martians", digits, None)


def test_errors_of_pca_are_those_of_its_drawings(digits: ImageDataset) -> None:
    record = recipes.find_run("mnist-ladder-2d")[1]
    straight = straight_map("mnist", record.dataset.fitted_on.digest, 8)
    assert straight is not None
    images = foreign_images("noise", digits, None)
    drawn = straight.decode(straight.encode(images))
    assert errors_of_straight(straight, 8, images) == pytest.approx(squared_errors(images, drawn), rel=1e-3)
    mean = np.broadcast_to(straight.mean.reshape(1, *digits.shape), images.shape)
    assert errors_of_straight(straight, 0, images) == pytest.approx(squared_errors(images, mean), rel=1e-3)


def test_the_known_structures_are_what_they_are_called() -> None:
    two, gaps = structure("two"), structure("gaps")
    assert width_ratio(two.points, two.along) == pytest.approx(WIDER, rel=0.05)
    assert gap_ratio(gaps.points, gaps.along) == pytest.approx(FARTHER, rel=0.05)
    ring = structure("ring")
    radius = np.linalg.norm(principal_map(ring.points), axis=1)
    assert radius == pytest.approx(5, rel=0.1)
    line = principal_map(structure("line").points)[:, 0]
    assert abs(np.corrcoef(line, structure("line").along)[0, 1]) > 0.99
    noise = structure("noise").points
    spread = np.linalg.eigvalsh(np.cov(noise.T))
    assert spread.max() < 2 * spread.min()


@pytest.mark.parametrize("name", STRUCTURES)
def test_every_structure_has_its_maps(name: str) -> None:
    n = len(structure(name).points)
    for method in ("tsne", "umap"):
        points = stored_map(name, method, "some", 0)
        assert points.shape == (n, 2)
        assert np.isfinite(points).all()
    with pytest.raises(Mistake, match="there is no map"):
        stored_map(name, "tsne", "some", 7)


def test_more_noise_is_more_error_and_no_noise_is_the_image(digits: ImageDataset) -> None:
    assert spoiled("gaussian-noise", 0, digits) == pytest.approx(digits.images())
    left = errors_by_level("salt-pepper", digits, {"nothing": lambda seen: seen})["nothing"]
    assert len(left) == len(LEVELS)
    assert (np.diff(left) > 0).all()
    with pytest.raises(Mistake, match="level must be one of"):
        spoiled("masking", 7, digits)
    with pytest.raises(Mistake, match="choose from gaussian-noise"):
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
    with pytest.raises(Mistake, match="same code"):
        memory(np.zeros(3), images[:3])
    with pytest.raises(Mistake, match="needs 2 images"):
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
    with pytest.raises(Mistake, match="does not fill in"):
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
    with pytest.raises(Mistake, match="choose from none, l1, k-sparse, contractive"):
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
