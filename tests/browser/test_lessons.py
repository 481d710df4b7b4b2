"""Lessons in a real browser, in the dark: each is walked through once, prints on one page; keys; what a link hides."""

import re

import pytest

from ae_models.ui.lessons import EXHIBITS
from ae_models.ui.lessons.text import lesson

pytestmark = pytest.mark.browser
APP = '[data-testid="stApp"][data-test-connection-state="CONNECTED"][data-test-script-state="notRunning"]'
PLOT = '[data-testid="stPlotlyChart"] .js-plotly-plot'
DRAWN = """() => [...document.querySelectorAll("[data-testid=stPlotlyChart]")].every(
  chart => chart.querySelector(".js-plotly-plot")
)"""


# What is printed: colours of all text and of the page, and how light it is where nothing is.
PRINTED = """() => {
  const channels = colour => colour.match(/[\\d.]+/g).slice(0, 3).map(Number)
  const main = document.querySelector('[data-testid="stMainBlockContainer"]')
  const seen = node => node.getClientRects().length > 0
  const words = [...main.querySelectorAll("p, h1, h3, li")].filter(seen)
  const labels = [...main.querySelectorAll(".js-plotly-plot text")].filter(seen)
  const inks = [...words.map(node => getComputedStyle(node).color), ...labels.map(node => getComputedStyle(node).fill)]
  const panels = [...main.querySelectorAll('[class*="st-key-panel-"]')]
  return [
    Math.max(...inks.map(colour => Math.min(...channels(colour)))),
    panels.map(node => getComputedStyle(node).backgroundColor),
    getComputedStyle(document.querySelector("[data-testid=stApp]")).backgroundColor,
    [...main.querySelectorAll("image")].map(node => getComputedStyle(node).filter),
  ]
}"""
IN_COLOURS = {"filling": 2}  # pictures in colours of their own, by exhibit


