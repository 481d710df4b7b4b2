"""What the lessons claim beyond the numbers in their text, against what ships: noise, copies, starts, penalties."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ae_models.ui.lessons import material as kept
from ae_models.ui.lessons.caches import filling, penalties
from ae_models.ui.lessons.exhibit_page import exhibit_of
from ae_models.ui.lessons.exhibits import denoising
from ae_models.ui.lessons.text import Value
from ae_models.ui.shared.run_data import heldout_of

pytestmark = pytest.mark.slow


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
    assert asked["clean"] == max(asked.values()) < float(found["asked_nothing"])  # "all take some of it away"
    assert asked["denoiser"] < float(found["asked_straight"]) < asked["pca"]  # "part the training, part the bends"
    assert float(found["whole_denoiser"]) > 2 * asked["denoiser"]  # "it knows its own noise only"
    assert float(found["whole_denoiser"]) > float(found["whole_pca"])
    assert float(found["zero_denoiser"]) > float(found["zero_clean"])  # the price
    judged = denoising.recognised("gaussian-noise", 50)
    changed = judged.cleaned - judged.spoiled
    interval = 1.96 * changed.std() / np.sqrt(len(changed))
    says = {0: "No difference that these images could show", 1: "More", -1: "Fewer"}
    assert found["judged_says"] == says[0 if abs(changed.mean()) <= interval else int(np.sign(changed.mean()))]
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
    assert float(found["shared"]) < float(found["shared_pca"]) < 80  # PCA keeps more, not all
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
    nines = filling.nines()
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
        assert 0.8 < float(found[width]) < 1.3
    assert 50 < 100 * penalties.cloud(1).filled < 80  # the clouds do not fill the Gaussian
    assert f"{100 * penalties.cloud(1).filled:.0f} % of what the Gaussian draws" in str(found["clouds"])
    before = 0.0
    for step in (1, 2, 3, 4):
        found = values("penalties", step=step)
        assert float(found["c_work"]) == float(found["numbers"]) > float(found["l1_work"])
        assert float(found["l1_axis"]) > 0
        assert float(found["none_sse"]) < min(float(found[f"{name}_sse"]) for name in ("l1", "k", "c"))
        assert float(found["l1_sse"]) > before
        before = float(found["l1_sse"])
    assert float(found["sparse_sse"]) > 1 > 0.1 > float(found["relu_sse"])


def test_a_sample_is_random_and_always_the_same() -> None:
    images = heldout_of(kept.shipped_run("mnist-dense-2d")[1])
    one, other = kept.sample(images, 300), kept.sample(images, 300)
    assert (one.ids == other.ids).all()
    assert np.median(one.ids) == pytest.approx(np.median(images.ids), rel=0.15)  # not the first of the file
    assert kept.plus_minus(np.ones(300)) == pytest.approx(0.6, abs=0.1)
    assert kept.plus_minus(np.arange(300) % 2) == pytest.approx(5.6, abs=0.1)


def test_the_figure_of_one_model_is_the_same_in_all_lessons() -> None:
    ladder = kept.shipped_run("mnist-ladder-2d")[1].test.sse
    assert float(values("lossy")["ae_asked"]) == float(values("layers", size=2)["sse"]) == ladder
    assert float(values("penalties", beta=0)["sse"]) == ladder
    assert float(values("strangers")["own_asked"]) == pytest.approx(ladder, rel=1e-4)
    learned, linear = values("learned"), values("linear")
    assert float(learned["low"]) <= ladder <= float(learned["high"])
    assert linear["bent_both"] == f"{float(learned['low']):.2f} to {float(learned['high']):.2f} over 5 seeds"


def test_linear_the_floor_holds_where_pca_was_fitted_and_can_be_passed_elsewhere() -> None:
    found = values("linear", k=2)
    mnist = exhibit_of("linear").facts("mnist", {"k": 2, "seed": 0})
    straight = kept.shipped_run("mnist-pca-2d")[1].test.sse
    assert float(found["passed"]) == float(mnist.values["floor"])
    assert straight - 0.2 < float(found["passed"]) < straight - 0.05  # by 0.1
    assert mnist.right == "same"


def test_layers_two_numbers_lie_about_the_half() -> None:
    found = values("layers")
    curve = kept.straight_curve(kept.shipped_run("mnist-ladder-2d")[1])
    best = 100 * (1 - kept.shipped_run("mnist-dense-2d")[1].test.sse / curve[0])
    assert float(found["share_2"]) < 50 < best
    assert f"{best:.1f} %" in str(found["between"])


def test_lossy_png_is_smaller_than_pixels_and_no_network_comes_to_nothing() -> None:
    found = values("lossy")
    assert float(found["png"]) < float(found["pixels"]) / 4
    assert float(found["smaller"]) == pytest.approx(float(found["png"]) / float(found["bytes"]))
    assert 0 < float(found["published_64"]) < float(found["ae_largest"])


def test_maps_keep_a_part_of_who_is_near_whom_and_t_sne_the_larger_one() -> None:
    found = values("maps")
    assert float(found["true_umap"]) < float(found["true_tsne"]) < 25


def test_filling_the_hardest_class_is_one_by_its_interval_or_a_tie() -> None:
    found = values("filling", use="enlarge")
    assert float(found["ink_r"]) > 0.7
    assert str(found["worst"]) in str(found["hardest"])
    assert ("a tie" in str(found["hardest"])) or (" is hardest" in str(found["hardest"]))


def test_the_mean_image_is_a_higher_bar_than_shuffled_drawings() -> None:
    from ae_models.ui.lessons.exhibits.maps import scores

    curve = kept.straight_curve(kept.shipped_run("mnist-ladder-2d")[1])
    for row in scores("mnist").rows:
        chance = row.values["sse"].chance
        assert chance is None or chance > 1.1 * float(curve[0])
