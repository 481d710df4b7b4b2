"""How fast decoders answer: a grid of 40 x 40 pictures, a dot that follows a drawing hand, a map of the stretch.

The grid is drawn in headless Chromium by the dense 2-D autoencoder, from the answer with its codes' address to the last
picture painted, decoder loaded: again and again, and the worst counts. The dot: while a scripted pointer draws, from
the drawing's change to the dots placed on all maps (drawing centred, encoded by the autoencoder and by PCA, decoded,
nearest images found), its 95th percentile. The stretch: 64 x 64 nodes over two numbers of the convolutional
autoencoder's code, on the server's side, worst of several.
"""

from __future__ import annotations

import math
import statistics
import sys
import time
from typing import Any

from _common import ROOT, BenchmarkError, Row, Server, machine, parser, percentile, report, run, say
from _wire import browser, why_no_browser

GRID_BUDGET_MS, STROKE_BUDGET_MS, STRETCH_BUDGET_S = 250.0, 16.0, 1.0
LINES, NODES = 40, 64
REPEATS = 6
MOVES = 240
DENSE, CONV = "mnist-dense-2d", "mnist-conv-30d"


def grid(context: Any, server: Server) -> list[float]:
    """Return the milliseconds that the dense grid took, each time another spacing was asked for."""
    page = context.new_page()
    page.goto(f"http://localhost:{server.port}/walk?walk=Grid&run={DENSE}&lines={LINES}")
    page.wait_for_selector('.ll-walk[data-ready="true"]', timeout=90_000)
    page.wait_for_timeout(1_000)
    page.evaluate(
        """() => {
          window.grids = []
          document.addEventListener("latent-lab:drawn", ({ detail }) => grids.push(detail.autoencoder))
        }"""
    )
    for repeat in range(REPEATS):
        name = ("as images lie", "evenly")[repeat % 2]
        page.get_by_role("radio", name=name).or_(page.get_by_role("button", name=name)).first.click()
        page.wait_for_function(f"() => grids.length > {repeat}", timeout=30_000)
        page.wait_for_timeout(300)
    found: list[float] = page.evaluate("grids")
    page.close()
    return found


def stroke(context: Any, server: Server) -> list[float]:
    """Return the milliseconds from each change of a drawing to the dots on the maps."""
    page = context.new_page()
    page.goto(f"http://localhost:{server.port}/draw?run={DENSE}")
    page.wait_for_selector('.ll-draw[data-ready="true"]', timeout=90_000)
    page.wait_for_timeout(1_000)
    page.evaluate(
        """() => {
          window.placed = []
          document.addEventListener("latent-lab:placed", ({ detail }) => placed.push(detail.milliseconds))
        }"""
    )
    box = page.locator(".ll-sheet").bounding_box()
    for step in range(MOVES):  # a large eight, twice
        turn = 4 * math.pi * step / MOVES
        x = box["x"] + box["width"] * (0.5 + 0.22 * math.sin(2 * turn))
        y = box["y"] + box["height"] * (0.5 - 0.4 * math.cos(turn))
        page.mouse.move(x, y)
        if step == 0:
            page.mouse.down()
        page.wait_for_timeout(10)
    page.mouse.up()
    page.wait_for_timeout(300)
    found: list[float] = page.evaluate("placed")
    page.close()
    if len(found) < MOVES / 4:
        raise BenchmarkError(f"only {len(found)} of {MOVES} moves were placed")
    return found


def stretch() -> list[float]:
    """Return the seconds that a map of the convolutional decoder's stretch took."""
    from ae_models import recipes
    from ae_models.latent import code_bounds, leading_dims
    from ae_models.runs import Graphs

    store, record = recipes.find_run(CONV)
    codes = recipes.codes_of(store, record, recipes.heldout_of(record))
    graphs, bounds = Graphs(store, record), code_bounds(codes)
    dims = leading_dims(codes, 2)
    graphs.decode(codes[:1])
    found = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        recipes.stretch_over(graphs, codes, bounds, base=codes[0], dims=(dims[0], dims[1]), n=NODES)
        found.append(time.perf_counter() - start)
    return found


def main() -> None:
    """Measure, and print."""
    made = parser(__doc__)
    made.add_argument("--browser", help="path or name of Chromium")
    options = made.parse_args()
    sys.path.insert(0, str(ROOT))
    why = why_no_browser(options.browser)
    if why:
        raise BenchmarkError(why)
    with Server(options.app) as server, browser(options.browser) as context:
        server.wait_until_healthy()
        say("a grid of 40 x 40")
        grids = grid(context, server)
        say("a drawing hand")
        strokes = stroke(context, server)
    say("a map of the stretch")
    maps = stretch()
    p95 = percentile(strokes, 95)
    rows = [
        Row("grid of 40 x 40, dense 2-D: worst", max(grids), "ms", GRID_BUDGET_MS, note=f"of {len(grids)}"),
        Row("grid of 40 x 40, dense 2-D: median", statistics.median(grids), "ms"),
        Row("drawing to dot: 95th percentile", p95, "ms", STROKE_BUDGET_MS, note=f"{len(strokes)} moves"),
        Row("drawing to dot: median", statistics.median(strokes), "ms"),
        Row("stretch map of 64 x 64, conv: worst", max(maps), "s", STRETCH_BUDGET_S, note=f"of {len(maps)}"),
    ]
    figures = {
        "grid_ms": round(max(grids), 1),
        "stroke_p95_ms": round(p95, 2),
        "stroke_median_ms": round(statistics.median(strokes), 2),
        "stretch_map_s": round(max(maps), 3),
        "machine": machine(["streamlit", "onnxruntime", "numpy"]),
    }
    notes = [
        f"Machine: {figures['machine']}.",
        "The browser decodes in WebAssembly, in one thread; the server's map takes every core.",
    ]
    report("Decoding", rows, notes, figures, options.json)


if __name__ == "__main__":
    run(main)
