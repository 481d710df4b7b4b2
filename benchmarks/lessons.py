"""How soon an exhibit of the lessons is there: opened, revealed, and by a shared link; in headless Chromium.

For every exhibit a server of its own, started from nothing kept, so that nobody computed anything before; when it has
nothing more to do, one visitor

- opens it: from the click on its card to its question, its pictures and nothing left to run;
- reveals, having read for two seconds: from the click on "Reveal", a guess given, to all text, all figures drawn and
  nothing left to run;
- opens a link to it: with another page of the same browser, from the address to the question (what the link asks for,
  a task and the presenter's look, included).

Times are taken in the page, on its own clock. The worst exhibit is the figure.
"""

from __future__ import annotations

import sys
import time
from typing import Any

import psutil
from _common import ROOT, BenchmarkError, Row, Server, machine, parser, report, run, say
from _wire import browser, why_no_browser

BUDGET_S = 3.0
PATIENCE_MS = 90_000
READING_MS = 2_000
CALM, CALM_SECONDS, CALM_TIMEOUT = 0.1, 2.0, 120.0  # of one core, for how long
AT_REST = """() => {
  const app = document.querySelector("[data-testid=stApp]")
  return app?.dataset.testConnectionState === "CONNECTED" && app.dataset.testScriptState === "notRunning"
}"""
# Each watches the page at every frame from the moment it is told to, and keeps when all was there.
WATCH = """([button, kind]) => {
  const app = document.querySelector("[data-testid=stApp]")
  const atRest = () =>
    app.dataset.testConnectionState === "CONNECTED" && app.dataset.testScriptState === "notRunning" &&
    !document.querySelector("[data-testid=stSkeleton]")
  const pictures = () => [...document.querySelectorAll("[data-testid=stImage] img")].every(image => image.complete)
  const asked = () => document.querySelector(".st-key-lesson-reveal button") && pictures()
  const figures = () => {
    const charts = [...document.querySelectorAll("[data-testid=stPlotlyChart]")]
    return charts.length && charts.every(chart => chart.querySelector(".js-plotly-plot .main-svg"))
  }
  const revealed = () => document.querySelector(".st-key-lesson-again") && figures()
  const done = kind === "revealed" ? revealed : asked
  window.took = 0
  let started = performance.now()
  let stirred = !button  // the click has been heard
  const look = () => {
    stirred ||= app.dataset.testScriptState === "running" || Boolean(done())
    if (stirred && atRest() && done()) window.took = performance.now() - started
    else requestAnimationFrame(look)
  }
  if (button) {
    started = performance.now()
    document.querySelector(button).click()
  } else started = 0
  look()
}"""


def wait_until_calm(server: Server) -> None:
    """Return when the server and its workers have done what they do after a start."""
    begun = time.perf_counter()
    calm_since = begun
    before = spent(server)
    while time.perf_counter() - calm_since < CALM_SECONDS:
        if time.perf_counter() - begun > CALM_TIMEOUT:
            raise BenchmarkError(f"the server still works {CALM_TIMEOUT:.0f} s after its start")
        time.sleep(0.5)
        now = spent(server)
        if now - before > CALM * 0.5:
            calm_since = time.perf_counter()
        before = now


def spent(server: Server) -> float:
    """Return the processor seconds of the server and all its children so far."""
    total = 0.0
    for process in [parent := psutil.Process(server.process.pid), *parent.children(recursive=True)]:
        try:
            total += sum(process.cpu_times()[:2])
        except psutil.NoSuchProcess:
            continue
    return total


def timed(page: Any, kind: str, button: str = "") -> float:
    """Return the seconds from a click on a button (none: from the page's beginning) until the page is as asked."""
    page.evaluate(WATCH, [button, kind])
    page.wait_for_function("window.took > 0", timeout=PATIENCE_MS)
    return float(page.evaluate("window.took")) / 1e3


