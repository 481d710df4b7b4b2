"""Bytes: quantised codes, PCA's by formula and by drawing, JPEG as the published contact sheet."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PIL import Image

from ae_models import datasets
from ae_models.analysis.code_bytes import (
    BITS,
    contact_sheet,
    kept_as_jpeg,
    kept_by_autoencoder,
    kept_by_pca,
    level_ranges,
    png_bytes,
    quantised,
    rounded_by_shares,
    shared_bits,
)
from ae_models.analysis.nested_pca import read_straight
from ae_models.base import UserError
from ae_models.base.squared_errors import sse
from ae_models.recipes import codes_of, find_run
from ae_models.runs import Graphs


@pytest.fixture(scope="module")
def images() -> Any:
    return datasets.heldout("mnist", "full")


@pytest.fixture(scope="module")
def few(images: Any) -> Any:
    return images.take(np.arange(1000))


@pytest.mark.parametrize("bits", BITS)
def test_levels_are_few_and_half_a_step_is_the_most_a_code_moves(bits: int) -> None:
    codes = np.random.default_rng(0).normal(size=(5000, 3)).astype("f") * np.array([1, 10, 0.1], "f")
    kept = quantised(codes, bits)
    low, step = level_ranges(codes, bits)
    high = low + (2**bits - 1) * step
    for dim in range(3):
        assert len(np.unique(kept[:, dim])) <= 2**bits
        inside = (codes[:, dim] >= low[dim]) & (codes[:, dim] <= high[dim])
        assert inside.mean() == pytest.approx(0.998, abs=1e-3)
        assert np.abs(kept - codes)[inside, dim].max() <= step[dim] * 0.5001
        assert kept[:, dim].min() >= low[dim] - 1e-5
        assert kept[:, dim].max() <= high[dim] + 1e-4 * abs(high[dim])


def test_many_bits_lose_nothing_and_a_number_that_never_varies_stays() -> None:
    codes = np.column_stack([np.linspace(0, 1, 4096), np.full(4096, 7.0)]).astype("f")
    kept = quantised(codes, 16)
    assert np.abs(kept - codes)[10:-10].max() < 1e-4
    assert (kept[:, 1] == 7).all()
    with pytest.raises(UserError, match="bits must be between 1 and 16: got 0"):
        quantised(codes, 0)


def test_pca_by_its_formula_is_pca_by_its_pictures(few: Any) -> None:
    straight = read_straight(*find_run("mnist-pca-30d"))
    x = few.images()
    codes = straight.encode(x)
    found = kept_by_pca(straight, codes, few, 4)
    for k in (1, 8, 30):
        cut = straight.cut(k)
        assert found[k - 1].sse == pytest.approx(
            sse(x, cut.decode(rounded_by_shares(codes[:, :k], shared_bits(codes[:, :k], 4)))), rel=1e-4
        )
        assert k / 2 - 0.5 <= found[k - 1].code_bytes <= k / 2  # a last bit may fit nowhere
    half = replace(
        straight, mean=straight.mean.astype("e").astype("f"), components=straight.components.astype("e").astype("f")
    )
    exact = sse(x, straight.decode(codes))
    assert abs(sse(x, half.decode(half.encode(x))) - exact) < 0.001  # what float16 costs its model
    assert found[29].model_bytes == 2 * 31 * 784 + 9 * 30


def test_an_autoencoder_loses_with_fewer_bits_and_pays_for_its_model(few: Any) -> None:
    store, record = find_run("mnist-ladder-8d")
    codes = codes_of(store, record, few)
    two, eight = (kept_by_autoencoder(store, record, codes, few, bits) for bits in (2, 8))
    assert eight.sse < two.sse
    assert (two.code_bytes, eight.code_bytes) == (2.0, 8.0)
    assert eight.model_bytes == record.files["decoder.onnx"].size + 64
    assert eight.bytes_an_image(1_000_000) == pytest.approx(8 + eight.model_bytes / 1e6)
    plain = sse(few.images(), Graphs(store, record).decode(codes))
    assert plain < eight.sse < plain * 1.05


def test_jpeg_as_a_contact_sheet_is_the_published_29_bytes(images: Any) -> None:
    smallest = kept_as_jpeg(images, 1)
    assert round(smallest.code_bytes) == 29
    assert round(smallest.sse) == 10
    best = kept_as_jpeg(images.take(np.arange(400)), 95)
    assert best.sse < 0.2
    assert best.code_bytes > 100


def test_a_sheet_is_the_images_side_by_side(few: Any) -> None:
    sheet, (n_rows, columns) = contact_sheet(few.take(np.arange(7)))
    assert (sheet.shape, n_rows, columns) == ((84, 84), 3, 3)
    assert (sheet[28:56, 56:84] == few.pixels[5, 0]).all()
    assert (sheet[56:, 28:] == 0).all()  # places left over
    colour = datasets.heldout("mnist-tinted", "bundled").take(np.arange(4))
    sheet, _ = contact_sheet(colour)
    assert sheet.shape == (56, 56, 3)
    assert np.abs(sheet[28:, :28].transpose(2, 0, 1) / 255 - colour.images()[2]).max() < 0.003
    assert kept_as_jpeg(colour, 90).sse < 10


def test_png_is_the_images_without_loss_and_less_than_a_byte_a_pixel(few: Any) -> None:
    sheet, _ = contact_sheet(few)
    assert 100 < png_bytes(few) < 250 < 784
    buffer = io.BytesIO()
    Image.fromarray(sheet).save(buffer, "PNG")
    assert (np.asarray(Image.open(io.BytesIO(buffer.getvalue()))) == sheet).all()


def test_bits_by_variance_leave_less_error_than_the_same_for_all_and_a_short_pca_beats_jpeg(images: Any) -> None:
    straight = read_straight(*find_run("mnist-pca-64d"))
    codes = straight.encode(images.images())
    given = shared_bits(codes, 4)
    assert given.sum() <= 4 * 64
    assert given[:8].mean() > given[-8:].mean()
    z = codes.astype(np.float64)
    shared, equal = (
        np.square(z - q).sum(axis=1).mean() for q in (rounded_by_shares(codes, given), quantised(codes, 4))
    )
    assert shared < equal
    jpeg = kept_as_jpeg(images, 1)
    least = min(
        each.code_bytes for bits in BITS for each in kept_by_pca(straight, codes, images, bits) if each.sse <= jpeg.sse
    )
    assert 18 < least < 25 < jpeg.code_bytes