@pytest.fixture(scope="module")
def student(chromium, server):
    """One visitor for all these tests; the console must stay clean but for Streamlit's own look-ups."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, base_url=server, color_scheme="dark")
    page = context.new_page()
    errors: list[str] = []

    def heard(message) -> None:
        if message.type == "error" and "/_stcore/" not in message.location.get("url", ""):
            errors.append(message.text)

    page.on("console", heard)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto("/lessons")
    page.get_by_role("button", name="Open").first.wait_for()
    yield page
    context.close()
    assert errors == []


@pytest.mark.parametrize("name", EXHIBITS)
def test_each_exhibit_is_asked_revealed_and_printed_black_on_white_on_one_page(student, name):
    if student.get_by_role("button", name="All lessons").count():
        student.get_by_role("button", name="All lessons").click()
    title = f"{EXHIBITS[name]} · {lesson(name).title}"
    card = student.locator(f".st-key-panel-lesson-card-{name}")
    card.get_by_role("button", name="Open").click()
    student.get_by_role("heading", name=title, level=1).wait_for()
    if lesson(name).question.choices:
        student.locator('[data-testid="stRadio"] label').last.click()
    else:
        student.locator(f".st-key-lesson-{name}-guess").get_by_role("slider").press("ArrowRight")
    student.get_by_role("button", name="Reveal").click()  # it waits for the guess to be heard
    student.get_by_text("Sources:").wait_for()
    student.wait_for_selector(PLOT)
    student.wait_for_selector(APP)
    assert student.get_by_text("encountered an error").count() == 0
    assert f"lesson={name}" in student.url
    student.wait_for_function(DRAWN)
    lightest = student.evaluate(PRINTED)[0]
    assert lightest > 200  # on the screen it is light on dark
    pages = re.findall(rb"/Type\s*/Page[^s]", student.pdf(prefer_css_page_size=True, print_background=True))
    assert len(pages) == 1
    student.emulate_media(media="print")
    lightest, papers, ground, filters = student.evaluate(PRINTED)
    assert lightest < 100  # black, dark grey or a colour
    assert ground == "rgb(255, 255, 255)"
    assert {paper for paper in papers if paper != "rgba(0, 0, 0, 0)"} <= {"rgb(255, 255, 255)"}
    assert filters.count("none") == IN_COLOURS.get(name, 0)  # these are not turned over
    assert all("invert(1)" in one for one in filters if one != "none")
    student.emulate_media(media="screen")
    assert student.get_by_test_id("stDataFrame").count() == 0  # a table comes when it is opened
    student.get_by_text("The numbers").first.click()
    student.get_by_test_id("stDataFrame").first.wait_for()


def test_a_presenter_turns_pages_and_reveals_by_key_and_a_task_is_text(student):
    student.goto("/lessons?lesson=layers&present=1&hide=picture&task=<img src=x onerror=alert(1)>%20*look*")
    student.get_by_text("<img src=x onerror=alert(1)> *look*").wait_for()
    student.get_by_role("button", name="Reveal").wait_for()
    student.wait_for_selector(APP)
    student.keyboard.press("s")
    student.get_by_text("The data say").wait_for()
    student.get_by_text("Numbers in the bottleneck").wait_for()
    student.wait_for_selector(APP)
    assert student.get_by_text("Picture of the digit").count() == 0
    assert not student.locator('[data-testid="stHeader"]').is_visible()
    student.wait_for_selector(APP)
    student.keyboard.press("n")
    student.get_by_role("heading", name=f"2 · {lesson('lossy').title}", level=1).wait_for()
    student.wait_for_selector(APP)
    student.keyboard.press("p")
    student.get_by_role("heading", name=f"1 · {lesson('layers').title}", level=1).wait_for()


def test_what_a_link_hides_on_compare_is_not_seen(student):
    student.goto("/compare?images=Small+digits+(8+x+8)&hide=data,view&task=Which+digit%3F")
    student.get_by_text("Which digit?").wait_for()
    for control in (".st-key-images", ".st-key-view"):
        student.locator(control).wait_for(state="attached")
        student.locator(control).wait_for(state="hidden")
    assert student.locator(".st-key-bar-share").is_visible()


SCROLLED = """document.querySelector('[data-testid="stMain"]').scrollTop"""


def press_until(page, key: str, heading: str, most: int = 12) -> int:
    """Press a key until it scrolls no more but turns to an exhibit; return how often."""
    for times in range(1, most + 1):
        before = page.evaluate(SCROLLED)
        page.keyboard.press(key)
        if page.evaluate(SCROLLED) == before:
            page.get_by_role("heading", name=heading, level=1).wait_for()
            page.wait_for_selector(APP)
            return times
    raise AssertionError(f"{key} does not lead to {heading}")


@pytest.mark.parametrize(("on", "back"), [("PageDown", "PageUp"), ("ArrowRight", "ArrowLeft")])
def test_a_clicker_reveals_goes_through_an_exhibit_and_turns_the_page(student, on, back):
    student.emulate_media(reduced_motion="reduce")  # else the page glides
    student.goto("/lessons?lesson=layers&present=1")
    student.get_by_role("heading", name=f"1 · {lesson('layers').title}", level=1).wait_for()
    student.wait_for_selector(APP)
    student.locator('[data-testid="stRadio"] label').last.click()  # its arrows are up and down
    student.wait_for_selector(APP)
    student.keyboard.press(on)
    student.get_by_text("The data say").wait_for()
    student.wait_for_function(DRAWN)
    student.wait_for_selector(APP)
    assert press_until(student, on, f"2 · {lesson('lossy').title}") > 1  # what lies below is seen first
    assert student.evaluate(SCROLLED) == 0
    student.keyboard.press(back)
    student.get_by_role("heading", name=f"1 · {lesson('layers').title}", level=1).wait_for()
    student.emulate_media(reduced_motion="no-preference")


def test_outside_the_presenters_look_a_clickers_keys_scroll(student):
    sent = []  # what Streamlit is told: to turn the page is to tell it
    student.once("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
    student.goto("/lessons?lesson=layers")
    student.get_by_role("heading", name=f"1 · {lesson('layers').title}", level=1).wait_for()
    student.locator('[data-testid="stRadio"] label').last.click()
    student.get_by_role("button", name="Reveal").click()
    student.get_by_text("Sources:").wait_for()
    student.wait_for_function(DRAWN)
    student.wait_for_selector(APP)
    student.keyboard.press("PageDown")
    student.wait_for_function(f"{SCROLLED} > 100")
    assert sent
    sent.clear()
    student.keyboard.press("ArrowRight")
    before = student.evaluate(SCROLLED)
    student.keyboard.press("PageUp")
    student.wait_for_function(f"before => {SCROLLED} < before", arg=before)
    assert sent == []
    assert student.get_by_role("heading", name=f"1 · {lesson('layers').title}", level=1).count()


@pytest.mark.parametrize(
    "address", ["/?data=digits&present=1&hide=more", "/compare?images=Small+digits+(8+x+8)&present=1"]
)
def test_the_presenters_look_can_be_left_on_every_page_that_has_it(student, address):
    student.goto(address)
    student.locator('[data-testid="stHeader"]').wait_for(state="hidden")
    student.get_by_role("button", name="Leave").click()
    student.locator('[data-testid="stHeader"]').wait_for(state="visible")
    student.wait_for_function("() => !new URL(location).searchParams.has('present')")
    assert student.get_by_role("button", name="Leave").count() == 0
    if "hide" in address:
        assert "hide=more" in student.url  # what else the link says stays
