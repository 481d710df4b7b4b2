"""A kind fills its nouns into templates, and leaves alone what somebody else wrote."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ae_models.figures.tint import ink
from ae_models.kinds import IMAGE, KINDS, NOUNS, VECTOR, Kind, glossary, kind_called, kind_of
from ae_models.metrics import METRICS, metric

EVERY = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)


def test_a_sentence_is_said_in_the_nouns_of_its_data() -> None:
    words = "{A_sample} of {n:,} {parts}: {samples}, {Pictures}, {a_picture}"
    assert IMAGE.say(words, n=1000) == "An image of 1,000 pixels: images, Pictures, a picture"
    assert VECTOR.say(words, n=1000) == "A row of 1,000 numbers: rows, Charts, a chart"


def test_a_title_that_somebody_gave_stays_as_it_is() -> None:
    title = "image pixels {samples} {0} {nothing} of pictures"
    assert VECTOR.say("{n} {samples} of {title}", n=2, title=title) == f"2 rows of {title}"


@pytest.mark.parametrize("words", ["{sampels}", "a { b", "}", "{}", "{0}", "{}{0}"])
def test_a_slip_in_a_template_is_an_error(words: str) -> None:
    with pytest.raises((KeyError, ValueError)):
        IMAGE.say(words)


def test_a_value_cannot_take_the_place_of_a_noun() -> None:
    with pytest.raises(ValueError, match="samples"):
        IMAGE.say("{samples}", samples="things")


@EVERY
def test_a_kind_is_found_by_its_names_and_all_its_nouns_are_there(kind: Kind) -> None:
    assert KINDS[kind.name] is kind is kind_called(kind.plural)
    assert all(kind.nouns[name] for name in NOUNS)
    assert kind.a_sample.split(" ", 1)[1] == kind.sample


def test_the_shape_tells_images_from_rows() -> None:
    assert kind_of((1, 1, 5)) is VECTOR
    assert [kind_of(shape) for shape in ((1, 28, 28), (3, 8, 8), (3, 1, 5), (1, 2, 1))] == [IMAGE] * 4


@EVERY
def test_every_word_of_the_glossary_and_every_metric_is_said_for_every_kind(kind: Kind) -> None:
    assert all(glossary.tip(term, kind=kind) for term in glossary.terms())
    for name in METRICS:
        entry = metric(name, kind)
        assert "{" not in entry.title + entry.summary + entry.chance + entry.unit + entry.formula
        values = dict.fromkeys(("value", "percent", "root", "k", "of_k", "chance"), "1")
        assert kind.say(entry.says, **values)


def test_a_new_kind_is_a_line_in_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    toy = replace(
        IMAGE,
        name="toy",
        plural="toys",
        holds=lambda shape: shape[0] == 5,
        sample="toy",
        samples="toys",
        a_sample="a toy",
        ink=lambda values, colours: np.full((*values.shape[:-3], 2, 3, 3), 7, np.uint8),
    )
    monkeypatch.setitem(KINDS, "toy", toy)
    assert kind_of((5, 8, 8)) is toy is kind_called("toys")
    assert kind_of((1, 28, 28)) is IMAGE
    assert kind_of((1, 1, 5)) is VECTOR
    assert glossary.tip("encoder", kind=toy).endswith("from a toy to its code.")
    assert "toy" in metric("sse", toy).formula
    assert ink(np.zeros((4, 5, 8, 8), np.float32), dark=False).shape == (4, 2, 3, 3)
