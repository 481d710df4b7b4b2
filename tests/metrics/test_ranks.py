"""The shared pass: against a reference that sorts everything, against scikit-learn, in little memory."""

from __future__ import annotations

import tracemalloc
from typing import Any

import numpy as np
import pytest
from sklearn.manifold import trustworthiness as oracle

from ae_models import datasets, recipes
from ae_models.metrics import Material, measure, orders
from ae_models.metrics.coranking import q_nx_curve, r_nx_area, r_nx_curve
from ae_models.metrics.ranks import Neighbourhood, neighbourhoods, pixel_ranks
from tests.metrics.made import images_of, material_of, plain


def ranks_of(rows: Any) -> Any:
    order = plain(rows)
    return np.argsort(order, axis=1)  # (n, n): 0 for itself


def reference(rows: Any, points: Any, k: int) -> dict[str, float]:
    """Every figure from two whole tables of ranks, by its definition."""
    n, images, maps = len(rows), ranks_of(rows), ranks_of(points)
    scale = 2 / (n * k * (2 * n - 3 * k - 1))
    near_images, near_map = (images >= 1) & (images <= k), (maps >= 1) & (maps <= k)
    sizes = np.arange(1, n)
    off = ~np.eye(n, dtype=bool)
    q = np.array([((images <= size) & (maps <= size) & off).sum() / (n * size) for size in sizes])
    r = ((n - 1) * q[:-1] - sizes[:-1]) / (n - 1 - sizes[:-1])
    return {
        "trustworthiness": 1 - scale * float(((images - k) * (near_map & ~near_images)).sum()),
        "continuity": 1 - scale * float(((maps - k) * (near_images & ~near_map)).sum()),
        "neighbour_recall": float((near_images & near_map).sum() / (n * k)),
        "r_nx": float(r[k - 1]),
        "r_nx_auc": float((r / sizes[:-1]).sum() / (1 / sizes[:-1]).sum()),
        "q_local": float(q[: int(np.argmax(q - sizes / (n - 1))) + 1].mean()),
    }


CASES = {
    "plain": (np.random.default_rng(0).integers(0, 256, (120, 30)), np.random.default_rng(1).normal(size=(120, 2))),
    "duplicates and ties": (
        np.random.default_rng(2).integers(0, 2, (100, 6)),
        np.random.default_rng(3).integers(0, 4, (100, 2)).astype(float),
    ),
    "one number": (np.random.default_rng(4).integers(0, 256, (70, 9)), np.random.default_rng(5).normal(size=(70, 1))),
    "a code of many": (
        np.random.default_rng(6).integers(0, 9, (90, 9)),
        np.random.default_rng(7).normal(size=(90, 40)),
    ),
}


@pytest.mark.parametrize("k", [1, 5, 20])
@pytest.mark.parametrize("case", CASES)
def test_every_figure_is_that_of_the_reference(case: str, k: int) -> None:
    rows, points = CASES[case]
    material = material_of(images_of(rows), points, k=k)
    for name, wanted in reference(rows, np.asarray(points, np.float32), k).items():
        assert measure(name, material).value == pytest.approx(wanted, abs=1e-12), name


@pytest.fixture(scope="module")
def digits() -> tuple[Any, Any]:
    store, record = recipes.find_run("digits-dense-2d")
    rows = datasets.load("digits").train
    return rows, recipes.codes_of(store, record, rows)


def distances(rows: Any) -> Any:
    """Whole-number squared distances, ties broken by row number."""
    flat = rows.pixels.reshape(len(rows), -1).astype(np.int64)
    squares = (flat**2).sum(axis=1)
    return squares[:, None] + squares[None] - 2 * flat @ flat.T + np.arange(len(rows)) * 1e-6


@pytest.mark.parametrize("k", [5, 30])
def test_trustworthiness_is_that_of_scikit_learn_with_ties_by_row_number(digits: tuple[Any, Any], k: int) -> None:
    rows, codes = digits
    found = measure("trustworthiness", material_of(rows, codes, k=k)).value
    assert found == pytest.approx(oracle(distances(rows), codes, n_neighbors=k, metric="precomputed"), abs=1e-12)


def test_continuity_is_trustworthiness_the_other_way_round() -> None:
    generator = np.random.default_rng(0)
    rows, points = generator.integers(0, 256, (300, 50)), generator.normal(size=(300, 2)).astype(np.float32)
    found = measure("continuity", material_of(images_of(rows), points)).value
    assert found == pytest.approx(oracle(points, rows.astype(float), n_neighbors=5), abs=1e-6)


def test_the_whole_shipped_map_of_mnist_agrees_with_scikit_learn_on_2000_images() -> None:
    store, record = recipes.find_run("mnist-dense-2d")
    rows = datasets.heldout("mnist", "bundled")
    codes = recipes.codes_of(store, record, rows)
    found = measure("trustworthiness", material_of(rows, codes)).value
    assert found == pytest.approx(oracle(rows.images().reshape(len(rows), -1), codes, n_neighbors=5), abs=1e-6)


