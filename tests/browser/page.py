"""A visit to the page: opened once, driven and read by many tests, brought back to the first view between them."""

from __future__ import annotations

import base64
import csv
import io
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlparse

import numpy as np

MAPS = '.ll-maps[data-ready="true"]'
DECODES = '.ll-canvas[data-decodes="true"]'
APP = '[data-testid="stApp"][data-test-connection-state="CONNECTED"][data-test-script-state="notRunning"]'
LIMIT = 240  # seconds that anything may take on a busy machine: nothing is known to be late before

# When something was last done to the canvas, and when the last picture was asked for that is now painted.
WATCH = """
window.llDone = window.llPainted = -1
for (const name of ["pointermove", "pointerout", "keydown"]) addEventListener(name, ({ target }) => {
  if (target.closest?.(".ll-canvas")) window.llDone = performance.now()
}, true)
document.addEventListener("latent-lab:painted", ({ detail }) => (window.llPainted = detail.entered))
// A map half under the page's head cannot be touched where it is seen: into the middle with it.
window.llSee = card => {
  const { top, bottom } = card.getBoundingClientRect()
  if (top < 64 || bottom > innerHeight) card.scrollIntoView({ block: "center" })
}
// Ten thousand numbers as one text: one by one they take Playwright a second. What is none is NaN.
window.llNumbers = values => {
  const { buffer } = Float64Array.from(values, value => value ?? NaN)
  return btoa(Array.from(new Uint8Array(buffer), byte => String.fromCharCode(byte)).join(""))
}
"""
PIXELS = """canvas => [
  canvas.height, canvas.width,
  Array.from(canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data),
]"""
# Where the dot of a row is on the page, or the point of a map: place, row or [x, y]. By the rule of three.
LIES = """
  const { painter } = document.querySelector(".ll-figure")
  const [x0, x1, y0, y1] = painter.look(place)
  const { left, top, width, height } = painter.places[place]
  const box = painter.root.getBoundingClientRect()
  const [x, y] = [v => width * (v - x0) / (x1 - x0), v => height * (y1 - v) / (y1 - y0)]
  const [xs, ys] = painter.scene.points[place].columns
"""
WHERE = f"""([place, what]) => {{
  window.llSee(document.querySelectorAll(".ll-card:not(.ll-plane)")[place])
  {LIES}
  const [a, b] = Array.isArray(what) ? what : [xs[what], ys[what]]
  return [box.left + left + x(a), box.top + top + y(b)]
}}"""
# A row inside the view of a map whose dot no other one hides.
ALONE = f"""([place, from]) => {{
  {LIES}
  const {{ hidden }} = painter.scene
  const spots = Array.from(xs, (v, row) => hidden[row] ? [NaN, NaN] : [x(v), y(ys[row])])
  for (let row = from; row < spots.length; row++) {{
    const [px, py] = spots[row]
    if (!(px > 12 && py > 12 && px < width - 12 && py < height - 12)) continue
    if (spots.every(([u, v], i) => i === row || !(Math.hypot(u - px, v - py) < 4))) return row
  }}
}}"""
AREA = """place => {
  const card = document.querySelectorAll(".ll-card:not(.ll-plane)")[place]
  window.llSee(card)
  const box = card.querySelector(".ll-area").getBoundingClientRect()
  const look = document.querySelector(".ll-figure").painter.look(place) ?? [0, 1, 0, 1]
  return [box.left, box.top, box.width, box.height, ...(look.length === 4 ? look : [0, 1, 0, 1])]
}"""
HOME = """() => {
  window.llHome = [...document.querySelector(".ll-figure").painter.maps].map(([place, { look }]) => [place, [...look]])
}"""
# What a visitor would press to have the first view again.
RESET = """() => {
  for (const button of document.querySelectorAll('.ll-tools button[aria-pressed="true"]')) button.click()
  for (const button of document.querySelectorAll(".ll-gallery:not([hidden]) button, .ll-film:not([hidden]) button"))
    if (button.textContent === "Close") button.click()
  const all = document.querySelector(".ll-legend-all")
  if (all && getComputedStyle(all).visibility === "visible") all.click()
  const colour = document.querySelector(".ll-tools select")
  if (colour.value) {
    colour.value = ""
    colour.dispatchEvent(new Event("change"))
  }
  for (const [place, look] of window.llHome) document.querySelector(".ll-figure").painter.aim(place, [...look])
  document.querySelector('[data-testid="stMain"]').scrollTo(0, 0)
}"""
RESIZED = """width => {
  const { painter } = document.querySelector(".ll-figure")
  const areas = [...document.querySelectorAll(".ll-card:not(.ll-plane) .ll-area")]
  const fits = ([place, { area }]) => Math.abs(area.width - areas[place].clientWidth) < 2
  return innerWidth === width && [...painter.maps].every(fits)
}"""


