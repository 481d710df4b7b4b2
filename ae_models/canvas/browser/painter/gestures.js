/**
 * From what a hand does on the maps to what it means: touching, clicking, a double click, a drag.
 *
 * It works alike on flat maps and in space.
 */
const STILL = 5 // pixels a hand may move within a click
const QUICK = 1000 // ms from press to release, longer is a rest
export const TWICE = 300 // ms from one click to a second one that makes it a double click

/** @import {Spot} from "../shared/browsertypes.js" */
/** @import {Phase} from "../select/lasso.js" */

const NEVER = { x: 0, y: 0, time: -Infinity }

/**
 * @param {HTMLElement} root what the pointer moves over
 * @param {(event: MouseEvent) => Spot | null} locate
 * @param {object} on
 * @param {(spot: Spot | null) => void} on.touch over a map, or (null) over none
 * @param {(spot: Spot) => void} on.held a map was let go, after a click or a drag
 * @param {(spot: Spot) => void} on.click
 * @param {(spot: Spot) => void} on.twice a second click soon after the first, which came as a click
 * @param {(spot: Spot, phase: Phase) => boolean} on.drag true when it takes the drag
 * @returns {() => void} stop listening
 */
export function listen(root, locate, on) {
  const quiet = new AbortController()
  const { signal } = quiet
  /** @type {{x: number, y: number, time: number, spot: Spot, taken: boolean} | null} */
  let pressed = null
  /** Where a drag has come to, also beyond the edge of its map. @type {(from: {x: number, y: number, spot: Spot}, to: MouseEvent) => Spot} */
  const carried = ({ x, y, spot }, { clientX, clientY }) => ({ ...spot, x: spot.x + clientX - x, y: spot.y + clientY - y })
  let clicked = NEVER

  const move = (/** @type {PointerEvent} */ event) => {
    if (pressed) {
      if (pressed.taken) on.drag(carried(pressed, event), "move")
      return // while a map is shifted or turned, nothing is touched
    }
    on.touch(locate(event))
  }
  root.addEventListener("pointermove", move, { capture: true, signal })
  root.addEventListener("pointerleave", () => !pressed && on.touch(null), { signal })
  root.addEventListener(
    "pointerdown",
    (event) => {
      const spot = event.button === 0 ? locate(event) : null
      pressed = spot && { x: event.clientX, y: event.clientY, time: event.timeStamp, spot, taken: false }
      if (!pressed || !on.drag(pressed.spot, "start")) return
      pressed.taken = true
      root.setPointerCapture(event.pointerId)
    },
    { capture: true, signal },
  )
  const release = (/** @type {PointerEvent} */ event) => {
    if (!pressed) return
    const { x, y, time, spot, taken } = pressed
    const last = carried(pressed, event)
    pressed = null
    const still = Math.hypot(event.clientX - x, event.clientY - y) <= STILL
    if (taken) on.drag(last, "end")
    on.held(spot)
    if (!still || event.timeStamp - time > QUICK) return
    const again = event.timeStamp - clicked.time <= TWICE && Math.hypot(event.clientX - clicked.x, event.clientY - clicked.y) <= STILL
    clicked = again ? NEVER : { x: event.clientX, y: event.clientY, time: event.timeStamp }
    if (again) on.twice(spot)
    else on.click(spot)
  }
  window.addEventListener("pointerup", release, { capture: true, signal })
  window.addEventListener("pointercancel", () => (pressed = null), { capture: true, signal })
  return () => quiet.abort()
}
