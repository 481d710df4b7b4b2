"""What a page offers to a maker, to another visitor, and at one's own desk."""

import sys

import pytest
from streamlit.runtime.context import ContextProxy, StreamlitCookies, StreamlitHeaders
from streamlit.testing.v1 import AppTest

from ae_models.base import OPERATOR, Visitor
from ae_models.jobs.fetches import FETCHES
from ae_models.runs import amend, new_recovery_secret, own_runs, unpack
from ae_models.ui.visitor import NAME, id_of, visitor_of
from tests.ui.test_models import SCRIPT, button, keys, packed, visit

ANN, BOB = "a" * 32, "b" * 32


@pytest.fixture(autouse=True)
def _fresh_home(tmp_path, monkeypatch):
    monkeypatch.setenv("AE_MODELS_HOME", str(tmp_path / "home"))


@pytest.fixture
def come(monkeypatch):
    """Visit from another machine, with a cookie."""

    def made(cookie: str) -> None:
        headers = StreamlitHeaders({"host": "lab.example.org", "x-forwarded-for": "10.0.0.1"}.items())
        monkeypatch.setattr(ContextProxy, "headers", property(lambda self: headers))
        monkeypatch.setattr(ContextProxy, "cookies", property(lambda self: StreamlitCookies({NAME: cookie})))

    return made


def test_buttons_are_the_makers_and_others_read_whose_it_is(come):
    run_id = unpack(packed(), owner=id_of(ANN)).id
    come(ANN)
    assert {f"edit-{run_id}", f"delete-{run_id}", f"recovery-{run_id}"} <= set(keys(visit()))
    come(BOB)
    page = visit()
    page.segmented_control(key="models-whose").set_value("all").run()
    assert not {f"edit-{run_id}", f"delete-{run_id}", f"recovery-{run_id}"} & set(keys(page))
    assert any("It is another person's" in caption.value for caption in page.caption)


def test_a_link_is_asked_about_before_it_is_spent(come):
    run_id = unpack(packed(), owner=id_of(ANN)).id
    amend(own_runs(), run_id, visitor_of({NAME: ANN}, {"host": "lab.org", "via": "x"}, "10.0.0.1"), title="Mine")
    secret = new_recovery_secret(own_runs(), run_id, visitor_of({NAME: ANN}, {"via": "x"}, "10.0.0.1"))
    come(BOB)
    page = visit()
    page.query_params["of"], page.query_params["claim"] = run_id, secret
    page.run()
    assert own_runs().read(run_id).owner == id_of(ANN)
    button(page, "recovery-yes").click().run()
    assert not page.exception
    assert own_runs().read(run_id).owner == id_of(BOB)
    assert "claim" not in page.query_params


@pytest.mark.slow
@pytest.mark.parametrize(("cookie", "may"), [(ANN, True), (BOB, False)])
def test_a_download_can_be_stopped_by_whoever_began_it(come, monkeypatch, cookie, may):
    monkeypatch.setattr(FETCHES, "_known", {})
    monkeypatch.setattr(FETCHES, "_command", (sys.executable, "-c", "import time; time.sleep(3600)"))
    fetch = FETCHES.start("usps", Visitor(id_of(ANN)))
    come(cookie)
    page = AppTest.from_file(str(SCRIPT), default_timeout=600)
    page.query_params["data"] = "digits"
    page.run()
    page.switch_page("your_data/page.py")
    page.query_params["bring"] = "A public set"
    page.run()
    assert not page.exception
    assert ("bring-stop-usps" in keys(page)) is may
    if may:
        button(page, "bring-stop-usps").click().run()
        assert (page.exception, fetch.state) == ([], "stopped")
        button(page, "bring-forget-usps").click().run()
        assert (page.exception, FETCHES.all()) == ([], [])
    FETCHES.stop("usps", OPERATOR)
