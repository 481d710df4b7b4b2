"""How soon a touched point is drawn, against a plain Streamlit app, in one run, side by side, in headless Chromium.

For every autoencoder that ships, the pointer moves over its map (of a 3-D code: over the plane beside it) and each
move is timed in the page from the entry of the pointer's handler to both pictures painted (``putImageData``); the time
to the next frame stands beside it (software GL sets that one). Then the same input for both sides: an arrow key on a
slider, from the key to the picture, here and in ``_plain_app.py`` (`st.slider`, decode in the script, `st.image`).
Then frames a second while a hand pans three maps of 10,000 and of 70,000 points. Before all that, from the address to
the first map painted by a browser that never was there, and by one that was, with the bytes on the wire. Last,
what a frame costs, beside Plotly's scattergl (``--painter``: this alone).
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

from _common import ROOT, BenchmarkError, Row, Server, machine, parser, percentile, report, run, say
from _frames import frames
from _wire import FLAGS, Relay, Visit, browser, find_browser, visit, why_no_browser

P95_BUDGET_MS = 8.0
FRAME_BUDGET_MS = (8.0, 33.0)  # of three maps of 10,000 and of 70,000 dots
RATIO_GOAL = 25.0
MOVES = 200
KEYS = 40
PAN_SECONDS = 3.0
READY = '.ll-canvas[data-decodes="true"]'

WATCH = """() => {
  window.painted = []
  window.frames = []
  document.querySelector(".ll-canvas").addEventListener("latent-lab:painted", ({ detail }) => {
    painted.push(detail.milliseconds)
    requestAnimationFrame(() => frames.push(performance.now() - detail.entered))
  })
}"""
KEY_OURS = """() => {
  window.waits = []
  let pressed = 0
  addEventListener("keydown", () => (pressed = performance.now()), true)
  document.querySelector(".ll-canvas").addEventListener("latent-lab:painted", () => {
    if (pressed) waits.push(performance.now() - pressed)
    pressed = 0
  })
}"""
KEY_PLAIN = """() => {
  window.waits = []
  let pressed = 0
  let shown = document.querySelector("[data-testid=stImage] img").src
  addEventListener("keydown", () => (pressed ||= performance.now()), true)
  const look = async () => {
    const image = document.querySelector("[data-testid=stImage] img")
    if (pressed && image && image.src !== shown && image.complete) {
      shown = image.src
      waits.push(performance.now() - pressed)
      pressed = 0
    }
    setTimeout(look, 1)
  }
  look()
}"""
PAN_MOUNT = """async ([module, n]) => {
  const { mount } = await import(module)
  const url = array => URL.createObjectURL(new Blob([array]))
  const normal = () => Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(6.283 * Math.random())
  const panel = title => ({
    title, note: "", empty: "", axes: [], foot: "", corner: "", space: null, dims: [], preserve_aspect: false,
    choices: [], chosen: "",
    points_url: url(Float32Array.from({ length: 2 * n }, normal)),
  })
  const holder = document.createElement("div")
  holder.id = "pan"
  holder.style.cssText = "position:fixed;inset:0;z-index:9999999;background:#fff;overflow:auto"
  document.querySelector(".stApp").append(holder)
  mount({
    parentElement: holder, setTriggerValue() {},
    data: {
      runtime: "", panels: [panel("A"), panel("B"), panel("C")], spaces: [], images: [], dim: 2, n,
      ids_url: url(Int32Array.from({ length: n }, (_, i) => i)),
      labels_url: url(Uint8Array.from({ length: n }, (_, i) => i % 10)),
      class_names: [..."0123456789"], kind: "image", words: [], error_tip: "", pinned: 0, drive: "", point: null,
      near: "codes", colour: null, features_url: null, counts: [10, 2, 50],
      decode: "server", view: `pan-${n}`, looks: [], heard: 0, film: null, code: "",
    },
  })
}"""


@contextmanager
def opened(context: Any, address: str, selector: str) -> Iterator[Any]:
    """Yield a page of the app on which `selector` has appeared."""
    from playwright.sync_api import Error

    page = context.new_page()
    try:
        page.goto(address)
        page.wait_for_selector(selector, timeout=90_000)
        page.wait_for_timeout(800)
        yield page
    except Error as error:
        raise BenchmarkError(f"{address}: {error.message.splitlines()[0]}") from error
    finally:
        page.close()


def pointer(context: Any, server: Server, record: Any) -> dict[str, float]:
    """Return what moving over one run's map costs, in milliseconds."""
    dim = 3 if record.latent_dim == 3 else 2
    address = f"http://localhost:{server.port}/?data={record.dataset.name}&run={record.id}&dim={dim}"
    with opened(context, address, READY) as page:
        where = ".ll-card .ll-area"
        if dim == 3:
            where = ".ll-plane canvas"
        box = page.locator(where).first.bounding_box()
        page.evaluate(WATCH)
        for step in range(MOVES):
            across, down = step / MOVES, (step * 7 % MOVES) / MOVES
            page.mouse.move(
                box["x"] + (0.1 + 0.8 * across) * box["width"], box["y"] + (0.1 + 0.8 * down) * box["height"]
            )
            page.wait_for_timeout(8)
        page.wait_for_timeout(300)
        times, frames = page.evaluate("[painted, frames]")
    if len(times) < MOVES / 4:
        raise BenchmarkError(f"{record.id}: only {len(times)} of {MOVES} moves were painted")
    return {
        "median_ms": statistics.median(times),
        "p95_ms": percentile(times, 95),
        "worst_ms": max(times),
        "next_frame_p95_ms": percentile(frames, 95),
        "painted": len(times),
    }