def walk(context: Any, server: Server, name: str) -> dict[str, float]:
    """Return the seconds of the three ways to one exhibit."""
    from playwright.sync_api import Error

    base = f"http://localhost:{server.port}/lessons"
    page = context.new_page()
    try:
        page.goto(base)
        page.wait_for_selector(f".st-key-lesson-open-{name} button", timeout=PATIENCE_MS)
        page.wait_for_function(AT_REST, timeout=PATIENCE_MS)
        wait_until_calm(server)
        opened = timed(page, "asked", f".st-key-lesson-open-{name} button")
        radio = page.locator('[data-testid="stRadio"] label')
        if radio.count():
            radio.last.click()
        else:
            page.locator(f".st-key-lesson-{name}-guess").get_by_role("slider").press("ArrowRight")
        page.wait_for_selector(".st-key-lesson-reveal button:not(:disabled)", timeout=PATIENCE_MS)
        page.wait_for_function(AT_REST, timeout=PATIENCE_MS)
        page.wait_for_timeout(READING_MS)
        revealed = timed(page, "revealed", ".st-key-lesson-reveal button")
        page.close()
        page = context.new_page()
        page.goto(f"{base}?lesson={name}&task=What+do+you+see%3F&present=1", wait_until="commit")
        page.wait_for_selector("[data-testid=stApp]", timeout=PATIENCE_MS)
        by_link = timed(page, "asked")
    except Error as error:
        raise BenchmarkError(f"{name}: {error.message.splitlines()[0]}") from error
    finally:
        page.close()
    return {"open_s": opened, "reveal_s": revealed, "link_s": by_link}


def measure(options: Any) -> None:
    """Measure everything and report."""
    sys.path.insert(0, str(ROOT))
    from ae_models.ui.lessons import EXHIBITS

    if missing := why_no_browser(options.browser):
        raise BenchmarkError(missing)
    unknown = [name for name in options.only if name not in EXHIBITS]
    if unknown:
        raise BenchmarkError(f"no exhibit {', '.join(unknown)}: choose from {', '.join(EXHIBITS)}")
    found: dict[str, dict[str, float]] = {}
    for name in options.only or EXHIBITS:
        with browser(options.browser) as context, Server(options.app) as server:
            server.wait_until_healthy()
            found[name] = walk(context, server, name)
        say(f"{name}: " + ", ".join(f"{what[:-2]} {seconds:.2f} s" for what, seconds in found[name].items()))
    figures = {
        **{what: max(each[what] for each in found.values()) for what in ("open_s", "reveal_s", "link_s")},
        "exhibits": found,
        "machine": machine(["streamlit", "plotly", "onnxruntime"]),
    }
    report("The lessons", rows(figures), notes(figures), figures, options.json)


def rows(figures: dict[str, Any]) -> list[Row]:
    """Return the table's rows: the worst exhibit of each way, then each exhibit."""
    worst = [
        ("open", "open_s", "from the list to the question"),
        ("reveal", "reveal_s", "from the guess to all figures"),
        ("link", "link_s", "from the address to the question"),
    ]
    made = []
    for what, key, note in worst:
        name = max(figures["exhibits"], key=lambda each: figures["exhibits"][each][key])
        made.append(Row(f"worst {what}", figures[key], "s", BUDGET_S, note=f"{note}: {name}"))
    for name, each in figures["exhibits"].items():
        note = f"open {each['open_s']:.2f}, link {each['link_s']:.2f}"
        made.append(Row(f"reveal: {name}", each["reveal_s"], "s", BUDGET_S, note=note))
    return made


def notes(figures: dict[str, Any]) -> list[str]:
    """Return what a reader must know beside the table."""
    return [
        f"Machine: {figures['machine']}; WebGL in software.",
        "Each exhibit on a server of its own where nothing was computed before; for the link it was, by the visitor "
        "who opened the exhibit first.",
    ]


def main() -> None:
    """Read the options and measure."""
    made = parser(__doc__)
    made.add_argument("--browser", help="path or name of Chromium")
    made.add_argument("--only", nargs="+", default=[], metavar="EXHIBIT", help="these exhibits only")
    options = made.parse_args()
    run(lambda: measure(options))


if __name__ == "__main__":
    main()
