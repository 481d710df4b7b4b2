"""Lessons in Streamlit's own harness: each exhibit asked and revealed; links; and every claim against what ships."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from ae_models.recipes.known_structures import principal_map, structure
from ae_models.ui.lessons import EXHIBITS
from ae_models.ui.lessons import material as kept
from ae_models.ui.lessons.exhibit_page import data_of, exhibit_of, names_of
from ae_models.ui.lessons.predict import is_near, start_of
from ae_models.ui.lessons.text import Value, lesson
from ae_models.ui.shared.link import MOST_TASK, parse_shared
from tests.ui.visiting import opened

pytestmark = pytest.mark.slow

SCRIPT = Path(__file__).resolve().parents[2] / "ae_models" / "ui" / "lessons" / "page.py"
ROOT = SCRIPT.parents[3]


@pytest.fixture(autouse=True)
def _fresh_home(bundled_only: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT))


def visit(**parameters: str) -> AppTest:
    return opened(SCRIPT, parameters)


def said(page: AppTest) -> str:
    parts = [*page.markdown, *page.caption, *page.warning, *page.error]
    return "\n".join(str(part.value) for part in parts).replace("\\", "")


def reveal(page: AppTest, name: str) -> AppTest:
    choices = lesson(name).question.choices
    if choices:
        assert next(button for button in page.button if button.label == "Reveal").disabled  # guess first
        page.radio[0].set_value(next(iter(choices))).run()
    else:
        is_teacher = address(page).get("present") == "1"  # who may reveal without a guess
        assert next(button for button in page.button if button.label == "Reveal").disabled is not is_teacher
        page.slider[0].set_value(guess_of(name)).run()
    next(button for button in page.button if button.label == "Reveal").click().run()
    assert not page.exception
    assert "cannot be shown (" not in said(page)
    return page


def guess_of(name: str) -> int:
    slider = lesson(name).question.slider
    assert slider is not None
    return slider.low + 1


def address(page: AppTest) -> dict[str, str]:
    return {name: value[0] if isinstance(value, list) else value for name, value in page.query_params.items()}


def usual(name: str, dataset: str = "") -> dict[str, Any]:
    exhibit = exhibit_of(name)
    return {control.name: control.default for control in exhibit.controls(dataset or exhibit.DATA[0])}


def values(name: str, dataset: str = "", **chosen: Any) -> Mapping[str, Value]:
    exhibit = exhibit_of(name)
    data = dataset or exhibit.DATA[0]
    return exhibit.facts(data, {**usual(name, data), **chosen}).values


def test_the_index_has_a_card_for_each() -> None:
    page = visit()
    assert [button.label for button in page.button].count("Open") == len(EXHIBITS)
    for name, number in EXHIBITS.items():
        assert f"{number} · {lesson(name).title}" in said(page)
    assert "one of layers" in said(visit(lesson="<b>x</b>"))


@pytest.mark.parametrize("name", EXHIBITS)
def test_each_exhibit_asks_then_shows(name: str) -> None:
    page = visit(lesson=name)
    assert not page.get("plotly_chart")  # nothing is given away, and it is there at once
    assert lesson(name).section("in-short").text.split()[0] not in said(page).split("## Question")[0][-1:]
    page = reveal(page, name)
    assert page.get("plotly_chart")
    assert not page.error
    assert "The data say" in said(page)
    assert "Sources:" in said(page)
    assert address(page) == {"lesson": name}
    page.run()  # the answer is kept for the visit
    assert "The data say" in said(page)


@pytest.mark.parametrize("name", EXHIBITS)
def test_every_sentence_has_its_values_for_all_that_can_be_chosen(name: str) -> None:
    exhibit = exhibit_of(name)
    text = lesson(name)
    for dataset in data_of(exhibit).options:
        for control in exhibit.controls(str(dataset)):
            for option in control.options:
                facts = exhibit.facts(str(dataset), {**usual(name, str(dataset)), control.name: option})
                for section in text.sections.values():
                    assert "{" not in section.filled(facts.values).replace("{#", ""), section.id
                if text.question.slider:
                    assert text.question.slider.low <= int(facts.right) <= text.question.slider.high
                else:
                    assert facts.right in text.question.choices


@pytest.mark.parametrize("name", [name for name in EXHIBITS if lesson(name).question.slider])
def test_a_slider_is_no_guess_until_it_is_moved_and_a_near_guess_counts(name: str) -> None:
    slider = lesson(name).question.slider
    assert slider is not None
    exhibit = exhibit_of(name)
    right = int(exhibit.facts(exhibit.DATA[0], usual(name)).right)
    page = visit(lesson=name)
    assert page.slider[0].value == start_of(slider.low, slider.high, right) != right
    page.slider[0].set_value(right + 1 if right < slider.high else right - 1).run()
    next(button for button in page.button if button.label == "Reveal").click().run()
    assert ":material/check:" in said(page)
    assert ", 1 away" in said(page)
    page = reveal(visit(lesson=name), name)  # far off
    assert (":material/check:" in said(page)) is is_near(guess_of(name), right, slider.high - slider.low)


def test_nothing_is_trained_where_linear_is_asked_and_revealed(monkeypatch: pytest.MonkeyPatch) -> None:
    def trained(*_: object, **__: object) -> None:
        raise AssertionError("an exhibit is there at once: nothing is trained for it")

    monkeypatch.setattr("ae_models.analysis.linear_course.linear_path", trained)
    monkeypatch.setattr("ae_models.ui.shared.comparing.linear_path", trained)
    page = reveal(visit(lesson="linear", data="mnist", k="4", seed="3"), "linear")
    assert "Trained on all 10,000 images at once" in said(page)


def test_a_link_brings_an_exhibit_back_and_leaves_out_what_it_hides() -> None:
    asked = {
        "lesson": "lossy",
        "data": "fashion-mnist",
        "size": "8",
        "task": "Compare <b>1</b> and *64*.",
        "hide": "size,data",
        "present": "1",
    }
    page = reveal(visit(**asked), "lossy")
    assert address(page) == asked
    labels = [group.label for group in page.get("button_group")]
    assert "Bits a number" in labels
    assert "Numbers in the code" not in labels
    assert "With 8 numbers" in said(page)
    assert any(part.value == r"**Task** · Compare \<b\>1\</b\> and \*64\*\." for part in page.markdown)
    assert not any(button.label == "Share" for button in page.button)


@pytest.mark.parametrize(
    ("parameters", "says"),
    [
        ({"size": "7"}, "size in the address must be one of 1, 2, 3, 8, 16, 32, 64: got “7”"),
        ({"data": "cats"}, "data in the address must be one of mnist, fashion-mnist"),
        ({"hide": "everything"}, "hide in the address must name controls of this page (data, size, bits)"),
        ({"task": "x" * 500}, f"task in the address may have {MOST_TASK} letters at most: got 500"),
        ({"present": "yes"}, "present in the address must be 0 or 1"),
    ],
)
def test_what_is_wrong_in_a_link_is_one_clear_line(parameters: dict[str, str], says: str) -> None:
    page = visit(lesson="lossy", **parameters)
    assert says in said(page)
    assert len(page.warning) == 1


def test_what_a_teacher_adds_comes_back_as_it_was() -> None:
    for name in EXHIBITS:
        found = parse_shared(
            {"task": "Why?\nSay it.", "hide": ",".join(names_of(name)), "present": "1"}, names_of(name)
        )
        assert found.problems == ()
        assert parse_shared(found.address(), names_of(name)) == found


# What the text claims, beyond the numbers that are put into it.


def test_lossy_the_answer_is_where_pca_passes_and_detail_goes_first() -> None:
    for dataset in ("mnist", "fashion-mnist"):
        said_now = values("lossy", dataset)
        ladder = kept.shipped_ladder(dataset)
        curve = kept.straight_curve(ladder[0][1])
        needs = int(said_now["pca_needs"])
        assert curve[needs] <= float(said_now["ae_asked"]) < curve[needs - 1]
        for store, record in ladder:
            assert record.test.sse > 0  # "it is never 0"
            own, _ = kept.detail(store, record)
            assert (np.diff(own) < 0).all()


def test_layers_a_wider_bottleneck_keeps_more() -> None:
    shares = [float(values("layers")[f"share_{size}"]) for size in (1, 2, 3, 8, 16, 32, 64)]
    assert shares == sorted(shares)


def test_strangers_whoever_fits_fits_to_his_data() -> None:
    for dataset in ("mnist", "fashion-mnist"):
        for size in (2, 32):
            found = values("strangers", dataset, size=size)
            assert float(found["ae_home"]) < float(found["ae_there"])
            assert float(found["pca_home"]) < float(found["pca_there"])
            assert float(found["auc"]) > float(found["auc_mean"])


def test_linear_no_linear_map_is_below_pca_and_only_a_bent_decoder_is() -> None:
    for k in (2, 3):
        found = values("linear", k=k)
        assert found["above"] == "less than 0.00001"
        assert found["equal_are"] == "are PCA’s axes"
    floor = float(found["nonlinear_baseline"])
    assert float(found["bent_encoder"]) > floor - 0.05
    assert float(found["bent_decoder"]) < floor - 1
    assert float(str(found["bent_both"]).split()[2]) < float(str(found["bent_decoder"]))  # its worst seed


def test_maps_tsne_evens_clusters_out_and_the_winner_changes() -> None:
    found = values("maps")
    assert float(found["width_true"]) > 9
    assert float(found["seen"]) < 3
    assert float(found["width_pca"]) > 5
    assert float(found["gap_tsne"]) < float(found["gap_true"]) / 2
    assert int(found["n_winners"]) > 1
    for name in ("two", "ring", "noise"):  # PCA never draws two points farther apart than they are
        points = structure(name).points
        there, here = (np.linalg.norm(each[:50, None] - each[None], axis=2) for each in (points, principal_map(points)))
        assert (here <= there + 1e-3).all()
