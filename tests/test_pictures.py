"""Image files as ink."""

import io

import numpy as np
import pytest
from PIL import Image

from ae_models.base import UserError
from ae_models.base.pictures import ink_of

DIGIT = np.zeros((40, 30), np.uint8)
DIGIT[8:32, 13:17] = 255


def file_of(picture: Image.Image, kind: str = "PNG", **more: object) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind, **more)
    return buffer.getvalue()


EXPECTED = DIGIT / 255
LIGHT, DARK = Image.fromarray(255 - DIGIT), Image.fromarray(DIGIT)
CLEAR = Image.merge("RGBA", [Image.new("L", DARK.size, 0)] * 3 + [DARK])
WHITE = Image.merge("RGBA", [Image.new("L", DARK.size, 255)] * 3 + [DARK])
SIXTEEN = Image.fromarray(DIGIT.astype(np.uint16) * 257)


@pytest.mark.parametrize(
    "content",
    [
        file_of(LIGHT),
        file_of(DARK),
        file_of(LIGHT.convert("RGB")),
        file_of(LIGHT.convert("P")),
        file_of(LIGHT.convert("1")),
        file_of(CLEAR),
        file_of(WHITE),
        file_of(SIXTEEN),
        file_of(LIGHT.convert("LA")),
        file_of(LIGHT.convert("CMYK"), "JPEG", quality=100),
        file_of(LIGHT, "JPEG", quality=100, subsampling=0),
    ],
    ids=["light", "dark", "rgb", "palette", "bits", "clear", "white on clear", "16 bit", "grey alpha", "cmyk", "jpeg"],
)
def test_dark_on_light_and_light_on_dark_are_the_same_ink(content):
    assert np.abs(ink_of(content) - EXPECTED).max() < 0.06


def test_a_picture_turned_by_its_camera_stands_upright():
    turned = Image.fromarray(255 - DIGIT).transpose(Image.Transpose.ROTATE_90)
    exif = Image.Exif()
    exif[0x0112] = 6  # turn it by 90 degrees clockwise to see it upright
    assert np.abs(ink_of(file_of(turned, "JPEG", quality=100, exif=exif)) - EXPECTED).max() < 0.06


ANIMATED = file_of(LIGHT, save_all=True, append_images=[DARK])
WIDE = file_of(Image.new("1", (20_000, 2)))
MANY = file_of(Image.new("1", (8_000, 8_000)))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "no PNG or JPEG"),
        (b"hello", "no PNG or JPEG"),
        (file_of(LIGHT, "GIF"), "no PNG or JPEG"),
        (file_of(LIGHT, "BMP"), "no PNG or JPEG"),
        (file_of(LIGHT)[:60], "damaged"),
        (ANIMATED, "animated"),
        (WIDE, "20,000 x 2 pixels"),
        (MANY, "8,000 x 8,000 pixels"),
    ],
    ids=["empty", "text", "gif", "bmp", "cut off", "animated", "wide", "many"],
)
def test_anything_else_is_refused_in_one_line(content, words):
    with pytest.raises(UserError, match=words) as refused:
        ink_of(content, "seven.png")
    assert str(refused.value).startswith("seven.png")
    assert "\n" not in str(refused.value)