def same(one: Neighbourhood, other: Neighbourhood) -> bool:
    fields = ("intruders", "lost", "kept", "pairs", "near_images", "near_points", "rows")
    return all(np.array_equal(getattr(one, field), getattr(other, field)) for field in fields)


def test_several_maps_in_one_pass_and_several_threads_give_what_each_gives_alone(digits: tuple[Any, Any]) -> None:
    rows, codes = digits
    maps = [codes, codes[:, :1], codes * [1, 30]]
    together = neighbourhoods(pixel_ranks(rows.pixels), maps, 7, threads=3)
    for points, found in zip(maps, together, strict=True):
        alone = neighbourhoods(pixel_ranks(rows.pixels), [points], 7)[0]
        assert same(found, alone)
        assert found.chance is not None
        assert alone.chance is not None
        assert same(found.chance, alone.chance)


def test_neighbours_are_the_nearest_in_order(digits: tuple[Any, Any]) -> None:
    rows, codes = digits
    found = neighbourhoods(pixel_ranks(rows.pixels[:50]), [codes[:50]], 4, seed=None)[0]
    assert np.array_equal(found.near_images, plain(rows.pixels[:50].reshape(50, -1))[:, 1:5])
    assert np.array_equal(found.near_points, plain(codes[:50])[:, 1:5])
    assert found.chance is None


def test_chance_is_the_same_map_shuffled(digits: tuple[Any, Any]) -> None:
    rows, codes = digits
    found = neighbourhoods(pixel_ranks(rows.pixels[:300]), [codes[:300]], 5, seed=3)[0]
    mixed = np.random.default_rng(3).permutation(300)
    wanted = neighbourhoods(pixel_ranks(rows.pixels[:300]), [codes[:300][mixed]], 5, seed=None)[0]
    assert found.chance is not None
    assert same(found.chance, wanted)


def test_a_shuffled_map_has_chance_and_a_perfect_one_has_not(digits: tuple[Any, Any]) -> None:
    rows, _ = digits
    pixels = rows.pixels[:400]
    perfect = pixels.reshape(400, -1).astype(np.float32)
    shuffled = perfect[np.random.default_rng(0).permutation(400)]
    good, bad = neighbourhoods(pixel_ranks(pixels), [perfect, shuffled], 5)
    assert (good.intruders.sum(), good.lost.sum(), good.kept.min()) == (0, 0, 5)
    assert r_nx_area(good) == pytest.approx(1)
    assert np.allclose(q_nx_curve(good), 1)
    assert abs(r_nx_area(bad)) < 0.02
    assert np.abs(r_nx_curve(bad)).mean() < 0.03


def test_memory_does_not_grow_with_the_square_of_the_images(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(orders, "HALF_BYTES", 0)  # as for more images than the mirrored products are kept for
    n = 3_000
    generator = np.random.default_rng(0)
    rows, points = generator.integers(0, 256, (n, 100)).astype(np.uint8), generator.normal(size=(n, 2))
    tracemalloc.start()
    neighbourhoods(pixel_ranks(rows), [points], 5)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < n * n * 8 / 8  # an eighth of one table of distances


def test_mirrored_products_stay_in_their_bounds() -> None:
    rows = np.random.default_rng(0).integers(0, 256, (3_000, 60)).astype(np.uint8)
    tracemalloc.start()
    for _ in orders.PixelOrders(rows).all_orders():
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 3_000**2 + 10e6  # a quarter of the table, four bytes each, and what is worked on


def test_what_progress_raises_ends_the_pass(digits: tuple[Any, Any]) -> None:
    rows, codes = digits
    told: list[float] = []

    def stop(share: float) -> None:
        told.append(share)
        raise InterruptedError

    for threads in (1, 2):
        with pytest.raises(InterruptedError):
            neighbourhoods(pixel_ranks(rows.pixels), [codes], threads=threads, progress=stop)
    assert all(0 < share < 1 for share in told)


@pytest.mark.parametrize("k", [0, 5])
def test_k_out_of_bounds_is_refused(k: int) -> None:
    with pytest.raises(ValueError, match="below half of the 10 images"):
        neighbourhoods(pixel_ranks(np.zeros((10, 4), np.uint8)), [np.zeros((10, 2))], k)


def test_a_map_of_other_images_is_refused() -> None:
    with pytest.raises(ValueError, match="must have 10 rows"):
        neighbourhoods(pixel_ranks(np.zeros((10, 4), np.uint8)), [np.zeros((9, 2))], 2)


def test_the_figures_of_single_images_average_to_the_whole(digits: tuple[Any, Any]) -> None:
    material: Material = material_of(*digits)
    for name in ("trustworthiness", "continuity", "neighbour_recall"):
        value = measure(name, material)
        assert value.per_point is not None
        assert value.per_point.shape == (len(material.images),)
        assert value.per_point.min() >= 0
        assert value.per_point.max() <= 1
        assert float(value.per_point.mean(dtype=np.float64)) == pytest.approx(value.value, abs=1e-6)
        assert value.chance == pytest.approx(0 if name == "neighbour_recall" else 0.5, abs=0.02)
