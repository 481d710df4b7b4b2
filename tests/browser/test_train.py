"""A real training in a real browser: watch, reload, another person beside it, stop, go on, find it on the canvas."""

import re
from contextlib import suppress

import pytest

from tests.browser.page import LIMIT

pytestmark = pytest.mark.browser
# It lasts until it is stopped: the most epochs that the form takes, of 360 steps each.
LASTING = {"Epochs": 2_000, "Batch_size": 4}
PROGRESS = '[data-testid="stProgress"]'
READY = '[data-ready="true"]'


@pytest.fixture
def visitor(chromium, server):
    """Make visitors, each with cookies of their own; a test fails if the console of one reports an error."""
    contexts, errors = [], []

    def note(message):
        asked = message.location.get("url", "")
        # Streamlit looks for its server below the page's own address first: two questions that end in 404
        if message.type == "error" and not asked.endswith(("/train/_stcore/health", "/train/_stcore/host-config")):
            errors.append(f"{message.text} {asked}")

    def made():
        contexts.append(chromium.new_context(viewport={"width": 1440, "height": 900}, base_url=server))
        page = contexts[-1].new_page()
        page.on("console", note)
        page.on("pageerror", lambda error: errors.append(str(error)))
        return page

    yield made
    for context in contexts:
        context.close()
    assert errors == []


def fill(page, label: str, value: int) -> None:
    field = page.get_by_role("spinbutton", name=label)
    field.fill(str(value))
    field.press("Enter")
    page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]')


def start(page, **settings: int) -> str:
    """Order a training of the small digits, and return its id."""
    from playwright.sync_api import TimeoutError as NotYet

    page.goto("/train?data=digits")
    page.wait_for_selector(f".ll-chart{READY}")
    page.get_by_text("More", exact=True).click()
    for label, value in settings.items():
        fill(page, label.replace("_", " "), value)
    wanted, button = re.compile(r"[?&]job="), page.get_by_role("button", name="Start training")
    for _ in range(4):  # Streamlit loses a click on a button that it is drawing anew for the field before
        if not wanted.search(page.url) and button.is_visible():
            button.click()
        with suppress(NotYet):
            page.wait_for_url(wanted, timeout=250 * LIMIT)
            break
    assert wanted.search(page.url)
    return page.url.rpartition("job=")[2]


def says(page, words: str) -> None:
    script = f"words => document.querySelector('{PROGRESS}')?.innerText.includes(words)"
    page.wait_for_function(script, arg=words)


def epoch(page) -> int:
    found = re.search(r"epoch (\d+) of", page.locator(PROGRESS).first.inner_text())
    return int(found[1]) if found else 0


def test_a_training_from_its_start_to_the_canvas(visitor):
    page = visitor()
    job = start(page, **LASTING)
    page.wait_for_selector(f".ll-livemap{READY}")
    page.wait_for_selector(f".ll-growth{READY}")
    page.wait_for_function("document.querySelector('.ll-livemap').dataset.version >= 3")  # it forms
    assert page.locator(".ll-growth canvas").count() == 16
    page.get_by_text("the linear model that fits the training images best, 2 numbers").wait_for()
    before = epoch(page)

    page.reload()
    page.wait_for_selector(f".ll-growth{READY}")
    assert page.url.endswith(job)
    assert epoch(page) >= before
    frames = int(page.get_by_role("slider", name="Moment of the training").get_attribute("max"))
    assert frames >= 2  # the whole history, not what came since
    page.get_by_role("slider", name="Moment of the training").fill("0")
    assert "newest" not in page.locator(".ll-growth-when").inner_text()

    other = visitor()
    other.goto(f"/train?job={job}")
    other.wait_for_selector(f".ll-growth{READY}")
    other.get_by_text("another person").wait_for()
    assert other.get_by_role("button", name="Stop").count() == 0
    own = start(other, Epochs=2)
    assert own != job

    page.get_by_role("button", name="Stop").click()
    says(page, "Stopped")
    says(other, "Done")
    page.get_by_role("button", name="Go on").click()
    says(page, " % · epoch")
    assert epoch(page) >= before
    page.get_by_role("button", name="Stop").click()
    says(page, "Stopped")

    page.get_by_role("link", name="Open on the canvas").click()
    page.wait_for_selector(f".ll-maps{READY}")
    assert "yours" in page.get_by_role("combobox", name="Model").input_value()
    page.wait_for_selector('.ll-canvas[data-decodes="true"]')
