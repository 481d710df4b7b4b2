"""Clusters: what scikit-learn finds, numbered by size."""

import numpy as np
import pytest
from sklearn.cluster import KMeans, MiniBatchKMeans

from ae_models.latent import clusters, method_of


def blobs(sizes: list[int], width: int = 3) -> np.ndarray:
    """Codes far apart from one another, in groups of these sizes, shuffled."""
    rng = np.random.default_rng(1)
    rows = [rng.normal(10 * place, 0.1, (size, width)) for place, size in enumerate(sizes)]
    return rng.permutation(np.concatenate(rows)).astype(np.float32)


def test_groups_that_lie_apart_are_found_and_the_largest_comes_first() -> None:
    codes = blobs([20, 70, 40])
    found = clusters(codes, 3)
    assert found.dtype == np.uint8
    assert np.bincount(found).tolist() == [70, 40, 20]
    places = np.round(codes[:, 0] / 10).astype(int)
    assert [set(places[found == one]) for one in range(3)] == [{1}, {2}, {0}]


@pytest.mark.parametrize(("shape", "k"), [((500, 4), 7), ((3000, 900), 40)])
def test_they_are_those_of_the_named_class_with_the_named_seed(shape: tuple[int, int], k: int) -> None:
    codes = np.random.default_rng(0).normal(size=shape).astype(np.float32)
    kind = {"KMeans": KMeans, "MiniBatchKMeans": MiniBatchKMeans}[method_of(*shape, k)]
    assert (kind is KMeans) == (shape[1] == 4)
    expected = kind(k, random_state=0).fit_predict(codes)
    pairs = set(zip(expected.tolist(), clusters(codes, k).tolist(), strict=True))
    assert len(pairs) == len(set(expected))  # one name for each, and no two of one
    assert (clusters(codes, k) == clusters(codes.copy(), k)).all()


def test_fewer_different_codes_are_fewer_clusters() -> None:
    assert clusters(np.ones((30, 2), np.float32), 5).tolist() == [0] * 30
    assert sorted(set(clusters(np.arange(3, dtype=np.float32)[:, None], 10).tolist())) == [0, 1, 2]


@pytest.mark.parametrize("k", [1, 51])
def test_a_count_that_says_nothing_is_refused(k: int) -> None:
    with pytest.raises(ValueError, match=f"k must be between 2 and 50; got {k}"):
        clusters(np.zeros((5, 2), np.float32), k)
