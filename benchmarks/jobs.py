"""How soon a training shows its first loss, and what two trainings at once do to each other and to the pages.

One server, started here, with the workers it starts by itself. Two visitors, each with a cookie of their own, order
trainings on the page "Train" as a browser does, and their pages ask for news twice a second. Submit to first loss is
timed from the sending of "Start training" to the message that brings the first held-out error, when both workers have
trained before. Meanwhile a third visitor moves a slider on the first page about once a second, with nothing going on
and then while two trainings go on.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import time
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import psutil
from _common import BenchmarkError, Row, Server, machine, parser, percentile, report, run, say
from _stream import Session, set_state
from sessions import Mover, cookies, drive

FORM = "train?data=mnist"
CANVAS = "?decode=server"
LOSS, NOTHING = "Held-out error", "–"
EVERY = 0.5  # seconds between two looks at a training, as the page asks for
PATIENCE = 600.0
SUBMIT_BUDGET_S, STOP_BUDGET_S, BUSY_BUDGET_MS, PAIR_BUDGET = 3.0, 2.0, 250.0, 0.9


class Trainer:
    """A visitor who trains."""

    def __init__(self, session: Session) -> None:
        self.session = session

    async def submit(self, epochs: int) -> float:
        """Fill the form in and start; return the moment the click was sent."""
        await self.session.rerun()
        field = next((w for w in self.session.widgets.values() if getattr(w.proto, "label", "") == "Epochs"), None)
        if field is None:
            raise BenchmarkError("the form has no field for epochs")
        set_state(field.state, "int_value", epochs)
        await self.session.rerun()
        sent = time.perf_counter()
        await self.session.press("Start training")
        return sent

    async def until(self, *words: str) -> float:
        """Look twice a second until the page shows a loss (no words), or one of these words; return the moment."""
        end = time.perf_counter() + PATIENCE
        while time.perf_counter() < end:
            told = self.session.said
            if any(told.get("progress", "").startswith(word) for word in words):
                return time.perf_counter()
            if not words and told.get(LOSS, NOTHING) != NOTHING:
                return time.perf_counter()
            if told.get("progress", "").startswith(("Failed", "Interrupted")):
                raise BenchmarkError(f"the training ended: {told['progress']}")
            await asyncio.sleep(EVERY)
            for fragment in self.session.fragments or [""]:
                await self.session.rerun(fragment)
        raise BenchmarkError(f"after {PATIENCE:.0f} s the page says {self.session.said}")

    async def stop(self) -> float:
        """Stop; return the seconds until the page says that it is stopped and what was learned is kept."""
        sent = time.perf_counter()
        await self.session.press("Stop")
        return await self.until("Stopped") - sent

    async def anew(self, port: int) -> Trainer:
        """Return the same visitor before an empty form."""
        cookie = self.session._headers["Cookie"]
        await self.session.__aexit__(None, None, None)
        self.session = await Session(port, FORM, cookie).__aenter__()
        return self


def settle(pid: int, quiet: float = 3.0, patience: float = 300.0) -> None:
    """Wait until the server's processes use little of the processors: workers get ready for maps when nothing is on."""
    end, calm = time.perf_counter() + patience, 0.0
    while time.perf_counter() < end and calm < quiet:
        before = _cpu(pid)
        time.sleep(1.0)
        calm = calm + 1.0 if _cpu(pid) - before < 0.15 else 0.0


def _cpu(pid: int) -> float:
    total = 0.0
    for process in [parent := psutil.Process(pid), *parent.children(recursive=True)]:
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system
    return total


def speeds(home: Path) -> list[float]:
    """Return the images a second of every training that came to its end, oldest first."""
    records = [json.loads(path.read_bytes()) for path in (home / "runs").glob("*/run.json")]
    whole = [record for record in records if not record.get("stopped")]
    return [record["images_per_second"] for record in sorted(whole, key=lambda record: record["created"])]


