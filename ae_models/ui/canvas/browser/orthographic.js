/** A map in space without a graphics card: the box of the data seen from far away, so that nothing looks smaller behind. */
import { frame, padded } from "./looks.js"

/** @import {Look, Place} from "./types.js" */
/** @import {See} from "./projection.js" */

const SCALE = 1.2 // the box's side, in the shorter side of the area, seen from a distance of one

/**
 * How a point is seen: pixels of the area, and how far behind others it lies.
 * @param {Look} look of a camera, in sides of the box, which is a cube round zero
 * @param {[number, number][]} ranges lowest and highest value a dimension
 * @param {Place} area
 * @returns {{see: See, turn: (d: number) => [number, number]}}
 */
export function orthographic(look, ranges, { width, height }) {
  const { right, above, away } = frame(look)
  const far = Math.hypot(look[0] - look[3], look[1] - look[4], look[2] - look[5])
  const side = (SCALE * Math.min(width, height)) / far
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
      return [width / 2 + side * x, height / 2 - side * y, Math.max(far - z, 1e-3)]
    },
    turn: (d) => [right[d], above[d]],
  }
}