def keys(context: Any, address: str, selector: str, watch: str) -> list[float]:
    """Return the milliseconds from an arrow key on the first slider to the picture, a key an entry."""
    with opened(context, address, selector) as page:
        page.evaluate(watch)
        page.get_by_role("slider").first.focus()
        for number in range(KEYS):
            page.keyboard.press("ArrowRight")
            page.wait_for_function("number => waits.length > number", arg=number, timeout=20_000)
            page.wait_for_timeout(150)  # Streamlit waits a little before it sends: every key is a change of its own
        found: list[float] = page.evaluate("waits")
    return found


def loads(context: Any, server: Server) -> list[tuple[float, Visit]]:
    """Return the seconds from the address to the first map painted, and the visit: the first one and another."""
    found = []
    with Relay(server.port) as relay:
        for _ in range(2):
            begun = time.perf_counter()
            seen = visit(context, relay)
            found.append((seen.painted - begun, seen))
    return found


def pan(context: Any, server: Server, n: int) -> tuple[float, float]:
    """Return frames a second while panning three maps of `n` points, and the longest gap between two in ms."""
    with opened(context, f"http://localhost:{server.port}/", READY) as page:
        names = page.evaluate("performance.getEntriesByType('resource').map(entry => entry.name)")
        module = next(name for name in names if name.endswith("/explore/canvas.js"))
        page.evaluate(PAN_MOUNT, [module, n])
        page.wait_for_selector('#pan .ll-maps[data-ready="true"]', timeout=90_000)
        page.wait_for_timeout(500)
        box = page.locator("#pan .ll-area").first.bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        page.mouse.move(x, y)
        page.mouse.down()
        page.evaluate(
            """() => {
              window.ticks = []
              const tick = now => { ticks.push(now); requestAnimationFrame(tick) }
              requestAnimationFrame(tick)
            }"""
        )
        start, step = time.perf_counter(), 0
        while time.perf_counter() - start < PAN_SECONDS:
            step += 1
            page.mouse.move(x + step % 60, y + step % 40)
        ticks = page.evaluate("ticks")
        page.mouse.up()
    gaps = [b - a for a, b in pairwise(ticks)]
    return 1e3 * len(gaps) / (ticks[-1] - ticks[0]), max(gaps)


def measure(options: Any) -> None:
    """Measure everything and report."""
    sys.path.insert(0, str(ROOT))
    from ae_models.runs import shipped_runs

    if missing := why_no_browser(options.browser):
        raise BenchmarkError(missing)
    if options.painter:
        found = painted(options)
        figures = {**budgets(found), "frames": found, "machine": machine(["plotly"])}
        return report(
            "Frames of the maps", frame_rows(found), [f"Machine: {figures['machine']}."], figures, options.json
        )
    records = [record for record in shipped_runs().list()[0] if record.model.name != "pca"]
    moves: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as folder, browser(options.browser) as context, Server(options.app) as server:
        server.wait_until_healthy()
        (first_load, first), (again_load, again) = loads(context, server)
        say(f"first map painted after {first_load:.2f} s, again after {again_load:.2f} s")
        for record in records:
            moves[record.id] = pointer(context, server, record)
            say(f"{record.id}: p95 {moves[record.id]['p95_ms']:.1f} ms")
        ours = keys(context, f"http://localhost:{server.port}/?run=mnist-dense-2d", READY, KEY_OURS)
        plain_app = Path(folder) / "plain.py"
        plain_app.write_text(f"import sys\nsys.path.insert(0, {str(ROOT)!r})\n" + _plain_source())
        with Server(plain_app) as plain:
            plain.wait_until_healthy()
            theirs = keys(context, f"http://localhost:{plain.port}/", "[data-testid=stImage] img", KEY_PLAIN)
        say(f"arrow key to picture: {statistics.median(ours):.1f} ms, plain {statistics.median(theirs):.1f} ms")
        panned = {n: pan(context, server, n) for n in (10_000, 70_000)}
    each = painted(options)
    figures = {
        **budgets(each),
        "frames": each,
        "p95_ms": max(found["p95_ms"] for found in moves.values()),
        "ratio_to_streamlit": statistics.median(theirs) / statistics.median(ours),
        "load_to_first_map_s": {"first visit": first_load, "revisit": again_load},
        "wire_bytes": {"first visit": first.wire_bytes, "revisit": again.wire_bytes},
        "pan_fps": panned[10_000][0],
        "pan_fps_70000": panned[70_000][0],
        "longest_gap_ms": {str(n): gap for n, (_, gap) in panned.items()},
        "runs": moves,
        "key_to_picture_ms": {"canvas": statistics.median(ours), "plain": statistics.median(theirs)},
        "key_to_picture_p95_ms": {"canvas": percentile(ours, 95), "plain": percentile(theirs, 95)},
        "machine": machine(["streamlit", "plotly", "onnxruntime"]),
    }
    report("The canvas", [*rows(figures), *frame_rows(each)], notes(figures), figures, options.json)


