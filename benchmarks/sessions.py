"""How long a Streamlit rerun takes when a class of thirty sessions each moves a widget every second.

One server, started here. First one session alone, then all of them: each moves a slider about once a second, at a
moment that wanders, so that the sessions are not kept out of each other's way, and waits for the run to finish, as its
browser would. A run is timed from its sending to its ``script_finished`` message; when a session is still busy at the
moment its next move is due, from that moment. Every run must draw something, some must draw something new, and none may
show an exception.
"""

from __future__ import annotations

import argparse
import asyncio
import http.client
import json
import random
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from _common import BenchmarkError, Row, Server, machine, parser, percentile, report, run, say
from _memory import Memory
from _stream import Run, Session, Widget, set_state

PERIOD = 1.0
WANDER = 0.2  # of a period, either way
ONE_SESSION_SECONDS = 20.0
MEMORY_PERIOD = 5.0
P95_BUDGET_MS = 100.0
MEMORY_BUDGET_MB = 600.0


@dataclass
class Load:
    """What a number of sessions saw: milliseconds a rerun, elements a rerun, and what kind of runs they were."""

    sessions: int
    planned: int = 0
    milliseconds: list[float] = field(default_factory=list)
    fewest_deltas: int = 10**9
    changed: int = 0
    fragment_runs: int = 0

    def add(self, seconds: float, done: Run, before: Run) -> None:
        """Take in one rerun; `before` is the same session's run before it."""
        if not done.deltas:
            raise BenchmarkError("a rerun drew nothing")
        self.milliseconds.append(seconds * 1e3)
        self.fewest_deltas = min(self.fewest_deltas, done.deltas)
        self.changed += not done.hashes <= before.hashes
        self.fragment_runs += done.fragment

    def figures(self) -> dict[str, Any]:
        """Return the figures of this load, by name."""
        return {
            "sessions": self.sessions,
            "p95_ms": percentile(self.milliseconds, 95),
            "median_ms": statistics.median(self.milliseconds),
            "worst_ms": max(self.milliseconds),
            "reruns": len(self.milliseconds),
            "planned_reruns": self.planned,
            "reruns_that_drew_something_new": self.changed,
            "fragment_reruns": self.fragment_runs,
            "fewest_elements": self.fewest_deltas,
        }


@dataclass(frozen=True)
class Mover:
    """Moves one widget of a session: the first slider (or the one with `label`), or a component's state `name`."""

    label: str = ""
    state_name: str = ""

    def find(self, session: Session) -> Widget:
        """Return the widget to move."""
        kind = "bidi_component" if self.state_name else "slider"
        for widget in session.widgets.values():
            if widget.kind == kind and self._suits(widget.proto):
                return widget
        have = ", ".join(f"{w.kind} {getattr(w.proto, 'label', '')!r}" for w in session.widgets.values())
        raise BenchmarkError(f"no {kind} {self.label!r} to move on this page; it has: {have or 'no widgets'}")

    def _suits(self, proto: Any) -> bool:
        if self.state_name:
            return True
        usable = not (proto.options or proto.disabled or proto.ignore_rerun or proto.form_id) and proto.max > proto.min
        return usable and (not self.label or proto.label == self.label)

    def move(self, widget: Widget, chance: random.Random) -> None:
        """Give the widget another value, anywhere in its range."""
        if self.state_name:
            point = [chance.uniform(-2, 2), chance.uniform(-2, 2)]
            old = json.loads(widget.state.json_value or "{}")
            widget.state.json_value = json.dumps({**old, self.state_name: point})
            return
        proto = widget.proto
        steps = max(round((proto.max - proto.min) / proto.step), 1)
        old = list(widget.state.double_array_value.data)
        new = old
        while new == old:
            ends = sorted(chance.randint(0, steps) for _ in proto.default)
            new = [min(proto.min + end * proto.step, proto.max) for end in ends]
        set_state(widget.state, "double_array_value", new)


def cookies(port: int) -> str:
    """Return the cookies a browser would have after loading the page, as one header."""
    connection = http.client.HTTPConnection("localhost", port, timeout=30)
    try:
        connection.request("GET", "/")
        answer = connection.getresponse()
        answer.read()
        return "; ".join(c.partition(";")[0] for c in answer.headers.get_all("Set-Cookie") or [])
    finally:
        connection.close()


async def visitor(
    session: Session, mover: Mover, before: Run, seconds: float, load: Load, chance: random.Random
) -> None:
    """Move the widget about once a second for `seconds`; put every rerun into `load`."""
    widget = mover.find(session)
    start = time.perf_counter()
    offset = chance.random() * PERIOD
    moves = range(int(seconds / PERIOD))
    plan = [start + offset + (n + chance.uniform(-WANDER, WANDER)) * PERIOD for n in moves]
    load.planned += len(plan)
    for due in plan:
        wait = due - time.perf_counter()
        if wait > 0:
            await asyncio.sleep(wait)
        if time.perf_counter() > start + seconds + PERIOD:
            return  # hopelessly late; the moves never made show as planned against made
        mover.move(widget, chance)
        begun = time.perf_counter() if wait > 0 else due
        done = await session.rerun(widget.fragment_id)
        load.add(done.finished - begun, done, before)
        before = done


