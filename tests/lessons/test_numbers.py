"""What the lessons compute, held against its definition: detail, layers, ROC, strangers, known structures."""

from __future__ import annotations

import numpy as np
import pytest

from ae_models import datasets, recipes
from ae_models.analysis.nested_pca import straight_map
from ae_models.analysis.out_of_distribution import KINDS, MORE, are_unlike, errors_of_straight, foreign_images
from ae_models.analysis.spatial_detail import bands_of, detail_kept
from ae_models.base import ImageDataset, UserError
from ae_models.base.squared_errors import squared_errors
from ae_models.figures.layer_pictures import laid_out
from ae_models.latent import distances_to, support
from ae_models.metrics.anomaly import roc, share_above
from ae_models.recipes.known_structures import (
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
from ae_models.runs.graphs import Layers


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
    assert len(detail_kept(images[:, :, :10], blurred[:, :, :10])) == len(bands_of(10))  # of the shorter side


def test_detail_of_pictures_that_are_all_alike_is_a_mistake() -> None:
    with pytest.raises(UserError, match="all alike"):
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
    with pytest.raises(UserError, match="takes images of"):
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
    with pytest.raises(UserError, match="choose from other, noise, shuffled, turned"):
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
    with pytest.raises(UserError, match="there is no map"):
        stored_map(name, "tsne", "some", 7)


@pytest.mark.parametrize("run_id", ["mnist-dense-2d", "mnist-conv-30d", "mnist-ladder-64d"])
def test_strangers_read_unlike_the_data_and_most_digits_do_not(run_id: str) -> None:
    store, record = recipes.find_run(run_id)
    every, graphs = recipes.heldout_of(record), Graphs(store, record)
    order = np.random.default_rng(0).permutation(len(every))
    own, rest = every.take(np.sort(order[:300])), every.take(np.sort(order[300:3300]))
    codes = recipes.codes_of(store, record, rest)
    errors = squared_errors(rest.images(), graphs.decode(codes))
    clothes = datasets.heldout("fashion-mnist", "full")
    kinds = {kind: foreign_images(kind, own, clothes)[:300] for kind in (*KINDS, *MORE)}
    found = {kind: are_unlike(graphs, codes, errors, images).mean() for kind, images in kinds.items()}
    mistaken = are_unlike(graphs, codes, errors, own.images()).mean()
    assert mistaken < 0.16
    assert found.pop("turned") > 3 * mistaken > 0
    assert min(found.values()) > 0.75
    limits = support(codes)
    by_code = (distances_to(graphs.encode(kinds["stars"]), codes, limits.k) > limits.near).mean()
    assert found["stars"] > max(0.9, by_code - 1e-9)
    assert run_id != "mnist-dense-2d" or by_code < 0.2  # of two numbers the code alone tells next to nothing
