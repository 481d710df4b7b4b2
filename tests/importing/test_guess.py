"""What files are taken for, with the reason; and every guess can be changed before anything is kept."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PIL import Image

from ae_models.base import UserError
from ae_models.base.config import ImportConfig
from ae_models.recipes import import_data

from .conftest import csv_of, npy, npz, picture, zipped

Look = Callable[..., Any]


def all_pixels(incoming: Any) -> np.ndarray:
    rows = incoming.rows
    order = np.argsort(np.concatenate([rows.train.ids, rows.heldout.ids]), kind="stable")
    return np.concatenate([rows.train.images(), rows.heldout.images()])[order]


RANGES: dict[str, tuple[Callable[[np.ndarray], np.ndarray], str]] = {
    "bytes": (lambda x: x, "0-255"),
    "floats to 1": (lambda x: x / 255, "0-1"),
    "floats to 255": (lambda x: x.astype(float), "0-255"),
    "minus one to one": (lambda x: x / 127.5 - 1, "minus1-1"),
    "sixteen bits": (lambda x: x.astype(np.uint16) * 257, "0-65535"),
    "truth values": (lambda x: x > 127, "0-1"),
    "standardized": (lambda x: (x / 255 - 0.1307) / 0.3081, "min-max"),
}


@pytest.mark.parametrize("kind", RANGES)
def test_ranges_of_values(looked: Look, digits: Any, kind: str) -> None:
    x, y = digits
    change, expected = RANGES[kind]
    incoming = looked({"a.npz": npz(images=change(x), labels=y)})
    assert incoming.plan["range"] == expected
    want = (x > 127) if kind == "truth values" else x / 255
    assert np.allclose(all_pixels(incoming)[:, 0], want, atol=1e-4)


def test_small_digits_have_sixteen_levels(looked: Look, digits: Any) -> None:
    x, y = digits
    small = (x[:, 2:26:3, 2:26:3] // 16).astype(np.uint8)
    small[0, 0, 0] = 16
    incoming = looked({"a.npz": npz(images=small, labels=y)})
    assert incoming.plan["range"] == "0-16"
    assert incoming.rows.train.levels == 16
    assert np.array_equal(all_pixels(incoming)[:, 0] * 16, small)


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("inverted", [False, True])
def test_ink_and_direction_are_recognised_together(looked: Look, digits: Any, inverted: bool, turned: bool) -> None:
    x, y = digits
    stored = x.swapaxes(1, 2) if turned else x
    stored = 255 - stored if inverted else stored
    incoming = looked({"a.npz": npz(images=stored, labels=y)})
    assert incoming.plan["inverted"] == ("yes" if inverted else "no")
    assert incoming.plan["transposed"] == ("yes" if turned else "no")
    assert np.allclose(all_pixels(incoming)[:, 0], x / 255)


def test_what_the_user_says_wins_and_needs_no_second_reading(looked: Look, digits: Any) -> None:
    x, y = digits
    incoming = looked({"a.npz": npz(images=255 - x, labels=y)})
    as_is = incoming.again(ImportConfig.of(inverted="no", transposed="yes", range="0-65535", split="fifth"))
    assert np.allclose(all_pixels(as_is)[:, 0], (255 - x).swapaxes(1, 2) / 65_535, atol=1e-5)
    said = {guess.key: guess.confidence for guess in as_is.plan.guesses}
    assert said["inverted"] == said["transposed"] == said["range"] == "yours"
    named = incoming.again(ImportConfig.of(class_names="a,b,c,d,e,f,g,h,i,j"))
    assert named.rows.train.class_names == tuple("abcdefghij")
    with pytest.raises(UserError, match="3 names for 10 classes"):
        incoming.again(ImportConfig.of(class_names="a,b,c"))


def test_every_guess_has_a_reason_and_a_known_confidence(looked: Look, digits: Any) -> None:
    x, y = digits
    for guess in looked({"a.npz": npz(images=x, labels=y)}).plan.guesses:
        assert guess.why
        assert guess.confidence in ("sure", "likely", "unsure", "yours")
        assert not guess.choices or guess.value in guess.choices


def test_a_test_set_can_be_given_up_for_a_fifth(looked: Look, digits: Any) -> None:
    x, y = digits
    files = {"a.npz": npz(x_train=x[:35], y_train=y[:35], x_test=x[35:], y_test=y[35:])}
    assert len(looked(files).rows.heldout) == 5
    fifth = looked(files, split="fifth").rows
    assert len(fifth.heldout) == 8
    assert sorted([*fifth.train.ids, *fifth.heldout.ids]) == list(range(40))
    with pytest.raises(UserError, match="no test rows came"):
        looked({"a.npz": npz(images=x)}, split="given")


def test_larger_images_are_made_smaller_and_that_is_said(looked: Look, digits: Any) -> None:
    x, _ = digits
    large = np.kron(x, np.ones((1, 5, 4))).astype(np.uint8)  # 140 x 112
    for files in (
        {"a.npy": npy(large)},
        {"a.zip": zipped({f"{place}.png": picture(image) for place, image in enumerate(large)})},
    ):
        incoming = looked(files)
        assert incoming.rows.shape == (1, 64, 51)
        assert any(re.search("made.*(64 x 51|51 x 64)", note) for note in incoming.rows.notes)
        sized = looked(files, size=28)
        assert sized.rows.shape == (1, 28, 28)


def test_pictures_of_mixed_sizes_with_a_size(looked: Look, digits: Any) -> None:
    x, _ = digits
    files = {f"{place}.png": picture(image[: 20 + place % 3]) for place, image in enumerate(x)}
    with pytest.raises(UserError, match="size=28 would make"):
        looked({"a.zip": zipped(files)})
    assert looked({"a.zip": zipped(files)}, size=28).rows.shape == (1, 28, 28)


def test_sixteen_bits_palettes_and_grey_in_colour(looked: Look, digits: Any) -> None:
    x, _ = digits
    forms = {
        "16 bits": [picture(image.astype(np.uint16) * 257) for image in x],
        "palette": [picture(np.asarray(image), "GIF") for image in x],
        "grey in RGB": [picture(np.repeat(image[..., None], 3, axis=2)) for image in x],
        "BMP": [picture(image, "BMP") for image in x],
        "TIFF": [picture(image, "TIFF") for image in x],
        "PGM": [picture(image, "PPM") for image in x],
        "WebP": [picture(np.repeat(image[..., None], 3, axis=2), "WEBP", lossless=True) for image in x],
    }
    for form, contents in forms.items():
        incoming = looked({"a.zip": zipped({f"{place:02d}.png": content for place, content in enumerate(contents)})})
        assert incoming.rows.shape == (1, 28, 28), form
        assert np.allclose(all_pixels(incoming)[:, 0], x / 255, atol=1e-4), form


def test_what_is_transparent_shows_the_background(looked: Look, digits: Any) -> None:
    x, _ = digits
    black_ink = np.zeros((*x.shape, 4), np.uint8)
    black_ink[..., 3] = x  # black, as dense as the digit is bright
    files = {"a.zip": zipped({f"{place:02d}.png": picture(image) for place, image in enumerate(black_ink)})}
    incoming = looked(files)
    assert incoming.plan["inverted"] == "yes"  # dark ink on white
    assert np.allclose(all_pixels(incoming)[:, 0], x / 255, atol=1 / 255)
    assert any("transparency" in note for note in incoming.rows.notes)
    with pytest.raises(UserError, match="nothing to see"):
        looked(files, background="black")


def test_a_picture_turned_by_its_camera_is_upright(looked: Look, digits: Any) -> None:
    x, _ = digits
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by 90 degrees to see it upright
    turned = [picture(np.rot90(image), "PNG", exif=exif) for image in x]
    incoming = looked({"a.zip": zipped({f"{place:02d}.png": content for place, content in enumerate(turned)})})
    assert np.allclose(all_pixels(incoming)[:, 0], x / 255)


def test_colour_stays_colour_and_can_be_made_grey(looked: Look, digits: Any) -> None:
    x, _ = digits
    colour = np.stack([x, x // 2, x // 4], axis=-1)
    files = {"a.npy": npy(colour)}
    assert looked(files).rows.shape == (3, 28, 28)
    grey = looked(files, colour="grey")
    assert grey.rows.shape == (1, 28, 28)
    expected = (0.299 * colour[..., 0] + 0.587 * colour[..., 1] + 0.114 * colour[..., 2]) / 255
    assert np.allclose(all_pixels(grey)[:, 0], expected, atol=0.005)
    assert looked({"a.npy": npy(x)}, colour="colour").rows.shape == (3, 28, 28)


SPECTRA = np.sin(np.linspace(0, 9, 64)[None] * np.linspace(1, 3, 30)[:, None]) * 5 - 2  # 64 = 8 x 8, but no image


def test_64_numbers_that_are_no_image_are_vectors(looked: Look) -> None:
    incoming = looked({"a.npy": npy(SPECTRA)})
    assert incoming.plan["kind"] == "vectors"
    assert incoming.rows.shape == (1, 1, 64)
    assert looked({"a.npy": npy(SPECTRA)}, kind="images").rows.shape == (1, 8, 8)
    with pytest.raises(UserError, match="no square image"):
        looked({"a.npy": npy(SPECTRA[:, :50])}, kind="images")


@pytest.mark.parametrize("scaling", ["auto", "common", "column"])
def test_vectors_come_back_in_their_own_unit(looked: Look, home: Any, scaling: str) -> None:
    table = SPECTRA[:, :10] * np.logspace(0, 4, 10)
    table[:, 3] = 7.0  # a column that never changes
    lines = [",".join(f"length {place}" for place in range(10)), *(",".join(map(str, row)) for row in table)]
    incoming = looked({"a.csv": "\n".join(lines).encode()}, scaling=scaling)
    assert incoming.plan["scaling"] == ("column" if scaling == "auto" else scaling)
    import_data.keep(incoming, "numbers")
    found = np.concatenate([import_data.values_of("numbers", split) for split in ("train", "heldout")])
    order = np.argsort(np.concatenate([incoming.rows.train.ids, incoming.rows.heldout.ids]))
    span = np.ptp(table, axis=0) if incoming.plan["scaling"] == "column" else np.ptp(table)
    assert (np.abs(found[order] - table) <= span / 65_535 / 2 + 1e-4 * np.abs(table).max(axis=0)).all()
    unit = incoming.rows.train.images()
    assert unit.min() >= 0
    assert unit.max() <= 1


def test_a_contact_sheet_shows_a_row_a_class(looked: Look, digits: Any) -> None:
    x, y = digits
    sheet = looked({"a.csv": csv_of(x.reshape(len(x), -1), y)}).sheet()
    assert sheet.rows == tuple(map(str, range(10)))
    assert sheet.pixels.shape == (10 * 30 + 2, 12 * 30 + 2)
    first = sheet.pixels[2:30, 2:30]
    assert any(np.array_equal(first, image) for image in x[y == 0])
    bars = looked({"a.npy": npy(SPECTRA)}).sheet()
    assert bars.rows == ("",) * 2
    assert set(np.unique(bars.pixels)) <= {0, 128, 255}
