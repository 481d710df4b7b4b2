"""How soon the dashboard is there, against importing torch, Lightning and UMAP, in one run, side by side.

Each round starts the server from nothing kept by us (an empty ``AE_MODELS_HOME``) and measures, in an order that turns
from round to round: (a) start to healthy and the first script run finished, over a WebSocket; (b) a fresh interpreter
that imports torch, pytorch_lightning and umap; (c) start to the first map painted in headless Chromium, and the bytes
on the wire of that first visit and of a second one by the same browser. Before the first round (a) and (b) are done
once unmeasured: from a cold disk (b) can take three times as long, which would flatter us. Times are medians of the
rounds with the worst round beside them, bytes the worst round.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from _common import BenchmarkError, Row, Server, machine, parser, report, run, say
from _stream import Session
from _wire import Relay, Visit, browser, visit, why_no_browser

IMPORTS = "import torch, pytorch_lightning, umap"
RATIO_BUDGET = 1 / 3
MAP_RATIO_BUDGET = 1.0
FIRST_VISIT_BUDGET = 8e6
REVISIT_BUDGET = 100e3


def first_run_seconds(app: Path) -> float:
    """Return the seconds from starting the server to the end of the first visitor's first script run."""

    async def first_run(port: int) -> float:
        async with Session(port) as session:
            done = await session.rerun()
        if not done.deltas:
            raise BenchmarkError("the first script run drew nothing")
        return done.finished

    with Server(app) as server:
        server.wait_until_healthy()
        return asyncio.run(first_run(server.port)) - server.started


def imports_seconds() -> float:
    """Return the seconds a fresh interpreter takes to import torch, Lightning and UMAP, and to end."""
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        done = subprocess.run([sys.executable, "-c", IMPORTS], cwd=folder, capture_output=True, text=True, check=False)
        seconds = time.perf_counter() - started
    if done.returncode:
        raise BenchmarkError(f"{IMPORTS!r} failed: {done.stderr.strip().splitlines()[-1]}")
    return seconds


def first_map(app: Path, named: str | None) -> tuple[float, float, Visit, Visit]:
    """Return the seconds from starting the server to the first map and to zoom, that visit, and a second one."""
    with browser(named) as context, Server(app) as server, Relay(server.port) as relay:
        server.wait_until_healthy()
        first = visit(context, relay)
        again = visit(context, relay)
        return first.painted - server.started, first.in_hand - server.started, first, again


def measure_rounds(app: Path, rounds: int, named: str | None, with_browser: bool) -> dict[str, list[Any]]:
    """Return the results of each kind, a round an entry; the order of the kinds turns by one each round."""
    kinds: dict[str, Callable[[], Any]] = {"run": lambda: first_run_seconds(app), "imports": imports_seconds}
    if with_browser:
        kinds["map"] = lambda: first_map(app, named)
    found: dict[str, list[Any]] = {kind: [] for kind in kinds}
    order = list(kinds)
    say("warming the file cache: one start, one import")
    first_run_seconds(app)
    imports_seconds()
    for number in range(rounds):
        for kind in order:
            found[kind].append(kinds[kind]())
            last = found[kind][-1]
            say(f"round {number + 1} of {rounds}: {kind} {last[0] if kind == 'map' else last:.2f} s")
        order = order[1:] + order[:1]
    return found