async def work(port: int, pid: int, home: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Do everything that is measured, in order."""
    mover, figures = Mover(), {}
    async with AsyncExitStack() as stack:
        pair = []
        for _ in range(2):
            cookie = await asyncio.to_thread(cookies, port)
            pair.append(Trainer(await Session(port, FORM, cookie).__aenter__()))
        for one in pair:
            stack.push_async_callback(lambda one=one: one.session.__aexit__(None, None, None))
        say("getting the workers ready")
        await asyncio.gather(*(one.submit(2) for one in pair))
        await asyncio.gather(*(one.until("Done") for one in pair))
        await asyncio.to_thread(settle, pid)

        say("idle")
        idle = await drive(port, 1, options.seconds, mover, CANVAS, lambda: None)
        say("submit to first loss, and stop")
        submits, stops = [], []
        for _ in range(options.rounds):
            one = await pair[0].anew(port)
            submits.append(-await one.submit(500) + await one.until())
            stops.append(await one.stop())
        say("one job alone")
        await (await pair[0].anew(port)).submit(options.epochs)
        await pair[0].until("Done")
        alone = speeds(home)[-1]
        say("two jobs at once")
        for one in pair:
            await one.anew(port)
        await asyncio.gather(*(one.submit(options.epochs) for one in pair))
        await asyncio.gather(*(one.until("Done") for one in pair))
        together = sum(speeds(home)[-2:])
        say("a page beside two jobs")
        for one in pair:
            await one.anew(port)
        await asyncio.gather(*(one.submit(2000) for one in pair))
        await asyncio.gather(*(one.until() for one in pair))
        watching = [asyncio.create_task(one.until("Stopped")) for one in pair]
        busy = await drive(port, 1, options.seconds, mover, CANVAS, lambda: None)
        if any(task.done() for task in watching):
            raise BenchmarkError("a training was over before the page beside it was measured")
        for task in watching:
            task.cancel()
        await asyncio.gather(*watching, return_exceptions=True)
    figures |= {
        "submit_to_loss_s": max(submits),
        "submit_to_loss_median_s": statistics.median(submits),
        "stop_s": max(stops),
        "idle_p95_ms": percentile(idle.milliseconds, 95),
        "busy_p95_ms": percentile(busy.milliseconds, 95),
        "idle_reruns": len(idle.milliseconds),
        "busy_reruns": len(busy.milliseconds),
        "one_job_images_per_second": alone,
        "two_jobs_images_per_second": together,
        "two_jobs": together / alone,
    }
    return figures


def rows(figures: dict[str, Any]) -> list[Row]:
    """Return the table's rows."""
    both = (
        f"{figures['two_jobs_images_per_second']:,.0f} of {figures['one_job_images_per_second']:,.0f} images a second"
    )
    median = f"worst; median {figures['submit_to_loss_median_s']:.2f} s"
    return [
        Row("submit to first loss on the page", figures["submit_to_loss_s"], "s", SUBMIT_BUDGET_S, note=median),
        Row("stop to stopped and kept", figures["stop_s"], "s", STOP_BUDGET_S, note="worst"),
        Row("two jobs together / one job", figures["two_jobs"], "x", PAIR_BUDGET, at_least=True, note=both),
        Row("rerun, nothing going on: p95", figures["idle_p95_ms"], "ms", note=f"{figures['idle_reruns']} reruns"),
        Row(
            "rerun beside two jobs: p95",
            figures["busy_p95_ms"],
            "ms",
            BUSY_BUDGET_MS,
            note=f"{figures['busy_reruns']} reruns",
        ),
    ]


def measure(options: argparse.Namespace) -> None:
    """Start the server, measure, and report."""
    with Server(options.app) as server:
        say(f"server healthy after {server.wait_until_healthy():.1f} s")
        figures = asyncio.run(work(server.port, server.process.pid, server.home, options))
    figures["machine"] = machine(["streamlit", "distributed", "torch"])
    notes = [
        f"Machine: {figures['machine']}.",
        "Trained: dense 512-256-128, 2 numbers, on the bundled 8,000 images of MNIST; one thread a job where the "
        "machine has as many cores as workers.",
        "The load generator ran on the same machine; it speaks the page's protocol, and paints nothing.",
    ]
    report("Jobs beside the pages", rows(figures), notes, figures, options.json)


def main() -> None:
    """Read the options and measure."""
    made = parser(__doc__)
    made.add_argument("--seconds", type=float, default=40.0, help="seconds of each load on the page (default 40)")
    made.add_argument("--rounds", type=int, default=3, help="submits and stops that are timed (default 3)")
    made.add_argument("--epochs", type=int, default=30, help="epochs of the jobs that are compared (default 30)")
    options = made.parse_args()
    if not (options.seconds >= 2 and options.rounds >= 1 and options.epochs >= 1):
        made.error("--seconds must be at least 2, --rounds and --epochs at least 1")
    run(lambda: measure(options))


if __name__ == "__main__":
    main()
