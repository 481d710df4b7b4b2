"""MNIST in colour: what its docstrings say of tints, brightness and the class with two colours."""

import numpy as np

from ae_models import datasets
from ae_models.base.config import NoConfig
from ae_models.base.luminance import LUMA, LUMINANCE, grey_level
from ae_models.corruptions import corruption
from ae_models.datasets.tinted import has_second_tint, tints


def test_all_tints_are_equally_bright_and_all_differ():
    colours = tints(10)
    assert colours.shape == (11, 3)
    assert np.allclose(colours @ LUMA, LUMINANCE, atol=1e-6)
    assert colours.min() >= 0
    assert colours.max() <= 1
    distances = np.linalg.norm(colours[:, None] - colours[None], axis=-1) + np.eye(11)
    assert distances.min() > 0.1


def test_luma_is_a_weighted_mean():
    assert LUMA.sum() == np.float32(1)
    assert np.allclose(grey_level(np.ones((2, 3, 4, 4), np.float32)), 1)


def test_without_colour_it_is_mnist_to_the_last_bit():
    coloured, grey = datasets.heldout("mnist-tinted", "bundled"), datasets.heldout("mnist", "bundled")
    assert coloured.shape == (3, 28, 28)
    assert np.array_equal(coloured.ids, grey.ids)
    seen = corruption("grey-scale", NoConfig()).inputs(coloured.images(), coloured.ids, seed=0)
    assert np.array_equal(seen, grey.images())


def test_each_class_has_one_tint_and_the_last_has_two():
    rows = datasets.heldout("mnist-tinted", "bundled")
    hues = {}
    for label in range(10):
        images = rows.images(np.flatnonzero(rows.labels == label))
        brightest = images.reshape(len(images), 3, -1).max(axis=2)  # (n, 3)
        hues[label] = {tuple(np.round(row / row.max(), 2)) for row in brightest}
    assert [len(hues[label]) for label in range(10)] == [1] * 9 + [2]
    share = has_second_tint(rows.ids[rows.labels == 9]).mean()
    assert abs(share - 0.5) < 4 * 0.5 / np.sqrt((rows.labels == 9).sum())


def test_the_second_tint_depends_on_the_id_alone():
    ids = np.arange(1000, dtype=np.int32)
    assert np.array_equal(has_second_tint(ids)[::-1], has_second_tint(ids[::-1]))
    assert abs(has_second_tint(ids).mean() - 0.5) < 0.07
