/**
 * From what a hand does on the maps to what it means: pointing, clicking a dot, a double click in space.
 *
 * Plotly reports a click on a flat map after the button was let go without a drag. In space it reports one as soon as
 * the button goes down on a dot, even where a turn of the camera begins: there, a click is a press and a release in one
 * place, on the dot under the pointer.
 */
const STILL = 5 // pixels a hand may move within a click
const ECHO = 100 // ms
const QUICK = 1000 // ms from press to release, longer is a rest

/**
 * @param {any} figure Plotly's element
 * @param {number} dim
 * @param {object} on
 * @param {(row: number) => void} on.pick a dot was clicked
 * @param {(pointing: boolean) => void} on.point the pointer came over a dot, or left it
 * @param {(event: MouseEvent | null) => void} on.twice a double click; on a flat map Plotly has seen to it already
 * @param {() => void} on.move a map was zoomed, shifted or turned by hand
 * @returns {() => void} stop listening to what is not Plotly's
 */
export function listen(figure, dim, on) {
  /** @type {number | null} the row under the pointer */
  let under = null
  const hold = (event) => {
    under = event.points?.[0]?.pointNumber ?? null
    on.point(under !== null)
  }
  figure.on("plotly_hover", hold)
  figure.on("plotly_unhover", () => {
    under = null
    on.point(false)
  })
  figure.on("plotly_relayouting", on.move)
  if (dim === 2) {
    let twice = -Infinity
    figure.on("plotly_doubleclick", () => {
      twice = performance.now()
      on.twice(null)
    })
    figure.on("plotly_click", (event) => {
      const row = event.points?.[0]?.pointNumber
      const second = performance.now() - twice < ECHO // Plotly reports the second click after the double one
      if (row !== undefined && !second) on.pick(row)
    })
    return () => {}
  }
  figure.on("plotly_click", hold)
  const quiet = new AbortController()
  /** @type {{x: number, y: number, time: number} | null} */
  let pressed = null
  const listenTo = (name, act) => figure.addEventListener(name, act, { capture: true, signal: quiet.signal })
  listenTo("pointerdown", (event) => {
    pressed = event.button === 0 ? { x: event.clientX, y: event.clientY, time: event.timeStamp } : null
  })
  listenTo("pointerup", (event) => {
    if (!pressed) return
    const moved = Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y)
    const took = event.timeStamp - pressed.time
    pressed = null
    const doubles = doubled
    // A finger touches without hovering first: Plotly finds the dot in the next frames.
    if (moved <= STILL && took <= QUICK) after(3, () => under !== null && doubles === doubled && on.pick(under))
  })
  let doubled = 0
  listenTo("dblclick", (event) => {
    doubled += 1
    on.twice(event)
  })
  return () => quiet.abort()
}

/** @param {number} frames */
function after(frames, act) {
  requestAnimationFrame(() => (frames > 1 ? after(frames - 1, act) : act()))
}
