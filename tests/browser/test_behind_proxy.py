"""Behind a proxy that strips a prefix: every address stays below it, and the server's owner signs in there."""

from __future__ import annotations

import pytest

from ae_models.runs import own_runs, pack, shipped_runs, unpack
from ae_models.ui.server_owner import ADDRESS
from ae_models.ui.server_owner import NAME as OWNERS_COOKIE
from ae_models.ui.visitor import NAME, id_of
from tests.browser import truth
from tests.browser.page import Visit
from tests.browser.stripping import stripping
from tests.serving import serving

pytestmark = pytest.mark.browser
TOKEN = "correct horse battery staple"


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("behind")


@pytest.fixture(scope="module")
def proxy(home):
    with serving(home, AE_MODELS_HOSTS="", AE_MODELS_ADMIN_TOKEN=TOKEN) as server, stripping(server.port) as made:
        yield made
        assert "Traceback" not in server.log.read_text()


@pytest.fixture
def come(chromium, proxy):
    """Come as a visitor of one's own; whatever one asks for is below the prefix, and the console says nothing."""
    visits, contexts = [], []

    def made() -> Visit:
        context = chromium.new_context(viewport={"width": 1440, "height": 900})
        contexts.append(context)
        visits.append(Visit(context.new_page(), proxy.address))
        return visits[-1]

    yield made
    for context in contexts:
        context.close()
    assert proxy.outside == []
    assert [said for each in visits for said in each.errors if "404" not in said] == []


def test_the_first_page_draws_its_maps_and_answers_and_its_links_stay_below_the_prefix(come, proxy):
    fetched = []
    visit = come()
    visit.page.on("response", lambda answer: fetched.append((answer.status, answer.url)))
    visit.open(f"{proxy.address}/?data=digits")
    visit.touch(0, visit.alone(0))  # a picture drawn in the browser, by decoders and a runtime from behind the proxy
    for link, path, drawn in (
        ("Walk", "walk", '.ll-walk[data-ready="true"]'),
        ("Draw", "draw", ".ll-draw canvas"),
        ("Explore", "", '.ll-maps[data-ready="true"]'),
    ):
        visit.page.get_by_role("link", name=link, exact=True).first.click()
        visit.page.wait_for_url(f"{proxy.address}/{path}*")
        visit.page.wait_for_selector(drawn)
        visit.idle()
    visit.page.goto(f"{proxy.address}/walk?data=digits")  # and from such a page itself, not only from the first
    visit.page.wait_for_selector('.ll-walk[data-ready="true"]')
    visit.page.goto(f"{proxy.address}/train?data=digits")
    visit.page.wait_for_selector('.ll-chart[data-ready="true"]')
    ours = [(status, url) for status, url in fetched if "/latent-lab/" in url]
    assert [each for each in ours if each[0] != 200 or not each[1].startswith(f"{proxy.address}/latent-lab/")] == []
    for what in ("arrays/", "canvas/", "plotly/", "onnxruntime/"):
        assert any(f"/latent-lab/{what}" in url for _, url in ours), what
    assert any(url.endswith(".wasm") for _, url in ours)


def test_a_shared_link_brings_the_view_back_in_another_browser(come, proxy):
    visit = come().open(f"{proxy.address}/?data=digits")
    image = int(truth.ids("digits-dense-2d")[17])
    visit.pin(image)
    visit.page.get_by_role("button", name="Share").click()
    link = visit.page.locator('[data-testid="stPopoverBody"] code').inner_text()
    assert link.startswith(f"{proxy.address}/?")
    assert come().open(link).parameters["pin"] == str(image)


def test_the_servers_owner_types_the_token_and_may_change_what_others_made(come, proxy, home, monkeypatch):
    monkeypatch.setenv("AE_MODELS_HOME", str(home / "home"))
    ann, bob, owner = come(), come(), come()
    _models(ann)
    (cookie,) = [each["value"] for each in ann.page.context.cookies() if each["name"] == NAME]
    made = unpack(pack(shipped_runs(), shipped_runs().read("digits-dense-2d")), owner=id_of(cookie))
    for visit, may in ((ann, True), (bob, False), (owner, False)):
        _models(visit)
        assert visit.page.locator(f".st-key-delete-{made.id}").count() == may
    with owner.page.context.expect_page() as opened:
        owner.page.get_by_role("link", name="Server’s owner").click()
    desk = opened.value
    desk.wait_for_url(f"{proxy.address}/{ADDRESS}")
    for token in ("another one", TOKEN):
        desk.get_by_label("Token").fill(token)
        desk.get_by_role("button", name="Sign in").click()
        if token != TOKEN:
            desk.get_by_text("This is not the token.").wait_for()
    desk.wait_for_url(f"{proxy.address}/models")
    (kept,) = [each for each in owner.page.context.cookies() if each["name"] == OWNERS_COOKIE]
    assert (kept["httpOnly"], kept["sameSite"]) == (True, "Strict")
    assert OWNERS_COOKIE not in owner.page.evaluate("document.cookie")
    assert TOKEN not in str(owner.page.context.storage_state())
    _rename(owner, made.id, "Named by the owner")
    _models(ann)
    assert ann.page.get_by_text("Named by the owner").count()
    _models(owner)
    owner.page.locator(f".st-key-delete-{made.id} button:visible").first.click()
    owner.page.get_by_role("button", name="Undo").wait_for()
    assert made.id not in own_runs().ids()
    _models(bob)
    assert bob.page.get_by_role("button", name="Take back").count() == 0


def _models(visit: Visit) -> None:
    """Show one's own models, or everybody's where one has none."""
    visit.page.goto(f"{visit.server}/models")
    visit.idle()


def _rename(visit: Visit, run_id: str, name: str) -> None:
    _models(visit)
    visit.page.locator(f".st-key-edit-{run_id} button:visible").first.click()
    visit.page.get_by_role("dialog").get_by_role("textbox").first.fill(name)
    visit.page.get_by_role("dialog").get_by_role("button", name="Save").click()
    visit.page.get_by_text(name).first.wait_for()
