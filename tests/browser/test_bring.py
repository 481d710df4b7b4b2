"""One's own data in a real browser: a zip comes in, a guess is changed, it is kept, deleted, taken back; vectors."""

import io
import os
import zipfile

import numpy as np
import pytest
from PIL import Image

from ae_models.figures.tint import ink

pytestmark = pytest.mark.browser


def bars() -> bytes:
    """Thirty pictures of 16 x 16, dark on light, in two class folders."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for place in range(15):
            for name in ("lies", "stands"):
                image = np.full((16, 16), 250, np.uint8)
                image[place % 12 + 2, 2 : 14 - place // 12] = 20
                png = io.BytesIO()
                Image.fromarray(image if name == "lies" else image.T).save(png, "PNG")
                archive.writestr(f"{name}/{place}.png", png.getvalue())
    return buffer.getvalue()


@pytest.fixture
def own(visit):
    """A page whose console may say that Streamlit looks for its server below the page's own address first."""
    yield visit
    found = [error for error in visit.errors if "status of 404" not in error]
    visit.errors[:] = found


def test_a_zip_comes_in_is_kept_deleted_and_taken_back(own):
    page = own.page
    page.goto("/bring")
    page.wait_for_selector("input[type=file]", state="attached")
    own.idle()
    page.set_input_files("input[type=file]", {"name": "bars.zip", "mimeType": "application/zip", "buffer": bars()})
    ink_of = page.get_by_role("combobox", name="Ink")
    ink_of.wait_for()
    assert ink_of.input_value() == "dark on light: turned round"
    ink_of.click()
    page.get_by_role("option", name="light on dark: kept as it is").click()
    page.get_by_text("you said so").wait_for()
    page.get_by_role("button", name="Keep it").click()
    page.get_by_text("“bars” is here now").wait_for()
    own.idle()
    card = page.locator(".st-key-card-data-bars")
    assert "24 to train on, 6 held out" in card.inner_text()
    page.locator(".st-key-bring-delete-bars button").first.click()
    page.get_by_text("“bars” is deleted.").wait_for()
    page.get_by_role("button", name="Undo").click()
    card.wait_for()
    own.idle()
    card.get_by_role("link", name="See its maps").click()  # PCA is there at once
    page.wait_for_selector('.ll-canvas[data-decodes="true"]')
    page.get_by_text("Only PCA so far.").wait_for()
    assert page.locator('canvas[data-picture="PCA draws"]').count() == 1
    assert page.locator('canvas[data-picture="Autoencoder draws"]').count() == 0


def test_a_row_of_numbers_is_drawn_as_the_figures_draw_it(own, home, monkeypatch):
    monkeypatch.setitem(os.environ, "AE_MODELS_HOME", str(home))
    from ae_models import datasets
    from ae_models.datasets import readers
    from ae_models.recipes import import_data

    table = np.random.default_rng(0).normal(size=(60, 9)).round(3)
    text = "\n".join([",".join(f"feature {n}" for n in "abcdefghi"), *(",".join(map(str, row)) for row in table)])
    import_data.keep(import_data.look([readers.of_bytes("table.csv", text.encode())]), "table")
    own.open("/?data=table")
    images = datasets.heldout("table")
    assert images.shape == (1, 1, 9)
    wanted = ink(images.images([0]), dark=False)[0] / 255
    shown = own.rgb("Original")
    assert shown.shape == wanted.shape  # bars, and not a line one pixel high
    off = np.abs(shown - wanted).max(axis=2) > 0.02
    assert off.any(axis=0).mean() <= 0.2  # bytes and floats may round a bar by a pixel
    assert off.sum(axis=0).max() <= 1
    assert own.page.locator(".ll-tools select").first.input_value() == "errors autoencoder"  # no labels
    # The page speaks of rows, and says what each number is to whoever points at it: its name, its value as it came.
    assert own.note("Original").startswith("test row #")
    assert own.page.locator(".ll-find").first.get_attribute("placeholder") == "row number"
    assert own.page.get_by_text("Click a dot to keep its row.").count() == 1
    canvas = own.page.locator('canvas[data-picture="Original"]')
    box = canvas.bounding_box()
    drawn = wanted.shape[1] / 64 * box["height"]
    row = int(own.said()["image"])
    for place in (0, 4, 8):
        left = box["x"] + (box["width"] - drawn) / 2
        own.page.mouse.move(left + (place + 0.4) / 9 * drawn, box["y"] + 20)
        tip = own.page.locator(".ll-cell-original .ll-tip").first
        own.until(lambda place=place, tip=tip: f"feature {'abcdefghi'[place]}: " in tip.text_content())
        _, _, value = tip.text_content().partition(": about ")
        step = np.ptp(table[:, place]) / 255  # a real row comes as bytes
        assert float(value.split()[0]) == pytest.approx(table[row, place], abs=1.5 * step)
    own.page.mouse.move(5, 5)
    assert tip.text_content() == "The row that is pinned on the maps." or "row that is looked at" in tip.text_content()
    assert own.page.locator(".ll-cell-original .ll-axis span").count() == 0  # nine names do not fit
    import_data.keep(import_data.look([readers.of_bytes("few.csv", b"a,b,c\n" + b"1,2,3\n4,5,7\n0,1,1\n" * 10)]), "few")
    own.open("/?data=few")
    own.until(lambda: own.page.locator(".ll-cell-original .ll-axis span").all_text_contents() == ["a", "b", "c"])
    # From rows to pictures on the same page: the words change with the data.
    own.page.locator(".st-key-bar-data").get_by_role("combobox").click()
    own.page.get_by_role("option", name="Small digits (8 x 8)").click()
    own.until(lambda: own.page.locator(".ll-find").first.get_attribute("placeholder") == "image number")
    own.until(lambda: own.note("Original").startswith("test image #"))