def painted(options: Any) -> list[dict[str, Any]]:
    """Return what a frame costs, by size, dimension and sharpness, beside Plotly's."""
    from playwright.sync_api import sync_playwright

    from ae_models.ui.shared.canvas.assets import plotly_url

    with sync_playwright() as driver, Server(options.app) as server:
        server.wait_until_healthy()
        chromium = driver.chromium.launch(executable_path=find_browser(options.browser), args=FLAGS)
        try:
            return frames(chromium, server, plotly_url())
        finally:
            chromium.close()


def budgets(found: list[dict[str, Any]]) -> dict[str, dict[str, float]]:
    """Return the 95th percentiles of a frame of three maps at one device pixel, by dots a map."""
    ours = [one for one in found if one["what"] == "painter" and one["device_pixels"] == 1]
    return {
        name: {str(one["dots"]): one["p95_ms"] for one in ours if one["dim"] == dim}
        for name, dim in (("frame_p95_ms", 2), ("frame_p95_ms_3d", 3))
    }


def frame_rows(found: list[dict[str, Any]]) -> list[Row]:
    """Return the table's rows of what a frame costs."""
    limits = {10_000: FRAME_BUDGET_MS[0], 70_000: FRAME_BUDGET_MS[1]}
    return [
        Row(
            f"a frame of {one['maps']} x {one['dots']:,} dots, {one['dim']}-D, {one['what']}, "
            f"{one['device_pixels']} device pixels, p95",
            one["p95_ms"],
            "ms",
            limits.get(one["dots"]) if one["what"] == "painter" and one["device_pixels"] == 1 else None,
            note=f"median {one['median_ms']:.1f}, {one['frames_per_second']:.1f} frames a second",
        )
        for one in found
    ]


def _plain_source() -> str:
    return (Path(__file__).parent / "_plain_app.py").read_text()


def rows(figures: dict[str, Any]) -> list[Row]:
    """Return the table's rows."""
    made = [
        Row(f"pointer to both pictures, p95: {name}", found["p95_ms"], "ms", P95_BUDGET_MS, note=_beside(found))
        for name, found in figures["runs"].items()
    ]
    key, load, wire = (figures[name] for name in ("key_to_picture_ms", "load_to_first_map_s", "wire_bytes"))
    made += [
        Row("address to first map painted, first visit", load["first visit"], "s"),
        Row("address to first map painted, revisit", load["revisit"], "s"),
        Row("first visit, on the wire", wire["first visit"], "B", 8e6),
        Row("revisit, on the wire", wire["revisit"], "B", 1e5),
        Row("arrow key to picture: canvas, median", key["canvas"], "ms"),
        Row("arrow key to picture: plain Streamlit app, median", key["plain"], "ms"),
        Row("plain / canvas", figures["ratio_to_streamlit"], "x", RATIO_GOAL, at_least=True),
        Row("frames a second, panning 3 maps of 10,000", figures["pan_fps"], ""),
        Row("frames a second, panning 3 maps of 70,000", figures["pan_fps_70000"], ""),
    ]
    return made


def _beside(found: dict[str, float]) -> str:
    return (
        f"median {found['median_ms']:.1f}, worst {found['worst_ms']:.1f}, next frame {found['next_frame_p95_ms']:.0f}"
    )


def notes(figures: dict[str, Any]) -> list[str]:
    """Return what a reader must know beside the table."""
    return [
        f"Machine: {figures['machine']}.",
        f"Compared: {KEYS} arrow keys on a slider, from the key to the picture, on both sides in one run.",
    ]


def main() -> None:
    """Read the options and measure."""
    made = parser(__doc__)
    made.add_argument("--browser", help="path or name of Chromium")
    made.add_argument("--painter", action="store_true", help="only what a frame costs, beside Plotly's")
    options = made.parse_args()
    run(lambda: measure(options))


if __name__ == "__main__":
    main()
