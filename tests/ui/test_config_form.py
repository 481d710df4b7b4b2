"""The form says what the config classes say: every label, bound, default and help text, for every setting there is."""

from typing import Literal, get_args, get_origin

import pytest
from streamlit.testing.v1 import AppTest

from ae_models.autoencoders import ARCHITECTURES, PENALTIES
from ae_models.autoencoders.dense_config import DenseConfig
from ae_models.autoencoders.variational_config import VariationalConfig
from ae_models.base import UserError
from ae_models.base.config import Config, ImportConfig, TrainConfig, label_of
from ae_models.corruptions import CORRUPTIONS
from ae_models.kinds import IMAGE
from ae_models.projections import PROJECTIONS
from ae_models.ui.train.config_form import FieldBounds, note_of, step_of

TABLES = (ARCHITECTURES, CORRUPTIONS, PENALTIES, PROJECTIONS)
CLASSES = sorted(
    {TrainConfig, ImportConfig, *(cls for table in TABLES for name in table if (cls := table.entry(name).config))},
    key=lambda cls: cls.__name__,
)


def _form(*classes: type[Config], most: dict | None = None) -> AppTest:
    def script(places, most):
        from importlib import import_module

        import streamlit as st

        from ae_models.ui.train.config_form import settings

        st.session_state["found"] = {
            name: settings(getattr(import_module(module), name), name, most=most) for module, name in places
        }

    places = [(cls.__module__, cls.__name__) for cls in classes]
    page = AppTest.from_function(script, args=(places, most), default_timeout=600).run()
    assert not page.exception
    return page


def _widgets(page: AppTest, name: str) -> dict:
    kinds = (page.number_input, page.selectbox, page.toggle, page.text_input)
    own = [widget for kind in kinds for widget in kind if widget.key.startswith(f"{name}-")]
    return {widget.key.removeprefix(f"{name}-"): widget for widget in own}


@pytest.fixture(scope="module")
def everything() -> AppTest:
    """The forms of all classes on one page."""
    return _form(*CLASSES)


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_every_setting_has_a_widget_with_its_words_and_its_default(everything, cls):
    widgets = _widgets(everything, cls.__name__)
    assert set(widgets) == set(cls.model_fields)
    for name, field in cls.model_fields.items():
        assert widgets[name].label == IMAGE.say(label_of(cls, name))
        assert (widgets[name].help or "") == (note_of(cls, name) or "")
        assert (widgets[name].help or "").startswith(IMAGE.say(field.description or ""))
    assert cls.of(**everything.session_state["found"][cls.__name__]) == cls()


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_bounds_are_those_of_the_config(everything, cls):
    widgets = _widgets(everything, cls.__name__)
    for name, field in cls.model_fields.items():
        if field.annotation in (int, float):
            bounds = FieldBounds.of(field)
            for value, end in ((bounds.low, "min"), (bounds.high, "max")):
                if value is not None:
                    assert getattr(widgets[name], end) == value
                    cls.of(**{name: value})  # the bound itself is allowed
            if bounds.high is not None:
                with pytest.raises(UserError):
                    cls.of(**{name: bounds.high + 1})
        if get_origin(field.annotation) is Literal:
            assert len(widgets[name].options) == len(get_args(field.annotation))


def test_a_value_that_was_typed_comes_back():
    page = _form(VariationalConfig)
    widgets = _widgets(page, "VariationalConfig")
    widgets["body"].set_value("conv")
    widgets["beta"].set_value(0.5)
    widgets["channels"].set_value("8; 16,  4")
    page.run()
    made = VariationalConfig.of(**page.session_state["found"]["VariationalConfig"])
    assert (made.body, made.beta, made.channels) == ("conv", 0.5, (8, 16, 4))


def test_a_list_that_is_wrong_is_said_under_it_and_refused():
    page = _form(DenseConfig)
    for text in ("", "a, b", "0", "9000", "1, 2, 3, 4, 5, 6, 7, 8, 9"):
        _widgets(page, "DenseConfig")["widths"].set_value(text)
        page.run()
        assert not page.exception
        assert ":red[" in page.caption[0].value
        with pytest.raises(UserError, match="widths"):
            DenseConfig.of(**page.session_state["found"]["DenseConfig"])


def test_a_limit_of_the_servers_owner_is_a_bound():
    epochs = _widgets(_form(TrainConfig, most={"epochs": 7.0}), "TrainConfig")["epochs"]
    assert (epochs.max, epochs.value) == (7, 7)
    epochs = _widgets(_form(TrainConfig, most={"epochs": 5_000.0}), "TrainConfig")["epochs"]
    assert (epochs.max, epochs.value) == (2_000, 20)


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_steps_can_be_seen_in_the_number(cls):
    for field in cls.model_fields.values():
        if field.annotation is float:
            step = step_of(field.default, FieldBounds.of(field))
            assert 0 < step <= max(abs(field.default), 1)
            assert round(field.default / step) * step == pytest.approx(field.default)
