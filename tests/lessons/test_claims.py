"""What the lessons claim beyond the numbers in their text, against what ships: noise, copies, starts, penalties."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ae_models.ui.caches import guessing
from ae_models.ui.lessons.text import Value
from ae_models.ui.widgets.lesson.page import exhibit_of


@pytest.fixture(autouse=True)
def _only_what_ships(bundled_only: Path) -> None:
    """Claims hold without the full files."""


def values(name: str, **chosen: Any) -> Mapping[str, Value]:
    exhibit = exhibit_of(name)
    dataset = exhibit.DATA[0]
    usual = {control.name: control.default for control in exhibit.controls(dataset)}
    return exhibit.facts(dataset, {**usual, **chosen}).values


def test_denoising_what_is_asked_of_it_decides() -> None:
    found = values("denoising")
    asked = {key: float(found[f"asked_{key}"]) for key in ("denoiser", "pca", "median", "clean")}
    assert asked["denoiser"] == min(asked.values())
    assert asked["clean"] == max(asked.values())
    assert float(found["zero_denoiser"]) > float(found["zero_clean"])  # the price
    assert float(found["judged_cleaned"]) < float(found["judged_clean"]) + 1  # cleaning adds nothing
    little, much = values("denoising", level=30), values("denoising", level=100)
    assert float(little["judged_cleaned"]) > float(much["judged_cleaned"]) + 10  # clean, and of something else
    assert float(much["now_denoiser"]) < float(much["now_nothing"]) / 4


def test_copying_whoever_copies_digits_copies_noise_and_sparsity_and_noise_end_that() -> None:
    found = values("copying")
    assert float(found["copier_noise"]) < float(found["mean_noise"]) / 50
    assert float(found["copier_clothes"]) < float(found["mean_clothes"]) / 50
    assert float(found["relu_noise"]) < float(found["mean_noise"]) / 10
    assert float(found["sparse_noise"]) > float(found["mean_noise"])
    assert float(found["sparse_digits"]) < float(found["mean_digits"]) / 5
    assert float(found["active_sparse"]) <= 25.5
    assert float(found["noisy_copier"]) > 0.8 * float(found["noisy_nothing"])
    assert float(found["noisy_trained"]) < float(found["noisy_sparse"])
    assert float(found["trained_noise"]) > float(found["mean_noise"]) / 2
    for size, copied in ((8, False), (1000, True)):
        assert (float(values("copying", size=size)["size_noise"]) < 1) is copied


def test_copying_one_number_is_enough_to_know_digits_by_heart() -> None:
    for known in (10, 1000):
        found = values("copying", known=known)
        assert float(found["known_error"]) < 0.005
        assert float(found["strange_error"]) > float(found["mean_digits"]) > float(found["straight_digits"])


def test_learned_the_error_stays_the_map_and_its_axes_do_not_and_pca_does() -> None:
    found = values("learned")
    assert float(found["high"]) < 1.02 * float(found["low"])  # "all but equal"
    assert float(found["explained"]) < 75 < 95 < float(found["explained_pca"])
    assert float(found["axes"]) < 0.6 < 0.95 < float(found["axes_pca"])
    assert float(found["same_first"]) < 25 < 70 < float(found["same_last"])
    assert float(found["shared"]) > 10 * float(found["shared_chance"])
    assert float(found["shared"]) < float(found["shared_pca"])
    assert float(found["same_high"]) - float(found["same_low"]) < 10


def test_filling_the_network_beats_plain_methods_and_cannot_tell_what_is_not_there() -> None:
    for use in ("fill", "enlarge", "colour"):
        found = values("filling", use=use)
        assert int(found["wins"]) >= 9
        assert 0.5 < float(found["lost"]) < 20  # some are made up
    found = values("filling", use="colour")
    assert float(found["hits"]) == pytest.approx(50, abs=5)  # a coin
    assert float(found["between"]) > 34  # nearest to the mixture more often than to either tint
    assert float(found["nine_away"]) > 4 * float(found["away"])
    assert found["worst"] == "9"
    assert float(found["nine_mixture"]) < float(found["nine_network"])
    drawn, between = ([int(part) for part in str(found[key]).split(",")] for key in ("drawn_rgb", "between_rgb"))
    assert np.abs(np.array(drawn) - between).max() < 25
    assert float(found["committed_wrong"]) == pytest.approx(50, abs=10)


def test_filling_nines_sorted_by_their_drawn_colour_are_in_no_order_of_their_true_one() -> None:
    nines = guessing.nines()
    rows = nines.in_order(len(nines.two.places))
    assert (np.diff(nines.two.places[rows]) >= 0).all()  # from the one tint to the other
    assert sorted(rows.tolist()) == list(range(len(nines.drawn)))
    assert nines.two.places[rows[0]] < 0.2 < 0.8 < nines.two.places[rows[-1]]
    halves = np.array_split(nines.two.second[rows], 2)
    assert halves[0].mean() == pytest.approx(halves[1].mean(), abs=0.1)  # "the upper row follows no such order"
    shown = nines.in_order(12)
    assert shown[0] == rows[0]
    assert shown[-1] == rows[-1]
    own = [tint / np.linalg.norm(tint) for tint in nines.two.tints]
    for end, tint, other in ((rows[:50], *own), (rows[-50:], *own[::-1])):  # the pictures are in that order too
        colour = nines.drawn[end].mean(axis=(0, 2, 3))
        colour /= np.linalg.norm(colour)
        assert np.linalg.norm(colour - tint) < np.linalg.norm(colour - other)


def test_penalties_a_large_beta_leaves_nothing_and_each_penalty_leaves_its_mark() -> None:
    found = values("penalties")
    assert float(found["kept_100"]) < 2 < 40 < float(found["kept_1"])
    assert found["kl_100"] == "less than 0.001"
    assert float(found["kl_1"]) > 1
    assert "always the same" in str(values("penalties", beta=100)["random"])
    assert "in one place" in str(values("penalties", beta=100)["clouds"])
    assert "new pictures" in str(found["random"])
    for width in ("wide_1", "wide_2"):
        assert 0.8 < float(found[width]) < 1.3  # "together they fill the Gaussian"
    before = 0.0
    for step in (1, 2, 3, 4):
        found = values("penalties", step=step)
        assert float(found["c_work"]) == float(found["numbers"]) > float(found["l1_work"])
        assert float(found["l1_axis"]) > 0
        assert float(found["none_sse"]) < min(float(found[f"{name}_sse"]) for name in ("l1", "k", "c"))
        assert float(found["l1_sse"]) > before
        before = float(found["l1_sse"])
    assert float(found["sparse_sse"]) > 1 > 0.1 > float(found["relu_sse"])