async def drive(port: int, count: int, seconds: float, mover: Mover, page: str, watch: Callable[[], None]) -> Load:
    """Open `count` sessions one after another, then let all of them move their widget; `watch` is called meanwhile."""
    load = Load(count)
    opened: list[tuple[Session, Run]] = []
    try:
        for _ in range(count):
            session = Session(port, page, await asyncio.to_thread(cookies, port))
            await session.__aenter__()
            opened.append((session, await session.rerun()))
        async with asyncio.TaskGroup() as group:
            jobs = [
                group.create_task(visitor(session, mover, first, seconds, load, random.Random(number)))
                for number, (session, first) in enumerate(opened)
            ]
            while not all(job.done() for job in jobs):
                watch()
                await asyncio.wait(jobs, timeout=MEMORY_PERIOD)
    except* BenchmarkError as errors:
        raise errors.exceptions[0] from None
    finally:
        for session, _ in opened:
            await session.__aexit__(None, None, None)
    if not load.changed:
        raise BenchmarkError("no rerun drew anything new: the widget moved and the page did not")
    return load


def measure(options: argparse.Namespace) -> None:
    """Start the server, measure one session and then all of them, and report."""
    mover = Mover(options.label, options.state)
    with Server(options.app) as server:
        say(f"server healthy after {server.wait_until_healthy():.1f} s")
        memory = Memory(server.process.pid)
        alone = min(options.seconds, ONE_SESSION_SECONDS)
        one = asyncio.run(drive(server.port, 1, alone, mover, options.page, lambda: None)).figures()
        say(f"one session: p95 {one['p95_ms']:.1f} ms; now {options.sessions} sessions for {options.seconds:.0f} s")
        cpu, wall = time.process_time(), time.perf_counter()
        load = asyncio.run(drive(server.port, options.sessions, options.seconds, mover, options.page, memory.sample))
        busy = (time.process_time() - cpu) / (time.perf_counter() - wall)
    figures = {
        **load.figures(),
        "rss_mb": memory.server_mb,
        "rss_with_workers_mb": memory.tree_mb,
        "processes": memory.processes,
        "one_session": one,
        "load_generator_cores": busy,
        "machine": machine(["streamlit", "starlette", "uvicorn", "websockets"]),
    }
    report(f"{options.sessions} sessions at once", rows(figures), notes(figures), figures, options.json)


def rows(figures: dict[str, Any]) -> list[Row]:
    """Return the table's rows."""
    one = figures["one_session"]
    none = "" if figures["rss_mb"] is not None else "no /proc on this system"
    return [
        Row("one session: median", one["median_ms"], "ms", note=f"{one['reruns']} reruns"),
        Row("one session: 95th percentile", one["p95_ms"], "ms"),
        Row("one session: worst", one["worst_ms"], "ms"),
        Row("all sessions: median", figures["median_ms"], "ms", note=f"{figures['reruns']} reruns"),
        Row("all sessions: 95th percentile", figures["p95_ms"], "ms", P95_BUDGET_MS),
        Row("all sessions: worst", figures["worst_ms"], "ms"),
        Row("memory, server process", figures["rss_mb"], "MB", MEMORY_BUDGET_MB, note=none),
        Row("memory, with the workers that train", figures["rss_with_workers_mb"], "MB", note=none),
    ]


def notes(figures: dict[str, Any]) -> list[str]:
    """Return what a reader must know beside the table."""
    kind = "fragment" if figures["fragment_reruns"] == figures["reruns"] else "page"
    if 0 < figures["fragment_reruns"] < figures["reruns"]:
        kind = "fragment and page"
    return [
        f"Machine: {figures['machine']}.",
        f"Compared: {figures['sessions']} sessions with one, on one server, in one run; {kind} reruns of at least"
        f" {figures['fewest_elements']} elements. Planned {figures['planned_reruns']}, made {figures['reruns']};"
        f" {figures['reruns_that_drew_something_new']} drew something new.",
        f"The load generator ran on the same machine and used {figures['load_generator_cores']:.2f} of a core.",
        f"Memory is resident size, the most of the samples, summed over {figures['processes']} processes (shared pages"
        " count once for each).",
    ]


def main() -> None:
    """Read the options and measure."""
    made = parser(__doc__)
    made.add_argument("--sessions", type=int, default=30, help="sessions at once (default 30)")
    made.add_argument("--seconds", type=float, default=60.0, help="seconds of load (default 60)")
    made.add_argument(
        "--page",
        default="?decode=server",
        help="path of the page to open (default: the first page where the server draws, the dearer way)",
    )
    made.add_argument("--label", default="", help="label of the slider to move (default: the first slider)")
    made.add_argument("--state", default="", help="move this state, a pair of numbers, of the first component instead")
    options = made.parse_args()
    if options.sessions < 1:
        made.error(f"--sessions must be at least 1, got {options.sessions}")
    if not options.seconds >= 2 * PERIOD:
        made.error(f"--seconds must be at least {2 * PERIOD:.0f}, got {options.seconds}")
    run(lambda: measure(options))


if __name__ == "__main__":
    main()
