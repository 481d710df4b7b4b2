/** What is seen at a place of a map: the dot under it, or the nearest that is seen near it. */

/** @import {Raster} from "./stamp.js" */

/**
 * @param {Raster} raster
 * @param {{x: Float32Array, y: Float32Array}} dots where they were drawn
 * @param {number} x pixels of the raster
 * @param {number} y
 * @param {number} reach pixels from the place to the middle of a dot
 * @returns {{row: number, distance: number} | null}
 */
export function pick({ width, height, ids }, dots, x, y, reach) {
  const [column, line] = [Math.floor(x), Math.floor(y)]
  const far = (/** @type {number} */ row) => Math.hypot(dots.x[row] - x, dots.y[row] - y)
  if (column < 0 || line < 0 || column >= width || line >= height) return null
  const under = ids[line * width + column]
  if (under >= 0) return { row: under, distance: far(under) }
  const [left, right] = [Math.max(0, Math.floor(x - reach)), Math.min(width - 1, Math.ceil(x + reach))]
  const [top, bottom] = [Math.max(0, Math.floor(y - reach)), Math.min(height - 1, Math.ceil(y + reach))]
  let best = reach
  let found = -1
  for (let v = top; v <= bottom; v++)
    for (let u = left; u <= right; u++) {
      const row = ids[v * width + u]
      if (row < 0 || row === found) continue
      const distance = far(row)
      if (distance < best || (distance === best && row < found)) [best, found] = [distance, row]
    }
  return found < 0 ? null : { row: found, distance: best }
}
