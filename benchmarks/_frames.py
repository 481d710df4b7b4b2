"""What a frame of the maps costs: our painter and Plotly's scattergl, in one run, in headless Chromium."""

from __future__ import annotations

from typing import Any

from _common import Server, say

SIZES = ((10_000, 3), (70_000, 3), (1_000_000, 1))  # dots a map, maps
READY = '.ll-canvas[data-decodes="true"]'
# Maps of 440 x 370 pixels: each frame shifts or turns all of them. Every dot is drawn in every frame.
FRAMES = """async ([folder, n, count, dim, plotly]) => {
  const normal = () => Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random())
  const column = () => Float32Array.from({ length: n }, normal)
  const holder = document.createElement("div")
  holder.style.cssText = "position:fixed;inset:0;z-index:9999999;background:#fff"
  document.querySelector(".stApp").append(holder)
  const area = { left: 0, top: 0, width: 440, height: 370 }
  const look = step => dim === 2
    ? [-4 + 0.01 * step, 4 + 0.01 * step, -4, 4]
    : [1.6 * Math.cos(0.02 * step), 1.6 * Math.sin(0.02 * step), 0.65, 0, 0, 0, 0, 0, 1]
  let paint
  if (plotly) {
    if (!window.Plotly) await new Promise((resolve, reject) => {
      const script = document.createElement("script")
      Object.assign(script, { src: plotly, onload: resolve, onerror: reject })
      document.head.append(script)
    })
    const plots = []
    for (let i = 0; i < count; i++) {
      const plot = holder.appendChild(document.createElement("div"))
      const marker = { size: 4, opacity: 0.8, color: Float32Array.from({ length: n }, (_, row) => row % 10) }
      const trace = { type: "scattergl", mode: "markers", x: column(), y: column(), marker }
      const [margin, axis] = [{ l: 0, r: 0, t: 0, b: 0 }, () => ({ range: [-4, 4] })]
      await window.Plotly.newPlot(plot, [trace], { width: 440, height: 370, margin, xaxis: axis(), yaxis: axis() })
      plots.push(plot)
    }
    paint = step => plots.forEach(plot => window.Plotly.relayout(plot, { "xaxis.range": look(step).slice(0, 2) }))
  } else {
    const { DotMap } = await import(folder + "painter/dot_map.js")
    const ends = Array.from({ length: dim }, () => [-4, 4])
    const { CLASS_COLOURS } = await import(folder + "shared/theme.js")
    const colours = [...CLASS_COLOURS, "#6b7a90"]
    const maps = Array.from({ length: count }, () => {
      const map = new DotMap()
      holder.append(map.canvas)
      map.lay(area)
      const points = { columns: Array.from({ length: dim }, column), ranges: ends, bulk: ends }
      map.show({ dim, points, hidden: new Uint8Array(n), preserve: false })
      map.colour({
        color: Float32Array.from({ length: n }, (_, row) => row % 10), cmin: 0, cmax: 10,
        colorscale: colours.map((colour, i) => [i / 10, colour]), panel: "#ffffff", line: "#e4e2dc",
      })
      return map
    })
    paint = step => maps.forEach(map => {
      map.look = look(step)
      map.paint()
    })
  }
  const [times, most] = [[], n > 500_000 ? 8 : 40]
  paint(0)
  const begun = performance.now()
  for (let step = 0; step < most; step++) {
    await new Promise(requestAnimationFrame)
    const start = performance.now()
    paint(step)
    times.push(performance.now() - start)
  }
  await new Promise(requestAnimationFrame)
  const seconds = (performance.now() - begun) / 1000
  holder.remove()
  const sorted = times.sort((a, b) => a - b)
  const p95 = sorted[Math.floor(0.95 * (most - 1))]
  return { median_ms: sorted[most >> 1], p95_ms: p95, frames_per_second: most / seconds }
}"""


def frames(chromium: Any, server: Server, plotly: str) -> list[dict[str, Any]]:
    """Return a row for each size, dimension and sharpness: milliseconds a frame and frames a second.

    Parameters
    ----------
    chromium : Browser
        Playwright's.
    server : Server
        Serves the app.
    plotly : str
        Address of plotly.min.js, relative to the page.
    """
    rows: list[dict[str, Any]] = []
    for sharp in (1, 2):
        context = chromium.new_context(viewport={"width": 1440, "height": 900}, device_scale_factor=sharp)
        page = context.new_page()
        page.goto(f"http://localhost:{server.port}/")
        page.wait_for_selector(READY, timeout=120_000)
        names = page.evaluate("performance.getEntriesByType('resource').map(entry => entry.name)")
        folder = next(name for name in names if name.endswith("/explore/canvas.js")).removesuffix("explore/canvas.js")
        for n, maps in SIZES:
            for what, dim in (("painter", 2), ("painter", 3), ("plotly", 2)):
                if what == "plotly" and (sharp == 2 or n > 100_000):
                    continue
                found = page.evaluate(FRAMES, [folder, n, maps, dim, plotly if what == "plotly" else None])
                rows.append({"what": what, "dots": n, "maps": maps, "dim": dim, "device_pixels": sharp, **found})
                say(f"{what}, {maps} x {n:,} dots, {dim}-D, {sharp} device pixels: p95 {found['p95_ms']:.1f} ms")
        context.close()
    return rows
