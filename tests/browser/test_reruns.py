"""Zoom and selection survive what makes Streamlit run again."""

import pytest

pytestmark = pytest.mark.browser


def test_zoom_and_selection_stay_through_five_reruns(digits):
    page = digits.page
    first = digits.area(0)
    page.mouse.move(*digits.spot(0, 0.5, 0.5))
    for _ in range(3):
        before = digits.area(0)
        digits.wheel(-200)
        digits.until(lambda before=before: digits.area(0) != before)
    digits.tool("Lasso")
    digits.drag([digits.spot(0, *corner) for corner in ((0.2, 0.2), (0.8, 0.2), (0.8, 0.8), (0.2, 0.8))])
    digits.tool("Lasso", on=False)
    ids = [row["id"] for row in digits.chosen()]
    title = digits.text(".ll-gallery .ll-tray-title")
    assert title == f"{len(ids)} selected on Autoencoder"
    assert len(ids) > 20
    zoomed = digits.area(0)
    assert zoomed[5] - zoomed[4] < 0.9 * (first[5] - first[4])
    digits.slider.focus()
    for number in range(5):
        page.keyboard.press("ArrowRight")
        value = float(digits.slider.input_value())
        digits.until(lambda value=value: digits.point[:1] == pytest.approx([value], abs=1e-4))
        digits.idle()
        assert digits.area(0)[4:] == zoomed[4:], number
        assert digits.text(".ll-gallery .ll-tray-title") == title
    assert [row["id"] for row in digits.chosen()] == ids
