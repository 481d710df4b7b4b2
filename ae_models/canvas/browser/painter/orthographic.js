/** A map in space without a graphics card: the box of the data seen from far away, or as Plotly's camera sees it. */
import { frame, padded } from "./viewport.js"

/** @import {Look, Place} from "../shared/browsertypes.js" */
/** @import {See} from "./projection.js" */

const FIELD = Math.PI / 4 // of view, from top to bottom, as Plotly has it
const SCALE = 1.2 // the box's side, in the shorter side of the area, seen from a distance of one

/** @typedef {{see: See, turn: (d: number) => [number, number]}} Camera how a point is seen: pixels of the area, and how far behind others it lies */

/**
 * From far away: nothing looks smaller behind.
 * @param {Look} look of a camera, in sides of the box, which is a cube round zero
 * @param {[number, number][]} ranges lowest and highest value a dimension
 * @param {Place} area
 * @returns {Camera}
 */
export function orthographic(look, ranges, area) {
  const far = Math.hypot(look[0] - look[3], look[1] - look[4], look[2] - look[5])
  const side = (SCALE * Math.min(area.width, area.height)) / far
  return seen(look, ranges, area, far, () => side)
}

/** As Plotly's camera sees it. @param {Look} look @param {[number, number][]} ranges @param {Place} area @returns {Camera} */
export function perspective(look, ranges, area) {
  const far = Math.hypot(look[0] - look[3], look[1] - look[4], look[2] - look[5])
  return seen(look, ranges, area, far, (depth) => area.height / 2 / (Math.tan(FIELD / 2) * depth))
}

/** @param {Look} look @param {[number, number][]} ranges @param {Place} area @param {number} far @param {(depth: number) => number} scale @returns {Camera} */
function seen(look, ranges, { width, height }, far, scale) {
  const { right, above, away } = frame(look)
  const box = ranges.map(padded).map(([low, high]) => ({ middle: (low + high) / 2, size: high - low }))
  return {
    see(point) {
      let [x, y, z] = [0, 0, 0]
      for (let d = 0; d < 3; d++) {
        const at = (point[d] - box[d].middle) / box[d].size - look[d + 3]
        x += at * right[d]
        y += at * above[d]
        z += at * away[d]
      }
      const depth = Math.max(far - z, 1e-3)
      const side = scale(depth)
      return [width / 2 + side * x, height / 2 - side * y, depth]
    },
    turn: (d) => [right[d], above[d]],
  }
}