def time_rows(found: dict[str, list[Any]], missing: str | None) -> tuple[list[Row], dict[str, Any]]:
    """Return the table's rows and the object's figures about seconds."""
    seconds, imports = statistics.median(found["run"]), statistics.median(found["imports"])
    maps = [entry[0] for entry in found.get("map", [])]
    in_hand = [entry[1] for entry in found.get("map", [])]
    painted = statistics.median(maps) if maps else None
    note = missing or ""
    worst = [
        max(a / b for a, b in zip(times, found["imports"], strict=True)) for times in (found["run"], maps) if times
    ]
    figures = {
        "seconds": seconds,
        "ratio_to_imports": seconds / imports,
        "first_map_seconds": painted,
        "first_map_ratio": painted / imports if painted else None,
        "maps_in_hand_seconds": statistics.median(in_hand) if in_hand else None,
        "worst_ratio_to_imports": worst[0],
        "worst_first_map_ratio": worst[1] if maps else None,
        "imports_seconds": imports,
        "rounds": {
            "seconds": found["run"],
            "imports_seconds": found["imports"],
            "first_map_seconds": maps,
            "maps_in_hand_seconds": in_hand,
        },
    }
    rows = [
        Row("(a) start to first script run done", seconds, "s", note=f"worst {max(found['run']):.2f} s"),
        Row("(b) torch, pytorch_lightning, umap", imports, "s", note=f"worst {max(found['imports']):.2f} s"),
        Row("(c) start to first map painted", painted, "s", note=f"worst {max(maps):.2f} s" if maps else note),
        Row(
            "(d) start to maps that zoom",
            figures["maps_in_hand_seconds"],
            "s",
            note=f"worst {max(in_hand):.2f} s" if in_hand else note,
        ),
        Row("(a) / (b)", figures["ratio_to_imports"], "x", RATIO_BUDGET, note=f"worst round {worst[0]:.2f} x"),
        Row(
            "(c) / (b)",
            figures["first_map_ratio"],
            "x",
            MAP_RATIO_BUDGET,
            note=f"worst round {worst[1]:.2f} x" if maps else note,
        ),
    ]
    return rows, figures


def byte_rows(found: dict[str, list[Any]], missing: str | None) -> tuple[list[Row], dict[str, Any], list[str]]:
    """Return the rows, figures and notes about bytes on the wire: the round with the most."""
    if missing:
        rows = [Row("first visit, on the wire", None, "B", FIRST_VISIT_BUDGET, note=missing)]
        rows.append(Row("revisit, on the wire", None, "B", REVISIT_BUDGET, note=missing))
        return rows, {"first_visit_bytes": None, "revisit_bytes": None, "not_measured": missing}, []
    first = max((entry[2] for entry in found["map"]), key=lambda seen: seen.wire_bytes)
    again = max((entry[3] for entry in found["map"]), key=lambda seen: seen.wire_bytes)
    figures = {
        "first_visit_bytes": first.wire_bytes,
        "revisit_bytes": again.wire_bytes,
        "first_visit_bytes_in_browser": first.browser_bytes,
        "revisit_bytes_in_browser": again.browser_bytes,
        "heaviest": dict(first.heaviest),
        "heaviest_on_revisit": dict(again.heaviest),
    }
    rows = [
        Row("first visit, on the wire", first.wire_bytes, "B", FIRST_VISIT_BUDGET),
        Row("revisit, on the wire", again.wire_bytes, "B", REVISIT_BUDGET),
    ]
    notes = []
    for name, seen in (("first visit", first), ("revisit", again)):
        parts = ", ".join(f"{path or '/'} {size / 1e3:.0f} kB" for path, size in seen.heaviest)
        notes.append(f"Heaviest answers of a {name}: {parts}.")
    return rows, figures, notes


def measure(options: argparse.Namespace) -> None:
    """Measure, and print the table or the object."""
    missing = why_no_browser(options.browser)
    if missing:
        say(f"maps and bytes are left out: {missing}")
    found = measure_rounds(options.app, options.rounds, options.browser, missing is None)
    rows, figures = time_rows(found, missing)
    more_rows, more_figures, notes = byte_rows(found, missing)
    told = machine(["streamlit", "plotly", "onnxruntime", "torch", "pytorch-lightning", "umap-learn"])
    notes = [
        f"Machine: {told}.",
        f"Medians of {options.rounds} alternating rounds, bytes the worst. Each start has an empty AE_MODELS_HOME;"
        " the libraries' byte code and the system's file cache are warm for all three.",
        "(b) is one fresh interpreter with these three imports and nothing else. (c) is headless Chromium with"
        " no graphics card, already running, with an empty cache: every dot is on the screen; the revisit is a new page"
        " of the same browser. (d) is when the page itself says that its maps zoom and are picked.",
        *notes,
    ]
    figures = {**figures, **more_figures, "machine": told}
    report("Start of the dashboard", rows + more_rows, notes, figures, options.json)


def main() -> None:
    """Read the options and measure."""
    made = parser(__doc__)
    made.add_argument("--rounds", type=int, default=3, help="rounds to take the median of (default 3)")
    made.add_argument("--browser", help="Chromium to use (default: the first found on the search path)")
    options = made.parse_args()
    if options.rounds < 1:
        made.error(f"--rounds must be at least 1, got {options.rounds}")
    run(lambda: measure(options))


if __name__ == "__main__":
    main()
