"""What a visitor tries and fails at: the reason stands on the page until the next attempt."""

from streamlit.testing.v1 import AppTest


def script() -> None:
    import streamlit as st

    from ae_models.base import UserError
    from ae_models.ui.shared.actions import attempt, reason

    def fail() -> None:
        raise UserError("n must be 1: got 2")

    st.button("bad", key="bad", on_click=attempt, args=("why", fail))
    st.button("good", key="good", on_click=attempt, args=("why", lambda: None))
    st.text(reason("why"))


def test_a_failed_attempt_leaves_its_reason_until_the_next_one() -> None:
    page = AppTest.from_function(script).run()
    assert page.text[0].value == ""
    page.button("bad").click().run()
    assert not page.exception
    assert page.text[0].value == "n must be 1: got 2"
    page.button("good").click().run()
    assert page.text[0].value == ""
