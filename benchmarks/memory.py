"""What the server keeps in memory after one visitor has seen everything, in headless Chromium.

The visitor opens every page, every view of Walk and Compare, and every exhibit of the lessons, its answer revealed, on
MNIST; then the pages once more. Give the full data sets by ``AE_MODELS_DATA``. Memory is the proportional set size
(PSS: a page that n processes share counts 1/n for each) where ``/proc`` gives it, else the resident size, when nothing
is left to run.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psutil
from _common import MEGABYTE, BenchmarkError, Row, Server, machine, parser, report, run, say
from _wire import browser, why_no_browser

BUDGET_MB = 600.0
PATIENCE_MS = 180_000
PAGES = ("", "draw", "walk", "compare", "lessons", "train", "bring", "models")
WALKS = ("Between two", "Grid", "One number", "Few bits", "A - B + C", "New pictures")
VIEWS = ("Same pictures", "Code size", "Neighbours", "Scores", "PCA itself", "Linear = PCA", "Check the numbers")
EXHIBITS = (
    "layers", "lossy", "copying", "strangers", "learned", "linear", "denoising", "penalties", "filling", "maps",
)  # fmt: skip
AT_REST = """() => {
  const app = document.querySelector("[data-testid=stApp]")
  const rests = app?.dataset.testConnectionState === "CONNECTED" && app.dataset.testScriptState === "notRunning" &&
    !document.querySelector("[data-testid=stSkeleton]")
  if (!rests) window.restsSince = 0
  else window.restsSince ||= performance.now()
  return rests && performance.now() - window.restsSince > 500
}"""


def addresses() -> list[str]:
    """Return all that the visitor opens, in this order."""
    walks = [f"walk?walk={quote(name)}" for name in WALKS]
    views = [f"compare?view={quote(name)}" for name in VIEWS]
    return [*PAGES, *walks, *views, *(f"lessons?lesson={name}" for name in EXHIBITS)]


def opened(page: Any, base: str, address: str) -> float:
    """Open an address, reveal the answer where one waits, and return the seconds until nothing is left to run."""
    from playwright.sync_api import Error

    begun = time.perf_counter()
    try:
        page.goto(base + address)
        page.wait_for_function(AT_REST, timeout=PATIENCE_MS)
        if "lesson=" in address:
            reveal(page)
        if faults := page.locator("[data-testid=stException]").all_inner_texts():
            raise BenchmarkError(f"/{address}: {faults[0][:300]}")
    except Error as error:
        raise BenchmarkError(f"/{address}: {error.message.splitlines()[0]}") from error
    return time.perf_counter() - begun


def reveal(page: Any) -> None:
    """Give some answer to an exhibit's question and have the right one shown."""
    button = page.locator(".st-key-lesson-reveal button")
    if not button.count():
        return
    if (radio := page.locator('[data-testid="stRadio"] label')).count():
        radio.last.click()
    else:
        page.locator('[class*="st-key-lesson-"][class*="-guess"]').get_by_role("slider").press("ArrowRight")
    page.wait_for_selector(".st-key-lesson-reveal button:not(:disabled)", timeout=PATIENCE_MS)
    button.click()
    page.wait_for_selector(".st-key-lesson-again", timeout=PATIENCE_MS)
    page.wait_for_function(AT_REST, timeout=PATIENCE_MS)


def memory_mb(process: psutil.Process) -> float:
    """Return the memory of one process in megabytes: proportional where the system says it, else resident."""
    try:
        found = process.memory_full_info()
        return float(getattr(found, "pss", found.rss)) / MEGABYTE
    except psutil.Error:
        return 0.0


def measure(options: Any) -> None:
    """Walk through everything once, and through the pages again, and report."""
    if missing := why_no_browser(options.browser):
        raise BenchmarkError(missing)
    seconds: dict[str, float] = {}
    with browser(options.browser) as context, Server(options.app) as server:
        server.wait_until_healthy()
        base, process = f"http://localhost:{server.port}/", psutil.Process(server.process.pid)
        page = context.new_page()
        at_start = memory_mb(process)
        for address in addresses():
            seconds[address] = opened(page, base, address)
            say(f"/{address}: {seconds[address]:.2f} s, server {memory_mb(process):.0f} MB")
        again = {address: opened(page, base, address) for address in addresses()}
        page.close()
        server_mb = memory_mb(process)
        tree_mb = server_mb + sum(memory_mb(child) for child in process.children(recursive=True))
    figures = {
        "server_mb": server_mb,
        "tree_mb": tree_mb,
        "at_start_mb": at_start,
        "first_s": seconds,
        "again_s": again,
        "full_data": bool(os.environ.get("AE_MODELS_DATA")),
        "machine": machine(["streamlit", "onnxruntime", "numpy"]),
    }
    report("Memory after a walk through everything", rows(figures), notes(figures), figures, options.json)


def rows(figures: dict[str, Any]) -> list[Row]:
    """Return the table's rows."""
    again = figures["again_s"]
    slowest = max(again, key=lambda address: again[address])
    return [
        Row("server process, healthy", figures["at_start_mb"], "MB"),
        Row("server process, after everything", figures["server_mb"], "MB", BUDGET_MB),
        Row("with the processes that train and open files", figures["tree_mb"], "MB"),
        Row("opening everything, first time", sum(figures["first_s"].values()), "s"),
        Row("opening everything, second time", sum(again.values()), "s", note=f"slowest: /{slowest}"),
        Row("slowest, second time", again[slowest], "s"),
    ]


def notes(figures: dict[str, Any]) -> list[str]:
    """Return what a reader must know beside the table."""
    kind = "PSS" if Path("/proc/self/smaps_rollup").exists() else "resident size"
    data = "full data sets (AE_MODELS_DATA)" if figures["full_data"] else "bundled data sets only"
    return [
        f"Machine: {figures['machine']}; WebGL in software.",
        f"{len(figures['first_s'])} addresses, each twice; {data}; memory is {kind}.",
    ]


def main() -> None:
    """Read the options and measure."""
    made = parser(__doc__)
    made.add_argument("--browser", help="path or name of Chromium")
    options = made.parse_args()
    run(lambda: measure(options))


if __name__ == "__main__":
    main()