def numbers(text: str) -> np.ndarray:
    """Return the numbers of a text that ``llNumbers`` made."""
    return np.frombuffer(base64.b64decode(text), "<f8")


class Visit:
    """One page at one address; what the console says, what is asked of which host, and what Python is told, is kept."""

    def __init__(self, page: Any, server: str) -> None:
        self.page, self.server = page, server
        self.errors: list[str] = []
        self.sent: list[object] = []
        page.add_init_script(WATCH)
        page.on("console", lambda said: self.errors.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", lambda request: self._host(request.url))
        page.on("websocket", lambda socket: socket.on("framesent", lambda frame: self.sent.append(frame)))

    def _host(self, url: str) -> None:
        if url.startswith("http") and not url.startswith(self.server):
            self.errors.append(f"something was asked of another host: {url}")

    # Opening, waiting, closing

    def open(self, address: str = "/", *, decodes: bool = True) -> Visit:
        """Load an address and wait until its maps are drawn and its decoders draw."""
        self.page.goto(address)
        self.page.wait_for_selector(MAPS)
        if decodes:
            self.page.wait_for_selector(DECODES)
        self.idle()
        self.page.evaluate(HOME)
        self.first = self.parameters.get("pin", "")
        return self

    def reset(self) -> None:
        """Bring the first view back: nothing pressed or chosen, the first image pinned, all of the maps in view."""
        self.page.mouse.move(5, 5)
        if self.parameters.get("pin") != self.first or "z" in self.parameters:
            self.told(lambda: self.find(self.first), pin=self.first, z=None)
        self.find("")
        self.page.evaluate(RESET)
        self.idle()
        self.sent.clear()

    def idle(self) -> None:
        """Wait until Streamlit runs nothing."""
        self.page.wait_for_selector(APP)

    def resize(self, width: int, height: int) -> None:
        """Make the window another size and wait until the maps have theirs."""
        self.page.set_viewport_size({"width": width, "height": height})
        self.until(lambda: self.page.evaluate(RESIZED, width))

    def until(self, holds: Callable[[], object], seconds: float = LIMIT) -> None:
        """Look again and again until something holds, which may also say no by an ``assert`` of its own."""
        last = time.monotonic() + seconds
        while True:
            failed = AssertionError(f"did not come true in {seconds} s")
            try:
                if holds() is not False:
                    return
            except AssertionError as error:
                failed = error
            if time.monotonic() > last:
                raise failed
            self.page.wait_for_timeout(30)

    def painted(self, act: Callable[[], object]) -> None:
        """Move the pointer or press a key over the canvas, and wait until the picture that this asks for is painted."""
        now = self.page.evaluate("performance.now()")
        act()
        self.page.wait_for_function("now => window.llDone >= now && window.llPainted >= window.llDone", arg=now)

    def told(self, act: Callable[[], object], **wanted: str | None) -> None:
        """Do something and wait until Python knows: the address says so (None: no such parameter)."""
        act()
        self.page.wait_for_function(
            """wanted => {
              const said = new URL(location).searchParams
              return Object.entries(wanted).every(([name, value]) => said.get(name) === value)
            }""",
            arg=wanted,
        )
        self.idle()

    # What the page says

    @property
    def parameters(self) -> dict[str, str]:
        """What the address bar says."""
        return {name: values[0] for name, values in parse_qs(urlparse(self.page.url).query).items()}

    @property
    def point(self) -> list[float]:
        """Where the address bar says that the sliders stand; empty while they stand on the image."""
        return [float(value) for value in self.parameters.get("z", "").split(",") if value]

    def said(self) -> dict[str, str]:
        """What the canvas says it shows."""
        said: dict[str, str] = self.page.locator(".ll-canvas").evaluate("canvas => ({...canvas.dataset})")
        return said

    def looked_at(self) -> list[float]:
        """The code that is drawn."""
        return [float(value) for value in self.said()["point"].split(",")]

    def text(self, selector: str) -> str:
        """The words of the first element that is seen."""
        words: str = self.page.locator(f"{selector}:visible").first.inner_text()
        return words

    def note(self, title: str) -> str:
        """What is said of a picture."""
        return self.text(f'.ll-picture:has(canvas[data-picture="{title}"]) .ll-picture-note')

    def rgb(self, title: str) -> np.ndarray:
        """The colours of a picture in [0, 1], ``(h, w, 3)``."""
        return _pixels(self.page.locator(f'canvas[data-picture="{title}"]:visible').first)[..., :3] / 255

    def picture(self, title: str) -> np.ndarray:
        """The ink of a picture in [0, 1], ``(h, w)``: in the light theme ink is dark."""
        return 1 - self.rgb(title)[..., 0]

    def shows(self, title: str, image: np.ndarray, levels: float = 1.5) -> None:
        """Check a picture against an image ``(h, w)``, which is clipped; at most so many of 255 levels apart."""
        assert np.abs(self.picture(title) - np.clip(image, 0, 1)).max() <= levels / 255, title

    # The maps

    def dots(self, place: int) -> np.ndarray:
        """The points of a map as they are drawn ``(n, dim)``; nan for one that is hidden."""
        axes = self.page.evaluate(
            """place => {
              const { points, hidden } = document.querySelector(".ll-figure").painter.scene
              const shown = values => values.map((value, row) => hidden[row] ? NaN : value)
              return points[place].columns.map(values => window.llNumbers(shown(values)))
            }""",
            place,
        )
        return np.stack([numbers(text) for text in axes], axis=1)

    def alone(self, place: int, start: int = 40) -> int:
        """A row that is not hidden, neither by the legend nor by another dot."""
        row: int = self.page.evaluate(ALONE, [place, start])
        return row

    def where(self, place: int, what: int | Sequence[float]) -> tuple[float, float]:
        """Where a row's dot, or a point of a flat map, is on the page."""
        x, y = self.page.evaluate(WHERE, [place, what if isinstance(what, int) else [float(v) for v in what]])
        return x, y

    def area(self, place: int) -> tuple[float, ...]:
        """A map's left, top, width, height on the page, and the two ranges that it shows."""
        return tuple(self.page.evaluate(AREA, place))

    def points_at(self, place: int, spots: np.ndarray) -> np.ndarray:
        """The points of a flat map under spots of the page ``(n, 2)``: the plain rule of three."""
        left, top, width, height, x0, x1, y0, y1 = self.area(place)
        x = x0 + (spots[:, 0] - left) / width * (x1 - x0)
        y = y1 - (spots[:, 1] - top) / height * (y1 - y0)
        return np.stack([x, y], axis=1)

    def spot(self, place: int, across: float, down: float) -> tuple[int, int]:
        """The whole pixel of the page at shares of a map's area."""
        left, top, width, height, *_ = self.area(place)
        return round(left + across * width), round(top + down * height)

    # Hands

    def hover(self, x: float, y: float) -> None:
        """Move the pointer over a spot of the maps and wait for the picture."""
        self.page.mouse.move(x + 3, y)
        self.painted(lambda: self.page.mouse.move(x, y))

    def touch(self, place: int, what: int | Sequence[float]) -> None:
        """Move the pointer over a row's dot or a point of a flat map."""
        self.hover(*self.where(place, what))

    def leave(self) -> None:
        """Move the pointer off the maps."""
        self.hover(*self.spot(0, 0.5, 0.5))
        self.painted(lambda: self.page.mouse.move(5, 5))

    def drag(self, spots: Sequence[tuple[float, float]], steps: int = 1) -> None:
        """Press at the first spot, go straight from each to the next, let go at the last."""
        self.page.mouse.move(*spots[0])
        self.page.mouse.down()
        for spot in spots[1:]:
            self.page.mouse.move(*spot, steps=steps)
        self.page.mouse.up()

    def wheel(self, down: float) -> None:
        """Turn the wheel where the pointer is, with Ctrl: a map zooms, whether it is in focus or not."""
        self.page.keyboard.down("Control")
        self.page.mouse.wheel(0, down)
        self.page.keyboard.up("Control")

    def find(self, text: str) -> None:
        """Ask for an image by its number."""
        box = self.page.get_by_label("Pin the image of this number")
        box.fill(text)
        box.press("Enter")

    def pin(self, image: int) -> None:
        """Pin an image by its number and wait until Python knows."""
        self.told(lambda: self.find(str(image)), pin=str(image), z=None)

    def tool(self, name: str, on: bool = True) -> None:
        """Press a tool's button, or let it go."""
        button = self.page.locator(".ll-tools").get_by_role("button", name=name, exact=True)
        if (button.get_attribute("aria-pressed") == "true") != on:
            button.click()

    def legend(self, name: str, *, only: bool = False) -> None:
        """Take a class off the maps or put it back; ``only``: show nothing else."""
        entry = self.page.locator(".ll-legend").get_by_role("button", name=name, exact=True)
        entry.dblclick() if only else entry.click()

    @property
    def slider(self) -> Any:
        """The first slider."""
        return self.page.get_by_role("slider").first

    def saved(self, button: str) -> Path:
        """Press a button that saves a file; return where it is."""
        with self.page.expect_download() as download:
            self.page.get_by_role("button", name=button).click()
        return Path(download.value.path())

    def chosen(self) -> list[dict[str, str]]:
        """The rows of the gallery, as its CSV file has them."""
        return list(csv.DictReader(io.StringIO(self.saved("Save CSV").read_text())))


def _pixels(canvas: Any) -> np.ndarray:
    height, width, values = canvas.evaluate(PIXELS)
    return np.array(values, np.float64).reshape(height, width, 4)
