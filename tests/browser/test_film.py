"""The training film: each moment as it was kept, the loss of that moment, the last one the map as it is."""

import json
import re

import numpy as np
import pytest

from ae_models.base.paths import ROOT
from tests.browser import truth

pytestmark = pytest.mark.browser
RUN = "digits-dense-2d"


def test_the_film_goes_to_and_fro_and_ends_on_the_map(digits):
    page = digits.page
    with np.load(ROOT / f"data/runs/{RUN}/snapshots.npz") as arrays:
        kept, steps = arrays["aligned"].astype(float), arrays["steps"]
    history = json.loads((ROOT / f"data/runs/{RUN}/history.json").read_text())
    home, last = digits.dots(0), len(kept) - 1
    others = digits.dots(1)
    page.get_by_role("button", name="Training film").click()
    page.get_by_role("button", name="Pause").wait_for()  # it plays
    moment = page.get_by_label("Moment of the training")
    digits.until(lambda: int(moment.input_value()) > 0)
    page.get_by_role("button", name="Pause").click()

    def check(number: int) -> None:
        digits.until(lambda: digits.page.locator(".ll-film").get_attribute("data-moment") == str(number))
        assert np.abs(digits.dots(0) - kept[number]).max() < 1e-3
        said = digits.text(".ll-film-caption")
        if number == 0:
            assert said == "before training"
            return
        pattern = r"step ([\d,]+), epoch ([\d.]+): (?:error ([\d.]+)|not scored yet)"
        step, epoch, error = re.fullmatch(pattern, said).groups()
        assert int(step.replace(",", "")) == steps[number]
        epochs = steps[number] * len(history) / steps[-1]
        assert float(epoch) == pytest.approx(epochs, abs=0.051)
        if epochs >= 1:
            assert float(error) == pytest.approx(history[int(epochs + 1e-9) - 1]["heldout_sse"], abs=0.051)

    moment.focus()
    page.keyboard.press("Home")
    check(0)
    for number in (1, 2, 3):
        page.keyboard.press("ArrowRight")
        check(number)
    page.keyboard.press("ArrowLeft")
    check(2)  # backward too
    page.keyboard.press("End")
    check(last)
    assert np.abs(digits.dots(0) - home).max() < 1e-3 * np.abs(home).max()  # 16 bits a number
    assert np.abs(kept[0] - kept[last]).max() > 1  # else nothing was shown to move
    assert (digits.dots(1) == others).all()  # the other maps stand
    page.get_by_role("button", name="Play").click()  # from the end: again from the start
    digits.until(lambda: 0 < int(moment.input_value()) < last)
    page.locator(".ll-film").get_by_role("button", name="Close").click()
    digits.until(lambda: (digits.dots(0) == home).all())
    assert np.abs(home - truth.codes(RUN)).max() < 1e-5


def test_a_run_without_snapshots_offers_no_film(space):
    """Not every run kept its moments, but where they are kept the button is there."""
    kept = "snapshots.npz" in truth.record("digits-dense-3d").files
    assert space.page.get_by_role("button", name="Training film").is_visible() == kept
