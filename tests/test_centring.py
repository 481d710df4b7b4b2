"""A drawing lies as MNIST's digits lie: held against MNIST's own images, and by hand."""

import numpy as np
import pytest

from ae_models import datasets
from ae_models.base import UserError
from ae_models.base.centring import box_of, centred


@pytest.fixture(scope="module")
def digits():
    return datasets.heldout("mnist", "bundled").images()[:, 0]


def centre_of_mass(image):
    grid = np.arange(28)
    return (image.sum(1) @ grid) / image.sum(), (image.sum(0) @ grid) / image.sum()


def extent(image):
    rows, columns = np.flatnonzero(image.any(1)), np.flatnonzero(image.any(0))
    return max(np.ptp(rows), np.ptp(columns)) + 1


def test_mnist_itself_keeps_the_rule(digits):
    """A box of 20 pixels, its centre of mass within half a pixel of (14, 14)."""
    assert sorted({int(extent(image)) for image in digits}) == [19, 20]
    off = np.abs([centre_of_mass(image) for image in digits]) - 14
    assert np.abs(off).max() <= 0.5001
    assert box_of(digits[:, None]) == 20


def test_mnist_s_own_images_stay_where_they_are_and_come_back_from_anywhere(digits):
    for image in digits[:200]:
        if extent(image) < 20:
            continue
        assert np.abs(centred(image, (28, 28), 20) - image).max() < 1 / 63
        large = np.kron(np.pad(image, ((3, 9), (15, 0))), np.ones((5, 5), "f"))  # larger, and elsewhere on the sheet
        assert np.abs(centred(large, (28, 28), 20) - image).max() < 1 / 63


def test_a_drawing_is_fitted_anti_aliased_and_centred():
    sheet = np.zeros((280, 280), "f")
    for step in range(200):
        sheet[40 + step : 50 + step, 20 + step // 3 : 32 + step // 3] = 1
    found = centred(sheet, (28, 28), 20)
    assert extent(found) == 20
    assert np.abs(np.array(centre_of_mass(found)) - 14).max() <= 0.5
    assert ((found > 0.02) & (found < 0.98)).sum() / (found > 0.02).sum() > 0.1  # edges are grey
    assert found.min() >= 0
    assert found.max() <= 1 + 1e-6


def test_a_mirrored_drawing_is_a_mirrored_image(digits):
    for image in digits[:50]:
        there = centred(image, (29, 29), 21)  # an odd frame has a middle pixel
        back = centred(image[:, ::-1], (29, 29), 21)[:, ::-1]
        assert min(np.abs(np.roll(back, shift, 1) - there).max() for shift in (-1, 0, 1)) < 1e-5


def test_ink_never_leaves_the_frame():
    heavy = np.zeros((20, 20), "f")
    heavy[:, 0] = 1
    heavy[0, :] = 0.02
    found = centred(heavy, (20, 20), 20)  # its centre of mass cannot be reached
    assert np.abs(found - heavy).max() < 1e-6


@pytest.mark.parametrize("name", ["fashion-mnist", "digits"])
def test_other_data_fill_their_frames(name):
    images = datasets.heldout(name, "auto").images(slice(0, 300))
    assert box_of(images) == images.shape[-1]


def test_a_blank_drawing_is_refused():
    with pytest.raises(UserError, match="no ink"):
        centred(np.zeros((9, 9), "f"), (28, 28), 20)
